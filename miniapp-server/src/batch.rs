//! Batching of queries: those that arrive while a statement is under way wait, and go out together in the next one.
//!
//! Each has the answer that they would have alone. One who asks while few others do waits for nothing. When thousands of phones come
//! back in one moment, the store is asked hundreds of times and not thousands of times.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Questions that go to a store in one statement. Those beyond it wait for the next one; they are no more than there are open sockets and
/// requests.
pub(crate) const MOST_TOGETHER: usize = 64;
/// Statements that are on their way at the same time, of one kind of question. While there are so many, questions wait for each other.
pub(crate) const STATEMENTS_AT_ONCE: usize = 4;

/// Questions `K` with answers `A`.
pub(crate) struct Batch<K, A>(Mutex<Waiting<K, A>>);

struct Waiting<K, A> {
    questions: Vec<(K, oneshot::Sender<A>)>,
    /// Tasks that are asking.
    asking: usize,
}

impl<K, A> Default for Batch<K, A> {
    fn default() -> Self {
        Self(Mutex::new(Waiting { questions: Vec::new(), asking: 0 }))
    }
}

impl<K: Clone + Send + 'static, A: Send + 'static> Batch<K, A> {
    /// Asks, in one batch with the questions that wait at this moment. `ask` answers each question, in their order, or none of them.
    pub(crate) async fn ask<F>(
        self: &Arc<Self>,
        question: K,
        ask: impl Fn(Vec<K>) -> F + Send + 'static,
    ) -> Option<A>
    where
        F: Future<Output = Option<Vec<A>>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let is_one_more = {
            let mut waiting = self.waiting();
            waiting.questions.push((question, answer));
            let is_one_more = waiting.asking < STATEMENTS_AT_ONCE;
            waiting.asking += usize::from(is_one_more);
            is_one_more
        };
        if is_one_more {
            // In a task of its own: the caller that came first may be cancelled.
            tokio::spawn(Asking(Arc::clone(self)).run(ask));
        }
        answered.await.ok()
    }

    fn next(&self) -> Vec<(K, oneshot::Sender<A>)> {
        let mut waiting = self.waiting();
        waiting.questions.retain(|(_, answer)| !answer.is_closed());
        let count = waiting.questions.len().min(MOST_TOGETHER);
        let next = waiting.questions.drain(..count).collect::<Vec<_>>();
        if next.is_empty() {
            waiting.questions = Vec::new();
            waiting.asking -= 1;
        }
        next
    }
}

impl<K, A> Batch<K, A> {
    fn waiting(&self) -> MutexGuard<'_, Waiting<K, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks until nobody waits. Should that break off, those who wait have no answer, and the next one begins anew.
struct Asking<K, A>(Arc<Batch<K, A>>);

impl<K: Clone + Send + 'static, A: Send + 'static> Asking<K, A> {
    async fn run<F: Future<Output = Option<Vec<A>>> + Send>(self, ask: impl Fn(Vec<K>) -> F + Send) {
        loop {
            let next = self.0.next();
            if next.is_empty() {
                return;
            }
            let answers = ask(next.iter().map(|(question, _)| question.clone()).collect()).await;
            for ((_, sender), answer) in next.into_iter().zip(answers.into_iter().flatten()) {
                // The caller was cancelled meanwhile.
                let _ = sender.send(answer);
            }
        }
    }
}

impl<K, A> Drop for Asking<K, A> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut waiting = self.0.waiting();
            waiting.questions = Vec::new();
            waiting.asking = waiting.asking.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::future::{BoxFuture, join_all};
    use tokio::sync::Notify;

    use super::*;

    /// Doubles, once it is let, and remembers what it was asked together.
    #[derive(Clone, Default)]
    struct Store {
        asked: Arc<Mutex<Vec<Vec<u64>>>>,
        go: Arc<Notify>,
    }

    impl Store {
        fn answers(&self) -> impl Fn(Vec<u64>) -> BoxFuture<'static, Option<Vec<u64>>> + use<> {
            let store = self.clone();
            move |numbers| {
                let store = store.clone();
                Box::pin(async move {
                    store.asked.lock().unwrap().push(numbers.clone());
                    store.go.notified().await;
                    (!numbers.contains(&13)).then(|| numbers.iter().map(|number| number * 2).collect())
                })
            }
        }
    }

    #[tokio::test]
    async fn those_who_wait_are_asked_for_together_and_each_has_their_own_answer() {
        let (batch, store) = (Arc::<Batch<u64, u64>>::default(), Store::default());
        let numbers = 20..MOST_TOGETHER as u64 + 26;
        let questions = numbers.clone().map(|number| batch.ask(number, store.answers()));
        // All of them wait before a task begins to ask: here tasks go on one after the other.
        let mut answers = Box::pin(join_all(questions));
        assert!(futures::poll!(&mut answers).is_pending());
        let go = async {
            loop {
                store.go.notify_one();
                tokio::task::yield_now().await;
            }
        };
        let answers = tokio::select! { answers = answers => answers, () = go => Vec::new() };
        assert_eq!(answers, numbers.map(|number| Some(number * 2)).collect::<Vec<_>>());
        let together: Vec<usize> = store.asked.lock().unwrap().iter().map(Vec::len).collect();
        assert_eq!(together, [MOST_TOGETHER, 6], "no more than so many in one statement");
    }

    #[tokio::test]
    async fn where_the_store_has_no_answer_nobody_has_one_and_the_next_question_is_asked_anew() {
        let (batch, store) = (Arc::<Batch<u64, u64>>::default(), Store::default());
        store.go.notify_one();
        assert_eq!(batch.ask(13, store.answers()).await, None);
        store.go.notify_one();
        assert_eq!(batch.ask(4, store.answers()).await, Some(8));
    }
}
