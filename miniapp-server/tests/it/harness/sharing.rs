//! In place of the bot: a message's id says what it is to be about.

use sovpalo_server::{MatchToShare, Preparing, Sharing};

/// Answers with what was to be shared; and with nothing for the catalogue's ninth title, as if Telegram were away.
pub(super) struct Repeating;

impl Sharing for Repeating {
    fn prepare(&self, found: MatchToShare) -> Preparing<'_> {
        let MatchToShare { room, title, member, language } = found;
        let id = format!("{} {title} {member} {}", room.code(), language.tag());
        Box::pin(async move { (title.as_str() != "c9").then_some(id) })
    }
}
