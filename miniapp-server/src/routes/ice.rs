//! What a member's phone needs to reach the others in a room's voice chat.

use std::sync::Arc;

use axum::{Json, extract::State};
use sovpalo_domain::room::Refusal;

use crate::{
    App,
    extract::{Caller, Code},
    problem::{AnyProblem, Refused},
    wire::IceServers,
};

/// STUN and TURN servers for the voice chat, with credentials for TURN that are good for an hour. For members only.
#[utoipa::path(get, path = "/api/rooms/{code}/ice", operation_id = "show_ice", tag = "rooms",
    params(("code" = String, Path, description = "The invite code")),
    responses((status = 200, body = IceServers), AnyProblem))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
) -> Result<Json<IceServers>, Refused> {
    let live = app.open(code).await?;
    if !app.has_member(&live, caller.user).await? {
        return Err(Refused::Room(Refusal::NotAMember));
    }
    Ok(Json(app.config.ice.servers_for(caller.user, app.now())))
}
