//! Recovery: what was lost is put back. How an engine loses something is the engine's own: see its tests.

use super::*;

contract!(embedded, redis, redis_cluster => [
    what_is_put_back_is_there_and_dirty,
    a_log_of_thousands_is_put_back,
]);

async fn what_is_put_back_is_there_and_dirty(bench: Bench) {
    let room = super::room(1);
    let log = [created(room, 7), swipe(1), swipe(2)];
    assert_eq!(bench.hot.put_back(room, None, &log[..2]).await.unwrap(), Appended::At(at(7, 2)));
    assert_eq!(dirty(&bench).await, BTreeSet::from([room]));
    let again = bench.hot.put_back(room, None, &log).await.unwrap();
    assert_eq!(again, Appended::Conflict(Some(at(7, 2))), "somebody else was quicker");
    let end = after(begun_at(room), &swipe(1));
    assert_eq!(bench.hot.put_back(room, Some(end), &log[2..]).await.unwrap(), Appended::At(at(7, 3)));
    assert_eq!(bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap().entries, log);
}

async fn a_log_of_thousands_is_put_back(bench: Bench) {
    let room = super::room(1);
    let log: Vec<Entry> = [created(room, 7)].into_iter().chain((0..5000).map(swipe)).collect();
    assert_eq!(bench.hot.put_back(room, None, &log).await.unwrap(), Appended::At(at(7, 5001)));
    assert_eq!(bench.hot.read(room, Seq::new(4999)).await.unwrap().unwrap().entries, log[4999..]);
}
