//! Which socket of a device is heard: the newest, over all nodes.
//!
//! Whoever opens a socket writes its number into the hot layer under the device's name, and tells every node. A node that still holds
//! an older socket of that device compares, and ends it. What such a socket asks for meanwhile is not appended either: the fence of each
//! room sees to that. A node that may have missed a word compares all that it holds.

use std::{sync::Arc, time::Duration};

use dashmap::DashMap;
use futures::{StreamExt, stream};
use sovpalo_domain::ids::UserId;
use sovpalo_live::hot::{Announcement, Device, Hot, HotError, KeyValue, Moved, SocketId};
use tokio_util::sync::CancellationToken;

use super::mailbox::Mailbox;

/// A device that has not been heard of for so long is forgotten by the hot layer. Open sockets say it again long before.
const REMEMBERED: Duration = Duration::from_secs(3600);
/// Devices that are compared with the hot layer at the same time, when something may have been missed.
const AT_ONCE: usize = 64;

/// The sockets of this node, by device.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    open: DashMap<UserId, Vec<OpenSocket>>,
}

#[derive(Debug, Clone)]
struct OpenSocket {
    user: UserId,
    device: Device,
    socket: SocketId,
    mailbox: Arc<Mailbox>,
    superseded: CancellationToken,
}

/// Held by a socket for as long as it is open.
pub(super) struct Registered {
    devices: Arc<Devices>,
    user: UserId,
    device: Device,
    socket: SocketId,
    /// Fires when another socket of the device is heard, and when the session ends.
    pub(super) superseded: CancellationToken,
}

impl Devices {
    /// A new socket. An older one of this node ends now: its `superseded` fires.
    pub(super) fn register(
        self: &Arc<Self>,
        user: UserId,
        device: Device,
        mailbox: Arc<Mailbox>,
        superseded: CancellationToken,
    ) -> Registered {
        let socket = SocketId(rand::random());
        let open = OpenSocket { user, device, socket, mailbox, superseded: superseded.clone() };
        let mut theirs = self.open.entry(user).or_insert_with(|| Vec::with_capacity(1));
        theirs.retain(|older| {
            let stays = older.device != device;
            if !stays {
                older.superseded.cancel();
            }
            stays
        });
        theirs.push(open);
        drop(theirs);
        Registered { devices: Arc::clone(self), user, device, socket, superseded }
    }

    /// A device has opened a socket, here or elsewhere. An older one of this node is compared.
    pub(crate) fn opened(&self, hot: &Arc<dyn Hot>, user: UserId, device: Device, socket: SocketId) {
        let Some(theirs) = self.open.get(&user) else { return };
        let older = theirs.iter().find(|open| open.device == device && open.socket != socket);
        if let Some(open) = older.cloned() {
            let hot = Arc::clone(hot);
            tokio::spawn(async move { open.compare(&*hot).await });
        }
    }

    /// Somebody came into a room, or is in it no more: their sockets are told.
    pub(crate) fn moved(&self, moved: Moved) {
        if let Some(theirs) = self.open.get(&moved.member) {
            theirs.iter().for_each(|open| open.mailbox.moved(moved));
        }
    }

    /// Sockets may have been opened without this node hearing of it.
    pub(crate) fn missed(&self, hot: &Arc<dyn Hot>) {
        let open: Vec<OpenSocket> = self.open.iter().flat_map(|theirs| theirs.value().clone()).collect();
        let hot = Arc::clone(hot);
        tokio::spawn(async move {
            let compare = async |open: OpenSocket| open.compare(&*hot).await;
            stream::iter(open).for_each_concurrent(AT_ONCE, compare).await;
        });
    }
}

impl OpenSocket {
    async fn compare(&self, hot: &dyn KeyValue) {
        // Where that cannot be said, nobody is sent away for it.
        if matches!(is_newest(hot, self.user, self.device, self.socket).await, Ok(false)) {
            self.superseded.cancel();
        }
    }
}

impl Registered {
    /// Takes the device's word from its older sockets, on every node.
    pub(super) async fn claim(&self, hot: &dyn Hot) -> Result<(), HotError> {
        let Self { user, device, socket, .. } = *self;
        hot.put(&key(user, device), &socket.0.to_be_bytes(), REMEMBERED).await?;
        hot.announce(&Announcement::SocketOpened { user, device, socket }).await
    }

    /// Whether this is still the newest socket of its device; also keeps that from being forgotten.
    pub(super) async fn is_newest(&self, hot: &dyn KeyValue) -> Result<bool, HotError> {
        Ok(!self.superseded.is_cancelled() && is_newest(hot, self.user, self.device, self.socket).await?)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.devices.open.remove_if_mut(&self.user, |_, theirs| {
            theirs.retain(|open| open.socket != self.socket);
            theirs.is_empty()
        });
    }
}

/// Whether a socket of this device was open lately. Where that cannot be known, it was.
pub(super) async fn is_known(hot: &dyn KeyValue, user: UserId, device: Device) -> bool {
    !matches!(hot.get(&key(user, device)).await, Ok(None))
}

async fn is_newest(
    hot: &dyn KeyValue,
    user: UserId,
    device: Device,
    SocketId(socket): SocketId,
) -> Result<bool, HotError> {
    let (key, mine) = (key(user, device), socket.to_be_bytes());
    // It may be forgotten, or lost: then nobody newer has said so since. And somebody may ask the same for this socket at the same time,
    // and have said so between the first two questions.
    for expected in [Some(&mine[..]), None, Some(&mine[..])] {
        if hot.swap(&key, expected, &mine, REMEMBERED).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn key(user: UserId, device: Device) -> String {
    format!("heard:{user}:{device}")
}
