//! Making a room, and what holds for a new one wherever it is made: in the Mini App or by the bot.

use std::sync::Arc;

use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use sovpalo_domain::{
    ids::{Epoch, RoomCode, UserId},
    language::Language,
    room::{Access, Created, Entry, Event, PeopleEvent, Profile, Refusal, Room, RoomName, Settings},
};

use super::{ATTEMPTS, LiveRoom, RoomError, Rooms, pause};
use crate::hot::{Appended, HotError};

static_loader! {
    static LOCALES = {
        locales: "../../locales",
        fallback_language: "en",
    };
}

static EN: LanguageIdentifier = langid!("en");
static RU: LanguageIdentifier = langid!("ru");

/// What a room is called that nobody named.
pub fn usual_name(language: Language) -> RoomName {
    let language = match language {
        Language::En => &EN,
        Language::Ru => &RU,
    };
    RoomName::new(&LOCALES.lookup(language, "room-usual-name"))
        .unwrap_or_else(|_| unreachable!("a test reads it in every language"))
}

impl Rooms {
    /// Makes a room with a fresh code that anybody may join who knows it; its host is its first member.
    pub async fn create(
        &self,
        host: UserId,
        profile: Profile,
        settings: Settings,
    ) -> Result<Arc<LiveRoom>, RoomError> {
        self.create_with(host, &profile, &settings, &Access::default()).await
    }

    /// The same with something else to let people in by.
    pub async fn create_with(
        &self,
        host: UserId,
        profile: &Profile,
        settings: &Settings,
        access: &Access,
    ) -> Result<Arc<LiveRoom>, RoomError> {
        loop {
            let (code, seed) = (RoomCode::from_bits(rand::random()), rand::random());
            if let Some(made) = self.create_at(code, seed, host, profile, settings, access).await? {
                return Ok(made);
            }
        }
    }

    /// Makes a room with this code, drawn at random or from what makes two requests one, whose cards are shuffled by this seed. `None`:
    /// there is or was a room of that code.
    pub async fn create_at(
        &self,
        code: RoomCode,
        seed: u64,
        host: UserId,
        profile: &Profile,
        settings: &Settings,
        access: &Access,
    ) -> Result<Option<Arc<LiveRoom>>, RoomError> {
        settings.check()?;
        access.check().map_err(|invalid| Refusal::Invalid(vec![invalid]))?;
        // A log may have expired: SQL knows every code that ever was.
        if self.db().projected(code).await?.is_some() {
            return Ok(None);
        }
        let epoch = Epoch::from_bits(rand::random());
        let created = Created { code, epoch, host, seed, settings: settings.clone() };
        let joined = Event::People(PeopleEvent::Joined { member: host, profile: profile.clone() });
        let mut events = vec![Event::Created(Box::new(created)), joined];
        events.extend(Room::people_again(access.clone(), []));
        let entries = self.entries(events);
        let listening = self.hot().listen(code).await?;
        if !self.begin(code, epoch, &entries).await? {
            return Ok(None);
        }
        // Held from the first moment on, so that it is there also if the log is lost in the next.
        let cell = Arc::clone(&self.shared.loaded.entry(code).or_default());
        let made = cell.get_or_try_init(async || self.live(code, entries.clone(), listening).await).await;
        made.cloned().map(Some)
    }

    /// Appends the beginning of a log where there is none. `false`: there is one.
    async fn begin(&self, code: RoomCode, epoch: Epoch, entries: &[Entry]) -> Result<bool, RoomError> {
        for _ in 0..ATTEMPTS {
            match self.hot().append(code, None, entries, true).await? {
                Appended::At(_) => return Ok(true),
                // The answer to an append may be lost and the engine ask again: then the log that is there is this one.
                Appended::Conflict(Some(found)) if found.epoch == epoch => return Ok(true),
                Appended::Conflict(_) | Appended::Fenced => return Ok(false),
                // A twin of this request may have made it on another node, which is about to put it back.
                Appended::NotYet(wait) => pause(wait).await,
            }
        }
        Err(HotError::busy("the hot layer is recovering").into())
    }
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
