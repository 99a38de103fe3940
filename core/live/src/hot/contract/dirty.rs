//! Dirty rooms: what the projector is given, and when it is given it again.

use super::*;

contract!(embedded, redis, redis_cluster => [
    durable_appends_mark_the_room_and_others_do_not,
    a_leased_room_is_given_to_nobody_else_until_the_lease_ends,
    what_was_appended_meanwhile_keeps_the_mark,
    carrying_over_another_history_does_not_unmark_this_one,
]);

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
