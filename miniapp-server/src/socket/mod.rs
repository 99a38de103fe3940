//! A room's socket: the handshake.
//!
//! Whoever comes here has been authenticated, and found to be a member, before the upgrade is accepted. The access token
//! travels as a subprotocol, `token.<jwt>`, because a browser can set no other header and an address is logged. The token may
//! expire while the socket is open; the session may not end.

pub(crate) mod budget;
mod close;
mod conversation;
mod diagnosis;
mod hub;

use std::sync::Arc;

use axum::{Extension, extract::State, response::Response};
use serde::Deserialize;
use sovpalo_domain::{
    ids::{Epoch, Position, Seq},
    room::Refusal,
};
use sovpalo_live::hot::Device;

use self::conversation::{Conversation, Line, Viewer};
pub(crate) use self::hub::{Hub, Seat};
use crate::{
    App,
    extract::{Code, Params, admit, device},
    listen::Requester,
    phone_socket::handshake::{Offered, Upgrade},
    problem::{AnyProblem, Refused},
};

/// The version of the contract that is spoken here.
const PROTOCOL: &str = "sovpalo.v1";

/// Who the client is, and what it already has when it returns.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Known {
    /// Which history.
    epoch: Option<u32>,
    /// How much of it.
    seq: Option<u64>,
    /// A name that the client gave itself, at random and for good: at most 64 bytes. Only its newest connection is served; what it
    /// asked for on an older one and has had no answer to is done only if it asks again.
    device: Option<String>,
}

/// The room's socket. Offer the subprotocols `sovpalo.v1` and `token.<access token>`. A close with code 1012 asks to come back
/// after a random part of the time that its reason names: `restarting, come back in 0-3000 ms`.
#[utoipa::path(get, path = "/api/rooms/{code}/socket", tag = "rooms", security(()),
    params(("code" = String, Path, description = "The invite code"), Known,
        ("sec-websocket-protocol" = String, Header, description = "sovpalo.v1, token.<access token>")),
    responses((status = 101, description = "Text frames: ServerFrame from the server, CommandFrame from the client"),
        AnyProblem))]
pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Extension(requester): Extension<Requester>,
    offered: Offered,
    code: Result<Code, Refused>,
    known: Result<Params<Known>, Refused>,
    upgrade: Upgrade,
) -> Result<Response, Refused> {
    let caller = admit(&app, offered.token(), requester.ip).await?;
    requester.is(caller.user)?;
    if !offered.speaks(PROTOCOL) {
        return Err(Refused::invalid("sec-websocket-protocol", "must offer sovpalo.v1"));
    }
    let Params(known) = known?;
    let device = known.device()?;
    let Code(code) = code?;
    let live = app.open(code).await?;
    if !app.has_member(&live, caller.user).await? {
        return Err(Refused::Room(Refusal::NotAMember));
    }

    let upgrade = upgrade.to(PROTOCOL)?;
    let seat = app.hub.seat(caller.session)?;
    let (viewer, known) = (Viewer { user: caller.user, language: caller.language, device }, known.position());
    let connection = Arc::clone(requester.connection());
    Ok(upgrade.on_upgrade(move |socket| {
        connection.becomes_socket();
        Conversation::hold(app, live, viewer, seat, Line { socket, connection }, known)
    }))
}

impl Known {
    fn position(&self) -> Option<Position> {
        Some(Position { epoch: Epoch::from_bits(self.epoch?), seq: Seq::new(self.seq?) })
    }

    fn device(&self) -> Result<Option<Device>, Refused> {
        device(self.device.as_deref())
    }
}
