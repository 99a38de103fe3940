//! A socket that is open: while it is, its member is online.

use std::sync::Arc;

use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Command,
    room::PeopleCommand,
};

use super::{LiveRoom, RoomError, Rooms, Voice};
use crate::hot::{Device, FencingToken, HotError, MemberPresence, SocketId, VoiceChanged};

/// Held for as long as a socket is open; dropping it says that it closed.
pub struct Attendance {
    rooms: Rooms,
    live: Arc<LiveRoom>,
    member: UserId,
    socket: SocketId,
    fence: Option<FencingToken>,
}

impl Attendance {
    /// What [fences off](Rooms::execute_on) whatever was asked for on this socket once a newer connection of the device has opened;
    /// `None`: the device did not name itself.
    pub fn fence(&self) -> Option<FencingToken> {
        self.fence
    }

    /// Whether this socket is its member's in the room's voice chat.
    pub fn is_in_voice(&self) -> bool {
        self.live.voices().contains(&Voice { member: self.member, socket: self.socket })
    }

    /// Which of a member's sockets this is.
    pub fn socket(&self) -> SocketId {
        self.socket
    }

    /// This socket is in the voice chat, instead of another one of its member's, or is not.
    pub async fn set_voice(&self, on: bool) -> Result<VoiceChanged, HotError> {
        let (rooms, room) = (&self.rooms, self.live.code());
        let changed = rooms.hot().set_voice(room, self.member, self.socket, on).await?;
        rooms.refresh_online(&self.live).await?;
        Ok(changed)
    }

    /// [Does](Rooms::execute_on) what the member asks for on this socket.
    #[cfg(test)]
    pub(crate) async fn execute(&self, command: &Command) -> Result<super::Done, RoomError> {
        let terms = super::Terms { fence: self.fence, ..super::Terms::default() };
        self.rooms.execute_on(terms, &self.live, self.member, command).await
    }
}

impl Rooms {
    /// A member's device asks by HTTP from now on: as with a new socket, nothing is done any more that it asked for on an older
    /// connection. What comes back is named in each later command.
    pub async fn connect(
        &self,
        room: RoomCode,
        member: UserId,
        device: Device,
    ) -> Result<FencingToken, RoomError> {
        let fence = FencingToken { member, device, socket: SocketId(rand::random()) };
        self.hot().raise_fence(room, fence).await?;
        Ok(fence)
    }

    /// Which of a device's connections a command by HTTP counts for that names none: the one that is the newest as it comes. `None`: the
    /// device has none in this room. Nothing is kept of the question, so that strangers may ask it too.
    pub async fn newest_connection(
        &self,
        room: RoomCode,
        member: UserId,
        device: Device,
    ) -> Result<Option<FencingToken>, RoomError> {
        let holder = self.hot().holder(room, member, device).await?;
        Ok(holder.map(|socket| FencingToken { member, device, socket }))
    }

    /// The connection of a member's device that had [none](Rooms::newest_connection) when a command by HTTP came. Whatever has opened since then
    /// fences it off.
    pub async fn first_connection(
        &self,
        room: RoomCode,
        member: UserId,
        device: Device,
    ) -> Result<FencingToken, RoomError> {
        // Two such commands at once may both be the first.
        let first = FencingToken::without_a_socket(member, device);
        self.hot().fence(room, first).await?;
        Ok(first)
    }

    /// A member opened a socket, on `device` if they say so. If they were away they are back, and if they control what is shown nobody has that on loan any more, before this returns; and nothing
    /// that they asked for on an older socket of that device is done any more.
    pub async fn attend(
        &self,
        live: &Arc<LiveRoom>,
        member: UserId,
        device: Option<Device>,
    ) -> Result<Attendance, RoomError> {
        let socket = SocketId(rand::random());
        let fence = device.map(|device| FencingToken { member, device, socket });
        // From here on the drop says goodbye, also if what follows fails.
        let attendance = Attendance { rooms: self.clone(), live: Arc::clone(live), member, socket, fence };
        self.shared.attending.insert(socket, (live.code(), member));
        if let Some(fence) = fence {
            self.hot().raise_fence(live.code(), fence).await?;
        }
        self.hot().arrive(live.code(), member, socket).await?;
        if live.read(|room| room.is_away(member)) {
            self.execute(live, member, &Command::People(PeopleCommand::Back)).await?;
        }
        self.take_back_control(live, member).await?;
        self.refresh_online(live).await?;
        Ok(attendance)
    }

    /// Asks the hot layer who is online in a room.
    pub(super) async fn refresh_online(&self, live: &LiveRoom) -> Result<Vec<MemberPresence>, HotError> {
        let question = live.ask_who();
        let presence = self.hot().presence(live.code()).await?;
        live.set_who(question, &presence);
        Ok(presence)
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        self.rooms.shared.attending.remove(&self.socket);
        // Outside a runtime the process is ending, and its sockets with it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (rooms, live) = (self.rooms.clone(), Arc::clone(&self.live));
        let (member, socket) = (self.member, self.socket);
        runtime.spawn(async move {
            let gone = rooms.hot().depart(live.code(), member, socket).await;
            if let Err(error) = gone {
                // The hot layer forgets a silent socket by itself.
                tracing::debug!(%error, "a departure could not be said");
            }
            live.touch(rooms.clock().now());
            let _ = rooms.refresh_online(&live).await;
        });
    }
}
