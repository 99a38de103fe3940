//! The log of a room: who may add to it, where, and what is read back.

use super::*;

contract!(embedded, redis, redis_cluster => [
    a_log_begins_once,
    an_append_at_the_end_extends_the_log,
    an_append_anywhere_else_changes_nothing,
    an_append_under_another_epoch_changes_nothing,
    of_many_appends_at_one_place_exactly_one_succeeds,
    an_append_onto_another_end_changes_nothing,
    a_log_is_replaced_only_if_it_stands_as_it_was_seen,
    a_log_reads_back_every_kind_of_event,
    only_the_tail_is_read,
    a_room_without_a_log_reads_as_none,
]);

async fn a_log_begins_once(bench: Bench) {
    let room = room(1);
    let first = bench.hot.append(room, None, &[created(room, 7)], true).await.unwrap();
    assert_eq!(first, Appended::At(at(7, 1)));
    let second = bench.hot.append(room, None, &[created(room, 8)], true).await.unwrap();
    assert_eq!(second, Appended::Conflict(Some(at(7, 1))), "a second beginning must not be");
}

async fn an_append_at_the_end_extends_the_log(bench: Bench) {
    let room = begun(&bench, 1).await;
    let appended = bench.hot.append(room, Some(begun_at(room)), &[swipe(1), swipe(2)], false).await.unwrap();
    assert_eq!(appended, Appended::At(at(7, 3)));
    let tail = bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap();
    assert_eq!(tail.at, at(7, 3));
    assert_eq!(tail.entries, [created(room, 7), swipe(1), swipe(2)]);
}

async fn an_append_anywhere_else_changes_nothing(bench: Bench) {
    let room = begun(&bench, 1).await;
    for wrong in [0, 2, 99] {
        let elsewhere = ExpectedHead { at: at(7, wrong), ..begun_at(room) };
        let refused = bench.hot.append(room, Some(elsewhere), &[swipe(1)], true).await.unwrap();
        assert_eq!(refused, Appended::Conflict(Some(at(7, 1))), "expected seq {wrong}");
    }
    let nowhere = bench.hot.append(super::room(2), Some(begun_at(room)), &[swipe(1)], true).await.unwrap();
    assert_eq!(nowhere, Appended::Conflict(None));
    assert_eq!(bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap().entries.len(), 1);
}

async fn an_append_under_another_epoch_changes_nothing(bench: Bench) {
    let room = begun(&bench, 1).await;
    let other = ExpectedHead { at: at(8, 1), ..begun_at(room) };
    let refused = bench.hot.append(room, Some(other), &[swipe(1)], false).await.unwrap();
    assert_eq!(refused, Appended::Conflict(Some(at(7, 1))));
}

async fn of_many_appends_at_one_place_exactly_one_succeeds(bench: Bench) {
    let room = begun(&bench, 1).await;
    let tries = (0..50).map(|n| {
        let hot = Arc::clone(&bench.hot);
        async move { hot.append(room, Some(begun_at(room)), &[swipe(n)], false).await.unwrap() }
    });
    let outcomes = join_all(tries).await;
    let won = outcomes.iter().filter(|o| **o == Appended::At(at(7, 2))).count();
    assert_eq!(won, 1, "{outcomes:?}");
    assert_eq!(bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap().at, at(7, 2));
}

async fn an_append_onto_another_end_changes_nothing(bench: Bench) {
    let room = begun(&bench, 1).await;
    bench.hot.append(room, Some(begun_at(room)), &[swipe(1)], false).await.unwrap();
    let other_end = after(begun_at(room), &swipe(2));
    let refused = bench.hot.append(room, Some(other_end), &[swipe(3)], false).await.unwrap();
    assert_eq!(refused, Appended::Conflict(Some(at(7, 2))), "as long, but not the same");
    let end = after(begun_at(room), &swipe(1));
    let appended = bench.hot.append(room, Some(end), &[swipe(3)], false).await.unwrap();
    assert_eq!(appended, Appended::At(at(7, 3)));
}

async fn a_log_is_replaced_only_if_it_stands_as_it_was_seen(bench: Bench) {
    let room = begun(&bench, 1).await;
    let log = [created(room, 8), swipe(1)];
    let elsewhere = after(begun_at(room), &swipe(9));
    let refused = bench.hot.replace(room, elsewhere, &log).await.unwrap();
    assert_eq!(refused, Appended::Conflict(Some(at(7, 1))));
    assert_eq!(bench.hot.replace(room, begun_at(room), &log).await.unwrap(), Appended::At(at(8, 2)));
    let tail = bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap();
    assert_eq!((tail.at, &tail.entries[..]), (at(8, 2), &log[..]));
    bench.hot.clean(room, Some(at(7, 1))).await.unwrap();
    bench.clock.advance(MINUTE + Duration::from_millis(1));
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]), "the new history has to be carried over");
}

async fn a_log_reads_back_every_kind_of_event(bench: Bench) {
    let room = begun(&bench, 1).await;
    let all = format::every_event(room);
    bench.hot.append(room, Some(begun_at(room)), &all, true).await.unwrap();
    let tail = bench.hot.read(room, Seq::new(1)).await.unwrap().unwrap();
    assert_eq!(tail.entries, all);
}

async fn only_the_tail_is_read(bench: Bench) {
    let room = begun(&bench, 1).await;
    bench.hot.append(room, Some(begun_at(room)), &[swipe(1), swipe(2)], false).await.unwrap();
    let tail = bench.hot.read(room, Seq::new(2)).await.unwrap().unwrap();
    assert_eq!((tail.at, tail.entries), (at(7, 3), vec![swipe(2)]));
    let nothing = bench.hot.read(room, Seq::new(3)).await.unwrap().unwrap();
    assert_eq!((nothing.at, nothing.entries), (at(7, 3), vec![]));
}

async fn a_room_without_a_log_reads_as_none(bench: Bench) {
    assert_eq!(bench.hot.read(room(9), Seq::ZERO).await.unwrap(), None);
}

#[tokio::test]
async fn the_embedded_log_is_there_after_the_engine_was_dropped_without_a_word() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hot.sqlite");
    let room = room(1);
    {
        let hot = Embedded::start(file::open(&path).await.unwrap(), Clock::system());
        hot.append(room, None, &[created(room, 7)], true).await.unwrap();
        hot.append(room, Some(begun_at(room)), &[swipe(1)], false).await.unwrap();
    }
    let hot = Embedded::start(file::open(&path).await.unwrap(), Clock::system());
    assert_eq!(hot.read(room, Seq::ZERO).await.unwrap().unwrap().at, at(7, 2));
    assert_eq!(hot.dirty(10, MINUTE).await.unwrap(), [room], "the projector's work is not forgotten either");
}
