//! Where the server's sharing meets the bot's words.

use sovpalo_server::{MatchToShare, Preparing};

/// Messages that members share from the Mini App.
pub(crate) struct Sharing(pub(crate) sovpalo_bot::Sharing);

impl sovpalo_server::Sharing for Sharing {
    fn prepare(&self, found: MatchToShare) -> Preparing<'_> {
        Box::pin(async move {
            let MatchToShare { room, title, member, language } = found;
            self.0.prepare_match(&room, &title, member, language).await
        })
    }
}
