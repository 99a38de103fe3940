//! What a member does in a room, over HTTP: the same commands as on its socket.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use sovpalo_domain::room::{self, Refusal};
use sovpalo_storage::rooms::{Done, LiveRoom};

use crate::{
    App,
    extract::{Body, Caller, Code, Deadline, Params},
    hear::Ear,
    problem::{AnyProblem, Refused},
    wire::{Command, Room, Selections},
};

/// A command is done.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Outcome {
    /// Of the event that the command became; where the room stands, if it already was so.
    seq: u64,
    /// The room after it; `null` for somebody who has left.
    room: Option<Room>,
}

/// Replace all of my picks.
#[utoipa::path(post, path = "/api/rooms/{code}/selections", tag = "rooms", request_body = Selections,
    params(("code" = String, Path, description = "The invite code"), Deadline),
    responses((status = 200, body = Room), AnyProblem))]
pub(crate) async fn select(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
    Params(deadline): Params<Deadline>,
    Body(Selections { titles }): Body<Selections>,
) -> Result<Json<Room>, Refused> {
    let live = app.open(code).await?;
    app.ask(&live, &caller, &deadline, |ear| ear.selection(&titles)).await?;
    app.show(&live, caller.user, caller.language).map(Json).ok_or(Refused::Room(Refusal::NotAMember))
}

/// Say what shall be so in a room. Saying it twice is saying it once.
#[utoipa::path(post, path = "/api/rooms/{code}/commands", tag = "rooms", request_body = Command,
    params(("code" = String, Path, description = "The invite code"), Deadline),
    responses((status = 200, body = Outcome), AnyProblem))]
pub(crate) async fn command(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
    Params(deadline): Params<Deadline>,
    Body(command): Body<Command>,
) -> Result<Json<Outcome>, Refused> {
    let live = app.open(code).await?;
    let done = app.ask(&live, &caller, &deadline, |ear| ear.command(command)).await?;
    let room = app.show(&live, caller.user, caller.language);
    Ok(Json(Outcome { seq: done.seq.get(), room }))
}

impl App {
    /// Hears a command out and has it done.
    async fn ask(
        &self,
        live: &LiveRoom,
        caller: &Caller,
        deadline: &Deadline,
        hear: impl FnOnce(Ear<'_>) -> Result<room::Command, Vec<room::Invalid>>,
    ) -> Result<Done, Refused> {
        self.limits.command(caller.user).map_err(|retry_after| Refused::TooMany { retry_after })?;
        let catalogue = self.titles.current();
        let heard = live.read(|room| hear(Ear { catalogue: &catalogue, room })).map_err(Refused::Invalid)?;
        Ok(self.rooms.execute_until(deadline.time(), live, caller.user, &heard).await?)
    }
}
