//! What a member does in a room, over HTTP: the same commands as on its socket.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{Json, extract::State};
use serde::Serialize;
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Refusal,
};
use sovpalo_live::{
    hot::{Device, FencingToken},
    rooms::LiveRoom,
};

use crate::{
    App,
    commands::Terms,
    extract::{Body, Caller, Code, Connected, Connection, Deadline, Params, Uncounted},
    limits::{Allowance, Marking},
    lobby, parse,
    present::Presenter,
    problem::{AnyProblem, Refused},
    wire::{Command, Message, Room, Selections, Title},
};

/// A command is done.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Outcome {
    /// Of the event that the command became; where the room stands, if it already was so.
    seq: u64,
    /// The room after it; `null` for somebody who has left.
    #[schema(required)]
    room: Option<Room>,
    /// Of a command about a message: the message, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<Message>,
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
    app.limits.command(caller.user).map_err(too_many)?;
    let live = app.open(code).await?;
    app.in_lobby(&live, caller.user, lobby::weight_of_selection(titles.len()))?;
    let strangers = app.strangers_among(&titles);
    if !strangers.is_empty() {
        Box::pin(app.keep_for(&live, caller.user, strangers)).await?;
    }
    let selection = app.understand(&live, None, |parser| parser.selection(&titles))?;
    let terms = Terms { user: caller.user, fence: None, until: deadline.time(), patience: Duration::ZERO };
    app.execute(&live, terms, &selection).await?;
    app.show(&live, caller.user, caller.language).map(Json).ok_or(Refused::Room(Refusal::NotAMember))
}

/// Cards that a phone may deal to its person while it is offline.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Upcoming {
    /// The room's epoch: in another one there are other cards.
    epoch: u32,
    /// The round: the same.
    round: u32,
    /// The next cards first, at most 30: as the queue will be up to its next step, and then in the deck's own order. None where nothing is swiped.
    items: Vec<Title>,
}

/// My next cards in advance, for a phone that may be offline soon. For members only.
#[utoipa::path(get, path = "/api/rooms/{code}/queue", operation_id = "show_queue", tag = "rooms",
    params(("code" = String, Path, description = "The invite code")),
    responses((status = 200, body = Upcoming), AnyProblem))]
pub(crate) async fn upcoming(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
) -> Result<Json<Upcoming>, Refused> {
    let live = app.open(code).await?;
    if !app.has_member(&live, caller.user).await? {
        return Err(Refused::Room(Refusal::NotAMember));
    }
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    Ok(Json(live.read(|room| Upcoming {
        epoch: room.epoch().get(),
        round: room.round().get(),
        items: presenter.upcoming(room, caller.user),
    })))
}

/// Say what shall be so in a room. Saying it twice is saying it once.
///
/// Counts as a command, as on a socket, and not as a call.
#[utoipa::path(post, path = "/api/rooms/{code}/commands", tag = "rooms", request_body = Command,
    params(("code" = String, Path, description = "The invite code"), Deadline, Connected),
    responses((status = 200, body = Outcome), AnyProblem))]
pub(crate) async fn command(
    State(app): State<Arc<App>>,
    Uncounted(caller): Uncounted,
    Code(code): Code,
    Params(deadline): Params<Deadline>,
    Params(connected): Params<Connected>,
    Body(command): Body<Command>,
) -> Result<Json<Outcome>, Refused> {
    app.limits.command(caller.user).map_err(too_many)?;
    let outcome = app.obey(&caller, code, &deadline, &connected, command).await;
    caller.count_if_stranger(&app, outcome).await.map(Json)
}

fn too_many(retry_after: Duration) -> Refused {
    Refused::TooMany { retry_after }
}

impl App {
    async fn obey(
        &self,
        caller: &Caller,
        code: RoomCode,
        deadline: &Deadline,
        connected: &Connected,
        command: Command,
    ) -> Result<Outcome, Refused> {
        // Which connection it counts for is asked first, so that one which opens while the room is still being read is newer.
        let (asked_on, live) = tokio::join!(self.asked_on(code, caller.user, connected), self.open(code));
        let (live, asked_on) = (live?, asked_on?);
        let fence = self.fence_of(&live, caller.user, asked_on).await?;
        let terms = Terms { user: caller.user, fence, until: deadline.time(), patience: Duration::ZERO };
        let marking = Marking::of(&command);
        if let Some(command) = parse::talk(&command) {
            if let Some(marking) = marking {
                self.limits.marking(caller.user, marking).map_err(too_many)?;
            }
            let command = command.map_err(Refused::Invalid)?;
            let done = self.execute_talk(&live, terms, &command).await?;
            let Caller { user, language, .. } = *caller;
            let message = self.show_messages(&live, user, language, done.message.as_slice()).pop();
            let room = self.show_whole(&live, user, language).await;
            return Ok(Outcome { seq: live.position().seq.get(), room, message });
        }
        if let Some(weight) = lobby::weight(&command) {
            self.in_lobby(&live, caller.user, weight)?;
        }
        let command = self.read_command(&live, caller.user, command).await?;
        let done = self.execute(&live, terms, &command).await?;
        // Without its messages: nothing that is done in the log waits for SQL.
        let room = self.show(&live, caller.user, caller.language);
        Ok(Outcome { seq: done.seq.get(), room, message: None })
    }

    /// Counts what a member says in a lobby. Strangers are refused anyway, and take nothing of the room's share.
    fn in_lobby(&self, live: &LiveRoom, user: UserId, weight: NonZeroU32) -> Result<(), Refused> {
        self.limits.lobby_of_person(user, weight).map_err(too_many)?;
        if live.read(|room| room.has_member(user)) {
            self.limits.lobby_of_room(live.code(), weight).map_err(too_many)?;
        }
        Ok(())
    }

    /// On which connection a command was asked for, as far as that is known as it comes. Nothing is kept of it yet.
    async fn asked_on(
        &self,
        code: RoomCode,
        user: UserId,
        connected: &Connected,
    ) -> Result<AskedOn, Refused> {
        Ok(match (connected.connection()?, connected.device()?) {
            (Some((device, Connection::Named(socket))), _) => {
                AskedOn::This(FencingToken { member: user, device, socket })
            }
            (Some((_, Connection::New)), _) => {
                return Err(Refused::invalid("connection", "begins with a question for updates"));
            }
            (None, Some(device)) => {
                let newest = self.rooms.newest_connection(code, user, device).await?;
                newest.map_or(AskedOn::First(device), AskedOn::This)
            }
            (None, None) => AskedOn::Unnamed,
        })
    }

    /// Which connection a command counts for, if its device says which it is. Only of a member's device it is kept.
    async fn fence_of(
        &self,
        live: &LiveRoom,
        user: UserId,
        asked_on: AskedOn,
    ) -> Result<Option<FencingToken>, Refused> {
        Ok(match asked_on {
            AskedOn::Unnamed => None,
            AskedOn::This(fence) => Some(fence),
            AskedOn::First(device) if self.has_member(live, user).await? => {
                self.limits.user(Allowance::Devices, user).await?;
                Some(self.rooms.first_connection(live.code(), user, device).await?)
            }
            // The rules refuse what a stranger asks for.
            AskedOn::First(device) => Some(FencingToken::without_a_socket(user, device)),
        })
    }
}

/// On which of a device's connections a command by HTTP was asked for.
enum AskedOn {
    /// The device did not say its name.
    Unnamed,
    This(FencingToken),
    /// The device had none in this room.
    First(Device),
}
