//! The route that Telegram posts updates to.

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use futures::StreamExt;
use serde::Deserialize;
use sovpalo_live::rooms::Rooms;
use sovpalo_storage::DbError;

use super::Webhook;
use crate::inbox;

/// Where Telegram says the secret: <https://core.telegram.org/bots/api#setwebhook>
const SECRET: &str = "X-Telegram-Bot-Api-Secret-Token";
/// No update comes near this: the longest text has 4096 characters.
const LARGEST: usize = 1024 * 1024;

/// Why an update is not taken.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// Whoever posts does not know the secret.
    #[error("the secret is missing or wrong")]
    Stranger,
    /// It is larger than any update.
    #[error("it is too large")]
    TooLarge,
    /// It is no JSON, or none with an `update_id`.
    #[error("it is no update")]
    NoUpdate,
    /// It cannot be kept now.
    #[error("it cannot be stored: {0}")]
    Unavailable(#[from] DbError),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Stranger => StatusCode::UNAUTHORIZED,
            // Telegram sends again whatever is not answered with 2xx, and holds back what comes after it. What it can never
            // be rid of otherwise counts as received.
            Self::TooLarge | Self::NoUpdate => StatusCode::OK,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        let said = match &self {
            Self::Stranger => "who are you?",
            Self::TooLarge => "passed over: too large",
            Self::NoUpdate => "passed over: no update",
            Self::Unavailable(_) => "come again",
        };
        (status, said).into_response()
    }
}

#[derive(Clone)]
struct Gate {
    webhook: Webhook,
    rooms: Rooms,
}

/// All that is looked at before an update is stored.
#[derive(Deserialize)]
struct Envelope {
    update_id: i64,
}

impl Webhook {
    /// The route, to be served within a server's bounds: it has none for connections, rates and slow peers of its own. It only stores: who handles is [`run`](crate::run), here or
    /// in another process.
    pub fn router(&self, rooms: Rooms) -> Router {
        let gate = Gate { webhook: self.clone(), rooms };
        Router::new().route(Self::PATH, post(receive)).with_state(gate)
    }
}

async fn receive(State(gate): State<Gate>, headers: HeaderMap, body: Body) -> Result<(), Refusal> {
    let outcome = gate.take(&headers, body).await;
    match &outcome {
        Ok(()) => {}
        // The internet is full of those.
        Err(refusal @ Refusal::Stranger) => tracing::debug!(%refusal, "the webhook refuses somebody"),
        Err(refusal) => tracing::warn!(%refusal, "the webhook does not take an update"),
    }
    outcome
}

impl Gate {
    async fn take(&self, headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
        let said = headers.get(SECRET).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
        if !self.webhook.believes(said) {
            // Nothing of a stranger's body is read.
            return Err(Refusal::Stranger);
        }
        let body = whole(body).await?;
        let payload = std::str::from_utf8(&body).map_err(|_| Refusal::NoUpdate)?;
        let Envelope { update_id } = serde_json::from_str(payload).map_err(|_| Refusal::NoUpdate)?;
        inbox::receive(&self.rooms, update_id, payload).await?;
        Ok(())
    }
}

/// A body, if it is no larger than an update can be. It is read to its end in any case: whoever is cut off while they send hear no
/// answer, and come again.
async fn whole(body: Body) -> Result<Vec<u8>, Refusal> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::NoUpdate)?;
        length += chunk.len();
        if length <= LARGEST {
            kept.extend_from_slice(&chunk);
        }
    }
    if length <= LARGEST { Ok(kept) } else { Err(Refusal::TooLarge) }
}
