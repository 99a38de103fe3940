//! Presence.

use super::*;
use crate::hot::MemberPresence;

contract!(embedded, redis, redis_cluster => [
    a_member_is_online_while_any_socket_is,
    sockets_of_which_it_is_said_stay_open_and_those_that_were_silent_are_open_again,
    a_voice_is_the_last_socket_that_said_so_and_ends_with_it,
    no_more_than_eight_members_are_in_voice,
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

async fn sockets_of_which_it_is_said_stay_open_and_those_that_were_silent_are_open_again(bench: Bench) {
    let room = room(1);
    let (anna, ben, vera) = (user(1), user(2), user(3));
    for (member, socket) in [(anna, 1), (ben, 2)] {
        bench.hot.arrive(room, member, SocketId(socket)).await.unwrap();
    }
    let online = |all: &[MemberPresence]| {
        all.iter().filter(|here| here.online).map(|here| here.member).collect::<Vec<_>>()
    };
    let _listening = bench.hot.listen(room).await.unwrap();
    let mut changes = bench.hot.changes();
    bench.clock.advance(Duration::from_secs(25));
    let both = [(anna, SocketId(1)), (ben, SocketId(2))];
    let here = bench.hot.beat(room, &both).await.unwrap();
    assert_eq!(online(&here), [anna, ben]);
    assert_eq!(here, bench.hot.presence(room).await.unwrap(), "it says who is here");
    assert!(here.iter().all(|here| here.last_seen == bench.clock.now()), "{here:?}");

    // A socket of which the hot layer has lost sight.
    let here = bench.hot.beat(room, &[(anna, SocketId(1)), (vera, SocketId(3))]).await.unwrap();
    assert!(online(&here).contains(&vera), "{here:?}");
    assert!(matches!(changes.recv().await, Ok(Change::PresenceChanged { .. })), "the others are told");
    assert!(changes.try_recv().is_err(), "of nothing else");
}

async fn voices(bench: &Bench, room: RoomCode) -> Vec<(UserId, SocketId)> {
    let everybody = bench.hot.presence(room).await.unwrap();
    everybody.iter().filter_map(|here| Some((here.member, here.voice?))).collect()
}

async fn a_voice_is_the_last_socket_that_said_so_and_ends_with_it(bench: Bench) {
    let (room, anna) = (room(1), user(1));
    let set = async |socket, on| bench.hot.set_voice(room, anna, SocketId(socket), on).await.unwrap();
    for socket in [1, 2] {
        bench.hot.arrive(room, anna, SocketId(socket)).await.unwrap();
    }
    let _listening = bench.hot.listen(room).await.unwrap();
    let mut changes = bench.hot.changes();
    assert_eq!(set(1, false).await, VoiceChanged::AsItWas, "she was not");
    assert_eq!(set(1, true).await, VoiceChanged::Changed);
    assert!(matches!(changes.recv().await, Ok(Change::PresenceChanged { .. })), "the others are told");
    assert_eq!(set(1, true).await, VoiceChanged::AsItWas);
    assert_eq!(voices(&bench, room).await, [(anna, SocketId(1))]);
    assert_eq!(set(2, true).await, VoiceChanged::Changed, "on another device");
    assert_eq!(voices(&bench, room).await, [(anna, SocketId(2))]);
    assert_eq!(set(1, false).await, VoiceChanged::AsItWas, "the first one has no say in it any more");
    bench.hot.depart(room, anna, SocketId(1)).await.unwrap();
    assert_eq!(voices(&bench, room).await, [(anna, SocketId(2))]);
    bench.hot.arrive(room, anna, SocketId(3)).await.unwrap();
    assert!(matches!(changes.recv().await, Ok(Change::PresenceChanged { .. })), "the other device");
    bench.hot.depart(room, anna, SocketId(2)).await.unwrap();
    assert!(matches!(changes.recv().await, Ok(Change::PresenceChanged { .. })), "its end is told");
    assert_eq!(voices(&bench, room).await, [], "a voice ends with its socket");
    assert!(bench.hot.presence(room).await.unwrap()[0].online, "she is still here on the third");
}

async fn no_more_than_eight_members_are_in_voice(bench: Bench) {
    let room = room(1);
    let set = async |member: i64, socket: i64, on| {
        let socket = SocketId(u128::try_from(socket).unwrap());
        bench.hot.arrive(room, user(member), socket).await.unwrap();
        bench.hot.set_voice(room, user(member), socket, on).await.unwrap()
    };
    for member in 1..=8 {
        assert_eq!(set(member, member, true).await, VoiceChanged::Changed);
    }
    assert_eq!(set(9, 9, true).await, VoiceChanged::Full);
    assert_eq!(set(8, 18, true).await, VoiceChanged::Changed, "another device of theirs takes no place");
    assert_eq!(voices(&bench, room).await.len(), MOST_VOICES);
    assert_eq!(set(1, 1, false).await, VoiceChanged::Changed);
    assert_eq!(set(9, 9, true).await, VoiceChanged::Changed, "there is a place again");
}
