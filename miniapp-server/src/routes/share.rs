//! Sharing what matched.

use std::sync::Arc;

use axum::{Json, extract::State};
use sovpalo_domain::room::Refusal;

use crate::{
    App,
    extract::{Body, Caller, Code},
    limits::Allowance,
    problem::{AnyProblem, Refused},
    sharing::MatchToShare,
    wire::{PreparedMessage, ShareBody},
};

/// Prepare a message about a match, for Telegram's `web_app_send_prepared_message`. Only the caller can send it, into any chat of theirs, and for
/// some minutes. For members only; `unavailable` where Telegram does not take it: the room's link can be shared all the same.
#[utoipa::path(post, path = "/api/rooms/{code}/share", operation_id = "share_match", tag = "rooms", request_body = ShareBody,
    params(("code" = String, Path, description = "The invite code")),
    responses((status = 200, body = PreparedMessage), AnyProblem))]
pub(crate) async fn share(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
    Body(ShareBody { number }): Body<ShareBody>,
) -> Result<Json<PreparedMessage>, Refused> {
    let live = app.open(code).await?;
    if !app.has_member(&live, caller.user).await? {
        return Err(Refused::Room(Refusal::NotAMember));
    }
    let title = live.read(|room| {
        let found = room.matches().iter().find(|found| found.number == number);
        found.map(|found| found.title.clone())
    });
    let Some(title) = title else {
        return Err(Refused::invalid("match", "is the number of a match in this room"));
    };
    let sharing = app.sharing.get().ok_or(Refused::Unavailable)?;
    app.limits.user(Allowance::Shares, caller.user).await?;
    let found = MatchToShare { room: live, title, member: caller.user, language: caller.language };
    let id = sharing.prepare(found).await.ok_or(Refused::Unavailable)?;
    Ok(Json(PreparedMessage { id }))
}
