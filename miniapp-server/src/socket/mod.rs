//! A phone's socket: one connection, on which a phone opens as many rooms as it looks at.
//!
//! Whoever comes here has been authenticated before the upgrade is accepted. Each open room has its own order: an event reaches the phone
//! once, as an `event` or as the `ack` of its own command. Whatever is one room's trouble closes that room, never the socket.
//! A store that does not answer holds up the line of commands that asked it, and nothing else.

mod acting;
mod budget;
pub(crate) mod calls;
mod channel;
mod close;
mod connection;
pub(crate) mod devices;
mod diagnosis;
mod doing;
mod due;
mod end;
mod entering;
pub(crate) mod feeds;
mod frames;
mod handshake;
mod hub;
mod line;
mod mailbox;
mod messages;
mod phone;
mod pipe;
mod presence;
mod render;
mod rendered;
mod room;
mod saying;
mod signals;
mod stream;
mod tries;
mod unread;
mod voice;
mod wakes;

use std::sync::Arc;

use axum::{Extension, extract::State, response::Response};
use serde::Deserialize;
use sovpalo_live::hot::Device;

pub use self::budget::WIDER_WITHOUT_LIMITS;
pub(crate) use self::hub::{Hub, Seat};
use self::{
    connection::PhoneSocket,
    handshake::{Offered, Upgrade},
    phone::Viewer,
    pipe::Wire,
};
use crate::{
    App,
    extract::{Params, admit},
    limits::Allowance,
    listen::Requester,
    problem::{AnyProblem, Refused},
};

/// The version of the contract that is spoken here.
const PROTOCOL: &str = "sovpalo.v2";
/// A device's name has no fewer and no more characters than this.
const SHORTEST_DEVICE: usize = 16;
const LONGEST_DEVICE: usize = 64;

/// Which phone this is.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Named {
    /// A name that the client gave itself, at random and for good: 16 to 64 of `A-Za-z0-9_-`. The newest socket of a device is the only
    /// one that is heard.
    device: Option<String>,
}

/// A phone's socket. Offer the subprotocols `sovpalo.v2` and `token.<access token>`. A close with code 1012 asks to come back after a
/// random part of the time that its reason names: `restarting, come back in 0-3000 ms`.
#[utoipa::path(get, path = "/api/socket", tag = "rooms", security(()),
    params(Named, ("sec-websocket-protocol" = String, Header, description = "sovpalo.v2, token.<access token>")),
    responses((status = 101, description = "Text frames: SocketServerFrame from the server, SocketClientFrame from the client"),
        AnyProblem))]
pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Extension(requester): Extension<Requester>,
    offered: Offered,
    named: Result<Params<Named>, Refused>,
    upgrade: Upgrade,
) -> Result<Response, Refused> {
    let caller = admit(&app, offered.token(), requester.ip).await?;
    requester.is(caller.user)?;
    if !offered.speaks(PROTOCOL) {
        return Err(Refused::invalid("sec-websocket-protocol", "must offer sovpalo.v2"));
    }
    let device = named?.0.device()?;
    let offer = upgrade.offer()?;
    let seat = app.hub.seat(caller.session)?;
    if !devices::is_known(app.hot(), caller.user, device).await {
        app.limits.user(Allowance::Devices, caller.user).await?;
    }
    let viewer = Viewer { user: caller.user, language: caller.language, device };
    let connection = Arc::clone(requester.connection());
    offer.accept(PROTOCOL, move |socket| {
        connection.becomes_socket();
        PhoneSocket::hold(app, viewer, seat, Wire { socket, connection });
    })
}

impl Named {
    fn device(&self) -> Result<Device, Refused> {
        let is_name = |name: &&str| {
            (SHORTEST_DEVICE..=LONGEST_DEVICE).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        };
        let name = self.device.as_deref().filter(is_name);
        name.map(Device::named)
            .ok_or_else(|| Refused::invalid("device", "is 16 to 64 of A-Z, a-z, 0-9, _ and -"))
    }
}
