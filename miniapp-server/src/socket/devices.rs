//! Which socket of a device is heard: the newest, over all nodes.
//!
//! Whoever opens a socket writes its number into the hot layer under the device's name, and tells every node. A node that still holds
//! an older socket of that device compares, and ends it. What such a socket asks for meanwhile is not appended either: the fence of each
//! room sees to that. A node that may have missed a word compares all that it holds.

use std::{sync::Arc, time::Duration};

use dashmap::DashMap;
use futures::{StreamExt, stream};
use sovpalo_domain::ids::UserId;
use sovpalo_live::{
    hot::{Device, Hot, HotError, KeyValue, SocketId},
    moved::Moved,
};
use tokio_util::sync::CancellationToken;

use super::mailbox::Mailbox;

/// A device that has not been heard of for so long is forgotten by the hot layer. Open sockets say it again long before.
const REMEMBERED: Duration = Duration::from_secs(3600);
/// Devices that are compared with the hot layer at the same time, when something may have been missed.
const AT_ONCE: usize = 64;
/// Begins what every node is told of a new socket.
const SOCKET: &str = "socket";

/// The sockets of this node, by device.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    open: DashMap<UserId, Vec<Parsed>>,
}

#[derive(Debug, Clone)]
struct Parsed {
    /// Whose, and which.
    device: String,
    socket: SocketId,
    mailbox: Arc<Mailbox>,
    superseded: CancellationToken,
}

/// Held by a socket for as long as it is open.
pub(super) struct Registered {
    devices: Arc<Devices>,
    user: UserId,
    device: String,
    socket: SocketId,
    /// Fires when another socket of the device is heard.
    pub(super) superseded: CancellationToken,
}

impl Devices {
    /// A new socket. An older one of this node ends now.
    pub(super) fn register(
        self: &Arc<Self>,
        user: UserId,
        device: Device,
        mailbox: Arc<Mailbox>,
    ) -> Registered {
        let (device, socket) = (format!("{user}:{device}"), SocketId(rand::random()));
        let superseded = CancellationToken::new();
        let heard = Parsed { device: device.clone(), socket, mailbox, superseded: superseded.clone() };
        let mut theirs = self.open.entry(user).or_default();
        theirs.retain(|older| {
            let stays = older.device != device;
            if !stays {
                older.superseded.cancel();
            }
            stays
        });
        theirs.push(heard);
        drop(theirs);
        Registered { devices: Arc::clone(self), user, device, socket, superseded }
    }

    /// Something was told to every node: a socket was opened, or somebody came into a room or left it.
    pub(crate) fn told(&self, hot: &Arc<dyn Hot>, told: &str) {
        if let Some(moved) = Moved::read(told) {
            if let Some(theirs) = self.open.get(&moved.member) {
                theirs.iter().for_each(|heard| heard.mailbox.moved(moved));
            }
            return;
        }
        let mut words = told.split(' ');
        let (Some(SOCKET), Some(who), Some(which)) = (words.next(), words.next(), words.next()) else {
            return;
        };
        let user = who.split(':').next().and_then(|user| UserId::new(user.parse().ok()?).ok());
        let Some(theirs) = user.and_then(|user| self.open.get(&user)) else { return };
        let older = theirs.iter().find(|heard| heard.device == who && name(heard.socket) != which);
        if let Some(heard) = older.cloned() {
            let hot = Arc::clone(hot);
            tokio::spawn(async move { heard.compare(&*hot).await });
        }
    }

    /// Sockets may have been opened without this node hearing of it.
    pub(crate) fn missed(&self, hot: &Arc<dyn Hot>) {
        let open: Vec<Parsed> = self.open.iter().flat_map(|theirs| theirs.value().clone()).collect();
        let hot = Arc::clone(hot);
        tokio::spawn(async move {
            let compare = async |heard: Parsed| heard.compare(&*hot).await;
            stream::iter(open).for_each_concurrent(AT_ONCE, compare).await;
        });
    }
}

impl Parsed {
    async fn compare(&self, hot: &dyn KeyValue) {
        // Where that cannot be said, nobody is sent away for it.
        if matches!(is_heard(hot, &self.device, self.socket).await, Ok(false)) {
            self.superseded.cancel();
        }
    }
}

impl Registered {
    /// Takes the device's word from its older sockets, on every node.
    pub(super) async fn claim(&self, hot: &dyn Hot) -> Result<(), HotError> {
        hot.put(&key(&self.device), &self.socket.0.to_be_bytes(), REMEMBERED).await?;
        hot.announce_session_ended(&format!("{SOCKET} {} {}", self.device, name(self.socket))).await
    }

    /// Whether this is still the newest socket of its device; also keeps that from being forgotten.
    pub(super) async fn is_heard(&self, hot: &dyn KeyValue) -> Result<bool, HotError> {
        Ok(!self.superseded.is_cancelled() && is_heard(hot, &self.device, self.socket).await?)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.devices.open.remove_if_mut(&self.user, |_, theirs| {
            theirs.retain(|heard| heard.socket != self.socket);
            theirs.is_empty()
        });
    }
}

async fn is_heard(hot: &dyn KeyValue, device: &str, SocketId(socket): SocketId) -> Result<bool, HotError> {
    let (key, mine) = (key(device), socket.to_be_bytes());
    // It may be forgotten, or lost: then nobody newer has said so since. And somebody may ask the same for this socket at the same time,
    // and have said so between the first two questions.
    for expected in [Some(&mine[..]), None, Some(&mine[..])] {
        if hot.swap(&key, expected, &mine, REMEMBERED).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn key(device: &str) -> String {
    format!("heard:{device}")
}

fn name(SocketId(socket): SocketId) -> String {
    format!("{socket:032x}")
}
