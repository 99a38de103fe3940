//! What people marked titles as.

use std::collections::BTreeSet;

use futures::future::join_all;
use sovpalo_domain::{
    ids::{Epoch, TitleId, UserId},
    room::{Command, Event, SettingsChange, SwipingCommand, SwipingEvent},
    title::TitleMark,
};

use super::{
    Bench, at, contract,
    story::{Story, person, room, title},
    user,
};
use crate::{Db, Marked, OWN_TITLES, PlaceInList, SEEN_ASKED};

contract!(
    a_title_has_the_mark_that_was_given_last,
    a_mark_given_again_keeps_its_place,
    pages_show_every_title_once_the_newest_first,
    a_list_of_one_mark_has_no_other,
    nobody_has_more_than_the_most_also_not_by_marking_at_once,
    who_is_not_known_marks_nothing,
    who_was_erased_has_no_marks_and_nobody_else_changed,
    what_somebody_of_several_has_seen_is_known_without_whose_it_is,
    no_more_is_asked_at_once_than_may_be,
    a_room_that_leaves_out_what_was_seen_does_so_after_it_came_back,
);

const ANNA: i64 = 1;
const BEN: i64 = 2;

async fn known(bench: &Bench) -> Db {
    let db = bench.db().await;
    for id in [ANNA, BEN] {
        db.see_user(&person(id), Some("en"), at(0)).await.unwrap();
    }
    db
}

async fn mark(db: &Db, who: i64, names: &[&str], mark: Option<TitleMark>, seconds: i64) -> Marked {
    let titles: Vec<TitleId> = names.iter().map(|name| title(name)).collect();
    db.mark_titles(user(who), &titles, mark, at(seconds)).await.unwrap()
}

async fn listed(db: &Db, who: i64, only: Option<TitleMark>) -> Vec<String> {
    let own = db.own_titles(user(who), only, None, 100).await.unwrap();
    own.iter().map(|own| own.title.to_string()).collect()
}

async fn a_title_has_the_mark_that_was_given_last(bench: Bench) {
    let db = known(&bench).await;
    assert_eq!(db.mark_of(user(ANNA), &title("a")).await.unwrap(), None);
    for given in [Some(TitleMark::Wanted), Some(TitleMark::Watched), Some(TitleMark::Hidden), None, None] {
        assert_eq!(mark(&db, ANNA, &["a"], given, 1).await, Marked::Done);
        assert_eq!(db.mark_of(user(ANNA), &title("a")).await.unwrap(), given);
    }
    assert_eq!(db.mark_of(user(BEN), &title("a")).await.unwrap(), None, "it is somebody else's");
}

async fn a_mark_given_again_keeps_its_place(bench: Bench) {
    let db = known(&bench).await;
    mark(&db, ANNA, &["a"], Some(TitleMark::Wanted), 1).await;
    mark(&db, ANNA, &["b"], Some(TitleMark::Wanted), 2).await;
    mark(&db, ANNA, &["a"], Some(TitleMark::Wanted), 3).await;
    assert_eq!(listed(&db, ANNA, None).await, ["b", "a"], "the same said again changes nothing");
    mark(&db, ANNA, &["a"], Some(TitleMark::Watched), 4).await;
    assert_eq!(listed(&db, ANNA, None).await, ["a", "b"]);
}

async fn pages_show_every_title_once_the_newest_first(bench: Bench) {
    let db = known(&bench).await;
    let names: Vec<String> = (0..1_203).map(|n| format!("t{n:04}")).collect();
    // Many at the same moment, as after an import, and more than a statement takes.
    for (n, batch) in (0..).zip(names.chunks(700)) {
        let batch: Vec<&str> = batch.iter().map(String::as_str).collect();
        assert_eq!(mark(&db, ANNA, &batch, Some(TitleMark::Wanted), n).await, Marked::Done);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = db.own_titles(user(ANNA), Some(TitleMark::Wanted), after.as_ref(), 100).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(PlaceInList { at: last.at, title: last.title.clone() });
        seen.extend(page);
    }
    assert!(seen.is_sorted_by(|one, next| one.at >= next.at), "the newest come first");
    let titles: BTreeSet<&str> = seen.iter().map(|own| own.title.as_str()).collect();
    assert_eq!((seen.len(), titles.len()), (names.len(), names.len()));
}

async fn a_list_of_one_mark_has_no_other(bench: Bench) {
    let db = known(&bench).await;
    mark(&db, ANNA, &["a", "b"], Some(TitleMark::Wanted), 1).await;
    mark(&db, ANNA, &["c"], Some(TitleMark::Watched), 2).await;
    mark(&db, BEN, &["d"], Some(TitleMark::Wanted), 3).await;
    assert_eq!(listed(&db, ANNA, Some(TitleMark::Wanted)).await, ["a", "b"]);
    assert_eq!(listed(&db, ANNA, Some(TitleMark::Watched)).await, ["c"]);
    assert_eq!(listed(&db, ANNA, Some(TitleMark::Hidden)).await, [""; 0]);
    assert_eq!(listed(&db, ANNA, None).await, ["c", "a", "b"]);
}

async fn nobody_has_more_than_the_most_also_not_by_marking_at_once(bench: Bench) {
    let db = known(&bench).await;
    let most: Vec<TitleId> = (3..OWN_TITLES).map(|n| title(&format!("t{n}"))).collect();
    let wanted = Some(TitleMark::Wanted);
    assert_eq!(db.mark_titles(user(ANNA), &most, wanted, at(1)).await.unwrap(), Marked::Done);
    let more = ["a", "b", "c", "d", "e"];
    let at_once = join_all(more.map(async |name| mark(&db, ANNA, &[name], wanted, 2).await)).await;
    assert_eq!(at_once.iter().filter(|marked| **marked == Marked::Done).count(), 3, "{at_once:?}");
    assert_eq!(mark(&db, ANNA, &["f"], wanted, 3).await, Marked::Full);
    assert_eq!(db.mark_of(user(ANNA), &title("f")).await.unwrap(), None);
    assert_eq!(
        mark(&db, ANNA, &["t3"], Some(TitleMark::Watched), 4).await,
        Marked::Done,
        "it is one of them"
    );
    assert_eq!(mark(&db, ANNA, &["t3"], None, 5).await, Marked::Done);
    assert_eq!(mark(&db, ANNA, &["f"], wanted, 6).await, Marked::Done, "there is a place again");
    assert_eq!(mark(&db, BEN, &["f"], wanted, 7).await, Marked::Done, "others have their own");
}

async fn who_is_not_known_marks_nothing(bench: Bench) {
    let db = known(&bench).await;
    assert_eq!(mark(&db, 3, &["a"], Some(TitleMark::Wanted), 1).await, Marked::Nobody);
    assert_eq!(listed(&db, 3, None).await, [""; 0]);
}

async fn who_was_erased_has_no_marks_and_nobody_else_changed(bench: Bench) {
    let db = known(&bench).await;
    mark(&db, ANNA, &["a"], Some(TitleMark::Watched), 1).await;
    mark(&db, BEN, &["b"], Some(TitleMark::Watched), 1).await;
    db.erase_user(user(ANNA), &[], at(2)).await.unwrap();
    assert_eq!(listed(&db, ANNA, None).await, [""; 0]);
    assert_eq!(mark(&db, ANNA, &["c"], Some(TitleMark::Wanted), 3).await, Marked::Nobody, "it was under way");
    assert_eq!(listed(&db, BEN, None).await, ["b"]);
    let seen = db.seen_among(&[user(ANNA), user(BEN)], &[title("a"), title("b")]).await.unwrap();
    assert_eq!(seen, BTreeSet::from([title("b")]));
}

async fn what_somebody_of_several_has_seen_is_known_without_whose_it_is(bench: Bench) {
    let db = known(&bench).await;
    mark(&db, ANNA, &["a", "both"], Some(TitleMark::Watched), 1).await;
    mark(&db, BEN, &["b", "both"], Some(TitleMark::Hidden), 1).await;
    mark(&db, BEN, &["w"], Some(TitleMark::Wanted), 1).await;
    let asked = ["a", "b", "both", "w", "nobody"].map(title);
    let seen = async |people: &[i64]| {
        let people: Vec<UserId> = people.iter().map(|id| user(*id)).collect();
        db.seen_among(&people, &asked).await.unwrap()
    };
    assert_eq!(seen(&[ANNA, BEN, 3]).await, BTreeSet::from(["a", "b", "both"].map(title)));
    assert_eq!(seen(&[ANNA]).await, BTreeSet::from(["a", "both"].map(title)));
    assert_eq!(seen(&[]).await, BTreeSet::new());
    assert_eq!(db.seen_among(&[user(ANNA)], &[]).await.unwrap(), BTreeSet::new());
}

async fn no_more_is_asked_at_once_than_may_be(bench: Bench) {
    let db = known(&bench).await;
    let many: Vec<TitleId> = (0..=SEEN_ASKED).map(|n| title(&format!("t{n}"))).collect();
    db.mark_titles(user(ANNA), &many, Some(TitleMark::Watched), at(1)).await.unwrap();
    let people: Vec<UserId> = (1..=600).map(user).collect();
    let seen = db.seen_among(&people, &many).await.unwrap();
    assert_eq!(seen.len(), SEEN_ASKED);
    assert!(!seen.contains(&many[SEEN_ASKED]), "it counts as not seen");
}

async fn a_room_that_leaves_out_what_was_seen_does_so_after_it_came_back(bench: Bench) {
    let db = known(&bench).await;
    let mut story = Story::of("R00M0001", 0);
    for left_out in [true, false] {
        let change = SettingsChange { leave_out_seen: Some(left_out), ..SettingsChange::default() };
        story.does(1, Command::Swiping(SwipingCommand::Configure(change)));
        db.project(&story.room, at(1)).await.unwrap();
        let remembered = db.remembered_room(room("R00M0001")).await.unwrap().unwrap();
        let log = remembered.beginning(Epoch::from_bits(9));
        let said = log.contains(&Event::Swiping(SwipingEvent::SeenLeftOut { left_out: true }));
        assert_eq!(said, left_out, "{log:?}");
    }
}
