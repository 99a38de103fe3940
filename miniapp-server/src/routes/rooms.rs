//! Making rooms, finding them, joining them.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde::Serialize;
use sovpalo_domain::{
    ids::RoomCode,
    room::{Refusal, Settings},
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::{RoomInList, TalkSummary, measure};

use crate::{
    App,
    extract::{Caller, Code, Deadline, OptionalBody, Params},
    idempotency::{IdempotencyKey, KeyedRequest, Place},
    limits::Allowance,
    parse,
    present::{self, Presenter},
    problem::{AnyProblem, Refused},
    wire::{NewRoom, Preview, Room, RoomSummary},
};

/// A list shows so many rooms.
const LISTED: usize = 100;

/// Make a room. Everything has a default. With an `Idempotency-Key`, asking again within a day is answered with the same room.
#[utoipa::path(post, path = "/api/rooms", tag = "rooms", request_body = Option<NewRoom>,
    params(("Idempotency-Key" = Option<String>, Header,
        description = "1 to 64 visible ASCII characters; the same person's same key is the same room for 24 hours")),
    responses((status = 201, description = "Made, and joined by its host", body = Room,
        headers(("location" = String))), AnyProblem))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    key: IdempotencyKey,
    OptionalBody(wanted): OptionalBody<NewRoom>,
) -> Result<Response, Refused> {
    let request = app.room_names.request(caller.user, key, &wanted);
    let titles = app.titles.current();
    let settings = parse::new_room(&titles, caller.language, wanted).map_err(Refused::Invalid)?;
    settings.check()?;
    let live = match request {
        None => {
            let user = app.known(&caller).await?;
            app.limits.user(Allowance::Rooms, caller.user).await?;
            let made = app.rooms.create(caller.user, present::profile(&user.person), settings);
            let live = app.database.perhaps(made).await?;
            count_made();
            live
        }
        Some(request) => create_once(&app, &caller, &request, &settings).await?,
    };
    app.carry_over(&live).await;
    let not_any_more = Refused::Room(Refusal::NotAMember);
    let room = app.show_whole(&live, caller.user, caller.language).await.ok_or(not_any_more)?;
    let location = format!("/api/rooms/{}", live.code());
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(room)).into_response())
}

/// The room of a key: only the first request makes it, and only that one counts.
async fn create_once(
    app: &App,
    caller: &Caller,
    request: &KeyedRequest,
    settings: &Settings,
) -> Result<Arc<LiveRoom>, Refused> {
    let mut counted = false;
    loop {
        let (code, seed) = match app.place(request).await? {
            Place::Made(live) => return Ok(live),
            Place::Free { code, seed } => (code, seed),
        };
        let profile = present::profile(&app.known(caller).await?.person);
        if !std::mem::replace(&mut counted, true) {
            app.limits.user(Allowance::Rooms, caller.user).await?;
        }
        let made = app.rooms.create_at(code, seed, caller.user, &profile, settings);
        // Otherwise a twin of this request was quicker.
        if let Some(live) = app.database.perhaps(made).await? {
            count_made();
            return Ok(live);
        }
    }
}

fn count_made() {
    measure::count("sovpalo_rooms_created_total", []);
}

/// My rooms, newest first.
#[utoipa::path(get, path = "/api/rooms", tag = "rooms",
    responses((status = 200, body = [RoomSummary]), AnyProblem))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Vec<RoomSummary>>, Refused> {
    let rooms = app.database.ask(app.db().room_list(caller.user, LISTED)).await?;
    // Without them there is still the list.
    let messages = app.database.ask(app.db().talk_summaries(caller.user, LISTED)).await;
    let messages: Option<BTreeMap<RoomCode, TalkSummary>> = messages.ok().map(BTreeMap::from_iter);
    let titles = app.titles.current();
    let presenter = Presenter { catalogue: &titles, language: caller.language };
    let summary = |listed: &RoomInList| {
        let of_room = |all: &BTreeMap<_, _>| all.get(&listed.row.code).map(present::in_brief);
        let messages = messages.as_ref().map(|all| of_room(all).unwrap_or_default());
        RoomSummary { messages, ..presenter.summary(listed) }
    };
    Ok(Json(rooms.iter().map(summary).collect()))
}

/// A room, as much of it as the caller may see.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub(crate) enum RoomOrPreview {
    /// All that a member sees.
    Room(Box<Room>),
    /// What anybody may know who has the code.
    Preview(Preview),
}

/// A room: all of it for a member, a preview for anybody else.
#[utoipa::path(get, path = "/api/rooms/{code}", tag = "rooms",
    params(("code" = String, Path, description = "The invite code; lower case and look-alikes are accepted")),
    responses((status = 200, body = RoomOrPreview), AnyProblem))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
) -> Result<Json<RoomOrPreview>, Refused> {
    let live = app.open(code).await?;
    let is_member = app.has_member(&live, caller.user).await?;
    let room = if is_member { app.show_whole(&live, caller.user, caller.language).await } else { None };
    Ok(Json(match room {
        Some(room) => RoomOrPreview::Room(Box::new(room)),
        None => RoomOrPreview::Preview(
            live.read(|room| present::preview(room, app.invite_url(code), caller.language)),
        ),
    }))
}

/// Join a room. Joining twice is joining once.
#[utoipa::path(post, path = "/api/rooms/{code}/join", tag = "rooms",
    params(("code" = String, Path, description = "The invite code; lower case and look-alikes are accepted"), Deadline),
    responses((status = 200, body = Room), AnyProblem))]
pub(crate) async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
    Params(deadline): Params<Deadline>,
) -> Result<Json<Room>, Refused> {
    app.limits.user(Allowance::Joins, caller.user).await?;
    let live = app.open(code).await?;
    let user = app.known(&caller).await?;
    app.join(&live, &user, deadline.time()).await?;
    app.show_whole(&live, caller.user, caller.language).await.map(Json).ok_or(Refused::Internal)
}
