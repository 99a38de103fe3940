//! A command for a room's messages: understood and done.

use std::sync::Arc;

use sovpalo_domain::talk::TalkCommand;
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::TalkDone;

use super::{devices::Registered, line::Run, phone::Phone};
use crate::{parse, problem::Refused, wire};

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
    registered: &Arc<Registered>,
    command: &wire::Command,
) -> Run<Said> {
    let command = match parse::talk(command) {
        Some(Ok(command)) => command,
        Some(Err(invalid)) => return Run::Answered(Err(Refused::Invalid(invalid))),
        None => return Run::Answered(Err(Refused::Internal)),
    };
    Run::Task(tokio::spawn(say(phone.clone(), Arc::clone(live), Arc::clone(registered), command)))
}

async fn say(phone: Phone, live: Arc<LiveRoom>, registered: Arc<Registered>, command: TalkCommand) -> Said {
    // What an older socket asks for is not done any more: it will be asked for on the newer one.
    if registered.superseded.is_cancelled() {
        return Err(Refused::Fenced);
    }
    let app = &phone.app;
    let done = app.talk(&live, phone.viewer.user, &command, None).await?;
    if let Some(message) = done.message.as_ref().filter(|_| done.changed) {
        app.feeds.written(live.code(), message.clone(), &app.database, app.db());
    }
    Ok(done)
}
