//! A member who watches everything guesses what the others swiped.
//!
//! The spy is stronger than any phone: they see their whole queue rather than its beginning, before and after every swipe, whenever they
//! like, and are told whose swipe it was and of which title. All that is left to guess is like or skip, and both are as likely.
//!
//! What is counted: swipes of titles that the spy had not liked by the end of the round and that did not match. Of a title that they
//! liked, the rule itself tells them what the others must have thought, and no order could hide that; what matched everybody
//! knows. Half of the swipes are there to learn from, for those strategies that learn; the other half is guessed.

use std::collections::BTreeMap;

use crate::{
    ids::{TitleId, UserId},
    room::{
        Command, PhaseName, Settings, SwipingCommand, Verdict, View,
        tests::evening::{Evening, default_settings, title, user},
    },
};

/// So many verdicts are guessed, and as many are learned from.
const GUESSES: usize = 2_000;
/// A strategy that tosses a coin is right in half of the cases; of so many guesses hardly ever in more than this share.
const MOST_RIGHT: f64 = 0.55;
const DECK: usize = 40;
const SPY: i64 = 1;

/// SplitMix64: the domain has no chance of its own, and a seed has to be enough to play a failure again.
struct Coin(u64);

impl Coin {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % limit as u64).expect("a small number")
    }

    fn verdict(&mut self) -> Verdict {
        if self.below(2) == 0 { Verdict::Like } else { Verdict::Skip }
    }
}

/// What the spy has in hand at one moment.
#[derive(Clone)]
struct Look {
    view: View,
    whole_queue: Vec<TitleId>,
}

impl Look {
    fn at(evening: &Evening) -> Self {
        Self { view: evening.view(SPY), whole_queue: evening.room.queue(user(SPY), usize::MAX) }
    }

    fn place(&self, card: &TitleId) -> Option<usize> {
        self.whole_queue.iter().position(|queued| queued == card)
    }
}

/// One swipe as the spy saw it.
struct Sighting {
    who: UserId,
    card: TitleId,
    before: Look,
    after: Look,
    /// After the spy's own next step.
    later: Look,
    truth: Verdict,
}

/// What one can notice about a sighting, in words.
type Clue = fn(&Sighting) -> String;

const CLUES: [(&str, Clue); 9] = [
    ("nothing at all", |_| String::new()),
    ("a card left the first three", |seen| {
        let left = seen.before.view.queue.iter().any(|card| !seen.after.view.queue.contains(card));
        left.to_string()
    }),
    ("how the first three moved", |seen| {
        let places = seen.after.view.queue.iter().map(|card| seen.before.place(card));
        format!("{:?}", places.collect::<Vec<_>>())
    }),
    ("the whole queue changed", |seen| (seen.before.whole_queue != seen.after.whole_queue).to_string()),
    ("which way the card went", |seen| {
        format!("{:?}", seen.before.place(&seen.card).cmp(&seen.after.place(&seen.card)))
    }),
    ("which way the card went by the spy's next step", |seen| {
        format!("{:?}", seen.after.place(&seen.card).cmp(&seen.later.place(&seen.card)))
    }),
    ("where the card is by the spy's next step", |seen| format!("{:?}", seen.later.place(&seen.card))),
    ("how far everybody is", |seen| {
        let swiped = seen.after.view.members.iter().map(|member| member.swiped % crate::room::layout::STEP);
        format!("{:?} {:?}", seen.who, swiped.collect::<Vec<_>>())
    }),
    ("all else in the view", |seen| {
        let View { phase, matches, results, deck_size, finalists, .. } = &seen.after.view;
        format!("{phase:?} {} {} {deck_size} {finalists}", matches.len(), results.is_some())
    }),
];

/// One round of so many people; what the spy saw of the swipes that count.
fn round(people: i64, coin: &mut Coin) -> Vec<Sighting> {
    let ids: Vec<String> = (0..DECK).map(|n| format!("c{n:02}")).collect();
    let deck: Vec<&str> = ids.iter().map(String::as_str).collect();
    let everybody: Vec<i64> = (SPY..=people).collect();
    let settings = Settings { picks_per_member: 50, ..default_settings() };
    let mut evening = Evening::swiping_with_vetoes(&everybody, settings, &deck);
    let mut sightings: Vec<Sighting> = Vec::new();
    // Some spies only look, some swipe now and then, some all the time, and take it back to look again.
    let eagerness = coin.below(4);
    while evening.room.phase() == PhaseName::Swiping {
        if coin.below(6) < eagerness {
            spy_moves(&mut evening, coin);
            let look = Look::at(&evening);
            if look.view.my_swipes.is_multiple_of(crate::room::layout::STEP) {
                let open = sightings
                    .iter_mut()
                    .rev()
                    .take_while(|seen| seen.later.view.my_swipes < look.view.my_swipes);
                open.for_each(|seen| seen.later = look.clone());
            }
        }
        let who = coin.below(everybody.len() - 1) + 2;
        let who = i64::try_from(who).expect("a small number");
        let Some(card) = evening.room.queue(user(who), 1).pop() else {
            // Whoever has swiped all waits, and a round in which only the spy has not is watched to the end.
            let waiting = everybody[1..].iter().all(|other| evening.room.queue(user(*other), 1).is_empty());
            if waiting {
                break;
            }
            continue;
        };
        // What is signalled on purpose is not guessed. It must not help to guess the rest.
        if coin.below(20) == 0 {
            let signal = if coin.below(2) == 0 { Verdict::SuperLike } else { Verdict::Veto };
            let _ = evening.swipe(who, card.as_str(), signal);
            continue;
        }
        let (before, truth) = (Look::at(&evening), coin.verdict());
        evening.must(who, Command::Swiping(SwipingCommand::Swipe { title: card.clone(), verdict: truth }));
        let after = Look::at(&evening);
        sightings.push(Sighting { who: user(who), card, before, later: after.clone(), after, truth });
    }
    let spy_likes = |card: &TitleId| evening.room.verdict_of(user(SPY), card) == Some(Verdict::Like);
    let has_matched = |card: &TitleId| evening.room.matches().iter().any(|found| found.title == *card);
    sightings.retain(|seen| !spy_likes(&seen.card) && !has_matched(&seen.card));
    sightings
}

fn spy_moves(evening: &mut Evening, coin: &mut Coin) {
    let Some(card) = evening.room.queue(user(SPY), usize::MAX).into_iter().nth(coin.below(3)) else { return };
    let verdict = coin.verdict();
    evening.must(SPY, Command::Swiping(SwipingCommand::Swipe { title: card.clone(), verdict }));
    if coin.below(3) == 0
        && evening.undo(SPY, card.as_str()).is_ok()
        && evening.room.phase() == PhaseName::Swiping
    {
        evening.must(SPY, Command::Swiping(SwipingCommand::Swipe { title: card, verdict }));
    }
}

/// How many guesses are right if the spy goes by this clue, having learned what it usually means.
fn right(clue: Clue, learned_from: &[Sighting], guessed: &[Sighting]) -> usize {
    let mut likes: BTreeMap<String, i64> = BTreeMap::new();
    for seen in learned_from {
        *likes.entry(clue(seen)).or_default() += if seen.truth == Verdict::Like { 1 } else { -1 };
    }
    let guess = |seen: &Sighting| match likes.get(&clue(seen)) {
        Some(balance) if *balance < 0 => Verdict::Skip,
        _ => Verdict::Like,
    };
    guessed.iter().filter(|seen| guess(seen) == seen.truth).count()
}

fn best_share_of_right_guesses(people: i64) -> (f64, &'static str) {
    let seed = std::env::var("SPY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2026);
    let mut coin = Coin(seed);
    let mut sightings = Vec::new();
    while sightings.len() < 2 * GUESSES {
        sightings.extend(round(people, &mut coin));
    }
    sightings.truncate(2 * GUESSES);
    let (learned_from, guessed) = sightings.split_at(GUESSES);
    let counts = CLUES.map(|(name, clue)| (right(clue, learned_from, guessed), name));
    let (most, name) = counts.into_iter().max().expect("there are clues");
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let share = most as f64 / GUESSES as f64;
    println!("in a room of {people}: {:.1} % of {GUESSES} right by \"{name}\", seed {seed}", share * 100.0);
    (share, name)
}

fn a_spy_learns_nothing(people: i64) {
    let (share, name) = best_share_of_right_guesses(people);
    assert!(
        share <= MOST_RIGHT,
        "in a room of {people}, \"{name}\" tells a like from a skip: {share} are right"
    );
}

#[test]
fn a_spy_in_a_room_of_two_does_no_better_than_a_coin() {
    a_spy_learns_nothing(2);
}

#[test]
fn a_spy_in_a_room_of_three_does_no_better_than_a_coin() {
    a_spy_learns_nothing(3);
}

#[test]
fn a_spy_in_a_room_of_five_does_no_better_than_a_coin() {
    a_spy_learns_nothing(5);
}

/// The guard above can only fail if the spy is able to notice something: titles that are known to be liked are told apart.
#[test]
fn a_spy_who_is_shown_the_verdicts_is_always_right() {
    let seen = round(3, &mut Coin(1));
    let told: Clue = |seen| format!("{:?}", seen.truth);
    assert_eq!(right(told, &seen, &seen), seen.len());
    assert!(seen.iter().any(|seen| seen.card != title("c00")));
}
