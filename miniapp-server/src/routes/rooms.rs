//! Making rooms, finding them, joining them.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::RoomCode,
    room::{Access, Refusal, Settings},
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::{Report, RoomInList, Search, TalkSummary, measure};

use crate::{
    App,
    extract::{Body, Caller, Code, Deadline, OptionalBody, Params, Peer},
    idempotency::{IdempotencyKey, KeyedRequest, Place},
    limits::Allowance,
    parse,
    passwords::Knock,
    present::{self, Presenter},
    problem::{AnyProblem, Refused},
    wire::{JoinBody, NewRoom, Preview, ReportBody, Room, RoomSummary},
};

/// A list shows so many rooms.
const LISTED: usize = 100;
/// A page of rooms to find has so many if nobody says otherwise, and so many at most.
const FOUND: usize = 30;
pub(crate) const MOST_FOUND: usize = 50;
/// So many rooms to find are passed over at most; who wants more looks for something.
pub(crate) const MOST_SKIPPED: usize = 500;
/// Rooms are looked for by at most so many characters.
const MOST_LOOKED_FOR: usize = 100;

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
    let (wanted_access, wanted_deck) = (wanted.access.clone(), wanted.deck.clone());
    let titles = app.titles.current();
    let settings = parse::new_room(&titles, caller.language, wanted).map_err(Refused::Invalid)?;
    settings.check()?;
    Box::pin(app.refuse_an_empty_deck(wanted_deck.as_ref(), caller.user)).await?;
    let hash = app.hash_of_new(wanted_access.as_ref()).await?;
    let access = parse::new_access(wanted_access.as_ref(), hash);
    access.check().map_err(|invalid| Refused::Invalid(vec![invalid]))?;
    let live = match request {
        None => {
            let user = app.known(&caller).await?;
            app.limits.user(Allowance::Rooms, caller.user).await?;
            let profile = present::profile(&user.person);
            let made = app.rooms.create_with(caller.user, &profile, &settings, &access);
            let live = app.database.perhaps(made).await?;
            count_made();
            live
        }
        Some(request) => create_once(&app, &caller, &request, &settings, &access).await?,
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
    access: &Access,
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
        let made = app.rooms.create_at(code, seed, caller.user, &profile, settings, access);
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
#[utoipa::path(get, path = "/api/rooms", operation_id = "list_rooms", tag = "rooms",
    responses((status = 200, body = [RoomSummary]), AnyProblem))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Vec<RoomSummary>>, Refused> {
    let mut rooms = app.database.ask(app.db().room_list(caller.user, LISTED)).await?;
    app.rooms.note_unwatched(rooms.iter_mut()).await;
    // Without them there is still the list.
    let messages = app.database.ask(app.db().talk_summaries(caller.user, LISTED)).await;
    let messages: Option<BTreeMap<RoomCode, TalkSummary>> = messages.ok().map(BTreeMap::from_iter);
    let titles = app.titles.current();
    let presenter = Presenter { catalogue: &titles, posters: &app.posters, language: caller.language };
    let summary = |listed: &RoomInList| {
        let of_room = |all: &BTreeMap<_, _>| all.get(&listed.row.code).map(present::in_brief);
        let messages = messages.as_ref().map(|all| of_room(all).unwrap_or_default());
        RoomSummary { messages, ..presenter.summary(listed) }
    };
    Ok(Json(rooms.iter().map(summary).collect()))
}

/// Which rooms are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Finding {
    /// Part of a room's name, or of what is shown in it; of more than 100 characters the first 100.
    #[serde(default)]
    q: String,
    /// At most so many; 1 to 50, 30 if nothing is said.
    limit: Option<usize>,
    /// Not the so many fullest, which are known already; at most 500.
    #[serde(default)]
    skip: usize,
}

/// The rooms that anybody can find and that I can join, fullest first. Of a room with a password nobody is named who is in it.
#[utoipa::path(get, path = "/api/rooms/public", tag = "rooms", params(Finding),
    responses((status = 200, body = [RoomSummary]), AnyProblem))]
pub(crate) async fn public(
    State(app): State<Arc<App>>,
    caller: Caller,
    Params(finding): Params<Finding>,
) -> Result<Json<Vec<RoomSummary>>, Refused> {
    let limit = finding.limit.unwrap_or(FOUND);
    if !(1..=MOST_FOUND).contains(&limit) {
        return Err(Refused::invalid("limit", "is 1 to 50"));
    }
    if finding.skip > MOST_SKIPPED {
        return Err(Refused::invalid("skip", "is at most 500"));
    }
    let text: String = finding.q.chars().take(MOST_LOOKED_FOR).collect();
    let search = Search { text: &text, skip: finding.skip, limit };
    let mut found = app.database.ask(app.db().rooms_to_find(caller.user, search, app.now())).await?;
    app.rooms.note_unwatched(found.iter_mut().map(|found| &mut found.listed)).await;
    let titles = app.titles.current();
    let presenter = Presenter { catalogue: &titles, posters: &app.posters, language: caller.language };
    Ok(Json(found.iter().map(|found| presenter.room_to_find(found)).collect()))
}

/// Tell the operators what is wrong with a room. What one person says about it again takes the place of what they said before.
#[utoipa::path(post, path = "/api/rooms/{code}/report", tag = "rooms", request_body = ReportBody,
    params(("code" = String, Path, description = "The invite code")),
    responses((status = 204, description = "Kept for the operators"), AnyProblem))]
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(room): Code,
    Body(ReportBody { reason }): Body<ReportBody>,
) -> Result<StatusCode, Refused> {
    let reason = parse::reason(&reason).map_err(Refused::Invalid)?;
    app.limits.user(Allowance::Reports, caller.user).await?;
    let report = Report { room, reporter: caller.user, reason, at: app.now() };
    let known = app.database.ask(app.db().report_room(&report)).await?;
    if known { Ok(StatusCode::NO_CONTENT) } else { Err(Refused::RoomNotFound) }
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
#[utoipa::path(get, path = "/api/rooms/{code}", operation_id = "show_room", tag = "rooms",
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
    request_body = Option<JoinBody>,
    params(("code" = String, Path, description = "The invite code; lower case and look-alikes are accepted"), Deadline),
    responses((status = 200, body = Room), AnyProblem))]
pub(crate) async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    peer: Peer,
    Code(code): Code,
    Params(deadline): Params<Deadline>,
    OptionalBody(body): OptionalBody<Option<JoinBody>>,
) -> Result<Json<Room>, Refused> {
    app.limits.user(Allowance::Joins, caller.user).await?;
    let live = app.open(code).await?;
    let user = app.known(&caller).await?;
    match body.and_then(|body| body.password) {
        None => app.join(&live, &user, deadline.time()).await?,
        Some(password) => {
            let knock = Knock { user: caller.user, ip: peer.ip, password };
            app.join_knocking(&live, &user, knock, deadline.time()).await?;
        }
    }
    app.show_whole(&live, caller.user, caller.language).await.map(Json).ok_or(Refused::Internal)
}
