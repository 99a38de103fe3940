//! Sharing a match into a chat, as a message that the bot has Telegram keep for the member who shares it.
//!
//! What it says is the bot's business, which the server does not know: whoever puts both together implements [`Sharing`].

use std::{pin::Pin, sync::Arc};

use sovpalo_domain::{
    ids::{TitleId, UserId},
    language::Language,
};
use sovpalo_live::rooms::LiveRoom;

/// The id of a message on its way to being kept; `None`: Telegram does not take it now.
pub type Preparing<'a> = Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;

/// What is to be shared, and by whom.
pub struct MatchToShare {
    /// The room that it happened in.
    pub room: Arc<LiveRoom>,
    /// What matched.
    pub title: TitleId,
    /// Who shares it; nobody else can send the message.
    pub member: UserId,
    /// In which language.
    pub language: Language,
}

/// Has Telegram keep messages for people to share.
pub trait Sharing: Send + Sync {
    /// Has one kept. Answers within seconds, whatever Telegram does.
    fn prepare(&self, found: MatchToShare) -> Preparing<'_>;
}
