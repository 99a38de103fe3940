//! What another program has written and this one does not understand: the trouble of one room.

use super::*;
use crate::hot::HotError;

contract!(embedded, redis, redis_cluster => [
    a_log_that_holds_what_is_not_known_is_unreadable_as_a_whole,
    a_log_that_cannot_be_read_is_not_appended_to_by_who_has_not_read_it,
    other_rooms_are_read_and_appended_to_beside_one_that_cannot_be_read,
    a_mark_that_names_no_room_holds_up_no_other,
]);

/// What a program of the future may have appended, or a disk left behind.
pub(crate) fn entries_of_the_future() -> [(&'static str, Vec<u8>); 4] {
    let known = codec::encode(&swipe(1));
    let mut of_a_new_kind = codec::encode(&entry(Event::Swiping(SwipingEvent::Finished)));
    // The variant, after the version and the time.
    *of_a_new_kind.last_mut().unwrap() = 100;
    [
        ("another version", [&[3], &known[1..]].concat()),
        ("a variant that is not known", of_a_new_kind),
        ("the beginning of an entry", known[..known.len() - 1].to_vec()),
        ("an entry, and more", [&known[..], &[0]].concat()),
    ]
}

fn is_unreadable<T: std::fmt::Debug>(outcome: &Result<T, HotError>, of: RoomCode) -> bool {
    matches!(outcome, Err(HotError::Unreadable { room, .. }) if *room == Some(of))
}

async fn a_log_that_holds_what_is_not_known_is_unreadable_as_a_whole(bench: Bench) {
    for (n, (what, bytes)) in (1..).zip(entries_of_the_future()) {
        let room = begun(&bench, n).await;
        bench.append_raw(room, &bytes).await;
        for after in [Seq::ZERO, Seq::new(1)] {
            let read = bench.hot.read(room, after).await;
            assert!(is_unreadable(&read, room), "{what}, after {after:?}: {read:?}");
        }
    }
}

async fn a_log_that_cannot_be_read_is_not_appended_to_by_who_has_not_read_it(bench: Bench) {
    for (n, (what, bytes)) in (1..).zip(entries_of_the_future()) {
        let room = begun(&bench, n).await;
        bench.append_raw(room, &bytes).await;
        let appended = bench.hot.append(room, Some(begun_at(room)), &[swipe(1)], false).await.unwrap();
        assert_eq!(appended, Appended::Conflict(Some(at(7, 2))), "{what}");
        let put_back = bench.hot.put_back(room, None, &[created(room, 7)]).await.unwrap();
        assert_eq!(put_back, Appended::Conflict(Some(at(7, 2))), "{what}");
        let replaced = bench.hot.replace(room, begun_at(room), &[created(room, 8)]).await.unwrap();
        assert_eq!(replaced, Appended::Conflict(Some(at(7, 2))), "{what}");
    }
}

async fn other_rooms_are_read_and_appended_to_beside_one_that_cannot_be_read(bench: Bench) {
    let (broken, fine) = (begun(&bench, 1).await, begun(&bench, 2).await);
    bench.append_raw(broken, &[2]).await;
    let more = [swipe(1)];
    let (refused, appended, read) = tokio::join!(
        bench.hot.append(broken, Some(begun_at(broken)), &more, true),
        bench.hot.append(fine, Some(begun_at(fine)), &more, true),
        bench.hot.read(fine, Seq::ZERO),
    );
    assert_eq!(refused.unwrap(), Appended::Conflict(Some(at(7, 2))));
    assert_eq!(appended.unwrap(), Appended::At(at(7, 2)));
    assert!(read.unwrap().is_some());
    assert_eq!(dirty(&bench).await, BTreeSet::from([broken, fine]), "both wait for a projector");
}

async fn a_mark_that_names_no_room_holds_up_no_other(bench: Bench) {
    let room = begun(&bench, 1).await;
    bench.mark_raw("no room").await;
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]));
    bench.clock.advance(2 * MINUTE);
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]), "nor the next time");
}

#[tokio::test]
async fn a_damaged_row_is_its_own_rooms_trouble() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hot.sqlite");
    let rooms: Vec<RoomCode> = (1..=6).map(room).collect();
    {
        let hot = Embedded::start(file::open(&path).await.unwrap(), Clock::system());
        for room in &rooms {
            hot.append(*room, None, &[created(*room, 7), swipe(1)], false).await.unwrap();
        }
    }
    let pool = file::open(&path).await.unwrap();
    let damages = [
        "UPDATE hot_rooms SET epoch = 'seven' WHERE room = $1",
        "UPDATE hot_rooms SET epoch = -1 WHERE room = $1",
        "UPDATE hot_rooms SET seq = -1 WHERE room = $1",
        "DELETE FROM hot_log WHERE room = $1 AND seq = 2",
        "UPDATE hot_log SET entry = 12 WHERE room = $1 AND seq = 2",
    ];
    for (damage, room) in damages.iter().zip(&rooms) {
        sqlx::query(*damage).bind(room.as_str()).execute(&pool).await.unwrap();
    }
    let hot = Embedded::start(pool, Clock::system());
    let expected = |room| Some(after(begun_at(room), &swipe(1)));
    let appended = join_all(rooms.iter().map(|room| {
        let (hot, room) = (&hot, *room);
        async move { hot.append(room, expected(room), &[swipe(2)], false).await }
    }))
    .await;
    let (fine, damaged) = appended.split_last().unwrap();
    assert_eq!(fine.as_ref().unwrap(), &Appended::At(at(7, 3)), "it shares a transaction with damaged ones");
    for ((damage, room), outcome) in damages.iter().zip(&rooms).zip(damaged) {
        assert!(!matches!(outcome, Ok(Appended::At(_))), "{damage}: {outcome:?}");
        let read = hot.read(*room, Seq::ZERO).await;
        assert!(is_unreadable(&read, *room), "{damage}: {read:?}");
    }
}
