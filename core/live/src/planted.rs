//! Bugs to be planted, so that the checker of histories can show that it finds them. Never in a build for people.

use sovpalo_domain::room::{Command, WatchingCommand};

/// Whether `SOVPALO_PLANT` names this one, among others perhaps, with commas between.
pub(crate) fn is(bug: &str) -> bool {
    std::env::var("SOVPALO_PLANT").is_ok_and(|planted| planted.split(',').any(|planted| planted == bug))
}

/// With `any-screen`, a command is done whichever screen it means: one that is sent again rewinds those who have gone on since.
pub(crate) fn of_any_screen(command: &Command) -> Option<Command> {
    match command {
        Command::Watching(command) if is("any-screen") => {
            Some(WatchingCommand { rev: None, ..command.clone() }.into())
        }
        _ => None,
    }
}
