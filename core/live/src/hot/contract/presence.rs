//! Presence.

use super::*;

contract!(embedded, redis, redis_cluster => [
    a_member_is_online_while_any_socket_is,
]);

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
