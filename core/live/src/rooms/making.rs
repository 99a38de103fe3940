//! What holds for a new room, wherever it is made: in the Mini App or by the bot.

use std::time::Duration;

use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use sovpalo_domain::{ids::UserId, language::Language, room::RoomName};

use crate::hot::{Hot, HotError, Quota, Spent};

/// So many rooms one person makes, by whatever way.
pub const ROOMS_PER_PERSON: Quota = Quota { uses: 10, per: Duration::from_secs(3600) };

static_loader! {
    static LOCALES = {
        locales: "../../locales",
        fallback_language: "en",
    };
}

static EN: LanguageIdentifier = langid!("en");
static RU: LanguageIdentifier = langid!("ru");

/// Takes one of somebody's [`ROOMS_PER_PERSON`].
pub async fn spend_room(hot: &dyn Hot, person: UserId) -> Result<Spent, HotError> {
    hot.spend(&format!("rooms:u{person}"), ROOMS_PER_PERSON).await
}

/// What a room is called that nobody named.
pub fn usual_name(language: Language) -> RoomName {
    let language = match language {
        Language::En => &EN,
        Language::Ru => &RU,
    };
    RoomName::new(&LOCALES.lookup(language, "room-usual-name"))
        .unwrap_or_else(|_| unreachable!("a test reads it in every language"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_that_nobody_named_has_a_name_in_every_language() {
        assert_eq!(usual_name(Language::En).as_str(), "Movie night");
        assert_eq!(usual_name(Language::Ru).as_str(), "Киновечер");
    }
}
