//! A command for a room's messages: understood and done.

use std::sync::Arc;

use sovpalo_domain::talk::TalkCommand;
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::TalkDone;

use super::{devices::Registered, entering::Held, line::Run, phone::Phone};
use crate::{commands::Terms, parse, problem::Refused, wire};

/// What became of it.
pub(super) type Said = Result<TalkDone, Refused>;

/// Whether a command is for the messages and not for the log.
pub(super) fn is_for_messages(command: &wire::Command) -> bool {
    parse::talk(command).is_some()
}

/// Begins to do a command.
pub(super) fn begin(
    phone: &Phone,
    live: &Arc<LiveRoom>,
    (held, registered): (&Held, &Arc<Registered>),
    command: &wire::Command,
) -> Run<Said> {
    let command = match parse::talk(command) {
        Some(Ok(command)) => command,
        Some(Err(invalid)) => return Run::Answered(Err(Refused::Invalid(invalid))),
        None => return Run::Answered(Err(Refused::Internal)),
    };
    let (terms, registered) = (held.terms(phone.viewer.user), Arc::clone(registered));
    Run::Task(tokio::spawn(say(phone.clone(), Arc::clone(live), registered, terms, command)))
}

async fn say(
    phone: Phone,
    live: Arc<LiveRoom>,
    registered: Arc<Registered>,
    terms: Terms,
    command: TalkCommand,
) -> Said {
    // What an older socket asks for is not done any more: it will be asked for on the newer one.
    if registered.superseded.is_cancelled() {
        return Err(Refused::Fenced);
    }
    phone.app.execute_talk(&live, terms, &command).await
}
