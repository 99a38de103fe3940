use sovpalo_domain::{
    ids::{Epoch, Round, Seq},
    room::{Event, PeopleEvent, SwipingEvent, Verdict},
};

use super::{
    cast::{ann, bob, title},
    story::{asked, at, done, entry, event, good, heard, liked, lobby, skipped, swipe, welcome},
};
use crate::checker::{
    action::Action,
    history::{Answer, Asked, Connection, History, MatchRow, Moment, PhoneHistory, Place},
    judge,
    law::Law,
    wire::{self, Frame, WireEvent, WireMatch, WireRanked},
};

/// Fails unless exactly these laws are found broken, and one of the findings says `why`.
#[track_caller]
pub(super) fn breaks(history: &History, laws: &[Law], why: &str) {
    let found = judge(history);
    let mut broken: Vec<Law> = found.iter().map(|violation| violation.law).collect();
    broken.sort_unstable();
    broken.dedup();
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(broken, laws, "{}", told.join("\n"));
    assert!(told.iter().any(|told| told.contains(why)), "nothing says {why:?}:\n{}", told.join("\n"));
}

/// Ann's phone.
fn anns(history: &mut History) -> &mut PhoneHistory {
    &mut history.phones[0]
}

/// Bob's phone.
fn bobs(history: &mut History) -> &mut PhoneHistory {
    &mut history.phones[1]
}

/// Lets SQL and phones not care, where only the log is spoiled.
fn only_the_log(history: &mut History) {
    for phone in &mut history.phones {
        phone.connections.clear();
        for asked in &mut phone.asked {
            if let Answer::Done(_, moment) = asked.answer {
                asked.answer = Answer::Accepted(moment);
            }
        }
    }
}

/// Of what is found, only these laws.
fn found(history: &History, law: Law) -> Vec<String> {
    judge(history).iter().filter(|v| v.law == law).map(ToString::to_string).collect()
}

#[test]
fn a_good_evening_is_accepted() {
    let found = judge(&good());
    assert!(found.is_empty(), "{found:#?}");
}

// What was acknowledged.

#[test]
fn an_acknowledged_swipe_that_is_not_in_the_log_is_lost() {
    let mut history = good();
    bobs(&mut history).asked.push(asked(liked("z"), 200, Answer::SoAlready(Moment(205))));
    breaks(&history, &[Law::NothingLost], "Swipe(Round(1), z, Like) was answered");
}

#[test]
fn a_command_that_became_two_events_is_duplicated() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.insert(7, entry(swipe(bob(), "x", Verdict::Like)));
    let twice = found(&history, Law::NothingTwice);
    assert!(twice[0].contains("seq 8") && twice[0].contains("asked for less often"), "{twice:?}");
}

#[test]
fn two_commands_that_changed_places_are_reordered() {
    let mut history = good();
    only_the_log(&mut history);
    // Bob swiped x before y.
    history.log.swap(6, 8);
    let moved = found(&history, Law::OneOrder);
    assert!(moved.iter().any(|what| what.contains("not where its author did it")), "{moved:?}");
}

#[test]
fn what_was_acknowledged_before_something_else_was_sent_comes_before_it() {
    let mut history = good();
    only_the_log(&mut history);
    anns(&mut history).asked[3].answer = Answer::Accepted(Moment(55));
    // Ann's like had been acknowledged at 55, and Bob's was sent at 60.
    history.log.swap(5, 6);
    let moved = found(&history, Law::OneOrder);
    assert!(moved.iter().any(|what| what.contains("had been acknowledged")), "{moved:?}");
}

#[test]
fn an_event_that_nobody_asked_for_is_invented() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.insert(8, entry(Event::Swiping(SwipingEvent::Ready { member: bob(), ready: true })));
    let invented = found(&history, Law::NothingInvented);
    assert!(invented[0].contains("was never asked for"), "{invented:?}");
}

#[test]
fn a_command_that_was_refused_at_once_is_not_done() {
    let mut history = good();
    bobs(&mut history).asked[4].answer = Answer::Refused("wrong_phase".into());
    breaks(&history, &[Law::NothingInvented], "was asked for, and answered with Refused");
}

#[test]
fn a_command_that_was_refused_when_it_was_sent_again_may_have_been_done_the_first_time() {
    let mut history = good();
    bobs(&mut history).asked[4].answer = Answer::Refused("wrong_phase".into());
    bobs(&mut history).asked[4].sends = 2;
    assert!(judge(&history).is_empty(), "{:#?}", judge(&history));
}

#[test]
fn a_swipe_that_was_meant_for_another_round_is_not_done_in_this_one() {
    let mut history = good();
    only_the_log(&mut history);
    let late = Action::Swipe(Round::FIRST, title("z"), wire::Verdict::Like);
    bobs(&mut history).asked.push(Asked { sends: 1, ..asked(late, 200, Answer::Outdated) });
    anns(&mut history).asked.push(asked(
        Action::Restart(Round::new(2), false),
        210,
        Answer::Accepted(Moment(215)),
    ));
    anns(&mut history).asked.push(asked(Action::Start, 220, Answer::Accepted(Moment(225))));
    let deck = vec![title("z")];
    for event in [
        Event::Swiping(SwipingEvent::Restarted { round: Round::new(2) }),
        Event::Swiping(SwipingEvent::Started { deck }),
        swipe(bob(), "z", Verdict::Like),
    ] {
        history.log.push(entry(event));
    }
    assert_eq!(found(&history, Law::NothingInvented), Vec::<String>::new());
    let late = found(&history, Law::RightRound);
    assert!(late[0].contains("seq 16") && late[0].contains("was meant for round 1"), "{late:?}");
}

#[test]
fn what_is_so_already_by_an_earlier_command_needs_no_second_event() {
    let mut history = good();
    bobs(&mut history).asked.push(asked(liked("y"), 200, Answer::SoAlready(Moment(205))));
    assert!(judge(&history).is_empty(), "{:#?}", judge(&history));
    // But taken back in between it is not so.
    bobs(&mut history).asked.push(asked(skipped("y"), 210, Answer::SoAlready(Moment(215))));
    breaks(&history, &[Law::NothingLost], "Swipe(Round(1), y, Skip) was answered");
}

#[test]
fn nobody_is_away_after_a_second() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.insert(8, entry(Event::People(PeopleEvent::Away { member: bob() })));
    let invented = found(&history, Law::NothingInvented);
    assert!(invented[0].contains("without a reason"), "{invented:?}");
}

#[test]
fn an_ack_names_the_place_of_its_own_event() {
    let mut history = good();
    bobs(&mut history).asked[1].answer = done(6, 65);
    breaks(&history, &[Law::OneStory], "acknowledged at 00000a11:6, where the log has something else");
}

// What the domain decides.

#[test]
fn a_card_that_is_swiped_twice_is_nothing_that_the_domain_decides() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.insert(8, entry(swipe(bob(), "x", Verdict::Like)));
    let past_the_rules = found(&history, Law::Decided);
    assert!(past_the_rules[0].contains("seq 9: Swiping(Swiped { member: u2, title: x"), "{past_the_rules:?}");
}

#[test]
fn a_deck_that_is_not_what_was_picked_is_nothing_that_the_domain_decides() {
    let mut history = good();
    only_the_log(&mut history);
    history.log[4] = entry(Event::Swiping(SwipingEvent::Started { deck: vec![title("x"), title("z")] }));
    let another = found(&history, Law::Decided);
    assert!(another[0].contains("seq 5: Swiping(Started"), "{another:?}");
}

#[test]
fn what_should_follow_from_a_command_is_decided_with_it() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.remove(7);
    let left_out = found(&history, Law::Decided);
    assert!(left_out[0].contains("seq 7") && left_out[0].contains("Matched { title: x }"), "{left_out:?}");
}

#[test]
fn a_final_round_begins_with_its_restart() {
    let mut history = good();
    only_the_log(&mut history);
    // Nobody likes anything twice: x and y come nearest, with one like each.
    history.log.truncate(6);
    for (member, card, verdict) in
        [(bob(), "x", Verdict::Skip), (bob(), "y", Verdict::Like), (ann(), "y", Verdict::Skip)]
    {
        history.log.push(entry(swipe(member, card, verdict)));
    }
    let deck = match &history.log[4].event {
        Event::Swiping(SwipingEvent::Started { deck }) => deck.clone(),
        _ => unreachable!(),
    };
    for event in [
        SwipingEvent::Finished,
        SwipingEvent::Restarted { round: Round::new(2) },
        SwipingEvent::Started { deck },
    ] {
        history.log.push(entry(Event::Swiping(event)));
    }
    assert_eq!(found(&history, Law::Decided), Vec::<String>::new());
}

// What was told.

#[test]
fn a_seq_that_is_left_out_is_a_gap() {
    let mut history = good();
    bobs(&mut history).connections[0].heard.remove(2);
    breaks(&history, &[Law::NoGaps], "seq 7 follows 00000a11:5");
}

#[test]
fn an_at_above_what_was_told_is_a_gap() {
    let mut history = good();
    bobs(&mut history).connections[0].heard.push(heard(Frame::At { seq: Seq::new(14) }));
    breaks(&history, &[Law::NoGaps], "the room stands at 14");
}

#[test]
fn nobody_is_told_that_they_have_what_they_never_had() {
    let mut history = good();
    anns(&mut history).connections[1].known = Some(at(8));
    breaks(&history, &[Law::NoGaps], "which it never said");
}

#[test]
fn two_phones_are_told_the_same_of_one_place() {
    let mut history = good();
    bobs(&mut history).connections[0].heard[9] = event(13, WireEvent::Restarted { round: Round::new(2) });
    let told = found(&history, Law::OneStory).join("\n");
    assert!(told.contains("of 00000a11:13 one phone was told"), "{told}");
}

#[test]
fn a_history_that_was_given_up_may_have_had_two_ends() {
    let mut history = good();
    let lost = Epoch::from_bits(0xDEAD);
    for (phone, swiped) in history.phones.iter_mut().zip([3, 4]) {
        let mut welcome = welcome(at(1), None);
        let Frame::Welcome { epoch, .. } = &mut welcome.frame else { unreachable!() };
        *epoch = lost;
        let known = Some(Place { epoch: lost, seq: Seq::new(1) });
        let heard = vec![welcome, event(2, WireEvent::Progress { member: bob(), swiped })];
        phone.connections.insert(0, Connection { node: 0, known, heard });
    }
    assert!(judge(&history).is_empty(), "{:#?}", judge(&history));
}

#[test]
fn what_was_told_of_the_last_history_is_what_the_log_has() {
    let mut history = good();
    anns(&mut history).connections[0].heard[3] = event(7, WireEvent::Progress { member: bob(), swiped: 2 });
    breaks(&history, &[Law::OneStory], "where the log has");
}

#[test]
fn nothing_is_told_of_what_the_log_does_not_have() {
    let mut history = good();
    let more = event(14, WireEvent::Left { member: ann(), removed: false });
    bobs(&mut history).connections[0].heard.push(more);
    breaks(&history, &[Law::OneStory], "which the log does not have");
}

#[test]
fn a_welcome_shows_the_room_as_the_log_has_it() {
    let mut history = good();
    let room = wire::WireRoom { my_swipes: 1, ..lobby(bob()) };
    bobs(&mut history).connections[0].heard[0] = welcome(at(4), Some(room));
    breaks(&history, &[Law::OneStory], "my_swipes is 1 and should be 0");
}

// Matches.

#[test]
fn a_match_that_the_rules_imply_must_be_announced() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.remove(7);
    let missing = found(&history, Law::EveryMatch);
    assert!(missing[0].contains("[x] matches by the rules"), "{missing:?}");
}

#[test]
fn a_match_that_the_rules_do_not_imply_must_not_be() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.insert(11, entry(Event::Swiping(SwipingEvent::Matched { title: title("y") })));
    let wrong = found(&history, Law::EveryMatch);
    assert!(wrong[0].contains("the rules say it does not"), "{wrong:?}");
}

#[test]
fn a_title_matches_once_in_a_round() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.insert(8, entry(Event::Swiping(SwipingEvent::Matched { title: title("x") })));
    let twice = found(&history, Law::EveryMatch);
    assert!(twice[0].contains("x matches a second time"), "{twice:?}");
}

#[test]
fn a_leave_that_completes_a_match_announces_it() {
    let carol = sovpalo_domain::ids::UserId::new(3).unwrap();
    let mut history = good();
    only_the_log(&mut history);
    let Event::People(PeopleEvent::Joined { profile, .. }) = history.log[2].event.clone() else {
        unreachable!()
    };
    history.log.insert(3, entry(Event::People(PeopleEvent::Joined { member: carol, profile })));
    history.log.insert(8, entry(Event::People(PeopleEvent::Left { member: carol })));
    assert_eq!(found(&history, Law::EveryMatch), Vec::<String>::new());

    let announced = history.log.remove(9);
    let missing = found(&history, Law::EveryMatch);
    assert!(missing[0].contains("seq 10") && missing[0].contains("[x]"), "{missing:?}");
    // Nor may it be announced before she left.
    history.log.insert(8, announced);
    let early = found(&history, Law::EveryMatch);
    assert!(early[0].contains("the rules say it does not"), "{early:?}");
}

#[test]
fn a_round_that_is_over_by_the_rules_must_be_ended() {
    let mut history = good();
    only_the_log(&mut history);
    history.log.pop();
    let open = found(&history, Law::EveryMatch);
    assert!(open[0].contains("was not ended"), "{open:?}");
}

#[test]
fn a_match_is_announced_to_everybody_who_stayed() {
    let mut history = good();
    let frames = &mut bobs(&mut history).connections[0].heard;
    frames[4] = event(8, WireEvent::Ready { member: bob(), ready: true });
    let missing = found(&history, Law::EveryMatch);
    assert!(missing[0].contains("never told of match 1"), "{missing:?}");
}

#[test]
fn nobody_is_told_of_a_match_that_is_none() {
    let mut history = good();
    let mut room = lobby(bob());
    room.matches = vec![WireMatch { number: 1, round: Round::FIRST, title: title("y") }];
    bobs(&mut history).connections[0].heard[0] = welcome(at(4), Some(room));
    let wrong = found(&history, Law::EveryMatch);
    assert!(wrong[0].contains("which is not in the log"), "{wrong:?}");
}

// Secrets.

#[test]
fn nobody_is_told_anothers_opinion() {
    let mut history = good();
    let told = WireEvent::Swiped { title: title("x"), verdict: wire::Verdict::Like };
    anns(&mut history).connections[0].heard[3] = event(7, told);
    // Nor is it the story that Bob was told.
    breaks(&history, &[Law::OneStory, Law::Secrecy], "it is told the opinion of 2");
}

#[test]
fn an_opinion_hidden_anywhere_in_a_frame_is_found() {
    let mut history = good();
    anns(&mut history).connections[0].heard[0].opinions = 1;
    breaks(&history, &[Law::Secrecy], "a frame holds 1 opinions");
}

#[test]
fn nobody_is_told_which_card_another_took_back() {
    let mut history = good();
    let told = WireEvent::Undone { member: bob(), swiped: 1, title: Some(title("y")) };
    anns(&mut history).connections[1].heard[1] = event(10, told);
    breaks(&history, &[Law::Secrecy], "which card 2 took back");
}

// SQL.

#[test]
fn sql_has_every_match() {
    let mut history = good();
    history.rows.matches.clear();
    breaks(&history, &[Law::SqlAgrees], "matches: SQL has []");
}

#[test]
fn sql_has_no_match_that_is_none() {
    let mut history = good();
    history.rows.matches.push(MatchRow { number: 2, round: Round::FIRST, title: title("y") });
    breaks(&history, &[Law::SqlAgrees], "matches: SQL has");
}

#[test]
fn sql_has_caught_up_with_what_it_keeps() {
    let mut history = good();
    history.rows.room.as_mut().unwrap().projected = at(12);
    breaks(&history, &[Law::SqlAgrees], "has not heard of what follows");
}

#[test]
fn sql_may_stand_before_what_it_does_not_keep() {
    let mut history = good();
    history.log.push(entry(Event::Swiping(SwipingEvent::Ready { member: bob(), ready: true })));
    assert_eq!(found(&history, Law::SqlAgrees), Vec::<String>::new());
}

#[test]
fn sql_knows_who_left() {
    let mut history = good();
    history.rows.members[1].standing = "left".into();
    breaks(&history, &[Law::SqlAgrees], "everybody: SQL has");
}

#[test]
fn results_are_counted_anew() {
    let mut history = good();
    let results =
        vec![WireRanked { title: title("x"), likes: 2 }, WireRanked { title: title("y"), likes: 2 }];
    let last = bobs(&mut history).connections[0].heard.len() - 1;
    bobs(&mut history).connections[0].heard[last] = event(13, WireEvent::Finished { results, finalists: 0 });
    breaks(&history, &[Law::OneStory], "Finished");
}

#[test]
fn a_finding_shows_the_log_and_the_commands_around_it() {
    let mut history = good();
    bobs(&mut history).asked.push(asked(skipped("z"), 200, done(12, 205)));
    let told = found(&history, Law::NothingLost).join("\n");
    for part in ["person 2, seq 12", ">   12 Swiping(Swiped { member: u1, title: y", "commands of 2:", "Undo"]
    {
        assert!(told.contains(part), "no {part:?} in:\n{told}");
    }
}

#[test]
fn a_member_is_never_turned_away() {
    let mut history = good();
    let what = "a member was told to be none".to_owned();
    bobs(&mut history).grievances.push((Law::NothingLost, what));
    breaks(&history, &[Law::NothingLost], "a member was told to be none");
}
