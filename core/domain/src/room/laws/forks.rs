//! A history that was lost from somewhere on and went on otherwise: its two ends become one, whatever they are.

use std::{fmt, time::Duration};

use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    history::{History, Said, enough, histories},
    ledger::Ledger,
};
use crate::room::{Entry, Event, PeopleEvent, Room, SwipingEvent, redo::shared, tests::evening::Evening};

/// What people do before the loss, and then on which of two nodes, and after how many milliseconds.
#[derive(Clone)]
struct Fork {
    history: History,
    lost_at: Index,
    /// So many entries more one of the nodes lacks: perhaps a part of an append.
    missing: usize,
    then: Vec<(bool, u64)>,
}

fn forks() -> impl Strategy<Value = Fork> {
    let then = vec((any::<bool>(), 1..2_000_u64), 1..40);
    (histories(), any::<Index>(), 0..3_usize, then).prop_map(|(history, lost_at, missing, then)| Fork {
        history,
        lost_at,
        missing,
        then,
    })
}

/// A failing law shows both ends as they were played, and what becomes of them.
impl fmt::Debug for Fork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ends { room, log, one, other } = self.play();
        let end = room.reunite(&one, &other);
        for (what, entries) in
            [("before", &log), ("one end", &one), ("the other end", &other), ("both", &end)]
        {
            writeln!(f, "{what}:")?;
            for Entry { at, event } in entries {
                writeln!(f, "  {:>8} {event:?}", at.millis() % 100_000_000)?;
            }
        }
        Ok(())
    }
}

/// The room before the loss, its log, and both ends.
struct Ends {
    room: Room,
    log: Vec<Entry>,
    one: Vec<Entry>,
    other: Vec<Entry>,
}

impl Fork {
    fn play(&self) -> Ends {
        let acts = self.history.acts();
        let (before, after) = acts.split_at(if acts.is_empty() { 0 } else { self.lost_at.index(acts.len()) });
        let mut evening = self.history.opening();
        for act in before {
            evening.passes(Duration::from_millis(1));
            self.say(act, &mut evening);
        }
        // How it began is not lost.
        let most = evening.log.len() - self.history.opening().log.len();
        let heard = evening.log.len() - self.missing.min(most);
        let mut behind = evening.clone();
        behind.log.truncate(heard);
        behind.room = Room::replay(&behind.log).expect("a log's beginning is a log");
        let mut ends = [evening, behind];
        for (act, (there, pause)) in after.iter().zip(&self.then) {
            for end in &mut ends {
                end.passes(Duration::from_millis(*pause));
            }
            self.say(act, &mut ends[usize::from(*there)]);
            // Waiting for somebody to be away takes its time on both.
            let now = ends[0].now.max(ends[1].now);
            for end in &mut ends {
                end.now = now;
            }
        }
        let shared = shared(&ends[0].log, &ends[1].log);
        let log = ends[0].log[..shared].to_vec();
        let room = Room::replay(&log).expect("a log's beginning is a log");
        let [one, other] = ends.map(|end| end.log[shared..].to_vec());
        Ends { room, log, one, other }
    }

    fn say(&self, act: &super::history::Act, evening: &mut Evening) {
        match act.said_in(&self.history, evening) {
            Said::Command(actor, command) => drop(evening.says(actor.get(), command)),
            // What came back from SQL is another history.
            Said::Reopened(_) => {}
        }
    }
}

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn what_two_ends_become_could_have_happened(fork in forks()) {
        let ends = fork.play();
        let end = ends.room.reunite(&ends.one, &ends.other);
        let mut ledger = Ledger::of(&ends.log[..1]);
        // It judges every entry. No two commands are of one moment here.
        let log = [&ends.log[1..], &end].concat();
        log.chunk_by(|this, next| this.at == next.at).for_each(|command| ledger.note(command));
    }

    #[test]
    fn whoever_puts_them_together_again_changes_nothing(fork in forks()) {
        let ends = fork.play();
        let end = ends.room.reunite(&ends.one, &ends.other);
        prop_assert_eq!(&ends.room.reunite(&ends.other, &ends.one), &end, "from the other side");
        let takes_back = |entry: &Entry| matches!(entry.event, Event::Swiping(SwipingEvent::Undone { .. }));
        if ends.one.iter().chain(&ends.other).any(takes_back) {
            // A swipe that was taken back stays on an end that nothing stands beside, and is left out of two.
            return Ok(());
        }
        prop_assert_eq!(&ends.room.reunite(&ends.one, &end), &end, "by whoever holds the one end");
        prop_assert_eq!(&ends.room.reunite(&ends.other, &end), &end, "by whoever holds the other end");
    }

    #[test]
    fn an_end_that_nothing_stands_beside_stays_as_it_was(fork in forks()) {
        let ends = fork.play();
        prop_assert_eq!(&ends.room.reunite(&ends.one, &[]), &ends.one);
        prop_assert_eq!(&ends.room.reunite(&[], &ends.one), &ends.one);
    }

    #[test]
    fn nobody_who_swiped_on_either_end_has_to_swipe_again(fork in forks()) {
        let ends = fork.play();
        let complicates = |entry: &Entry| {
            let goes =
                matches!(entry.event, Event::People(PeopleEvent::Left { .. } | PeopleEvent::Removed { .. } |
PeopleEvent::Erased { .. }));
            goes || matches!(entry.event, Event::Swiping(SwipingEvent::Finished | SwipingEvent::Restarted { .. } |
SwipingEvent::Undone { .. }))
        };
        let end = ends.room.reunite(&ends.one, &ends.other);
        if ends.one.iter().chain(&ends.other).chain(&end).any(complicates) {
            // A swipe may have come too late, or have been taken back or not counted any more on the other end.
            return Ok(());
        }
        let both = ends.room.later(&end);
        for alone in [&ends.one, &ends.other].map(|end| ends.room.later(end)) {
            for member in alone.present_members().filter(|member| both.has_member(member.id)) {
                // A card may be in the deck no more, where the other end took the place among somebody's picks.
                let swiped = |room: &Room, card| room.verdict_of(member.id, card).is_some();
                let again = both.deck().iter().find(|card| swiped(&alone, card) && !swiped(&both, card));
                prop_assert_eq!(again, None, "{:?}", member.id);
            }
        }
    }
}
