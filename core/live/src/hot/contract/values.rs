//! Values, quotas and presence.

use super::*;

contract!(embedded, redis, redis_cluster => [
    values_end_with_their_time,
    of_many_swaps_of_one_value_exactly_one_succeeds,
    a_swap_may_ask_for_absence,
    deleting_twice_is_deleting_once,
    a_quota_grows_back_evenly,
    a_member_is_online_while_any_socket_is,
    it_answers_a_ping,
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

async fn a_quota_grows_back_evenly(bench: Bench) {
    let quota = Quota { uses: 2, per: MINUTE };
    assert_eq!(bench.hot.spend("q", quota).await.unwrap(), Spent::Granted);
    assert_eq!(bench.hot.spend("q", quota).await.unwrap(), Spent::Granted);
    let Spent::Exhausted { retry_after } = bench.hot.spend("q", quota).await.unwrap() else {
        panic!("a third use was granted");
    };
    bench.clock.advance(retry_after);
    assert_eq!(bench.hot.spend("q", quota).await.unwrap(), Spent::Granted, "after {retry_after:?}");
}

async fn a_member_is_online_while_any_socket_is(bench: Bench) {
    let (room, anna) = (room(1), user(1));
    assert!(bench.hot.arrive(room, anna, SocketId(1)).await.unwrap(), "she was offline");
    assert!(!bench.hot.arrive(room, anna, SocketId(2)).await.unwrap(), "another device");
    assert!(!bench.hot.arrive(room, anna, SocketId(2)).await.unwrap(), "a beat");
    assert!(!bench.hot.depart(room, anna, SocketId(1)).await.unwrap());
    assert!(bench.hot.presence(room).await.unwrap()[0].online);
    bench.clock.advance(Duration::from_secs(5));
    assert!(bench.hot.depart(room, anna, SocketId(2)).await.unwrap(), "that was the last one");
    assert!(!bench.hot.depart(room, anna, SocketId(2)).await.unwrap(), "a socket closes once");
    let gone = bench.hot.presence(room).await.unwrap()[0];
    assert_eq!((gone.online, gone.last_seen), (false, bench.clock.now()));
}

async fn it_answers_a_ping(bench: Bench) {
    bench.hot.ping().await.unwrap();
}
