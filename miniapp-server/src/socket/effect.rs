//! Whether an event is what a command asked for.
//!
//! The seq in an `ack` stands for an event that its socket is not sent. Where the room already was as the command wants,
//! the seq is that of the last event, which may be somebody else's and must be sent.

use sovpalo_domain::{
    ids::UserId,
    room::{Command, Event},
};

/// Whether `event` is what `command` of `actor` becomes. Two devices of one person may ask for the same: the one event
/// then answers both.
pub(super) fn is_effect(actor: UserId, command: &Command, event: &Event) -> bool {
    match (command, event) {
        (Command::Join(_), Event::Joined { member, .. })
        | (Command::Select(_), Event::Selected { member, .. })
        | (Command::Leave, Event::Left { member })
        | (Command::Away { .. }, Event::Away { member })
        | (Command::Back, Event::Back { member }) => *member == actor,
        (Command::Ready(wanted), Event::Ready { member, ready }) => *member == actor && ready == wanted,
        (Command::Pick(wanted), Event::Picked { member, title, .. })
        | (Command::Unpick(wanted), Event::Unpicked { member, title }) => {
            *member == actor && *title == wanted.id()
        }
        // Only the host may, and there is one.
        (Command::Configure(_), Event::Configured(_))
        | (Command::Start, Event::Started { .. })
        | (Command::Finish, Event::Finished) => true,
        (Command::Swipe { title: wanted, verdict: opinion }, Event::Swiped { member, title, verdict }) => {
            *member == actor && title == wanted && verdict == opinion
        }
        (Command::Undo { title: wanted }, Event::Undone { member, title }) => {
            *member == actor && title == wanted
        }
        (Command::Restart { round: wanted, .. }, Event::Restarted { round }) => round == wanted,
        (Command::Remove { member: wanted }, Event::Removed { member }) => member == wanted,
        _ => false,
    }
}
