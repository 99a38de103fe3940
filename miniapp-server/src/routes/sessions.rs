//! Where I am signed in, and signing out there.

use std::sync::Arc;

use axum::{Json, extract::State};
use http::StatusCode;
use sovpalo_storage::SessionId;

use crate::{
    App,
    extract::{Caller, Name},
    problem::{AnyProblem, Refused},
    wire::{SignedIn, moment},
};

/// Where I am signed in: at most twenty sessions, the one that was used last first.
#[utoipa::path(get, path = "/api/me/sessions", operation_id = "list_sessions", tag = "me",
    responses((status = 200, body = [SignedIn]), AnyProblem))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Vec<SignedIn>>, Refused> {
    let sessions = app.sessions.all_of(&caller.session).await?;
    Ok(Json(sessions.iter().map(|session| described(session, &caller.session)).collect()))
}

/// Sign out everywhere else: all my sessions but this one end, as by signing out there.
#[utoipa::path(delete, path = "/api/me/sessions", tag = "me",
    responses((status = 204, description = "Signed out everywhere else"), AnyProblem))]
pub(crate) async fn end_others(State(app): State<Arc<App>>, caller: Caller) -> Result<StatusCode, Refused> {
    app.sessions.end_others(&caller.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out of one session, this one too: its tokens stop working, its sockets close, and its launch data signs in no more. Said again, it is
/// done already. A session that is not mine is not found.
#[utoipa::path(delete, path = "/api/me/sessions/{id}", tag = "me",
    params(("id" = String, Path, description = "As the list names it")),
    responses((status = 204, description = "Signed out there"), AnyProblem))]
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Name(id): Name,
) -> Result<StatusCode, Refused> {
    let session = named(&id, &caller).ok_or(Refused::NotFound)?;
    if app.sessions.end_one(&session).await? { Ok(StatusCode::NO_CONTENT) } else { Err(Refused::NotFound) }
}

/// Only the caller's own have names here: an id is the part of the session's that does not say whose it is. It is no secret, since
/// tokens are good by their signature alone.
fn named(id: &str, caller: &Caller) -> Option<SessionId> {
    format!("{}-{id}", caller.user).parse().ok()
}

fn described(session: &sovpalo_storage::Session, current: &SessionId) -> SignedIn {
    let id = session.id.as_str();
    SignedIn {
        id: id.split_once('-').map_or(id, |(_, own)| own).to_owned(),
        created_at: moment(session.created_at),
        last_used_at: moment(session.rotated_at),
        user_agent: session.user_agent.clone(),
        current: session.id == *current,
    }
}
