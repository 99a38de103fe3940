//! What is looked up before a round starts: which titles fit the room's filter, here and at TMDB, which of its deck somebody there has seen,
//! and which the room never deals.
//!
//! Nothing of it holds the room meanwhile. What people have seen is looked up once for all who are there, so that the answer says of nobody what
//! it was. A database that is away keeps no round from starting: then nothing is left out, and the
//! room says so.

use sovpalo_domain::{
    ids::{TitleId, UserId},
    room::{Command, DeckChoice, Drawing, PhaseName, Room, SwipingCommand},
};
use sovpalo_live::rooms::LiveRoom;

use crate::{App, deck, never};

impl App {
    /// The command that starts a round, with what it needs.
    pub(crate) async fn start(&self, live: &LiveRoom, actor: UserId) -> Command {
        let never = self.never_dealt_to(live, actor).await;
        let drawing = live.read(Room::drawing);
        let filter = drawing.as_ref().and_then(Drawing::filter);
        let discovered = match filter.filter(|_| live.read(|room| room.host() == actor)) {
            Some(filter) => Box::pin(self.discover(filter, actor)).await,
            None => Vec::new(),
        };
        let chosen =
            drawing.and_then(|drawing| deck::chosen(&self.titles.current(), &drawing, discovered, &never));
        let seen = match asked_of(live, actor, chosen.as_ref()) {
            Some((people, titles)) => self.seen_among(live, &people, &titles).await,
            None => Some(Vec::new()),
        };
        let start = if chosen.is_none() && seen.as_ref().is_some_and(Vec::is_empty) {
            SwipingCommand::Start
        } else {
            SwipingCommand::StartWith { chosen, seen }
        };
        Command::Swiping(never::without(never, start))
    }

    async fn seen_among(
        &self,
        live: &LiveRoom,
        people: &[UserId],
        titles: &[TitleId],
    ) -> Option<Vec<TitleId>> {
        match self.database.ask(self.db().seen_among(people, titles)).await {
            Ok(seen) => Some(seen.into_iter().collect()),
            Err(error) => {
                tracing::warn!(%error, room = %live.code(), "a round starts with what people have seen in its deck");
                None
            }
        }
    }
}

/// Whose marks of which titles count; `None`: nothing has to be looked up.
fn asked_of(
    live: &LiveRoom,
    actor: UserId,
    chosen: Option<&DeckChoice>,
) -> Option<(Vec<UserId>, Vec<TitleId>)> {
    live.read(|room| {
        let asks = room.leaves_out_seen() && room.phase() == PhaseName::Lobby && room.host() == actor;
        let deck = chosen.or(room.settings().deck.as_ref()).filter(|_| asks)?;
        let people = room.present_members().map(|member| member.id).collect();
        Some((people, deck.titles.to_vec()))
    })
}
