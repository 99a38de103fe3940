//! What a client offers when it asks for a socket.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{
        CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
        UPGRADE,
    },
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tungstenite::handshake::derive_accept_key;

use super::stream::{PhoneStream, WebSocket};
use crate::{App, problem::Refused};

/// The upgrade, if this is one. Asked for last: a request without a session is told that first.
pub(crate) struct Upgrade(Option<Offer>);

/// A client's half of the handshake (RFC 6455, 4.2.1).
pub(crate) struct Offer {
    key: HeaderValue,
    connection: OnUpgrade,
}

impl FromRequestParts<Arc<App>> for Upgrade {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let offer = Offer::read(parts);
        if offer.is_none() {
            app.hub.diagnosis().upgrade_missing(parts.version, &parts.headers);
        }
        Ok(Self(offer))
    }
}

impl Upgrade {
    /// There has to be one.
    pub(crate) fn offer(self) -> Result<Offer, Refused> {
        self.0.ok_or(Refused::UpgradeRequired)
    }
}

impl Offer {
    fn read(parts: &mut Parts) -> Option<Self> {
        let headers = &parts.headers;
        let is_upgrade = parts.method == Method::GET
            && lists(headers, CONNECTION, "upgrade")
            && lists(headers, UPGRADE, "websocket")
            && lists(headers, SEC_WEBSOCKET_VERSION, "13");
        let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| is_upgrade)?.clone();
        Some(Self { key, connection: parts.extensions.remove()? })
    }

    /// Accepts it, in this version of the contract. What is given gets the socket once the answer is out.
    pub(super) fn accept(
        self,
        protocol: &'static str,
        hold: impl FnOnce(PhoneStream) + Send + 'static,
    ) -> Result<Response, Refused> {
        let Self { key, connection } = self;
        let accept = derive_accept_key(key.as_bytes());
        let accept = HeaderValue::try_from(accept).map_err(|_| Refused::Internal)?;
        tokio::spawn(async move {
            // A client that goes before that has no use for it.
            if let Ok(connection) = connection.await {
                hold(WebSocket::on(TokioIo::new(connection)).await);
            }
        });
        let headers = [
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_ACCEPT, accept),
            (SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol)),
        ];
        Ok((StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response())
    }
}

/// Whether the list in a header, or in several of its name, names this.
fn lists(headers: &HeaderMap, header: HeaderName, name: &str) -> bool {
    let values = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(name))
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
        let offers = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter();
        let offers = offers.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
        Self { protocols: offers.map(|offer| offer.trim().to_owned()).collect() }
    }

    pub(crate) fn speaks(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|offer| offer == protocol)
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.protocols.iter().find_map(|offer| offer.strip_prefix("token."))
    }
}
