//! What I want to watch, have watched or hide; and lists that I bring along.

use std::io::{Cursor, Write};

use http::Method;
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::harness::{Answer, Phone, TestApp};

async fn marks(phone: &Phone, title: &str, mark: Value) -> Answer {
    let path = format!("/api/me/titles/{title}");
    Answer::read(phone.request(Method::PUT, &path).json(&json!({ "mark": mark }))).await
}

async fn marks_all(phone: &Phone, titles: &[&str], mark: Value) -> Answer {
    let body = json!({ "titles": titles, "mark": mark });
    Answer::read(phone.request(Method::PUT, "/api/me/titles").json(&body)).await
}

async fn imports(phone: &Phone, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/me/titles/import{query}");
    Answer::read(phone.request(Method::POST, &path).body(file.into())).await
}

async fn listed(phone: &Phone, query: &str) -> Vec<String> {
    let page = phone.get(&format!("/api/me/titles{query}")).await.ok();
    ids(&page["items"])
}

fn ids(titles: &Value) -> Vec<String> {
    titles.as_array().unwrap().iter().map(|title| title["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_title_has_one_mark_of_mine_and_the_last_one_counts() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.phone(1).await, app.phone(2).await);
    assert_eq!(anna.get("/api/me/titles/c1").await.ok(), json!({ "mark": null }));
    for mark in [json!("wanted"), json!("watched"), json!("watched"), json!("hidden")] {
        assert_eq!(marks(&anna, "c1", mark.clone()).await.status, 204);
        assert_eq!(anna.get("/api/me/titles/c1").await.ok(), json!({ "mark": mark }));
    }
    assert_eq!(listed(&anna, "?mark=hidden").await, ["c1"]);
    assert_eq!(listed(&anna, "?mark=wanted").await, [""; 0]);
    assert_eq!(listed(&anna, "?mark=").await, ["c1"], "no mark is any mark");
    assert_eq!(ben.get("/api/me/titles/c1").await.ok(), json!({ "mark": null }), "it is somebody else's");
    assert_eq!(listed(&ben, "").await, [""; 0]);
    for _ in 0..2 {
        assert_eq!(marks(&anna, "c1", Value::Null).await.status, 204);
        assert_eq!(listed(&anna, "").await, [""; 0]);
    }
}

#[tokio::test]
async fn what_is_no_title_or_no_mark_is_refused() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    marks(&phone, "nobody-knows-it", json!("wanted")).await.refuses(404, "not_found");
    marks(&phone, "%00%22", json!("wanted")).await.refuses(404, "not_found");
    phone.get("/api/me/titles/nobody-knows-it").await.refuses(404, "not_found");
    marks(&phone, "c1", json!("loved")).await.refuses(422, "invalid");
    marks(&phone, "c1", json!(7)).await.refuses(422, "invalid");
    let nothing = phone.request(Method::PUT, "/api/me/titles/c1").json(&json!({}));
    Answer::read(nothing).await.refuses(422, "invalid");
    marks_all(&phone, &["c1", "nobody-knows-it"], json!("wanted")).await.refuses(422, "invalid");
    assert_eq!(listed(&phone, "").await, [""; 0], "all of them or none");
    marks_all(&phone, &["c1"; 501], json!("wanted")).await.refuses(422, "invalid");
    for query in ["?mark=loved", "?limit=0", "?limit=101", "?cursor=x", "?cursor=1.%22", "?cursor=.c1"] {
        phone.get(&format!("/api/me/titles{query}")).await.refuses(422, "invalid");
    }
    for path in ["/api/me/titles", "/api/me/titles/c1"] {
        app.get(path).await.refuses(401, "unauthenticated");
    }
    app.post("/api/me/titles/import", &json!("Solaris")).await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_the_newest_first() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let titles: Vec<String> = (1..=25).map(|n| format!("c{n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    assert_eq!(marks_all(&phone, &titles, json!("watched")).await.status, 204);
    app.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(marks(&phone, "c30", json!("watched")).await.status, 204);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = phone.get(&format!("/api/me/titles?mark=watched&limit=10{cursor}")).await.ok();
        seen.extend(ids(&page["items"]));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.first().map(String::as_str), Some("c30"));
    assert_eq!(seen.len(), 26, "{seen:?}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 26, "a title is on two pages");
}

#[tokio::test]
async fn whoever_erases_themselves_leaves_no_marks() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    assert_eq!(marks(&phone, "c1", json!("hidden")).await.status, 204);
    assert_eq!(phone.delete("/api/me").await.status, 204);
    marks(&phone, "c2", json!("hidden")).await.refuses(401, "unauthenticated");
    let back = app.phone(1).await;
    assert_eq!(listed(&back, "").await, [""; 0]);
}

#[tokio::test]
async fn a_list_says_what_it_names_and_marks_nothing() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let csv = "Const,Your Rating,Title,Title Type,Year\n\
        tt0133093,9,The Matrix,Movie,1999\ntt9000001,,Paris Summer,Movie,1987\ntt9000002,8,A Game,Video Game,2001\n";
    let list = imports(&phone, "", csv).await.ok();
    let line = &list["recognised"][0];
    assert_eq!((&line["line"], &line["mark"], &line["file"]), (&json!(2), &json!("watched"), &Value::Null));
    assert_eq!((&line["title"]["id"], &line["title"]["name"]), (&json!("c30"), &json!("The Matrix")));
    assert_eq!(list["typed"], json!([{ "line": 3, "file": null, "text": "Paris Summer (1987)" }]));
    let rejected = &list["rejected"][0];
    assert_eq!((&rejected["line"], &rejected["code"]), (&json!(4), &json!("no_film")));
    assert!(rejected["reason"].as_str().unwrap().contains("neither a film nor a series"));
    assert_eq!(listed(&phone, "").await, [""; 0], "nobody asked for that");

    let utf16: Vec<u8> = "\u{FEFF}\"Title\"\t\"Year\"\n\"Матрица\"\t\"1999\"\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let list = imports(&phone, "?name=watchlist.csv", utf16.clone()).await.ok();
    assert_eq!(
        (&list["recognised"][0]["title"]["id"], &list["recognised"][0]["mark"]),
        (&json!("c30"), &json!("wanted"))
    );

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("films/watched.csv", SimpleFileOptions::default()).unwrap();
    zip.write_all(&utf16).unwrap();
    let list = imports(&phone, "", zip.finish().unwrap().into_inner()).await.ok();
    assert_eq!(list["recognised"][0]["file"], "films/watched.csv");
    assert_eq!(list["recognised"][0]["mark"], "watched");

    let list = imports(&phone, "", "1. Матрица\n2. Кино, которого нет\n").await.ok();
    assert_eq!(list["recognised"][0]["title"]["id"], "c30");
    assert_eq!(list["typed"][0]["text"], "Кино, которого нет");
}

#[tokio::test]
async fn what_is_no_list_or_too_large_is_refused_with_a_reason() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    for file in [&b""[..], b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04broken", b"\xFF\xFEx"] {
        let refused = imports(&phone, "", file).await;
        refused.refuses(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], "file");
    }
    let large = imports(&phone, "", vec![b'\n'; 2 * 1024 * 1024 + 1]).await;
    large.refuses(413, "too_large");
    assert_eq!(large.body["detail"], "the file is larger than 2 MB");
    let most = "A film that nobody knows and that has a rather long name\n".repeat(36_000);
    assert!(most.len() > 2_000_000 && most.len() <= 2 * 1024 * 1024);
    let list = imports(&phone, "", most).await.ok();
    assert_eq!(list["rejected"].as_array().unwrap().last().unwrap()["code"], "too_many");
}

#[tokio::test]
async fn what_somebody_here_has_seen_is_left_out_of_the_deck_and_nobody_learns_whose_it_is() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let decks = host.get("/api/decks").await.ok();
    let deck = decks[0]["id"].as_str().unwrap();
    let in_deck = host.get(&format!("/api/decks/{deck}")).await.ok();
    let titles = ids(&in_deck["titles"]);
    let code = host.create_with(json!({ "deck": deck, "picks_per_member": 50 })).await;
    guest.join(&code).await.ok();
    assert_eq!(host.room(&code).await["leave_out_seen"], false);
    guest
        .command(&code, json!({ "type": "configure", "leave_out_seen": true }))
        .await
        .refuses(403, "not_host");
    host.does(&code, json!({ "type": "configure", "leave_out_seen": true })).await;
    let said = guest.room(&code).await;
    assert_eq!(said["leave_out_seen"], true, "it is said aloud");

    let (seen, hidden, picked) = (titles[0].as_str(), titles[1].as_str(), titles[2].as_str());
    assert_eq!(marks(&guest, seen, json!("watched")).await.status, 204);
    assert_eq!(marks(&host, hidden, json!("hidden")).await.status, 204);
    assert_eq!(marks_all(&guest, &[picked], json!("watched")).await.status, 204);
    host.select(&code, &[picked]).await;
    let before = host.room(&code).await;
    assert_eq!(guest.room(&code).await["members"], before["members"], "a mark shows");

    host.does(&code, json!({ "type": "start" })).await;
    let room = host.room(&code).await;
    host.does(&code, json!({ "type": "finish" })).await;
    let results = host.room(&code).await["results"].clone();
    let played: Vec<&str> =
        results.as_array().unwrap().iter().map(|ranked| ranked["title"]["id"].as_str().unwrap()).collect();
    assert_eq!(room["deck_size"], played.len());
    assert!(!played.contains(&seen) && !played.contains(&hidden), "{played:?}");
    assert!(played.contains(&picked), "somebody picked it on purpose");
    assert_eq!(played.len(), titles.len() - 2);
}
