//! Super-likes and vetoes say what they are for, and not whose they are.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::history::enough;
use crate::{
    ids::TitleId,
    room::{
        EventView, PhaseName, Settings, Verdict, View,
        tests::evening::{ANNA, BORIS, Evening, VERA, default_settings, user},
    },
};

const DECK: [&str; 16] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];

fn settings() -> Settings {
    Settings { picks_per_member: 50, ..default_settings() }
}

/// What one person can see at a moment: their view, and more of their queue and of what comes in advance than any phone is given.
fn sight_of(evening: &Evening, who: i64) -> (View, [Vec<TitleId>; 2]) {
    let (queue, upcoming) =
        (evening.room.queue(user(who), usize::MAX), evening.room.upcoming(user(who), usize::MAX));
    (evening.view(who), [queue, upcoming])
}

/// How the last thing that happened looks to somebody.
fn event_for(evening: &Evening, who: i64) -> EventView {
    evening.room.views(evening.log.last().expect("a log has a beginning")).seen_by(user(who)).clone()
}

fn moves(people: Vec<i64>) -> impl Strategy<Value = Vec<(i64, Index, bool)>> {
    vec((prop::sample::select(people), any::<Index>(), any::<bool>()), 0..45)
}

fn verdict(like: bool) -> Verdict {
    if like { Verdict::Like } else { Verdict::Skip }
}

/// Two worlds begin with the same cards swiped in the same order, and go on alike; Anna sees the same in both.
fn the_same_to_anna(mut one: Evening, mut other: Evening, moves: &[(i64, Index, bool)]) {
    assert_eq!(sight_of(&one, ANNA), sight_of(&other, ANNA));
    for (who, index, like) in moves {
        // Whose super-like it was, nobody but they themselves see in a queue of their own.
        let left = one.room.queue(user(*who), usize::MAX);
        let theirs = other.room.queue(user(*who), usize::MAX);
        // What Anna likes and what does not match tells her something by the rule, so that she leaves that card alone.
        let free = |card: &TitleId| theirs.contains(card) && (*who != ANNA || card.as_str() != "a");
        let left: Vec<_> = left.into_iter().filter(free).collect();
        if left.is_empty() || one.room.phase() != PhaseName::Swiping {
            continue;
        }
        let card = index.get(&left).clone();
        for world in [&mut one, &mut other] {
            world.swipe(*who, card.as_str(), verdict(*like)).expect("it is in the queue");
            assert!(world.matched().iter().all(|title| *title != "a"), "of the signal nothing may match");
        }
        assert_eq!(sight_of(&one, ANNA), sight_of(&other, ANNA));
        if *who != ANNA {
            assert_eq!(event_for(&one, ANNA), event_for(&other, ANNA));
        }
    }
}

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn of_a_signal_in_a_room_of_three_nobody_is_told_whose_it_is(
        veto in any::<bool>(),
        moves in moves(vec![ANNA, BORIS, VERA]),
    ) {
        let signal = if veto { Verdict::Veto } else { Verdict::SuperLike };
        let world = |boris, vera| {
            let mut evening = Evening::swiping_with_vetoes(&[ANNA, BORIS, VERA], settings(), &DECK);
            evening.swipe(BORIS, "a", boris).expect("he may");
            evening.swipe(VERA, "a", vera).expect("she may");
            evening
        };
        let plain = if veto { Verdict::Skip } else { Verdict::Like };
        the_same_to_anna(world(signal, plain), world(plain, signal), &moves);
    }

    #[test]
    fn in_a_pair_a_super_like_is_a_like_until_it_matches(moves in moves(vec![ANNA, BORIS])) {
        let world = |boris| {
            let mut evening = Evening::swiping(&[ANNA, BORIS], settings(), &DECK);
            for card in ["b", "c", "d", "e"] {
                evening.skip(ANNA, card);
            }
            evening.swipe(BORIS, "a", boris).expect("he may");
            // This is her step of five cards.
            evening.skip(ANNA, "f");
            evening
        };
        the_same_to_anna(world(Verdict::SuperLike), world(Verdict::Like), &moves);
    }
}
