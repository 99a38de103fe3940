//! Workers: whatever waits in the [queue](crate::Jobs) is done by whichever process comes first, each job by one worker at a time.
//!
//! Promises: no job is worked on by two processes at once, as long as they live and reach the database; what a process that died
//! had taken is taken by another when the lease ends. At most [`Work::AT_ONCE`] jobs of a kind are in work. A job whose work
//! panics is [given up](Outcome::GivenUp). At the end no more is taken, what is in work has [`FAREWELL`] to be done, and the rest is
//! given back at once.

use std::{
    collections::BTreeSet,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Db, DbError, Kind, Lease, Taken, Worker,
    backoff::Backoff,
    clock::Clock,
    measure::{self, Label},
};

/// How long a lease lasts: so long what a dead process had taken waits.
const LEASE: Duration = Duration::from_secs(30);
/// How often it is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// The longest wait between two tries to reach the database.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long the end waits for what is in work.
pub const FAREWELL: Duration = Duration::from_secs(6);
/// How long it takes at most to give the rest back.
const GIVING_BACK: Duration = Duration::from_secs(1);

/// What does the jobs of one kind.
pub trait Work: Send + Sync + 'static {
    const KIND: Kind;
    /// How many of them may be in work.
    const AT_ONCE: usize;

    /// Where they wait.
    fn db(&self) -> &Db;

    /// Does a job that is taken with this lease.
    fn work(&self, job: &Taken, lease: Lease) -> impl Future<Output = Outcome> + Send;
}

/// What came of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, or nobody needs it any more.
    Done,
    /// It failed; again after so long.
    Again(Duration),
    /// Its turn has not come; again after so long, and as often as it takes.
    Waits(Duration),
    /// It cannot be done, and is not tried again.
    GivenUp,
    /// It is left to another process: whoever comes when this one ends, or when the lease does.
    Left,
}

/// Works until `stop`, and says goodbye.
pub async fn run<W: Work>(work: Arc<W>, clock: Clock, stop: &CancellationToken) {
    let worker = Arc::new(AtWork {
        work,
        clock,
        name: Worker::new(),
        held: Mutex::default(),
        places: Arc::new(Semaphore::new(W::AT_ONCE)),
        tasks: TaskTracker::new(),
        cut: CancellationToken::new(),
    });
    let working = async {
        let _: Option<()> = stop.run_until_cancelled(worker.take_all()).await;
        worker.say_goodbye().await;
    };
    tokio::select! {
        () = working => {}
        () = worker.renew_regularly() => {}
    }
}

/// Does what the database must not forget, however long it is away.
pub async fn persistently<F: Future<Output = Result<(), DbError>>>(attempt: impl Fn() -> F) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    while let Err(error) = attempt().await {
        tracing::warn!(%error, "what was done could not be noted yet");
        sleep(backoff.wait()).await;
    }
}

struct AtWork<W> {
    work: Arc<W>,
    clock: Clock,
    name: Worker,
    /// What is in work.
    held: Mutex<BTreeSet<i64>>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    /// Ends what is in work.
    cut: CancellationToken,
}

impl<W: Work> AtWork<W> {
    async fn take_all(self: &Arc<Self>) {
        let mut backoff = Backoff::up_to(LONGEST_WAIT);
        loop {
            match self.take().await {
                Ok(jobs) if jobs.is_empty() => {
                    backoff.reset();
                    self.work.db().jobs(W::KIND).changed().await;
                }
                Ok(jobs) => {
                    backoff.reset();
                    for job in jobs {
                        self.begin(job).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, kind = W::KIND.name(), "jobs cannot be read");
                    sleep(backoff.wait()).await;
                }
            }
        }
    }

    /// As many as there are places for. Waits for a place.
    async fn take(&self) -> Result<Vec<Taken>, DbError> {
        // Nobody else takes places: those that are free now are free when the jobs come.
        drop(self.places.acquire().await);
        let jobs = self.work.db().jobs(W::KIND).take(self.places.available_permits(), self.lease()).await?;
        self.held().extend(jobs.iter().map(|job| job.id));
        Ok(jobs)
    }

    async fn begin(self: &Arc<Self>, job: Taken) {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
        let worker = Arc::clone(self);
        self.tasks.spawn(async move {
            let cut = worker.cut.clone();
            let _: Option<()> = cut.run_until_cancelled(worker.work(job, place)).await;
        });
    }

    async fn work(&self, job: Taken, _place: OwnedSemaphorePermit) {
        // One job that breaks its worker must not take the others with it.
        let outcome = AssertUnwindSafe(self.work.work(&job, self.lease())).catch_unwind().await;
        self.note(
            job.id,
            outcome.unwrap_or_else(|_| {
                tracing::error!(job = job.id, kind = W::KIND.name(), "work on a job panicked");
                Outcome::GivenUp
            }),
        )
        .await;
        self.held().remove(&job.id);
    }

    async fn note(&self, id: i64, outcome: Outcome) {
        let jobs = self.work.db().jobs(W::KIND);
        match outcome {
            Outcome::Done => persistently(|| jobs.done_one(id)).await,
            Outcome::Again(wait) => persistently(|| jobs.again(id, self.clock.now().plus(wait))).await,
            Outcome::Waits(wait) => {
                persistently(|| jobs.waits_until(id, self.clock.now().plus(wait))).await;
            }
            Outcome::GivenUp => {
                measure::count("sovpalo_jobs_given_up_total", [("kind", Label::word(W::KIND.name()))]);
                persistently(|| jobs.give_up(id)).await;
            }
            Outcome::Left => {}
        }
    }

    async fn renew_regularly(&self) {
        loop {
            sleep(RENEW_EVERY).await;
            let held: Vec<i64> = self.held().iter().copied().collect();
            if let Err(error) = self.work.db().jobs(W::KIND).renew(&held, self.lease()).await {
                tracing::warn!(%error, kind = W::KIND.name(), "jobs in work may be taken by another process as well");
            }
        }
    }

    async fn say_goodbye(&self) {
        self.tasks.close();
        if timeout(FAREWELL, self.tasks.wait()).await.is_err() {
            tracing::info!(kind = W::KIND.name(), "some jobs are left to the next process");
            self.cut.cancel();
        }
        // Also what was taken without our hearing of it.
        match timeout(GIVING_BACK, self.work.db().jobs(W::KIND).release(self.name)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::debug!(%error, kind = W::KIND.name(), "jobs could not be given back");
            }
            Err(_) => tracing::debug!(kind = W::KIND.name(), "jobs could not be given back in time"),
        }
    }

    fn lease(&self) -> Lease {
        Lease { by: self.name, now: self.clock.now(), lasts: LEASE }
    }

    fn held(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::ids::Timestamp;

    use super::*;
    use crate::{DbConfig, DbTarget};

    /// Does as the update says.
    struct Obedient {
        db: Db,
        done: Mutex<Vec<i64>>,
    }

    impl Work for Obedient {
        const KIND: Kind = Kind::Update;
        const AT_ONCE: usize = 4;

        fn db(&self) -> &Db {
            &self.db
        }

        async fn work(&self, job: &Taken, _: Lease) -> Outcome {
            match job.payload.as_str() {
                "\"panic\"" => panic!("as it says"),
                "\"leave\"" => return Outcome::Left,
                "\"wait for ever\"" => std::future::pending().await,
                _ => {}
            }
            self.done.lock().unwrap().push(job.position);
            Outcome::Done
        }
    }

    struct Running {
        work: Arc<Obedient>,
        clock: Clock,
        _dir: tempfile::TempDir,
    }

    impl Running {
        async fn new(updates: &[(i64, i64, &str)]) -> Self {
            let dir = tempfile::tempdir().unwrap();
            let target = DbTarget::Sqlite { path: dir.path().join("sovpalo.sqlite") };
            let db = Db::connect(&DbConfig { target, connections: 2 }).await.unwrap();
            let clock = Clock::manual(Timestamp::from_millis(1_790_000_000_000));
            for (id, lane, says) in updates {
                db.store_update(*id, *lane, None, &format!("\"{says}\""), clock.now()).await.unwrap();
            }
            Self { work: Arc::new(Obedient { db, done: Mutex::default() }), clock, _dir: dir }
        }

        /// Works until so many are done, and ends; says which, in their order.
        async fn until(&self, many: usize) -> Vec<i64> {
            let stop = CancellationToken::new();
            let enough = async {
                while self.work.done.lock().unwrap().len() < many {
                    sleep(Duration::from_millis(5)).await;
                }
                stop.cancel();
            };
            let working = run(Arc::clone(&self.work), self.clock.clone(), &stop);
            let both = async { tokio::join!(working, enough) };
            timeout(Duration::from_secs(60), both).await.expect("they are not done");
            self.work.done.lock().unwrap().clone()
        }
    }

    #[tokio::test]
    async fn a_job_whose_work_panics_is_given_up_and_holds_up_nobody() {
        let running = Running::new(&[(1, 1, "panic"), (2, 1, ""), (3, 2, "")]).await;
        let mut done = running.until(2).await;
        done.sort_unstable();
        assert_eq!(done, [2, 3]);
        let depth = running.work.db.jobs(Kind::Update).depth().await.unwrap();
        assert_eq!((depth.waiting, depth.given_up), (0, 1));
    }

    #[tokio::test]
    async fn what_is_left_or_cut_short_is_anybodys_when_the_worker_has_ended() {
        let running = Running::new(&[(1, 1, "leave"), (2, 2, "wait for ever"), (3, 3, "")]).await;
        assert_eq!(running.until(1).await, [3]);
        let lease = Lease { by: Worker::new(), now: running.clock.now(), lasts: LEASE };
        let mut taken = running.work.db.claim_updates(9, lease).await.unwrap();
        taken.sort_by_key(|update| update.id);
        assert_eq!(taken.iter().map(|update| update.id).collect::<Vec<_>>(), [1, 2]);
    }
}
