//! A command for a room's messages: understood and done.

use std::sync::Arc;

use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::TalkDone;

use super::{doing::Doing, entering::Held, line::Run, phone::Phone};
use crate::{parse, problem::Refused, wire};

/// What became of it.
pub(super) type Said = Result<TalkDone, Refused>;

/// Whether the room is closed on the socket for it, so that the phone asks again for this and all after it.
pub(super) fn ends_the_room(said: Option<&Said>) -> bool {
    matches!(said, Some(Err(Refused::Fenced)))
}

/// Whether a command is for the messages and not for the log.
pub(super) fn is_for_messages(command: &wire::Command) -> bool {
    parse::talk(command).is_some()
}

/// Begins to do a command.
pub(super) fn begin(phone: &Phone, live: &Arc<LiveRoom>, held: &Held, command: &wire::Command) -> Run<Said> {
    let command = match parse::talk(command) {
        Some(Ok(command)) => command,
        Some(Err(invalid)) => return Run::Answered(Err(Refused::Invalid(invalid))),
        None => return Run::Answered(Err(Refused::Internal)),
    };
    let terms = held.terms(phone.viewer.user);
    let (app, live) = (Arc::clone(&phone.app), Arc::clone(live));
    Run::Doing(Doing::new(async move { app.execute_talk(&live, terms, &command).await }))
}
