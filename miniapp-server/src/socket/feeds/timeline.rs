//! The last messages of a room, in the order of their changes and without a hole.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use sovpalo_domain::talk;
use sovpalo_live::rooms::Encoded;
use sovpalo_storage::Page;

/// So many of a room's last changes are kept while somebody follows it. A phone that is further behind is told what SQL has.
pub(crate) const KEPT_MESSAGES: usize = 64;
/// So many that came too early are kept while those before them are fetched. Beyond it they are fetched as well.
const KEPT_EARLY: usize = 64;

/// A message, and how it was sent to those who all see the same of it.
#[derive(Debug)]
pub(in super::super) struct Message {
    pub(in super::super) message: Arc<talk::Message>,
    pub(in super::super) encoded: Encoded,
}

/// What comes next for a phone.
#[derive(Debug)]
pub(in super::super) enum Next {
    /// It knows it all, as far as it is known here.
    Nothing,
    Message(Arc<Message>),
    /// It is further behind than this reaches.
    FurtherBehind,
}

#[derive(Debug)]
pub(super) struct Timeline {
    /// Everything after this change is in `recent`.
    floor: u64,
    recent: VecDeque<Arc<Message>>,
    early: BTreeMap<u64, Arc<talk::Message>>,
    /// Something may have been published that was not heard.
    unsure: bool,
}

impl Timeline {
    /// One that stands at this change.
    pub(super) fn at(change: u64) -> Self {
        Self { floor: change, recent: VecDeque::new(), early: BTreeMap::new(), unsure: false }
    }

    pub(super) fn last(&self) -> u64 {
        self.recent.back().map_or(self.floor, |last| last.message.change)
    }

    /// A message that was published: once, twice, too early or too late.
    pub(super) fn deliver(&mut self, message: Arc<talk::Message>) {
        if message.change > self.last() {
            self.early.insert(message.change, message);
            while self.early.len() > KEPT_EARLY {
                self.early.pop_last();
            }
            self.take_early();
        }
    }

    fn take_early(&mut self) {
        while let Some(next) = self.early.first_entry() {
            let (last, change) =
                (self.recent.back().map_or(self.floor, |last| last.message.change), *next.key());
            if change > last + 1 {
                return;
            }
            let message = next.remove();
            if change > last {
                self.push(message);
            }
        }
    }

    fn push(&mut self, message: Arc<talk::Message>) {
        self.recent.push_back(Arc::new(Message { message, encoded: Encoded::default() }));
        if self.recent.len() > KEPT_MESSAGES
            && let Some(oldest) = self.recent.pop_front()
        {
            self.floor = oldest.message.change;
        }
    }

    pub(super) fn missed(&mut self) {
        self.unsure = true;
    }

    /// After which change something is missing, or may be.
    pub(super) fn missing_since(&self) -> Option<u64> {
        (self.unsure || !self.early.is_empty()).then(|| self.last())
    }

    /// What SQL has after that change. It skips changes of messages that changed again.
    pub(super) fn fetched(&mut self, Page { items, more }: Page) {
        for message in items {
            if message.change > self.last() {
                self.push(Arc::new(message));
            }
        }
        self.unsure = more;
        let last = self.last();
        self.early.retain(|change, _| *change > last);
        self.take_early();
    }

    pub(super) fn next_after(&self, change: u64) -> Next {
        if change < self.floor {
            return Next::FurtherBehind;
        }
        let place = self.recent.partition_point(|message| message.message.change <= change);
        self.recent.get(place).map_or(Next::Nothing, |next| Next::Message(Arc::clone(next)))
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::{
        ids::Timestamp,
        talk::{Message as Talked, MessageKind},
    };

    use super::*;

    fn message(change: u64) -> Talked {
        Talked {
            number: change,
            change,
            author: None,
            kind: MessageKind::Text,
            text: "Solaris?".into(),
            system: None,
            reply_to: None,
            reactions: Vec::new(),
            at: Timestamp::from_millis(1_790_000_000_000),
            edited_at: None,
            deleted: false,
            key: None,
        }
    }

    fn delivered(timeline: &mut Timeline, changes: &[u64]) {
        for change in changes {
            timeline.deliver(Arc::new(message(*change)));
        }
    }

    fn after(timeline: &Timeline, mut change: u64) -> Vec<u64> {
        let mut sent = Vec::new();
        while let Next::Message(next) = timeline.next_after(change) {
            change = next.message.change;
            sent.push(change);
        }
        sent
    }

    #[test]
    fn what_comes_twice_and_in_another_order_is_told_once_and_in_order() {
        let mut timeline = Timeline::at(5);
        delivered(&mut timeline, &[7, 6, 7, 9, 4, 6]);
        assert_eq!(after(&timeline, 5), [6, 7], "9 must wait for 8");
        assert_eq!(timeline.missing_since(), Some(7));
        delivered(&mut timeline, &[8]);
        assert_eq!(after(&timeline, 5), [6, 7, 8, 9]);
        assert_eq!(timeline.missing_since(), None);
    }

    #[test]
    fn what_is_missing_is_taken_from_what_was_fetched() {
        let mut timeline = Timeline::at(5);
        delivered(&mut timeline, &[9, 12]);
        timeline.fetched(Page { items: vec![message(8), message(9)], more: false });
        assert_eq!(after(&timeline, 5), [8, 9], "6 and 7 are of messages that changed again");
        assert_eq!(timeline.missing_since(), Some(9), "10 and 11 are not there yet");
        timeline.fetched(Page { items: vec![message(11)], more: false });
        assert_eq!(after(&timeline, 5), [8, 9, 11, 12]);
        assert_eq!(timeline.missing_since(), None);
        timeline.missed();
        timeline.fetched(Page { items: vec![message(13)], more: true });
        assert_eq!(timeline.missing_since(), Some(13), "there is more");
    }

    #[test]
    fn whoever_is_far_behind_is_told_so() {
        let mut timeline = Timeline::at(0);
        delivered(&mut timeline, &(1..=100).collect::<Vec<_>>());
        assert!(matches!(timeline.next_after(35), Next::FurtherBehind));
        assert_eq!(after(&timeline, 36), (37..=100).collect::<Vec<_>>());
        assert!(matches!(timeline.next_after(100), Next::Nothing));
    }
}
