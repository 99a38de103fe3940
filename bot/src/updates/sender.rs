//! Who wrote, as far as Telegram says.

use sovpalo_domain::{ids::UserId, room::Profile};
use sovpalo_storage::db::{DbError, Person, User as KnownUser};
use teloxide::types::{Message, User};

use super::Desk;
use crate::html::line;

/// Nobody needs more of a name than this.
const LONGEST_NAME: usize = 64;

/// Who stands behind a message.
pub(super) enum Sender<'a> {
    /// A person.
    Person(&'a User),
    /// An administrator who hides, or a channel: a person whom we cannot know.
    Hidden,
    /// A bot, or nobody: not to be answered.
    Nobody,
}

/// Tells who stands behind a message.
pub(super) fn of(message: &Message) -> Sender<'_> {
    if message.sender_chat.is_some() {
        return Sender::Hidden;
    }
    match &message.from {
        Some(user) if !user.is_bot && !user.is_telegram() => Sender::Person(user),
        _ => Sender::Nobody,
    }
}

/// Telegram's user as ours; `None` for a number that Telegram promised never to give.
pub(super) fn person(user: &User) -> Option<Person> {
    let id = UserId::new(i64::try_from(user.id.0).ok()?).ok()?;
    Some(Person {
        id,
        first_name: line(&user.first_name, LONGEST_NAME),
        last_name: user.last_name.as_deref().map(|name| line(name, LONGEST_NAME)),
        username: user.username.clone(),
        photo_url: None,
    })
}

/// How somebody is shown in a room.
pub(super) fn profile(user: &KnownUser) -> Profile {
    Profile { name: user.person.first_name.clone(), photo_url: user.person.photo_url.clone() }
}

impl Desk {
    /// Remembers somebody who does something here.
    pub(super) async fn see(&self, user: &User) -> Result<Option<KnownUser>, DbError> {
        let Some(person) = person(user) else { return Ok(None) };
        self.db().see_user(&person, user.language_code.as_deref(), self.now()).await.map(Some)
    }
}
