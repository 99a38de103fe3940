//! Work that several bots share: each piece is taken with a lease, which is renewed while the work lasts.
//!
//! Promises: no piece is worked on by two bots at once, as long as they live and reach the database; what a bot that died
//! had taken is taken by another when the lease ends. At most [`Queue::AT_ONCE`] pieces are in work. A piece whose work
//! panics is never seen again. At the end no more is taken, what is in work has [`FAREWELL`] to be done, and the rest is given
//! back at once.
//!
//! What "done" means is the queue's own affair: it notes it before [`Queue::work`] comes back.

use std::{
    collections::BTreeSet,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use sovpalo_storage::{DbError, Lease, Worker, clock::Clock};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::backoff::Backoff;

/// How long a lease lasts: so long what a dead bot had taken waits.
const LEASE: Duration = Duration::from_secs(30);
/// How often it is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// The longest wait between two tries to reach the database.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long the end waits for what is in work.
pub(crate) const FAREWELL: Duration = Duration::from_secs(6);
/// How long it takes at most to give the rest back.
const GIVING_BACK: Duration = Duration::from_secs(1);

/// Where work comes from.
pub(crate) trait Queue: Send + Sync + 'static {
    /// A piece of work.
    type Piece: Send + 'static;
    /// How many pieces may be in work.
    const AT_ONCE: usize;
    /// For the log.
    const NAME: &'static str;

    /// What a piece is known by.
    fn id(piece: &Self::Piece) -> i64;

    /// Takes pieces that nobody has, at most so many.
    fn take(
        &self,
        limit: usize,
        lease: Lease,
    ) -> impl Future<Output = Result<Vec<Self::Piece>, DbError>> + Send;

    /// Renews the leases of these.
    fn renew(&self, ids: &[i64], lease: Lease) -> impl Future<Output = Result<(), DbError>> + Send;

    /// Gives back whatever a worker has and has not done.
    fn release(&self, worker: Worker) -> impl Future<Output = Result<(), DbError>> + Send;

    /// Waits until there may be more to take; not for long.
    fn changed(&self) -> impl Future<Output = ()> + Send;

    /// Does a piece that is taken with this lease, and notes what came of it.
    fn work(&self, piece: Self::Piece, lease: Lease) -> impl Future<Output = ()> + Send;

    /// The work on a piece panicked: it must not come again.
    fn spoilt(&self, id: i64) -> impl Future<Output = ()> + Send;
}

/// Works until `stop`, and says goodbye.
pub(crate) async fn run<Q: Queue>(queue: Arc<Q>, clock: Clock, stop: &CancellationToken) {
    let worker = Arc::new(AtWork {
        queue,
        clock,
        name: Worker::new(),
        held: Mutex::default(),
        places: Arc::new(Semaphore::new(Q::AT_ONCE)),
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
pub(crate) async fn persistently<F: Future<Output = Result<(), DbError>>>(attempt: impl Fn() -> F) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    while let Err(error) = attempt().await {
        tracing::warn!(%error, "what was done could not be noted yet");
        sleep(backoff.wait()).await;
    }
}

struct AtWork<Q> {
    queue: Arc<Q>,
    clock: Clock,
    name: Worker,
    /// What is in work.
    held: Mutex<BTreeSet<i64>>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    /// Ends what is in work.
    cut: CancellationToken,
}

impl<Q: Queue> AtWork<Q> {
    async fn take_all(self: &Arc<Self>) {
        let mut backoff = Backoff::up_to(LONGEST_WAIT);
        loop {
            match self.take().await {
                Ok(pieces) if pieces.is_empty() => {
                    backoff.reset();
                    self.queue.changed().await;
                }
                Ok(pieces) => {
                    backoff.reset();
                    for piece in pieces {
                        self.begin(piece).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "{} cannot be read", Q::NAME);
                    sleep(backoff.wait()).await;
                }
            }
        }
    }

    /// As many as there are places for. Waits for a place.
    async fn take(&self) -> Result<Vec<Q::Piece>, DbError> {
        // Nobody else takes places: those that are free now are free when the pieces come.
        drop(self.places.acquire().await);
        let pieces = self.queue.take(self.places.available_permits(), self.lease()).await?;
        self.held().extend(pieces.iter().map(Q::id));
        Ok(pieces)
    }

    async fn begin(self: &Arc<Self>, piece: Q::Piece) {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
        let worker = Arc::clone(self);
        self.tasks.spawn(async move {
            let cut = worker.cut.clone();
            let _: Option<()> = cut.run_until_cancelled(worker.work(piece, place)).await;
        });
    }

    async fn work(&self, piece: Q::Piece, _place: OwnedSemaphorePermit) {
        let id = Q::id(&piece);
        // One piece that breaks its worker must not take the others with it.
        if AssertUnwindSafe(self.queue.work(piece, self.lease())).catch_unwind().await.is_err() {
            tracing::error!(id, "work on {} panicked", Q::NAME);
            self.queue.spoilt(id).await;
        }
        self.held().remove(&id);
    }

    async fn renew_regularly(&self) {
        loop {
            sleep(RENEW_EVERY).await;
            let held: Vec<i64> = self.held().iter().copied().collect();
            if held.is_empty() {
                continue;
            }
            if let Err(error) = self.queue.renew(&held, self.lease()).await {
                tracing::warn!(%error, "{} in work may be taken by another bot as well", Q::NAME);
            }
        }
    }

    async fn say_goodbye(&self) {
        self.tasks.close();
        if timeout(FAREWELL, self.tasks.wait()).await.is_err() {
            tracing::info!("some {} are left to the next bot", Q::NAME);
            self.cut.cancel();
        }
        // Also what was taken without our hearing of it.
        match timeout(GIVING_BACK, self.queue.release(self.name)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "{} could not be given back", Q::NAME),
            Err(_) => tracing::debug!("{} could not be given back in time", Q::NAME),
        }
    }

    fn lease(&self) -> Lease {
        Lease { by: self.name, now: self.clock.now(), lasts: LEASE }
    }

    fn held(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
