//! Telegram's updates.

use futures::future::join_all;
use serde_json::json;

use super::{Bench, NAMES, at, contract};

contract!(
    the_same_update_is_new_once,
    updates_are_handled_in_telegrams_order,
    a_handled_update_is_neither_pending_nor_new,
    texts_of_every_kind_come_back,
);

async fn the_same_update_is_new_once(bench: Bench) {
    let db = bench.db().await;
    let payload = json!({"update_id": 5});
    let stored = join_all((0..8).map(|_| db.store_update(5, &payload, at(0)))).await;
    assert_eq!(stored.into_iter().filter(|new| *new.as_ref().unwrap()).count(), 1);
    assert_eq!(db.pending_updates(9).await.unwrap().len(), 1);
}

async fn updates_are_handled_in_telegrams_order(bench: Bench) {
    let db = bench.db().await;
    for id in [3, i64::MAX, 1, -2, 2] {
        db.store_update(id, &json!({}), at(0)).await.unwrap();
    }
    let ids: Vec<i64> = db.pending_updates(4).await.unwrap().into_iter().map(|update| update.id).collect();
    assert_eq!(ids, [-2, 1, 2, 3]);
}

async fn a_handled_update_is_neither_pending_nor_new(bench: Bench) {
    let db = bench.db().await;
    db.store_update(5, &json!({}), at(0)).await.unwrap();
    db.update_done(5).await.unwrap();
    assert_eq!(db.pending_updates(9).await.unwrap(), []);
    assert!(!db.store_update(5, &json!({}), at(1)).await.unwrap());
    assert_eq!(db.pending_updates(9).await.unwrap(), []);
}

async fn texts_of_every_kind_come_back(bench: Bench) {
    let db = bench.db().await;
    let payload =
        json!({"message": {"text": "a\0b", "names": NAMES, "n": 1.5e300, "long": "я".repeat(100_000)}});
    assert!(db.store_update(5, &payload, at(0)).await.unwrap());
    assert_eq!(db.pending_updates(9).await.unwrap()[0].payload, payload);
}
