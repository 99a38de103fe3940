//! Matches, told to a group: those of all its rooms that wait, in one message.
//!
//! Who has the chat's turn takes all matches that wait for it, also those of other bots, and tells them together. A room that cannot be
//! read now keeps its own waiting, and nobody else's.

use std::sync::Arc;

use sovpalo_domain::ids::RoomCode;
use sovpalo_live::rooms::{LiveRoom, RoomError};
use sovpalo_storage::{
    Kind, Lease, Notice, Place, Sending,
    backoff::Backoff,
    work::{Outcome, Work as _},
};

use super::{
    LOOK_AGAIN, Outbox,
    news::{News, rooms_of, title_of},
    trouble::LONGEST_WAIT,
};
use crate::{
    cards::{language_of, maker},
    failure::Failure,
    outgoing::{Address, Message, Permit},
    texts::{number, say, say_with},
    updates::Trouble,
};

/// What there is to tell a chat.
#[derive(Default)]
struct Waiting {
    /// Matches with their rooms.
    readable: Vec<(Arc<LiveRoom>, Notice)>,
    /// Those whose rooms are gone.
    gone: Vec<Notice>,
}

impl Waiting {
    fn notices(&self) -> Vec<Notice> {
        self.readable.iter().map(|(_, notice)| notice).chain(&self.gone).cloned().collect()
    }
}

impl Outbox {
    pub(super) async fn notify_chat(
        &self,
        notice: &Notice,
        chat: i64,
        lease: Lease,
    ) -> Result<Outcome, Trouble> {
        let _telling = self.telling.of(chat).await;
        if !self.db().jobs(Kind::Notice).waits(notice.id).await? {
            return Ok(Outcome::Done);
        }
        // Looked at before a turn is taken: it would be lost.
        match self.handler.rooms.open(notice.room).await {
            Ok(_) => {}
            Err(RoomError::NotFound | RoomError::Refused(_)) => return Ok(Outcome::Done),
            Err(error) => return Err(error.into()),
        }
        // Before it is known what there is to tell, so that the message tells all of it.
        let permit = self.handler.outgoing.permit(chat, Sending::Match).await?;
        let taken = self.db().matches_for_chat(chat, lease).await?;
        let waiting = self.readable(taken).await;
        let notices = waiting.notices();
        match self.notify_chat_of(&waiting, chat, permit).await {
            Ok(()) => {
                self.delivered(&notices).await;
                let is_delivered = notices.iter().any(|delivered| delivered.id == notice.id);
                // Else another bot has it, or its room has just become one that cannot be read.
                Ok(if is_delivered { Outcome::Done } else { Outcome::Again(LOOK_AGAIN) })
            }
            Err(failure) => {
                let wait = failure.retry_after().unwrap_or_default();
                self.put_back(&notices, wait).await;
                Err(failure)
            }
        }
    }

    /// Those whose rooms can be read now; the others go back.
    async fn readable(&self, taken: Vec<Notice>) -> Waiting {
        let mut waiting = Waiting::default();
        for notice in taken {
            match self.handler.rooms.open(notice.room).await {
                Ok(live) => waiting.readable.push((live, notice)),
                Err(RoomError::NotFound | RoomError::Refused(_)) => waiting.gone.push(notice),
                Err(error) => {
                    tracing::debug!(%error, room = %notice.room, "a match waits for its room");
                    let wait = Backoff::after(notice.attempts, LONGEST_WAIT);
                    self.put_back(std::slice::from_ref(&notice), wait).await;
                }
            }
        }
        waiting
    }

    async fn notify_chat_of(&self, waiting: &Waiting, chat: i64, permit: Permit) -> Result<(), Trouble> {
        let Some((first, _)) = waiting.readable.first() else { return Ok(()) };
        let language = language_of(self.db(), first.read(maker)).await?;
        let catalogue = self.handler.titles.current();
        let news = News { catalogue: &catalogue, links: &self.handler.links, language };
        let items: Vec<_> = waiting
            .readable
            .iter()
            .filter_map(|(live, notice)| {
                let title = title_of(notice)?;
                Some(live.read(|room| news.item(room, title)))
            })
            .collect();
        let rooms = rooms_of(&items);
        let cards = self.cards_in(chat, waiting).await?;
        let heading = match items.len() {
            1 => say(language, "bot-match"),
            count => say_with(language, "bot-match-several", [("count", number(count))]),
        };
        let message: Message = news.message(&heading, &items);
        let slot = self.slot().await;
        match self.send(slot, address(chat, rooms.len(), &cards), &message, permit).await {
            Ok(()) => Ok(()),
            // The bot may not write there any more, or the chat is gone.
            Err(Failure::Forbidden | Failure::Gone) => {
                for (room, place) in &cards {
                    self.db().drop_card(*room, place).await?;
                }
                Ok(())
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// The cards that the rooms have in the chat.
    async fn cards_in(&self, chat: i64, waiting: &Waiting) -> Result<Vec<(RoomCode, Place)>, Trouble> {
        let mut found: Vec<(_, Place)> = Vec::new();
        for (live, _) in &waiting.readable {
            let room = live.code();
            if found.iter().any(|(known, _)| *known == room) {
                continue;
            }
            let cards = self.db().cards(room).await?;
            let here = cards.into_iter().map(|card| card.place).find(|place| is_in(place, chat));
            found.extend(here.map(|place| (room, place)));
        }
        Ok(found)
    }
}

/// Below the card of the one room that it is about; else in the topic where all their cards are. Without a card the chat as such: it was
/// deleted since, or the group has moved, which Telegram says.
fn address(chat: i64, rooms: usize, cards: &[(RoomCode, Place)]) -> Address {
    let threads: Vec<_> = cards.iter().map(|(_, place)| thread_of(place)).collect();
    let reply_to = match cards {
        [(_, Place::Chat { message, .. })] if rooms == 1 => *message,
        _ => None,
    };
    let together = threads.iter().all(|thread| Some(thread) == threads.first());
    let thread = if together { threads.first().copied().flatten() } else { None };
    Address { chat, thread, reply_to }
}

fn thread_of(place: &Place) -> Option<i32> {
    match place {
        Place::Chat { thread, .. } => *thread,
        Place::Inline { .. } => None,
    }
}

fn is_in(place: &Place, here: i64) -> bool {
    matches!(place, Place::Chat { chat, .. } if *chat == here)
}
