//! What an operator adds to the catalogue.

use futures::future::join_all;
use sovpalo_domain::title::{Title, TitleKind};

use super::{Bench, NAMES, at, contract, story::title as id};

contract!(
    titles_come_back_as_they_were_put,
    a_title_put_again_is_changed,
    of_two_with_one_id_the_later_stays,
    typed_titles_stay_out_of_the_catalogue,
    the_version_moves_with_every_change,
    imports_at_once_both_count,
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

async fn titles_come_back_as_they_were_put(bench: Bench) {
    let db = bench.db().await;
    let mut titles: Vec<Title> = (0..1203).map(|n| title(&format!("i{n:04}"))).collect();
    titles[0] = Title {
        kind: TitleKind::Series,
        original_name: Some("千と千尋の神隠し".to_owned()),
        year: Some(u16::MAX),
        runtime_min: Some(0),
        genres: vec!["sci-fi".to_owned(), "drama".to_owned()],
        countries: vec!["SU".to_owned()],
        rating: Some(8.6),
        overview_en: Some("A sentence.".to_owned()),
        overview_ru: Some("Предложение.".to_owned()),
        poster: Some("https://example.org/p.jpg".to_owned()),
        ..title("i0000")
    };
    for (title, name) in titles[1..].iter_mut().zip(NAMES) {
        title.name_en = name.to_owned();
        title.genres = vec![name.to_owned()];
    }
    db.put_titles(&titles, at(0)).await.unwrap();
    assert_eq!(db.extra_titles().await.unwrap(), titles);
    let nul = Title { name_en: "a\0b".to_owned(), genres: vec!["a\0b".to_owned()], ..title("i0000") };
    db.put_titles(&[nul], at(0)).await.unwrap();
    let stored = &db.extra_titles().await.unwrap()[0];
    assert_eq!((stored.name_en.as_str(), stored.genres[0].as_str()), ("ab", "ab"));
}

async fn a_title_put_again_is_changed(bench: Bench) {
    let db = bench.db().await;
    db.put_titles(&[title("a"), title("b")], at(0)).await.unwrap();
    let changed = Title { rating: Some(1.5), name_ru: "Другое".to_owned(), ..title("b") };
    db.put_titles(std::slice::from_ref(&changed), at(1)).await.unwrap();
    assert_eq!(db.extra_titles().await.unwrap(), [title("a"), changed]);
}

async fn of_two_with_one_id_the_later_stays(bench: Bench) {
    let db = bench.db().await;
    let later = Title { rating: Some(2.0), ..title("a") };
    db.put_titles(&[title("a"), later.clone()], at(0)).await.unwrap();
    assert_eq!(db.extra_titles().await.unwrap(), [later]);
}

async fn typed_titles_stay_out_of_the_catalogue(bench: Bench) {
    let db = bench.db().await;
    db.put_titles(&[Title { kind: TitleKind::Text, ..title("x") }], at(0)).await.unwrap();
    assert_eq!(db.extra_titles().await.unwrap(), []);
}

async fn the_version_moves_with_every_change(bench: Bench) {
    let db = bench.db().await;
    let before = db.titles_version().await.unwrap();
    assert_eq!(db.titles_version().await.unwrap(), before);
    db.put_titles(&[title("a")], at(0)).await.unwrap();
    assert_ne!(db.titles_version().await.unwrap(), before);
}

async fn imports_at_once_both_count(bench: Bench) {
    let db = bench.db().await;
    let before = db.titles_version().await.unwrap();
    let one: Vec<Title> = (0..50).map(|n| title(&format!("a{n:02}"))).collect();
    let reversed: Vec<Title> = one.iter().rev().cloned().collect();
    let imports = [&one, &reversed, &one, &reversed];
    for import in join_all(imports.map(|titles| db.put_titles(titles, at(0)))).await {
        import.unwrap();
    }
    assert_eq!(db.extra_titles().await.unwrap(), one);
    assert_eq!(db.titles_version().await.unwrap(), before + 4);
}
