//! Control of what is shown passes on while nobody is here who may, and back.

use sovpalo_domain::room::{
    AccessChange, CONTROL_PASSES_AFTER, Control, FilmTime, Media, MediaKind, Room, ScreenAction,
};

use super::*;
use crate::rooms::{Attendance, PLAYS_UNSEEN};

const A_SECOND: Duration = Duration::from_secs(1);

impl House {
    /// A room of three with a film that only its host, the first of them, may control.
    async fn cinema(&self) -> Arc<LiveRoom> {
        let settings = Settings::named(RoomName::new("Movie night").unwrap());
        let live = self.rooms.create(user(1), profile(1), settings).await.unwrap();
        for n in 2..=3 {
            self.done(&live, n, Command::People(PeopleCommand::Join(profile(n)))).await;
        }
        let access = AccessChange { control: Some(Control::Host), ..AccessChange::default() };
        self.done(&live, 1, Command::People(PeopleCommand::Configure(access))).await;
        let media = Media::new(MediaKind::File, "https://example.com/a.mp4", None).unwrap();
        self.done(&live, 1, on_screen(ScreenAction::Show(Some(media)))).await;
        live
    }

    async fn passes(&self, time: Duration) {
        self.clock.advance(time);
        self.rooms.look_after().await;
    }
}

fn on_screen(action: ScreenAction) -> Command {
    Command::Watching(action.into())
}

fn play() -> Command {
    on_screen(ScreenAction::Play(FilmTime::ZERO))
}

fn borrower(live: &LiveRoom) -> Option<i64> {
    live.read(|room| room.borrower().map(UserId::get))
}

/// Closes a socket, and waits until presence has been published.
async fn leaves(live: &LiveRoom, attendance: Attendance) {
    let mut online = live.watch_online();
    online.mark_unchanged();
    drop(attendance);
    online.changed().await.unwrap();
}

#[tokio::test]
async fn a_host_without_a_socket_for_two_minutes_lends_the_film_to_who_has_one_and_has_it_back_with_one() {
    let house = House::new().await;
    let live = house.cinema().await;
    let host = house.rooms.attend(&live, user(1), None).await.unwrap();
    let _vera = house.rooms.attend(&live, user(3), None).await.unwrap();
    house.passes(CONTROL_PASSES_AFTER * 2).await;
    assert_eq!(borrower(&live), None, "the host is here");
    leaves(&live, host).await;
    house.passes(CONTROL_PASSES_AFTER.saturating_sub(A_SECOND)).await;
    assert_eq!(borrower(&live), None, "too early");
    house.passes(A_SECOND).await;
    assert_eq!(borrower(&live), Some(3), "the second has been a member for longer, and has no socket");
    house.done(&live, 3, play()).await;
    assert_eq!(live.read(Room::host), user(1), "the room is the host's");

    let _host = house.rooms.attend(&live, user(1), None).await.unwrap();
    assert_eq!(borrower(&live), None, "as soon as the socket is open");
    let refused = house.rooms.execute(&live, user(3), &on_screen(ScreenAction::Pause(FilmTime::ZERO))).await;
    assert!(matches!(refused, Err(RoomError::Refused(Refusal::NotAllowed))), "{refused:?}");
}

#[tokio::test]
async fn who_borrowed_it_and_goes_too_is_followed_by_another_two_minutes_later() {
    let house = House::new().await;
    let live = house.cinema().await;
    let ben = house.rooms.attend(&live, user(2), None).await.unwrap();
    let _vera = house.rooms.attend(&live, user(3), None).await.unwrap();
    house.passes(CONTROL_PASSES_AFTER).await;
    assert_eq!(borrower(&live), Some(2), "who has been here longest");
    leaves(&live, ben).await;
    house.passes(CONTROL_PASSES_AFTER.saturating_sub(A_SECOND)).await;
    assert_eq!(borrower(&live), Some(2), "they may come back");
    house.passes(A_SECOND).await;
    assert_eq!(borrower(&live), Some(3));
}

#[tokio::test]
async fn two_nodes_that_look_at_once_lend_it_once() {
    let house = House::new().await;
    let other = house.another_node();
    let live = house.cinema().await;
    let there = other.open(live.code()).await.unwrap();
    let _ben = house.rooms.attend(&live, user(2), None).await.unwrap();
    let _vera = other.attend(&there, user(3), None).await.unwrap();
    house.clock.advance(CONTROL_PASSES_AFTER);
    // Both phones are seen by both.
    house.rooms.beat().await.unwrap();
    other.beat().await.unwrap();
    tokio::join!(house.rooms.look_after(), other.look_after());
    house.rooms.catch_up(&live).await.unwrap();
    other.catch_up(&there).await.unwrap();
    assert_eq!((borrower(&live), borrower(&there)), (Some(2), Some(2)));
    assert_eq!(live.log(), there.log(), "the nodes hold different histories");
}

/// The host's socket opens on one node while another one, which has not seen it, passes control on: in whichever order it happens, the host
/// has it in the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_host_who_comes_back_as_control_passes_on_has_it() {
    let house = House::new().await;
    let other = house.another_node();
    for _ in 0..20 {
        let live = house.cinema().await;
        let there = other.open(live.code()).await.unwrap();
        let _vera = other.attend(&there, user(3), None).await.unwrap();
        house.clock.advance(CONTROL_PASSES_AFTER);
        let (host, ()) = tokio::join!(house.rooms.attend(&live, user(1), None), other.look_after());
        let _host = host.unwrap();
        // What was appended last may have been the loan, which the host's node reads now.
        house.rooms.look_after().await;
        house.rooms.catch_up(&live).await.unwrap();
        assert_eq!(borrower(&live), None);
    }
}

#[tokio::test]
async fn a_host_who_hands_the_room_to_somebody_with_a_socket_ends_the_loan() {
    let house = House::new().await;
    let live = house.cinema().await;
    let _ben = house.rooms.attend(&live, user(2), None).await.unwrap();
    let _vera = house.rooms.attend(&live, user(3), None).await.unwrap();
    house.passes(CONTROL_PASSES_AFTER).await;
    house.done(&live, 1, Command::People(PeopleCommand::HandOver { member: user(3) })).await;
    house.passes(A_SECOND).await;
    assert_eq!(borrower(&live), None, "the new host is here");
}

#[tokio::test]
async fn the_room_passes_on_after_ten_minutes_as_before_and_both_come_back() {
    let house = House::new().await;
    let live = house.cinema().await;
    let _ben = house.rooms.attend(&live, user(2), None).await.unwrap();
    house.passes(CONTROL_PASSES_AFTER).await;
    assert_eq!((borrower(&live), live.read(Room::host)), (Some(2), user(1)));
    house.passes(AWAY_AFTER.saturating_sub(CONTROL_PASSES_AFTER)).await;
    assert_eq!((borrower(&live), live.read(Room::host)), (None, user(2)), "as a host he needs no loan");
    let _host = house.rooms.attend(&live, user(1), None).await.unwrap();
    assert_eq!((borrower(&live), live.read(Room::host)), (None, user(1)));
    assert!(!live.read(|room| room.may_control(user(2))));
}

#[tokio::test]
async fn a_list_says_that_a_film_plays_until_two_minutes_after_the_last_phone_was_seen() {
    let house = House::new().await;
    let live = house.cinema().await;
    let host = house.rooms.attend(&live, user(1), None).await.unwrap();
    house.done(&live, 1, play()).await;
    projector::project(&**house.rooms.hot(), house.rooms.db(), live.code(), house.clock.now()).await.unwrap();
    let plays = async || {
        let mut list = house.rooms.db().room_list(user(2), 10).await.unwrap();
        house.rooms.note_unwatched(list.iter_mut()).await;
        list.into_iter().find(|room| room.row.code == live.code()).unwrap().screen.unwrap().playing
    };
    house.passes(PLAYS_UNSEEN * 2).await;
    assert!(plays().await, "the host watches");
    leaves(&live, host).await;
    house.clock.advance(PLAYS_UNSEEN.saturating_sub(A_SECOND));
    assert!(plays().await, "they may come back");
    house.clock.advance(A_SECOND);
    assert!(!plays().await, "nobody is here");
    let _ben = house.rooms.attend(&live, user(2), None).await.unwrap();
    assert!(plays().await, "somebody is again");
}
