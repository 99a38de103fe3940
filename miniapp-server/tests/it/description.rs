//! The OpenAPI description is the contract's HTTP side, whole.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Answer, TestApp};

/// Every call of the contract.
const CONTRACT: [(&str, &str); 30] = [
    ("post", "/api/auth/telegram"),
    ("post", "/api/auth/refresh"),
    ("post", "/api/auth/logout"),
    ("get", "/api/me"),
    ("patch", "/api/me"),
    ("delete", "/api/me"),
    ("get", "/api/me/sessions"),
    ("delete", "/api/me/sessions"),
    ("delete", "/api/me/sessions/{id}"),
    ("get", "/api/me/stats"),
    ("post", "/api/rooms"),
    ("get", "/api/rooms"),
    ("get", "/api/rooms/public"),
    ("get", "/api/rooms/{code}"),
    ("post", "/api/rooms/{code}/join"),
    ("post", "/api/rooms/{code}/report"),
    ("post", "/api/rooms/{code}/selections"),
    ("post", "/api/rooms/{code}/commands"),
    ("get", "/api/rooms/{code}/messages"),
    ("get", "/api/rooms/{code}/socket"),
    ("get", "/api/rooms/{code}/updates"),
    ("get", "/api/rooms/{code}/ice"),
    ("get", "/api/socket"),
    ("get", "/api/titles"),
    ("post", "/api/titles/list"),
    ("get", "/api/decks"),
    ("get", "/api/decks/{id}"),
    ("get", "/api/posters/{id}"),
    ("get", "/api/health"),
    ("get", "/api/openapi.json"),
];

async fn described(app: &TestApp) -> Value {
    app.get("/api/openapi.json").await.ok()
}

#[tokio::test]
async fn exactly_the_contracts_calls_are_described() {
    let app = TestApp::start().await;
    let description = described(&app).await;
    let mut found = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            found.insert((method.clone(), path.clone()));
        }
    }
    let wanted: BTreeSet<_> =
        CONTRACT.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn what_is_described_is_served() {
    let app = TestApp::start().await;
    for (method, path) in CONTRACT {
        let method = method.to_uppercase().parse().unwrap();
        let address = format!("{}{}", app.url, path.replace("{code}", "00000000").replace("{id}", "c1"));
        let answer = Answer::read(app.http.request(method, address)).await;
        assert_ne!(answer.body["code"], "method_not_allowed", "{path}");
        if !path.contains("posters") {
            assert_ne!(answer.body["code"], "not_found", "{path}");
        }
    }
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let app = TestApp::start().await;
    let description = described(&app).await;
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference leads outside");
        assert!(description.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for shape in
        ["Session", "Room", "Preview", "Command", "SocketServerFrame", "Event", "Problem", "Deck", "Title"]
    {
        assert!(description["components"]["schemas"].get(shape).is_some(), "{shape} is not described");
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("$ref", Value::String(reference)) => into.push(reference.clone()),
                    _ => collect(value, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}
