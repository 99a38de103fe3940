//! A command of the log: understood, done, and what is known of it afterwards.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{ids::Position, room};
use sovpalo_live::rooms::{Done, LiveRoom, RoomError};

use super::{doing::Doing, entering::Held, line::Run, phone::Phone};
use crate::{App, commands::Terms, problem::Refused, wire};

/// A hot layer that is away is asked again for so long before the room is closed on the socket and the phone asks instead.
pub(crate) const ASKED_AGAIN_FOR: Duration = Duration::from_secs(8);

/// What became of a command.
pub(super) struct Acted {
    pub(super) outcome: Result<Done, Trouble>,
    /// Where the room stood then: what explains a refusal is up to here.
    pub(super) stood: Position,
    /// Whether it may have changed the actor's next cards.
    pub(super) turns_cards: bool,
}

impl Acted {
    /// Whether the room is closed on the socket for it, so that the phone asks again for this and all after it.
    pub(super) fn ends_the_room(acted: Option<&Self>) -> bool {
        acted.is_none_or(|acted| matches!(acted.outcome, Err(Trouble::Unknown | Trouble::NoSuchRoom)))
    }
}

/// Why it was not done.
pub(super) enum Trouble {
    /// It will not be.
    Refused(Refused),
    /// The room is gone.
    NoSuchRoom,
    /// Whether it was done is unknown, or a newer connection of the device is heard: the phone opens the room again and asks again.
    Unknown,
}

/// Begins to do a command.
pub(super) fn begin(phone: &Phone, live: &Arc<LiveRoom>, held: &Held, command: wire::Command) -> Run<Acted> {
    let turns_cards = turns_cards(&command);
    let user = phone.viewer.user;
    let terms = Terms { patience: ASKED_AGAIN_FOR, ..held.terms(user) };
    let (app, live, held) = (Arc::clone(&phone.app), Arc::clone(live), held.clone());
    Run::Doing(Doing::new(async move {
        let outcome = match app.read_command(&live, user, command).await {
            Ok(command) => execute(&app, &live, terms, &command).await,
            Err(refused) => Err(Trouble::Refused(refused)),
        };
        // Its member is here for as long as it is being done.
        drop(held);
        Acted { outcome, stood: live.position(), turns_cards }
    }))
}

async fn execute(app: &App, live: &LiveRoom, terms: Terms, command: &room::Command) -> Result<Done, Trouble> {
    app.execute(live, terms, command).await.map_err(|error| match error {
        RoomError::NotFound => Trouble::NoSuchRoom,
        RoomError::Refused(refusal) => Trouble::Refused(refusal.into()),
        RoomError::Fenced | RoomError::TooLate | RoomError::Hot(_) | RoomError::Db(_) => {
            tracing::debug!(%error, "a room is closed on a socket: it is unknown whether a command was done");
            Trouble::Unknown
        }
    })
}

fn turns_cards(command: &wire::Command) -> bool {
    match command {
        wire::Command::Swipe { .. }
        | wire::Command::Undo { .. }
        | wire::Command::Start
        | wire::Command::Finish
        | wire::Command::Restart { .. } => true,
        wire::Command::Ready { .. }
        | wire::Command::Pick { .. }
        | wire::Command::Unpick { .. }
        | wire::Command::Configure(_)
        | wire::Command::Extend { .. }
        | wire::Command::Nudge { .. }
        | wire::Command::Remove { .. }
        | wire::Command::LetIn { .. }
        | wire::Command::Role { .. }
        | wire::Command::HandOver { .. }
        | wire::Command::Leave
        | wire::Command::Say { .. }
        | wire::Command::Edit { .. }
        | wire::Command::Unsay { .. }
        | wire::Command::React { .. }
        | wire::Command::Read { .. }
        | wire::Command::Show { .. }
        | wire::Command::Play { .. }
        | wire::Command::Pause { .. }
        | wire::Command::Seek { .. }
        | wire::Command::Rate { .. }
        | wire::Command::Enqueue { .. }
        | wire::Command::Dequeue { .. }
        | wire::Command::Next { .. } => false,
    }
}
