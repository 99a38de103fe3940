//! Matches, told to a group: those of all its rooms that wait, in one message.

use sovpalo_storage::{
    db::{Lease, Notice, Place, Sending},
    rooms::RoomError,
};

use super::{
    Outbox, Told,
    news::{News, rooms_of, title_of},
};
use crate::{
    cards::{language_of, maker},
    failure::Failure,
    outgoing::{Address, Permit},
    texts::{number, say, say_with},
    updates::Trouble,
};

impl Outbox {
    pub(super) async fn tell_chat(&self, notice: &Notice, chat: i64, lease: Lease) -> Result<Told, Trouble> {
        let _telling = self.telling.of(chat).await;
        if !self.db().notice_waits(notice.id).await? {
            return Ok(Told::Done);
        }
        // Before it is known what there is to tell, so that the message tells all of it.
        let permit = self.desk.outgoing.permit(chat, Sending::Match).await?;
        let waiting = self.db().matches_for_chat(chat, lease).await?;
        match self.tell_chat_of(&waiting, chat, permit).await {
            Ok(()) => {
                self.told(&waiting).await;
                Ok(Told::Done)
            }
            Err(trouble) => {
                self.put_back(&waiting, trouble.retry_after().unwrap_or_default()).await;
                Err(trouble)
            }
        }
    }

    async fn tell_chat_of(&self, waiting: &[Notice], chat: i64, permit: Permit) -> Result<(), Trouble> {
        let mut rooms = Vec::new();
        for notice in waiting {
            match self.desk.rooms.open(notice.room).await {
                Ok(live) => rooms.push((live, notice)),
                Err(RoomError::NotFound | RoomError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let Some((first, _)) = rooms.first() else { return Ok(()) };
        let language = language_of(self.db(), first.read(maker)).await?;
        let catalogue = self.desk.titles.current();
        let news = News { catalogue: &catalogue, links: &self.desk.links, language };
        let items: Vec<_> = rooms
            .iter()
            .filter_map(|(live, notice)| {
                let title = title_of(notice)?;
                Some(live.read(|room| news.item(room, title)))
            })
            .collect();
        let named = rooms_of(&items);
        let card = match named.as_slice() {
            [(room, _)] => {
                let cards = self.db().cards(*room).await?;
                cards
                    .into_iter()
                    .map(|card| card.place)
                    .find(|place| is_in(place, chat))
                    .map(|place| (*room, place))
            }
            _ => None,
        };
        let to = match &card {
            Some((_, Place::Chat { thread, message, .. })) => {
                Address { chat, thread: *thread, reply_to: *message }
            }
            // Several rooms; or the card was deleted since, or the group has moved, which Telegram says.
            _ => Address::chat(chat),
        };
        let heading = match items.len() {
            1 => say(language, "bot-match"),
            count => say_with(language, "bot-match-several", [("count", number(count))]),
        };
        match self.send(to, &news.message(&heading, &items), permit).await {
            Ok(()) => Ok(()),
            Err(Failure::Forbidden | Failure::Gone) => {
                if let Some((room, place)) = &card {
                    self.db().drop_card(*room, place).await?;
                }
                Ok(())
            }
            Err(failure) => Err(failure.into()),
        }
    }
}

fn is_in(place: &Place, here: i64) -> bool {
    matches!(place, Place::Chat { chat, .. } if *chat == here)
}
