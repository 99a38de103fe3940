//! Titles that came from elsewhere.

use std::time::Duration;

use futures::future::join_all;
use sovpalo_domain::title::{Title, TitleKind};

use super::{Bench, NAMES, at, contract, story::title as id};
use crate::LONGEST_KEPT;

contract!(
    a_kept_title_comes_back_as_it_was_kept,
    what_is_named_last_is_read_last_and_nothing_is_read_twice,
    titles_kept_at_once_all_have_versions_of_their_own,
    details_are_replaced_and_have_an_age,
    what_is_too_old_is_deleted_and_what_was_asked_for_anew_stays,
);

fn title(name: &str) -> Title {
    Title {
        id: id(name),
        kind: TitleKind::Film,
        name_en: format!("{name} in English"),
        name_ru: format!("{name} по-русски"),
        original_name: None,
        year: None,
        runtime_min: None,
        genres: Vec::new(),
        countries: Vec::new(),
        rating: None,
        overview_en: None,
        overview_ru: None,
        poster: None,
    }
}

async fn a_kept_title_comes_back_as_it_was_kept(bench: Bench) {
    let db = bench.db().await;
    let whole = Title {
        kind: TitleKind::Series,
        original_name: Some("千と千尋の神隠し".to_owned()),
        year: Some(u16::MAX),
        runtime_min: Some(0),
        genres: vec!["sci-fi".to_owned()],
        countries: vec!["SU".to_owned()],
        rating: Some(8.6),
        overview_en: Some("“Quoted” \\ and 'so' on".to_owned()),
        overview_ru: Some("О чём".to_owned()),
        poster: Some("https://image.tmdb.org/t/p/w500/a.jpg".to_owned()),
        ..title("tmdb-tv-1")
    };
    db.keep_titles(std::slice::from_ref(&whole), at(0)).await.unwrap();
    assert_eq!(db.kept_title(&whole.id).await.unwrap(), Some(whole));
    assert_eq!(db.kept_title(&id("tmdb-tv-2")).await.unwrap(), None);
    let mut wanted: Vec<_> = (0..250).map(|n| id(&format!("tmdb-tv-{n}"))).collect();
    wanted.rotate_left(77);
    let found = db.kept_titles_of(&wanted).await.unwrap();
    assert_eq!(found.iter().map(|title| title.id.as_str()).collect::<Vec<_>>(), ["tmdb-tv-1"]);
    assert_eq!(db.kept_titles_of(&[]).await.unwrap(), []);
    for name in NAMES {
        db.keep_titles(&[Title { name_en: (*name).to_owned(), ..title("odd") }], at(1)).await.unwrap();
        let kept = db.kept_title(&id("odd")).await.unwrap().unwrap();
        assert_eq!(kept.name_en, name.replace('\0', ""));
    }
}

async fn what_is_named_last_is_read_last_and_nothing_is_read_twice(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.last_kept_titles(10).await.unwrap(), []);
    db.keep_titles(&[title("a"), title("b"), title("c")], at(0)).await.unwrap();
    db.keep_titles(&[title("a")], at(1)).await.unwrap();
    let names =
        |titles: &[(Title, i64)]| titles.iter().map(|(title, _)| title.id.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&db.last_kept_titles(10).await.unwrap()), ["b", "c", "a"]);
    let last = db.last_kept_titles(2).await.unwrap();
    assert_eq!(names(&last), ["c", "a"]);
    assert_eq!(names(&db.kept_titles_after(last[0].1, 10).await.unwrap()), ["a"]);
    assert_eq!(db.kept_titles_after(last[1].1, 10).await.unwrap(), []);
    db.keep_titles(&[title("b")], at(2)).await.unwrap();
    assert_eq!(names(&db.kept_titles_after(last[1].1, 10).await.unwrap()), ["b"]);
    assert_eq!(names(&db.kept_titles_after(0, 2).await.unwrap()), ["c", "a"], "the rest by the next read");
}

async fn titles_kept_at_once_all_have_versions_of_their_own(bench: Bench) {
    let db = bench.db().await;
    let titles: Vec<Title> = (0..24).map(|n| title(&format!("t{}", n % 12))).collect();
    for kept in join_all(titles.chunks(3).map(|some| db.keep_titles(some, at(0)))).await {
        kept.unwrap();
    }
    let all = db.last_kept_titles(100).await.unwrap();
    assert_eq!(all.len(), 12);
    assert!(all.windows(2).all(|two| two[0].1 < two[1].1), "{all:?}");
}

async fn details_are_replaced_and_have_an_age(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.title_details(&id("a")).await.unwrap(), None);
    db.put_title_details(&id("a"), "{}", at(0)).await.unwrap();
    db.put_title_details(&id("a"), "{\"cast\":[]}", at(5)).await.unwrap();
    assert_eq!(db.title_details(&id("a")).await.unwrap(), Some(("{\"cast\":[]}".to_owned(), at(5))));
}

async fn what_is_too_old_is_deleted_and_what_was_asked_for_anew_stays(bench: Bench) {
    let db = bench.db().await;
    db.keep_titles(&[title("old"), title("renewed")], at(0)).await.unwrap();
    db.put_title_details(&id("old"), "{}", at(0)).await.unwrap();
    db.keep_titles(&[title("renewed")], at(60)).await.unwrap();
    let now = at(i64::try_from(LONGEST_KEPT.as_secs()).unwrap() + 30);
    let old = db.kept_titles_older_than(LONGEST_KEPT, 10, now).await.unwrap();
    assert_eq!(old, [id("old")]);
    assert_eq!(db.kept_titles_older_than(Duration::ZERO, 10, now).await.unwrap().len(), 2);
    assert_eq!(db.forget_kept_titles(now).await.unwrap(), 2);
    assert_eq!(db.kept_title(&id("old")).await.unwrap(), None);
    assert_eq!(db.title_details(&id("old")).await.unwrap(), None);
    assert!(db.kept_title(&id("renewed")).await.unwrap().is_some());
}
