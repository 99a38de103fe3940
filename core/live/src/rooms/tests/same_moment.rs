//! What happens in one millisecond: entries that are equal, and are not the same.

use sovpalo_domain::room::{Command, PeopleCommand, RoomName, Settings, SwipingCommand};

use super::{House, profile, user};

/// The clock stands still: the entries are equal, and each node finds the other's in the way.
#[tokio::test]
async fn what_somebody_does_twice_in_a_millisecond_is_done_twice() {
    let house = House::new().await;
    let other = house.another_node();
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
    let live = house.rooms.create(user(1), profile(1), settings).await.unwrap();
    house.done(&live, 2, Command::People(PeopleCommand::Join(profile(2)))).await;
    let there = other.open(live.code()).await.unwrap();
    for n in 0..6 {
        let ready = Command::Swiping(SwipingCommand::Ready(n % 2 == 0));
        for (rooms, live, who) in [(&house.rooms, &live, 1), (&other, &there, 2)] {
            let done = rooms.execute(live, user(who), &ready).await.unwrap();
            assert_eq!((done.appended, done.seq), (true, live.position().seq), "the {n}th of {who}");
        }
    }
}
