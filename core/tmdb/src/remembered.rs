//! Answers that are remembered for a while, and asked for once by however many want them.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tokio::time::Instant;

use super::error::TmdbError;

/// So many questions are under way at the same time; another one is [`TmdbError::Busy`].
pub(crate) const MOST_UNDER_WAY: usize = 128;

/// What comes of a question, for everybody who asks it.
pub(crate) type Answer<V> = BoxFuture<'static, Result<V, TmdbError>>;

/// A bounded memory. What came first goes first.
pub(crate) struct Remembered<K, V> {
    most: usize,
    keep: Duration,
    state: Mutex<State<K, V>>,
}

struct State<K, V> {
    answers: HashMap<K, (V, Instant)>,
    order: VecDeque<K>,
    under_way: HashMap<K, Shared<Answer<V>>>,
}

impl<K, V> Remembered<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Remembers at most so many answers, each for so long.
    pub(crate) fn new(most: usize, keep: Duration) -> Arc<Self> {
        let state = State { answers: HashMap::new(), order: VecDeque::new(), under_way: HashMap::new() };
        Arc::new(Self { most, keep, state: Mutex::new(state) })
    }

    /// What is remembered, if it is.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let state = self.state();
        let (answer, at) = state.answers.get(key)?;
        (at.elapsed() < self.keep).then(|| answer.clone())
    }

    /// Remembers something.
    pub(crate) fn put(&self, key: K, answer: V) {
        let mut state = self.state();
        if state.answers.insert(key.clone(), (answer, Instant::now())).is_none() {
            state.order.push_back(key);
        }
        while state.order.len() > self.most {
            if let Some(first) = state.order.pop_front() {
                state.answers.remove(&first);
            }
        }
    }

    /// What is remembered, or what `ask` answers. However many want it, it is asked once; it goes on when all of them have gone.
    pub(crate) fn get_or(self: &Arc<Self>, key: K, ask: impl FnOnce() -> Answer<V>) -> Answer<V> {
        if let Some(known) = self.get(&key) {
            return futures::future::ready(Ok(known)).boxed();
        }
        let mut state = self.state();
        if let Some(under_way) = state.under_way.get(&key) {
            return under_way.clone().boxed();
        }
        if state.under_way.len() >= MOST_UNDER_WAY {
            return futures::future::ready(Err(TmdbError::Busy)).boxed();
        }
        let ending = Ending { memory: Arc::clone(self), key: key.clone() };
        let asking = ask();
        let task = tokio::spawn(async move {
            let answer = asking.await;
            if let Ok(answer) = &answer {
                ending.memory.put(ending.key.clone(), answer.clone());
            }
            answer
        });
        let asking = task.map(|done| done.unwrap_or(Err(TmdbError::Unavailable))).boxed().shared();
        state.under_way.insert(key, asking.clone());
        asking.boxed()
    }

    fn state(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// However a question ends, it is not under way any more.
struct Ending<K: Eq + Hash, V> {
    memory: Arc<Remembered<K, V>>,
    key: K,
}

impl<K: Eq + Hash, V> Drop for Ending<K, V> {
    fn drop(&mut self) {
        let mut state = self.memory.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.under_way.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    fn memory(most: usize) -> Arc<Remembered<u32, usize>> {
        Remembered::new(most, Duration::from_secs(600))
    }

    #[tokio::test]
    async fn what_many_ask_for_is_asked_once_and_then_remembered_for_a_while() {
        let asked = Arc::new(AtomicUsize::new(0));
        let ask = |memory: &Arc<Remembered<u32, usize>>| {
            let asked = Arc::clone(&asked);
            memory.get_or(1, move || async move { Ok(asked.fetch_add(1, SeqCst)) }.boxed())
        };
        let for_long = memory(10);
        let answers = futures::future::join_all((0..50).map(|_| ask(&for_long))).await;
        assert!(answers.iter().all(|answer| *answer == Ok(0)), "{answers:?}");
        assert_eq!(ask(&for_long).await, Ok(0));
        let for_no_time = Remembered::new(10, Duration::ZERO);
        assert_eq!((ask(&for_no_time).await, ask(&for_no_time).await), (Ok(1), Ok(2)));
    }

    #[tokio::test]
    async fn what_failed_is_asked_again_and_a_panic_hangs_nobody() {
        let memory = memory(10);
        let failed = memory.get_or(1, || async { Err(TmdbError::Unavailable) }.boxed()).await;
        assert_eq!(failed, Err(TmdbError::Unavailable));
        let broken = memory.get_or(1, || async { panic!("on purpose") }.boxed()).await;
        assert_eq!(broken, Err(TmdbError::Unavailable));
        assert_eq!(memory.get_or(1, || async { Ok(7) }.boxed()).await, Ok(7));
    }

    #[tokio::test]
    async fn no_more_than_that_are_remembered_or_under_way() {
        let memory = memory(3);
        (0..10).for_each(|n| memory.put(n, 0));
        assert_eq!((0..10).filter(|n| memory.get(n).is_some()).collect::<Vec<_>>(), [7, 8, 9]);
        let under_way: Vec<_> = (100..)
            .take(MOST_UNDER_WAY)
            .map(|n| memory.get_or(n, || futures::future::pending().boxed()))
            .collect();
        assert_eq!(memory.get_or(1, || async { Ok(7) }.boxed()).await, Err(TmdbError::Busy));
        drop(under_way);
    }
}
