//! Chores: what has to be done once in a while, by one process of all.
//!
//! Every process enqueues each chore once per period, as a job whose key names the period: however many processes there are, and whenever
//! they start, it is done once. Whichever of them comes first does it, with the lease of every [job](crate::work); one that dies
//! meanwhile is followed by another, so that a chore must bear repetition. What fails is tried again, and at last given up until the
//! next period.

use std::{sync::Arc, time::Duration};

use futures::future::{BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use sovpalo_domain::ids::Timestamp;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{
    Db, DbError, Kind, Lease, Taken,
    backoff::Backoff,
    clock::Clock,
    measure::{self, Label},
    work::{self, Outcome, Work},
};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// An update that was handled is remembered for so long, against one that comes again. Telegram keeps one for a day:
/// <https://core.telegram.org/bots/api#getting-updates>
pub const UPDATES_KEPT: Duration = Duration::from_secs(2 * 24 * 3_600);
/// So long a chore that was done is remembered, which is longer than any period.
pub const CHORES_KEPT: Duration = Duration::from_secs(2 * 24 * 3_600);
/// So long what the bot could not tell is kept for whoever looks.
pub const GIVEN_UP_KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);
/// So many chores one process does at the same time.
pub const AT_ONCE: usize = 2;
/// After so many tries a chore is left to its next period.
pub const ATTEMPTS: u32 = 20;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// How often it is looked whether a period has begun, and how many jobs wait.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Does a part of a chore, and says how many rows that was; it is called again until there are none.
type Does = for<'a> fn(&'a Db, Retention, Timestamp) -> BoxFuture<'a, Result<u64, DbError>>;

/// How long is kept what the operator has a say in.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// What people say to each other (`MESSAGES_KEPT`).
    pub messages: Duration,
}

struct Chore {
    name: &'static str,
    every: Duration,
    does: Does,
}

/// All of them. A name is for ever: it is in the keys of what was done.
const CHORES: &[Chore] = &[
    chore("sessions", HOUR, |db, _, now| db.sweep_sessions(now).boxed()),
    chore("updates", HOUR, |db, _, now| db.jobs(Kind::Update).forget_done(UPDATES_KEPT, now).boxed()),
    chore("chores", DAY, |db, _, now| db.jobs(Kind::Chore).forget_done(CHORES_KEPT, now).boxed()),
    chore("given-up", DAY, |db, _, now| db.jobs(Kind::Notice).forget_given_up(GIVEN_UP_KEPT, now).boxed()),
    chore("achievements", DAY, |db, _, now| {
        db.jobs(Kind::Achievement).forget_done(GIVEN_UP_KEPT, now).boxed()
    }),
    chore("chat-budgets", HOUR, |db, _, now| db.forget_quiet_chats(now).boxed()),
    chore("idle-rooms", HOUR, |db, _, now| db.stop_idle_rooms(now).boxed()),
    chore("messages", DAY, |db, kept, now| db.clean_messages(now, kept.messages).boxed()),
    chore("kept-titles", DAY, |db, _, now| db.forget_kept_titles(now).boxed()),
    chore("private-messages", HOUR, |db, _, now| db.forget_private_messages(now).boxed()),
];

const fn chore(name: &'static str, every: Duration, does: Does) -> Chore {
    Chore { name, every, does }
}

impl Chore {
    /// Which period a moment is in.
    fn period(&self, now: Timestamp) -> i64 {
        let every = i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX);
        now.millis().div_euclid(every)
    }

    fn due(&self, now: Timestamp) -> DueChore {
        DueChore { name: self.name.to_owned(), period: self.period(now) }
    }
}

/// A chore in one period, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueChore {
    /// Which chore.
    pub name: String,
    /// Which of its periods since 1970.
    pub period: i64,
}

/// Enqueues chores when they are due, and does those that no other process does, until `stop`.
pub async fn run(db: Db, clock: Clock, kept: Retention, stop: CancellationToken) {
    run_these(CHORES, db, clock, kept, stop).await;
}

async fn run_these(all: &'static [Chore], db: Db, clock: Clock, kept: Retention, stop: CancellationToken) {
    let chores = Arc::new(Chores { all, db, clock, kept });
    tokio::join!(
        stop.run_until_cancelled(chores.look_ahead()),
        work::run(Arc::clone(&chores), chores.clock.clone(), &stop),
    );
}

struct Chores {
    all: &'static [Chore],
    db: Db,
    clock: Clock,
    kept: Retention,
}

impl Chores {
    async fn look_ahead(&self) {
        let mut tick = interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut enqueued = Vec::new();
        loop {
            tick.tick().await;
            let now = self.clock.now();
            let due: Vec<DueChore> = self.all.iter().map(|chore| chore.due(now)).collect();
            if due != enqueued {
                match self.db.enqueue_chores(&due, now).await {
                    Ok(()) => enqueued = due,
                    Err(error) => tracing::debug!(%error, "chores are enqueued later"),
                }
            }
            self.measure_queues().await;
        }
    }

    async fn measure_queues(&self) {
        for kind in Kind::ALL {
            // While SQL is away the last depth stands.
            let Ok(depth) = self.db.jobs(kind).depth().await else { continue };
            for (name, many) in
                [("sovpalo_jobs_waiting", depth.waiting), ("sovpalo_jobs_given_up", depth.given_up)]
            {
                let many = f64::from(u32::try_from(many).unwrap_or(u32::MAX));
                measure::gauge(name, [("kind", Label::word(kind.name()))]).set(many);
            }
        }
    }
}

impl Work for Chores {
    const KIND: Kind = Kind::Chore;
    const AT_ONCE: usize = AT_ONCE;

    fn db(&self) -> &Db {
        &self.db
    }

    async fn work(&self, job: &Taken, _: Lease) -> Outcome {
        match DueChore::of(job) {
            Ok(due) => self.does(job, &due).await,
            Err(error) => {
                tracing::error!(job = job.id, %error, "a chore cannot be read");
                Outcome::GivenUp
            }
        }
    }
}

impl Chores {
    async fn does(&self, job: &Taken, due: &DueChore) -> Outcome {
        let Some(chore) = self.all.iter().find(|chore| chore.name == due.name) else {
            // A newer process does it.
            return Outcome::Waits(LOOK_EVERY);
        };
        match all_of(chore, &self.db, &self.clock, self.kept).await {
            Ok(rows) => {
                tracing::debug!(chore = chore.name, rows, "a chore is done");
                Outcome::Done
            }
            Err(error) => {
                let attempts = job.attempts().unwrap_or(u32::MAX);
                tracing::warn!(chore = chore.name, %error, "a chore could not be done");
                if attempts >= ATTEMPTS {
                    return Outcome::GivenUp;
                }
                Outcome::Again(Backoff::after(attempts, LONGEST_WAIT))
            }
        }
    }
}

async fn all_of(chore: &Chore, db: &Db, clock: &Clock, kept: Retention) -> Result<u64, DbError> {
    let mut all = 0;
    loop {
        match (chore.does)(db, kept, clock.now()).await? {
            0 => return Ok(all),
            rows => all += rows,
        }
    }
}

/// As it is by default.
#[cfg(test)]
const KEPT: Retention = Retention { messages: Duration::from_secs(365 * 24 * 3_600) };

/// Does each of them now, whatever was done.
#[cfg(test)]
pub(crate) async fn do_each(db: &Db, clock: &Clock) -> Result<(), DbError> {
    for chore in CHORES {
        all_of(chore, db, clock, KEPT).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use tokio::{task::JoinSet, time::timeout};

    use super::*;
    use crate::{DbConfig, DbTarget, Worker};

    fn clock() -> Clock {
        Clock::manual(Timestamp::from_millis(1_790_000_000_000))
    }

    async fn db(dir: &tempfile::TempDir) -> Db {
        let target = DbTarget::Sqlite { path: dir.path().join("sovpalo.sqlite") };
        Db::connect(&DbConfig { target, connections: 2 }).await.unwrap()
    }

    #[test]
    fn every_chore_has_a_name_of_its_own_and_is_remembered_for_longer_than_its_period() {
        let names: BTreeSet<&str> = CHORES.iter().map(|chore| chore.name).collect();
        assert_eq!(names.len(), CHORES.len());
        for chore in CHORES {
            assert!(chore.every < CHORES_KEPT, "{} may be done twice in a period", chore.name);
        }
    }

    /// What was written once has to be read for ever.
    #[test]
    fn a_chore_is_stored_as_it_always_was() {
        let due = DueChore { name: "sessions".to_owned(), period: 497_222 };
        let stored = r#"{"name":"sessions","period":497222}"#;
        assert_eq!(serde_json::to_string(&due).unwrap(), stored);
        assert_eq!(serde_json::from_str::<DueChore>(stored).unwrap(), due);
    }

    #[tokio::test]
    async fn however_many_processes_there_are_a_chore_is_done_once_in_its_period() {
        static DONE: AtomicUsize = AtomicUsize::new(0);
        const COUNTED: &[Chore] = &[chore("counted", HOUR, |_, _, _| {
            DONE.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(0)).boxed()
        })];
        let dir = tempfile::tempdir().unwrap();
        let clock = clock();
        let first = db(&dir).await;
        for period in 1..=3 {
            let (stop, mut processes) = (CancellationToken::new(), JoinSet::new());
            for _ in 0..3 {
                processes.spawn(run_these(COUNTED, db(&dir).await, clock.clone(), KEPT, stop.clone()));
            }
            let done = async {
                while DONE.load(Ordering::SeqCst) < period
                    || first.jobs(Kind::Chore).depth().await.unwrap().waiting > 0
                {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            timeout(Duration::from_secs(60), done).await.expect("it is not done");
            stop.cancel();
            processes.join_all().await;
            assert_eq!(DONE.load(Ordering::SeqCst), period, "once in each period");
            clock.advance(HOUR);
        }
    }

    #[tokio::test]
    async fn a_chore_that_fails_is_tried_again_and_at_last_given_up() {
        const FAILING: &[Chore] =
            &[chore("failing", HOUR, |_, _, _| std::future::ready(Err(DbError::silent())).boxed())];
        let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
        let chores = Chores { all: FAILING, db: db(&dir).await, clock: clock.clone(), kept: KEPT };
        chores.db.enqueue_chores(&[FAILING[0].due(clock.now())], clock.now()).await.unwrap();
        let mut outcomes = Vec::new();
        for _ in 0..=ATTEMPTS {
            let lease = Lease { by: Worker::new(), now: clock.now(), lasts: HOUR };
            let taken = chores.db.jobs(Kind::Chore).take(1, lease).await.unwrap();
            outcomes.push(chores.work(&taken[0], lease).await);
            chores.db.jobs(Kind::Chore).again(taken[0].id, clock.now()).await.unwrap();
        }
        assert_eq!(outcomes[0], Outcome::Again(Duration::from_secs(1)));
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::GivenUp).count(), 1);
        assert_eq!(outcomes.last(), Some(&Outcome::GivenUp));
    }

    #[tokio::test]
    async fn a_chore_of_a_newer_program_is_left_to_it() {
        let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
        let chores = Chores { all: CHORES, db: db(&dir).await, clock: clock.clone(), kept: KEPT };
        let newer = DueChore { name: "polish-the-silver".to_owned(), period: 1 };
        chores.db.enqueue_chores(&[newer], clock.now()).await.unwrap();
        let lease = Lease { by: Worker::new(), now: clock.now(), lasts: HOUR };
        let taken = chores.db.jobs(Kind::Chore).take(1, lease).await.unwrap();
        assert_eq!(chores.work(&taken[0], lease).await, Outcome::Waits(LOOK_EVERY));
    }
}
