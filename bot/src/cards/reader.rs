//! Who reads a card, and so its language.

use sovpalo_domain::{ids::UserId, language::Language, room::Room};
use sovpalo_storage::{Db, DbError};

/// The user who created the room: its first member. The card is written in their language.
pub(crate) fn maker(room: &Room) -> Option<UserId> {
    room.members().first().map(|member| member.id)
}

/// The language of somebody, or English for who is not known (any more).
pub(crate) async fn language_of(db: &Db, reader: Option<UserId>) -> Result<Language, DbError> {
    let user = match reader {
        Some(reader) => db.user(reader).await?,
        None => None,
    };
    Ok(user.map_or(Language::En, |user| user.language))
}
