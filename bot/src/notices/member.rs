//! Private messages about matches.
//!
//! The bot writes to somebody because of what others do, so all of it is bounded, and everything is asked again when it is
//! sent: whether they still are in the room, still want to hear of it, and how much they were written to. One message per room at a time:
//! matches that come meanwhile are folded into the next one. Each has a button that ends them for this room.

use sovpalo_domain::{
    ids::{RoomCode, TitleId, UserId},
    language::Language,
    room::Room,
};
use sovpalo_storage::{
    Kind, PendingMatch, PrivateTurn, Sending,
    work::{Outcome, Work as _},
};

use super::{Outbox, news::News};
use crate::{
    failure::Failure,
    html::{TITLE, shown},
    mute,
    outgoing::{Address, Message},
    texts::{Value, number, say, say_with},
    updates::Trouble,
};

impl Outbox {
    pub(super) async fn notify_member(&self, room: RoomCode, member: UserId) -> Result<Outcome, Trouble> {
        let live = self.handler.rooms.open(room).await?;
        if !live.read(|room| room.has_member(member)) {
            self.db().drop_matches_of(room, member).await?;
            return Ok(Outcome::Done);
        }
        let now = self.handler.now();
        let (turn, is_last) = match self.db().private_turn(room, member, now).await? {
            PrivateTurn::Now { turn, is_last } => (turn, is_last),
            PrivateTurn::Later(at) => return Ok(Outcome::Again(at.since(now))),
            PrivateTurn::Spent | PrivateTurn::Unwanted => {
                self.db().drop_matches_of(room, member).await?;
                return Ok(Outcome::Done);
            }
        };
        let outcome = self.write_to_member(room, member, is_last).await;
        if !matches!(outcome, Ok(true)) {
            self.db().give_back_turn(turn).await?;
        }
        outcome.map(|_| Outcome::Done)
    }

    /// Whether anything was written.
    async fn write_to_member(&self, room: RoomCode, member: UserId, is_last: bool) -> Result<bool, Trouble> {
        // Whatever is asked from here on holds for when it is sent: who leaves or mutes the room, or turns messages off, while others are being
        // written to is written to no more.
        let slot = self.slot().await;
        let Some(user) = self.db().user(member).await? else { return Ok(false) };
        let pending = self.db().pending_matches(room, member).await?;
        // Dropped since it was taken.
        if pending.is_empty() {
            return Ok(false);
        }
        let live = self.handler.rooms.open(room).await?;
        if !live.read(|room| room.has_member(member)) {
            self.db().drop_matches_of(room, member).await?;
            return Ok(false);
        }
        let titles: Vec<&TitleId> = pending.iter().map(|pending| &pending.title).collect();
        let message = live.read(|room| self.private_news(room, &titles, user.language, is_last));
        let permit = self.handler.outgoing.permit(member.get(), Sending::Match).await?;
        match self.send(slot, Address::chat(member.get()), &message, permit).await {
            Ok(()) => {
                let delivered: Vec<i64> = pending.iter().map(|PendingMatch { notice, .. }| *notice).collect();
                self.db().jobs(Kind::Notice).done(&delivered).await?;
                Ok(true)
            }
            // They never started the bot, or blocked it. That is their right.
            Err(Failure::Forbidden | Failure::Gone) => {
                self.db().allow_writes(member, false, self.handler.now()).await?;
                Ok(false)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn private_news(&self, room: &Room, titles: &[&TitleId], language: Language, is_last: bool) -> Message {
        let catalogue = self.handler.titles.current();
        let news = News { catalogue: &catalogue, links: &self.handler.links, language };
        let items: Vec<_> = titles.iter().map(|title| news.item(room, title)).collect();
        let name = Value::from(shown(room.settings().name.as_str(), TITLE));
        let heading = match items.len() {
            1 => say_with(language, "bot-match-in-room", [("room", name)]),
            count => say_with(language, "bot-matches-in-room", [("count", number(count)), ("room", name)]),
        };
        let mut message = news.message(&heading, &items);
        if is_last {
            message.html.push_str("\n\n");
            message.html.push_str(&say(language, "bot-match-last-today"));
        }
        message.button(mute::button(room.code(), false, language))
    }
}
