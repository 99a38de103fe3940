use sovpalo_domain::{
    ids::{Epoch, Round, Seq},
    room::{Event, SwipingEvent, Verdict},
};

use super::{
    cast::{bob, title},
    story::{asked, done, entry, good, swipe},
};
use crate::checker::{
    action::Action,
    history::{Answer, History, Moment, Place},
    judge,
    law::Law,
    wire,
};

/// Of what is found, only this law.
fn found(history: &History, law: Law) -> Vec<String> {
    judge(history).iter().filter(|v| v.law == law).map(ToString::to_string).collect()
}

fn super_liked(card: &str) -> Action {
    Action::Swipe(Round::FIRST, title(card), wire::Verdict::SuperLike)
}

/// Bob's phone asked for a super-like of *x*, which the log has as a like.
fn super_like_became_like(answer: Answer) -> History {
    let mut history = good();
    let phone = &mut history.phones[1];
    phone.connections.clear();
    phone.asked[1] = asked(super_liked("x"), 60, answer);
    history
}

#[test]
fn a_title_that_somebody_vetoed_matches_no_more() {
    let mut history = good();
    history.log[6].event = swipe(bob(), "x", Verdict::Veto);
    let wrong = found(&history, Law::EveryMatch);
    assert!(wrong[0].contains("x matches, and the rules say it does not"), "{wrong:?}");
}

#[test]
fn a_title_whose_veto_was_taken_back_matches() {
    let mut history = good();
    history.log[6].event = swipe(bob(), "x", Verdict::Veto);
    let undone = Event::Swiping(SwipingEvent::Undone { member: bob(), title: title("x") });
    history.log.insert(7, entry(undone));
    history.log.insert(8, entry(swipe(bob(), "x", Verdict::Like)));
    assert_eq!(found(&history, Law::EveryMatch), Vec::<String>::new());
}

#[test]
fn a_super_like_is_a_like_by_the_rules() {
    let mut history = good();
    history.log[6].event = swipe(bob(), "x", Verdict::SuperLike);
    assert_eq!(found(&history, Law::EveryMatch), Vec::<String>::new());
    history.log.remove(7);
    assert!(found(&history, Law::EveryMatch)[0].contains("[x] matches by the rules"));
}

#[test]
fn a_signal_of_an_end_that_was_lost_may_have_become_the_opinion_that_it_stands_for() {
    let elsewhere = Place { epoch: Epoch::from_bits(0xB0B), seq: Seq::new(7) };
    let history = super_like_became_like(Answer::Done(elsewhere, Moment(65)));
    assert_eq!(found(&history, Law::NothingLost), Vec::<String>::new());
    assert_eq!(found(&history, Law::NothingInvented), Vec::<String>::new());
}

#[test]
fn a_signal_that_this_history_acknowledged_is_no_mere_opinion() {
    let history = super_like_became_like(done(7, 65));
    assert!(!found(&history, Law::NothingLost).is_empty());
}

#[test]
fn a_host_who_found_vetoes_allowed_already_needs_no_event_of_their_own() {
    let mut history = good();
    history.phones[0].asked.insert(2, asked(Action::AllowVeto(true), 36, Answer::SoAlready(Moment(38))));
    assert_eq!(found(&history, Law::NothingLost), Vec::<String>::new());
}
