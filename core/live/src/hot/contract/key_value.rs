//! Values with a time to live.

use super::*;

contract!(embedded, redis, redis_cluster => [
    values_end_with_their_time,
    of_many_swaps_of_one_value_exactly_one_succeeds,
    a_swap_may_ask_for_absence,
    deleting_twice_is_deleting_once,
]);

async fn values_end_with_their_time(bench: Bench) {
    bench.hot.put("k", b"v", MINUTE).await.unwrap();
    assert_eq!(bench.hot.get("k").await.unwrap().as_deref(), Some(&b"v"[..]));
    bench.clock.advance(MINUTE);
    assert_eq!(bench.hot.get("k").await.unwrap(), None);
}

async fn of_many_swaps_of_one_value_exactly_one_succeeds(bench: Bench) {
    bench.hot.put("k", b"old", MINUTE).await.unwrap();
    let tries = (0..20u8).map(|n| {
        let hot = Arc::clone(&bench.hot);
        async move { hot.swap("k", Some(b"old"), &[n], MINUTE).await.unwrap() }
    });
    let won = join_all(tries).await.into_iter().filter(|swapped| *swapped).count();
    assert_eq!(won, 1);
}

async fn a_swap_may_ask_for_absence(bench: Bench) {
    assert!(bench.hot.swap("k", None, b"1", MINUTE).await.unwrap());
    assert!(!bench.hot.swap("k", None, b"2", MINUTE).await.unwrap());
    bench.clock.advance(MINUTE);
    assert!(bench.hot.swap("k", None, b"3", MINUTE).await.unwrap(), "what has ended is absent");
}

async fn deleting_twice_is_deleting_once(bench: Bench) {
    bench.hot.put("k", b"v", MINUTE).await.unwrap();
    bench.hot.delete("k").await.unwrap();
    bench.hot.delete("k").await.unwrap();
    assert_eq!(bench.hot.get("k").await.unwrap(), None);
}
