//! Fencing: only the newest connection of a device may append.
//!
//! A phone whose connection breaks comes back and sends again what was not answered. What it had sent before may still be under way:
//! in a node that was frozen, or that waits for the hot layer. Done later, it would undo what the phone has asked for since. So every
//! connection carries a [`FencingToken`]; the newest one of a device [raises the fence](Fencing::raise_fence), and a command with an
//! older token is [rejected](Appended::Fenced). See Kleppmann, "How to do distributed locking" (2016).

use std::{fmt, time::Duration};

use async_trait::async_trait;
use sha1::{Digest, Sha1};
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Entry,
};

use super::{Appended, ExpectedHead, HotError, SocketId, digest::first_8_of};

/// A fence is remembered for so long after its last use; a device that was silent for longer has to connect again first.
pub(super) const REMEMBERED: Duration = Duration::from_secs(3600);

/// A phone or a browser, by the name it gave itself: the first 8 bytes of the name's SHA-1.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Device([u8; 8]);

impl Device {
    /// The device of this name.
    pub fn named(name: &str) -> Self {
        Self(first_8_of(&Sha1::digest(name)))
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub(super) fn read(text: &str) -> Option<Self> {
        let device = Self(u64::from_str_radix(text, 16).ok()?.to_be_bytes());
        (device.to_string() == text).then_some(device)
    }

    /// Names the connection of a device that has only ever sent single requests: the same for all of them.
    fn without_a_socket(self) -> SocketId {
        SocketId(u64::from_be_bytes(self.0).into())
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({self})")
    }
}

/// One connection of a member's device to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FencingToken {
    pub member: UserId,
    /// On which device.
    pub device: Device,
    /// Through which socket.
    pub socket: SocketId,
}

impl FencingToken {
    /// Of a device that has only ever sent single requests.
    pub fn without_a_socket(member: UserId, device: Device) -> Self {
        Self { member, device, socket: device.without_a_socket() }
    }
}

/// Fences: for each room and device, which connection is the newest, compared in the same step as an append.
///
/// An engine that came back empty knows of no fence, and after an hour without an append or a question it may have forgotten one. Then
/// every append is [`Appended::Fenced`] until the device raises its fence again.
#[async_trait]
pub trait Fencing: Send + Sync + 'static {
    /// [Appends](super::Log::append) to a log that is there, if `fence` is still the newest [raised](Fencing::raise_fence) for its
    /// device in this room; else it is [`Appended::Fenced`].
    async fn append_fenced(
        &self,
        fence: FencingToken,
        room: RoomCode,
        expected: ExpectedHead,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError>;

    /// Fences a device's older connections off in a room: when this comes back, nothing that they ask for is appended.
    async fn raise_fence(&self, room: RoomCode, fence: FencingToken) -> Result<(), HotError>;

    /// The connection that holds a device's fence in a room, if one does. Nothing is remembered of the question.
    async fn holder(
        &self,
        room: RoomCode,
        member: UserId,
        device: Device,
    ) -> Result<Option<SocketId>, HotError>;

    /// The connection that holds the fence of `otherwise`'s device in a room. If none does, `otherwise` does from now on, in the same
    /// step.
    async fn fence(&self, room: RoomCode, otherwise: FencingToken) -> Result<SocketId, HotError>;
}
