//! The rooms that anybody can find: which, in what order, and what is said of them.

use std::time::Duration;

use sovpalo_domain::room::{
    AccessChange, Command, FilmTime, Lead, Media, MediaKind, PasswordHash, PeopleCommand, RoomName,
    ScreenAction, SettingsChange, SwipingCommand, WatchingCommand,
};

use super::{
    Bench, at, contract,
    story::{Story, room},
    user,
};
use crate::{Db, FINISHED_IS_LISTED, IDLE_IS_LISTED, Search};

contract!(
    the_listed_rooms_are_found_fullest_first_and_no_others,
    a_full_room_is_not_found_and_is_again_when_somebody_leaves,
    a_room_is_found_by_its_name_and_by_what_is_shown_in_any_case,
    nobody_is_named_who_is_in_a_room_with_a_password,
    a_room_where_nothing_happens_any_more_is_not_found,
    nothing_plays_any_more_in_a_room_that_is_idle,
    whoever_was_removed_does_not_find_the_room_again,
    an_operator_hides_a_room_and_no_projection_brings_it_back,
    a_page_is_as_long_as_it_may_be_and_goes_on_where_the_last_one_ended,
    a_room_comes_back_from_sql_with_its_access_and_its_moderators,
);

fn listed(code: &str, people: i64) -> Story {
    let mut story = Story::of(code, 0);
    (2..=people).for_each(|who| story.joins(who));
    access(&mut story, AccessChange { listed: Some(true), ..AccessChange::default() });
    story
}

fn access(story: &mut Story, change: AccessChange) {
    story.does(1, Command::People(PeopleCommand::Configure(change)));
}

fn rename(story: &mut Story, name: &str) {
    let name = Some(RoomName::new(name).unwrap());
    story.does(1, Command::Swiping(SwipingCommand::Configure(SettingsChange { name, ..Default::default() })));
}

fn watching(story: &mut Story, action: ScreenAction, rev: Option<u64>) {
    story.does(1, Command::Watching(WatchingCommand { action, rev, lead: Lead::default() }));
}

fn shows(story: &mut Story, title: &str) {
    let media = Media::new(MediaKind::File, "https://example.com/a.mp4", Some(title)).unwrap();
    watching(story, ScreenAction::Show(Some(media)), None);
}

async fn found_by(db: &Db, who: i64, text: &str, seconds: i64) -> Vec<String> {
    let search = Search { text, skip: 0, limit: 50 };
    let found = db.rooms_to_find(user(who), search, at(seconds)).await.unwrap();
    found.iter().map(|found| found.listed.row.code.to_string()).collect()
}

async fn found(db: &Db) -> Vec<String> {
    found_by(db, 99, "", 2).await
}

async fn the_listed_rooms_are_found_fullest_first_and_no_others(bench: Bench) {
    let db = bench.db().await;
    for story in
        [listed("R00M0001", 2), listed("R00M0002", 4), Story::of("R00M0003", 0), listed("R00M0004", 3)]
    {
        db.project(&story.room, at(1)).await.unwrap();
    }
    assert_eq!(found(&db).await, ["R00M0002", "R00M0004", "R00M0001"]);
}

async fn a_full_room_is_not_found_and_is_again_when_somebody_leaves(bench: Bench) {
    let db = bench.db().await;
    let mut story = listed("R00M0001", 3);
    access(&mut story, AccessChange { capacity: Some(3), ..AccessChange::default() });
    db.project(&story.room, at(1)).await.unwrap();
    assert!(found(&db).await.is_empty());
    story.does(3, Command::People(PeopleCommand::Leave));
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(found(&db).await, ["R00M0001"]);
}

async fn a_room_is_found_by_its_name_and_by_what_is_shown_in_any_case(bench: Bench) {
    let db = bench.db().await;
    let mut story = listed("R00M0001", 2);
    rename(&mut story, "Ёлки 100% вечером");
    shows(&mut story, "Stalker");
    db.project(&story.room, at(1)).await.unwrap();
    for text in ["елки", "ВЕЧЕР", "100%", "stalk", "STALKER", "  ", "ёлки  100%"] {
        assert_eq!(found_by(&db, 99, text, 2).await, ["R00M0001"], "{text:?}");
    }
    for text in ["solaris", "_лки", "1%0", "вечером stalker"] {
        assert!(found_by(&db, 99, text, 2).await.is_empty(), "{text:?}");
    }
    let shown = db.rooms_to_find(user(9), Search { text: "", skip: 0, limit: 1 }, at(2)).await.unwrap();
    let screen = shown[0].listed.screen.clone().unwrap();
    assert_eq!((screen.title.as_deref(), screen.playing), (Some("Stalker"), false));
}

async fn nobody_is_named_who_is_in_a_room_with_a_password(bench: Bench) {
    let db = bench.db().await;
    let mut story = listed("R00M0001", 3);
    db.project(&story.room, at(1)).await.unwrap();
    let all = Search { text: "", skip: 0, limit: 9 };
    let open = db.rooms_to_find(user(9), all, at(2)).await.unwrap();
    assert_eq!(open[0].listed.members.len(), 3);
    assert_eq!(open[0].access.password, None);
    let password = Some(Some(PasswordHash::new("hash".to_owned())));
    access(&mut story, AccessChange { password, ..AccessChange::default() });
    db.project(&story.room, at(1)).await.unwrap();
    let locked = db.rooms_to_find(user(9), all, at(2)).await.unwrap();
    assert_eq!(locked[0].listed.members, []);
    assert_eq!(locked[0].listed.row.members, 3, "how many they are is no secret");
    assert!(locked[0].access.password.is_some());
}

async fn a_room_where_nothing_happens_any_more_is_not_found(bench: Bench) {
    let db = bench.db().await;
    let mut over = Story::swiping("R00M0001", 2, &["a"]);
    access(&mut over, AccessChange { listed: Some(true), ..AccessChange::default() });
    over.does(1, Command::Swiping(SwipingCommand::Finish));
    for story in [&over, &listed("R00M0002", 2)] {
        db.project(&story.room, at(1)).await.unwrap();
    }
    let after = |time: Duration| 1 + i64::try_from(time.as_secs()).unwrap();
    assert_eq!(found_by(&db, 99, "", after(FINISHED_IS_LISTED) - 1).await.len(), 2);
    assert_eq!(found_by(&db, 99, "", after(FINISHED_IS_LISTED) + 1).await, ["R00M0002"]);
    assert!(found_by(&db, 99, "", after(IDLE_IS_LISTED) + 1).await.is_empty());
}

async fn nothing_plays_any_more_in_a_room_that_is_idle(bench: Bench) {
    let db = bench.db().await;
    let mut story = listed("R00M0001", 2);
    shows(&mut story, "Stalker");
    let rev = story.room.screen().map(|screen| screen.rev);
    watching(&mut story, ScreenAction::Play(FilmTime::ZERO), rev);
    db.project(&story.room, at(1)).await.unwrap();
    let plays = async || {
        let shown = db.room_list(user(1), 9).await.unwrap();
        shown[0].screen.clone().unwrap().playing
    };
    let idle = at(1).plus(IDLE_IS_LISTED);
    assert_eq!(db.stop_idle_rooms(idle).await.unwrap(), 0, "somebody may still watch");
    assert!(plays().await);
    let idle = idle.plus(Duration::from_secs(1));
    assert_eq!(db.stop_idle_rooms(idle).await.unwrap(), 1);
    assert!(!plays().await, "what is shown stays, and stands");
    assert_eq!(db.stop_idle_rooms(idle).await.unwrap(), 0, "once");
}

async fn whoever_was_removed_does_not_find_the_room_again(bench: Bench) {
    let db = bench.db().await;
    let mut story = listed("R00M0001", 3);
    story.does(1, Command::People(PeopleCommand::Remove { member: user(3) }));
    db.project(&story.room, at(1)).await.unwrap();
    assert!(found_by(&db, 3, "", 2).await.is_empty());
    assert_eq!(found_by(&db, 4, "", 2).await, ["R00M0001"]);
}

async fn an_operator_hides_a_room_and_no_projection_brings_it_back(bench: Bench) {
    let db = bench.db().await;
    let mut story = listed("R00M0001", 2);
    db.project(&story.room, at(1)).await.unwrap();
    assert!(db.hide_room(room("R00M0001"), true).await.unwrap());
    assert!(found(&db).await.is_empty());
    story.joins(3);
    db.project(&story.room, at(1)).await.unwrap();
    assert!(found(&db).await.is_empty());
    assert!(db.hide_room(room("R00M0001"), false).await.unwrap());
    assert_eq!(found(&db).await, ["R00M0001"]);
    assert!(!db.hide_room(room("R00M0009"), true).await.unwrap(), "there is no such room");
}

async fn a_page_is_as_long_as_it_may_be_and_goes_on_where_the_last_one_ended(bench: Bench) {
    let db = bench.db().await;
    for (code, people) in [("R00M0001", 5), ("R00M0002", 4), ("R00M0003", 3)] {
        db.project(&listed(code, people).room, at(1)).await.unwrap();
    }
    let page = async |skip| {
        let found = db.rooms_to_find(user(99), Search { text: "", skip, limit: 2 }, at(2)).await.unwrap();
        let shown = found.iter().map(|found| (found.listed.row.code.to_string(), found.listed.members.len()));
        shown.collect::<Vec<_>>()
    };
    assert_eq!(page(0).await, [("R00M0001".to_owned(), 5), ("R00M0002".to_owned(), 4)]);
    assert_eq!(page(2).await, [("R00M0003".to_owned(), 3)], "each with the people who are in it");
}

async fn a_room_comes_back_from_sql_with_its_access_and_its_moderators(bench: Bench) {
    let db = bench.db().await;
    let mut story = listed("R00M0001", 3);
    let role = sovpalo_domain::room::Role::Moderator;
    story.does(1, Command::People(PeopleCommand::Role { member: user(2), role }));
    let password = Some(Some(PasswordHash::new("hash".to_owned())));
    access(&mut story, AccessChange { password, capacity: Some(5), ..AccessChange::default() });
    db.project(&story.room, at(1)).await.unwrap();
    let remembered = db.remembered_room(room("R00M0001")).await.unwrap().unwrap();
    let log: Vec<_> = remembered
        .beginning(sovpalo_domain::ids::Epoch::from_bits(9))
        .into_iter()
        .map(|event| sovpalo_domain::room::Entry { at: at(3), event })
        .collect();
    assert_eq!(sovpalo_domain::room::Room::beginning(&log), log.len());
    let again = sovpalo_domain::room::Room::replay(&log).unwrap();
    assert_eq!(again.access(), story.room.access());
    assert_eq!(again.role(user(2)), Some(role));
    assert_eq!(again.role(user(3)), Some(sovpalo_domain::room::Role::Participant));
}
