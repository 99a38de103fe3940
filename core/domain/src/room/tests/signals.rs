//! Super-likes and vetoes: one of each in a round, given on purpose.

use super::evening::*;
use crate::room::{
    Command, Event, EventView, Goal, PeopleCommand, PhaseName, Refusal, Rule, Settings, SettingsChange,
    SignalsLeft, SwipingCommand, SwipingEvent, Verdict, swiping::layout::STEP,
};

const DECK: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

fn settings() -> Settings {
    Settings { picks_per_member: 50, ..default_settings() }
}

fn three() -> Evening {
    Evening::swiping_with_vetoes(&[ANNA, BORIS, VERA], settings(), &DECK)
}

fn queue(evening: &Evening, who: i64) -> Vec<String> {
    evening.room.queue(user(who), usize::MAX).iter().map(ToString::to_string).collect()
}

/// Skips the next card so many times.
fn skips(evening: &mut Evening, who: i64, cards: usize) {
    for _ in 0..cards {
        let next = queue(evening, who).first().cloned().expect("a card is left");
        evening.skip(who, &next);
    }
}

fn left(evening: &Evening, who: i64) -> [usize; 2] {
    let SignalsLeft { super_likes, vetoes } = evening.view(who).my_signals_left;
    [super_likes, vetoes]
}

/// A card that is far down in everybody's queue.
fn last_of(evening: &Evening, who: i64) -> String {
    queue(evening, who).pop().expect("a card is left")
}

#[test]
fn a_super_like_is_a_like_for_the_rule() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], settings(), &["a", "b"]);
    evening.swipe(ANNA, "a", Verdict::SuperLike).expect("she may");
    assert_eq!(matches_in(&evening.like(BORIS, "a")), ["a"]);
    let found = &evening.room.matches()[0];
    assert_eq!(evening.room.super_likers(found).collect::<Vec<_>>(), [user(ANNA)]);
}

#[test]
fn whose_super_like_it_was_is_said_of_a_match_only_and_for_as_long_as_they_are_there() {
    let settings = Settings { rule: Rule::AtLeast(2), ..settings() };
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], settings, &["a", "b", "c"]);
    evening.swipe(ANNA, "a", Verdict::SuperLike).expect("she may");
    evening.swipe(BORIS, "b", Verdict::SuperLike).expect("he may");
    evening.like(VERA, "a");
    let found = evening.room.matches()[0].clone();
    assert_eq!(evening.room.super_likers(&found).collect::<Vec<_>>(), [user(ANNA)]);
    evening.swipe(VERA, "b", Verdict::Skip).expect("she may");
    evening.swipe(VERA, "c", Verdict::SuperLike).expect("she may");
    evening.must(ANNA, Command::People(PeopleCommand::Leave));
    assert_eq!(evening.room.super_likers(&found).count(), 0);
}

#[test]
fn at_the_next_step_of_five_a_super_liked_card_is_first_for_the_others_and_not_before() {
    let mut evening = three();
    let wanted = last_of(&evening, BORIS);
    skips(&mut evening, VERA, STEP - 1);
    evening.swipe(BORIS, &wanted, Verdict::SuperLike).expect("he may");
    assert_ne!(queue(&evening, VERA)[0], wanted);
    skips(&mut evening, VERA, 1);
    assert_eq!(queue(&evening, VERA)[0], wanted);
    assert_ne!(queue(&evening, ANNA)[0], wanted, "she has not come to a step");
    skips(&mut evening, ANNA, STEP);
    assert_eq!(queue(&evening, ANNA)[0], wanted);
}

#[test]
fn in_a_pair_a_super_like_lifts_nothing() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], settings(), &DECK);
    let wanted = last_of(&evening, BORIS);
    evening.swipe(BORIS, &wanted, Verdict::SuperLike).expect("he may");
    skips(&mut evening, ANNA, STEP);
    assert_eq!(last_of(&evening, ANNA), wanted);
}

#[test]
fn a_second_super_like_of_a_round_is_invalid_and_the_first_one_sent_again_is_not() {
    let mut evening = three();
    assert_eq!(left(&evening, ANNA), [1, 1]);
    evening.swipe(ANNA, "a", Verdict::SuperLike).expect("she may");
    assert_eq!(left(&evening, ANNA), [0, 1]);
    assert_eq!(evening.swipe(ANNA, "a", Verdict::SuperLike), Ok(vec![]));
    assert_eq!(refused_field(evening.swipe(ANNA, "b", Verdict::SuperLike)), "verdict");
    assert_eq!(left(&evening, BORIS), [1, 1], "each has their own");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    evening.restart(ANNA, 2);
    assert_eq!(left(&evening, ANNA), [1, 1], "each round has its own");
}

#[test]
fn a_super_like_that_nobody_has_met_is_given_back_with_an_undo() {
    let mut evening = three();
    evening.swipe(ANNA, "l", Verdict::SuperLike).expect("she may");
    evening.undo(ANNA, "l").expect("it was the last one");
    assert_eq!(left(&evening, ANNA), [1, 1]);
    skips(&mut evening, BORIS, STEP);
    assert_ne!(queue(&evening, BORIS)[0], "l");
    evening.swipe(ANNA, "a", Verdict::SuperLike).expect("she has it back");
}

#[test]
fn a_super_like_that_has_taken_effect_stays_given_though_the_like_is_undone() {
    let mut evening = three();
    let wanted = last_of(&evening, ANNA);
    evening.swipe(ANNA, &wanted, Verdict::SuperLike).expect("she may");
    skips(&mut evening, BORIS, STEP);
    evening.undo(ANNA, &wanted).expect("it was the last one");
    assert_eq!(left(&evening, ANNA), [0, 1]);
    assert_eq!(refused_field(evening.swipe(ANNA, "a", Verdict::SuperLike)), "verdict");
    skips(&mut evening, VERA, STEP);
    assert_eq!(queue(&evening, VERA)[0], wanted, "the others may have met it");
    evening.swipe(ANNA, &wanted, Verdict::SuperLike).expect("of the same card it is given already");
}

#[test]
fn without_vetoes_in_the_room_nobody_may_veto() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], settings(), &["a", "b"]);
    assert_eq!(left(&evening, ANNA), [1, 0]);
    assert_eq!(evening.swipe(ANNA, "a", Verdict::Veto), Err(Refusal::NotAllowed));
}

#[test]
fn only_the_host_lets_members_veto_and_only_in_the_lobby() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    let change = |veto| {
        let change = SettingsChange { veto: Some(veto), ..SettingsChange::default() };
        Command::Swiping(SwipingCommand::Configure(change))
    };
    assert_eq!(evening.says(BORIS, change(true)), Err(Refusal::NotHost));
    let allowed = Event::Swiping(SwipingEvent::VetoAllowed { allowed: true });
    assert_eq!(evening.says(ANNA, change(true)), Ok(vec![allowed]));
    assert_eq!(evening.says(ANNA, change(true)), Ok(vec![]), "it is so already");
    let entry = evening.log.last().expect("a log has a beginning");
    let seen = evening.room.views(entry).seen_by(user(BORIS)).clone();
    assert!(matches!(seen, EventView::Configured { veto: true, .. }), "{seen:?}");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.says(ANNA, change(false)), Err(Refusal::WrongPhase));
    assert!(evening.remembered().room.allows_veto(), "a room that comes back has its vetoes still");
}

#[test]
fn a_vetoed_card_matches_no_more_and_is_in_no_results() {
    let settings = Settings { rule: Rule::AtLeast(2), ..settings() };
    let mut evening = Evening::swiping_with_vetoes(&[ANNA, BORIS, VERA], settings, &["a", "b"]);
    evening.like(ANNA, "a");
    evening.swipe(BORIS, "a", Verdict::Veto).expect("he may");
    assert_eq!(evening.like(VERA, "a").len(), 1);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    let results = evening.room.results().expect("the round is over");
    assert_eq!(results.iter().map(|ranked| ranked.title.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(evening.room.finalists(), [], "nobody liked anything else");
}

#[test]
fn at_the_next_step_of_five_a_vetoed_card_is_out_of_every_queue_and_counts_as_behind_one() {
    let mut evening = three();
    let unwanted = last_of(&evening, BORIS);
    evening.swipe(BORIS, &unwanted, Verdict::Veto).expect("he may");
    skips(&mut evening, ANNA, STEP - 1);
    assert!(queue(&evening, ANNA).contains(&unwanted));
    skips(&mut evening, ANNA, 1);
    assert!(!queue(&evening, ANNA).contains(&unwanted));
    let entry = evening.log.last().expect("a log has a beginning");
    let views = evening.room.views(entry);
    assert_eq!(views.seen_by(user(VERA)), &EventView::Progress { member: user(ANNA), swiped: STEP + 1 });
    assert_eq!((evening.view(ANNA).my_swipes, evening.view(ANNA).deck_size), (STEP + 1, DECK.len()));
    // A phone that had it in hand may swipe it still. That changes nothing for anybody.
    evening.like(ANNA, &unwanted);
    assert_eq!(evening.view(ANNA).my_swipes, STEP + 1);
}

#[test]
fn what_comes_in_advance_has_a_vetoed_card_for_as_long_as_the_queue_does() {
    let mut evening = three();
    let unwanted = last_of(&evening, BORIS);
    evening.swipe(BORIS, &unwanted, Verdict::Veto).expect("he may");
    let in_advance = |evening: &Evening| {
        evening.room.upcoming(user(ANNA), usize::MAX).iter().any(|card| card.as_str() == unwanted)
    };
    skips(&mut evening, ANNA, STEP - 1);
    assert!(in_advance(&evening), "she has not come to a step");
    skips(&mut evening, ANNA, 1);
    assert!(!in_advance(&evening));
}

#[test]
fn nobody_is_nudged_for_a_card_that_is_out_of_their_queue() {
    let mut evening = Evening::swiping_with_vetoes(&[ANNA, BORIS, VERA], settings(), &DECK[..6]);
    let unwanted = last_of(&evening, BORIS);
    evening.swipe(BORIS, &unwanted, Verdict::Veto).expect("he may");
    skips(&mut evening, ANNA, STEP);
    let nudge = |who| Command::Swiping(SwipingCommand::Nudge { member: user(who) });
    assert_eq!(refused_field(evening.says(BORIS, nudge(ANNA))), "member");
    assert!(evening.says(BORIS, nudge(VERA)).is_ok());
}

#[test]
fn when_the_time_is_up_no_signal_is_given_or_taken_back() {
    let settings = Settings { goal: Goal::Timed(3), ..settings() };
    let mut evening = Evening::swiping_with_vetoes(&[ANNA, BORIS, VERA], settings, &DECK);
    evening.swipe(ANNA, "a", Verdict::Veto).expect("there is time");
    evening.passes(std::time::Duration::from_secs(180));
    assert_eq!(evening.undo(ANNA, "a"), Err(Refusal::WrongPhase));
    assert_eq!(evening.swipe(BORIS, "b", Verdict::SuperLike), Err(Refusal::WrongPhase));
    assert_eq!(evening.swipe(VERA, "c", Verdict::Veto), Err(Refusal::WrongPhase));
}

#[test]
fn what_the_host_chose_beside_the_settings_comes_back_together() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    let change = SettingsChange { veto: Some(true), leave_out_seen: Some(true), ..SettingsChange::default() };
    let events = evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(change)));
    assert_eq!(
        events,
        [
            Event::Swiping(SwipingEvent::SeenLeftOut { left_out: true }),
            Event::Swiping(SwipingEvent::VetoAllowed { allowed: true }),
        ]
    );
    let back = evening.remembered();
    assert!(back.room.leaves_out_seen() && back.room.allows_veto());
}

#[test]
fn a_round_ends_although_nobody_else_saw_what_was_vetoed() {
    let mut evening = Evening::swiping_with_vetoes(&[ANNA, BORIS], settings(), &DECK[..6]);
    let unwanted = last_of(&evening, BORIS);
    evening.swipe(BORIS, &unwanted, Verdict::Veto).expect("he may");
    skips(&mut evening, BORIS, 5);
    assert_eq!(evening.room.phase(), PhaseName::Swiping);
    skips(&mut evening, ANNA, 5);
    assert_eq!(evening.room.phase(), PhaseName::Finished);
}

#[test]
fn a_veto_can_be_undone_until_somebody_has_come_to_a_step() {
    let mut evening = three();
    evening.swipe(ANNA, "a", Verdict::Veto).expect("she may");
    assert_eq!(refused_field(evening.swipe(ANNA, "b", Verdict::Veto)), "verdict");
    evening.undo(ANNA, "a").expect("nobody has come to a step");
    assert_eq!(left(&evening, ANNA), [1, 1]);
    evening.swipe(ANNA, "b", Verdict::Veto).expect("she has it back");
    skips(&mut evening, BORIS, STEP);
    assert_eq!(refused_field(evening.undo(ANNA, "b")), "title");
}

#[test]
fn what_enough_people_liked_matches_when_its_veto_is_undone() {
    let settings = Settings { rule: Rule::AtLeast(2), ..settings() };
    let mut evening = Evening::swiping_with_vetoes(&[ANNA, BORIS, VERA], settings, &DECK);
    evening.swipe(ANNA, "a", Verdict::Veto).expect("she may");
    evening.like(BORIS, "a");
    evening.like(VERA, "a");
    assert_eq!(evening.matched(), [""; 0]);
    let events = evening.undo(ANNA, "a").expect("nobody has come to a step");
    assert_eq!(matches_in(&events), ["a"]);
}

#[test]
fn what_has_matched_cannot_be_vetoed() {
    let settings = Settings { rule: Rule::AtLeast(2), ..settings() };
    let mut evening = Evening::swiping_with_vetoes(&[ANNA, BORIS, VERA], settings, &DECK);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    assert_eq!(refused_field(evening.swipe(VERA, "a", Verdict::Veto)), "title");
    evening.skip(VERA, "a");
}

#[test]
fn who_is_erased_takes_their_signals_along() {
    let mut evening = three();
    let unwanted = last_of(&evening, ANNA);
    evening.swipe(ANNA, &unwanted, Verdict::Veto).expect("she may");
    let wanted = last_of(&evening, ANNA);
    evening.swipe(ANNA, &wanted, Verdict::SuperLike).expect("she may");
    skips(&mut evening, BORIS, STEP);
    assert!(!queue(&evening, BORIS).contains(&unwanted));
    evening.must(ANNA, Command::People(PeopleCommand::Erase));
    assert!(queue(&evening, BORIS).contains(&unwanted));
    skips(&mut evening, VERA, STEP);
    assert_ne!(queue(&evening, VERA)[0], wanted);
    assert_eq!(evening.view(BORIS).my_swipes, STEP);
}

#[test]
fn of_two_super_likes_on_two_ends_of_a_log_the_later_one_counts_as_a_like() {
    let mut evening = three();
    let fork = evening.log.len();
    let mut other = evening.clone();
    evening.passes(std::time::Duration::from_millis(1));
    evening.swipe(ANNA, "a", Verdict::SuperLike).expect("she may");
    other.passes(std::time::Duration::from_millis(2));
    other.swipe(ANNA, "b", Verdict::SuperLike).expect("she may");
    let room = crate::room::Room::replay(&evening.log[..fork]).expect("a log of a room");
    let end = room.reunite(&evening.log[fork..], &other.log[fork..]);
    let both = room.later(&end);
    let verdicts = ["a", "b"].map(|card| both.verdict_of(user(ANNA), &title(card)));
    assert_eq!(verdicts, [Some(Verdict::SuperLike), Some(Verdict::Like)]);
}
