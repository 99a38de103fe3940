//! Filters of titles, and rooms whose deck is one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Answer, Phone, TestApp};

fn ids(titles: &Value) -> Vec<String> {
    titles.as_array().unwrap().iter().map(|title| title["id"].as_str().unwrap().to_owned()).collect()
}

/// Every title of a search, page by page, and how many it said there are.
async fn pages(phone: &Phone, filter: &str, limit: usize) -> (Vec<String>, u64) {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = phone.get(&format!("/api/titles?{filter}&limit={limit}{cursor}")).await.ok();
        found.extend(ids(&page["items"]));
        let Some(next) = page["next"].as_str() else { return (found, page["count"].as_u64().unwrap()) };
        cursor = format!("&cursor={next}");
    }
}

fn fields(answer: &Answer) -> Vec<&str> {
    answer.refuses(422, "invalid");
    answer.body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect()
}

fn configure(deck: &Value) -> Value {
    json!({ "type": "configure", "deck": deck })
}

/// Starts a round, swipes nothing, ends it, and says what was in it.
async fn round(host: &Phone, code: &str) -> BTreeSet<String> {
    host.does(code, json!({ "type": "start" })).await;
    let room = host.does(code, json!({ "type": "finish" })).await["room"].clone();
    room["results"].as_array().unwrap().iter().map(|it| it["title"]["id"].as_str().unwrap().into()).collect()
}

#[tokio::test]
async fn pages_have_each_title_once_miss_none_and_say_how_many_there_are() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    for filter in
        ["", "kind=series", "genre=comedy,crime&from_year=1960&to_year=1999", "country=su&min_rating=7.5"]
    {
        let (found, count) = pages(&phone, filter, 100).await;
        assert_eq!(found.len() as u64, count, "{filter}");
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "{filter}: a title came twice");
        assert!(count > 10, "{filter}: {count}");
        if count < 300 {
            assert_eq!(pages(&phone, filter, 17).await, (found, count), "{filter} in other pages");
        }
    }
}

#[tokio::test]
async fn every_filter_narrows_and_what_cannot_be_is_named() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let page = phone.get("/api/titles?country=FR,JP&min_rating=8&family=true&limit=100").await.ok();
    let items = page["items"].as_array().unwrap();
    assert!(!items.is_empty());
    for title in items {
        let countries: Vec<_> = title["countries"].as_array().unwrap().iter().collect();
        assert!(countries.contains(&&json!("FR")) || countries.contains(&&json!("JP")), "{title}");
        assert!(title["rating"].as_f64().unwrap() > 7.99, "{title}");
        assert!(title["genres"].as_array().unwrap().contains(&json!("family")), "{title}");
    }
    let page = phone.get("/api/titles?provider=Okko").await.ok();
    assert_eq!(
        (&page["items"], &page["count"]),
        (&json!([]), &json!(0)),
        "who has a title is not known here"
    );
    let all = phone.get("/api/titles").await.ok()["count"].clone();
    for nothing in ["family=false", "family=0", "genre=", "country=,", "provider=%20"] {
        assert_eq!(phone.get(&format!("/api/titles?{nothing}")).await.ok()["count"], all, "{nothing}");
    }
    for (query, field) in [
        ("genre=nonsense", "genre"),
        ("genre=comedy,%00", "genre"),
        ("country=USA", "country"),
        ("country=AA,AB,AC,AD,AE,AF,AG,AH,AI", "country"),
        ("from_year=1000", "from_year"),
        ("to_year=3000", "to_year"),
        ("from_year=2000&to_year=1990", "from_year"),
        ("min_rating=11", "min_rating"),
        ("min_rating=NaN", "min_rating"),
        ("max_runtime=0", "max_runtime"),
        ("kind=text", "kind"),
    ] {
        assert_eq!(fields(&phone.get(&format!("/api/titles?{query}")).await), [field], "{query}");
    }
    let long = "x".repeat(41);
    assert_eq!(fields(&phone.get(&format!("/api/titles?provider={long}")).await), ["provider"]);
    for garbage in ["min_rating=x", "family=perhaps", "max_runtime=-1"] {
        assert_eq!(fields(&phone.get(&format!("/api/titles?{garbage}")).await), ["query"], "{garbage}");
    }
}

#[tokio::test]
async fn a_room_plays_what_fits_its_filter_and_another_evening_has_others() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let deck = json!({ "filter": { "kind": "film", "genre": "comedy", "from_year": 1990, "to_year": 2009 } });
    let room = host.post("/api/rooms", json!({ "deck": deck })).await.ok();
    assert_eq!(room["deck"], deck);
    let code = room["code"].as_str().unwrap();
    let (fitting, count) = pages(&host, "kind=film&genre=comedy&from_year=1990&to_year=2009", 100).await;
    assert!(count > 60, "{count}");
    let fitting: BTreeSet<String> = fitting.into_iter().collect();
    let first = round(&host, code).await;
    assert_eq!(first.len(), 20);
    assert!(first.is_subset(&fitting));
    host.does(code, json!({ "type": "restart", "round": 2 })).await;
    assert_eq!(host.room(code).await["deck"], deck, "the deck stays");
    let second = round(&host, code).await;
    assert!(second.is_subset(&fitting));
    assert_eq!(first.intersection(&second).count(), 0, "there is enough for two evenings");
    let other = host.create_with(json!({ "deck": deck })).await;
    assert_ne!(round(&host, &other).await, first, "another room, another evening");
}

#[tokio::test]
async fn a_deck_is_an_id_a_filter_or_none_for_phones_and_sockets() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    for deck in [
        json!("soviet-comedies"),
        json!({ "filter": { "min_rating": 7.5, "family": true, "q": "a" } }),
        json!({ "filter": {} }),
        Value::Null,
    ] {
        for _ in 0..2 {
            let room = host.does(&code, configure(&deck)).await["room"].clone();
            assert_eq!(room["deck"], deck);
        }
        assert_eq!(host.room(&code).await["deck"], deck);
    }
    let written = json!({ "filter": { "genre": "crime, comedy", "country": "us", "family": false, "limit": 20, "cursor": null } });
    let read = json!({ "filter": { "genre": "comedy,crime", "country": "US" } });
    assert_eq!(host.does(&code, configure(&written)).await["room"]["deck"], read);
    let mut socket = host.socket(&code).await;
    let ack = socket.does(configure(&json!({ "filter": { "kind": "series" } }))).await;
    assert_eq!(ack["event"]["deck"], json!({ "filter": { "kind": "series" } }));
}

#[tokio::test]
async fn a_deck_that_cannot_be_is_refused_and_a_tiny_one_is_played() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    for filter in [
        json!({ "genre": "nonsense" }),
        json!({ "from_year": 2000, "to_year": 1990 }),
        json!({ "provider": "Okko" }),
        json!({ "genre": "western", "country": "JP", "kind": "series" }),
        json!({ "q": "x".repeat(101) }),
    ] {
        let refused = host.command(&code, configure(&json!({ "filter": filter }))).await;
        assert_eq!(fields(&refused), ["deck"], "{filter}");
        assert_eq!(fields(&host.post("/api/rooms", json!({ "deck": { "filter": filter } })).await), ["deck"]);
    }
    for garbage in [
        json!({ "filter": "comedy" }),
        json!({ "filter": { "genres": ["comedy"] } }),
        json!({ "filter": { "from_year": "1990" } }),
        json!({ "filter": { "min_rating": { "deep": [[[[]]]] } } }),
        json!({}),
        json!([]),
        json!(7),
    ] {
        host.command(&code, configure(&garbage)).await.refuses(422, "invalid");
    }
    assert_eq!(host.room(&code).await["deck"], Value::Null, "nothing of it was done");
    let few = json!({ "filter": { "q": "матрица" } });
    host.does(&code, configure(&few)).await;
    let played = round(&host, &code).await;
    assert!((1..20).contains(&played.len()), "{played:?}");
}

#[tokio::test]
async fn only_a_host_takes_a_deck_and_a_stranger_learns_of_none() {
    let app = TestApp::start().await;
    let (host, guest, stranger) = (app.phone(1).await, app.phone(2).await, app.phone(3).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    let deck = json!({ "filter": { "genre": "comedy" } });
    guest.command(&code, configure(&deck)).await.refuses(403, "not_host");
    stranger.command(&code, configure(&deck)).await.refuses(403, "not_a_member");
    host.does(&code, configure(&deck)).await;
    assert!(stranger.room(&code).await.get("deck").is_none());
    guest.command(&code, json!({ "type": "start" })).await.refuses(403, "not_host");
}

#[tokio::test]
async fn a_surprise_is_a_deck_that_can_be_taken() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    let mut different = BTreeSet::new();
    for seed in [0, 1, 2, 3, 4, u32::MAX] {
        let surprise = host.get(&format!("/api/decks/surprise?seed={seed}")).await.ok();
        assert_eq!(
            surprise,
            host.get(&format!("/api/decks/surprise?seed={seed}")).await.ok(),
            "the same seed"
        );
        assert!(surprise["count"].as_u64().unwrap() >= 40, "{surprise}");
        let room = host.does(&code, configure(&surprise["deck"])).await["room"].clone();
        assert_eq!(room["deck"], surprise["deck"]);
        different.insert(surprise["deck"].to_string());
    }
    assert!(different.len() > 2, "{different:?}");
    for wrong in ["", "seed=", "seed=x", "seed=-1", "seed=4294967296"] {
        host.get(&format!("/api/decks/surprise?{wrong}")).await.refuses(422, "invalid");
    }
}
