//! Asking for a room twice is making one room: `Idempotency-Key`.
//!
//! A phone that did not hear the answer to `POST /api/rooms` asks again with the same key. Nothing is stored for that: the key, with its
//! owner, names the room. Its code, and half of the seed that its cards are shuffled by, are made from them under a secret of ours, and
//! the other half from what was asked for. So the room and its key come to be in the same step, on every node, whatever dies; of two
//! requests at the same moment one finds the other's room; and one that asks for something else under the same key is noticed.

use std::{future::Future, sync::Arc, time::Duration};

use axum::extract::FromRequestParts;
use hmac::{Hmac, KeyInit, Mac};
use http::request::Parts;
use sha2::Sha256;
use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};
use sovpalo_live::rooms::{LiveRoom, RoomError};

use crate::problem::Refused;

const HEADER: &str = "idempotency-key";
const MAX_LENGTH: usize = 64;
/// So long a key stands for the same room; later it is a new one.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// A key names at most so many rooms, one a day.
const MOST_ROOMS: u8 = 64;

/// What a client calls one request, however often it sends it.
pub(crate) struct IdempotencyKey(Option<String>);

impl<State: Sync> FromRequestParts<State> for IdempotencyKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Refused> {
        let mut keys = parts.headers.get_all(HEADER).iter();
        let Some(key) = keys.next() else { return Ok(Self(None)) };
        let key = key.to_str().unwrap_or_default();
        let good = (1..=MAX_LENGTH).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if !good || keys.next().is_some() {
            return Err(Refused::invalid(
                "Idempotency-Key",
                "is one key of 1 to 64 visible ASCII characters",
            ));
        }
        Ok(Self(Some(key.to_owned())))
    }
}

/// What makes rooms' names from keys; the same on every node.
pub(crate) struct RoomNames(Hmac<Sha256>);

/// A request for a room that has a key.
pub(crate) struct KeyedRequest {
    host: UserId,
    key: String,
    /// What it asks for, in short.
    digest: u32,
}

/// Where the room of a key is, or will be.
pub(crate) enum Place {
    /// It was made.
    Made(Arc<LiveRoom>),
    /// It is to be made here.
    Free { code: RoomCode, seed: u64 },
}

impl RoomNames {
    pub(crate) fn new(secret: &[u8]) -> Self {
        // A key of its own: nothing made here is good for anything else.
        Self(
            Hmac::new_from_slice(&mac(secret, b"rooms of idempotency keys")).unwrap_or_else(|_| any_length()),
        )
    }

    /// `None` without a key.
    pub(crate) fn request(
        &self,
        host: UserId,
        IdempotencyKey(key): IdempotencyKey,
        asked_for: &impl serde::Serialize,
    ) -> Option<KeyedRequest> {
        let asked_for = serde_json::to_vec(asked_for).unwrap_or_default();
        let digest = self.0.clone().chain_update(asked_for).finalize().into_bytes();
        let digest = u32::from_be_bytes(std::array::from_fn(|place| digest[place]));
        key.map(|key| KeyedRequest { host, key, digest })
    }

    /// The code of the room that a request names on its `turn`, and the half of its seed that goes with it.
    fn name(&self, request: &KeyedRequest, turn: u8) -> (RoomCode, u32) {
        let named = self.0.clone().chain_update(request.host.get().to_be_bytes()).chain_update([turn]);
        let digest = named.chain_update(&request.key).finalize().into_bytes();
        let code = u64::from_be_bytes(std::array::from_fn(|place| digest[place]));
        let half = u32::from_be_bytes(std::array::from_fn(|place| digest[8 + place]));
        (RoomCode::from_bits(code), half)
    }

    /// Looks for the room that a request names at this time; `open` opens the room of a code.
    pub(crate) async fn place<Opening>(
        &self,
        request: &KeyedRequest,
        now: Timestamp,
        open: impl Fn(RoomCode) -> Opening,
    ) -> Result<Place, Refused>
    where
        Opening: Future<Output = Result<Arc<LiveRoom>, RoomError>>,
    {
        for turn in 0..MOST_ROOMS {
            let (code, half) = self.name(request, turn);
            let live = match open(code).await {
                Ok(live) => live,
                Err(RoomError::NotFound) => {
                    let seed = u64::from(half) << 32 | u64::from(request.digest);
                    return Ok(Place::Free { code, seed });
                }
                Err(error) => return Err(error.into()),
            };
            let (seed, made_at) = live.read(|room| (room.seed(), room.created_at()));
            // Otherwise somebody else's, by a chance of one in a million million.
            let ours = seed >> 32 == u64::from(half);
            if ours && now.since(made_at) < KEPT {
                return if seed & u64::from(u32::MAX) == u64::from(request.digest) {
                    Ok(Place::Made(live))
                } else {
                    Err(Refused::invalid("Idempotency-Key", "was used for another request"))
                };
            }
        }
        Err(Refused::invalid("Idempotency-Key", "was used too often: choose another"))
    }
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mac: Hmac<Sha256> = Hmac::new_from_slice(key).unwrap_or_else(|_| any_length());
    mac.chain_update(message).finalize().into_bytes().into()
}

fn any_length() -> ! {
    unreachable!("any length is a key")
}
