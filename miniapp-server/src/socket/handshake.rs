//! What a client offers when it asks for a socket.

use std::sync::Arc;

use axum::extract::{FromRequestParts, WebSocketUpgrade};
use http::{HeaderMap, HeaderValue, request::Parts};

use crate::{App, problem::Refused};

/// Read into at first; grows for longer frames. Most sockets are idle, and hold this.
const READ_BUFFER: usize = 512;
/// A frame that is larger than the contract allows is still read, so that the phone learns why it is turned away, up to this.
pub(crate) const MAX_READ: usize = 64 * 1024;

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

impl Upgrade {
    /// Ready to be accepted, in this version of the contract.
    pub(crate) fn to(self, protocol: &'static str) -> Result<WebSocketUpgrade, Refused> {
        let mut upgrade = self
            .0?
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(MAX_READ)
            .max_frame_size(MAX_READ);
        upgrade.set_selected_protocol(HeaderValue::from_static(protocol));
        Ok(upgrade)
    }
}

/// The subprotocols that a client offers. The access token is among them, because a browser can set no other header and an address is
/// logged.
pub(crate) struct Offered {
    protocols: Vec<String>,
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
        let offers = lists.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
        Self { protocols: offers.map(|offer| offer.trim().to_owned()).collect() }
    }

    pub(crate) fn speaks(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|offer| offer == protocol)
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.protocols.iter().find_map(|offer| offer.strip_prefix("token."))
    }
}
