//! Who I am, what I chose, and how I am forgotten.

use std::{collections::BTreeSet, sync::Arc};

use axum::{Json, extract::State};
use http::StatusCode;
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Command,
    visible::{MAX_PERSON_NAME, visible_line},
};
use sovpalo_storage::{db, rooms::RoomError, titles::Language};

use crate::{
    App,
    extract::{Bearer, Body, Caller, Peer, admit},
    problem::{AnyProblem, Refused},
    wire::{MePatch, User},
};

/// Who I am, with my settings.
#[utoipa::path(get, path = "/api/me", tag = "me", responses((status = 200, body = User), AnyProblem))]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<User>, Refused> {
    let user = app.known(&caller).await?;
    Ok(Json(described(&user)))
}

/// Change my settings. What is absent stays.
#[utoipa::path(patch, path = "/api/me", tag = "me", request_body = MePatch,
    responses((status = 200, body = User), AnyProblem))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(patch): Body<MePatch>,
) -> Result<Json<User>, Refused> {
    let language = match patch.language.as_deref() {
        None => None,
        Some("en") => Some(Language::En),
        Some("ru") => Some(Language::Ru),
        Some(_) => return Err(Refused::invalid("language", "is en or ru")),
    };
    let change = app.db().change_user(caller.user, language, patch.notifications, app.now());
    let changed = app.database.ask(change).await?.ok_or(Refused::Unauthenticated)?;
    app.sessions.describe(&caller.session, &changed).await?;
    Ok(Json(described(&changed)))
}

/// Erase everything personal: my sessions end, I leave my rooms, nothing of mine stays. What I launched the app with signs in no more.
/// Said again with the same token, because the answer was lost, it is done already.
#[utoipa::path(delete, path = "/api/me", tag = "me",
    responses((status = 204, description = "Forgotten"), AnyProblem))]
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    peer: Peer,
    Bearer(token): Bearer,
) -> Result<StatusCode, Refused> {
    match admit(&app, token.as_deref(), peer.ip).await {
        Ok(caller) => erase_all(&app, caller.user).await?,
        Err(Refused::Unauthenticated) if was_erased(&app, token.as_deref()).await? => {}
        Err(refused) => return Err(refused),
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn erase_all(app: &App, user: UserId) -> Result<(), Refused> {
    // A failure halfway is repeated by asking again.
    let mut rooms: BTreeSet<_> = app.rooms.held_with(user).into_iter().collect();
    rooms.extend(app.database.ask(app.db().room_codes_of(user)).await?);
    for code in rooms {
        match leave(app, code, user).await {
            Ok(()) | Err(RoomError::NotFound | RoomError::Refused(_)) => {}
            // Nobody is kept for a log that may never be read again; it ends by itself.
            Err(error) if error.is_unreadable() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let erased = app.database.ask(app.db().erase_user(user, app.now())).await?;
    app.sessions.end_all(user, erased.sessions).await?;
    Ok(())
}

/// Whether a token is of somebody who has erased themselves, and has not come back.
async fn was_erased(app: &App, token: Option<&str>) -> Result<bool, Refused> {
    let Some(token) = token else { return Ok(false) };
    let Some(user) = app.sessions.ended(token).await? else { return Ok(false) };
    Ok(app.database.ask(app.db().is_erased(user)).await?)
}

async fn leave(app: &App, code: RoomCode, user: UserId) -> Result<(), RoomError> {
    let live = app.open(code).await?;
    app.rooms.execute(&live, user, &Command::Leave).await?;
    app.carry_over(code).await;
    Ok(())
}

/// A user as they are told about themselves.
pub(crate) fn described(user: &db::User) -> User {
    let db::Person { id, first_name, last_name, username, photo_url } = user.person.clone();
    User {
        id: id.get(),
        // What shows nothing is nobody's name, neither here nor in a room.
        first_name: visible_line(&first_name, MAX_PERSON_NAME)
            .unwrap_or_else(|| user.language.somebody().to_owned()),
        last_name,
        username,
        photo_url,
        language: user.language.tag().into(),
        notifications: user.notifications,
    }
}
