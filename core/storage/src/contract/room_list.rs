//! The list of somebody's rooms: who is in each, and what it matched last.

use sovpalo_domain::room::{Command, PeopleCommand, Profile, SwipingCommand};

use super::{
    Bench, at, contract,
    story::{Story, person, room, title, typed},
    user,
};
use crate::{Db, LastMatch, RoomInList};

contract!(
    a_list_names_who_is_in_a_room_in_the_order_in_which_they_came,
    a_list_is_as_long_as_it_may_be_and_only_of_ones_own_rooms,
    whoever_left_or_was_removed_is_not_in_a_list_and_comes_back_to_their_place,
    whoever_erased_themselves_is_not_in_a_list_before_their_rooms_log_knows,
    the_last_match_of_a_room_is_its_newest_as_it_was_typed_there,
);

async fn list(db: &Db, who: i64) -> Vec<RoomInList> {
    db.room_list(user(who), 100).await.unwrap()
}

fn ids(listed: &RoomInList) -> Vec<i64> {
    listed.members.iter().map(|(member, _)| member.get()).collect()
}

async fn a_list_names_who_is_in_a_room_in_the_order_in_which_they_came(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    for who in [9, 4, 7] {
        story.joins(who);
    }
    db.project(&story.room, at(1)).await.unwrap();
    let listed = list(&db, 4).await;
    assert_eq!(ids(&listed[0]), [1, 9, 4, 7]);
    let four = Profile { name: "Name 4".into(), photo_url: Some("https://t.me/i/userpic/4.jpg".into()) };
    assert_eq!(listed[0].members[2], (user(4), four));
    assert_eq!(listed[0].members[3].1, Profile { name: "Name 7".into(), photo_url: None });
    assert_eq!(listed[0].last_match, None, "nothing has matched");
    assert_eq!(Some(&listed[0].row), db.room_row(room("R00M0001")).await.unwrap().as_ref());
}

async fn a_list_is_as_long_as_it_may_be_and_only_of_ones_own_rooms(bench: Bench) {
    let db = bench.db().await;
    for (code, seconds, guest) in [("R00M0001", 1, 2), ("R00M0002", 3, 3), ("R00M0003", 2, 2)] {
        let mut story = Story::of(code, seconds);
        story.joins(guest);
        db.project(&story.room, at(9)).await.unwrap();
    }
    let shown = async |who, limit| {
        let rooms = db.room_list(user(who), limit).await.unwrap();
        rooms.iter().map(|listed| (listed.row.code.to_string(), ids(listed))).collect::<Vec<_>>()
    };
    let (first, second, third) =
        (("R00M0001".into(), vec![1, 2]), ("R00M0002".into(), vec![1, 3]), ("R00M0003".into(), vec![1, 2]));
    assert_eq!(shown(1, 9).await, [second.clone(), third.clone(), first.clone()]);
    assert_eq!(shown(1, 2).await, [second, third.clone()], "everybody is with the room they are in");
    assert_eq!(shown(2, usize::MAX).await, [third, first]);
    assert_eq!(shown(4, 9).await, []);
}

async fn whoever_left_or_was_removed_is_not_in_a_list_and_comes_back_to_their_place(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    for who in 2..=4 {
        story.joins(who);
    }
    story.does(2, Command::People(PeopleCommand::Leave));
    story.does(1, Command::People(PeopleCommand::Remove { member: user(3) }));
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(ids(&list(&db, 1).await[0]), [1, 4]);
    assert_eq!(list(&db, 2).await, []);
    assert_eq!(list(&db, 3).await, []);
    story.joins(2);
    db.project(&story.room, at(2)).await.unwrap();
    assert_eq!(ids(&list(&db, 2).await[0]), [1, 2, 4]);
}

async fn whoever_erased_themselves_is_not_in_a_list_before_their_rooms_log_knows(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    for who in 1..=3 {
        db.see_user(&person(who), None, at(0)).await.unwrap();
        story.joins(who);
    }
    db.project(&story.room, at(1)).await.unwrap();
    db.erase_user(user(2), &[], at(2)).await.unwrap();
    assert_eq!(ids(&list(&db, 1).await[0]), [1, 3], "their place has no name any more");
    // The log still has them, and is carried over once more.
    story.joins(4);
    db.project(&story.room, at(3)).await.unwrap();
    assert_eq!(ids(&list(&db, 1).await[0]), [1, 3, 4]);
    db.see_user(&person(2), None, at(4)).await.unwrap();
    assert_eq!(ids(&list(&db, 1).await[0]), [1, 3, 4], "who comes back is somebody new");
}

async fn the_last_match_of_a_room_is_its_newest_as_it_was_typed_there(bench: Bench) {
    let db = bench.db().await;
    let mut films = Story::swiping("R00M0001", 2, &["a", "b", "c"]);
    films.match_on("c");
    films.match_on("a");
    db.project(&films.room, at(1)).await.unwrap();
    let last = async |code| {
        let rooms = list(&db, 2).await;
        rooms.into_iter().find(|listed| listed.row.code == room(code)).unwrap().last_match
    };
    assert_eq!(last("R00M0001").await, Some(LastMatch { title: title("a"), text: None }));
    films.match_on("b");
    db.project(&films.room, at(2)).await.unwrap();
    assert_eq!(last("R00M0001").await, Some(LastMatch { title: title("b"), text: None }));

    let mut texts = Story::of("R00M0002", 60);
    texts.joins(2);
    texts.does(1, Command::Swiping(SwipingCommand::Pick(typed("Солярис"))));
    texts.does(1, Command::Swiping(SwipingCommand::Start));
    let solaris = texts.room.deck()[0].clone();
    texts.match_on(solaris.as_str());
    db.project(&texts.room, at(99)).await.unwrap();
    assert_eq!(last("R00M0002").await, Some(LastMatch { title: solaris, text: Some("Солярис".into()) }));
}
