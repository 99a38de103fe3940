//! A room through its one door, over the embedded engine.

mod lending;
mod same_moment;
mod timed;

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures::future::join_all;
use sovpalo_domain::{
    ids::{DeckId, Epoch, Round, Timestamp, TitleId, UserId},
    room::{
        AWAY_AFTER, Command, DeckChoice, Event, EventView, PeopleCommand, PhaseName, Profile, Refusal,
        RoomName, Settings, SettingsChange, SwipingCommand, SwipingEvent, Verdict,
    },
    title::TitleRef,
};
use sovpalo_storage::clock::Clock;
use tokio::sync::Barrier;
use tokio_util::sync::CancellationToken;

use super::{KEPT_EVENTS, LiveRoom, RoomError, Rooms, Terms};
use crate::{
    folder,
    hot::{Device, FencingToken},
    projector,
};

struct House {
    rooms: Rooms,
    clock: Clock,
    dir: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::manual(Timestamp::from_millis(1_790_000_000_000));
        let rooms = Self::open(&dir, &clock).await;
        Self { rooms, clock, dir }
    }

    async fn open(dir: &tempfile::TempDir, clock: &Clock) -> Rooms {
        let (db, hot) = folder::open(dir.path(), clock).await.unwrap();
        Rooms::new(db, Arc::new(hot), clock.clone())
    }

    /// Another process on the same files, after this one was gone.
    async fn restarted(self) -> Self {
        let Self { rooms, clock, dir } = self;
        drop(rooms);
        let rooms = Self::open(&dir, &clock).await;
        Self { rooms, clock, dir }
    }

    /// A second node on the same hot layer: its replicas only learn by conflict and by reading.
    fn another_node(&self) -> Rooms {
        Rooms::new(self.rooms.db().clone(), Arc::clone(self.rooms.hot()), self.clock.clone())
    }

    /// A room of `people` who have all picked these titles and started.
    async fn swiping(&self, people: i64, titles: &[&str]) -> Arc<LiveRoom> {
        let settings = Settings::named(RoomName::new("Movie night").unwrap());
        let live = self.rooms.create(user(1), profile(1), settings).await.unwrap();
        for n in 2..=people {
            self.done(&live, n, Command::People(PeopleCommand::Join(profile(n)))).await;
        }
        let picks = titles.iter().map(|t| TitleRef::Catalogue(title(t))).collect();
        self.done(&live, 1, Command::Swiping(SwipingCommand::Select(picks))).await;
        self.done(&live, 1, Command::Swiping(SwipingCommand::Start)).await;
        live
    }

    async fn done(&self, live: &LiveRoom, who: i64, command: Command) -> super::Done {
        self.rooms.execute(live, user(who), &command).await.unwrap()
    }
}

/// Does what is asked for on a device's connection.
async fn asked_on(
    rooms: &Rooms,
    fence: FencingToken,
    live: &LiveRoom,
    command: &Command,
) -> Result<super::Done, RoomError> {
    let terms = Terms { fence: Some(fence), ..Terms::default() };
    rooms.execute_on(terms, live, fence.member, command).await
}

fn user(n: i64) -> UserId {
    UserId::new(n).unwrap()
}

fn title(id: &str) -> TitleId {
    TitleId::new(id).unwrap()
}

fn profile(n: i64) -> Profile {
    Profile { name: format!("Person {n}"), photo_url: None }
}

fn like(id: &str) -> Command {
    Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict: Verdict::Like })
}

fn matches(live: &LiveRoom) -> Vec<String> {
    live.read(|room| room.matches().iter().map(|m| m.title.to_string()).collect())
}

/// Real threads, and two nodes over one log: nothing but the comparison within the append keeps two last likes, each judged without the
/// other, from missing the match or from finding it twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn likes_at_the_same_moment_match_exactly_once() {
    const PEOPLE: i64 = 6;
    let house = House::new().await;
    let other = house.another_node();
    for _ in 0..20 {
        let live = house.swiping(PEOPLE, &["a", "b"]).await;
        let there = other.open(live.code()).await.unwrap();
        let all_are_there = Arc::new(Barrier::new(usize::try_from(PEOPLE).unwrap()));
        let likes = (1..=PEOPLE).map(|n| {
            let (rooms, live) = if n % 2 == 0 { (&house.rooms, &live) } else { (&other, &there) };
            let (rooms, live, all_are_there) = (rooms.clone(), Arc::clone(live), Arc::clone(&all_are_there));
            tokio::spawn(async move {
                all_are_there.wait().await;
                rooms.execute(&live, user(n), &like("a")).await.unwrap()
            })
        });
        for done in join_all(likes).await {
            assert!(done.unwrap().appended, "a like was taken for one that was there already");
        }
        house.rooms.catch_up(&live).await.unwrap();
        other.catch_up(&there).await.unwrap();
        assert_eq!(matches(&live), ["a"]);
        assert_eq!(live.log(), there.log(), "the nodes hold different histories");
        for n in 1..=PEOPLE {
            assert_eq!(live.read(|room| room.swiped(user(n))), 1, "the like of {n} is lost");
        }
    }
}

#[tokio::test]
async fn nodes_that_share_a_log_agree_whoever_appends() {
    let house = House::new().await;
    let live = house.swiping(4, &["a", "b", "c"]).await;
    let other = house.another_node();
    let there = other.open(live.code()).await.unwrap();
    let swipes = (1..=4).flat_map(|n| ["a", "b", "c"].map(move |t| (n, t))).map(|(n, t)| {
        let (rooms, live) = if n % 2 == 0 {
            (house.rooms.clone(), Arc::clone(&live))
        } else {
            (other.clone(), Arc::clone(&there))
        };
        tokio::spawn(async move { rooms.execute(&live, user(n), &like(t)).await.unwrap() })
    });
    for done in join_all(swipes).await {
        done.unwrap();
    }
    house.rooms.catch_up(&live).await.unwrap();
    other.catch_up(&there).await.unwrap();
    assert_eq!(live.read(Clone::clone), there.read(Clone::clone), "two folds of one log differ");
    let mut found = matches(&live);
    found.sort();
    assert_eq!(found, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_refusal_is_never_said_from_a_stale_replica() {
    let house = House::new().await;
    let live = house.swiping(2, &["a"]).await;
    let other = house.another_node();
    let there = other.open(live.code()).await.unwrap();
    house.done(&live, 3, Command::People(PeopleCommand::Join(profile(3)))).await;
    assert!(!there.read(|room| room.has_member(user(3))), "the other node has not heard of it");
    other.execute(&there, user(3), &like("a")).await.expect("a member was refused");
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let house = House::new().await;
    let live = house.swiping(2, &["a", "b"]).await;
    house.done(&live, 1, like("a")).await;
    let before = live.read(Clone::clone);
    let code = live.code();
    drop(live);
    let house = house.restarted().await;
    let live = house.rooms.open(code).await.unwrap();
    assert_eq!(live.read(Clone::clone), before);
}

#[tokio::test]
async fn a_repeated_command_is_acknowledged_and_appends_nothing() {
    let house = House::new().await;
    let live = house.swiping(2, &["a"]).await;
    let first = house.done(&live, 1, like("a")).await;
    let again = house.done(&live, 1, like("a")).await;
    assert!(first.appended && !again.appended, "{first:?}, {again:?}");
    assert_eq!(first.seq, again.seq, "the room stands where it stood");
}

#[tokio::test]
async fn a_refused_command_appends_nothing() {
    let house = House::new().await;
    let live = house.swiping(2, &["a"]).await;
    let before = live.position();
    let refused = house.rooms.execute(&live, user(2), &Command::Swiping(SwipingCommand::Finish)).await;
    assert!(matches!(refused, Err(RoomError::Refused(Refusal::NotHost))), "{refused:?}");
    assert_eq!(live.position(), before);
}

#[tokio::test]
async fn no_room_is_found_under_a_guessed_code_and_the_guess_leaves_nothing_behind() {
    let house = House::new().await;
    let guess = "ZZZZZZZZ".parse().unwrap();
    assert!(matches!(house.rooms.open(guess).await, Err(RoomError::NotFound)));
    assert!(house.rooms.shared.loaded.is_empty());
}

#[tokio::test]
async fn a_watcher_is_told_of_every_event_in_order() {
    let house = House::new().await;
    let live = house.swiping(2, &["a"]).await;
    let known = live.position();
    let mut watch = live.watch();
    house.done(&live, 1, like("a")).await;
    house.done(&live, 2, like("a")).await;
    watch.changed().await.unwrap();
    let happened = live.since(known).unwrap();
    let seqs: Vec<u64> = happened.iter().map(|h| h.seq.get() - known.seq.get()).collect();
    assert_eq!(seqs, (1..=happened.len() as u64).collect::<Vec<_>>());
    let as_seen_by_1: Vec<&EventView> = happened.iter().map(|h| h.views.seen_by(user(1))).collect();
    assert!(matches!(as_seen_by_1[0], EventView::Swiped { .. }), "{as_seen_by_1:?}");
    assert!(matches!(as_seen_by_1[1], EventView::Progress { .. }), "{as_seen_by_1:?}");
    assert!(matches!(as_seen_by_1[2], EventView::MatchFound(_)), "{as_seen_by_1:?}");
}

#[tokio::test]
async fn who_is_gone_for_ten_minutes_is_away_and_comes_back_with_a_socket() {
    let house = House::new().await;
    let live = house.swiping(3, &["a", "b"]).await;
    let _anna = house.rooms.attend(&live, user(1), None).await.unwrap();
    let _ben = house.rooms.attend(&live, user(2), None).await.unwrap();
    house.done(&live, 1, like("a")).await;
    house.done(&live, 2, like("a")).await;
    house.clock.advance(AWAY_AFTER.saturating_sub(Duration::from_secs(1)));
    house.rooms.look_after().await;
    assert_eq!(matches(&live), Vec::<String>::new(), "too early");
    house.clock.advance(Duration::from_secs(1));
    house.rooms.look_after().await;
    assert_eq!(matches(&live), ["a"], "the closed tab blocks nobody");
    let _vera = house.rooms.attend(&live, user(3), None).await.unwrap();
    assert!(!live.read(|room| room.is_away(user(3))));
}

#[tokio::test]
async fn members_are_online_while_they_attend() {
    let house = House::new().await;
    let live = house.swiping(2, &["a"]).await;
    let mut online = live.watch_online();
    let anna = house.rooms.attend(&live, user(1), None).await.unwrap();
    assert_eq!(*live.online(), [user(1)]);
    online.mark_unchanged();
    drop(anna);
    online.changed().await.unwrap();
    assert_eq!(*live.online(), []);
}

#[tokio::test]
async fn what_a_phone_asked_for_on_a_connection_it_gave_up_is_done_no_more() {
    let house = House::new().await;
    let live = house.swiping(2, &["a", "b"]).await;
    let phone = Some(Device::named("phone"));
    let given_up = house.rooms.attend(&live, user(1), phone).await.unwrap();
    let newest = house.rooms.attend(&live, user(1), phone).await.unwrap();
    let tablet = house.rooms.attend(&live, user(1), Some(Device::named("tablet"))).await.unwrap();
    let unnamed = house.rooms.attend(&live, user(1), None).await.unwrap();
    // The phone never heard of its first try, and takes back what it may have been: the log shows nothing of that.
    assert!(
        !newest
            .execute(&Command::Swiping(SwipingCommand::Undo { title: title("a") }))
            .await
            .unwrap()
            .appended
    );
    let late = given_up.execute(&like("a")).await;
    assert!(matches!(late, Err(RoomError::Fenced)), "{late:?}");
    assert_eq!(live.read(|room| room.swiped(user(1))), 0, "what was taken back came again");
    for (attendance, id) in [(&tablet, "a"), (&unnamed, "b")] {
        assert!(attendance.execute(&like(id)).await.unwrap().appended);
    }
}

#[tokio::test]
async fn a_room_whose_log_is_gone_comes_back_from_sql_under_a_new_epoch() {
    let house = House::new().await;
    let live = house.swiping(2, &["a", "b"]).await;
    house.done(&live, 1, like("a")).await;
    house.done(&live, 2, like("a")).await;
    let (code, epoch) = (live.code(), live.position().epoch);
    project_everything(&house).await;
    drop(live);
    let (_, pool) = folder::pools(house.dir.path()).await.unwrap();
    for table in ["DELETE FROM hot_log", "DELETE FROM hot_rooms"] {
        sqlx::query(table).execute(&pool).await.unwrap();
    }
    let house = house.restarted().await;
    let live = house.rooms.open(code).await.unwrap();
    assert_ne!(live.position().epoch, epoch);
    live.read(|room| {
        assert_eq!(room.phase(), PhaseName::Lobby, "swipes are gone, the round begins anew");
        assert_eq!(room.present_members().count(), 2);
        assert_eq!(room.picks_of(user(1)).len(), 2);
        assert_eq!(room.matches().len(), 1, "a match is never forgotten");
    });
}

#[tokio::test]
async fn idle_replicas_are_forgotten_and_those_in_use_are_not() {
    let house = House::new().await;
    let used = house.swiping(2, &["a"]).await;
    let idle = house.swiping(2, &["a"]).await.code();
    house.clock.advance(Duration::from_secs(301));
    house.rooms.look_after().await;
    assert!(house.rooms.shared.loaded.contains_key(&used.code()));
    assert!(!house.rooms.shared.loaded.contains_key(&idle));
    assert_eq!(house.rooms.open(idle).await.unwrap().read(|room| room.deck().len()), 1);
}

#[tokio::test]
async fn another_nodes_events_reach_this_nodes_replica() {
    let house = House::new().await;
    let live = house.swiping(2, &["a"]).await;
    let other = house.another_node();
    let there = other.open(live.code()).await.unwrap();
    let stop = CancellationToken::new();
    let mut watch = there.watch();
    let following = tokio::spawn({
        let (other, stop) = (other.clone(), stop.clone());
        async move { other.run(stop).await }
    });
    let done = house.done(&live, 1, like("a")).await;
    watch.wait_for(|at| at.seq >= done.seq).await.unwrap();
    let last = there.since(sovpalo_domain::ids::Position { epoch: done.epoch, seq: done.seq }).unwrap();
    assert!(last.is_empty(), "nothing follows a lone like");
    assert!(matches!(there.read(|room| room.swiped(user(1))), 1));
    stop.cancel();
    following.await.unwrap();
}

async fn project_everything(house: &House) {
    for code in house.rooms.hot().dirty(100, Duration::from_secs(60)).await.unwrap() {
        projector::project(&**house.rooms.hot(), house.rooms.db(), code, house.clock.now()).await.unwrap();
    }
}

#[tokio::test]
async fn a_replica_is_carried_over_as_it_is_and_its_room_stays_marked_for_what_it_lacks() {
    let house = House::new().await;
    let live = house.swiping(2, &["a"]).await;
    let there = house.another_node();
    let behind = there.open(live.code()).await.unwrap();
    house.done(&live, 3, Command::People(PeopleCommand::Join(profile(3)))).await;
    let (hot, db) = (&**house.rooms.hot(), house.rooms.db());
    let carried_over = async |replica: &LiveRoom| {
        projector::project_held(hot, db, replica, house.clock.now()).await.unwrap();
        let remembered = db.remembered_room(live.code()).await.unwrap().expect("it is in no row");
        let members = remembered.under(Epoch::from_bits(1)).members.len();
        (members, hot.dirty(9, Duration::ZERO).await.unwrap())
    };
    assert_eq!(carried_over(&behind).await, (2, vec![live.code()]), "nobody would write the third member");
    there.catch_up(&behind).await.unwrap();
    assert_eq!(carried_over(&behind).await, (3, vec![]), "it is written anew again and again");
}

#[tokio::test]
async fn a_command_by_http_is_not_done_once_a_newer_connection_of_its_device_speaks() {
    let house = House::new().await;
    let live = house.swiping(2, &["a", "b", "c"]).await;
    let (rooms, code, phone) = (&house.rooms, live.code(), Device::named("phone"));
    let older = rooms.connect(code, user(1), phone).await.unwrap();
    let newer = rooms.connect(code, user(1), phone).await.unwrap();
    let late = asked_on(rooms, older, &live, &like("a")).await;
    assert!(matches!(late, Err(RoomError::Fenced)), "{late:?}");
    asked_on(rooms, newer, &live, &like("a")).await.unwrap();

    let _socket = rooms.attend(&live, user(1), Some(phone)).await.unwrap();
    let late = asked_on(rooms, newer, &live, &like("b")).await;
    assert!(matches!(late, Err(RoomError::Fenced)), "{late:?}");
    assert_eq!(live.read(|room| room.view_for(user(1)).unwrap().my_swipes), 1);
}

#[tokio::test]
async fn a_command_that_names_its_device_only_counts_for_the_connection_that_was_there_when_it_came() {
    let house = House::new().await;
    let live = house.swiping(2, &["a", "b", "c"]).await;
    let (rooms, code, phone) = (&house.rooms, live.code(), Device::named("phone"));
    let newest = async || rooms.newest_connection(code, user(1), phone).await.unwrap();
    assert_eq!(newest().await, None, "nobody has asked for anything yet");
    let first = rooms.first_connection(code, user(1), phone).await.unwrap();
    let second = newest().await.expect("it was forgotten");
    for (fence, title) in [(second, "a"), (first, "b")] {
        asked_on(rooms, fence, &live, &like(title)).await.expect("two at once are both heard");
    }
    let socket = rooms.attend(&live, user(1), Some(phone)).await.unwrap();
    let beside = newest().await.expect("the socket's");
    let too_late = rooms.first_connection(code, user(1), phone).await.unwrap();
    let late = asked_on(rooms, too_late, &live, &like("c")).await;
    assert!(matches!(late, Err(RoomError::Fenced)), "the socket opened before it was the first: {late:?}");
    let late = asked_on(rooms, first, &live, &like("c")).await;
    assert!(matches!(late, Err(RoomError::Fenced)), "it came before the socket: {late:?}");
    asked_on(rooms, beside, &live, &like("c")).await.unwrap();
    socket
        .execute(&Command::Swiping(SwipingCommand::Undo { title: title("c") }))
        .await
        .expect("a request took the socket's word away");
}

#[tokio::test]
async fn a_phone_that_was_gone_for_very_long_is_sent_the_whole_room() {
    let house = House::new().await;
    let live = house.swiping(1, &["a"]).await;
    house.done(&live, 1, Command::Swiping(SwipingCommand::Finish)).await;
    house
        .done(
            &live,
            1,
            Command::Swiping(SwipingCommand::Restart { round: Round::new(2), final_round: false }),
        )
        .await;
    let long_ago = live.position();
    house.done(&live, 1, Command::Swiping(SwipingCommand::Ready(true))).await;
    let before = live.position();
    for n in 0..KEPT_EVENTS {
        house.done(&live, 1, Command::Swiping(SwipingCommand::Ready(n % 2 == 1))).await;
    }
    assert!(live.since(long_ago).is_none());
    let missed = live.since(before).expect("it missed no more than is kept");
    assert_eq!(missed.len(), KEPT_EVENTS);
    assert_eq!(missed[0].seq, before.seq.next());
    assert_eq!(live.log().1.len() as u64, live.position().seq.get(), "what was acknowledged can be put back");

    let code = live.code();
    drop(live);
    let house = house.restarted().await;
    let again = house.rooms.open(code).await.unwrap();
    assert!(again.since(long_ago).is_none());
    assert_eq!(again.since(before).expect("as before").len(), KEPT_EVENTS);
}

#[tokio::test]
async fn settings_that_go_to_and_fro_hold_each_deck_once() {
    let house = House::new().await;
    let live = house.swiping(1, &["a"]).await;
    house.done(&live, 1, Command::Swiping(SwipingCommand::Finish)).await;
    house
        .done(
            &live,
            1,
            Command::Swiping(SwipingCommand::Restart { round: Round::new(2), final_round: false }),
        )
        .await;
    let deck = |name: &str| {
        let titles: Vec<_> = (0..200).map(|n| title(&format!("{name}-{n}"))).collect();
        DeckChoice::curated(DeckId::new(name).unwrap(), titles)
    };
    for n in 0..20 {
        let deck = Some(Some(deck(if n % 2 == 0 { "even" } else { "odd" })));
        house
            .done(
                &live,
                1,
                Command::Swiping(SwipingCommand::Configure(SettingsChange {
                    deck,
                    ..SettingsChange::default()
                })),
            )
            .await;
    }
    let decks: HashSet<*const TitleId> = live
        .log()
        .1
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Swiping(SwipingEvent::Configured(settings)) => {
                settings.deck.as_ref().map(|deck| deck.titles.as_ptr())
            }
            _ => None,
        })
        .collect();
    assert_eq!(decks.len(), 2, "twenty entries hold two decks");
}
