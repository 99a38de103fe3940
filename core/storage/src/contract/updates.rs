//! Telegram's updates.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use serde_json::{Value, json};

use super::{Bench, NAMES, at, contract};
use crate::{Db, Kind, Lease, Worker, run};

contract!(
    the_same_update_is_new_once,
    lanes_are_claimed_side_by_side_in_telegrams_order,
    within_a_lane_the_next_one_waits_until_the_one_before_is_done,
    an_update_that_came_out_of_order_waits_for_the_one_in_work,
    a_claimed_update_is_nobody_elses_until_its_lease_ends,
    a_renewed_lease_goes_on_and_a_lost_one_is_not_renewed,
    workers_at_once_never_claim_the_same_and_lose_none,
    a_handled_update_is_neither_waiting_nor_new,
    what_a_worker_leaves_is_anybodys_at_once,
    handled_updates_are_forgotten_when_they_are_old,
    texts_of_every_kind_come_back,
);

fn lease(by: Worker, seconds: i64) -> Lease {
    Lease { by, ..super::lease(at(seconds)) }
}

/// The ids of what can be claimed, and is now.
async fn claim(db: &Db, by: Worker, seconds: i64) -> Vec<i64> {
    let claimed = db.claim_updates(100, lease(by, seconds)).await.unwrap();
    claimed.into_iter().map(|update| update.id).collect()
}

/// The job of an update.
async fn job(db: &Db, id: i64) -> i64 {
    let job = run!(db, |pool| sqlx::query_scalar("SELECT id FROM jobs WHERE position = $1")
        .bind(id)
        .fetch_one(pool));
    job.unwrap()
}

async fn handled(db: &Db, id: i64) {
    db.jobs(Kind::Update).done(&[job(db, id).await]).await.unwrap();
}

async fn the_same_update_is_new_once(bench: Bench) {
    let db = bench.db().await;
    let stored = join_all((0..8).map(|_| db.store_update(5, 1, None, "{}", at(0)))).await;
    assert_eq!(stored.into_iter().filter(|new| *new.as_ref().unwrap()).count(), 1);
    assert_eq!(db.jobs(Kind::Update).depth().await.unwrap().waiting, 1);
}

async fn lanes_are_claimed_side_by_side_in_telegrams_order(bench: Bench) {
    let db = bench.db().await;
    for (id, lane) in [(3, 30), (i64::MAX, 20), (1, 10), (-2, i64::MIN), (2, 20)] {
        db.store_update(id, lane, None, "{}", at(0)).await.unwrap();
    }
    let worker = Worker::new();
    let first: Vec<i64> =
        db.claim_updates(2, lease(worker, 0)).await.unwrap().into_iter().map(|u| u.id).collect();
    assert_eq!(first, [-2, 1]);
    assert_eq!(claim(&db, worker, 0).await, [2, 3], "the fifth is behind another of its lane");
}

async fn within_a_lane_the_next_one_waits_until_the_one_before_is_done(bench: Bench) {
    let db = bench.db().await;
    let (one, other) = (Worker::new(), Worker::new());
    for id in 1..=3 {
        db.store_update(id, -7, None, "{}", at(0)).await.unwrap();
    }
    for id in 1..=3 {
        assert_eq!(claim(&db, one, id).await, [id]);
        assert_eq!(claim(&db, one, id).await, [0; 0], "not even by the same worker");
        assert_eq!(claim(&db, other, id).await, [0; 0]);
        handled(&db, id).await;
    }
    assert_eq!(claim(&db, other, 4).await, [0; 0]);
}

async fn an_update_that_came_out_of_order_waits_for_the_one_in_work(bench: Bench) {
    let db = bench.db().await;
    db.store_update(6, 1, None, "{}", at(0)).await.unwrap();
    assert_eq!(claim(&db, Worker::new(), 0).await, [6]);
    db.store_update(5, 1, None, "{}", at(1)).await.unwrap();
    assert_eq!(claim(&db, Worker::new(), 1).await, [0; 0]);
    handled(&db, 6).await;
    assert_eq!(claim(&db, Worker::new(), 2).await, [5]);
}

async fn a_claimed_update_is_nobody_elses_until_its_lease_ends(bench: Bench) {
    let db = bench.db().await;
    db.store_update(5, 1, None, "{}", at(0)).await.unwrap();
    assert_eq!(claim(&db, Worker::new(), 0).await, [5]);
    assert_eq!(claim(&db, Worker::new(), 29).await, [0; 0]);
    assert_eq!(claim(&db, Worker::new(), 30).await, [5], "whoever had it is gone");
}

async fn a_renewed_lease_goes_on_and_a_lost_one_is_not_renewed(bench: Bench) {
    let db = bench.db().await;
    let (slow, quick) = (Worker::new(), Worker::new());
    for id in [5, 6] {
        db.store_update(id, id, None, "{}", at(0)).await.unwrap();
    }
    assert_eq!(claim(&db, slow, 0).await, [5, 6]);
    let ids = [job(&db, 5).await, job(&db, 6).await, 77];
    db.jobs(Kind::Update).renew(&ids[..1], lease(slow, 20)).await.unwrap();
    assert_eq!(claim(&db, quick, 31).await, [6]);
    db.jobs(Kind::Update).renew(&ids, lease(slow, 40)).await.unwrap();
    assert_eq!(claim(&db, slow, 61).await, [6], "the other one's lease ended when it would have anyway");
}

async fn workers_at_once_never_claim_the_same_and_lose_none(bench: Bench) {
    let dbs = [bench.db().await, bench.db().await];
    for id in 0..120 {
        dbs[0].store_update(id, id % 40, None, "{}", at(0)).await.unwrap();
    }
    let work = |n: usize| {
        let db = &dbs[n % 2];
        async move {
            let worker = Worker::new();
            let mut handled = Vec::new();
            loop {
                let claimed = db.claim_updates(5, lease(worker, 1)).await.unwrap();
                if claimed.is_empty() && db.jobs(Kind::Update).depth().await.unwrap().waiting == 0 {
                    return handled;
                }
                for update in claimed {
                    handled.push(update.id);
                    db.jobs(Kind::Update).done(&[update.job]).await.unwrap();
                }
            }
        }
    };
    let handled: Vec<i64> = join_all((0..6).map(work)).await.concat();
    assert_eq!(handled.len(), 120, "each one once: {handled:?}");
    assert_eq!(handled.into_iter().collect::<BTreeSet<_>>().len(), 120);
}

async fn a_handled_update_is_neither_waiting_nor_new(bench: Bench) {
    let db = bench.db().await;
    db.store_update(5, 1, None, "{}", at(0)).await.unwrap();
    handled(&db, 5).await;
    assert_eq!(db.jobs(Kind::Update).depth().await.unwrap().waiting, 0);
    assert!(!db.store_update(5, 1, None, "{}", at(1)).await.unwrap());
    assert_eq!(claim(&db, Worker::new(), 1_000).await, [0; 0]);
}

async fn what_a_worker_leaves_is_anybodys_at_once(bench: Bench) {
    let db = bench.db().await;
    let (leaving, staying) = (Worker::new(), Worker::new());
    for id in 1..=3 {
        db.store_update(id, id, None, "{}", at(0)).await.unwrap();
    }
    db.claim_updates(1, lease(staying, 0)).await.unwrap();
    assert_eq!(claim(&db, leaving, 0).await, [2, 3]);
    handled(&db, 2).await;
    db.jobs(Kind::Update).release(leaving).await.unwrap();
    assert_eq!(claim(&db, Worker::new(), 1).await, [3]);
}

async fn handled_updates_are_forgotten_when_they_are_old(bench: Bench) {
    let db = bench.db().await;
    for (id, seconds) in [(1, 0), (2, 0), (3, 10)] {
        db.store_update(id, id, None, "{}", at(seconds)).await.unwrap();
    }
    for id in [1, 3] {
        handled(&db, id).await;
    }
    assert_eq!(db.jobs(Kind::Update).forget_done(Duration::from_secs(5), at(15)).await.unwrap(), 1);
    assert!(db.store_update(1, 1, None, "{}", at(20)).await.unwrap(), "it is not known any more");
    assert!(!db.store_update(2, 2, None, "{}", at(20)).await.unwrap(), "what is not done stays, however old");
    assert!(!db.store_update(3, 3, None, "{}", at(20)).await.unwrap());
}

async fn texts_of_every_kind_come_back(bench: Bench) {
    let db = bench.db().await;
    let payload =
        json!({"message": {"text": "a\0b", "names": NAMES, "n": 1.5e300, "long": "я".repeat(100_000)}});
    assert!(db.store_update(5, 1, None, &payload.to_string(), at(0)).await.unwrap());
    let claimed = db.claim_updates(9, lease(Worker::new(), 0)).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&claimed[0].payload).unwrap(), payload);
}
