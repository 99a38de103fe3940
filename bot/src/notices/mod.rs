//! Sends the notices that the projector enqueued.
//!
//! A match goes to every group that has the room's card ([`chat`]), and to those who took part and let the bot write ([`member`]):
//! one job for each, so that it is known which of them were delivered. Matches that wait for the same chat or person become one
//! message. Achievements are sent to their owner only ([`achievements`]), and nudges to who was nudged ([`nudge`]). All bot processes share the queue. Delivery is at least once: a
//! notice is sent twice only if a process died, or lost the database, after sending and before recording it. A refusal (blocked, kicked,
//! never started) is no error. Notices of one chat are sent in order; a slow chat holds up no other.

mod achievements;
mod chat;
mod member;
pub(crate) mod news;
mod nudge;
mod trouble;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sovpalo_storage::{
    Db, Kind, Lease, Notice, NoticeKind, Taken, Target,
    work::{self, Outcome, Work, persistently},
};
use tokio::sync::{OwnedMutexGuard, Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use self::{achievements::Achievements, trouble::in_trouble};
use crate::{
    cards::Refreshed,
    failure::Failure,
    outgoing::{Address, Message, Permit},
    updates::{Trouble, UpdateHandler},
};

/// Messages under way at the same time. Telegram takes 30 a second.
const SENT_AT_ONCE: usize = 32;
/// How soon to look again at cards that another bot keeps.
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// Tells notices until `stop`.
pub(crate) async fn run(handler: Arc<UpdateHandler>, stop: &CancellationToken) {
    let clock = handler.rooms.clock().clone();
    let outbox = Outbox {
        handler: Arc::clone(&handler),
        sending: Semaphore::new(SENT_AT_ONCE),
        telling: Telling::default(),
    };
    tokio::join!(
        work::run(Arc::new(outbox), clock.clone(), stop),
        work::run(Arc::new(Achievements { handler }), clock, stop),
    );
}

/// Who is being told: one message at a time to each chat or person, since it tells all that is known by then.
#[derive(Default)]
struct Telling(Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>);

impl Telling {
    async fn of(&self, chat: i64) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(chat).or_default())
        };
        turn.lock_owned().await
    }
}

struct Outbox {
    handler: Arc<UpdateHandler>,
    sending: Semaphore,
    telling: Telling,
}

/// One of the messages under way.
struct Slot<'a> {
    _held: Option<SemaphorePermit<'a>>,
}

impl Work for Outbox {
    const KIND: Kind = Kind::Notice;
    // Most of them wait for a card's turn.
    const AT_ONCE: usize = 1024;

    fn db(&self) -> &Db {
        self.handler.rooms.db()
    }

    async fn work(&self, job: &Taken, lease: Lease) -> Outcome {
        let notice = match Notice::of(job) {
            Ok(notice) => notice,
            // One that a newer program wrote waits for it.
            Err(error) => {
                tracing::error!(notice = job.id, %error, "a notice is left alone");
                return Outcome::Left;
            }
        };
        match self.deliver(&notice, lease).await {
            Ok(outcome) => outcome,
            Err(trouble) => in_trouble(notice.id, notice.attempts, &trouble),
        }
    }
}

impl Outbox {
    async fn deliver(&self, notice: &Notice, lease: Lease) -> Result<Outcome, Trouble> {
        match (&notice.what, notice.to) {
            (NoticeKind::CardStale | NoticeKind::Finished { .. }, _) => {
                Ok(match self.handler.cards.refreshed(notice.room).await {
                    Refreshed::Done => Outcome::Done,
                    Refreshed::Elsewhere => Outcome::Again(LOOK_AGAIN),
                    Refreshed::Stopping => Outcome::Again(Duration::ZERO),
                })
            }
            // From an older program.
            (NoticeKind::Match { .. }, Target::Cards) => {
                self.db().spread_notice(notice, self.handler.now()).await?;
                Ok(Outcome::Done)
            }
            (NoticeKind::Match { .. }, Target::Chat(chat)) => self.notify_chat(notice, chat, lease).await,
            (NoticeKind::Nudge { round }, Target::Member(member)) => {
                self.nudge_member(notice.room, *round, member).await
            }
            // Only people are nudged.
            (NoticeKind::Nudge { .. }, Target::Cards | Target::Chat(_)) => Ok(Outcome::Done),
            (NoticeKind::Match { .. }, Target::Member(member)) => {
                self.notify_member(notice.room, member).await
            }
        }
    }

    /// Waits until there is room for one more message under way: long, while Telegram hangs.
    async fn slot(&self) -> Slot<'_> {
        // The semaphore is never closed.
        Slot { _held: self.sending.acquire().await.ok() }
    }

    async fn send(
        &self,
        _slot: Slot<'_>,
        to: Address,
        message: &Message,
        permit: Permit,
    ) -> Result<(), Failure> {
        self.handler.outgoing.send(to, message, permit).await.map(drop)
    }

    /// All of these are delivered.
    async fn delivered(&self, notices: &[Notice]) {
        let ids: Vec<i64> = notices.iter().map(|notice| notice.id).collect();
        persistently(|| self.db().jobs(Kind::Notice).done(&ids)).await;
    }

    /// None of these could be delivered now.
    async fn put_back(&self, notices: &[Notice], wait: Duration) {
        for notice in notices {
            persistently(|| self.db().jobs(Kind::Notice).again(notice.id, self.handler.now().plus(wait)))
                .await;
        }
    }
}
