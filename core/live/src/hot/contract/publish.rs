//! Publishing: at most once, and never stored.

use super::*;

contract!(embedded, redis, redis_cluster => [
    what_is_announced_is_told_as_it_was_said,
    what_is_published_reaches_whoever_listens_to_the_room_as_it_was_said,
    what_is_published_to_a_room_without_listeners_is_gone,
    a_signal_that_is_too_large_is_not_published,
]);

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
        Published::Signal {
            from: user(1),
            to: Some(user(2)),
            body: body.into(),
            at: Some(Timestamp::from_millis(7)),
        },
        Published::Signal { from: user(1), to: None, body: "{}".into(), at: None },
    ]
}

async fn what_is_announced_is_told_as_it_was_said(bench: Bench) {
    let mut changes = bench.hot.changes();
    let moved = |came| Announcement::Moved(Moved { member: user(1), room: room(1), came });
    let announcements = [
        Announcement::SessionEnded(SessionId::from_bits(user(1), 7)),
        Announcement::SocketOpened {
            user: user(1),
            device: Device::named("phone"),
            socket: SocketId(u128::MAX),
        },
        moved(true),
        moved(false),
    ];
    for what in &announcements {
        bench.hot.announce(what).await.unwrap();
    }
    for what in announcements {
        let Change::Announced(heard) = changes.recv().await.unwrap() else { panic!("something else") };
        assert_eq!(heard, what);
    }
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
    let signal =
        |size| Published::Signal { from: user(1), to: None, body: "x".repeat(size).into(), at: None };
    assert!(bench.hot.publish(room(1), &signal(SIGNAL_BYTES + 1)).await.is_err());
    bench.hot.publish(room(1), &signal(SIGNAL_BYTES)).await.unwrap();
    let Change::Published { what, .. } = changes.recv().await.unwrap() else { panic!("something else") };
    assert_eq!(*what, signal(SIGNAL_BYTES), "only that one was told");
}
