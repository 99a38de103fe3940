//! The feed of one room: who follows it, and what they are told of.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};
use sovpalo_live::hot::{HotError, Listening, Moved, Published, Subscribe};
use sovpalo_storage::Page;
use tokio::sync::OnceCell;

use super::{
    super::{mailbox::Mailbox, rendered::Signal},
    timeline::{Next, Timeline},
};

/// Whose read marks are kept for phones that were not told yet. Beyond it the oldest is dropped.
pub(crate) const KEPT_MARKS: usize = 128;

/// What a socket wants of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Interest {
    /// It is open: messages, read marks, and signals for this person.
    Open(UserId),
    /// It is not, and this person's unread messages are counted.
    Unread(UserId),
}

#[derive(Debug)]
pub(in super::super) struct Feed {
    room: RoomCode,
    listening: OnceCell<Listening>,
    state: Mutex<State>,
    /// Where the timeline and the read marks stand, for those who only ask whether there is more.
    change: AtomicU64,
    news: AtomicU64,
    mending: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct State {
    followers: Vec<Follower>,
    /// Once somebody has opened the room here.
    timeline: Option<Timeline>,
    marks: Marks,
}

impl State {
    fn tells(&self, follower: u64) -> bool {
        self.followers.iter().any(|known| known.number == follower)
    }
}

#[derive(Debug)]
struct Follower {
    number: u64,
    is_receiving: Arc<AtomicBool>,
    mailbox: Arc<Mailbox>,
    interest: Interest,
    since: Timestamp,
    /// Not if the same socket has opened the room again since.
    takes_signals: bool,
}

/// How far people have read, each with the place of that news among all of them.
#[derive(Debug, Default)]
struct Marks {
    news: u64,
    by_news: BTreeMap<u64, (UserId, u64)>,
}

impl Marks {
    fn moved(&mut self, member: UserId, number: u64) {
        self.news += 1;
        self.by_news.retain(|_, (other, _)| *other != member);
        self.by_news.insert(self.news, (member, number));
        while self.by_news.len() > KEPT_MARKS {
            self.by_news.pop_first();
        }
    }
}

/// Held while what is missing is fetched.
pub(super) struct Mending(Arc<AtomicBool>);

impl Drop for Mending {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Feed {
    pub(super) fn new(room: RoomCode) -> Self {
        let (listening, state, mending) = (OnceCell::new(), Mutex::default(), Arc::default());
        Self { room, listening, state, change: AtomicU64::new(0), news: AtomicU64::new(0), mending }
    }

    pub(in super::super) fn room(&self) -> RoomCode {
        self.room
    }

    /// What comes back is true for as long as the follower is to be told anything.
    pub(super) fn add(
        &self,
        number: u64,
        mailbox: Arc<Mailbox>,
        interest: Interest,
        since: Timestamp,
    ) -> Arc<AtomicBool> {
        let is_receiving = Arc::new(AtomicBool::new(true));
        let followers = &mut self.state().followers;
        if matches!(interest, Interest::Open(_)) {
            // The room was opened again on this socket. A command under way holds it as it was open before, and the mailbox is the same.
            let before = followers.iter_mut().filter(|older| Arc::ptr_eq(&older.mailbox, &mailbox));
            before.for_each(|older| older.takes_signals = false);
        }
        let (telling, takes_signals) = (Arc::clone(&is_receiving), true);
        followers.push(Follower { number, is_receiving: telling, mailbox, interest, since, takes_signals });
        is_receiving
    }

    pub(super) fn remove(&self, number: u64) {
        let mut state = self.state();
        state.followers.retain(|follower| follower.number != number);
        state.followers.shrink_to_fit();
    }

    pub(super) fn is_followed(&self) -> bool {
        !self.state().followers.is_empty()
    }

    /// One subscription, whoever asks first.
    pub(super) async fn listen(&self, hot: &dyn Subscribe) -> Result<(), HotError> {
        self.listening.get_or_try_init(|| hot.listen(self.room)).await.map(drop)
    }

    /// Somebody opened the room, whose messages stood at this change after they had begun to follow it.
    pub(super) fn stands_at(&self, change: u64) {
        let state = &mut *self.state();
        let timeline = state.timeline.get_or_insert_with(|| Timeline::at(change));
        if timeline.last() < change {
            timeline.missed();
        }
        self.stand(state);
    }

    /// Something was published.
    pub(super) fn deliver(&self, what: &Arc<Published>) {
        let state = &mut *self.state();
        match &**what {
            Published::Message(message) => {
                if let Some(timeline) = &mut state.timeline {
                    timeline.deliver(Arc::clone(message));
                }
            }
            Published::Read { member, number } => state.marks.moved(*member, *number),
            Published::Signal { from, to, body, at } => {
                let signal = Signal::new(self.room, *from, Arc::clone(body));
                for follower in state.followers.iter().filter(|follower| follower.takes_signals) {
                    if let Interest::Open(user) = follower.interest
                        && user != *from
                        && to.is_none_or(|to| to == user)
                        // This node may be late: their phone may have had it on another one before it came here.
                        && at.is_none_or(|at| at >= follower.since)
                    {
                        match to {
                            Some(_) => follower.mailbox.direct_signal(signal.clone()),
                            None => follower.mailbox.signal(signal.clone()),
                        }
                    }
                }
                return;
            }
        }
        self.stand(state);
        for Follower { mailbox, interest, .. } in &state.followers {
            match interest {
                Interest::Open(_) => mailbox.stir(),
                Interest::Unread(_) => mailbox.news(self.room, Arc::clone(what)),
            }
        }
    }

    /// Something may have been written that was never published.
    pub(super) fn doubt(&self) {
        if let Some(timeline) = &mut self.state().timeline {
            timeline.missed();
        }
    }

    /// Something may have been published that was not heard.
    pub(super) fn missed(&self) {
        self.doubt();
        let state = &*self.state();
        // Also where it is open: its person may have come into another room meanwhile.
        state.followers.iter().for_each(|follower| follower.mailbox.missed());
    }

    /// Somebody is no member any more: nothing that is heard from now on reaches them.
    pub(super) fn left(&self, member: UserId) {
        self.state().followers.retain(|follower| {
            let (Interest::Open(user) | Interest::Unread(user)) = follower.interest;
            if user == member {
                follower.is_receiving.store(false, Ordering::Release);
                follower.mailbox.moved(Moved { member, room: self.room, came: false });
            }
            user != member
        });
    }

    pub(super) fn missing_since(&self) -> Option<u64> {
        self.state().timeline.as_ref().and_then(Timeline::missing_since)
    }

    /// `None`: nothing is missing, or it is being fetched.
    pub(super) fn begin_to_mend(&self) -> Option<Mending> {
        self.missing_since()?;
        (!self.mending.swap(true, Ordering::SeqCst)).then(|| Mending(Arc::clone(&self.mending)))
    }

    /// What SQL has of what was missing.
    pub(super) fn fetched(&self, page: Page) {
        let state = &mut *self.state();
        if let Some(timeline) = &mut state.timeline {
            timeline.fetched(page);
        }
        self.stand(state);
        state.followers.iter().for_each(|follower| follower.mailbox.stir());
    }

    fn stand(&self, state: &State) {
        self.change.store(state.timeline.as_ref().map_or(0, Timeline::last), Ordering::Release);
        self.news.store(state.marks.news, Ordering::Release);
    }

    /// The first message that changed after this change, for one who follows.
    pub(super) fn next_after(&self, follower: u64, change: u64) -> Next {
        // Each phone asks this after everything that happens.
        if self.change.load(Ordering::Acquire) <= change {
            return Next::Nothing;
        }
        let state = self.state();
        match &state.timeline {
            Some(timeline) if state.tells(follower) => timeline.next_after(change),
            _ => Next::Nothing,
        }
    }

    /// Where the messages stand, as far as is known here.
    pub(in super::super) fn last_change(&self) -> u64 {
        self.state().timeline.as_ref().map_or(0, Timeline::last)
    }

    /// The place of the last news about who has read what.
    pub(in super::super) fn marks_stand_at(&self) -> u64 {
        self.state().marks.news
    }

    /// The first such news after this place, for one who follows: its own place, who, and up to which message.
    pub(super) fn mark_after(&self, follower: u64, news: u64) -> Option<(u64, UserId, u64)> {
        if self.news.load(Ordering::Acquire) <= news {
            return None;
        }
        let state = self.state();
        let (news, (member, number)) = state.marks.by_news.range(news + 1..).next()?;
        state.tells(follower).then_some((*news, *member, *number))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64) -> UserId {
        UserId::new(id).unwrap()
    }

    /// Whether somebody who follows since then is told a signal that was sent at this moment.
    fn is_told(since: i64, sent: Option<i64>, to: Option<UserId>) -> bool {
        let (feed, mailbox) = (Feed::new(RoomCode::from_bits(1)), Arc::<Mailbox>::default());
        feed.add(0, Arc::clone(&mailbox), Interest::Open(user(1)), Timestamp::from_millis(since));
        let (body, at) = (r#"{"type":"typing"}"#.into(), sent.map(Timestamp::from_millis));
        feed.deliver(&Arc::new(Published::Signal { from: user(2), to, body, at }));
        mailbox.next_signal().is_some()
    }

    #[test]
    fn a_signal_that_comes_late_is_not_told_to_who_has_come_since_and_may_have_had_it() {
        for to in [None, Some(user(1))] {
            assert!(
                !is_told(5_000, Some(4_999), to),
                "it comes twice to a phone that had it on another node"
            );
            assert!(is_told(5_000, Some(5_000), to));
            assert!(is_told(5_000, None, to), "a node of an earlier version does not say when it was sent");
        }
    }

    #[test]
    fn a_signal_comes_once_to_a_socket_that_opened_the_room_again_while_a_command_was_under_way() {
        let (feed, mailbox) = (Feed::new(RoomCode::from_bits(1)), Arc::<Mailbox>::default());
        let opens = |number, interest| feed.add(number, Arc::clone(&mailbox), interest, Timestamp::default());
        opens(0, Interest::Open(user(1)));
        // The command holds the first opening until it is done.
        opens(1, Interest::Open(user(1)));
        // Counted as one of the rooms that are not open, just before it was.
        opens(2, Interest::Unread(user(1)));
        let told = || {
            let (body, at) = (r#"{"type":"typing"}"#.into(), None);
            feed.deliver(&Arc::new(Published::Signal { from: user(2), to: None, body, at }));
            std::iter::from_fn(|| mailbox.next_signal()).count()
        };
        assert_eq!(told(), 1, "while the command is under way");
        feed.remove(0);
        assert_eq!(told(), 1, "once it is done");
    }
}
