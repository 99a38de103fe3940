//! Updates side by side, but in order within one chat.
//!
//! A chat that Telegram makes wait holds up nobody else. At most [`AT_ONCE`] updates are in work or in line; whoever brings
//! one more waits.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

/// How many updates may be in work or in line.
const AT_ONCE: usize = 256;

/// Which line an update stands in: its chat's number, or its sender's.
pub(crate) type Lane = i64;

/// The lines of work.
pub(crate) struct Lanes<T> {
    waiting: Mutex<HashMap<Lane, VecDeque<(T, OwnedSemaphorePermit)>>>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl<T: Send + 'static> Lanes<T> {
    pub(crate) fn new() -> Self {
        Self {
            waiting: Mutex::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            tasks: TaskTracker::new(),
        }
    }

    /// Puts something at the end of a line; `work` is done on it in its turn. Waits while there are too many already.
    pub(crate) async fn put<F, Fut>(self: &Arc<Self>, lane: Lane, thing: T, work: F)
    where
        F: Fn(T) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send,
    {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
        let mut waiting = self.waiting();
        if let Some(line) = waiting.get_mut(&lane) {
            line.push_back((thing, place));
            return;
        }
        waiting.insert(lane, VecDeque::from([(thing, place)]));
        let lanes = Arc::clone(self);
        self.tasks.spawn(async move {
            while let Some((thing, _place)) = lanes.next(lane) {
                work(thing).await;
            }
        });
    }

    /// Waits until everything in line is done. Nothing may be put any more.
    pub(crate) async fn finished(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn next(&self, lane: Lane) -> Option<(T, OwnedSemaphorePermit)> {
        let mut waiting = self.waiting();
        let next = waiting.get_mut(&lane)?.pop_front();
        if next.is_none() {
            waiting.remove(&lane);
        }
        next
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Lane, VecDeque<(T, OwnedSemaphorePermit)>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{Barrier, mpsc};

    use super::*;

    #[tokio::test]
    async fn within_a_lane_everything_is_done_in_its_order() {
        let lanes = Arc::new(Lanes::new());
        let (done, mut seen) = mpsc::unbounded_channel();
        for number in 0..100 {
            let done = done.clone();
            lanes
                .put(7, number, move |number| {
                    let done = done.clone();
                    async move {
                        done.send(number).unwrap();
                    }
                })
                .await;
        }
        lanes.finished().await;
        drop(done);
        let mut order = Vec::new();
        while let Some(number) = seen.recv().await {
            order.push(number);
        }
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_lane_that_waits_holds_up_no_other() {
        let lanes = Arc::new(Lanes::new());
        // Nobody passes before both are there.
        let both = Arc::new(Barrier::new(2));
        for lane in [1, 2] {
            let both = Arc::clone(&both);
            lanes
                .put(lane, (), move |()| {
                    let both = Arc::clone(&both);
                    async move {
                        both.wait().await;
                    }
                })
                .await;
        }
        lanes.finished().await;
    }
}
