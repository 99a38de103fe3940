//! How a command is done, whichever way it came: on a phone's socket or by HTTP.
//!
//! Promises: what was asked for on a connection that a newer one of its device has fenced off is not done, nor what was to be done by a
//! time that has passed. Both ways come through here, so that neither can forget it.

use std::time::Duration;

use sovpalo_domain::{
    ids::{Timestamp, UserId},
    room::{self, Invalid, PasswordHash, Refusal},
    talk::TalkCommand,
};
use sovpalo_live::{
    hot::FencingToken,
    rooms::{self, Done, LiveRoom, RoomError},
};
use sovpalo_storage::TalkDone;

use crate::{
    App,
    limits::Allowance,
    parse::{self, Parser},
    problem::Refused,
    round_trips, wire,
};

/// Who asks, and on which terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) user: UserId,
    /// The connection of a device that it was asked for on; `None`: the device did not name itself.
    pub(crate) fence: Option<FencingToken>,
    /// Later than this it is not done any more.
    pub(crate) until: Option<Timestamp>,
    /// For so long it is tried again while it is unknown whether it was done.
    pub(crate) patience: Duration,
}

impl App {
    /// Reads a command of somebody, as the room stands. A password in it becomes its hash here, and goes no further. A command that
    /// deals cards gets the titles that are never dealt.
    pub(crate) async fn read_command(
        &self,
        live: &LiveRoom,
        user: UserId,
        command: wire::Command,
    ) -> Result<room::Command, Refused> {
        let hash = self.hash_in(live, user, &command).await?;
        let strangers = self.strangers_in(&command);
        if !strangers.is_empty() {
            Box::pin(self.keep_for(live, user, strangers)).await?;
        }
        match command {
            // Both may look through all titles: the room is not held meanwhile.
            wire::Command::Configure(change) => {
                let deck = change.deck.as_ref().and_then(Option::as_ref);
                // Anybody else is refused by the room, and has nobody asked.
                let deck = deck.filter(|_| live.read(|room| room.host() == user));
                Box::pin(self.refuse_an_empty_deck(deck, user)).await?;
                parse::configure(&self.titles.current(), hash, change).map_err(Refused::Invalid)
            }
            wire::Command::Start => Ok(Box::pin(self.start(live, user)).await),
            command => {
                let command = self.understand(live, hash, |parser| parser.command(command))?;
                Ok(self.without_never_dealt(live, user, command).await)
            }
        }
    }

    /// Reads what somebody asks for, as the room stands. `hash` is of the password that it sets.
    pub(crate) fn understand(
        &self,
        live: &LiveRoom,
        hash: Option<PasswordHash>,
        read: impl FnOnce(Parser<'_>) -> Result<room::Command, Vec<Invalid>>,
    ) -> Result<room::Command, Refused> {
        let catalogue = self.titles.current();
        live.read(|room| read(Parser { catalogue: &catalogue, room, hash })).map_err(Refused::Invalid)
    }

    /// Does a command of the room's log. The fence is compared in the same step as the append.
    pub(crate) async fn execute(
        &self,
        live: &LiveRoom,
        terms: Terms,
        command: &room::Command,
    ) -> Result<Done, RoomError> {
        let waiting = round_trips::with_lead(self.hot(), live.code(), command).await;
        let command = waiting.as_ref().unwrap_or(command);
        let Terms { user, fence, until, patience } = terms;
        self.rooms.execute_on(rooms::Terms { fence, until, patience }, live, user, command).await
    }

    /// Does a command of the room's messages. The fence is compared before SQL is asked and not in the same step: what is under way then
    /// is done, as what was asked for in time and whose answer was lost.
    pub(crate) async fn execute_talk(
        &self,
        live: &LiveRoom,
        terms: Terms,
        command: &TalkCommand,
    ) -> Result<TalkDone, Refused> {
        if let Some(fence) = terms.fence
            && !self.is_newest(live, fence).await?
        {
            return Err(Refused::Fenced);
        }
        let done = self.talk(live, terms.user, command, terms.until).await?;
        if let Some(message) = done.message.as_ref().filter(|_| done.changed) {
            self.feeds.written(live.code(), message.clone(), &self.database, self.db());
        }
        Ok(done)
    }

    /// Whether a connection is its device's newest in a room. One that nobody knows any more is the newest, if it is a member's.
    async fn is_newest(&self, live: &LiveRoom, fence: FencingToken) -> Result<bool, Refused> {
        let newest = match self.hot().holder(live.code(), fence.member, fence.device).await? {
            Some(newest) => newest,
            None if !self.has_member(live, fence.member).await? => return Err(Refusal::NotAMember.into()),
            None => {
                self.limits.user(Allowance::Devices, fence.member).await?;
                self.hot().fence(live.code(), fence).await?
            }
        };
        Ok(newest == fence.socket)
    }
}
