//! Whose socket it is, and how the rest of the node knows it.

use std::sync::Arc;

use sovpalo_domain::{ids::UserId, language::Language};
use sovpalo_live::hot::Device;

use super::{devices::Registered, mailbox::Mailbox};
use crate::App;

/// Who is at the phone.
#[derive(Clone, Copy)]
pub(super) struct Viewer {
    pub(super) user: UserId,
    pub(super) language: Language,
    pub(super) device: Device,
}

/// What everything on a socket needs.
#[derive(Clone)]
pub(super) struct Phone {
    pub(super) app: Arc<App>,
    pub(super) viewer: Viewer,
}

/// How a socket is known to the rest of the node.
#[derive(Clone)]
pub(super) struct Connected {
    pub(super) registered: Arc<Registered>,
    pub(super) mailbox: Arc<Mailbox>,
}
