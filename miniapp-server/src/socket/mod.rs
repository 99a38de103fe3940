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

use axum::{
    Extension,
    extract::{FromRequestParts, State, WebSocketUpgrade},
    response::Response,
};
use http::{HeaderMap, HeaderValue, request::Parts};
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
    problem::{AnyProblem, Refused},
};

/// The version of the contract that is spoken here.
const PROTOCOL: &str = "sovpalo.v1";
/// Read into at first; grows for longer frames. Most sockets are idle, and hold this.
const READ_BUFFER: usize = 512;
/// A frame over the contract's 4 KB is still read, so that the phone learns why it is turned away, up to this.
const MAX_READ: usize = 64 * 1024;

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
    let caller = admit(&app, offered.token.as_deref(), requester.ip).await?;
    requester.is(caller.user)?;
    if !offered.speaks_ours {
        return Err(Refused::invalid("sec-websocket-protocol", "must offer sovpalo.v1"));
    }
    let Params(known) = known?;
    let device = known.device()?;
    let Code(code) = code?;
    let live = app.open(code).await?;
    if !app.has_member(&live, caller.user).await? {
        return Err(Refused::Room(Refusal::NotAMember));
    }

    let mut upgrade = upgrade
        .0?
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(MAX_READ)
        .max_frame_size(MAX_READ);
    upgrade.set_selected_protocol(HeaderValue::from_static(PROTOCOL));
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

/// The upgrade, if this is one. Asked for last: a request without a session is told that first.
pub(crate) struct Upgrade(Result<WebSocketUpgrade, Refused>);

impl FromRequestParts<Arc<App>> for Upgrade {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let upgrade = WebSocketUpgrade::from_request_parts(parts, app).await;
        Ok(Self(upgrade.map_err(|_| {
            app.hub.diagnosis().upgrade_missing(parts.version, &parts.headers);
            Refused::UpgradeRequired
        })))
    }
}

/// The subprotocols that a client offers.
pub(crate) struct Offered {
    speaks_ours: bool,
    token: Option<String>,
}

impl FromRequestParts<Arc<App>> for Offered {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Self::Rejection> {
        Ok(Self::read(&parts.headers))
    }
}

impl Offered {
    fn read(headers: &HeaderMap) -> Self {
        let lists = headers.get_all(http::header::SEC_WEBSOCKET_PROTOCOL).iter();
        let offers: Vec<&str> = lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .collect();
        Self {
            speaks_ours: offers.contains(&PROTOCOL),
            token: offers.iter().find_map(|offer| offer.strip_prefix("token.")).map(str::to_owned),
        }
    }
}
