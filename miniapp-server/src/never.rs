//! What a room never deals again: asked of SQL before a round is dealt, and before the room's turn, so that no look-up waits under it.

use sovpalo_domain::{
    ids::{TitleId, UserId},
    room::{Command, SwipingCommand},
};
use sovpalo_live::rooms::LiveRoom;

use crate::App;

impl App {
    /// The same command, but for the titles that the room never deals, where it deals cards.
    pub(crate) async fn without_never_dealt(
        &self,
        live: &LiveRoom,
        actor: UserId,
        command: Command,
    ) -> Command {
        match command {
            Command::Swiping(command @ SwipingCommand::Restart { final_round: true, .. }) => {
                let titles = Box::pin(self.never_dealt_to(live, actor)).await;
                Command::Swiping(without(titles, command))
            }
            other => other,
        }
    }

    /// The titles that the room never deals, where this person may deal. While the database is away the evening begins nevertheless, with
    /// whatever is in the decks.
    pub(crate) async fn never_dealt_to(&self, live: &LiveRoom, actor: UserId) -> Vec<TitleId> {
        // Only the host deals, so that nobody else has SQL asked.
        if !live.read(|room| room.host() == actor) {
            return Vec::new();
        }
        match self.database.ask(self.db().never_dealt(live.code())).await {
            Ok(never) => never.into_iter().map(|(title, _)| title).collect(),
            Err(error) => {
                tracing::warn!(%error, room = %live.code(), "a round is dealt without asking what is never dealt");
                Vec::new()
            }
        }
    }
}

/// The same command, but for these titles.
pub(crate) fn without(titles: Vec<TitleId>, command: SwipingCommand) -> SwipingCommand {
    if titles.is_empty() { command } else { SwipingCommand::Without(titles, Box::new(command)) }
}
