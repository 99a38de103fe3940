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
mod show;

use std::{
    collections::HashMap,
    ops::ControlFlow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sovpalo_catalogue::SharedCatalogue;
use sovpalo_domain::{
    ids::{Position, RoomCode, UserId},
    language::Language,
    room::{PhaseName, Room},
};
use sovpalo_live::{
    hot::HotError,
    rooms::{LiveRoom, RoomError, Rooms},
};
use sovpalo_storage::{Card, Db, DbError, Place, Sending};
use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use self::pace::Urgency;
use self::{
    lease::{CardLease, Leases},
    line::Line,
    pace::{Next, Pace},
    show::{Shown, UNREACHABLE_PAUSE},
};
use crate::{links::Links, outgoing::Outgoing};

/// A leases follows a room that is not finished until nothing has changed for so long. The hot layer keeps an idle room about
/// as long; what wakes it after that is brought by a notice.
const QUIET: Duration = Duration::from_secs(30 * 60);
/// How soon to try again to renew a lease when the hot layer is away.
const RENEW_AGAIN: Duration = Duration::from_secs(2);

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

/// What became of the wish to see a room's cards up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refreshed {
    /// They are, or were let go.
    Done,
    /// Another bot keeps them, and they are not yet.
    Elsewhere,
    /// The process ends, and some may not be.
    Stopping,
}

/// The cards of all rooms. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Cards {
    shared: Arc<Shared>,
}

struct Shared {
    rooms: Rooms,
    titles: SharedCatalogue,
    links: Links,
    outgoing: Outgoing,
    leases: Leases,
    line: Line,
    busy: Mutex<HashMap<RoomCode, Busy>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// A room whose task is running.
#[derive(Default)]
struct Busy {
    stale: Option<Urgency>,
    bell: Arc<Notify>,
    work: Work,
}

/// Who waits for what.
#[derive(Default)]
struct Work {
    /// For a card to be shown, by [`name_of`] its place.
    placing: Vec<(String, oneshot::Sender<()>)>,
    /// For all cards to be up to date.
    waiting: Vec<oneshot::Sender<Refreshed>>,
}

/// How a room's task stands.
struct Standing {
    work: Work,
    pace: Pace,
    /// Until when a card is to be left alone, by [`name_of`] its place, unless something more urgent has changed than this.
    rests: HashMap<String, (Instant, Urgency)>,
    /// How much what has changed matters that the cards may not show yet.
    urgency: Urgency,
    /// While this bot is the room's leases.
    keeping: Option<Keeping>,
    changed_at: Instant,
    /// Where the room stood when its cards were last looked at.
    seen: Option<Position>,
}

/// A room that this bot keeps.
struct Keeping {
    lease: CardLease,
    renew_at: Instant,
    /// Held, so that its changes are heard of.
    live: Arc<LiveRoom>,
}

/// What a look at a room's cards came to.
#[derive(Default)]
struct Looked {
    /// When to look again, if a card could not be shown now.
    again_at: Option<Instant>,
    /// Whether a card is another bot's to edit, and has not been.
    elsewhere: bool,
}

impl Cards {
    pub(crate) fn new(
        rooms: Rooms,
        titles: SharedCatalogue,
        links: Links,
        outgoing: Outgoing,
        stop: CancellationToken,
    ) -> Self {
        let leases = Leases::new(Arc::clone(rooms.hot()));
        let shared = Shared {
            rooms,
            titles,
            links,
            outgoing,
            leases,
            line: Line::default(),
            busy: Mutex::default(),
            tasks: TaskTracker::new(),
            stop,
        };
        Self { shared: Arc::new(shared) }
    }

    /// Sees to it that there is a card of the room; comes back when there is, or when it takes longer than [`PLACING`]: it will be
    /// there then, and what else was said in the chat is not held up.
    pub(crate) async fn place(&self, room: RoomCode, place: Place) -> Result<Placed, DbError> {
        let card = self.db().want_card(room, &place).await?;
        if card.is_shown() {
            self.touch(room, Urgency::Soon);
            return Ok(Placed::Already(card));
        }
        let (shown, waiting) = oneshot::channel();
        let placing = vec![(name_of(&card.place), shown)];
        self.ring(room, Urgency::Now, Work { placing, ..Work::default() });
        Ok(match timeout(PLACING, self.hears(waiting)).await {
            Ok(Some(())) => Placed::Settled,
            Ok(None) => Placed::NotYet,
            Err(_) => {
                // Should this process end before it is shown. A room that is not projected yet says so when it is.
                self.db().cards_are_stale(room, self.now()).await?;
                Placed::Settled
            }
        })
    }

    /// Something about the room has changed; its cards follow in their own time.
    pub(crate) fn touch(&self, room: RoomCode, urgency: Urgency) {
        self.ring(room, urgency, Work::default());
    }

    /// Like [`Cards::touch`]; comes back when every card is as it should be, or this bot cannot see to it.
    pub(crate) async fn refreshed(&self, room: RoomCode) -> Refreshed {
        let (done, waiting) = oneshot::channel();
        self.ring(room, Urgency::Soon, Work { waiting: vec![done], ..Work::default() });
        self.hears(waiting).await.unwrap_or(Refreshed::Stopping)
    }

    /// `None`: the process ends first.
    async fn hears<T>(&self, waiting: oneshot::Receiver<T>) -> Option<T> {
        self.shared.stop.run_until_cancelled(waiting).await?.ok()
    }

    /// Comes back when no task is left, or it takes too long; call it after `stop`.
    pub(crate) async fn closed(&self, patience: Duration) {
        self.shared.tasks.close();
        if timeout(patience, self.shared.tasks.wait()).await.is_err() {
            tracing::debug!("some cards are left to the next bot");
        }
    }

    /// Like [`Cards::touch`], for a room that is looked after here.
    fn touch_if_busy(&self, room: RoomCode, urgency: Urgency) {
        if let Some(state) = self.busy().get_mut(&room) {
            state.ring(urgency, Work::default());
        }
    }

    fn ring(&self, room: RoomCode, urgency: Urgency, work: Work) {
        if self.shared.stop.is_cancelled() {
            return;
        }
        let mut busy = self.busy();
        let state = busy.entry(room).or_insert_with(|| {
            let cards = self.clone();
            self.shared.tasks.spawn(async move { cards.look_after(room).await });
            Busy::default()
        });
        state.ring(urgency, work);
    }

    /// The task of one room: brings its cards up to date, rests, and ends when nothing has changed for long enough.
    async fn look_after(&self, room: RoomCode) {
        let mut standing = Standing::new();
        while !self.shared.stop.is_cancelled() && self.take_work(room, &mut standing) {
            let again_at = self.refresh(room, &mut standing).await;
            if self.rest(room, &mut standing, again_at).await.is_break() {
                break;
            }
        }
        if standing.keeping.is_some() {
            self.hand_over(room, &mut standing).await;
        }
    }

    fn take_work(&self, room: RoomCode, standing: &mut Standing) -> bool {
        let mut busy = self.busy();
        let Some(state) = busy.get_mut(&room) else { return false };
        if let Some(urgency) = state.stale.take() {
            standing.changed_at = Instant::now();
            standing.urgency = standing.urgency.max(urgency);
        }
        standing.work.add(std::mem::take(&mut state.work));
        true
    }

    /// Waits for the next time that the cards may be looked at; `Break` if there is nothing more to do.
    async fn rest(
        &self,
        room: RoomCode,
        standing: &mut Standing,
        again_at: Option<Instant>,
    ) -> ControlFlow<()> {
        loop {
            let next = {
                let mut busy = self.busy();
                let Some(state) = busy.get(&room) else { return ControlFlow::Break(()) };
                match standing.pace.next(state.stale, again_at, Instant::now()) {
                    Next::Look => return ControlFlow::Continue(()),
                    Next::Wait(until) => Some((until, Arc::clone(&state.bell))),
                    Next::End if standing.keeping.is_none() => {
                        busy.remove(&room);
                        return ControlFlow::Break(());
                    }
                    Next::End => standing.follows_until().map(|until| (until, Arc::clone(&state.bell))),
                }
            };
            let Some((until, bell)) = next else {
                // Before the task ends, so that the next one finds the lease free.
                self.give_up(room, standing).await;
                continue;
            };
            let renew_at = standing.keeping.as_ref().map_or(until, |keeping| keeping.renew_at);
            tokio::select! {
                () = sleep_until(until.min(renew_at)) => {}
                () = bell.notified() => {}
                () = self.shared.stop.cancelled() => return ControlFlow::Break(()),
            }
            if self.renew(room, standing).await {
                return ControlFlow::Continue(());
            }
        }
    }

    /// Brings every card of the room up to date. Says when to try again, if one could not be.
    async fn refresh(&self, room: RoomCode, standing: &mut Standing) -> Option<Instant> {
        match self.try_refresh(room, standing).await {
            Ok(looked) => {
                standing.answer(&looked);
                looked.again_at
            }
            Err(RoomError::NotFound | RoomError::Refused(_)) => {
                standing.answer(&Looked::default());
                None
            }
            // A newer bot may understand the room, and keep its cards.
            Err(error) if error.is_unreadable() => {
                tracing::debug!(%error, %room, "a room's cards are left to another bot");
                self.give_up(room, standing).await;
                standing.answer(&Looked::default());
                None
            }
            Err(error) => {
                tracing::warn!(%error, %room, "a room's cards could not be brought up to date");
                Some(Instant::now() + UNREACHABLE_PAUSE)
            }
        }
    }

    async fn try_refresh(&self, room: RoomCode, standing: &mut Standing) -> Result<Looked, RoomError> {
        let mut cards = self.db().cards(room).await?;
        if cards.is_empty() {
            self.give_up(room, standing).await;
            return Ok(Looked::default());
        }
        let live = self.shared.rooms.open(room).await?;
        if standing.keeping.is_none() {
            self.keep(&live, standing).await?;
            // The holder of the lease before us may have edited them meanwhile.
            cards = self.db().cards(room).await?;
        }
        self.shared.rooms.catch_up(&live).await?;
        standing.seen = Some(live.position());
        let now = Instant::now();
        standing.rests.retain(|_, (until, _)| *until > now);
        let may_edit = standing.pace.may_edit(now);
        let mut looked = Looked::default();
        for card in cards {
            if self.shared.stop.is_cancelled() {
                looked.again_at = Some(now);
                break;
            }
            let name = name_of(&card.place);
            if standing.rests.get(&name).is_some_and(|(_, urgency)| *urgency >= standing.urgency) {
                continue;
            }
            let shown = if !card.is_shown() {
                self.show(&live, &card).await?
            } else if !may_edit && standing.keeping.is_some() {
                looked.again_at = Some(now);
                continue;
            } else {
                self.bring_up_to_date(&live, &card, standing, &mut looked).await?
            };
            match shown {
                Shown::AsItWas => {}
                Shown::Changed => standing.pace.edited(Instant::now()),
                Shown::NotYet(wait) => {
                    standing.pace.held(Instant::now());
                    standing.rests.insert(name, (Instant::now() + wait, standing.urgency));
                }
            }
        }
        looked.again_at = looked.again_at.or_else(|| standing.rests.values().map(|(until, _)| *until).min());
        if looked.again_at.is_none() {
            standing.urgency = Urgency::Progress;
        }
        Ok(looked)
    }

    /// Edits a card that stands, if it looks different and is ours to edit.
    async fn bring_up_to_date(
        &self,
        live: &Arc<LiveRoom>,
        card: &Card,
        standing: &mut Standing,
        looked: &mut Looked,
    ) -> Result<Shown, RoomError> {
        let message = self.draw(live, &card.place).await?;
        if card.text_hash.as_deref() == Some(&message.fingerprint()) {
            return Ok(Shown::AsItWas);
        }
        if standing.keeping.as_ref().is_some_and(|keeping| !keeping.lease.is_sure()) {
            self.keep(live, standing).await?;
        }
        if standing.keeping.is_none() {
            looked.elsewhere = true;
            return Ok(Shown::AsItWas);
        }
        let what = match standing.urgency {
            Urgency::Progress => Sending::Progress,
            Urgency::Soon | Urgency::Now => Sending::Change,
        };
        Ok(self.edit(live.code(), card, &message, what).await?)
    }

    /// Becomes or stays the room's leases, unless another bot is.
    async fn keep(&self, live: &Arc<LiveRoom>, standing: &mut Standing) -> Result<(), HotError> {
        let lease = self.shared.leases.take(live.code()).await?;
        standing.keeping =
            lease.map(|lease| Keeping { lease, renew_at: lease.sure_until(), live: Arc::clone(live) });
        Ok(())
    }

    /// Renews the lease when it is time, and looks whether the room has moved without our hearing of it.
    async fn renew(&self, room: RoomCode, standing: &mut Standing) -> bool {
        let Some(keeping) = &mut standing.keeping else { return false };
        if Instant::now() < keeping.renew_at {
            return false;
        }
        keeping.renew_at = Instant::now() + RENEW_AGAIN;
        let live = Arc::clone(&keeping.live);
        if live.closed().is_cancelled() {
            self.give_up(room, standing).await;
            return false;
        }
        let moved = async {
            self.keep(&live, standing).await?;
            self.shared.rooms.catch_up(&live).await?;
            Ok::<bool, RoomError>(Some(live.position()) != standing.seen)
        };
        moved.await.unwrap_or_else(|error| {
            tracing::debug!(%error, %room, "the lease of a room's cards could not be renewed yet");
            false
        })
    }

    async fn give_up(&self, room: RoomCode, standing: &mut Standing) {
        if standing.keeping.take().is_some()
            && let Err(error) = self.shared.leases.give_up(room).await
        {
            tracing::debug!(%error, %room, "the lease of a room's cards ends by itself");
        }
    }

    /// The process ends: another bot may keep the room, and shows what was not shown yet.
    async fn hand_over(&self, room: RoomCode, standing: &mut Standing) {
        let goes_on =
            standing.follows_until().is_some() || self.busy().get(&room).is_some_and(Busy::is_stale);
        self.give_up(room, standing).await;
        if goes_on && let Err(error) = self.db().cards_are_stale(room, self.now()).await {
            tracing::debug!(%error, %room, "a room's cards wait for its next change");
        }
    }

    fn db(&self) -> &Db {
        self.shared.rooms.db()
    }

    fn now(&self) -> sovpalo_domain::ids::Timestamp {
        self.shared.rooms.clock().now()
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<RoomCode, Busy>> {
        self.shared.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Busy {
    fn ring(&mut self, urgency: Urgency, work: Work) {
        self.stale = self.stale.max(Some(urgency));
        self.work.add(work);
        self.bell.notify_one();
    }

    fn is_stale(&self) -> bool {
        self.stale.is_some()
    }
}

impl Work {
    fn add(&mut self, more: Self) {
        self.placing.extend(more.placing);
        self.waiting.extend(more.waiting);
    }
}

impl Standing {
    fn new() -> Self {
        Self {
            work: Work::default(),
            pace: Pace::default(),
            rests: HashMap::new(),
            urgency: Urgency::Progress,
            keeping: None,
            changed_at: Instant::now(),
            seen: None,
        }
    }

    /// Until when the lease is held to wait for changes; `None`: no longer. Whatever happens in a finished room brings a notice.
    fn follows_until(&self) -> Option<Instant> {
        let keeping = self.keeping.as_ref()?;
        let until = self.changed_at + QUIET;
        let finished = keeping.live.read(|room| room.phase() == PhaseName::Finished);
        (!finished && Instant::now() < until).then_some(until)
    }

    /// Tells those who waited.
    fn answer(&mut self, looked: &Looked) {
        let Self { work, rests, .. } = self;
        let (settled, placing) = work.placing.drain(..).partition(|(name, _)| !rests.contains_key(name));
        work.placing = placing;
        let settled: Vec<(String, oneshot::Sender<()>)> = settled;
        for (_, waiter) in settled {
            // Whoever waited may have gone.
            let _ = waiter.send(());
        }
        if looked.again_at.is_none() {
            let outcome = if looked.elsewhere { Refreshed::Elsewhere } else { Refreshed::Done };
            for waiter in work.waiting.drain(..) {
                let _ = waiter.send(outcome);
            }
        }
    }
}

fn name_of(place: &Place) -> String {
    match place {
        Place::Chat { chat, .. } => chat.to_string(),
        Place::Inline { message } => message.clone(),
    }
}

/// Whoever made the room: its first member. Chats that share its card read their language.
pub(crate) fn maker(room: &Room) -> Option<UserId> {
    room.members().first().map(|member| member.id)
}

/// The language of somebody, or English for who is not known (any more).
pub(crate) async fn language_of(db: &Db, reader: Option<UserId>) -> Result<Language, DbError> {
    let user = match reader {
        Some(reader) => db.user(reader).await?,
        None => None,
    };
    Ok(user.map_or(Language::En, |user| user.language))
}
