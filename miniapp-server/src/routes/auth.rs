//! Signing in and out.

use std::sync::Arc;

use axum::{Json, extract::State};
use http::StatusCode;
use sovpalo_domain::{language::Language, pasted::codes_of_start, room::Refusal};
use sovpalo_live::rooms::RoomError;
use sovpalo_storage::{
    DbError, User,
    measure::{self, Label},
};

use super::me::described;
use crate::{
    App,
    extract::{Bearer, Body, Peer},
    init_data::{self, Launch, Untimely},
    limits::Allowance,
    problem::{AnyProblem, Refused},
    sessions::{Entrance, Live, SessionError, Tokens},
    wire::{InitDataBody, RefreshBody, Room, Session},
};

/// Exchange Telegram's launch data for a session. If the launch carries a room's code, the caller joins it. The same data signs in as
/// often as it is presented while it is fresh, until its owner signs out.
#[utoipa::path(post, path = "/api/auth/telegram", tag = "auth", security(()), request_body = InitDataBody,
    responses((status = 200, description = "Signed in", body = Session), AnyProblem))]
pub(crate) async fn telegram(
    State(app): State<Arc<App>>,
    peer: Peer,
    Body(body): Body<InitDataBody>,
) -> Result<Json<Session>, Refused> {
    app.limits.address(Allowance::Again, peer.ip).await?;
    let Ok(launch) = init_data::check(&body.init_data, &app.config.init_data_key) else {
        app.limits.failure(peer.ip).await?;
        return Err(Refused::InitDataInvalid);
    };
    let (live, tokens) = sign_in(&app, &launch, &peer).await.inspect_err(|refused| {
        measure::count("sovpalo_sign_ins_refused_total", [("code", Label::word(refused.code()))]);
    })?;
    let pointed_at = launch.start_param.as_deref().filter(|_| body.join.unwrap_or(true));
    let room = enter(&app, &live.owner, pointed_at).await?;
    measure::count("sovpalo_sign_ins_total", []);
    Ok(Json(session(&live.owner, tokens, room)))
}

/// Opens the session of a genuine launch, or enters it once more.
async fn sign_in(app: &App, launch: &Launch, peer: &Peer) -> Result<(Live, Tokens), Refused> {
    let user = launch.person.id;
    app.limits.user(Allowance::Again, user).await?;
    app.clocks.signed(launch.signed_at, app.now());
    match launch.is_timely(app.now(), app.config.init_data_max_age) {
        Ok(()) => {}
        Err(Untimely::Expired) => return Err(Refused::InitDataExpired),
        Err(Untimely::ClockDiffers) => return Err(Refused::ClockDiffers),
    }
    let mut counted = false;
    loop {
        let entered = match app.sessions.entrance(&launch.hash, user).await? {
            // Telegram said who they are when it was opened; since then they may have said so themselves.
            Entrance::Known(known) => app.sessions.enter_again(*known).await?,
            Entrance::New(session) => {
                if !std::mem::replace(&mut counted, true) {
                    app.limits.address(Allowance::Auth, peer.ip).await?;
                    app.limits.user(Allowance::Auth, user).await?;
                }
                let owner = app.seen(launch).await?;
                app.sessions.open(&session, owner, peer.origin.clone()).await?
            }
        };
        // Otherwise somebody else signed in, or out, in the same moment.
        if let Some(entered) = entered {
            return Ok(entered);
        }
    }
}

/// Joins the room that a launch pointed at. A link to nowhere, or to a room that is full or asks for a password, still signs in.
async fn enter(app: &App, user: &User, start_param: Option<&str>) -> Result<Option<Room>, Refused> {
    let codes = start_param.map(codes_of_start).unwrap_or_default();
    let Some(code) = codes.first().map(|pasted| pasted.code) else { return Ok(None) };
    let joined = match app.open(code).await {
        Ok(live) => app.join(&live, user, None).await.map(|()| live),
        Err(error) => Err(error),
    };
    match joined {
        Ok(live) => Ok(app.show_whole(&live, user.person.id, user.language).await),
        Err(
            RoomError::NotFound
            | RoomError::Refused(
                Refusal::RoomFull | Refusal::WrongPassword | Refusal::WornOut | Refusal::NotAMember,
            ),
        ) => Ok(None),
        // That room's trouble, and not who signs in's.
        Err(error) if error.is_unreadable() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Spend a refresh token for the next session tokens. In case the answer is lost, the same token is answered with the same tokens once
/// more, for half a minute at least.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", security(()), request_body = RefreshBody,
    responses((status = 200, description = "New tokens; the old refresh token is spent", body = Session), AnyProblem))]
pub(crate) async fn refresh(
    State(app): State<Arc<App>>,
    peer: Peer,
    Body(body): Body<RefreshBody>,
) -> Result<Json<Session>, Refused> {
    app.limits.address(Allowance::Again, peer.ip).await?;
    // Counted before the token is spent: whoever is refused still has it.
    if let Some(user) = app.sessions.holder(&body.refresh_token) {
        app.limits.user(Allowance::Again, user).await?;
    }
    let (live, tokens) = match app.sessions.refresh(&body.refresh_token, peer.origin).await {
        Ok(refreshed) => refreshed,
        Err(SessionError::Invalid) => {
            app.limits.failure(peer.ip).await?;
            return Err(Refused::RefreshInvalid);
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Json(session(&live.owner, tokens, None)))
}

/// End this session: its tokens stop working, its sockets close at once, and its launch data signs in no more. Said again with the same
/// token, it is done already. A 503 says that a store could not be told yet:
/// the session has ended as far as can be, and the same call may be made again with the same token.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth",
    responses((status = 204, description = "Signed out"), AnyProblem))]
pub(crate) async fn logout(
    State(app): State<Arc<App>>,
    peer: Peer,
    Bearer(token): Bearer,
) -> Result<StatusCode, Refused> {
    app.limits.address(Allowance::Api, peer.ip).await?;
    app.sessions.sign_out(&token.ok_or(Refused::Unauthenticated)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn session(user: &User, tokens: Tokens, room: Option<Room>) -> Session {
    Session {
        access_token: tokens.access,
        expires_in: tokens.expires_in.as_secs(),
        refresh_token: tokens.refresh,
        user: described(user),
        room,
    }
}

impl App {
    /// Remembers whoever launched the app. While the database is away they are who Telegram says; their session remembers that
    /// for later.
    async fn seen(&self, launch: &Launch) -> Result<User, Refused> {
        let (db, now) = (self.db(), self.now());
        let seen = async {
            let user = db.see_user(&launch.person, launch.language.as_deref(), now).await?;
            if launch.writes_allowed && !user.writes_allowed {
                db.allow_writes(user.person.id, true, now).await?;
            }
            Ok::<_, DbError>(user)
        };
        match self.database.ask(seen).await {
            Err(error) if error.is_unavailable() => Ok(User {
                person: launch.person.clone(),
                language: launch.language.as_deref().map(Language::from_tag).unwrap_or_default(),
                notifications: true,
                writes_allowed: launch.writes_allowed,
                region: None,
            }),
            seen => Ok(seen?),
        }
    }
}
