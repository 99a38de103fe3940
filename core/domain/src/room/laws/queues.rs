//! What lies before each member, and what their phone gets of it in advance.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    history::{enough, histories},
    tell,
};
use crate::room::{PhaseName, view::QUEUE};

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn a_queue_is_of_cards_of_the_deck_that_its_member_has_not_swiped_each_once(history in histories()) {
        tell(&history, |moment| {
            let (room, ledger) = (&moment.evening.room, moment.ledger);
            for who in ledger.members() {
                let queue = room.queue(who, QUEUE);
                let left = if ledger.phase() == PhaseName::Swiping {
                    ledger.deck().len() - ledger.swiped(who)
                } else {
                    0
                };
                assert_eq!(queue.len(), left.min(QUEUE), "{who:?} has {left} cards left, and next {queue:?}");
                assert_eq!(queue.iter().collect::<BTreeSet<_>>().len(), queue.len(), "twice in {queue:?}");
                for card in &queue {
                    assert!(ledger.deck().contains(card) && ledger.verdict(who, card).is_none(), "{card}");
                    assert!(!ledger.is_out_for(who, card), "{card} was vetoed");
                }
            }
        });
    }

    #[test]
    fn in_advance_come_the_cards_of_the_queue_each_once_and_no_other(history in histories()) {
        tell(&history, |moment| {
            for who in moment.ledger.members() {
                let mut queue = moment.evening.room.queue(who, usize::MAX);
                let mut upcoming = moment.evening.room.upcoming(who, usize::MAX);
                queue.sort();
                upcoming.sort();
                assert_eq!(upcoming, queue, "{who:?}");
            }
        });
    }
}
