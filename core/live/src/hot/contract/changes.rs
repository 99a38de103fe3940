//! Who hears of what was appended: subscribers, and the projector.

use super::*;

contract!(embedded, redis, redis_cluster => [
    subscribers_hear_every_append_in_order,
    a_refused_append_is_not_told,
    what_was_put_back_or_replaced_is_told_without_entries,
    a_room_is_told_of_as_long_as_anybody_listens,
    many_rooms_can_be_listened_to,
    the_end_of_a_session_is_told,
    what_is_published_reaches_whoever_listens_to_the_room_as_it_was_said,
    what_is_published_to_a_room_without_listeners_is_gone,
    a_signal_that_is_too_large_is_not_published,
    durable_appends_mark_the_room_and_others_do_not,
    a_leased_room_is_given_to_nobody_else_until_the_lease_ends,
    what_was_appended_meanwhile_keeps_the_mark,
    carrying_over_another_history_does_not_unmark_this_one,
]);

async fn subscribers_hear_every_append_in_order(bench: Bench) {
    let _listening = bench.hot.listen(super::room(1)).await.unwrap();
    let mut changes = bench.hot.changes();
    let room = begun(&bench, 1).await;
    let mut expected = begun_at(room);
    for n in 1..=20 {
        bench.hot.append(room, Some(expected), &[swipe(n)], false).await.unwrap();
        expected = after(expected, &swipe(n));
    }
    let mut last = HeadHash::NONE;
    for seq in 1..=21 {
        let Change::Appended { room: told, at: told_at, before, entries } = changes.recv().await.unwrap()
        else {
            panic!("something else than an append was told");
        };
        assert_eq!((told, told_at, before, entries.len()), (room, at(7, seq), last, 1));
        last = HeadHash::of(&entries[0]);
    }
}

async fn a_refused_append_is_not_told(bench: Bench) {
    let room = begun(&bench, 1).await;
    let _listening = bench.hot.listen(room).await.unwrap();
    let mut changes = bench.hot.changes();
    let elsewhere = ExpectedHead { at: at(7, 5), ..begun_at(room) };
    bench.hot.append(room, Some(elsewhere), &[swipe(1)], true).await.unwrap();
    bench.hot.append(room, Some(begun_at(room)), &[swipe(2)], true).await.unwrap();
    let Change::Appended { entries, .. } = changes.recv().await.unwrap() else { panic!("not an append") };
    assert_eq!(*entries, [swipe(2)]);
}

async fn what_was_put_back_or_replaced_is_told_without_entries(bench: Bench) {
    let room = begun(&bench, 1).await;
    let _listening = bench.hot.listen(room).await.unwrap();
    let mut changes = bench.hot.changes();
    bench.hot.replace(room, begun_at(room), &[created(room, 8), swipe(1)]).await.unwrap();
    let Change::Appended { at: told, entries, .. } = changes.recv().await.unwrap() else {
        panic!("something else was told")
    };
    assert_eq!((told, entries.len()), (at(8, 2), 0), "whoever holds the room looks at the log");
}

async fn a_room_is_told_of_as_long_as_anybody_listens(bench: Bench) {
    let room = begun(&bench, 1).await;
    let one = bench.hot.listen(room).await.unwrap();
    let two = bench.hot.listen(room).await.unwrap();
    drop(one);
    let three = bench.hot.listen(room).await.unwrap();
    drop(two);
    // What is listened to later is heard of later: by now the ends above have been seen to.
    let _other = bench.hot.listen(super::room(2)).await.unwrap();
    let mut changes = bench.hot.changes();
    bench.hot.append(room, Some(begun_at(room)), &[swipe(1)], false).await.unwrap();
    assert!(matches!(changes.recv().await, Ok(Change::Appended { .. })), "somebody still listens");
    drop(three);
}

async fn many_rooms_can_be_listened_to(bench: Bench) {
    let rooms: Vec<RoomCode> = (0..500).map(super::room).collect();
    let listening = join_all(rooms.iter().map(|room| bench.hot.listen(*room))).await;
    assert!(listening.iter().all(Result::is_ok));
    let mut changes = bench.hot.changes();
    join_all(rooms.iter().map(async |room| {
        bench.hot.append(*room, None, &[created(*room, 7)], false).await.unwrap();
    }))
    .await;
    let mut told = BTreeSet::new();
    while told.len() < rooms.len() {
        let Ok(Change::Appended { room, .. }) = changes.recv().await else { panic!("something else") };
        assert!(told.insert(room), "{room} was told of twice");
    }
}

async fn the_end_of_a_session_is_told(bench: Bench) {
    let mut changes = bench.hot.changes();
    bench.hot.announce_session_ended("abc").await.unwrap();
    let Change::SessionEnded { session } = changes.recv().await.unwrap() else { panic!("something else") };
    assert_eq!(&*session, "abc");
}

fn published() -> Vec<Published> {
    let message = Message {
        number: 7,
        change: 9,
        author: Some(user(1)),
        kind: MessageKind::Text,
        text: "Solaris?\n\u{1F525}".to_owned(),
        system: Some(SystemNote { what: SystemWhat::Matched, member: Some(user(2)), title: Some(title(3)) }),
        reply_to: Some(3),
        reactions: vec![(Emoji::new("\u{1F525}").unwrap(), vec![user(2), user(3)])],
        at: START,
        edited_at: Some(START.plus(MINUTE)),
        deleted: false,
        key: Some(MessageKey::new("k-1").unwrap()),
    };
    let body = format!(r#"{{"type":"typing","more":"{}"}}"#, "x".repeat(SIGNAL_BYTES - 100));
    vec![
        Published::Message(Arc::new(message)),
        Published::Read { member: user(2), number: 7 },
        Published::Signal { from: user(1), to: Some(user(2)), body: body.into() },
        Published::Signal { from: user(1), to: None, body: "{}".into() },
    ]
}

async fn what_is_published_reaches_whoever_listens_to_the_room_as_it_was_said(bench: Bench) {
    let _listening = bench.hot.listen(room(1)).await.unwrap();
    let mut changes = bench.hot.changes();
    for what in published() {
        bench.hot.publish(room(1), &what).await.unwrap();
    }
    for what in published() {
        let Change::Published { room: told, what: heard } = changes.recv().await.unwrap() else {
            panic!("something else was told")
        };
        assert_eq!((told, &*heard), (room(1), &what));
    }
    assert_eq!(dirty(&bench).await, BTreeSet::new(), "nothing of it is kept");
    assert_eq!(bench.hot.read(room(1), Seq::ZERO).await.unwrap(), None, "nor makes it a log");
}

async fn what_is_published_to_a_room_without_listeners_is_gone(bench: Bench) {
    let listening = bench.hot.listen(room(1)).await.unwrap();
    let mut changes = bench.hot.changes();
    let to = |number| Published::Read { member: user(1), number };
    bench.hot.publish(room(2), &to(1)).await.unwrap();
    let _later = bench.hot.listen(room(2)).await.unwrap();
    bench.hot.publish(room(1), &to(2)).await.unwrap();
    bench.hot.publish(room(2), &to(3)).await.unwrap();
    let mut told = Vec::new();
    while told.last() != Some(&(room(2), 3)) {
        let Change::Published { room, what } = changes.recv().await.unwrap() else {
            panic!("something else")
        };
        let Published::Read { number, .. } = *what else { panic!("something else") };
        told.push((room, number));
    }
    // A process receives changes of all rooms that it writes to itself; changes from other processes only of rooms it is subscribed to.
    told.retain(|(_, number)| *number != 1 || !matches!(bench.raw, Raw::Embedded(_)));
    assert_eq!(told, [(room(1), 2), (room(2), 3)]);
    drop(listening);
}

async fn a_signal_that_is_too_large_is_not_published(bench: Bench) {
    let _listening = bench.hot.listen(room(1)).await.unwrap();
    let mut changes = bench.hot.changes();
    let signal = |size| Published::Signal { from: user(1), to: None, body: "x".repeat(size).into() };
    assert!(bench.hot.publish(room(1), &signal(SIGNAL_BYTES + 1)).await.is_err());
    bench.hot.publish(room(1), &signal(SIGNAL_BYTES)).await.unwrap();
    let Change::Published { what, .. } = changes.recv().await.unwrap() else { panic!("something else") };
    assert_eq!(*what, signal(SIGNAL_BYTES), "only that one was told");
}

async fn durable_appends_mark_the_room_and_others_do_not(bench: Bench) {
    let marked = begun(&bench, 1).await;
    let quiet = begun(&bench, 2).await;
    assert_eq!(dirty(&bench).await, BTreeSet::from([marked, quiet]), "a beginning is durable");
    bench.hot.clean(marked, Some(at(7, 1))).await.unwrap();
    bench.hot.clean(quiet, Some(at(7, 1))).await.unwrap();
    bench.hot.append(quiet, Some(begun_at(quiet)), &[swipe(1)], false).await.unwrap();
    bench.hot.append(marked, Some(begun_at(marked)), &[swipe(1)], true).await.unwrap();
    assert_eq!(dirty(&bench).await, BTreeSet::from([marked]));
}

async fn a_leased_room_is_given_to_nobody_else_until_the_lease_ends(bench: Bench) {
    let room = begun(&bench, 1).await;
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]));
    assert_eq!(dirty(&bench).await, BTreeSet::new(), "it is leased");
    bench.clock.advance(MINUTE + Duration::from_millis(1));
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]), "the lease is over and nobody cleaned it");
}

async fn what_was_appended_meanwhile_keeps_the_mark(bench: Bench) {
    let room = begun(&bench, 1).await;
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]));
    bench.hot.append(room, Some(begun_at(room)), &[swipe(1)], true).await.unwrap();
    bench.hot.clean(room, Some(at(7, 1))).await.unwrap();
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]), "seq 2 has not been carried over");
    bench.hot.clean(room, Some(at(7, 2))).await.unwrap();
    assert_eq!(dirty(&bench).await, BTreeSet::new());
}

async fn carrying_over_another_history_does_not_unmark_this_one(bench: Bench) {
    let room = begun(&bench, 1).await;
    bench.hot.clean(room, Some(at(6, 40))).await.unwrap();
    bench.hot.clean(room, None).await.unwrap();
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]));
}
