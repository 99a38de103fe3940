//! Finding titles and decks.

use serde_json::{Value, json};

use crate::harness::TestApp;

#[tokio::test]
async fn a_title_is_found_and_told_whole() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let found = phone.get("/api/titles?q=the%20matirx&limit=1").await.ok();
    let title = &found["items"][0];
    assert_eq!(title["name"], "The Matrix");
    assert_eq!(
        (&title["kind"], &title["year"], &title["poster"]),
        (&json!("film"), &json!(1999), &Value::Null)
    );
    let fields =
        ["id", "original_name", "runtime_min", "genres", "countries", "rating", "overview", "placeholder"];
    for field in fields {
        assert!(title.get(field).is_some(), "{field} is missing: {title}");
    }
}

#[tokio::test]
async fn a_title_without_the_number_that_was_typed_is_only_near() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let known = phone.get("/api/titles?q=Godfather%202").await.ok();
    assert_eq!(known["items"][0]["name"], "The Godfather Part II");
    assert_eq!((&known["near"], &known["read_as"]), (&json!(false), &Value::Null));
    for unknown in ["Rocky%202", "Solaris%202002", "%D0%A7%D1%83%D0%B6%D0%BE%D0%B9%203"] {
        let page = phone.get(&format!("/api/titles?q={unknown}")).await.ok();
        assert_eq!(page["near"], true, "{unknown}: {page}");
        assert_ne!(page["items"], json!([]), "{unknown}: nothing near is shown");
    }
}

#[tokio::test]
async fn an_address_or_a_file_name_says_what_it_was_read_as() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let imdb = json!({"kind": "link", "site": "IMDb", "name": null});
    let letterboxd = json!({"kind": "link", "site": "Letterboxd", "name": "Solaris (2002)"});
    let file = json!({"kind": "file", "name": "The Matrix (1999)"});
    let nowhere = json!({"kind": "link", "site": null, "name": null});
    let cases = [
        ("https://www.imdb.com/title/tt0133093/?ref_=x", Some("The Matrix"), imdb.clone()),
        ("https://www.imdb.com/title/tt9999999/", None, imdb),
        ("https://letterboxd.com/film/solaris-2002/", Some("Solaris"), letterboxd),
        ("The.Matrix.1999.1080p.mkv", Some("The Matrix"), file),
        ("https://example.org/films/7", None, nowhere),
    ];
    for (typed, first, read_as) in cases {
        let typed = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
        let page = phone.get(&format!("/api/titles?q={typed}")).await.ok();
        assert_eq!(page["items"][0]["name"].as_str(), first, "{typed}");
        assert_eq!(page["read_as"], read_as, "{typed}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let whole = phone.get("/api/titles?genre=western&limit=12").await.ok();
    let mut paged = Vec::new();
    let mut cursor = String::new();
    for _ in 0..3 {
        let page = phone.get(&format!("/api/titles?genre=western&limit=4{cursor}")).await.ok();
        paged.extend(page["items"].as_array().unwrap().clone());
        cursor = format!("&cursor={}", page["next"].as_str().expect("there are more"));
    }
    assert_eq!(whole["items"], json!(paged));
}

#[tokio::test]
async fn a_search_is_narrowed_by_everything_that_was_said() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let found = phone
        .get("/api/titles?kind=film&genre=comedy&from_year=1960&to_year=1980&max_runtime=100&limit=50")
        .await
        .ok();
    let items = found["items"].as_array().unwrap();
    assert!(!items.is_empty());
    for title in items {
        assert_eq!(title["kind"], "film");
        assert!(title["genres"].as_array().unwrap().contains(&json!("comedy")));
        assert!((1960..=1980).contains(&title["year"].as_u64().unwrap()), "{title}");
        assert!(title["runtime_min"].as_u64().unwrap() <= 100, "{title}");
    }
}

#[tokio::test]
async fn a_search_that_cannot_be_is_refused() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=-1",
        "kind=play",
        "kind=text",
        "from_year=99999999",
        "cursor=%00",
        "cursor=p+1",
        "cursor=7",
    ] {
        phone.get(&format!("/api/titles?{query}")).await.refuses(422, "invalid");
    }
}

#[tokio::test]
async fn decks_are_listed_briefly_and_told_whole() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let decks = phone.get("/api/decks").await.ok();
    assert!(decks.as_array().unwrap().len() >= 20);
    let deck = &decks[0];
    assert_eq!(deck["titles"].as_array().unwrap().len(), 6);
    let whole = phone.get(&format!("/api/decks/{}", deck["id"].as_str().unwrap())).await.ok();
    assert_eq!(whole["titles"].as_array().unwrap().len() as u64, whole["size"].as_u64().unwrap());
    assert_eq!((&whole["name"], &whole["description"]), (&deck["name"], &deck["description"]));
    for id in ["nobody", "%00", "no%20id"] {
        phone.get(&format!("/api/decks/{id}")).await.refuses(404, "not_found");
    }
}

#[tokio::test]
async fn a_title_without_a_poster_has_none() {
    let app = TestApp::start().await;
    for id in ["c1", "nobody", "%00", "..%2f..%2fsovpalo.sqlite"] {
        app.get(&format!("/api/posters/{id}")).await.refuses(404, "not_found");
    }
}
