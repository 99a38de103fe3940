//! Titles of TMDB: found, named, known, shown, and done without while TMDB is away.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use http::Method;
use serde_json::{Value, json};
use sovpalo_tmdb::testing::{Fault, PNG, StandIn, TOKEN};

use crate::harness::{Answer, Phone, TestApp, eventually};

async fn with_tmdb() -> (StandIn, TestApp) {
    let stand_in = StandIn::start().await;
    let settings = stand_in.settings();
    let app = TestApp::with(|config| config.tmdb = Some(settings)).await;
    (stand_in, app)
}

async fn search(phone: &Phone, text: &str) -> Value {
    let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    phone.get(&format!("/api/titles?q={text}")).await.ok()
}

/// Searches until TMDB has answered.
async fn search_whole(phone: &Phone, text: &str) -> Value {
    loop {
        let page = search(phone, text).await;
        if page["incomplete"] == false {
            return page;
        }
    }
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|title| title["id"].as_str().unwrap()).collect()
}

const LIGHTHOUSE: &str = "tmdb-movie-4001";

#[tokio::test]
async fn titles_of_both_are_found_in_either_language_and_the_same_film_once() {
    let (stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    let page = search_whole(&phone, "тихой бухты").await;
    assert!(ids(&page).contains(&LIGHTHOUSE) && ids(&page).contains(&"tmdb-tv-4002"), "{page}");
    let title = page["items"].as_array().unwrap().iter().find(|title| title["id"] == LIGHTHOUSE).unwrap();
    assert_eq!(title["name"], "The Lighthouse of Quiet Bay", "in the reader's language");
    assert_eq!(title["poster"], "/api/posters/tmdb/w500/lighthouselighthouse.jpg");
    let matrix = search_whole(&phone, "the matrix").await;
    assert_eq!(ids(&matrix)[0], "c30");
    let names: Vec<_> =
        matrix["items"].as_array().unwrap().iter().filter(|title| title["name"] == "The Matrix").collect();
    assert_eq!(names.len(), 1, "{matrix}");
    let by_link = search_whole(&phone, "https://www.imdb.com/title/tt9900001/").await;
    assert_eq!(ids(&by_link), [LIGHTHOUSE]);
    let by_other_link = search_whole(&phone, "https://www.themoviedb.org/movie/4001-x").await;
    assert_eq!(ids(&by_other_link)[0], LIGHTHOUSE, "before what is called like a word of the address");
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn while_tmdb_is_silent_the_catalogue_answers_in_time_and_the_page_says_so() {
    let (stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    stand_in.fault(Fault::Silent);
    let begun = Instant::now();
    let page = search(&phone, "the matrix").await;
    let took = begun.elapsed();
    assert_eq!((ids(&page)[0], &page["incomplete"]), ("c30", &json!(true)));
    assert!(took < Duration::from_secs(1), "it took {took:?}");
    for fault in [Fault::Status(500), Fault::RetryAfter("60"), Fault::Garbage] {
        stand_in.fault(fault);
        assert_eq!(search(&phone, "the matrix reloaded").await["incomplete"], true, "{fault:?}");
    }
}

#[tokio::test]
async fn without_a_token_nobody_is_asked_and_nothing_is_missing() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let page = search(&phone, "quiet bay").await;
    assert_eq!(page["incomplete"], false);
    assert!(!ids(&page).iter().any(|id| id.starts_with("tmdb-")));
    let details = phone.get("/api/titles/c30").await.ok();
    assert_eq!(details["name"], "The Matrix");
    assert_eq!(
        (&details["cast"], &details["watch"], &details["attribution"], &details["incomplete"]),
        (&json!([]), &json!([]), &json!([]), &json!(false))
    );
    phone.get(&format!("/api/titles/{LIGHTHOUSE}")).await.refuses(404, "not_found");
    phone.get("/api/titles/%20").await.refuses(404, "not_found");
    let code = phone.create().await;
    let pick = json!({ "type": "pick", "title": { "id": LIGHTHOUSE } });
    phone.post(&format!("/api/rooms/{code}/commands"), pick).await.refuses(422, "invalid");
    assert_eq!(app.get("/api/posters/tmdb/w500/lighthouselighthouse.jpg").await.status, 404);
}

#[tokio::test]
async fn a_title_that_a_room_names_is_kept_and_the_evening_goes_on_without_tmdb() {
    let (stand_in, app) = with_tmdb().await;
    let host = app.phone(1).await;
    search_whole(&host, "quiet bay").await;
    let code = host.create().await;
    let commands = format!("/api/rooms/{code}/commands");
    // Everything about it is asked for afterwards, and is not waited for.
    let picked = host.post(&commands, json!({ "type": "pick", "title": { "id": LIGHTHOUSE } })).await.ok();
    assert_eq!(picked["room"]["my_picks"][0]["name"], "The Lighthouse of Quiet Bay");
    eventually("the rest is known", async || {
        host.get(&format!("/api/rooms/{code}")).await.ok()["my_picks"][0]["runtime_min"] == 112
    })
    .await;
    stand_in.fault(Fault::Status(500));
    let again = host.post(&commands, json!({ "type": "pick", "title": { "id": LIGHTHOUSE } })).await.ok();
    assert_eq!(again["seq"], picked["seq"], "picking twice is picking once");
    assert_eq!(ids(&search(&host, "lighthouse of quiet").await), [LIGHTHOUSE], "what is kept is found");
    // Another process, which has never asked TMDB.
    let other = app.another_node_with(|config| config.tmdb = None).await;
    let guest = other.phone(2).await;
    let theirs = guest.create().await;
    let picked = guest
        .post(
            &format!("/api/rooms/{theirs}/selections"),
            json!({ "titles": [{ "id": LIGHTHOUSE }, { "id": "c1" }] }),
        )
        .await
        .ok();
    assert_eq!(picked["my_picks"][0]["name"], "The Lighthouse of Quiet Bay");
    assert_eq!(stand_in.violations(), [""; 0]);
}

/// Starts a round with a deck by this filter; the titles of its cards.
async fn deals(phone: &Phone, filter: Value) -> Vec<Value> {
    let code = phone.create().await;
    let commands = format!("/api/rooms/{code}/commands");
    phone.post(&commands, json!({ "type": "configure", "deck": { "filter": filter } })).await.ok();
    phone.post(&commands, json!({ "type": "start" })).await.ok();
    let upcoming = phone.get(&format!("/api/rooms/{code}/queue")).await.ok();
    upcoming["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_deck_by_a_filter_has_what_tmdb_has_beside_the_catalogue_and_starts_without_it() {
    let (stand_in, app) = with_tmdb().await;
    let host = app.phone(1).await;
    let filter = json!({ "kind": "film", "genre": "drama,mystery", "from_year": 2021, "to_year": 2021 });
    let dealt = deals(&host, filter.clone()).await;
    let lighthouse = dealt.iter().find(|title| title["id"] == LIGHTHOUSE);
    assert_eq!(lighthouse.expect("it fits")["name"], "The Lighthouse of Quiet Bay");
    let other =
        |title: &Value| title["id"] != LIGHTHOUSE && title["id"].as_str().unwrap().starts_with("tmdb-");
    assert!(!dealt.iter().any(other), "nothing else of TMDB fits: {dealt:?}");
    let american =
        json!({ "kind": "film", "genre": "drama", "country": "US", "from_year": 2021, "to_year": 2021 });
    assert!(!deals(&host, american).await.iter().any(|title| title["id"] == LIGHTHOUSE), "it is French");
    assert_eq!(stand_in.violations(), [""; 0]);

    stand_in.fault(Fault::Silent);
    let later = json!({ "kind": "film", "genre": "drama", "from_year": 2019, "to_year": 2021 });
    assert!(!deals(&host, later).await.is_empty(), "TMDB is not waited for");
}

#[tokio::test]
async fn a_deck_of_a_provider_has_what_tmdb_says_it_offers_in_the_hosts_country() {
    let (stand_in, app) = with_tmdb().await;
    let host = app.phone(1).await;
    let nowhere = json!({ "items": [], "region": null });
    assert_eq!(host.get("/api/providers").await.ok(), nowhere, "no country is known");
    host.patch("/api/me", json!({ "region": "FR" })).await.ok();
    let here = json!({ "items": ["Netflix", "Apple TV", "Canal+"], "region": "FR" });
    assert_eq!(host.get("/api/providers").await.ok(), here);

    let stored = host.get("/api/titles?provider=netflix").await.ok();
    assert_eq!((&stored["count"], &stored["more_elsewhere"]), (&json!(0), &json!(true)));
    let count =
        async |query: &str| host.get(&format!("/api/titles/elsewhere?{query}")).await.ok()["count"].clone();
    assert_eq!(count("provider=netflix").await, 3);
    assert_eq!(count("provider=netflix&kind=film&from_year=2000").await, 1);
    assert_eq!(count("provider=Nobody").await, 0);
    assert_eq!(count("q=quiet&provider=netflix").await, 0, "words are looked for, and not counted");
    assert_eq!(count("kind=film&genre=sci-fi&to_year=1999").await, 0, "what is stored here is counted there");
    assert_eq!(count("kind=film&genre=mystery&from_year=2021").await, 1);

    let dealt = deals(&host, json!({ "provider": "Netflix", "kind": "film" })).await;
    let mut dealt: Vec<_> = dealt.iter().map(|title| title["id"].as_str().unwrap()).collect();
    dealt.sort_unstable();
    assert_eq!(dealt, ["c30", LIGHTHOUSE], "one of them is the catalogue's");
    let code = host.create().await;
    let configure = async |phone: &Phone, provider: &str| {
        let deck = json!({ "filter": { "provider": provider } });
        let change = json!({ "type": "configure", "deck": deck });
        phone.post(&format!("/api/rooms/{code}/commands"), change).await
    };
    configure(&host, "Nobody").await.refuses(422, "invalid");
    configure(&host, "Canal+").await.refuses(422, "invalid");
    let asked = stand_in.asked().len();
    let guest = app.phone(2).await;
    guest.join(&code).await.ok();
    configure(&guest, "Apple TV").await.refuses(403, "not_host");
    assert_eq!(stand_in.asked().len(), asked, "only a host has TMDB asked");
    assert_eq!(stand_in.violations(), [""; 0]);

    stand_in.fault(Fault::Status(500));
    configure(&host, "Apple TV").await.refuses(503, "unavailable");
    assert_eq!(count("provider=Apple+TV").await, Value::Null, "nobody can say now");
    assert_eq!(configure(&host, "Netflix").await.status, 200, "which was asked a moment ago");
}

#[tokio::test]
async fn without_a_token_a_provider_has_nothing_and_nothing_is_missing() {
    let app = TestApp::with(|config| config.region = Some("FR".into())).await;
    let phone = app.phone(1).await;
    assert_eq!(phone.get("/api/providers").await.ok(), json!({ "items": [], "region": null }));
    let stored = phone.get("/api/titles?provider=Netflix").await.ok();
    assert_eq!((&stored["count"], &stored["more_elsewhere"]), (&json!(0), &json!(false)));
    assert_eq!(phone.get("/api/titles/elsewhere?provider=Netflix").await.ok()["count"], 0);
    let deck = json!({ "filter": { "provider": "Netflix" } });
    phone.post("/api/rooms", json!({ "deck": deck })).await.refuses(422, "invalid");
}

#[tokio::test]
async fn a_pasted_list_names_titles_of_tmdb_unless_several_are_called_so() {
    let (stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    let read = async |lines: &[&str]| -> Vec<(String, Option<String>)> {
        let list = phone.post("/api/titles/list", json!({ "lines": lines })).await.ok();
        let items = list["items"].as_array().unwrap().iter();
        let id = |item: &Value| item["title"]["id"].as_str().map(str::to_owned);
        items.map(|item| (item["text"].as_str().unwrap().to_owned(), id(item))).collect()
    };
    let list = read(&[
        "1. Истории Тихой бухты",
        "2. The Matrix",
        "3. The Lighthouse of Quiet Bay (1955)",
        "4. Quiet Bay Stories",
        "5. No Film Of That Name",
    ])
    .await;
    let ids: Vec<_> = list.iter().map(|(_, id)| id.as_deref()).collect();
    assert_eq!(
        ids,
        [Some("tmdb-tv-4002"), Some("c30"), Some("tmdb-movie-4005"), None],
        "each once: {list:?}"
    );
    assert_eq!(read(&["The Lighthouse of Quiet Bay"]).await[0].1, None, "there are two");
    assert_eq!(stand_in.violations(), [""; 0]);

    stand_in.fault(Fault::Silent);
    let list = read(&["Another Name Of No Film", "The Matrix"]).await;
    assert_eq!(list[1].1.as_deref(), Some("c30"), "TMDB is not waited for");
}

#[tokio::test]
async fn a_title_of_tmdb_can_be_marked_before_any_room_knows_it() {
    let (stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    search_whole(&phone, "quiet bay").await;
    let path = format!("/api/me/titles/{LIGHTHOUSE}");
    assert_eq!(phone.get(&path).await.ok(), json!({ "mark": null }));
    let wanted = phone.request(Method::PUT, &path).json(&json!({ "mark": "wanted" }));
    assert_eq!(Answer::read(wanted).await.status, 204);
    stand_in.fault(Fault::Status(500));
    let list = phone.get("/api/me/titles?mark=wanted").await.ok();
    assert_eq!(ids(&list), [LIGHTHOUSE]);
    let none =
        phone.request(Method::PUT, "/api/me/titles/tmdb-person-4001").json(&json!({ "mark": "wanted" }));
    Answer::read(none).await.refuses(404, "not_found");
}

#[tokio::test]
async fn a_title_that_nobody_can_say_anything_of_is_named_later_and_one_that_is_none_never() {
    let (stand_in, app) = with_tmdb().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    let pick = async |id: &str| {
        let pick = json!({ "type": "pick", "title": { "id": id } });
        host.post(&format!("/api/rooms/{code}/commands"), pick).await
    };
    for none in ["tmdb-movie-7777777", "tmdb-person-4001", "tmdb-movie-04001", "tmdb-movie-99999999999"] {
        pick(none).await.refuses(422, "invalid");
    }
    stand_in.fault(Fault::Status(503));
    pick(LIGHTHOUSE).await.refuses(503, "unavailable");
    stand_in.fault(Fault::None);
    let room = pick(LIGHTHOUSE).await.ok();
    assert_eq!(room["room"]["my_picks"][0]["year"], 2021);
}

#[tokio::test]
async fn a_film_that_the_catalogue_has_is_the_catalogues_by_whichever_id_it_is_named() {
    let (_stand_in, app) = with_tmdb().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    let titles: Vec<Value> =
        ["c30", "tmdb-movie-603", "c3", "tmdb-movie-286217"].map(|id| json!({ "id": id })).into();
    let room = host.post(&format!("/api/rooms/{code}/selections"), json!({ "titles": titles })).await.ok();
    let picks: BTreeSet<_> =
        room["my_picks"].as_array().unwrap().iter().map(|title| title["id"].as_str().unwrap()).collect();
    assert_eq!(picks, BTreeSet::from(["c3", "c30"]));
}

#[tokio::test]
async fn a_stranger_to_a_room_has_nobody_asked() {
    let (stand_in, app) = with_tmdb().await;
    let code = app.phone(1).await.create().await;
    let stranger = app.phone(2).await;
    let pick = json!({ "type": "pick", "title": { "id": LIGHTHOUSE } });
    let answer = stranger.post(&format!("/api/rooms/{code}/commands"), pick).await;
    assert!((400..500).contains(&answer.status), "{}", answer.text);
    assert_eq!(stand_in.asked(), [""; 0]);
}

#[tokio::test]
async fn details_say_who_made_it_and_where_to_watch_it_and_whose_data_that_is() {
    let (stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    let details = phone.get(&format!("/api/titles/{LIGHTHOUSE}")).await.ok();
    assert_eq!(
        (&details["name"], &details["countries"]),
        (&json!("The Lighthouse of Quiet Bay"), &json!(["FR"]))
    );
    assert_eq!(details["directors"], json!(["Jean Director"]));
    assert_eq!(details["cast"].as_array().unwrap().len(), 10);
    assert_eq!(details["trailer"], "https://www.youtube.com/watch?v=official_en");
    assert_eq!(
        (&details["watch"], &details["attribution"]),
        (&json!([]), &json!(["TMDB"])),
        "no region is known"
    );

    for wrong in [json!("fr"), json!("FRA"), json!(""), json!("F1"), json!("ФР")] {
        phone.patch("/api/me", json!({ "region": wrong })).await.refuses(422, "invalid");
    }
    assert_eq!(phone.patch("/api/me", json!({ "region": "FR" })).await.ok()["region"], "FR");
    assert_eq!(phone.patch("/api/me", json!({ "language": "en" })).await.ok()["region"], "FR", "it stays");
    assert_eq!(phone.get("/api/me").await.ok()["region"], "FR");
    let details = phone.get(&format!("/api/titles/{LIGHTHOUSE}")).await.ok();
    assert_eq!(details["watch"][0]["provider"], "Netflix");
    assert_eq!(details["watch"][0]["kind"], "stream");
    assert_eq!(details["watch"][0]["url"], "https://www.themoviedb.org/movie/4001/watch?locale=FR");
    assert_eq!(details["watch"][1]["kind"], "rent");
    assert_eq!(details["attribution"], json!(["TMDB", "JustWatch"]));
    assert_eq!(phone.patch("/api/me", json!({ "region": null })).await.ok()["region"], Value::Null);
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn what_was_known_of_a_title_is_known_while_tmdb_is_away() {
    let (stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    // Of one TMDB's id is known, the other is looked for by its name.
    for id in ["c30", "c3"] {
        let details = phone.get(&format!("/api/titles/{id}")).await.ok();
        assert_eq!((&details["id"], &details["directors"]), (&json!(id), &json!(["Jean Director"])));
        assert_eq!(details["incomplete"], false);
    }
    let asked = stand_in.asked().len();
    stand_in.fault(Fault::Status(500));
    // Another process remembers nothing itself, and the data is older than it is good for.
    let settings = stand_in.settings();
    let other = app.another_node_with(|config| config.tmdb = Some(settings)).await;
    let phone = phone.on(&other);
    assert_eq!(phone.get("/api/titles/c30").await.ok()["incomplete"], false);
    assert_eq!(stand_in.asked().len(), asked, "it is fresh, and nobody was asked");
    let unknown = phone.get("/api/titles/c2").await.ok();
    assert_eq!((&unknown["directors"], &unknown["incomplete"]), (&json!([]), &json!(true)));
}

#[tokio::test]
async fn posters_of_tmdb_are_fetched_once_and_browsers_ask_whether_they_have_them() {
    let (stand_in, app) = with_tmdb().await;
    let path = "/api/posters/tmdb/w342/lighthouselighthouse.jpg";
    let response = app.http.get(format!("{}{path}", app.url)).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    let cache = response.headers()["cache-control"].to_str().unwrap().to_owned();
    assert!(cache.contains("immutable") && cache.contains("public"), "{cache}");
    let etag = response.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(response.bytes().await.unwrap(), PNG);
    let asked = |tag: &str| app.http.get(format!("{}{path}", app.url)).header("if-none-match", tag).send();
    assert_eq!(asked(&etag).await.unwrap().status(), 304);
    assert_eq!(asked(&format!("\"other\", W/{etag}")).await.unwrap().status(), 304);
    assert_eq!(asked("\"other\"").await.unwrap().status(), 200);
    assert_eq!(stand_in.asked(), ["/t/p/w342/lighthouselighthouse.jpg"]);
    for none in ["original/lighthouselighthouse.jpg", "w342/unknown.jpg", "w342/..%2f..%2f3", "w342/a.svg"] {
        assert_eq!(app.get(&format!("/api/posters/tmdb/{none}")).await.status, 404, "{none}");
    }
}

#[tokio::test]
async fn the_token_is_in_no_address() {
    let (stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    search_whole(&phone, "quiet bay").await;
    phone.get(&format!("/api/titles/{LIGHTHOUSE}")).await.ok();
    app.get("/api/posters/tmdb/w342/lighthouselighthouse.jpg").await;
    let asked = stand_in.asked().join("\n");
    assert!(!asked.contains(TOKEN) && !asked.contains("api_key"), "{asked}");
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn built_in_titles_get_posters_by_and_by() {
    let stand_in = StandIn::start().await;
    let settings = stand_in.settings();
    let app = TestApp::start_keeping_up(|config| config.tmdb = Some(settings)).await;
    let phone = app.phone(1).await;
    eventually("the best known title has a poster", async || {
        // The first of all titles that the stand-in knows by its name.
        search(&phone, "the martian").await["items"][0]["poster"] == "/api/posters/c3"
    })
    .await;
    assert_eq!(app.get("/api/posters/c3").await.status, 200);
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn a_title_in_a_room_comes_with_its_placeholder_once_that_is_made() {
    let (_stand_in, app) = with_tmdb().await;
    let phone = app.phone(1).await;
    let code = phone.create().await;
    search_whole(&phone, "lighthouse of quiet").await;
    let pick = json!({ "type": "pick", "title": { "id": LIGHTHOUSE } });
    phone.post(&format!("/api/rooms/{code}/commands"), pick).await.ok();
    eventually("a placeholder is in the title", async || {
        let room = phone.room(&code).await;
        let placeholder = room["my_picks"][0]["placeholder"].as_str();
        placeholder.is_some_and(|picture| picture.starts_with("data:image/png;base64,"))
    })
    .await;
}
