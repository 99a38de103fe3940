//! Somebody erases themselves after the good evening: the log is without what they did, and the rest of it is still judged.

use sovpalo_domain::{
    ids::{Epoch, Seq},
    room::{Event, PeopleEvent, SwipingEvent, Verdict, erase::blanked},
};

use super::{
    cast::{ann, bob, title},
    story::{entry, good, swipe},
    talk_laws::without_bob,
};
use crate::checker::{
    history::{History, MemberRow, Place},
    judge,
    law::Law,
};

/// Bob is gone from the log, which is a new history.
fn erased() -> History {
    let mut history = without_bob();
    history.log.push(entry(Event::People(PeopleEvent::Erased { member: bob(), texts: Vec::new() })));
    let mut log = blanked(&history.log, &[]).expect("there is something of Bob's in it");
    let epoch = Epoch::from_bits(0xB22);
    if let Event::Created(created) = &mut log[0].event {
        created.epoch = epoch;
    }
    history.epoch = epoch;
    let row = history.rows.room.as_mut().unwrap();
    row.projected = Place { epoch, seq: Seq::new(log.len() as u64) };
    row.member_count = 1;
    history.rows.members = vec![
        MemberRow { member: ann(), standing: "here".into(), picks: vec![title("x"), title("y")] },
        MemberRow { member: bob(), standing: "left".into(), picks: vec![] },
    ];
    history.log = log;
    history
}

fn found(history: &History, law: Law) -> Vec<String> {
    judge(history).iter().filter(|v| v.law == law).map(ToString::to_string).collect()
}

#[test]
fn a_log_without_somebody_who_was_erased_is_accepted() {
    let history = erased();
    assert!(history.log.len() < good().log.len(), "nothing of Bob's was taken out");
    let found = judge(&history);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_somebody_did_who_was_erased_is_found_in_the_log() {
    let mut history = erased();
    history.log.insert(6, entry(swipe(bob(), "x", Verdict::Like)));
    let left = found(&history, Law::ErasedWords);
    assert!(left[0].contains("2 was erased, and") && left[0].contains("seq 7"), "{left:?}");
}

#[test]
fn what_the_others_did_must_be_there_after_an_erasure_as_well() {
    let mut history = erased();
    let is_anns = |event: &Event| matches!(event, Event::Swiping(SwipingEvent::Swiped { member, .. }) if *member == ann());
    let first = history.log.iter().position(|entry| is_anns(&entry.event)).unwrap();
    history.log.remove(first);
    let lost = found(&history, Law::NothingLost);
    assert!(lost[0].contains("Swipe(Round(1), x, Like)"), "{lost:?}");
}

#[test]
fn what_comes_after_an_erasure_is_judged_event_by_event() {
    let mut history = erased();
    history.log.push(entry(Event::Swiping(SwipingEvent::Matched { title: title("y") })));
    let decided = found(&history, Law::Decided);
    assert!(!decided.is_empty(), "a match that nobody made is accepted: {:#?}", judge(&history));
    let invented = found(&history, Law::EveryMatch);
    assert!(invented[0].contains("the rules say it does not"), "{invented:?}");
}
