//! The OpenAPI description is the contract's HTTP side, whole.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Answer, TestApp};

/// Every call of the contract.
const CONTRACT: [(&str, &str); 45] = [
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
    ("get", "/api/rooms/{code}/history"),
    ("put", "/api/rooms/{code}/history"),
    ("get", "/api/rooms/{code}/never"),
    ("get", "/api/me/titles"),
    ("put", "/api/me/titles"),
    ("get", "/api/me/titles/{id}"),
    ("put", "/api/me/titles/{id}"),
    ("post", "/api/me/titles/import"),
    ("post", "/api/rooms"),
    ("get", "/api/rooms"),
    ("get", "/api/rooms/public"),
    ("get", "/api/rooms/{code}"),
    ("post", "/api/rooms/{code}/join"),
    ("post", "/api/rooms/{code}/report"),
    ("post", "/api/rooms/{code}/selections"),
    ("post", "/api/rooms/{code}/commands"),
    ("get", "/api/rooms/{code}/queue"),
    ("post", "/api/rooms/{code}/share"),
    ("get", "/api/rooms/{code}/messages"),
    ("get", "/api/rooms/{code}/socket"),
    ("get", "/api/rooms/{code}/updates"),
    ("get", "/api/rooms/{code}/ice"),
    ("get", "/api/socket"),
    ("get", "/api/titles"),
    ("get", "/api/titles/elsewhere"),
    ("get", "/api/providers"),
    ("post", "/api/titles/list"),
    ("get", "/api/titles/{id}"),
    ("get", "/api/decks"),
    ("get", "/api/decks/surprise"),
    ("get", "/api/decks/{id}"),
    ("get", "/api/posters/{id}"),
    ("get", "/api/posters/tmdb/{size}/{name}"),
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

#[tokio::test]
async fn no_two_calls_have_one_name() {
    let app = TestApp::start().await;
    let description = described(&app).await;
    let mut names = BTreeSet::new();
    for item in description["paths"].as_object().unwrap().values() {
        for call in item.as_object().unwrap().values() {
            let name = call["operationId"].as_str().unwrap();
            assert!(names.insert(name), "two calls are named {name}");
        }
    }
}

/// What came later: a room that a phone kept from before lacks it.
const ABSENT_OR_NULL: [&str; 2] = ["Title.placeholder", "User.region"];

#[tokio::test]
async fn a_field_of_an_answer_is_absent_or_null_where_there_is_nothing_to_say_but_never_both() {
    let app = TestApp::start().await;
    let description = described(&app).await;
    let mut waiting = vec!["#/components/schemas/SocketServerFrame".to_owned()];
    for item in description["paths"].as_object().unwrap().values() {
        for call in item.as_object().unwrap().values() {
            collect(&call["responses"], &mut waiting);
        }
    }
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    while let Some(reference) = waiting.pop() {
        let shape = description.pointer(reference.trim_start_matches('#')).unwrap();
        if seen.insert(reference.clone()) {
            collect(shape, &mut waiting);
            absent_or_null(reference.rsplit('/').next().unwrap(), shape, &mut found);
        }
    }
    assert!(seen.len() > 40, "only {} shapes are answered", seen.len());
    assert_eq!(found, ABSENT_OR_NULL.map(str::to_owned).into(), "say `required` or `nullable = false` of it");
}

/// The fields of a shape that its readers may miss, or find `null`.
fn absent_or_null(name: &str, shape: &Value, into: &mut BTreeSet<String>) {
    for part in ["oneOf", "allOf"] {
        shape[part].as_array().into_iter().flatten().for_each(|part| absent_or_null(name, part, into));
    }
    let is_required =
        |field: &str| shape["required"].as_array().is_some_and(|required| required.contains(&field.into()));
    let may_be_null = |field: &Value| {
        let kinds = field["type"].as_array();
        let choices = field["oneOf"].as_array();
        kinds.is_some_and(|kinds| kinds.contains(&"null".into()))
            || choices.is_some_and(|choices| choices.iter().any(|choice| choice["type"] == "null"))
    };
    for (field, of) in shape["properties"].as_object().into_iter().flatten() {
        if may_be_null(of) && !is_required(field) {
            into.insert(format!("{name}.{field}"));
        }
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
