//! What every engine of the hot layer must do, as sentences. Each engine runs all of them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures::future::join_all;
use sovpalo_domain::{
    ids::{DeckId, Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    room::{
        Created, DeckChoice, Entry, Event, Match, Profile, Restored, RestoredMember, RoomName, Settings,
        Standing, Verdict,
    },
    title::TitleText,
};

use super::redis::{Redis, RedisConfig, own::OwnRedis};
use super::{Appended, Change, Device, Hot, Onto, Position, Quota, SocketId, Speaker, Spent, Tip, codec};
use crate::clock::Clock;

/// An engine under test, its clock, and whatever must live as long as it.
pub(crate) struct Bench {
    pub(crate) hot: Arc<dyn Hot>,
    pub(crate) clock: Clock,
    pub(crate) _keep: Box<dyn std::any::Any + Send>,
}

const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const MINUTE: Duration = Duration::from_secs(60);

async fn embedded() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::manual(START);
    let db = crate::db::open_sqlite(&dir.path().join("hot.sqlite")).await.unwrap();
    let hot = Arc::new(super::embedded::Embedded::start(db, clock.clone()));
    Bench { hot, clock, _keep: Box::new(dir) }
}

/// A Redis that several tests share, each under a prefix of its own.
async fn redis() -> Bench {
    let url = std::env::var("TEST_REDIS_URL")
        .expect("TEST_REDIS_URL is not set: run `cargo xtask test`, which starts Redis");
    on_redis(url, Box::new(())).await
}

/// A cluster of one node: it refuses what would not lie on one node of a larger one.
async fn redis_cluster() -> Bench {
    let server = OwnRedis::cluster().await;
    on_redis(server.url(), Box::new(server)).await
}

async fn on_redis(url: String, keep: Box<dyn std::any::Any + Send>) -> Bench {
    let clock = Clock::manual(START);
    let prefix = format!("test-{}", uuid::Uuid::new_v4().simple());
    let config = RedisConfig { prefix, healing: Duration::ZERO, ..RedisConfig::new(url) };
    let hot = Arc::new(Redis::connect(config, clock.clone()).await.unwrap());
    Bench { hot, clock, _keep: keep }
}

/// Runs every sentence on every engine.
macro_rules! contract {
    ($($engine:ident),* => $sentences:tt) => { contract!(@each [$($engine)*] $sentences); };
    (@each [$($engine:ident)*] $sentences:tt) => { $(contract!(@engine $engine $sentences);)* };
    (@engine $engine:ident [$($sentence:ident),* $(,)?]) => {
        mod $engine {
            $(
                #[tokio::test]
                async fn $sentence() {
                    super::$sentence(super::super::$engine().await).await;
                }
            )*
        }
    };
}

mod on {
    use super::*;

    contract!(embedded, redis, redis_cluster => [
        a_log_begins_once,
        an_append_at_the_end_extends_the_log,
        an_append_anywhere_else_changes_nothing,
        an_append_under_another_epoch_changes_nothing,
        of_many_appends_at_one_place_exactly_one_succeeds,
        an_append_onto_another_end_changes_nothing,
        what_is_put_back_is_there_and_dirty,
        a_log_is_replaced_only_if_it_stands_as_it_was_seen,
        what_was_put_back_or_replaced_is_told_without_entries,
        a_log_of_thousands_is_put_back,
        a_log_reads_back_every_kind_of_event,
        only_the_tail_is_read,
        a_room_without_a_log_reads_as_none,
        subscribers_hear_every_append_in_order,
        a_refused_append_is_not_told,
        a_room_is_told_of_as_long_as_anybody_listens,
        many_rooms_can_be_listened_to,
        durable_appends_mark_the_room_and_others_do_not,
        a_leased_room_is_given_to_nobody_else_until_the_lease_ends,
        what_was_appended_meanwhile_keeps_the_mark,
        carrying_over_another_history_does_not_unmark_this_one,
        values_end_with_their_time,
        of_many_swaps_of_one_value_exactly_one_succeeds,
        a_swap_may_ask_for_absence,
        deleting_twice_is_deleting_once,
        keys_are_found_by_their_prefix_to_the_letter,
        a_quota_grows_back_evenly,
        a_member_is_online_while_any_socket_is,
        a_device_has_one_voice_and_it_is_the_newest_connections,
        nobody_is_heard_who_has_not_spoken,
        the_end_of_a_session_is_told,
        it_answers_a_ping,
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
        let appended =
            bench.hot.append(room, Some(begun_at(room)), &[swipe(1), swipe(2)], false).await.unwrap();
        assert_eq!(appended, Appended::At(at(7, 3)));
        let tail = bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap();
        assert_eq!(tail.at, at(7, 3));
        assert_eq!(tail.entries, [created(room, 7), swipe(1), swipe(2)]);
    }

    async fn an_append_anywhere_else_changes_nothing(bench: Bench) {
        let room = begun(&bench, 1).await;
        for wrong in [0, 2, 99] {
            let elsewhere = Onto { at: at(7, wrong), ..begun_at(room) };
            let refused = bench.hot.append(room, Some(elsewhere), &[swipe(1)], true).await.unwrap();
            assert_eq!(refused, Appended::Conflict(Some(at(7, 1))), "expected seq {wrong}");
        }
        let nowhere =
            bench.hot.append(super::room(2), Some(begun_at(room)), &[swipe(1)], true).await.unwrap();
        assert_eq!(nowhere, Appended::Conflict(None));
        assert_eq!(bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap().entries.len(), 1);
    }

    async fn an_append_under_another_epoch_changes_nothing(bench: Bench) {
        let room = begun(&bench, 1).await;
        let other = Onto { at: at(8, 1), ..begun_at(room) };
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

    async fn a_log_of_thousands_is_put_back(bench: Bench) {
        let room = super::room(1);
        let log: Vec<Entry> = [created(room, 7)].into_iter().chain((0..5000).map(swipe)).collect();
        assert_eq!(bench.hot.put_back(room, None, &log).await.unwrap(), Appended::At(at(7, 5001)));
        assert_eq!(bench.hot.read(room, Seq::new(4999)).await.unwrap().unwrap().entries, log[4999..]);
    }

    async fn a_log_reads_back_every_kind_of_event(bench: Bench) {
        let room = begun(&bench, 1).await;
        let all = every_event(room);
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

    async fn subscribers_hear_every_append_in_order(bench: Bench) {
        let _listening = bench.hot.listen(super::room(1)).await.unwrap();
        let mut changes = bench.hot.changes();
        let room = begun(&bench, 1).await;
        let mut onto = begun_at(room);
        for n in 1..=20 {
            bench.hot.append(room, Some(onto), &[swipe(n)], false).await.unwrap();
            onto = after(onto, &swipe(n));
        }
        let mut last = Tip::NONE;
        for seq in 1..=21 {
            let Change::Appended { room: told, at: told_at, before, entries } = changes.recv().await.unwrap()
            else {
                panic!("something else than an append was told");
            };
            assert_eq!((told, told_at, before, entries.len()), (room, at(7, seq), last, 1));
            last = Tip::of(&entries[0]);
        }
    }

    async fn a_refused_append_is_not_told(bench: Bench) {
        let room = begun(&bench, 1).await;
        let _listening = bench.hot.listen(room).await.unwrap();
        let mut changes = bench.hot.changes();
        let elsewhere = Onto { at: at(7, 5), ..begun_at(room) };
        bench.hot.append(room, Some(elsewhere), &[swipe(1)], true).await.unwrap();
        bench.hot.append(room, Some(begun_at(room)), &[swipe(2)], true).await.unwrap();
        let Change::Appended { entries, .. } = changes.recv().await.unwrap() else { panic!("not an append") };
        assert_eq!(*entries, [swipe(2)]);
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

    async fn values_end_with_their_time(bench: Bench) {
        bench.hot.put("k", b"v", MINUTE).await.unwrap();
        assert_eq!(bench.hot.get("k").await.unwrap().as_deref(), Some(&b"v"[..]));
        bench.clock.advance(MINUTE);
        assert_eq!(bench.hot.get("k").await.unwrap(), None);
        assert_eq!(bench.hot.keys("k", 10).await.unwrap(), Vec::<String>::new());
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

    async fn keys_are_found_by_their_prefix_to_the_letter(bench: Bench) {
        for key in ["s:1:a", "s:1:b", "s:12:a", "s:%:a", "t:1:a"] {
            bench.hot.put(key, b"", MINUTE).await.unwrap();
        }
        assert_eq!(bench.hot.keys("s:1:", 10).await.unwrap(), ["s:1:a", "s:1:b"]);
        assert_eq!(bench.hot.keys("s:%:", 10).await.unwrap(), ["s:%:a"], "a prefix is no pattern");
        assert_eq!(bench.hot.keys("s:", 2).await.unwrap().len(), 2, "no more than asked for");
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

    async fn a_device_has_one_voice_and_it_is_the_newest_connections(bench: Bench) {
        let room = begun(&bench, 1).await;
        let on = |device: &str, socket| speaker(1, device, socket);
        bench.hot.speak(room, on("phone", 1)).await.unwrap();
        bench.hot.speak(room, on("tablet", 2)).await.unwrap();
        let says = async |speaker, onto, n| {
            bench.hot.append_said_by(speaker, room, onto, &[swipe(n)], false).await.unwrap()
        };
        assert_eq!(says(on("phone", 1), begun_at(room), 1).await, Appended::At(at(7, 2)));
        bench.hot.speak(room, on("phone", 3)).await.unwrap();
        let end = after(begun_at(room), &swipe(1));
        assert_eq!(says(on("phone", 1), end, 2).await, Appended::Outspoken, "an older connection");
        assert_eq!(bench.hot.read(room, Seq::ZERO).await.unwrap().unwrap().at, at(7, 2));
        assert_eq!(says(on("phone", 3), end, 2).await, Appended::At(at(7, 3)));
        let end = after(end, &swipe(2));
        assert_eq!(says(on("tablet", 2), end, 3).await, Appended::At(at(7, 4)), "another device");
        let elsewhere = says(on("tablet", 2), end, 4).await;
        assert_eq!(elsewhere, Appended::Conflict(Some(at(7, 4))), "who is heard may be too late still");
    }

    async fn nobody_is_heard_who_has_not_spoken(bench: Bench) {
        let (room, other) = (begun(&bench, 1).await, begun(&bench, 2).await);
        bench.hot.speak(room, speaker(1, "phone", 1)).await.unwrap();
        for (room, speaker) in
            [(room, speaker(2, "phone", 1)), (room, speaker(1, "tablet", 1)), (other, speaker(1, "phone", 1))]
        {
            let said = bench.hot.append_said_by(speaker, room, begun_at(room), &[swipe(1)], false).await;
            assert_eq!(said.unwrap(), Appended::Outspoken, "{speaker:?} in {room}");
        }
    }

    async fn the_end_of_a_session_is_told(bench: Bench) {
        let mut changes = bench.hot.changes();
        bench.hot.announce_session_ended("abc").await.unwrap();
        let Change::SessionEnded { session } = changes.recv().await.unwrap() else {
            panic!("something else")
        };
        assert_eq!(&*session, "abc");
    }

    async fn it_answers_a_ping(bench: Bench) {
        bench.hot.ping().await.unwrap();
    }
}

#[tokio::test]
async fn the_embedded_log_is_there_after_the_engine_was_dropped_without_a_word() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hot.sqlite");
    let room = room(1);
    {
        let hot =
            super::embedded::Embedded::start(crate::db::open_sqlite(&path).await.unwrap(), Clock::system());
        hot.append(room, None, &[created(room, 7)], true).await.unwrap();
        hot.append(room, Some(begun_at(room)), &[swipe(1)], false).await.unwrap();
    }
    let hot = super::embedded::Embedded::start(crate::db::open_sqlite(&path).await.unwrap(), Clock::system());
    assert_eq!(hot.read(room, Seq::ZERO).await.unwrap().unwrap().at, at(7, 2));
    assert_eq!(hot.dirty(10, MINUTE).await.unwrap(), [room], "the projector's work is not forgotten either");
}

#[test]
fn a_finished_evening_of_four_people_and_fifty_titles_stays_under_eight_kilobytes() {
    let room = room(1);
    let people: Vec<UserId> = (1..=4).map(user).collect();
    let deck: Vec<TitleId> = (0..50).map(|n| title(600 + n)).collect();
    let mut log = vec![created(room, 7)];
    for person in &people {
        let photo_url =
            Some("https://t.me/i/userpic/320/4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg".into());
        let profile =
            Profile { name: "Александра Константинопольская".into(), photo_url };
        log.push(entry(Event::Joined { member: *person, profile }));
    }
    for (n, pick) in deck.iter().enumerate() {
        log.push(entry(Event::Picked { member: people[n % 4], title: pick.clone(), text: None }));
    }
    log.push(entry(Event::Started { deck: deck.clone() }));
    for card in &deck {
        for member in &people {
            log.push(entry(Event::Swiped { member: *member, title: card.clone(), verdict: Verdict::Like }));
        }
        log.push(entry(Event::Matched { title: card.clone() }));
    }
    log.push(entry(Event::Finished));
    let bytes: usize = log.iter().map(|entry| codec::encode(entry).len()).sum();
    assert!(bytes < 8 * 1024, "{bytes} bytes in {} entries", log.len());
}

#[test]
fn the_format_of_the_log_has_not_changed() {
    // A log outlives the program that wrote it: these bytes must always mean this.
    let bytes = codec::encode(&swipe(3));
    assert_eq!(bytes, [1, 128, 176, 131, 197, 152, 104, 11, 134, 220, 154, 253, 40, 2, b'c', b'3', 0]);
}

#[test]
fn bytes_that_are_no_entry_are_refused() {
    for bytes in [&[][..], &[1], &[2, 0, 0], &[1, 255, 255, 255], &[0; 64]] {
        assert!(codec::decode(bytes).is_err(), "{bytes:?} was read as an entry");
    }
}

async fn begun(bench: &Bench, n: u64) -> RoomCode {
    let room = room(n);
    bench.hot.append(room, None, &[created(room, 7)], true).await.unwrap();
    room
}

/// Where the log of [`begun`] stands.
fn begun_at(room: RoomCode) -> Onto {
    Onto { at: at(7, 1), tip: Tip::of(&created(room, 7)) }
}

/// Where a log stands after one more entry.
fn after(onto: Onto, entry: &Entry) -> Onto {
    let at = Position { seq: onto.at.seq.next(), ..onto.at };
    Onto { at, tip: Tip::of(entry) }
}

async fn dirty(bench: &Bench) -> BTreeSet<RoomCode> {
    bench.hot.dirty(10, MINUTE).await.unwrap().into_iter().collect()
}

fn room(n: u64) -> RoomCode {
    RoomCode::from_bits(n)
}

fn user(n: i64) -> UserId {
    UserId::new(5_500_000_000 + n).unwrap()
}

fn speaker(member: i64, device: &str, socket: u128) -> Speaker {
    Speaker { member: user(member), device: Device::named(device), socket: SocketId(socket) }
}

fn title(n: u32) -> TitleId {
    TitleId::new(&format!("c{n}")).unwrap()
}

fn at(epoch: u32, seq: u64) -> Position {
    Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(seq) }
}

fn entry(event: Event) -> Entry {
    Entry { at: START, event }
}

fn swipe(n: u32) -> Entry {
    entry(Event::Swiped { member: user(i64::from(n)), title: title(n), verdict: Verdict::Like })
}

fn settings() -> Settings {
    let mut settings = Settings::named(RoomName::new("Киновечер 🎬").unwrap());
    settings.deck = Some(DeckChoice { id: DeckId::new("cult").unwrap(), titles: vec![title(1), title(2)] });
    settings
}

fn created(room: RoomCode, epoch: u32) -> Entry {
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
    let epoch = Epoch::from_bits(epoch);
    entry(Event::Created(Box::new(Created { code: room, epoch, host: user(1), seed: 42, settings })))
}

fn every_event(room: RoomCode) -> Vec<Entry> {
    let member = user(1);
    let text = TitleText::new("Солярис").unwrap();
    let profile = Profile { name: "Аня ‏עברית 👩‍🚀".into(), photo_url: None };
    let restored = Restored {
        code: room,
        epoch: Epoch::from_bits(9),
        created_at: START,
        host: member,
        seed: u64::MAX,
        settings: settings(),
        round: Round::new(2),
        members: vec![RestoredMember {
            id: member,
            profile: profile.clone(),
            standing: Standing::Away,
            picks: vec![title(1)],
        }],
        texts: vec![text.clone()],
        matches: vec![Match { number: 1, round: Round::FIRST, title: title(1), at: START }],
        results: Some(vec![]),
        known: (Epoch::from_bits(8), Seq::new(12)),
    };
    [
        Event::Restored(Box::new(restored)),
        Event::Joined { member, profile },
        Event::Left { member },
        Event::Removed { member },
        Event::Picked { member, title: text.id(), text: Some(text.clone()) },
        Event::Unpicked { member, title: title(1) },
        Event::Selected { member, titles: vec![title(1), text.id()], texts: vec![text] },
        Event::Ready { member, ready: true },
        Event::Configured(Box::new(settings())),
        Event::Started { deck: vec![title(1)] },
        Event::Swiped { member, title: title(1), verdict: Verdict::Skip },
        Event::Undone { member, title: title(1) },
        Event::Matched { title: title(1) },
        Event::Away { member },
        Event::Back { member },
        Event::HostChanged { member },
        Event::Finished,
        Event::Restarted { round: Round::new(2) },
    ]
    .map(entry)
    .to_vec()
}
