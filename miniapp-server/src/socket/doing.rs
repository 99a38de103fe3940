//! A command that is being done: by the connection itself for as long as that goes round, else by a task of its own.
//!
//! It is done whether or not the phone is still there, and a panic in it ends nothing else. A task for each would cost every swipe a
//! start, and a second waking for its answer; but a connection that waits for its phone must not hold up a room in which it has a
//! command under way. So it [lets go](Doing::let_go) before it waits for anything but what wakes it.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
    thread,
};

use futures::{FutureExt, future::BoxFuture};
use tokio::{runtime::Handle, task::JoinHandle};

/// A command with an answer `A` that is being done.
pub(super) struct Doing<A: Send + 'static>(By<A>);

enum By<A> {
    Connection(BoxFuture<'static, thread::Result<A>>),
    Task(JoinHandle<thread::Result<A>>),
    Nobody,
}

impl<A: Send + 'static> Doing<A> {
    /// Begins once it is polled, or let go.
    pub(super) fn new(doing: impl Future<Output = A> + Send + 'static) -> Self {
        Self(By::Connection(AssertUnwindSafe(doing).catch_unwind().boxed()))
    }

    /// Goes on by itself from now on.
    pub(super) fn let_go(&mut self) {
        self.0 = match std::mem::replace(&mut self.0, By::Nobody) {
            // Outside a runtime the process is ending.
            By::Connection(doing) => match Handle::try_current() {
                Ok(runtime) => By::Task(runtime.spawn(doing)),
                Err(_) => By::Nobody,
            },
            by => by,
        };
    }

    /// Ready with the answer. `None`: nobody knows what became of it.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<A>> {
        match &mut self.0 {
            By::Connection(doing) => doing.as_mut().poll(cx).map(Result::ok),
            By::Task(task) => Pin::new(task).poll(cx).map(|done| done.ok().and_then(Result::ok)),
            By::Nobody => Poll::Ready(None),
        }
        .map(|answer| {
            self.0 = By::Nobody;
            answer
        })
    }
}

impl<A: Send + 'static> Drop for Doing<A> {
    fn drop(&mut self) {
        self.let_go();
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::sync::oneshot;

    use super::*;

    /// A command that does something once the store has answered.
    fn command() -> (oneshot::Sender<()>, Doing<u32>, oneshot::Receiver<()>) {
        let ((store, answer), (does, done)) = (oneshot::channel(), oneshot::channel());
        let doing = Doing::new(async move {
            answer.await.unwrap();
            does.send(()).unwrap();
            7
        });
        (store, doing, done)
    }

    async fn poll_once(doing: &mut Doing<u32>) -> Poll<Option<u32>> {
        poll_fn(|cx| Poll::Ready(doing.poll(cx))).await
    }

    #[tokio::test]
    async fn a_command_is_done_although_its_connection_went_before_or_in_the_middle_of_it() {
        for polled in [false, true] {
            let (store, mut doing, done) = command();
            if polled {
                assert!(poll_once(&mut doing).await.is_pending());
            }
            drop(doing);
            store.send(()).unwrap();
            done.await.expect("whether it was done depends on whether the phone waited for it");
        }
    }

    #[tokio::test]
    async fn a_command_that_was_let_go_is_done_while_the_connection_waits_for_its_phone() {
        let (store, mut doing, done) = command();
        assert!(poll_once(&mut doing).await.is_pending());
        doing.let_go();
        store.send(()).unwrap();
        done.await.expect("a room would wait for a slow phone, with its turn taken");
        assert_eq!(poll_fn(|cx| doing.poll(cx)).await, Some(7), "the answer is lost");
    }

    #[tokio::test]
    async fn of_a_command_that_panicked_it_is_unknown_what_became_and_nothing_else_ends() {
        let broken = || Doing::<u32>::new(async { panic!("on purpose") });
        let mut here = broken();
        assert_eq!(poll_fn(|cx| here.poll(cx)).await, None);
        let mut in_a_task = broken();
        in_a_task.let_go();
        assert_eq!(poll_fn(|cx| in_a_task.poll(cx)).await, None);
    }
}
