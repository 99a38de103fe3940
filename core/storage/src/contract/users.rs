//! People.

use futures::future::join_all;
use sovpalo_domain::{
    ids::UserId,
    language::Language,
    room::{Command, PeopleCommand, Profile},
};

use super::{
    Bench, NAMES, at, contract, lease,
    story::{Story, person, reachable, room},
    user,
};
use crate::{Db, Person};

contract!(
    somebody_new_gets_telegrams_language_and_no_letters,
    somebody_seen_again_is_refreshed,
    a_photo_that_the_bot_is_not_told_of_stays,
    a_language_follows_telegram_until_it_is_chosen,
    changing_a_stranger_changes_nobody,
    what_was_not_changed_stays,
    a_region_is_kept_until_it_is_taken_back,
    names_of_every_kind_come_back_without_nul,
    ids_of_52_bits_come_back,
    one_person_seen_many_times_at_once_is_one_person,
    allowing_a_stranger_remembers_nobody,
    erasing_leaves_nothing_personal_and_nobody_else_changed,
    a_log_projected_later_does_not_bring_an_erased_name_back,
    who_comes_back_has_a_name_again,
    the_rooms_one_ever_was_in_are_due_until_they_are_done,
    whoever_is_erased_while_a_room_is_carried_over_is_found_by_one_of_the_two,
);

async fn somebody_new_gets_telegrams_language_and_no_letters(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.user(user(5)).await.unwrap(), None);
    let seen = db.see_user(&person(5), Some("uk-UA"), at(0)).await.unwrap();
    assert_eq!(seen.person, person(5));
    assert_eq!(seen.language, Language::Ru);
    assert!(seen.notifications && !seen.writes_allowed);
    assert_eq!(db.user(user(5)).await.unwrap(), Some(seen));
}

async fn somebody_seen_again_is_refreshed(bench: Bench) {
    let db = bench.db().await;
    db.see_user(&person(5), Some("en"), at(0)).await.unwrap();
    let renamed = Person {
        first_name: "Аня".to_owned(),
        last_name: Some("К.".to_owned()),
        username: Some("anya".to_owned()),
        photo_url: Some("https://t.me/i/userpic/5.jpg".to_owned()),
        ..person(5)
    };
    assert_eq!(db.see_user(&renamed, Some("en"), at(1)).await.unwrap().person, renamed);
    let shorter = Person { last_name: None, username: None, ..renamed };
    assert_eq!(db.see_user(&shorter, Some("en"), at(2)).await.unwrap().person, shorter);
    assert_eq!(db.user(user(5)).await.unwrap().unwrap().person, shorter);
}

async fn a_photo_that_the_bot_is_not_told_of_stays(bench: Bench) {
    let db = bench.db().await;
    let photo_url = Some("https://t.me/i/userpic/5.jpg".to_owned());
    db.see_user(&Person { photo_url: photo_url.clone(), ..person(5) }, None, at(0)).await.unwrap();
    let renamed = Person { first_name: "Anna".to_owned(), ..person(5) };
    assert_eq!(db.see_user(&renamed, None, at(1)).await.unwrap().person.photo_url, photo_url);
}

async fn a_language_follows_telegram_until_it_is_chosen(bench: Bench) {
    let db = bench.db().await;
    let language = async |language| db.see_user(&person(5), language, at(0)).await.unwrap().language;
    assert_eq!(language(Some("ru")).await, Language::Ru);
    assert_eq!(language(None).await, Language::Ru, "nothing was said about it");
    assert_eq!(language(Some("de")).await, Language::En);
    db.change_user(user(5), Some(Language::Ru), None, at(1)).await.unwrap();
    assert_eq!(language(Some("en")).await, Language::Ru, "they chose it");
    let renamed = Person { first_name: "Anna".to_owned(), ..person(5) };
    assert_eq!(db.see_user(&renamed, Some("en"), at(2)).await.unwrap().language, Language::Ru);
}

async fn changing_a_stranger_changes_nobody(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.change_user(user(5), Some(Language::Ru), Some(true), at(0)).await.unwrap(), None);
    assert_eq!(db.user(user(5)).await.unwrap(), None);
}

async fn what_was_not_changed_stays(bench: Bench) {
    let db = bench.db().await;
    db.see_user(&person(5), Some("ru"), at(0)).await.unwrap();
    let quiet = db.change_user(user(5), None, Some(false), at(1)).await.unwrap().unwrap();
    assert!(!quiet.notifications);
    assert_eq!(quiet.language, Language::Ru);
    let english = db.change_user(user(5), Some(Language::En), None, at(2)).await.unwrap().unwrap();
    assert!(!english.notifications);
    assert_eq!(english.language, Language::En);
}

async fn a_region_is_kept_until_it_is_taken_back(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.choose_region(user(5), Some("FR"), at(0)).await.unwrap(), None, "nobody knows them");
    db.see_user(&person(5), Some("ru"), at(0)).await.unwrap();
    let chosen = db.choose_region(user(5), Some("FR"), at(1)).await.unwrap().unwrap();
    assert_eq!(chosen.region.as_deref(), Some("FR"));
    let renamed = Person { first_name: "Anna".to_owned(), ..person(5) };
    assert_eq!(db.see_user(&renamed, Some("en"), at(2)).await.unwrap().region.as_deref(), Some("FR"));
    assert_eq!(db.choose_region(user(5), None, at(3)).await.unwrap().unwrap().region, None);
}

async fn names_of_every_kind_come_back_without_nul(bench: Bench) {
    let db = bench.db().await;
    for (id, name) in (1..).zip(NAMES) {
        let with_nul = format!("{name}\0");
        let written = Person {
            id: user(id),
            first_name: with_nul.clone(),
            last_name: Some(with_nul.clone()),
            username: Some(with_nul.clone()),
            photo_url: Some(with_nul),
        };
        for _ in 0..2 {
            let seen = db.see_user(&written, Some("\0<>"), at(0)).await.unwrap();
            assert_eq!(seen.person.first_name, name);
            assert_eq!(seen.person.last_name.as_deref(), Some(name));
            assert_eq!(seen.person.username.as_deref(), Some(name));
            assert_eq!(seen.person.photo_url.as_deref(), Some(name));
        }
    }
    let endless = Person { first_name: "я".repeat(1_000_000), ..person(99) };
    assert_eq!(db.see_user(&endless, None, at(0)).await.unwrap().person, endless);
}

async fn ids_of_52_bits_come_back(bench: Bench) {
    let db = bench.db().await;
    let last = person(UserId::MAX);
    db.see_user(&last, None, at(0)).await.unwrap();
    assert_eq!(db.user(last.id).await.unwrap().unwrap().person, last);
}

async fn one_person_seen_many_times_at_once_is_one_person(bench: Bench) {
    let db = bench.db().await;
    let people: Vec<Person> =
        (0..12).map(|n| Person { first_name: format!("Anna {n}"), ..person(5) }).collect();
    let seen = join_all(people.iter().map(|person| db.see_user(person, None, at(0)))).await;
    for user in seen {
        assert_eq!(user.unwrap().person.id, person(5).id);
    }
}

async fn allowing_a_stranger_remembers_nobody(bench: Bench) {
    let db = bench.db().await;
    db.allow_writes(user(5), true, at(0)).await.unwrap();
    assert_eq!(db.user(user(5)).await.unwrap(), None);
    db.see_user(&person(5), None, at(0)).await.unwrap();
    db.allow_writes(user(5), true, at(1)).await.unwrap();
    assert!(db.user(user(5)).await.unwrap().unwrap().writes_allowed);
    db.allow_writes(user(5), false, at(2)).await.unwrap();
    assert!(!db.user(user(5)).await.unwrap().unwrap().writes_allowed);
}

/// Name, photo and number of picks of a member, as SQL remembers them.
async fn remembered(db: &Db, code: &str, id: i64) -> (String, Option<String>, usize) {
    let remembered = db.remembered_room(room(code)).await.unwrap().unwrap();
    let restored = remembered.under(sovpalo_domain::ids::Epoch::from_bits(9));
    let member = restored.members.into_iter().find(|member| member.id == user(id)).unwrap();
    (member.profile.name, member.profile.photo_url, member.picks.len())
}

async fn erasing_leaves_nothing_personal_and_nobody_else_changed(bench: Bench) {
    let db = bench.db().await;
    for id in [1, 2] {
        reachable(&db, id).await;
    }
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(db.erase_user(user(2), &[], at(2)).await.unwrap().rooms, [room("R00M0001")]);

    assert_eq!(db.user(user(2)).await.unwrap(), None);
    assert_eq!(remembered(&db, "R00M0001", 2).await, (String::new(), None, 0));
    assert_eq!(remembered(&db, "R00M0001", 1).await, ("Name 1".to_owned(), None, 2));
    assert!(db.user(user(1)).await.unwrap().is_some());
    let due = db.due_notices(100, lease(at(9))).await.unwrap();
    assert!(due.iter().all(|notice| notice.to != crate::Target::Member(user(2))), "{due:?}");
    assert!(due.iter().any(|notice| notice.to == crate::Target::Member(user(1))), "{due:?}");
    assert_eq!(db.erase_user(user(2), &[], at(3)).await.unwrap().rooms, [room("R00M0001")], "twice is once");
    assert_eq!(db.erase_user(user(77), &[], at(3)).await.unwrap().rooms, [], "a stranger");
}

async fn a_log_projected_later_does_not_bring_an_erased_name_back(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 2, &["a"]);
    db.project(&story.room, at(1)).await.unwrap();
    story.does(2, Command::People(PeopleCommand::Leave));
    db.erase_user(user(2), &[], at(2)).await.unwrap();
    db.project(&story.room, at(3)).await.unwrap();
    assert_eq!(remembered(&db, "R00M0001", 2).await, (String::new(), None, 0));
    assert_eq!(remembered(&db, "R00M0001", 1).await.0, "Name 1");
    let unseen = Story::swiping("R00M0002", 2, &["a"]);
    db.project(&unseen.room, at(4)).await.unwrap();
    assert_eq!(remembered(&db, "R00M0002", 2).await.0, "", "also in a room that was never projected before");
}

async fn who_comes_back_has_a_name_again(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 2, &["a"]);
    db.erase_user(user(2), &[], at(1)).await.unwrap();
    db.see_user(&person(2), None, at(2)).await.unwrap();
    story.does(2, Command::People(PeopleCommand::Leave));
    story
        .does(2, Command::People(PeopleCommand::Join(Profile { name: "Again".to_owned(), photo_url: None })));
    db.project(&story.room, at(3)).await.unwrap();
    assert_eq!(remembered(&db, "R00M0001", 2).await.0, "Again");
}

async fn the_rooms_one_ever_was_in_are_due_until_they_are_done(bench: Bench) {
    let db = bench.db().await;
    let here = Story::swiping("R00M0001", 2, &["a"]);
    let mut left = Story::swiping("R00M0002", 2, &["a"]);
    left.does(2, Command::People(PeopleCommand::Leave));
    let alone = Story::of("R00M0003", 0);
    for story in [here, left, alone] {
        db.project(&story.room, at(1)).await.unwrap();
    }
    db.erase_user(user(2), &[room("R00M0009")], at(2)).await.unwrap();
    let due = db.due_erasures(None, 100).await.unwrap();
    let rooms: Vec<_> = due.iter().map(|due| due.room).collect();
    assert_eq!(rooms, ["R00M0001", "R00M0002", "R00M0009"].map(room), "held somewhere counts as well");
    assert!(due.iter().all(|due| due.member == user(2) && due.at == at(2)), "{due:?}");
    assert_eq!(db.due_erasures(None, 1).await.unwrap(), due[..1]);
    assert_eq!(db.due_erasures(Some(&due[0]), 100).await.unwrap(), due[1..]);
    db.erase_user(user(2), &[], at(3)).await.unwrap();
    db.erasure_done(&due[0]).await.unwrap();
    assert_eq!(db.due_erasures(None, 1).await.unwrap()[0].at, at(3), "they were erased again meanwhile");
    for due in db.due_erasures(None, 100).await.unwrap() {
        db.erasure_done(&due).await.unwrap();
    }
    assert_eq!(db.due_erasures(None, 100).await.unwrap(), []);
    assert_eq!(db.erased_among(&[user(1), user(2)]).await.unwrap(), [(user(2), at(3))]);
    assert_eq!(db.erased_among(&[]).await.unwrap(), []);
}

async fn whoever_is_erased_while_a_room_is_carried_over_is_found_by_one_of_the_two(bench: Bench) {
    let db = bench.db().await;
    for n in 0..100 {
        let code = format!("R00M{n:04}");
        let story = Story::swiping(&code, 2, &["a"]);
        db.see_user(&person(2), None, at(1)).await.unwrap();
        let carried_over = async {
            db.project(&story.room, at(2)).await.unwrap();
            db.erased_among(&[user(2)]).await.unwrap()
        };
        let (found, erased) = tokio::join!(carried_over, db.erase_user(user(2), &[], at(3)));
        erased.unwrap();
        let due = db.due_erasures(None, 1000).await.unwrap();
        let is_due = due.iter().any(|due| due.room == room(&code));
        assert!(is_due || !found.is_empty(), "nobody takes them out of {code}");
    }
}
