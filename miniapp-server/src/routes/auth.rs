//! Signing in and out.

use std::sync::Arc;

use axum::{Json, extract::State};
use http::StatusCode;
use sovpalo_domain::{ids::RoomCode, room::Refusal};
use sovpalo_storage::{db::User, rooms::RoomError};

use super::me::described;
use crate::{
    App,
    extract::{Body, Caller, Peer},
    init_data::{self, BadInitData, Launch},
    limits::Allowance,
    problem::{AnyProblem, Refused},
    sessions::{ACCESS_FOR, SessionError, Tokens},
    wire::{InitDataBody, RefreshBody, Room, Session},
};

/// Exchange Telegram's launch data for a session. If the launch carries a room's code, the caller joins it.
#[utoipa::path(post, path = "/api/auth/telegram", tag = "auth", security(()), request_body = InitDataBody,
    responses((status = 200, description = "Signed in", body = Session), AnyProblem))]
pub(crate) async fn telegram(
    State(app): State<Arc<App>>,
    peer: Peer,
    Body(body): Body<InitDataBody>,
) -> Result<Json<Session>, Refused> {
    app.limits.address(Allowance::Auth, peer.ip).await?;
    let launch = match app.check_launch(&body.init_data) {
        Ok(launch) => launch,
        Err(bad) => {
            app.limits.failure(peer.ip).await?;
            return Err(match bad {
                BadInitData::Invalid => Refused::InitDataInvalid,
                BadInitData::Expired => Refused::InitDataExpired,
            });
        }
    };
    app.limits.user(Allowance::Auth, launch.person.id).await?;

    let now = app.now();
    let user = app.db().see_user(&launch.person, launch.language.as_deref(), now).await?;
    if launch.writes_allowed && !user.writes_allowed {
        app.db().allow_writes(user.person.id, true, now).await?;
    }
    let tokens = app.sessions.open(user.person.id, user.language, peer.origin).await?;
    let room = enter(&app, &user, launch.start_param.as_deref()).await?;
    metrics::counter!("sovpalo_sign_ins_total").increment(1);
    Ok(Json(session(&user, tokens, room)))
}

/// Joins the room that a launch pointed at. A link to nowhere, or to a room that is full, still signs in.
async fn enter(app: &App, user: &User, start_param: Option<&str>) -> Result<Option<Room>, Refused> {
    let Some(code) = start_param.and_then(|param| param.parse::<RoomCode>().ok()) else { return Ok(None) };
    let joined = match app.rooms.open(code).await {
        Ok(live) => app.join(&live, user).await.map(|()| live),
        Err(error) => Err(error),
    };
    match joined {
        Ok(live) => Ok(app.show(&live, user.person.id, user.language)),
        Err(RoomError::NotFound | RoomError::Refused(Refusal::RoomFull | Refusal::NotAMember)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Spend a refresh token for the next session tokens.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", security(()), request_body = RefreshBody,
    responses((status = 200, description = "New tokens; the old refresh token is spent", body = Session), AnyProblem))]
pub(crate) async fn refresh(
    State(app): State<Arc<App>>,
    peer: Peer,
    Body(body): Body<RefreshBody>,
) -> Result<Json<Session>, Refused> {
    app.limits.address(Allowance::Auth, peer.ip).await?;
    let (live, tokens) = match app.sessions.refresh(&body.refresh_token, peer.origin).await {
        Ok(refreshed) => refreshed,
        Err(SessionError::Hot(error)) => return Err(error.into()),
        Err(SessionError::Invalid) => {
            app.limits.failure(peer.ip).await?;
            return Err(Refused::RefreshInvalid);
        }
    };
    app.limits.user(Allowance::Auth, live.user).await?;
    let user = app.db().user(live.user).await?.ok_or(Refused::RefreshInvalid)?;
    if user.language != live.language {
        // Chosen on another phone meanwhile.
        app.sessions.speak(&live.session, user.language).await?;
    }
    Ok(Json(session(&user, tokens, None)))
}

/// End this session: its tokens stop working and its sockets close at once.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth",
    responses((status = 204, description = "Signed out"), AnyProblem))]
pub(crate) async fn logout(State(app): State<Arc<App>>, caller: Caller) -> Result<StatusCode, Refused> {
    app.sessions.end(&caller.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn session(user: &User, tokens: Tokens, room: Option<Room>) -> Session {
    Session {
        access_token: tokens.access,
        expires_in: ACCESS_FOR.as_secs(),
        refresh_token: tokens.refresh,
        user: described(user),
        room,
    }
}

impl App {
    fn check_launch(&self, raw: &str) -> Result<Launch, BadInitData> {
        init_data::check(raw, &self.config.init_data_key, self.now(), self.config.init_data_max_age)
    }
}
