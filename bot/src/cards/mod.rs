//! The cards that the bot keeps up to date: one per room and chat.
//!
//! The database is the truth of which cards there are. Whoever wants one claims it there and touches the room; one task per
//! room, and nobody else, posts and edits. That gives, without further locks:
//! - a card that was claimed is posted once; if its claimant died, somebody else's claim holds after a minute;
//! - the first change shows at once, further ones at most every second and a half; when they go on and on, or are only about how far
//!   people are, more seldom, so that Telegram's 20 messages a minute for a group have room for what matters; a text that
//!   looks the same is not sent;
//! - Telegram's "wait" is obeyed card by card; a card that somebody deleted is let go.
//!
//! It must never wait for a card in front of anybody: [`Cards::touch`] only rings a bell.

mod follow;
mod known;
mod pace;
mod show;

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Room,
};
use sovpalo_storage::{
    db::{Card, Claimed, Db, DbError, Place},
    hot::Position,
    rooms::{LiveRoom, RoomError, Rooms},
    titles::{Language, SharedCatalogue},
};
use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use self::pace::Urgency;
use self::{
    known::KnownRooms,
    pace::{Next, Pace},
    show::{Shown, UNREACHABLE_PAUSE},
};
use crate::{
    links::Links,
    outgoing::{Address, Outgoing},
};

/// How long to wait for the replica to show what was announced.
const CATCH_UP: Duration = Duration::from_secs(2);

/// What became of the wish for a card.
#[derive(Debug)]
pub(crate) enum Placed {
    /// It was posted, or Telegram does not want it.
    Settled,
    /// The chat has this one already.
    Already(Card),
    /// The process ends; the next one will see to it if it is asked again.
    NotYet,
}

/// The keeper of the cards. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Cards {
    shared: Arc<Shared>,
}

struct Shared {
    rooms: Rooms,
    titles: SharedCatalogue,
    links: Links,
    outgoing: Outgoing,
    known: Mutex<KnownRooms>,
    busy: Mutex<HashMap<RoomCode, Busy>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// A room whose task is running.
struct Busy {
    stale: Option<Urgency>,
    bell: Arc<Notify>,
    work: Work,
}

/// What has to be seen to.
#[derive(Default)]
struct Work {
    /// Where the room stood when this was asked for.
    at_least: Option<Position>,
    /// Chats whose card this process has claimed and not posted.
    claimed: HashSet<i64>,
    /// Who waits for a chat's card to be posted.
    placing: Vec<(i64, oneshot::Sender<()>)>,
    /// Who waits for all cards to be up to date.
    waiting: Vec<oneshot::Sender<()>>,
}

impl Work {
    fn add(&mut self, more: Self) {
        self.at_least = more.at_least.or(self.at_least);
        self.claimed.extend(more.claimed);
        self.placing.extend(more.placing);
        self.waiting.extend(more.waiting);
    }
}

/// How a room's task stands.
#[derive(Default)]
struct Standing {
    work: Work,
    pace: Pace,
    /// Until when Telegram wants a card left alone, by [`name_of`] its place.
    rests: HashMap<String, Instant>,
}

impl Cards {
    pub(crate) fn new(
        rooms: Rooms,
        titles: SharedCatalogue,
        links: Links,
        outgoing: Outgoing,
        stop: CancellationToken,
    ) -> Self {
        let shared = Shared {
            rooms,
            titles,
            links,
            outgoing,
            known: Mutex::default(),
            busy: Mutex::default(),
            tasks: TaskTracker::new(),
            stop,
        };
        Self { shared: Arc::new(shared) }
    }

    /// Sees to it that the chat has a card of the room; comes back when it has.
    pub(crate) async fn place(&self, room: RoomCode, to: Address) -> Result<Placed, DbError> {
        let claimed = match self.db().claim_card(room, to.chat, to.thread, self.now()).await? {
            Claimed::Existing(card) if is_posted(&card) => {
                self.touch(room, Urgency::Soon);
                return Ok(Placed::Already(card));
            }
            Claimed::Existing(_) => None,
            Claimed::New => Some(to.chat),
        };
        let (settled, waiting) = oneshot::channel();
        let work = Work {
            claimed: claimed.into_iter().collect(),
            placing: vec![(to.chat, settled)],
            ..Work::default()
        };
        self.ring(room, Urgency::Now, work);
        Ok(if self.hears(waiting).await { Placed::Settled } else { Placed::NotYet })
    }

    /// A message that was sent through inline mode is a card of the room from now on.
    pub(crate) async fn place_inline(&self, room: RoomCode, inline_message: &str) -> Result<(), DbError> {
        self.db().add_inline_card(room, inline_message, self.now()).await?;
        self.touch(room, Urgency::Now);
        Ok(())
    }

    /// Something about the room has changed; its cards follow in their own time.
    pub(crate) fn touch(&self, room: RoomCode, urgency: Urgency) {
        self.ring(room, urgency, Work::default());
    }

    /// Like [`Cards::touch`]; comes back when every card has been brought up to date or let go. `false`: the keeper stops, and
    /// some may not be.
    pub(crate) async fn refreshed(&self, room: RoomCode) -> bool {
        let (done, waiting) = oneshot::channel();
        self.ring(room, Urgency::Soon, Work { waiting: vec![done], ..Work::default() });
        self.hears(waiting).await
    }

    /// `false`: the keeper stops.
    async fn hears(&self, waiting: oneshot::Receiver<()>) -> bool {
        matches!(self.shared.stop.run_until_cancelled(waiting).await, Some(Ok(())))
    }

    /// Comes back when no task is left; call it after `stop`.
    pub(crate) async fn closed(&self) {
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    fn ring(&self, room: RoomCode, urgency: Urgency, work: Work) {
        if self.shared.stop.is_cancelled() {
            return;
        }
        let mut busy = self.busy();
        let state = busy.entry(room).or_insert_with(|| {
            let keeper = self.clone();
            self.shared.tasks.spawn(async move { keeper.look_after(room).await });
            Busy { stale: None, bell: Arc::default(), work: Work::default() }
        });
        state.stale = state.stale.max(Some(urgency));
        state.work.add(work);
        state.bell.notify_one();
    }

    /// The task of one room: brings its cards up to date, rests, and ends when nothing has changed meanwhile.
    async fn look_after(&self, room: RoomCode) {
        let mut standing = Standing::default();
        while let Some(more) = self.take_work(room) {
            for chat in &more.claimed {
                standing.rests.remove(&chat.to_string());
            }
            standing.work.add(more);
            let again_at = self.refresh(room, &mut standing).await;
            if self.rest(room, &standing.pace, again_at).await.is_break() {
                return;
            }
        }
    }

    fn take_work(&self, room: RoomCode) -> Option<Work> {
        let mut busy = self.busy();
        let state = busy.get_mut(&room)?;
        state.stale = None;
        Some(std::mem::take(&mut state.work))
    }

    /// Waits for the next time that the cards may be looked at; `Break` if there is nothing more to do.
    async fn rest(&self, room: RoomCode, pace: &Pace, again_at: Option<Instant>) -> ControlFlow<()> {
        loop {
            let (until, bell) = {
                let mut busy = self.busy();
                let Some(state) = busy.get(&room) else { return ControlFlow::Break(()) };
                match pace.next(state.stale, again_at, Instant::now()) {
                    Next::Look => return ControlFlow::Continue(()),
                    Next::Wait(until) => (until, Arc::clone(&state.bell)),
                    Next::End => {
                        busy.remove(&room);
                        return ControlFlow::Break(());
                    }
                }
            };
            tokio::select! {
                () = sleep_until(until) => {}
                () = bell.notified() => {}
                () = self.shared.stop.cancelled() => return ControlFlow::Break(()),
            }
        }
    }

    /// Brings every card of the room up to date. Says when to try again, if one could not be.
    async fn refresh(&self, room: RoomCode, standing: &mut Standing) -> Option<Instant> {
        match self.try_refresh(room, standing).await {
            Ok(again_at) => {
                standing.answer(again_at.is_none());
                again_at
            }
            Err(RoomError::NotFound | RoomError::Refused(_)) => {
                standing.answer(true);
                None
            }
            Err(error) => {
                tracing::warn!(%error, %room, "a room's cards could not be brought up to date");
                Some(Instant::now() + UNREACHABLE_PAUSE)
            }
        }
    }

    async fn try_refresh(
        &self,
        room: RoomCode,
        standing: &mut Standing,
    ) -> Result<Option<Instant>, RoomError> {
        let cards = self.db().cards(room).await?;
        self.known().set(room, !cards.is_empty());
        if cards.is_empty() {
            return Ok(None);
        }
        let live = self.shared.rooms.open(room).await?;
        if let Some(at_least) = standing.work.at_least.take() {
            caught_up(&live, at_least).await;
        }
        let now = Instant::now();
        standing.rests.retain(|_, until| *until > now);
        let may_edit = standing.pace.may_edit(now);
        let mut left_alone = false;
        for card in cards {
            let name = name_of(&card.place);
            if standing.rests.contains_key(&name) {
                continue;
            }
            if !may_edit && card.text_hash.is_some() {
                left_alone = true;
                continue;
            }
            match self.bring_up_to_date(&live, &card, &mut standing.work.claimed).await? {
                Shown::AsItWas => {}
                Shown::Changed => standing.pace.edited(Instant::now()),
                Shown::NotYet(wait) => {
                    standing.rests.insert(name, Instant::now() + wait);
                }
            }
        }
        let again_at = standing.rests.values().min().copied();
        Ok(if left_alone { Some(now) } else { again_at })
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

    fn known(&self) -> MutexGuard<'_, KnownRooms> {
        self.shared.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    /// Tells those who waited; `all`: every card is up to date, or let go.
    fn answer(&mut self, all: bool) {
        let Self { work, rests, .. } = self;
        let (settled, placing) =
            work.placing.drain(..).partition(|(chat, _)| all || !rests.contains_key(&chat.to_string()));
        work.placing = placing;
        let settled: Vec<(i64, oneshot::Sender<()>)> = settled;
        let waiting = if all { std::mem::take(&mut work.waiting) } else { Vec::new() };
        for waiter in settled.into_iter().map(|(_, waiter)| waiter).chain(waiting) {
            // Whoever waited may have gone.
            let _ = waiter.send(());
        }
    }
}

fn is_posted(card: &Card) -> bool {
    !matches!(card.place, Place::Chat { message: None, .. })
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

/// Waits until the replica holds what was announced; not for ever, since the log may have gone on under another epoch.
async fn caught_up(live: &LiveRoom, at_least: Position) {
    let mut position = live.watch();
    let there = position.wait_for(|now| now.epoch != at_least.epoch || now.seq >= at_least.seq);
    // Late or closed: what there is is drawn, and the next change draws again.
    let _ = timeout(CATCH_UP, there).await;
}
