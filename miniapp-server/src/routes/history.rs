//! A room's history: what matched in it, how it was, and what is never to be dealt there again.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use sovpalo_domain::{
    face::Face,
    ids::{RoomCode, TitleId},
    room::{Refusal, Room},
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::{Between, HISTORY_PAGE, MarkChange, MarkedInRoom, NEVER_PER_ROOM};

use crate::{
    App,
    extract::{Body, Caller, Code, Params},
    present::{
        Presenter,
        history::{title_mark, unmatched_round},
    },
    problem::{AnyProblem, Refused},
    wire::{self, HistoryPage, NeverDealt, RoomMark, RoomMarkChange},
};

/// Which part of the history is wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// What matched before the match of this number; absent: the newest.
    before: Option<u32>,
    /// How many at most; 1 to 50, 50 where it is absent.
    limit: Option<usize>,
}

/// What matched in a room in all of its rounds, the newest first, and what its people say of it; and the rounds in which nothing did. For its
/// members.
#[utoipa::path(get, path = "/api/rooms/{code}/history", operation_id = "room_history", tag = "rooms",
    params(("code" = String, Path, description = "The invite code"), Wanted),
    responses((status = 200, body = HistoryPage), AnyProblem))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
    Params(wanted): Params<Wanted>,
) -> Result<Json<HistoryPage>, Refused> {
    let limit = wanted.limit.unwrap_or(HISTORY_PAGE);
    if !(1..=HISTORY_PAGE).contains(&limit) {
        return Err(Refused::invalid("limit", format!("is 1 to {HISTORY_PAGE}")));
    }
    app.for_members(&caller, code).await?;
    let (items, more) = app.database.ask(app.db().room_history(code, wanted.before, limit)).await?;
    let after = items.last().filter(|_| more).map(|last| last.round);
    let between = Between { after, before: wanted.before };
    let unmatched = app.database.ask(app.db().unmatched_rounds(code, between)).await?;
    let titles = app.titles.current();
    let presenter = Presenter { catalogue: &titles, posters: &app.posters, language: caller.language };
    Ok(Json(HistoryPage {
        items: items.iter().map(|past| presenter.past_match(past)).collect(),
        unmatched: unmatched.iter().map(unmatched_round).collect(),
        more,
    }))
}

/// The titles that are dealt in no deck of a room. For its members; nobody learns who wished it.
#[utoipa::path(get, path = "/api/rooms/{code}/never", operation_id = "never_dealt", tag = "rooms",
    params(("code" = String, Path, description = "The invite code")),
    responses((status = 200, body = NeverDealt), AnyProblem))]
pub(crate) async fn never(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
) -> Result<Json<NeverDealt>, Refused> {
    app.for_members(&caller, code).await?;
    let never = app.database.ask(app.db().never_dealt(code)).await?;
    let titles = app.titles.current();
    let presenter = Presenter { catalogue: &titles, posters: &app.posters, language: caller.language };
    Ok(Json(NeverDealt { items: never.iter().map(|never| presenter.never_dealt(never)).collect() }))
}

/// Say that a title was watched together, how it was, or that it is never to be dealt in this room again. Any member may, and may take it
/// back. It holds from the next round on.
#[utoipa::path(put, path = "/api/rooms/{code}/history", operation_id = "mark_match", tag = "rooms",
    request_body = RoomMarkChange, params(("code" = String, Path, description = "The invite code")),
    responses((status = 200, description = "The title's mark, as it is now", body = RoomMark), AnyProblem))]
pub(crate) async fn mark(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
    Body(change): Body<RoomMarkChange>,
) -> Result<Json<RoomMark>, Refused> {
    let title = TitleId::new(&change.title).map_err(|_| Refused::invalid("title", "is no title id"))?;
    let live = app.for_members(&caller, code).await?;
    let has_matched = live.read(|room| has_matched(room, &title));
    let of_a_match = change.watched.is_some() || change.face.is_some();
    let known = has_matched || (!of_a_match && app.titles.current().get(&title).is_some());
    if !known {
        return Err(Refused::invalid("title", "has not matched in this room"));
    }
    let change =
        MarkChange { watched: change.watched, never: change.never, face: change.face.map(|f| f.map(face)) };
    let marking = app.db().mark_title(code, &title, caller.user, change, app.now());
    match app.database.ask(marking).await? {
        MarkedInRoom::Done(mark) => Ok(Json(title_mark(&mark))),
        MarkedInRoom::NoRoom => Err(Refused::RoomNotFound),
        MarkedInRoom::NoPerson => Err(Refused::Unauthenticated),
        MarkedInRoom::TooManyNever => {
            Err(Refused::invalid("never", format!("at most {NEVER_PER_ROOM} titles in a room")))
        }
    }
}

fn has_matched(room: &Room, title: &TitleId) -> bool {
    room.matches().iter().any(|found| found.title == *title)
}

fn face(face: wire::Face) -> Face {
    match face {
        wire::Face::Love => Face::Love,
        wire::Face::Good => Face::Good,
        wire::Face::Fine => Face::Fine,
        wire::Face::Bad => Face::Bad,
        wire::Face::Asleep => Face::Asleep,
    }
}

impl App {
    /// The room, if the caller is a member of it.
    async fn for_members(&self, caller: &Caller, code: RoomCode) -> Result<Arc<LiveRoom>, Refused> {
        let live = self.open(code).await?;
        if self.has_member(&live, caller.user).await? {
            Ok(live)
        } else {
            Err(Refused::Room(Refusal::NotAMember))
        }
    }
}
