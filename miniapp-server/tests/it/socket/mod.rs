//! A phone's one socket: what comes, in which order, in which room.

mod bounds;
mod devices;
mod evening;
mod lines;
mod opening;
mod order;
mod presence;
mod signals;
mod talk;
mod timed;
mod unread;
mod voice;

use serde_json::{Value, json};

use crate::harness::{Phone, TestApp};

/// I am ready, or not.
pub(crate) fn ready(ready: bool) -> Value {
    json!({ "type": "ready", "ready": ready })
}

/// People 1 to `people` in a room; the first is its host.
pub(crate) async fn gathered(app: &TestApp, people: i64) -> (Vec<Phone>, String) {
    let mut phones = vec![app.phone(1).await];
    let code = phones[0].create().await;
    for number in 2..=people {
        let phone = app.phone(number).await;
        phone.join(&code).await.ok();
        phones.push(phone);
    }
    (phones, code)
}

/// The same, swiping these titles.
pub(crate) async fn swiping(app: &TestApp, people: i64, titles: &[&str]) -> (Vec<Phone>, String) {
    let (phones, code) = gathered(app, people).await;
    phones[0].does(&code, json!({ "type": "configure", "picks_per_member": 50 })).await;
    phones[0].select(&code, titles).await;
    phones[0].does(&code, json!({ "type": "start" })).await;
    (phones, code)
}

/// One object with the fields of another added.
pub(crate) fn merged(one: &Value, other: &Value) -> Value {
    let fields = [one, other].into_iter().filter_map(Value::as_object).flatten();
    fields.map(|(key, value)| (key.clone(), value.clone())).collect::<serde_json::Map<_, _>>().into()
}

pub(crate) fn swipe(title: &str, verdict: &str) -> Value {
    json!({ "type": "swipe", "title": title, "verdict": verdict })
}
