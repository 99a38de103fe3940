//! A room's events by HTTP long polling, for networks without WebSockets: a request waits until there is an event or its
//! time is up.
//!
//! Answers carry the same events as the socket, in the same JSON. The server keeps no state between two requests except
//! presence: the client sends its epoch and `seq`, and gets every event after them without a gap, or the whole room.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq, UserId},
    room::Refusal,
};
use sovpalo_live::{
    hot::{Published, SocketId},
    rooms::{LiveRoom, NumberedEvent, Publication},
};
use sovpalo_storage::{MessagePage, PAGE, Range};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    App,
    extract::{Caller, Code, Connected, Connection, Params, Uncounted},
    limits::Allowance,
    problem::{AnyProblem, Refused},
    socket::Seat,
    visits::{Line, Waiting},
    wire::{self, Presence, Updates},
};

/// The longest that a question waits: proxies usually cut after 30 s or 60 s.
const LONGEST: i64 = 25;
/// More than this at once is told as the whole room.
const MOST_EVENTS: usize = 200;

/// Where a phone stands, and how long it waits.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Known {
    /// Which history. One that the room is not in is answered with the whole room, as is none.
    epoch: Option<u64>,
    /// How much of it.
    seq: Option<u64>,
    /// The last change of the room's messages that the phone knows: new and changed messages are told then, the first 100 of them. Absent: no
    /// messages are told.
    change: Option<u64>,
    /// How many seconds to wait for something to happen, at most 25. Absent: not at all.
    wait: Option<i64>,
    /// The `mark` of the last answer's `presence`: any change of who is here is then answered at once too.
    presence: Option<String>,
}

/// What happened in a room since. Waits until there is something to tell, then answers 200; 204 if nothing happened for so long, or a
/// newer question of the same connection took its place.
///
/// For clients whose network lets no WebSocket through. Not counted as a call; somebody who asks all the time is made to wait.
#[utoipa::path(get, path = "/api/rooms/{code}/updates", tag = "rooms",
    params(("code" = String, Path, description = "The invite code"), Known, Connected),
    responses((status = 200, body = Updates), (status = 204, description = "Nothing happened"), AnyProblem))]
pub(crate) async fn updates(
    State(app): State<Arc<App>>,
    Uncounted(caller): Uncounted,
    Code(code): Code,
    Params(known): Params<Known>,
    Params(connected): Params<Connected>,
) -> Result<Response, Refused> {
    let outcome = app.updates(&caller, code, &known, &connected).await;
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    Ok(match caller.count_if_stranger(&app, outcome).await? {
        Some(updates) => (fresh, Json(updates)).into_response(),
        None => (StatusCode::NO_CONTENT, fresh).into_response(),
    })
}

impl Known {
    fn position(&self) -> Option<Position> {
        let epoch = u32::try_from(self.epoch?).ok()?;
        Some(Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(self.seq?) })
    }

    fn wait(&self) -> Duration {
        Duration::from_secs(self.wait.unwrap_or_default().clamp(0, LONGEST).unsigned_abs())
    }
}

impl App {
    async fn updates(
        self: &Arc<Self>,
        caller: &Caller,
        code: RoomCode,
        known: &Known,
        connected: &Connected,
    ) -> Result<Option<Updates>, Refused> {
        let connection = connected.connection()?;
        let seat = self.hub.wait(caller.session.clone())?;
        self.pace(caller.user, &seat).await?;
        let live = self.open(code).await?;
        if !self.has_member(&live, caller.user).await? {
            return Err(Refused::Room(Refusal::NotAMember));
        }
        // Asked only now that the hub would tell of its end.
        if !self.sessions.lives(&seat.session).await? {
            return Err(Refused::Unauthenticated);
        }
        let named = match connection {
            Some((_, Connection::Named(socket))) => Some(socket),
            Some((_, Connection::New)) | None => None,
        };
        let line = Line { session: caller.session.clone(), connection: named };
        let waiting = self.visits.wait(&self.rooms, &live, caller.user, line).await?;
        let question = Question { app: self, caller, live: &live, known, seat: &seat };
        match connection {
            Some((device, Connection::New)) => {
                if self.rooms.newest_connection(code, caller.user, device).await?.is_none() {
                    self.limits.user(Allowance::Devices, caller.user).await?;
                }
                let begun = self.rooms.connect(code, caller.user, device).await?;
                self.hub.diagnosis().polling();
                let messages = question.messages().await;
                question.all(messages, Some(begun.socket)).await.map(Some)
            }
            Some((_, Connection::Named(_))) | None => question.wait(&waiting).await,
        }
    }

    /// Somebody who asks all the time is answered less often, with more at once.
    async fn pace(&self, user: UserId, seat: &Seat) -> Result<(), Refused> {
        while let Err(wait) = self.limits.poll(user) {
            tokio::select! {
                () = self.hub.stopping().cancelled() => return Err(self.hub.restarting()),
                () = seat.ended.cancelled() => return Err(Refused::Unauthenticated),
                () = sleep(wait) => {}
            }
        }
        Ok(())
    }
}

/// Whether messages have to be looked at.
fn is_about_messages(publication: &Result<Publication, RecvError>) -> bool {
    match publication {
        Ok(Publication::Published(what)) => matches!(**what, Published::Message(_)),
        Ok(Publication::Missed) | Err(RecvError::Lagged(_)) => true,
        Err(RecvError::Closed) => false,
    }
}

/// A question that is being answered.
struct Question<'a> {
    app: &'a Arc<App>,
    caller: &'a Caller,
    live: &'a Arc<LiveRoom>,
    known: &'a Known,
    seat: &'a Seat,
}

impl Question<'_> {
    /// Waits for something to tell.
    async fn wait(&self, waiting: &Waiting) -> Result<Option<Updates>, Refused> {
        let (mut position, mut online) = (self.live.watch(), self.live.watch_online());
        // From before the first look, so that nothing falls between the two.
        let mut publications = self.live.publications();
        let mut look = true;
        let until = Instant::now() + self.known.wait();
        loop {
            position.mark_unchanged();
            online.mark_unchanged();
            let messages = if std::mem::take(&mut look) { self.messages().await } else { Vec::new() };
            if let Some(updates) = self.news(messages).await? {
                return Ok(Some(updates));
            }
            tokio::select! {
                () = self.app.hub.stopping().cancelled() => return Err(self.app.hub.restarting()),
                () = self.seat.ended.cancelled() => return Err(Refused::Unauthenticated),
                () = waiting.superseded.cancelled() => return Ok(None),
                () = sleep_until(until) => return Ok(None),
                _ = position.changed() => {}
                _ = online.changed() => {}
                publication = publications.recv(), if self.known.change.is_some() => look = is_about_messages(&publication),
            }
        }
    }

    /// What there is to tell, if there is anything.
    async fn news(&self, messages: Vec<wire::Message>) -> Result<Option<Updates>, Refused> {
        let nothing_happened = self.happened().is_some_and(|happened| happened.is_empty());
        let known = self.known.presence.as_deref();
        let nothing_said = messages.is_empty();
        if nothing_happened
            && nothing_said
            && self.is_member()
            && known.is_none_or(|known| known == self.presence().mark)
        {
            return Ok(None);
        }
        self.all(messages, None).await.map(Some)
    }

    /// What there is to tell, even if it is nothing. A connection begins with the whole room, if the phone does not have it as it is:
    /// among the events could be what the phone itself asked for and had no answer to.
    async fn all(
        &self,
        messages: Vec<wire::Message>,
        connection: Option<SocketId>,
    ) -> Result<Updates, Refused> {
        // Whoever was taken out is told so, and nothing of what happened since.
        if !self.is_member() {
            return Err(Refused::Room(Refusal::NotAMember));
        }
        let messages = self.known.change.is_some().then_some(messages);
        let begins = connection.is_some();
        let connection = connection.map(|SocketId(id)| format!("{id:032x}"));
        let presence = self.presence();
        let Caller { user, language, .. } = *self.caller;
        let happened = self.happened().filter(|happened| !begins || happened.is_empty());
        if let Some((known, happened)) = self.known.position().zip(happened) {
            let tell = |event: &Arc<NumberedEvent>| self.app.happened(self.live, user, language, event);
            let seq = happened.last().map_or(known.seq, |last| last.seq).get();
            let events = Some(happened.iter().map(tell).collect());
            let epoch = known.epoch.get();
            return Ok(Updates { epoch, seq, events, state: None, messages, connection, presence });
        }
        let room = self.app.show_whole(self.live, user, language).await;
        let room = room.ok_or(Refused::Room(Refusal::NotAMember))?;
        let (epoch, seq, state) = (room.epoch, room.seq, Some(Box::new(room)));
        Ok(Updates { epoch, seq, events: None, state, messages, connection, presence })
    }

    /// The messages that are new or have changed since. While the database is away there are none to tell, and the room goes on.
    async fn messages(&self) -> Vec<wire::Message> {
        let Some(change) = self.known.change else { return Vec::new() };
        let page = MessagePage { range: Range::ChangedSince(change), limit: PAGE };
        let Caller { user, language, .. } = *self.caller;
        self.app.page_of(self.live, user, language, page).await.map_or(Vec::new(), |page| page.items)
    }

    /// What happened since; `None` where only the whole room will do.
    fn happened(&self) -> Option<Vec<Arc<NumberedEvent>>> {
        self.live.since(self.known.position()?).filter(|happened| happened.len() <= MOST_EVENTS)
    }

    fn is_member(&self) -> bool {
        self.live.read(|room| room.has_member(self.caller.user))
    }

    fn presence(&self) -> Presence {
        let mut online: Vec<i64> = self.live.online().iter().map(|member| member.get()).collect();
        online.sort_unstable();
        let mut mark = Sha256::new();
        for member in &online {
            mark.update(member.to_be_bytes());
        }
        let mark = hex::encode(&mark.finalize()[..8]);
        Presence { online, mark }
    }
}
