//! The timeline: numbers without gaps, one message per key, and what is unread.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::Command,
    room::PeopleCommand,
    talk::{
        Emoji, Message, MessageKey, MessageKind, MessageText, SystemNote, SystemWhat, TalkCommand,
        TalkRefusal,
    },
};

use super::{
    Bench, at, contract,
    story::{Story, person, room},
    tamper, user,
};
use crate::{Db, MessagePage, NewNote, PAGE, Page, Range, TalkDone, TalkError, TalkSummary, UNREAD_COUNTED};

contract!(
    what_is_said_is_there_in_order_and_as_it_was_said,
    numbers_and_changes_have_no_gaps_with_many_writers_on_two_nodes,
    the_same_key_is_the_same_message_also_at_the_same_time,
    what_is_refused_or_repeated_takes_no_number_and_no_change,
    a_reaction_edit_or_withdrawal_is_the_next_change_of_its_message,
    reactions_come_back_in_the_order_in_which_they_came,
    pages_lead_through_everything_once,
    marks_only_move_forward_and_never_above_the_last,
    what_is_unread_is_others_words,
    summaries_are_of_the_rooms_that_somebody_belongs_to,
    many_questions_have_the_answers_that_each_has_alone,
    notes_are_written_once_whatever_log_tells_them,
    a_projection_notes_what_it_carries_over,
    an_erased_person_leaves_blank_messages_and_cannot_write,
    an_erasure_and_a_message_at_the_same_time_leave_no_text,
    old_messages_go_and_numbers_are_not_given_again,
    messages_of_an_idle_room_that_is_over_go,
    a_row_that_cannot_be_read_names_its_column,
);

const CODE: &str = "R00M0001";

fn key(name: &str) -> MessageKey {
    MessageKey::new(name).unwrap()
}

fn text(typed: &str) -> MessageText {
    MessageText::new(typed).unwrap()
}

fn fire() -> Emoji {
    Emoji::new("🔥").unwrap()
}

fn say(name: &str, typed: &str) -> TalkCommand {
    TalkCommand::Say { key: key(name), text: text(typed), reply_to: None }
}

fn react(number: u64, emoji: &str) -> TalkCommand {
    TalkCommand::React { number, emoji: Some(Emoji::new(emoji).unwrap()) }
}

async fn does(db: &Db, who: i64, command: &TalkCommand) -> Result<TalkDone, TalkError> {
    db.talk(room(CODE), user(who), command, at(0)).await
}

async fn done(db: &Db, who: i64, command: &TalkCommand) -> Message {
    does(db, who, command).await.unwrap().message.unwrap()
}

fn refusal(outcome: Result<TalkDone, TalkError>) -> TalkRefusal {
    match outcome {
        Err(TalkError::Refused(refusal)) => refusal,
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn page(db: &Db, range: Range, limit: usize) -> Page {
    db.messages(room(CODE), MessagePage { range, limit }).await.unwrap()
}

async fn all(db: &Db) -> Vec<Message> {
    page(db, Range::After(0), PAGE).await.items
}

fn note(what: SystemWhat, seconds: i64) -> NewNote {
    let note = SystemNote { what, member: Some(user(1)), title: None };
    NewNote { seq: sovpalo_domain::ids::Seq::new(1), note, at: at(seconds) }
}

async fn what_is_said_is_there_in_order_and_as_it_was_said(bench: Bench) {
    let db = bench.db().await;
    let typed = "Robert'); DROP TABLE users;--\nПривет 👩‍👩‍👧 \"$1\" \\' %s {}";
    let first = done(&db, 1, &say("k1", typed)).await;
    let emoji =
        TalkCommand::Say { key: key("k2"), text: MessageText::emoji("🔥").unwrap(), reply_to: Some(1) };
    let second = done(&db, 2, &emoji).await;
    assert_eq!((first.number, first.change, first.author), (1, 1, Some(user(1))));
    assert_eq!((&*first.text, first.kind, first.at), (typed, MessageKind::Text, at(0)));
    assert_eq!((second.number, second.kind, second.reply_to), (2, MessageKind::Emoji, Some(1)));
    assert_eq!(second.key, Some(key("k2")));
    assert_eq!(all(&db).await, [first, second]);
    assert_eq!(
        db.messages(room("R00M0002"), MessagePage { range: Range::Newest, limit: 5 }).await.unwrap(),
        Page::default()
    );
}

async fn numbers_and_changes_have_no_gaps_with_many_writers_on_two_nodes(bench: Bench) {
    const WRITERS: i64 = 8;
    const EACH: i64 = 6;
    let nodes = [bench.db().await, bench.db().await];
    join_all((0..WRITERS).map(async |who| {
        let db = if who % 2 == 0 { &nodes[0] } else { &nodes[1] };
        for n in 0..EACH {
            let said = done(db, 1 + who, &say(&format!("k{n}"), "hi")).await;
            // Each also changes what somebody has said, which takes a change and no number.
            done(db, 1 + who, &react(said.number, "🔥")).await;
            assert!(does(db, 1 + who, &say(&format!("k{n}"), "hi")).await.is_ok_and(|again| !again.changed));
        }
    }))
    .await;
    let messages = all(&nodes[0]).await;
    let total = u64::try_from(WRITERS * EACH).unwrap();
    let numbers: Vec<u64> = messages.iter().map(|message| message.number).collect();
    assert_eq!(numbers, (1..=total).collect::<Vec<_>>());
    let summary = nodes[1].talk_summary(room(CODE), user(1)).await.unwrap();
    assert_eq!((summary.last, summary.change), (total, 2 * total), "a gap in the changes");
    let changes: BTreeSet<u64> = messages.iter().map(|message| message.change).collect();
    assert_eq!(changes.len(), messages.len(), "two messages share a change");
    let by_change = page(&nodes[0], Range::ChangedSince(0), PAGE).await.items;
    assert!(by_change.is_sorted_by_key(|message| message.change));
}

async fn the_same_key_is_the_same_message_also_at_the_same_time(bench: Bench) {
    let nodes = [bench.db().await, bench.db().await];
    let said = join_all(
        (0..8).map(async |n| does(&nodes[n % 2], 1, &say("k", &format!("text {n}"))).await.unwrap()),
    )
    .await;
    assert_eq!(said.iter().filter(|done| done.changed).count(), 1, "it was said once");
    let first = said[0].message.clone().unwrap();
    for again in &said {
        assert_eq!(again.message.as_ref(), Some(&first), "with the words that came first");
    }
    let other = done(&nodes[0], 2, &say("k", "mine")).await;
    assert_eq!(other.number, 2, "a key is its author's own");
    let elsewhere = nodes[0].talk(room("R00M0002"), user(1), &say("k", "there"), at(0)).await.unwrap();
    assert_eq!(elsewhere.message.unwrap().number, 1, "and its room's");
}

async fn what_is_refused_or_repeated_takes_no_number_and_no_change(bench: Bench) {
    let db = bench.db().await;
    done(&db, 1, &say("k1", "Solaris?")).await;
    done(&db, 2, &react(1, "🔥")).await;
    let before = db.talk_summary(room(CODE), user(3)).await.unwrap();
    let edit = |number, typed| TalkCommand::Edit { number, text: text(typed) };
    assert_eq!(refusal(does(&db, 2, &edit(1, "mine")).await), TalkRefusal::NotAllowed);
    assert_eq!(refusal(does(&db, 2, &TalkCommand::Unsay { number: 1 }).await), TalkRefusal::NotAllowed);
    assert_eq!(refusal(does(&db, 1, &edit(9, "x")).await), TalkRefusal::MessageNotFound);
    assert_eq!(refusal(does(&db, 1, &react(u64::MAX, "🔥")).await), TalkRefusal::MessageNotFound);
    for replied in [0, 2, u64::MAX] {
        let reply = TalkCommand::Say { key: key("k2"), text: text("x"), reply_to: Some(replied) };
        assert_eq!(refusal(does(&db, 1, &reply).await), TalkRefusal::MessageNotFound);
    }
    let late = at(49 * 3600);
    let edited = db.talk(room(CODE), user(1), &edit(1, "late"), late).await;
    assert_eq!(refusal(edited), TalkRefusal::NotAllowed);
    for (who, again) in [(1, say("k1", "Solaris?")), (1, edit(1, "Solaris?")), (2, react(1, "🔥"))] {
        let again = does(&db, who, &again).await.unwrap();
        assert!(!again.changed && again.message.unwrap().number == 1);
    }
    assert_eq!(db.talk_summary(room(CODE), user(3)).await.unwrap(), before);
    assert_eq!(done(&db, 1, &say("k2", "next")).await.number, 2);
}

async fn a_reaction_edit_or_withdrawal_is_the_next_change_of_its_message(bench: Bench) {
    let db = bench.db().await;
    done(&db, 1, &say("k1", "Solaris?")).await;
    done(&db, 1, &say("k2", "Stalker?")).await;
    let reacted = done(&db, 2, &react(1, "🔥")).await;
    assert_eq!((reacted.change, &reacted.reactions), (3, &vec![(fire(), vec![user(2)])]));
    let edited = done(&db, 1, &TalkCommand::Edit { number: 1, text: text("Mirror?") }).await;
    assert_eq!((edited.change, &*edited.text, edited.edited_at), (4, "Mirror?", Some(at(0))));
    assert_eq!(edited.reactions, reacted.reactions);
    assert_eq!(page(&db, Range::ChangedSince(2), PAGE).await.items, [edited]);
    let gone = done(&db, 1, &TalkCommand::Unsay { number: 1 }).await;
    assert_eq!((gone.change, &*gone.text, gone.deleted, gone.reactions.len()), (5, "", true, 0));
    assert_eq!(all(&db).await[0], gone);
    assert_eq!(done(&db, 1, &say("k1", "Solaris?")).await, gone, "saying it again does not bring it back");
}

async fn reactions_come_back_in_the_order_in_which_they_came(bench: Bench) {
    let db = bench.db().await;
    done(&db, 1, &say("k1", "Solaris?")).await;
    for (who, emoji) in [(5, "🔥"), (2, "👍"), (4, "🔥"), (3, "👍"), (5, "👍")] {
        done(&db, who, &react(1, emoji)).await;
    }
    let changed = done(&db, 4, &TalkCommand::React { number: 1, emoji: None }).await;
    let thumb = Emoji::new("👍").unwrap();
    assert_eq!(changed.reactions, [(thumb, vec![user(2), user(3), user(5)])]);
    assert_eq!(all(&db).await, [changed]);
}

async fn pages_lead_through_everything_once(bench: Bench) {
    let db = bench.db().await;
    for n in 1..=7 {
        done(&db, 1, &say(&format!("k{n}"), &format!("{n}"))).await;
    }
    let numbers = |page: &Page| page.items.iter().map(|message| message.number).collect::<Vec<_>>();
    let newest = page(&db, Range::Newest, 3).await;
    assert_eq!((numbers(&newest), newest.more), (vec![5, 6, 7], true));
    let before = page(&db, Range::Before(5), 3).await;
    assert_eq!((numbers(&before), before.more), (vec![2, 3, 4], true));
    let first = page(&db, Range::Before(2), 3).await;
    assert_eq!((numbers(&first), first.more), (vec![1], false));
    let after = page(&db, Range::After(4), 3).await;
    assert_eq!((numbers(&after), after.more), (vec![5, 6, 7], false));
    assert_eq!(page(&db, Range::After(u64::MAX), 3).await, Page::default());
    assert_eq!(page(&db, Range::Before(0), 3).await, Page::default());
    assert_eq!(numbers(&page(&db, Range::Before(u64::MAX), 1).await), [7]);
    assert_eq!(page(&db, Range::After(0), 0).await.items.len(), 1, "a page has one at least");
    assert_eq!(page(&db, Range::After(0), usize::MAX).await.items.len(), 7);
}

async fn marks_only_move_forward_and_never_above_the_last(bench: Bench) {
    let db = bench.db().await;
    let read = |number| TalkCommand::Read { number };
    assert_eq!(does(&db, 2, &read(0)).await.unwrap().read, None, "nothing was said");
    assert!(matches!(refusal(does(&db, 2, &read(1)).await), TalkRefusal::Invalid(_)));
    for n in 1..=3 {
        let said = does(&db, 1, &say(&format!("k{n}"), "hi")).await.unwrap();
        assert_eq!(said.read, Some((user(1), n)), "saying is reading");
    }
    assert_eq!(does(&db, 2, &read(2)).await.unwrap().read, Some((user(2), 2)));
    for back in [0, 1, 2] {
        assert_eq!(does(&db, 2, &read(back)).await.unwrap().read, None, "{back}");
    }
    assert!(matches!(refusal(does(&db, 2, &read(4)).await), TalkRefusal::Invalid(_)));
    let summary = db.talk_summary(room(CODE), user(2)).await.unwrap();
    assert_eq!((summary.read, summary.marks), (2, vec![(user(1), 3), (user(2), 2)]));
}

async fn what_is_unread_is_others_words(bench: Bench) {
    let db = bench.db().await;
    let unread = async |who| db.talk_summary(room(CODE), user(who)).await.unwrap().unread;
    assert_eq!(unread(2).await, 0, "nothing was ever said");
    for n in 1..=3 {
        done(&db, 1, &say(&format!("k{n}"), "hi")).await;
    }
    done(&db, 3, &say("k1", "hi")).await;
    db.note_system(room(CODE), &[note(SystemWhat::Joined, 1)]).await.unwrap();
    done(&db, 1, &TalkCommand::Unsay { number: 2 }).await;
    assert_eq!((unread(1).await, unread(2).await, unread(3).await), (1, 3, 0));
    does(&db, 2, &TalkCommand::Read { number: 3 }).await.unwrap();
    assert_eq!(unread(2).await, 1);
}

async fn summaries_are_of_the_rooms_that_somebody_belongs_to(bench: Bench) {
    let db = bench.db().await;
    for code in ["R00M0001", "R00M0002", "R00M0003", "R00M0004"] {
        let mut story = Story::of(code, 0);
        story.joins(2);
        if code == "R00M0003" {
            story.does(2, Command::People(PeopleCommand::Leave));
        }
        db.project(&story.room, at(1)).await.unwrap();
    }
    for (code, count) in [("R00M0001", 2), ("R00M0002", 1), ("R00M0003", 1)] {
        for n in 0..count {
            db.talk(room(code), user(1), &say(&format!("k{n}"), "hi"), at(0)).await.unwrap();
        }
    }
    let rooms = db.talk_summaries(user(2), 50).await.unwrap();
    let unread: BTreeSet<(RoomCode, u64, u64)> =
        rooms.iter().map(|(code, summary)| (*code, summary.last, summary.unread)).collect();
    assert_eq!(unread, BTreeSet::from([(room("R00M0001"), 2, 2), (room("R00M0002"), 1, 1)]));
}

async fn many_questions_have_the_answers_that_each_has_alone(bench: Bench) {
    let db = bench.db().await;
    for (code, said) in [("R00M0001", 2), ("R00M0002", 3)] {
        for n in 0..said {
            db.talk(room(code), user(1 + n % 2), &say(&format!("k{n}"), "hi"), at(0)).await.unwrap();
        }
    }
    db.talk(room("R00M0002"), user(3), &TalkCommand::Read { number: 2 }, at(0)).await.unwrap();
    // The same one twice, and a room of which SQL has never heard.
    let asked = [("R00M0002", 3), ("R00M0001", 3), ("R00M0009", 1), ("R00M0002", 1), ("R00M0002", 3)]
        .map(|(code, who)| (room(code), user(who)));
    let together = db.talk_summaries_of(&asked).await.unwrap();
    let mut alone = Vec::new();
    for (code, who) in asked {
        alone.push(db.talk_summary(code, who).await.unwrap());
    }
    assert_eq!(together, alone);
    assert_eq!((together[0].last, together[0].read, together[0].unread), (3, 2, 1));
    assert_eq!(together[0].marks.last(), Some(&(user(3), 2)), "{:?}", together[0]);
    assert_eq!(together[2], TalkSummary::default());
    assert_eq!(db.talk_summaries_of(&[]).await.unwrap(), []);
}

async fn notes_are_written_once_whatever_log_tells_them(bench: Bench) {
    let db = bench.db().await;
    let notes = [note(SystemWhat::Joined, 1), note(SystemWhat::Started, 2)];
    let written = db.note_system(room(CODE), &notes).await.unwrap();
    assert_eq!(written.iter().map(|message| message.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(written[0].system, Some(notes[0].note.clone()));
    assert_eq!((written[0].author, written[0].kind, written[0].at), (None, MessageKind::System, at(1)));
    // The same log under another epoch, and more.
    let later = notes.clone().map(|note| NewNote { seq: note.seq.after(7), ..note });
    let more = [later.to_vec(), vec![note(SystemWhat::Finished, 3)]].concat();
    let written = db.note_system(room(CODE), &more).await.unwrap();
    assert_eq!(written.iter().map(|message| message.number).collect::<Vec<_>>(), [3]);
    assert_eq!(all(&db).await.len(), 3);
    assert_eq!(all(&db).await[2], written[0]);
}

async fn a_projection_notes_what_it_carries_over(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping(CODE, 2, &["c1"]);
    let noting = async |story: &Story| {
        let notes: Vec<NewNote> = (1..)
            .zip(&story.log)
            .filter_map(|(seq, entry)| {
                let note = SystemNote::of(&entry.event, None)?;
                Some(NewNote { seq: sovpalo_domain::ids::Seq::new(seq), note, at: entry.at })
            })
            .collect();
        let noted = db.project_noting(&story.room, &notes, &|_| Vec::new(), at(9)).await.unwrap();
        noted.into_iter().map(|message| message.system.unwrap().what).collect::<Vec<_>>()
    };
    assert_eq!(noting(&story).await, [SystemWhat::Joined, SystemWhat::Joined, SystemWhat::Started]);
    assert_eq!(noting(&story).await, [], "it is carried over already");
    story.match_on("c1");
    assert_eq!(noting(&story).await, [SystemWhat::Matched, SystemWhat::Finished]);
    let matched = &all(&db).await[3];
    assert_eq!(matched.system.as_ref().unwrap().title.as_ref().unwrap().as_str(), "c1");
}

async fn an_erased_person_leaves_blank_messages_and_cannot_write(bench: Bench) {
    let db = bench.db().await;
    for who in [1, 2] {
        db.see_user(&person(who), None, at(0)).await.unwrap();
    }
    done(&db, 2, &say("k1", "mine")).await;
    done(&db, 1, &say("k1", "Solaris?")).await;
    done(&db, 2, &react(2, "🔥")).await;
    done(&db, 1, &react(1, "🔥")).await;
    done(&db, 2, &say("k2", "mine too")).await;
    let before = db.talk_summary(room(CODE), user(1)).await.unwrap();
    let erased = db.erase_user(user(2), &[], at(5)).await.unwrap();
    let messages = all(&db).await;
    for blank in [&messages[0], &messages[2]] {
        assert_eq!((blank.author, &*blank.text, blank.deleted, &blank.key), (None, "", true, &None));
        assert_eq!(blank.reactions, []);
    }
    let kept = &messages[1];
    assert_eq!(
        (kept.author, &*kept.text, kept.reactions.len(), kept.deleted),
        (Some(user(1)), "Solaris?", 0, false)
    );
    let after = db.talk_summary(room(CODE), user(1)).await.unwrap();
    assert_eq!(after.change, before.change + 3, "each of them changed");
    assert_eq!(after.marks, [(user(1), 2)]);
    assert_eq!(erased.blanked, [(room(CODE), messages[2].clone())], "by which readers notice all three");
    let changed = page(&db, Range::ChangedSince(before.change), PAGE).await.items;
    assert_eq!(changed.iter().map(|message| message.number).collect::<Vec<_>>(), [1, 2, 3]);
    for command in [say("k3", "under way"), react(2, "🔥"), TalkCommand::Read { number: 3 }] {
        assert_eq!(refusal(does(&db, 2, &command).await), TalkRefusal::NotAllowed, "{command:?}");
    }
    db.see_user(&person(2), None, at(6)).await.unwrap();
    assert_eq!(done(&db, 2, &say("k1", "somebody new")).await.number, 4);
}

async fn an_erasure_and_a_message_at_the_same_time_leave_no_text(bench: Bench) {
    let db = bench.db().await;
    for n in 0..10 {
        db.see_user(&person(2), None, at(0)).await.unwrap();
        let name = format!("k{n}");
        let command = say(&name, "personal");
        let (said, erased) = tokio::join!(does(&db, 2, &command), db.erase_user(user(2), &[], at(1)));
        erased.unwrap();
        assert!(matches!(said, Ok(_) | Err(TalkError::Refused(TalkRefusal::NotAllowed))), "{said:?}");
        let left: Vec<Message> = all(&db).await.into_iter().filter(|message| !message.deleted).collect();
        assert_eq!(left, [], "after {said:?}");
    }
}

async fn old_messages_go_and_numbers_are_not_given_again(bench: Bench) {
    let db = bench.db().await;
    let days = |days: i64| Timestamp::from_millis(at(0).millis() + days * 24 * 3600 * 1000);
    for (n, when) in [(1, days(0)), (2, days(1)), (3, days(300))] {
        db.talk(room(CODE), user(1), &say(&format!("k{n}"), "hi"), when).await.unwrap();
    }
    done(&db, 2, &react(1, "🔥")).await;
    let year = Duration::from_secs(365 * 24 * 3600);
    assert_eq!(db.clean_messages(days(365), year).await.unwrap(), 0, "none is older");
    assert_eq!(db.clean_messages(days(367), year).await.unwrap(), 2);
    assert_eq!(db.clean_messages(days(367), year).await.unwrap(), 0);
    assert_eq!(all(&db).await.iter().map(|message| message.number).collect::<Vec<_>>(), [3]);
    assert_eq!(db.clean_messages(days(3_000), year).await.unwrap(), 1);
    assert_eq!(done(&db, 1, &say("k1", "again")).await.number, 4, "the key is free, the numbers are not");
}

async fn messages_of_an_idle_room_that_is_over_go(bench: Bench) {
    let db = bench.db().await;
    let day = 24 * 3600;
    let mut over = Story::swiping("R00M0001", 2, &["c1"]);
    over.match_on("c1");
    db.project(&over.room, at(0)).await.unwrap();
    let mut talked = Story::swiping("R00M0002", 2, &["c1"]);
    talked.match_on("c1");
    db.project(&talked.room, at(0)).await.unwrap();
    let swiping = Story::swiping("R00M0003", 2, &["c1"]);
    db.project(&swiping.room, at(0)).await.unwrap();
    for code in ["R00M0001", "R00M0002", "R00M0003"] {
        db.talk(room(code), user(1), &say("k", "hi"), at(0)).await.unwrap();
    }
    db.talk(room("R00M0002"), user(1), &say("k2", "still here"), at(20 * day)).await.unwrap();
    let year = Duration::from_secs(365 * 24 * 3600);
    assert_eq!(db.clean_messages(at(29 * day), year).await.unwrap(), 0);
    assert_eq!(db.clean_messages(at(31 * day), year).await.unwrap(), 1);
    assert_eq!(all(&db).await, [], "it is over and idle");
    for code in ["R00M0002", "R00M0003"] {
        let left = db.messages(room(code), MessagePage { range: Range::Newest, limit: 9 }).await.unwrap();
        assert!(!left.items.is_empty(), "{code} is not");
    }
}

async fn a_row_that_cannot_be_read_names_its_column(bench: Bench) {
    let db = bench.db().await;
    done(&db, 1, &say("k", "hi")).await;
    tamper(&db, "UPDATE messages SET kind = 'poem'").await;
    let read = db.messages(room(CODE), MessagePage { range: Range::Newest, limit: 1 }).await;
    assert!(read.unwrap_err().to_string().starts_with("messages.kind"));
}

#[tokio::test]
async fn more_unread_messages_than_are_counted_are_as_many_as_are_counted() {
    super::on_sqlite(async |bench: Bench| {
        let db = bench.db().await;
        done(&db, 1, &say("k", "hi")).await;
        tamper(
            &db,
            "INSERT INTO messages (room, number, change, author, kind, text, at)
             WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 1500)
             SELECT 'R00M0001', n, n, 1, 'text', 'x', at FROM n, messages",
        )
        .await;
        let unread = db.talk_summary(room(CODE), UserId::new(2).unwrap()).await.unwrap().unread;
        assert_eq!(unread, UNREAD_COUNTED);
    })
    .await;
}
