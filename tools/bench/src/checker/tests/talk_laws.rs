use std::collections::BTreeMap;

use sovpalo_domain::{
    room::{Event, PeopleEvent},
    talk::TalkCommand,
};

use super::{
    cast::{ann, bob},
    laws::breaks,
    story::{entry, good},
    talk::{acknowledged, edit, frame, react, say, text, version},
};
use crate::checker::{
    history::{History, Moment},
    judge,
    law::Law,
    talk::{
        history::{Operation, Outcome, PhoneTalk, Received},
        message::Message,
    },
};

fn anns(history: &mut History) -> &mut PhoneTalk {
    &mut history.phones[0].talk
}

fn bobs(history: &mut History) -> &mut PhoneTalk {
    &mut history.phones[1].talk
}

/// A message of SQL.
fn row(history: &mut History, number: u64) -> &mut Message {
    history.rows.talk.messages.iter_mut().find(|row| row.number == number).unwrap()
}

/// The good evening, with only these things left of what phones were sent: nothing. For what SQL alone shows.
fn only_sql() -> History {
    let mut history = good();
    for phone in &mut history.phones {
        phone.talk.received.clear();
        phone.talk.stayed = false;
        for operation in &mut phone.talk.operations {
            if let Outcome::Acknowledged { message, .. } = &mut operation.outcome {
                *message = None;
            }
        }
    }
    history
}

// What was acknowledged.

#[test]
fn an_acknowledged_message_that_sql_does_not_have_is_lost() {
    let mut history = only_sql();
    let said = acknowledged(say(9, bob(), "Hello?", None), 400, None);
    bobs(&mut history).operations.push(said);
    breaks(&history, &[Law::MessageLost], "was acknowledged, and SQL does not have it");
}

#[test]
fn one_key_that_became_two_messages_is_said_twice() {
    let mut history = only_sql();
    let again = Message { key: Some("2-5".into()), reply_to: Some(4), ..text(9, 12, bob(), "Yes") };
    history.rows.talk.messages.push(again);
    history.rows.talk.counters = (9, 12);
    breaks(&history, &[Law::MessageTwice], "is messages {5, 9}");
}

#[test]
fn an_ack_under_another_number_is_a_message_said_twice() {
    let mut history = only_sql();
    let elsewhere = Message { number: 3, ..version(5) };
    bobs(&mut history).received = vec![Received::Page(vec![elsewhere])];
    let found: Vec<Law> = judge(&history).iter().map(|violation| violation.law).collect();
    assert!(found.contains(&Law::MessageTwice) && found.contains(&Law::MessageUncommitted), "{found:?}");
}

#[test]
fn numbers_follow_the_order_in_which_things_were_said() {
    let mut history = only_sql();
    // Ann's second message had been acknowledged at 230, and Bob's was sent at 240.
    bobs(&mut history).operations[0].invoked_at = Moment(240);
    breaks(&history, &[Law::MessageOrder], "message 5 was first said after message 6 had been acknowledged");
}

#[test]
fn a_number_that_is_left_out_is_found() {
    let mut history = only_sql();
    for number in [7, 8] {
        row(&mut history, number).number += 1;
    }
    history.rows.talk.counters.0 = 9;
    breaks(&history, &[Law::MessageOrder], "SQL has message 8 where 7 comes next");
}

#[test]
fn two_messages_with_one_change_are_found() {
    let mut history = only_sql();
    row(&mut history, 7).change = 11;
    breaks(&history, &[Law::MessageOrder], "two messages with change 11");
}

#[test]
fn the_counters_stand_where_the_last_message_is() {
    let mut history = only_sql();
    history.rows.talk.counters = (8, 12);
    breaks(&history, &[Law::MessageOrder], "counters stand at number 8 and change 12");
}

#[test]
fn an_acknowledged_edit_is_what_is_seen_in_the_end() {
    let mut history = only_sql();
    row(&mut history, 4).text = "Solaris?".into();
    breaks(&history, &[Law::MessageChangeLost], "SQL's text is \"Solaris?\"");
}

#[test]
fn an_edit_may_be_overtaken_by_a_later_one_that_was_never_answered() {
    let mut history = only_sql();
    row(&mut history, 4).text = "Mirror?".into();
    let later = Operation { outcome: Outcome::Unknown, ..acknowledged(edit(4, "Mirror?"), 250, None) };
    anns(&mut history).operations.push(later);
    assert!(judge(&history).is_empty(), "{:#?}", judge(&history));
    // But not by one that had been acknowledged before it was sent.
    let earlier = acknowledged(edit(4, "Mirror?"), 120, None);
    *anns(&mut history).operations.last_mut().unwrap() = earlier;
    breaks(&history, &[Law::MessageChangeLost], "SQL's text is \"Mirror?\"");
}

#[test]
fn what_was_taken_back_stays_so() {
    let mut history = only_sql();
    *row(&mut history, 6) = Message { change: 9, ..version(8) };
    breaks(&history, &[Law::MessageChangeLost], "SQL has it still");
}

#[test]
fn an_acknowledged_reaction_is_what_is_seen_in_the_end() {
    let mut history = only_sql();
    row(&mut history, 4).reactions.clear();
    breaks(&history, &[Law::MessageChangeLost], "SQL's reaction is None");
}

#[test]
fn a_reply_stays_one() {
    let mut history = only_sql();
    row(&mut history, 5).reply_to = None;
    breaks(&history, &[Law::MessageChangeLost], "as a reply to None");
}

#[test]
fn an_acknowledged_read_mark_never_goes_back() {
    let mut history = only_sql();
    history.rows.talk.marks.insert(bob(), 7);
    breaks(&history, &[Law::MessageChangeLost], "SQL's mark is 7");
}

// What nobody asked for.

#[test]
fn a_message_that_its_author_never_said_is_invented() {
    let mut history = only_sql();
    bobs(&mut history).operations.remove(0);
    breaks(&history, &[Law::MessageInvented], "message 5 of 2, who never said it");
}

#[test]
fn a_message_that_was_refused_at_once_is_not_said() {
    let mut history = only_sql();
    let refused = |sends| Operation {
        sends,
        outcome: Outcome::Refused { code: "too_many".into() },
        ..acknowledged(say(5, bob(), "Yes", Some(4)), 150, None)
    };
    bobs(&mut history).operations[0] = refused(1);
    breaks(&history, &[Law::MessageInvented], "message 5 of 2, who never said it");
    bobs(&mut history).operations[0] = refused(2);
    assert!(judge(&history).is_empty(), "it may have been said the first time: {:#?}", judge(&history));
}

#[test]
fn words_that_nobody_wrote_are_invented() {
    let mut history = only_sql();
    row(&mut history, 5).text = "No".into();
    breaks(&history, &[Law::MessageInvented], "\"No\" as message 5, which 2 never wrote");
}

#[test]
fn nobody_elses_hand_takes_a_message_back() {
    let mut history = only_sql();
    let row = row(&mut history, 5);
    (row.deleted, row.text) = (true, String::new());
    breaks(&history, &[Law::MessageInvented], "message 5 taken back, and 2 did not");
}

#[test]
fn nothing_is_left_of_a_message_that_was_taken_back() {
    let mut history = only_sql();
    row(&mut history, 6).text = "Oops".into();
    breaks(&history, &[Law::MessageInvented], "something left of message 6");
}

#[test]
fn a_reaction_that_nobody_gave_is_invented() {
    let mut history = only_sql();
    row(&mut history, 5).reactions = BTreeMap::from([("🔥".into(), vec![ann()])]);
    breaks(&history, &[Law::MessageInvented], "🔥 of 1 under message 5");
}

// What was seen.

#[test]
fn a_message_that_sql_never_had_was_told_before_it_was_committed() {
    let mut history = good();
    let early = text(9, 12, ann(), "Anybody?").public();
    bobs(&mut history).received.push(Received::Frame(Box::new(early)));
    breaks(&history, &[Law::MessageUncommitted], "it saw message 9 (change 12), which SQL does not have");
}

#[test]
fn a_number_under_which_somebody_else_was_committed_was_told_too_early() {
    let mut history = good();
    let early = Message { reply_to: Some(4), ..text(5, 5, ann(), "Me first") }.public();
    anns(&mut history).received[3] = Received::Frame(Box::new(early));
    breaks(&history, &[Law::MessageUncommitted], "it saw Message { number: 5");
}

#[test]
fn the_same_words_that_were_committed_later_were_told_too_early() {
    let mut history = good();
    // Its first transaction failed, and the second one wrote it at another time.
    row(&mut history, 6).at += chrono::TimeDelta::milliseconds(700);
    breaks(&history, &[Law::MessageUncommitted], "it saw Message { number: 6");
}

#[test]
fn a_change_that_sql_never_made_was_told_too_early() {
    let mut history = good();
    let early = Message { text: "Yes!".into(), ..version(5).public() };
    anns(&mut history).received.push(Received::Frame(Box::new(Message { change: 12, ..early })));
    breaks(&history, &[Law::MessageUncommitted], "it saw change 12 of message 5, and SQL's last one is 5");
}

#[test]
fn a_read_mark_that_sql_never_had_was_told_too_early() {
    let mut history = good();
    bobs(&mut history).received.push(Received::Read { member: ann(), number: 8 });
    breaks(&history, &[Law::MessageUncommitted], "1 has read up to 8, and SQL's mark is 6");
}

#[test]
fn two_phones_see_the_same_of_one_change() {
    let mut history = good();
    let other = Message { text: "Stalker!".into(), ..version(6).public() };
    bobs(&mut history).received[6] = Received::Ack(Box::new(other));
    breaks(&history, &[Law::MessageContradicted], "of change 6 it saw");
}

#[test]
fn only_its_author_is_told_a_messages_key() {
    let mut history = good();
    bobs(&mut history).received[4] = frame(4, ann());
    breaks(&history, &[Law::Secrecy], "the key of message 4, which is another's");
}

#[test]
fn a_change_that_is_left_out_is_a_gap_and_its_message_is_lost_to_the_phone() {
    let mut history = good();
    let received = &mut bobs(&mut history).received;
    received.retain(|received| *received != frame(7, bob()));
    let why = "change 9 follows change 6, and change 7 of message 4 was left out";
    breaks(&history, &[Law::MessageLost, Law::MessageGap], why);
}

#[test]
fn what_was_left_out_and_fetched_is_a_gap_and_not_lost() {
    let mut history = good();
    let received = &mut bobs(&mut history).received;
    received.retain(|received| *received != frame(7, bob()));
    received.push(Received::Page(vec![version(7).public()]));
    breaks(&history, &[Law::MessageGap], "change 7 of message 4 was left out");
}

#[test]
fn after_a_gap_that_the_server_told_of_a_phone_fetches() {
    let mut history = good();
    let received = &mut bobs(&mut history).received;
    let place = received.iter().position(|received| *received == frame(7, bob())).unwrap();
    received[place] = Received::Gap { from: 6 };
    breaks(&history, &[Law::MessageLost], "has message 4 as of change 6 where SQL stands at change 7");
    bobs(&mut history).received.push(Received::Page(vec![version(7).public()]));
    assert!(judge(&history).is_empty(), "{:#?}", judge(&history));
}

/// Ann opens the room while nobody can say where its messages stand: a gap, and what she does meanwhile is acknowledged within it.
fn ann_within_a_gap(acks: &[u64], frames: &[u64]) -> History {
    let mut history = good();
    let fetched = [1, 2, 3, 5].map(version).map(|message| message.public());
    let acks = acks.iter().map(|change| Received::Ack(Box::new(version(*change))));
    let mut received = vec![Received::Opened { after: 0 }, Received::Gap { from: 0 }];
    received.extend(acks.chain([Received::Page(fetched.into())]));
    received.extend(frames.iter().map(|change| frame(*change, ann())));
    anns(&mut history).received = received;
    history
}

#[test]
fn an_ack_within_a_gap_does_not_say_how_far_that_goes() {
    let history = ann_within_a_gap(&[4, 7, 9], &[10, 11]);
    assert!(judge(&history).is_empty(), "{:#?}", judge(&history));
}

#[test]
fn what_was_acknowledged_within_a_gap_is_not_sent_again() {
    let history = ann_within_a_gap(&[4, 7, 9], &[5, 10, 11]);
    breaks(&history, &[Law::MessageGap], "change 5 follows change 9");
}

#[test]
fn after_the_first_frame_beyond_a_gap_nothing_is_left_out() {
    let history = ann_within_a_gap(&[4, 7], &[8, 10, 11]);
    breaks(&history, &[Law::MessageGap], "change 9 of message 6 was left out");
}

#[test]
fn an_ack_that_overtakes_a_change_is_a_gap() {
    let mut history = good();
    let left_out = [frame(5, ann()), Received::Opened { after: 5 }, frame(6, ann())];
    anns(&mut history).received.retain(|received| !left_out.contains(received));
    let why = "change 7 follows change 4, and change 5 of message 5 was left out";
    breaks(&history, &[Law::MessageLost, Law::MessageGap], why);
}

#[test]
fn a_change_that_comes_a_second_time_is_out_of_order() {
    let mut history = good();
    let received = &mut anns(&mut history).received;
    let place = received.iter().position(|received| *received == frame(10, ann())).unwrap();
    received.insert(place, frame(8, ann()));
    breaks(&history, &[Law::MessageGap], "change 8 follows change 9");
}

#[test]
fn nothing_comes_of_a_room_that_is_not_open() {
    let mut history = good();
    bobs(&mut history).received.remove(0);
    breaks(&history, &[Law::MessageGap], "its room is not open");
}

#[test]
fn who_stayed_was_sent_the_last_message() {
    let mut history = good();
    bobs(&mut history).received.pop();
    breaks(&history, &[Law::MessageLost], "it stayed, and was never sent message 8 (change 11)");
    bobs(&mut history).stayed = false;
    assert!(judge(&history).is_empty(), "who went home need not know: {:#?}", judge(&history));
}

// Who was erased.

/// Bob is erased after the evening: what SQL makes of his messages, which phones are not sent any more.
pub(super) fn without_bob() -> History {
    let mut history = only_sql();
    let blank =
        |message: Message| Message { author: None, text: String::new(), deleted: true, key: None, ..message };
    *row(&mut history, 5) = Message { change: 13, ..blank(version(5)) };
    *row(&mut history, 4) = Message { change: 12, reactions: BTreeMap::new(), ..version(7) };
    history.rows.talk.counters.1 = 13;
    history.rows.talk.marks.remove(&bob());
    bobs(&mut history).erased_at = Some(Moment(500));
    history
}

#[test]
fn whoever_was_erased_leaves_only_the_places_of_their_messages() {
    let history = without_bob();
    assert!(judge(&history).is_empty(), "{:#?}", judge(&history));
}

#[test]
fn words_of_somebody_who_was_erased_are_found() {
    let mut history = without_bob();
    row(&mut history, 5).text = "Yes".into();
    breaks(&history, &[Law::ErasedWords], "message 5 is nobody's, and not blank");
    *row(&mut history, 5) = Message { change: 13, ..version(5) };
    breaks(&history, &[Law::ErasedWords], "message 5 is still 2's, who was erased");
}

#[test]
fn a_reaction_of_somebody_who_was_erased_is_found() {
    let mut history = without_bob();
    row(&mut history, 4).reactions = version(7).reactions;
    breaks(&history, &[Law::ErasedWords], "2, who was erased, reacts to message 4");
}

#[test]
fn a_phone_that_stayed_keeps_no_words_of_somebody_who_was_erased() {
    let mut history = without_bob();
    let ann = anns(&mut history);
    ann.stayed = true;
    ann.received = vec![Received::Opened { after: 11 }, Received::Page(vec![version(5).public()])];
    let why = "has message 5 as of change 5 where SQL stands at change 13";
    breaks(&history, &[Law::MessageLost], why);
}

#[test]
fn the_log_says_who_was_erased_as_well() {
    let mut history = good();
    let erased = Event::People(PeopleEvent::Erased { member: bob(), texts: Vec::new() });
    history.log.push(entry(erased));
    let found: Vec<String> = judge(&history)
        .iter()
        .filter(|violation| violation.law == Law::ErasedWords)
        .map(ToString::to_string)
        .collect();
    assert!(found.iter().any(|what| what.contains("message 5 is still 2's")), "{found:#?}");
}

// What the room notes.

#[test]
fn the_room_notes_what_its_log_tells() {
    let mut history = only_sql();
    row(&mut history, 7).system.as_mut().unwrap().title = None;
    breaks(&history, &[Law::MessageLost], "SQL has no note of seq 8");
}

#[test]
fn the_room_notes_nothing_twice() {
    let mut history = only_sql();
    history.rows.talk.messages.push(Message { number: 9, change: 12, ..version(10) });
    history.rows.talk.counters = (9, 12);
    breaks(&history, &[Law::MessageTwice], "messages 7 and 9 note the same");
}

#[test]
fn a_finding_shows_the_message_and_who_did_what_to_it() {
    let mut history = only_sql();
    row(&mut history, 4).text = "Mirror?".into();
    bobs(&mut history).operations.push(acknowledged(react(4, "👍"), 310, None));
    let found: Vec<String> = judge(&history).iter().map(ToString::to_string).collect();
    let told = found.join("\n");
    for part in ["message-change-lost", "message 4 in SQL:", "Stalker?", "React { number: 4"] {
        assert!(told.contains(part), "no {part:?} in:\n{told}");
    }
    let nothing = TalkCommand::Unsay { number: 6 };
    assert!(!told.contains(&format!("{nothing:?}")), "an operation on another message:\n{told}");
}
