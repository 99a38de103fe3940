//! Private messages to somebody who was nudged: the others have swiped, and wait.
//!
//! Bounded as news of matches are: what one may be written is counted with them, and everything is asked again when it is sent. It is sent
//! only to who still has cards to swipe and has no phone in the room; who has one sees the nudge there.

use std::time::Duration;

use sovpalo_domain::{
    ids::{RoomCode, Round, UserId},
    language::Language,
    room::{PhaseName, Room},
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::{
    PrivateTurn, Sending,
    work::{Outcome, Work as _},
};

use super::Outbox;
use crate::{
    failure::Failure,
    html::{TITLE, person, shown},
    mute,
    outgoing::{Address, Message},
    texts::{Value, number, say, say_with},
    updates::Trouble,
};

/// A nudge that could not be sent for so long is not sent any more: the evening has gone on.
pub(crate) const NUDGE_KEPT: Duration = Duration::from_secs(15 * 60);

impl Outbox {
    pub(super) async fn nudge_member(
        &self,
        code: RoomCode,
        round: Round,
        member: UserId,
    ) -> Result<Outcome, Trouble> {
        let live = self.handler.rooms.open(code).await?;
        if !self.is_waited_for(&live, round, member).await? {
            return Ok(Outcome::Done);
        }
        let now = self.handler.now();
        let (turn, is_last) = match self.db().private_turn(code, member, now).await? {
            PrivateTurn::Now { turn, is_last } => (turn, is_last),
            PrivateTurn::Later(at) => return Ok(Outcome::Again(at.since(now))),
            PrivateTurn::Spent | PrivateTurn::Unwanted => return Ok(Outcome::Done),
        };
        let outcome = self.write_nudge(&live, round, member, is_last).await;
        if !matches!(outcome, Ok(true)) {
            self.db().give_back_turn(turn).await?;
        }
        outcome.map(|_| Outcome::Done)
    }

    /// Whether the others still wait for them, and they do not see so themselves.
    async fn is_waited_for(&self, live: &LiveRoom, round: Round, member: UserId) -> Result<bool, Trouble> {
        let now = self.handler.now();
        let waits = |room: &Room| {
            let is_fresh = room.nudge_of(member).is_some_and(|nudge| now.since(nudge.at) < NUDGE_KEPT);
            is_fresh
                && room.round() == round
                && room.phase() == PhaseName::Swiping
                && room.has_member(member)
                && !room.is_done(member)
        };
        if !live.read(waits) {
            return Ok(false);
        }
        let presence = self.handler.rooms.hot().presence(live.code()).await?;
        Ok(!presence.iter().any(|present| present.member == member && present.online))
    }

    /// Whether anything was written.
    async fn write_nudge(
        &self,
        live: &LiveRoom,
        round: Round,
        member: UserId,
        is_last: bool,
    ) -> Result<bool, Trouble> {
        let slot = self.slot().await;
        let Some(user) = self.db().user(member).await? else { return Ok(false) };
        // Others were written to meanwhile.
        if !self.is_waited_for(live, round, member).await? {
            return Ok(false);
        }
        let message = live.read(|room| self.nudge(room, member, user.language, is_last));
        let permit = self.handler.outgoing.permit(member.get(), Sending::Change).await?;
        match self.send(slot, Address::chat(member.get()), &message, permit).await {
            Ok(()) => Ok(true),
            // They never started the bot, or blocked it. That is their right.
            Err(Failure::Forbidden | Failure::Gone) => {
                self.db().allow_writes(member, false, self.handler.now()).await?;
                Ok(false)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn nudge(&self, room: &Room, member: UserId, language: Language, is_last: bool) -> Message {
        let by = room.nudge_of(member).and_then(|nudge| room.member(nudge.by));
        let name = person(by.map_or("", |by| by.profile.name.as_str()), language);
        let left = room.deck().len().saturating_sub(room.swiped(member));
        let mut html = say_with(
            language,
            "bot-nudge",
            [
                ("name", Value::from(name)),
                ("room", Value::from(shown(room.settings().name.as_str(), TITLE))),
                ("count", number(left)),
            ],
        );
        if is_last {
            html.push_str("\n\n");
            html.push_str(&say(language, "bot-match-last-today"));
        }
        Message::text(html)
            .link(say(language, "bot-button-room"), self.handler.links.room(room.code()))
            .button(mute::button(room.code(), false, language))
    }
}
