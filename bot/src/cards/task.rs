//! The task of one busy room: brings its cards up to date, rests, and ends when nothing has changed for long enough.

use std::{collections::HashMap, ops::ControlFlow, sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{Position, RoomCode},
    room::PhaseName,
};
use sovpalo_live::{
    hot::HotError,
    rooms::{LiveRoom, RoomError},
};
use sovpalo_storage::{Card, Sending};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    lease::{CardLease, Leases},
    line::name_of,
    pace::{Next, Pace, Urgency},
    requests::{Refreshed, Requests, Work},
    show::{Show, Shown, UNREACHABLE_PAUSE},
};

/// The holder of a lease follows a room that is not finished until nothing has changed for so long. The hot layer keeps an idle room about
/// as long; what wakes it after that is brought by a notice.
const QUIET: Duration = Duration::from_secs(30 * 60);
/// How soon to try again to renew a lease when the hot layer is away.
const RENEW_AGAIN: Duration = Duration::from_secs(2);

/// What the tasks of all rooms share.
pub(super) struct Shared {
    pub(super) show: Show,
    pub(super) leases: Leases,
    pub(super) requests: Requests,
    pub(super) stop: CancellationToken,
}

/// A room's task, and how it stands.
pub(super) struct RoomTask {
    room: RoomCode,
    shared: Arc<Shared>,
    work: Work,
    pace: Pace,
    /// Until when a card is to be left alone, by [`name_of`] its place, unless something more urgent has changed than this.
    rests: HashMap<String, (Instant, Urgency)>,
    /// How much what has changed matters that the cards may not show yet.
    urgency: Urgency,
    /// While this bot holds the room's lease.
    keeping: Option<Keeping>,
    changed_at: Instant,
    /// Where the room stood when its cards were last looked at.
    seen: Option<Position>,
}

/// A room that this bot keeps.
struct Keeping {
    lease: CardLease,
    renew_at: Instant,
    /// Held, so that its changes arrive.
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

impl RoomTask {
    pub(super) fn new(room: RoomCode, shared: Arc<Shared>) -> Self {
        Self {
            room,
            shared,
            work: Work::default(),
            pace: Pace::default(),
            rests: HashMap::new(),
            urgency: Urgency::Progress,
            keeping: None,
            changed_at: Instant::now(),
            seen: None,
        }
    }

    /// Works until nothing is left to do, or the process ends.
    pub(super) async fn run(mut self) {
        while !self.shared.stop.is_cancelled() && self.take_work() {
            let again_at = self.refresh().await;
            if self.rest(again_at).await.is_break() {
                break;
            }
        }
        if self.keeping.is_some() {
            self.hand_over().await;
        }
    }

    fn take_work(&mut self) -> bool {
        let Some((stale, work)) = self.shared.requests.take(self.room) else { return false };
        if let Some(urgency) = stale {
            self.changed_at = Instant::now();
            self.urgency = self.urgency.max(urgency);
        }
        self.work.add(work);
        true
    }

    /// Waits for the next time that the cards may be looked at; `Break` if there is nothing more to do.
    async fn rest(&mut self, again_at: Option<Instant>) -> ControlFlow<()> {
        loop {
            let may_end = self.keeping.is_none();
            let next = |stale| self.pace.next(stale, again_at, Instant::now());
            let Some((next, changed)) = self.shared.requests.next(self.room, may_end, next) else {
                return ControlFlow::Break(());
            };
            let until = match next {
                Next::Look => return ControlFlow::Continue(()),
                Next::Wait(until) => Some(until),
                Next::End => self.follows_until(),
            };
            let Some(until) = until else {
                // Before the task ends, so that the next one finds the lease free.
                self.give_up().await;
                continue;
            };
            let renew_at = self.keeping.as_ref().map_or(until, |keeping| keeping.renew_at);
            tokio::select! {
                () = sleep_until(until.min(renew_at)) => {}
                () = changed.notified() => {}
                () = self.shared.stop.cancelled() => return ControlFlow::Break(()),
            }
            if self.renew().await {
                return ControlFlow::Continue(());
            }
        }
    }

    /// Brings every card of the room up to date. Says when to try again, if one could not be.
    async fn refresh(&mut self) -> Option<Instant> {
        let room = self.room;
        match self.try_refresh().await {
            Ok(looked) => {
                self.answer(&looked);
                looked.again_at
            }
            Err(RoomError::NotFound | RoomError::Refused(_)) => {
                self.answer(&Looked::default());
                None
            }
            // A newer bot may understand the room, and keep its cards.
            Err(error) if error.is_unreadable() => {
                tracing::debug!(%error, %room, "a room's cards are left to another bot");
                self.give_up().await;
                self.answer(&Looked::default());
                None
            }
            Err(error) => {
                tracing::warn!(%error, %room, "a room's cards could not be brought up to date");
                Some(Instant::now() + UNREACHABLE_PAUSE)
            }
        }
    }

    async fn try_refresh(&mut self) -> Result<Looked, RoomError> {
        let shared = Arc::clone(&self.shared);
        let show = &shared.show;
        let mut cards = show.db().cards(self.room).await?;
        if cards.is_empty() {
            self.give_up().await;
            return Ok(Looked::default());
        }
        let live = show.rooms().open(self.room).await?;
        if self.keeping.is_none() {
            self.keep(&live).await?;
            // The holder of the lease before us may have edited them meanwhile.
            cards = show.db().cards(self.room).await?;
        }
        show.rooms().catch_up(&live).await?;
        self.seen = Some(live.position());
        let now = Instant::now();
        self.rests.retain(|_, (until, _)| *until > now);
        let may_edit = self.pace.may_edit(now);
        let mut looked = Looked::default();
        for card in cards {
            if shared.stop.is_cancelled() {
                looked.again_at = Some(now);
                break;
            }
            let name = name_of(&card.place);
            if self.rests.get(&name).is_some_and(|(_, urgency)| *urgency >= self.urgency) {
                continue;
            }
            let shown = if !card.is_shown() {
                show.show(&live, &card).await?
            } else if !may_edit && self.keeping.is_some() {
                looked.again_at = Some(now);
                continue;
            } else {
                self.bring_up_to_date(&live, &card, &mut looked).await?
            };
            match shown {
                Shown::AsItWas => {}
                Shown::Changed => self.pace.edited(Instant::now()),
                Shown::NotYet(wait) => {
                    self.pace.held(Instant::now());
                    self.rests.insert(name, (Instant::now() + wait, self.urgency));
                }
            }
        }
        looked.again_at = looked.again_at.or_else(|| self.rests.values().map(|(until, _)| *until).min());
        if looked.again_at.is_none() {
            self.urgency = Urgency::Progress;
        }
        Ok(looked)
    }

    /// Edits a card that stands, if it looks different and is ours to edit.
    async fn bring_up_to_date(
        &mut self,
        live: &Arc<LiveRoom>,
        card: &Card,
        looked: &mut Looked,
    ) -> Result<Shown, RoomError> {
        let message = self.shared.show.draw(live, &card.place).await?;
        if card.text_hash.as_deref() == Some(&message.fingerprint()) {
            return Ok(Shown::AsItWas);
        }
        if self.keeping.as_ref().is_some_and(|keeping| !keeping.lease.is_sure()) {
            self.keep(live).await?;
        }
        if self.keeping.is_none() {
            looked.elsewhere = true;
            return Ok(Shown::AsItWas);
        }
        let what = match self.urgency {
            Urgency::Progress => Sending::Progress,
            Urgency::Soon | Urgency::Now => Sending::Change,
        };
        Ok(self.shared.show.edit(live.code(), card, &message, what).await?)
    }

    /// Takes or renews the room's lease, unless another bot has it.
    async fn keep(&mut self, live: &Arc<LiveRoom>) -> Result<(), HotError> {
        let lease = self.shared.leases.take(live.code()).await?;
        self.keeping =
            lease.map(|lease| Keeping { lease, renew_at: lease.sure_until(), live: Arc::clone(live) });
        Ok(())
    }

    /// Renews the lease when it is time, and looks whether the room has moved without our knowing it.
    async fn renew(&mut self) -> bool {
        let Some(keeping) = &mut self.keeping else { return false };
        if Instant::now() < keeping.renew_at {
            return false;
        }
        keeping.renew_at = Instant::now() + RENEW_AGAIN;
        let live = Arc::clone(&keeping.live);
        if live.closed().is_cancelled() {
            self.give_up().await;
            return false;
        }
        self.has_moved(&live).await.unwrap_or_else(|error| {
            tracing::debug!(%error, room = %self.room, "the lease of a room's cards could not be renewed yet");
            false
        })
    }

    async fn has_moved(&mut self, live: &Arc<LiveRoom>) -> Result<bool, RoomError> {
        self.keep(live).await?;
        self.shared.show.rooms().catch_up(live).await?;
        Ok(Some(live.position()) != self.seen)
    }

    async fn give_up(&mut self) {
        if self.keeping.take().is_some()
            && let Err(error) = self.shared.leases.give_up(self.room).await
        {
            tracing::debug!(%error, room = %self.room, "the lease of a room's cards ends by itself");
        }
    }

    /// The process ends: another bot may keep the room, and shows what was not shown yet.
    async fn hand_over(&mut self) {
        let room = self.room;
        let goes_on = self.follows_until().is_some() || self.shared.requests.is_stale(room);
        self.give_up().await;
        let show = &self.shared.show;
        if goes_on && let Err(error) = show.db().cards_are_stale(room, show.now()).await {
            tracing::debug!(%error, %room, "a room's cards wait for its next change");
        }
    }

    /// Until when the lease is held to wait for changes; `None`: no longer. Whatever happens in a finished room brings a notice, but for
    /// who goes and comes back, which its card shows while something is on.
    fn follows_until(&self) -> Option<Instant> {
        let keeping = self.keeping.as_ref()?;
        let until = self.changed_at + QUIET;
        let is_over =
            keeping.live.read(|room| room.phase() == PhaseName::Finished && room.screen().is_none());
        (!is_over && Instant::now() < until).then_some(until)
    }

    /// Answers those who waited.
    fn answer(&mut self, looked: &Looked) {
        let Self { work, rests, .. } = self;
        let (settled, placing) = work.placing.drain(..).partition(|(name, _)| !rests.contains_key(name));
        work.placing = placing;
        let settled: Vec<(String, oneshot::Sender<()>)> = settled;
        for (_, waiter) in settled {
            // The receiver may have been dropped.
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
