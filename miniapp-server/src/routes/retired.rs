//! Addresses of earlier versions. Whoever still asks for one is to load the page again, signed in or not.

use crate::problem::{Problem, Refused};

/// Retired: earlier versions had a socket for each room. Always 410 `reload`; the socket is `/api/socket`.
#[utoipa::path(get, path = "/api/rooms/{code}/socket", tag = "rooms", security(()),
    params(("code" = String, Path, description = "The invite code")),
    responses((status = 410, description = "Load the page again", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn room_socket() -> Refused {
    Refused::Reload
}
