//! Phones race. Who swipes first decides when something matches, never whether.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*};

use super::{
    choices::{goal, rule},
    history::enough,
    ledger::Ledger,
};
use crate::{
    ids::TitleId,
    room::{
        Command, DeckChoice, Goal, PhaseName, Rule, Settings, SwipingCommand, Verdict,
        tests::evening::{Evening, default_settings, title},
    },
};

/// Everybody's swipes of a round, some of them given before their member went away or left.
#[derive(Debug, Clone)]
struct Race {
    rule: Rule,
    people: usize,
    cards: usize,
    /// Who likes what: `None` is never swiped.
    opinions: Vec<Vec<Option<Verdict>>>,
    /// The swipes of those who stay, in two orders.
    orders: [Vec<(usize, usize)>; 2],
    away: usize,
    left: usize,
}

fn races() -> impl Strategy<Value = Race> {
    (rule(), 2..=7_usize, 1..=6_usize, 0..=2_usize, 0..=1_usize).prop_flat_map(
        |(rule, people, cards, away, left)| {
            let opinion = prop_oneof![
                8 => Just(Some(Verdict::Like)),
                2 => Just(Some(Verdict::Skip)),
                1 => Just(None),
            ];
            // The host stays, so that somebody can start.
            let (away, left) = (away.min(people - 1), left.min(people - 1 - away.min(people - 1)));
            let stay = people - away - left;
            let swipes: Vec<_> = (0..stay).flat_map(|who| (0..cards).map(move |card| (who, card))).collect();
            (
                vec(vec(opinion, cards), people),
                Just(swipes.clone()).prop_shuffle(),
                Just(swipes).prop_shuffle(),
            )
                .prop_map(move |(opinions, one, other)| Race {
                    rule,
                    people,
                    cards,
                    opinions,
                    orders: [one, other],
                    away,
                    left,
                })
        },
    )
}

impl Race {
    /// The evening after everybody swiped, those who stay in this order.
    fn run(&self, order: &[(usize, usize)], goal: Goal) -> Evening {
        let titles: Vec<TitleId> = (0..self.cards).map(card).collect();
        let id = crate::ids::DeckId::new("race").expect("a plain id");
        let deck = Some(DeckChoice::curated(id, titles));
        let everybody: Vec<i64> = (0..self.people).map(person).collect();
        let mut evening =
            Evening::with(&everybody, Settings { rule: self.rule, goal, deck, ..default_settings() });
        evening.must(1, Command::Swiping(SwipingCommand::Start));
        let stay = self.people - self.away - self.left;
        let before: Vec<_> =
            (stay..self.people).flat_map(|who| (0..self.cards).map(move |card| (who, card))).collect();
        self.swipe(&mut evening, &before);
        (stay..stay + self.away).for_each(|who| drop(evening.goes_away(person(who))));
        (stay + self.away..self.people).for_each(|who| drop(evening.leave(person(who))));
        self.swipe(&mut evening, order);
        evening
    }

    fn swipe(&self, evening: &mut Evening, order: &[(usize, usize)]) {
        for (who, place) in order {
            let Some(verdict) = self.opinions[*who][*place] else { continue };
            if evening.room.phase() == PhaseName::Swiping {
                evening.must(
                    person(*who),
                    Command::Swiping(SwipingCommand::Swipe { title: card(*place), verdict }),
                );
            }
        }
    }
}

fn person(index: usize) -> i64 {
    i64::try_from(index).expect("a small number") + 1
}

fn card(place: usize) -> TitleId {
    title(&format!("t{place}"))
}

fn matched(evening: &Evening) -> BTreeSet<TitleId> {
    evening.room.matches().iter().map(|found| found.title.clone()).collect()
}

/// A goal that swipes reach. Who is silent for long enough to be away lets the time of a timed round pass.
fn untimed() -> impl Strategy<Value = Goal> {
    goal().prop_filter("time ends it", |goal| !matches!(goal, Goal::Timed(_)))
}

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn the_order_of_swipes_never_changes_what_matches(race in races()) {
        let [one, other] = &race.orders;
        let (one, other) = (race.run(one, Goal::WholeDeck), race.run(other, Goal::WholeDeck));
        assert_eq!(matched(&one), matched(&other));
        assert_eq!(one.room.phase(), other.room.phase());
        assert_eq!(one.room.results(), other.room.results());
        assert!(one.room.phase() == PhaseName::Finished || Ledger::of(&one.log).unannounced().is_empty());
    }

    #[test]
    fn the_order_of_swipes_never_changes_whether_a_goal_is_reached(race in races(), goal in untimed()) {
        let possible = matched(&race.run(&race.orders[0], Goal::WholeDeck));
        let wanted = match goal {
            Goal::WholeDeck | Goal::Timed(_) => usize::MAX,
            Goal::FirstMatch => 1,
            Goal::Matches(count) => usize::from(count),
        };
        for order in &race.orders {
            let found = matched(&race.run(order, goal));
            assert!(found.is_subset(&possible));
            assert_eq!(found.len(), possible.len().min(wanted), "{found:?} of {possible:?}");
        }
    }
}
