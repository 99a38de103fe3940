//! Signals that are passed on together.
//!
//! Waking one socket's task alone costs several times what it costs as one of many that are woken at the same moment: a thread wakes and
//! sleeps again for it. Playback and typing signals may be a little late, so they are gathered over all rooms and delivered together.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sovpalo_live::hot::Published;
use tokio::{sync::Notify, time::sleep};

use super::Feed;

/// The first signal of a batch waits so long for others: less than anybody notices.
const GATHERING: Duration = Duration::from_millis(50);
/// Signals that wait together. Beyond it they are passed on at once.
pub(crate) const MOST_IN_A_BATCH: usize = 1_024;

/// What is about to be passed on, in the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Batch {
    waiting: Mutex<Vec<(Arc<Feed>, Arc<Published>)>>,
    begun: Notify,
}

impl Batch {
    /// Whether it may wait. A signal to one person alone belongs to the voice chat (WebRTC), and may not.
    pub(super) fn takes(what: &Published) -> bool {
        matches!(what, Published::Signal { to: None, .. })
    }

    pub(super) fn push(&self, feed: Arc<Feed>, signal: Arc<Published>) {
        let mut waiting = self.waiting();
        waiting.push((feed, signal));
        let count = waiting.len();
        drop(waiting);
        if count >= MOST_IN_A_BATCH {
            self.deliver();
        } else if count == 1 {
            self.begun.notify_one();
        }
    }

    /// Passes on batch after batch. Never ends.
    pub(super) async fn deliver_all(&self) {
        loop {
            self.begun.notified().await;
            sleep(GATHERING).await;
            self.deliver();
        }
    }

    fn deliver(&self) {
        let batch = std::mem::take(&mut *self.waiting());
        for (feed, signal) in batch {
            feed.deliver(&signal);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(Arc<Feed>, Arc<Published>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

    use super::{
        super::{super::mailbox::Mailbox, Interest},
        *,
    };

    fn user(id: i64) -> UserId {
        UserId::new(id).unwrap()
    }

    fn signal(to: Option<UserId>) -> Arc<Published> {
        Arc::new(Published::Signal { from: user(2), to, body: r#"{"type":"typing"}"#.into(), at: None })
    }

    fn followed() -> (Arc<Feed>, Arc<Mailbox>) {
        let (feed, mailbox) = (Arc::new(Feed::new(RoomCode::from_bits(1))), Arc::<Mailbox>::default());
        feed.add(0, Arc::clone(&mailbox), Interest::Open(user(1)), Timestamp::default());
        (feed, mailbox)
    }

    fn count(mailbox: &Mailbox) -> usize {
        std::iter::from_fn(|| mailbox.next_signal()).count()
    }

    #[tokio::test]
    async fn what_came_meanwhile_goes_out_together_and_so_does_what_comes_later() {
        let (batch, (feed, mailbox)) = (Batch::default(), followed());
        for turn in 1..=2 {
            batch.push(Arc::clone(&feed), signal(None));
            batch.push(Arc::clone(&feed), signal(None));
            assert!(mailbox.is_empty(), "turn {turn}: the first goes out alone");
            tokio::select! {
                () = batch.deliver_all() => {}
                () = poll_fn(|cx| mailbox.poll_stirred(cx)) => {}
            }
            assert_eq!(count(&mailbox), 2, "turn {turn}");
        }
    }

    #[test]
    fn no_more_wait_than_is_the_most() {
        let (batch, (feed, mailbox)) = (Batch::default(), followed());
        (1..MOST_IN_A_BATCH).for_each(|_| batch.push(Arc::clone(&feed), signal(None)));
        assert!(mailbox.is_empty());
        batch.push(feed, signal(None));
        assert!(!mailbox.is_empty(), "whatever comes is kept until somebody has time for it");
        assert_eq!(batch.waiting().len(), 0);
    }

    #[test]
    fn what_belongs_to_a_voice_chat_waits_for_nothing() {
        assert!(Batch::takes(&signal(None)));
        assert!(!Batch::takes(&signal(Some(user(1)))));
    }
}
