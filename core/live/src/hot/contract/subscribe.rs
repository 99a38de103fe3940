//! Subscriptions: who is told what.

use super::*;

contract!(embedded, redis, redis_cluster => [
    subscribers_hear_every_append_in_order,
    a_refused_append_is_not_told,
    what_was_put_back_or_replaced_is_told_without_entries,
    a_room_is_told_of_as_long_as_anybody_listens,
    many_rooms_can_be_listened_to,
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
