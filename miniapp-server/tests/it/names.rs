//! People type one film in many ways, and meet on one card: over HTTP, on the socket, and in the catalogue.

use serde_json::{Value, json};

use crate::harness::{Phone, TestApp};

/// What each group's names mean is one film; every one of them is tried after every other.
const SAME: [&[&str]; 20] = [
    &["Don't Look Up", "Don’t Look Up", "dont look up", "“Don't Look Up” (2021)"],
    &["Спайдер-Мен", "Спайдер‑Мен", "Спайдер – Мен", "спайдермен", "«Спайдер-Мен»"],
    &["Amélie Returns", "Amelie returns", "AMÉLIE RETURNS", "Ame\u{301}lie Returns."],
    &["Tom-E", "Tom–E", "TOM·E", "tome"],
    &["…", "..."],
    &["Ｓolarium", "Solarium", "ＳＯＬＡＲＩＵＭ"],
    &["Ёлки 22", "елки 22", "1) Ёлки 22", "- [x] ЁЛКИ 22"],
    &["Крокодил и Гена", "Крокодил & Гена", "крокодил + гена"],
    &["Tango & Cashmere", "Tango and Cashmere"],
    &["Substance of Things, The", "The Substance of Things", "substance of things"],
    &["Вечер (1985)", "Вечер", "Вечер, 1985 г.", "☑️ Вечер [1985]", "вечер 1985", "№3 «Вечер»"],
    &["Ringo II", "Ringo 2", "RINGO Ⅱ"],
    &["[REQ]", "req", "Req!"],
    // The catalogue has these.
    &["Солярис", "«Солярис»", "Солярис (1972)", "1. Солярис", "СОЛЯРИС.", "Solaris 1972", "Ｓolaris"],
    &["Матрица", "The Matrix", "Matrix, The", "the matrix (1999)", "7) Матрица, 1999"],
    &["Wall-E", "Wall–E", "WALL·E", "Валли", "ВАЛЛ·И (2008)"],
    &["Амели", "Amélie", "Amelie", "Le Fabuleux Destin d’Amelie Poulain"],
    &["Человек-паук", "Человек паук", "Spider-Man", "Spiderman (2002)"],
    &["1917", "1. 1917", "1917 (2019)", "«1917»"],
    &["The Godfather Part II", "Godfather: Part 2, The", "Крестный отец 2"],
];

/// No two names of a group are one film.
const APART: [&[&str]; 8] = [
    &["Solaris (1972)", "Solaris (2002)"],
    &["Aliena", "Alienas", "Aliena 3", "Aliena: Resurrection"],
    &["Rocko II", "Rocko III", "Rocko", "Rocko 4"],
    &["Wonder Woman (2017)", "Wonder Woman 1984"],
    &["Blade Runner", "Blade Runner 2049"],
    &["1+1", "11", "C++", "C"],
    &["Герой вечера", "Герои вечера"],
    &["…", "!", "🎬", "🍿"],
];

async fn pair(app: &TestApp) -> (Phone, Phone, String) {
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    (host, guest, code)
}

async fn selects(phone: &Phone, code: &str, texts: &[&str]) -> Vec<Value> {
    let titles: Vec<Value> = texts.iter().map(|text| json!({ "text": text })).collect();
    let room = phone.post(&format!("/api/rooms/{code}/selections"), json!({ "titles": titles })).await.ok();
    room["my_picks"].as_array().unwrap().clone()
}

/// Whether two people who select these have one card.
async fn meet(host: &Phone, guest: &Phone, code: &str, one: &str, other: &str) -> bool {
    let (ones, others) = (selects(host, code, &[one]).await, selects(guest, code, &[other]).await);
    let meet = ones[0]["id"] == others[0]["id"];
    assert_eq!(ones[0] == others[0], meet, "one card is shown in two ways: {ones:?} {others:?}");
    for phone in [host, guest] {
        selects(phone, code, &[]).await;
    }
    meet
}

#[tokio::test]
async fn two_people_who_type_one_film_differently_have_one_card() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    host.does(&code, json!({ "type": "configure", "picks_per_member": 50 })).await;
    let most = SAME.iter().map(|group| group.len()).max().unwrap();
    // One spelling of every film at once: each after the first one of its group, before it, and after its neighbour.
    for (one, other) in (0..most).flat_map(|place| [(place, 0), (0, place), (place, place + 1)]) {
        let spelled = |place: usize| SAME.map(|group| group[place % group.len()]);
        let (ones, others) =
            (selects(&host, &code, &spelled(one)).await, selects(&guest, &code, &spelled(other)).await);
        for (place, (hers, his)) in ones.iter().zip(&others).enumerate() {
            let (first, second) = (spelled(one)[place], spelled(other)[place]);
            assert_eq!(hers, his, "{first:?} and then {second:?} are two cards");
        }
        assert_eq!((ones.len(), others.len()), (SAME.len(), SAME.len()));
        for phone in [&host, &guest] {
            selects(phone, &code, &[]).await;
        }
    }
}

#[tokio::test]
async fn two_people_who_type_two_films_have_two_cards() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    for group in APART {
        for (place, one) in group.iter().enumerate() {
            for other in group.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, other)| other) {
                assert!(
                    !meet(&host, &guest, &code, one, other).await,
                    "{one:?} and then {other:?} are one card"
                );
            }
        }
    }
}

#[tokio::test]
async fn one_list_has_every_film_once() {
    let app = TestApp::start().await;
    let (host, _, code) = pair(&app).await;
    host.does(&code, json!({ "type": "configure", "picks_per_member": 50 })).await;
    for group in SAME {
        let picks = selects(&host, &code, group).await;
        assert_eq!(picks.len(), 1, "{group:?} is {picks:?}");
    }
    let everything: Vec<&str> = SAME.concat();
    assert_eq!(selects(&host, &code, &everything).await.len(), SAME.len());
}

#[tokio::test]
async fn what_is_typed_and_in_the_catalogue_becomes_its_title() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    for text in ["Матрица", "The Matrix", "«матрица» (1999)"] {
        let picks = selects(&host, &code, &[text]).await;
        assert_eq!((&picks[0]["id"], &picks[0]["kind"]), (&json!("c30"), &json!("film")), "{text}");
    }
    // Near is not the same: it is offered by the search, and never taken for it.
    for text in ["Матрица 2", "The Matrix (2003)", "Matrx", "Fargo", "Blade Runner 2050"] {
        let picks = selects(&guest, &code, &[text]).await;
        assert_eq!((&picks[0]["name"], &picks[0]["kind"]), (&json!(text), &json!("text")), "{text}");
    }
    let room = guest.does(&code, json!({ "type": "pick", "title": { "text": "Matrix" } })).await;
    assert_eq!(
        room["room"]["my_picks"][1]["id"], "c30",
        "the room has The Matrix, and nothing else that is called so"
    );
}

#[tokio::test]
async fn who_took_a_title_from_the_catalogue_meets_who_typed_it() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    // There are two of this name, and nobody said which.
    let typed = selects(&host, &code, &["Fargo"]).await;
    assert_eq!(typed[0]["kind"], "text");
    let found = guest.get("/api/titles?q=fargo").await.ok();
    let mut cards = Vec::new();
    for title in found["items"].as_array().unwrap() {
        let room = guest.does(&code, json!({ "type": "pick", "title": { "id": title["id"] } })).await;
        let picks = room["room"]["my_picks"].as_array().unwrap().clone();
        cards.push(picks.last().unwrap().clone());
    }
    assert_eq!(cards[0]["id"], typed[0]["id"], "the one that was taken first is the one that was typed");
    assert_ne!(cards[1]["id"], typed[0]["id"], "the other one came out in another year");
    for title in found["items"].as_array().unwrap() {
        guest.does(&code, json!({ "type": "unpick", "title": { "id": title["id"] } })).await;
    }
    assert_eq!(guest.room(&code).await["my_picks"], json!([]));
}

#[tokio::test]
async fn a_socket_picks_and_unpicks_by_any_spelling() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    let mut socket = guest.socket(&code).await;
    let mut theirs = host.socket(&code).await;
    for group in SAME {
        theirs.does(json!({ "type": "pick", "title": { "text": group[0] } })).await;
        let card = theirs_pick(&host, &code).await;
        for text in group {
            let ack = socket.does(json!({ "type": "pick", "title": { "text": text } })).await;
            assert_eq!(ack["event"]["my_picks"], json!([card]), "{text}");
            let again = socket.does(json!({ "type": "pick", "title": { "text": group[0] } })).await;
            assert!(again["event"].is_null(), "{} is picked already as {text}", group[0]);
            let by = group[group.len() - 1];
            let ack = socket.does(json!({ "type": "unpick", "title": { "text": by } })).await;
            assert_eq!(ack["event"]["my_picks"], json!([]), "{text} is unpicked as {by}");
        }
        theirs.does(json!({ "type": "unpick", "title": { "text": group[group.len() - 1] } })).await;
    }
}

async fn theirs_pick(host: &Phone, code: &str) -> Value {
    host.room(code).await["my_picks"][0].clone()
}

#[tokio::test]
async fn one_film_under_two_spellings_matches() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    selects(&host, &code, &["Вечер (1985)", "Матрица"]).await;
    selects(&guest, &code, &["The Matrix", "1. «ВЕЧЕР»"]).await;
    let started = host.does(&code, json!({ "type": "start" })).await;
    assert_eq!(started["room"]["deck_size"], 2);
    for title in started["room"]["queue"].as_array().unwrap() {
        let id = title["id"].as_str().unwrap();
        host.likes(&code, id).await;
        guest.likes(&code, id).await;
    }
    assert_eq!(host.room(&code).await["matches"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_pasted_list_is_read_as_titles() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let long = format!("7. {}", "очень ".repeat(20));
    let lines = [
        "Что посмотреть? 🎬",
        "",
        "1. Матрица",
        "2) «Солярис» (1972)",
        "☑️ The Matrix, 1999",
        "- [x] Вечер, которого не было — 1985",
        "•\tвечер, которого не было",
        "———",
        "7. Koğuştaki Mucize",
        "6. Fargo",
        &long,
        "12 стульев",
    ];
    let list = phone.post("/api/titles/list", json!({ "lines": lines })).await.ok();
    let read: Vec<(&str, Option<&str>, bool)> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["text"].as_str().unwrap(), item["title"]["id"].as_str(), item["too_long"] == true))
        .collect();
    let too_long = long.trim_start_matches("7. ").trim();
    assert_eq!(
        read,
        [
            ("Что посмотреть? 🎬", None, false),
            ("Матрица", Some("c30"), false),
            ("«Солярис» (1972)", Some("c123"), false),
            ("Вечер, которого не было — 1985", None, false),
            ("Koğuştaki Mucize", Some("c822"), false),
            ("Fargo", None, false),
            (too_long, None, true),
            ("12 стульев", Some("c78"), false),
        ]
    );
}

#[tokio::test]
async fn a_list_has_its_bounds() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let lines = |count: usize| json!({ "lines": (0..count).map(|line| format!("Film No. {line}")).collect::<Vec<_>>() });
    let list = phone.post("/api/titles/list", lines(200)).await.ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 200);
    phone.post("/api/titles/list", lines(201)).await.refuses(422, "invalid");
    let huge = json!({ "lines": ["(1972".repeat(4_000)] });
    assert_eq!(phone.post("/api/titles/list", huge).await.ok()["items"][0]["too_long"], true);
    let nothing = json!({ "lines": ["", " ", "\u{200B}", "• ", "---"] });
    assert_eq!(phone.post("/api/titles/list", nothing).await.ok()["items"], json!([]));
}
