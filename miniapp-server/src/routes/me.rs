//! Who I am, what I chose, what I have done, and how I am forgotten.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{Json, extract::State};
use futures::{StreamExt, stream};
use http::StatusCode;
use sovpalo_domain::{
    achievements::Stats,
    ids::{RoomCode, UserId},
    language::Language,
    visible::{MAX_PERSON_NAME, visible_line},
};
use sovpalo_live::erasures;
use sovpalo_storage::Erasure;
use tokio::time::timeout;

use crate::{
    App,
    extract::{Bearer, Body, Caller, Peer, admit},
    problem::{AnyProblem, Refused},
    wire::{self, EarnedAchievement, MePatch, PersonalStats, User},
};

/// Somebody who erases themselves is taken out of so many rooms before they are answered; out of the others soon after.
pub(crate) const ERASED_AT_ONCE: usize = 200;
/// So many of them at the same time.
const ROOMS_AT_A_TIME: usize = 8;
/// They wait no longer than this for it; what is not done by then is done in the background.
pub(crate) const ERASING_TAKES: Duration = Duration::from_secs(10);

/// Who I am, with my settings.
#[utoipa::path(get, path = "/api/me", operation_id = "show_me", tag = "me",
    responses((status = 200, body = User), AnyProblem))]
pub(crate) async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<User>, Refused> {
    let user = app.known(&caller).await?;
    Ok(Json(described(&user)))
}

/// What I have done with others, and what I have earned by it.
#[utoipa::path(get, path = "/api/me/stats", tag = "me",
    responses((status = 200, body = PersonalStats), AnyProblem))]
pub(crate) async fn stats(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<PersonalStats>, Refused> {
    let known = app.database.ask(app.db().personal_stats(caller.user, app.now())).await?;
    let Stats { seconds_watched, films_finished, rooms_created, rooms_joined, .. } = known.stats;
    let Stats { messages, swipes, matches, .. } = known.stats;
    let achievements = known.achievements.iter().map(|earned| EarnedAchievement {
        id: earned.achievement.id().to_owned(),
        at: wire::moment(earned.at),
    });
    Ok(Json(PersonalStats {
        seconds_watched,
        films_finished,
        rooms_created,
        rooms_joined,
        messages,
        swipes,
        matches,
        achievements: achievements.collect(),
    }))
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
    if patch.region.iter().flatten().any(|region| !is_country(region)) {
        return Err(Refused::invalid("region", "is a country's two letters, like FR, or null"));
    }
    if let Some(region) = patch.region {
        let choice = app.db().choose_region(caller.user, region.as_deref(), app.now());
        app.database.ask(choice).await?.ok_or(Refused::Unauthenticated)?;
    }
    let change = app.db().change_user(caller.user, language, patch.notifications, app.now());
    let changed = app.database.ask(change).await?.ok_or(Refused::Unauthenticated)?;
    app.sessions.describe(&caller.session, &changed).await?;
    Ok(Json(described(&changed)))
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
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
    // From here on nothing of it can be lost: SQL knows which rooms are still to be done.
    let (held, at) = (app.rooms.held_with(user), app.now());
    let erased = app.database.ask(app.db().erase_user(user, &held, at)).await?;
    app.sessions.end_all(user, erased.sessions).await?;
    app.timelines.tell_erased(erased.blanked).await;
    let rooms: BTreeSet<RoomCode> = erased.rooms.into_iter().chain(held).take(ERASED_AT_ONCE).collect();
    let leaving = stream::iter(rooms).for_each_concurrent(ROOMS_AT_A_TIME, async |room| {
        let erasure = Erasure { room, member: user, at };
        if let Err(error) = erasures::carry_out(app.hot(), app.db(), &erasure, app.now()).await {
            tracing::debug!(%error, %room, "somebody is taken out of a room later");
        }
    });
    // The others, and what could not be done, are done in the background.
    let _ = timeout(ERASING_TAKES, leaving).await;
    if let Err(error) = app.db().leave_no_trace().await {
        tracing::debug!(%error, "the file is cleared later");
    }
    Ok(())
}

/// Whether a token is of somebody who has erased themselves, and has not come back.
async fn was_erased(app: &App, token: Option<&str>) -> Result<bool, Refused> {
    let Some(token) = token else { return Ok(false) };
    let Some(user) = app.sessions.ended(token).await? else { return Ok(false) };
    Ok(app.database.ask(app.db().is_erased(user)).await?)
}

/// A user as they are told about themselves.
pub(crate) fn described(user: &sovpalo_storage::User) -> User {
    let sovpalo_storage::Person { id, first_name, last_name, username, photo_url } = user.person.clone();
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
        region: user.region.clone(),
    }
}
