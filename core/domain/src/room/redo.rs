//! Asking again for what a lost piece of history tells of.
//!
//! A log may lose its end and grow another one. What people were told is done must be done all the same, and in the order in
//! which they did it: the two ends are laid together by their times, and from where they mingle each event is asked for once
//! more, as the command that it came from, of the room as it is by then. Since a command says what shall be so,
//! what both ends have changes nothing the second time.
//!
//! It knows no activity. What a part has to say of its events is the trait [`Redo`](part::Redo), and `dispatch` asks the part that an event is of.

mod dispatch;
mod end;
pub(super) mod part;

use self::{dispatch::Memories, end::End};
use super::{Entry, Room};

/// How many entries two ends have in common. Of an append, whose entries have one time, that is all or nothing: what followed from a
/// command is not asked for again, and comes with it.
pub fn shared(one: &[Entry], other: &[Entry]) -> usize {
    let same = same(one, other);
    let Some(last) = one[..same].last() else { return 0 };
    if [one, other].iter().all(|end| is_whole(end, same)) {
        return same;
    }
    one[..same].iter().rposition(|entry| entry.at != last.at).map_or(0, |before| before + 1)
}

fn same(one: &[Entry], other: &[Entry]) -> usize {
    one.iter().zip(other).take_while(|(this, that)| this == that).count()
}

/// Whether no append goes on at this place.
fn is_whole(end: &[Entry], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|last| end.get(last));
    end.get(place).zip(before).is_none_or(|(next, last)| next.at != last.at)
}

impl Room {
    /// What comes after this room if two histories have gone on from it: `one` and `other`. What cannot be any more is left out; so is what
    /// was meant for a round that is over.
    pub fn reunite(&self, one: &[Entry], other: &[Entry]) -> Vec<Entry> {
        let (shared, same) = (shared(one, other), same(one, other));
        // Who lacks the rest of an append has none of it.
        let left = |end| if is_whole(end, same) { &end[same..] } else { &end[shared..] };
        let (one_left, other_left) = (left(one), left(other));
        let (first, second) = match (one_left.first(), other_left.first()) {
            (Some(this), Some(that)) if that.at < this.at => (other_left, one_left),
            (None, _) => (other_left, one_left),
            _ => (one_left, other_left),
        };
        // Until the other end goes on, this is all that happened.
        let alone =
            first.iter().take_while(|entry| second.first().is_none_or(|later| entry.at < later.at)).count();
        let (kept, rest) = first.split_at(alone);
        let fork = self.later(&one[..shared]);
        let room = fork.later(kept);
        let redone = room.clone().ask_again([End::after(room, rest), End::after(fork, second)]);
        [&one[..shared], kept, &redone].concat()
    }

    /// What happens if everything in `lost` is asked for once more, each thing at its time. `lost` came after the room as it `was`.
    pub fn redo(&self, was: Self, lost: &[Entry]) -> Vec<Entry> {
        self.clone().ask_again([End::after(was, lost)])
    }

    pub(super) fn later(&self, entries: &[Entry]) -> Self {
        let mut room = self.clone();
        for entry in entries {
            room.apply(entry);
        }
        room
    }

    /// Each end in its own order, and both by time.
    fn ask_again<const N: usize>(&mut self, mut ends: [End<'_>; N]) -> Vec<Entry> {
        let mut redone = Vec::new();
        let mut memories = Memories::default();
        while let Some(end) =
            ends.iter_mut().filter(|end| end.next_at().is_some()).min_by_key(|end| end.next_at())
            && let Some((was, action)) = end.next()
        {
            let at = action.at;
            if let Some((actor, command)) = memories.ask_again(was, self, action) {
                // What was acknowledged has its place in the log also if that is full.
                for event in self.judge(actor, &command, at).unwrap_or_default() {
                    let entry = Entry { at, event };
                    self.apply(&entry);
                    redone.push(entry);
                }
            }
            end.step();
        }
        redone
    }
}
