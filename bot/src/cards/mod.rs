//! The cards that the bots keep up to date: one per room and chat.
//!
//! The database is the truth of which cards there are. Whoever wants one says so there, and some bot's task for that room
//! shows it: in each bot there is one task per busy room, and nothing else posts or edits. Of all bots one holds a room's
//! [`lease`], and edits; a card that nobody has shown yet is shown by whoever claims it. That gives:
//! - a card that many want is posted once; if its claimant died, somebody else's claim holds after a minute;
//! - no card ever shows an older room after a newer one: it is drawn from the log as it stands when the card is claimed, or when
//!   the holder of the lease looks, and there is one at a time;
//! - the first change shows at once, further ones at most every second and a half; when they go on and on, or are only about how far
//!   people are, more seldom; all rooms of a chat share its budget, in turn; a text that looks the same is not sent;
//! - Telegram's "wait" is obeyed card by card; a card that somebody deleted is let go.
//!
//! The bot that holds a room's lease keeps a replica of the room while people may swipe, and so receives every event. A bot without
//! the lease says so to its caller, and the notice that made it look is retried until the cards are right.
//!
//! It must never wait for a card in front of anybody: [`Cards::touch`] only wakes a task.

mod follow;
mod lease;
mod line;
mod pace;
mod reader;
mod requests;
mod show;
mod task;

use std::{sync::Arc, time::Duration};

use sovpalo_catalogue::SharedCatalogue;
use sovpalo_domain::ids::RoomCode;
use sovpalo_live::rooms::Rooms;
use sovpalo_storage::{Card, DbError, Place};
use tokio::{sync::oneshot, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    lease::Leases,
    line::name_of,
    requests::{Requests, Work},
    show::Show,
    task::{RoomTask, Shared},
};
pub(crate) use self::{
    pace::Urgency,
    reader::{language_of, maker},
    requests::Refreshed,
};
use crate::{links::Links, outgoing::Outgoing};

/// A request for a new card waits at most this long; the card is posted later, once its chat's rate limit allows it.
pub(crate) const PLACING: Duration = Duration::from_secs(10);

/// What became of the wish for a card.
#[derive(Debug)]
pub(crate) enum Placed {
    /// It was shown, or Telegram does not want it.
    Settled,
    /// It was there already.
    Already(Card),
    /// The process ends; the next one will see to it if it is asked again.
    NotYet,
}

/// The cards of all rooms. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Cards {
    shared: Arc<Shared>,
    tasks: TaskTracker,
}

impl Cards {
    pub(crate) fn new(
        rooms: Rooms,
        titles: SharedCatalogue,
        links: Links,
        outgoing: Outgoing,
        stop: CancellationToken,
    ) -> Self {
        let leases = Leases::new(Arc::clone(rooms.hot()) as _);
        let show = Show::new(rooms, titles, links, outgoing);
        let shared = Shared { show, leases, requests: Requests::default(), stop };
        Self { shared: Arc::new(shared), tasks: TaskTracker::new() }
    }

    /// Sees to it that there is a card of the room; comes back when there is, or when it takes longer than [`PLACING`]: it will be
    /// there then, and what else was said in the chat is not held up.
    pub(crate) async fn place(&self, room: RoomCode, place: Place) -> Result<Placed, DbError> {
        let card = self.shared.show.db().want_card(room, &place).await?;
        if card.is_shown() {
            self.touch(room, Urgency::Soon);
            return Ok(Placed::Already(card));
        }
        let (shown, waiting) = oneshot::channel();
        let placing = vec![(name_of(&card.place), shown)];
        self.request(room, Urgency::Now, Work { placing, ..Work::default() });
        Ok(match timeout(PLACING, self.answer_to(waiting)).await {
            Ok(Some(())) => Placed::Settled,
            Ok(None) => Placed::NotYet,
            Err(_) => {
                // Should this process end before it is shown. A room that is not projected yet says so when it is.
                self.shared.show.db().cards_are_stale(room, self.shared.show.now()).await?;
                Placed::Settled
            }
        })
    }

    /// Something about the room has changed; its cards follow in their own time.
    pub(crate) fn touch(&self, room: RoomCode, urgency: Urgency) {
        self.request(room, urgency, Work::default());
    }

    /// Like [`Cards::touch`]; comes back when every card is as it should be, or this bot cannot see to it.
    pub(crate) async fn refreshed(&self, room: RoomCode) -> Refreshed {
        let (done, waiting) = oneshot::channel();
        self.request(room, Urgency::Soon, Work { waiting: vec![done], ..Work::default() });
        self.answer_to(waiting).await.unwrap_or(Refreshed::Stopping)
    }

    /// `None`: the process ends first.
    async fn answer_to<T>(&self, waiting: oneshot::Receiver<T>) -> Option<T> {
        self.shared.stop.run_until_cancelled(waiting).await?.ok()
    }

    /// Comes back when no task is left, or it takes too long; call it after `stop`.
    pub(crate) async fn closed(&self, patience: Duration) {
        self.tasks.close();
        if timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::debug!("some cards are left to the next bot");
        }
    }

    fn request(&self, room: RoomCode, urgency: Urgency, work: Work) {
        if !self.shared.stop.is_cancelled() && self.shared.requests.add(room, urgency, work) {
            self.tasks.spawn(RoomTask::new(room, Arc::clone(&self.shared)).run());
        }
    }
}
