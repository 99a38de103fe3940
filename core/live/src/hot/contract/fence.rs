//! Fencing: only the newest connection of a device appends.

use super::*;

contract!(embedded, redis, redis_cluster => [
    only_the_newest_connection_of_a_device_appends,
    the_holder_of_a_fence_can_be_asked_for_and_is_the_first_who_asks_if_nobody_is,
    nobody_appends_who_has_not_raised_the_fence,
]);

async fn only_the_newest_connection_of_a_device_appends(bench: Bench) {
    let room = begun(&bench, 1).await;
    let on = |device: &str, socket| token(1, device, socket);
    bench.hot.raise_fence(room, on("phone", 1)).await.unwrap();
    bench.hot.raise_fence(room, on("tablet", 2)).await.unwrap();
    let append = async |fence, expected, n| {
        bench.hot.append_fenced(fence, room, expected, &[swipe(n)], false).await.unwrap()
    };
    assert_eq!(append(on("phone", 1), begun_at(room), 1).await, Appended::At(at(7, 2)));
    bench.hot.raise_fence(room, on("phone", 3)).await.unwrap();
    let end = after(begun_at(room), &swipe(1));
    assert_eq!(append(on("phone", 1), end, 2).await, Appended::Fenced, "an older connection");
    assert_eq!(bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap().at, at(7, 2));
    assert_eq!(append(on("phone", 3), end, 2).await, Appended::At(at(7, 3)));
    let end = after(end, &swipe(2));
    assert_eq!(append(on("tablet", 2), end, 3).await, Appended::At(at(7, 4)), "another device");
    let elsewhere = append(on("tablet", 2), end, 4).await;
    assert_eq!(
        elsewhere,
        Appended::Conflict(Some(at(7, 4))),
        "the holder of the fence may be too late still"
    );
}

async fn the_holder_of_a_fence_can_be_asked_for_and_is_the_first_who_asks_if_nobody_is(bench: Bench) {
    let (room, other) = (begun(&bench, 1).await, begun(&bench, 2).await);
    let on = |socket| token(1, "phone", socket);
    let newest = async |room, otherwise| bench.hot.fence(room, otherwise).await.unwrap();
    let holder = async |room, FencingToken { member, device, .. }: FencingToken| {
        bench.hot.holder(room, member, device).await.unwrap()
    };
    assert_eq!(holder(room, on(1)).await, None);
    assert_eq!(holder(room, on(1)).await, None, "a question makes nobody its holder");
    assert_eq!(newest(room, on(1)).await, SocketId(1), "nobody held it");
    assert_eq!(newest(room, on(2)).await, SocketId(1), "asking takes it from nobody");
    let appended = bench.hot.append_fenced(on(1), room, begun_at(room), &[swipe(1)], false).await;
    assert_eq!(appended.unwrap(), Appended::At(at(7, 2)), "whoever was named so may append");
    bench.hot.raise_fence(room, on(3)).await.unwrap();
    assert_eq!(newest(room, on(1)).await, SocketId(3), "the newest connection");
    assert_eq!(holder(room, on(1)).await, Some(SocketId(3)));
    assert_eq!(holder(room, token(2, "phone", 3)).await, None, "somebody else's device");
    assert_eq!(holder(other, on(3)).await, None, "another room");
    assert_eq!(newest(room, token(1, "tablet", 4)).await, SocketId(4), "another device");
    assert_eq!(newest(other, on(5)).await, SocketId(5), "another room");
}

async fn nobody_appends_who_has_not_raised_the_fence(bench: Bench) {
    let (room, other) = (begun(&bench, 1).await, begun(&bench, 2).await);
    bench.hot.raise_fence(room, token(1, "phone", 1)).await.unwrap();
    for (room, fence) in
        [(room, token(2, "phone", 1)), (room, token(1, "tablet", 1)), (other, token(1, "phone", 1))]
    {
        let appended = bench.hot.append_fenced(fence, room, begun_at(room), &[swipe(1)], false).await;
        assert_eq!(appended.unwrap(), Appended::Fenced, "{fence:?} in {room}");
    }
}
