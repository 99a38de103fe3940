//! The queue itself: what holds for every kind of job.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Bench, at, contract,
    story::{reachable, room},
    tamper, user,
};
use crate::{
    Db, Depth, Kind, Lease, Sending, Worker,
    chores::{self, DueChore},
    clock::Clock,
    jobs::{Again, NewJob},
    run,
};
use futures::future::join_all;

contract!(
    a_job_that_is_enqueued_again_is_done_once,
    a_job_that_may_come_again_is_due_once_more_with_what_is_new,
    what_a_transaction_that_was_undone_enqueued_never_was,
    what_many_enqueue_at_once_is_there_once,
    kinds_do_not_wait_for_each_other,
    a_lane_is_done_in_its_order_and_others_beside_it,
    of_many_workers_no_two_are_in_one_lane,
    what_is_given_up_is_seen_until_it_is_forgotten_and_holds_up_nobody,
    what_was_given_up_may_come_again,
    what_is_done_keeps_its_key_until_it_is_old,
    a_chore_is_due_once_for_each_period_whoever_enqueues_it,
    what_is_old_is_forgotten_by_the_chores,
    what_somebody_sent_is_not_handled_after_they_were_erased,
);

fn job(key: &str, lane: &str) -> NewJob {
    NewJob {
        kind: Kind::Notice,
        key: key.to_owned(),
        lane: lane.to_owned(),
        position: 0,
        member: None,
        payload: format!("\"{key}\""),
    }
}

async fn enqueue(db: &Db, jobs: &[NewJob], again: Again, seconds: i64) {
    let mut tx = db.begin().await.unwrap();
    tx.enqueue(jobs, again, at(seconds)).await.unwrap();
    tx.commit().await.unwrap();
}

fn lease(by: Worker, seconds: i64) -> Lease {
    Lease { by, ..super::lease(at(seconds)) }
}

/// What can be taken, and is now: ids and payloads.
async fn taken(db: &Db, seconds: i64) -> Vec<(i64, String)> {
    let taken = db.jobs(Kind::Notice).take(100, lease(Worker::new(), seconds)).await.unwrap();
    taken.into_iter().map(|job| (job.id, job.payload)).collect()
}

fn payloads(taken: &[(i64, String)]) -> Vec<&str> {
    taken.iter().map(|(_, payload)| payload.trim_matches('"')).collect()
}

async fn a_job_that_is_enqueued_again_is_done_once(bench: Bench) {
    let db = bench.db().await;
    for seconds in [0, 1] {
        enqueue(&db, &[job("a", "lane")], Again::Never, seconds).await;
    }
    let first = taken(&db, 2).await;
    assert_eq!(payloads(&first), ["a"]);
    enqueue(&db, &[job("a", "lane")], Again::Never, 3).await;
    db.jobs(Kind::Notice).done(&[first[0].0]).await.unwrap();
    enqueue(&db, &[job("a", "lane")], Again::Never, 4).await;
    assert_eq!(taken(&db, 1_000).await, []);
}

async fn a_job_that_may_come_again_is_due_once_more_with_what_is_new(bench: Bench) {
    let db = bench.db().await;
    let saying = |payload: &str| NewJob { payload: payload.to_owned(), ..job("a", "lane") };
    enqueue(&db, &[saying("1")], Again::Always, 0).await;
    enqueue(&db, &[saying("2")], Again::Always, 0).await;
    let first = taken(&db, 0).await;
    assert_eq!(payloads(&first), ["2"]);
    enqueue(&db, &[saying("3")], Again::Always, 1).await;
    assert_eq!(taken(&db, 1).await, [], "somebody is at work on it");
    db.jobs(Kind::Notice).done(&[first[0].0]).await.unwrap();
    let second = taken(&db, 1).await;
    assert_eq!(payloads(&second), ["3"]);
    db.jobs(Kind::Notice).done(&[second[0].0]).await.unwrap();
    assert_eq!(taken(&db, 1_000).await, []);
    enqueue(&db, &[saying("4")], Again::Always, 1_001).await;
    assert_eq!(payloads(&taken(&db, 1_001).await), ["4"]);
}

async fn what_a_transaction_that_was_undone_enqueued_never_was(bench: Bench) {
    let db = bench.db().await;
    let mut tx = db.begin().await.unwrap();
    tx.enqueue(&[job("a", "lane")], Again::Never, at(0)).await.unwrap();
    drop(tx);
    enqueue(&db, &[job("b", "lane")], Again::Never, 0).await;
    assert_eq!(payloads(&taken(&db, 1).await), ["b"]);
}

async fn what_many_enqueue_at_once_is_there_once(bench: Bench) {
    let db = bench.db().await;
    let many: Vec<NewJob> = (0..700).map(|n| job(&format!("{n}"), &format!("{n}"))).collect();
    join_all((0..4).map(|_| enqueue(&db, &many, Again::Never, 0))).await;
    assert_eq!(db.jobs(Kind::Notice).depth().await.unwrap(), Depth { waiting: 700, in_work: 0, given_up: 0 });
}

async fn kinds_do_not_wait_for_each_other(bench: Bench) {
    let db = bench.db().await;
    let update = NewJob { kind: Kind::Update, ..job("a", "lane") };
    enqueue(&db, &[update, job("a", "lane")], Again::Never, 0).await;
    assert_eq!(payloads(&taken(&db, 0).await), ["a"]);
    assert_eq!(db.claim_updates(9, lease(Worker::new(), 0)).await.unwrap().len(), 1);
}

async fn a_lane_is_done_in_its_order_and_others_beside_it(bench: Bench) {
    let db = bench.db().await;
    let placed = |key: &str, position| NewJob { position, ..job(key, "lane") };
    enqueue(&db, &[placed("late", 9), placed("early", 1), job("other", "other")], Again::Never, 0).await;
    let first = taken(&db, 0).await;
    assert_eq!(payloads(&first), ["other", "early"], "the head of each lane");
    db.jobs(Kind::Notice).again(first[1].0, at(50)).await.unwrap();
    assert_eq!(taken(&db, 49).await.len(), 1, "the first one is tried again before the next: {first:?}");
    let again = taken(&db, 100).await;
    assert_eq!(payloads(&again), ["other", "early"]);
    db.jobs(Kind::Notice).done(&[again[1].0]).await.unwrap();
    assert_eq!(payloads(&taken(&db, 101).await), ["late"]);
}

async fn of_many_workers_no_two_are_in_one_lane(bench: Bench) {
    let dbs = [bench.db().await, bench.db().await];
    let jobs: Vec<NewJob> = (0..200).map(|n| job(&format!("{n:03}"), &format!("{}", n % 10))).collect();
    enqueue(&dbs[0], &jobs, Again::Never, 0).await;
    let busy = std::sync::Mutex::new(BTreeSet::new());
    let work = |n: usize| {
        let (db, busy) = (&dbs[n % 2], &busy);
        async move {
            let worker = Worker::new();
            let mut done = Vec::new();
            loop {
                let taken = db.jobs(Kind::Notice).take(3, lease(worker, 1)).await.unwrap();
                if taken.is_empty() && db.jobs(Kind::Notice).depth().await.unwrap().waiting == 0 {
                    return done;
                }
                for job in taken {
                    let number: usize = job.payload.trim_matches('"').parse().unwrap();
                    assert!(busy.lock().unwrap().insert(number % 10), "two are in lane {}", number % 10);
                    tokio::task::yield_now().await;
                    done.push(number);
                    busy.lock().unwrap().remove(&(number % 10));
                    db.jobs(Kind::Notice).done(&[job.id]).await.unwrap();
                }
            }
        }
    };
    let done: Vec<usize> = join_all((0..6).map(work)).await.concat();
    assert_eq!(done.len(), 200, "each once");
    assert_eq!(done.into_iter().collect::<BTreeSet<_>>().len(), 200);
}

async fn what_is_given_up_is_seen_until_it_is_forgotten_and_holds_up_nobody(bench: Bench) {
    let db = bench.db().await;
    enqueue(&db, &[job("a", "lane"), job("b", "lane")], Again::Never, 0).await;
    let first = taken(&db, 0).await;
    db.jobs(Kind::Notice).give_up(first[0].0).await.unwrap();
    assert_eq!(payloads(&taken(&db, 0).await), ["b"]);
    assert_eq!(db.jobs(Kind::Notice).depth().await.unwrap(), Depth { waiting: 1, in_work: 1, given_up: 1 });
    let kept = Duration::from_secs(60);
    assert_eq!(db.jobs(Kind::Notice).forget_given_up(kept, at(60)).await.unwrap(), 0);
    assert_eq!(db.jobs(Kind::Notice).forget_given_up(kept, at(61)).await.unwrap(), 1);
    assert_eq!(db.jobs(Kind::Notice).depth().await.unwrap(), Depth { waiting: 1, in_work: 1, given_up: 0 });
    enqueue(&db, &[job("a", "elsewhere")], Again::Never, 62).await;
    assert_eq!(payloads(&taken(&db, 62).await), ["b"], "its key is still known");
}

async fn what_was_given_up_may_come_again(bench: Bench) {
    let db = bench.db().await;
    enqueue(&db, &[job("a", "lane")], Again::Always, 0).await;
    let first = taken(&db, 0).await;
    db.jobs(Kind::Notice).give_up(first[0].0).await.unwrap();
    assert_eq!(taken(&db, 1_000).await, []);
    enqueue(&db, &[job("a", "lane")], Again::Always, 1_001).await;
    let again = db.jobs(Kind::Notice).take(9, lease(Worker::new(), 1_001)).await.unwrap();
    assert_eq!(again.iter().map(|job| job.attempts().unwrap()).collect::<Vec<_>>(), [0]);
    assert_eq!(db.jobs(Kind::Notice).depth().await.unwrap(), Depth { waiting: 1, in_work: 1, given_up: 0 });
    // One that was enqueued again while it was in work has not been tried.
    enqueue(&db, &[job("a", "lane")], Again::Always, 1_002).await;
    db.jobs(Kind::Notice).give_up(first[0].0).await.unwrap();
    assert_eq!(payloads(&taken(&db, 1_002).await), ["a"]);
}

async fn what_is_done_keeps_its_key_until_it_is_old(bench: Bench) {
    let db = bench.db().await;
    enqueue(&db, &[job("a", "lane"), job("b", "other")], Again::Never, 0).await;
    let first = taken(&db, 0).await;
    db.jobs(Kind::Notice).done(&[first[0].0]).await.unwrap();
    // Nothing can be read of what is done.
    tamper(&db, "UPDATE jobs SET payload = 1 / (CASE WHEN payload IS NULL THEN 1 ELSE 0 END) WHERE done")
        .await;
    let kept = Duration::from_secs(60);
    assert_eq!(db.jobs(Kind::Notice).forget_done(kept, at(61)).await.unwrap(), 1, "b is not done");
    enqueue(&db, &[job("a", "lane")], Again::Never, 62).await;
    assert_eq!(payloads(&taken(&db, 62).await).len(), 2);
}

async fn a_chore_is_due_once_for_each_period_whoever_enqueues_it(bench: Bench) {
    let db = bench.db().await;
    let due = |period| DueChore { name: "sessions".to_owned(), period };
    join_all((0..5).map(async |_| db.enqueue_chores(&[due(1)], at(0)).await.unwrap())).await;
    let chores = db.jobs(Kind::Chore);
    let first = chores.take(9, lease(Worker::new(), 0)).await.unwrap();
    assert_eq!(first.iter().map(|job| DueChore::of(job).unwrap()).collect::<Vec<_>>(), [due(1)]);
    db.enqueue_chores(&[due(2)], at(1)).await.unwrap();
    assert_eq!(
        chores.take(9, lease(Worker::new(), 1)).await.unwrap(),
        [],
        "not while the one before is done"
    );
    chores.done(&[first[0].id]).await.unwrap();
    db.enqueue_chores(&[due(1), due(2)], at(2)).await.unwrap();
    let second = chores.take(9, lease(Worker::new(), 2)).await.unwrap();
    assert_eq!(second.iter().map(|job| DueChore::of(job).unwrap()).collect::<Vec<_>>(), [due(2)]);
}

async fn what_is_old_is_forgotten_by_the_chores(bench: Bench) {
    const DAYS: i64 = 24 * 3_600;
    let db = bench.db().await;
    reachable(&db, 1).await;
    db.private_turn(room("R00M0001"), user(1), at(0)).await.unwrap();
    db.chat_turn("-5", Sending::Answer, at(0)).await.unwrap();
    db.store_update(1, 1, None, "{}", at(0)).await.unwrap();
    db.store_update(2, 2, None, "{}", at(0)).await.unwrap();
    let handled = db.claim_updates(1, lease(Worker::new(), 0)).await.unwrap();
    db.jobs(Kind::Update).done(&[handled[0].job]).await.unwrap();
    enqueue(&db, &[job("told", "1"), job("in vain", "2")], Again::Never, 0).await;
    let taken = taken(&db, 0).await;
    db.jobs(Kind::Notice).done(&[taken[0].0]).await.unwrap();
    db.jobs(Kind::Notice).give_up(taken[1].0).await.unwrap();
    let count = async |what: &'static str| -> i64 {
        run!(&db, |pool| sqlx::query_scalar(what).fetch_one(pool)).unwrap()
    };
    let left = async || {
        [
            count("SELECT COUNT(*) FROM private_messages").await,
            count("SELECT COUNT(*) FROM chat_budgets").await,
            count("SELECT COUNT(*) FROM jobs WHERE kind = 'update'").await,
            count("SELECT COUNT(*) FROM jobs WHERE kind = 'notice'").await,
            count("SELECT COUNT(*) FROM jobs WHERE given_up AND payload IS NOT NULL").await,
        ]
    };
    chores::do_each(&db, &Clock::manual(at(60))).await.unwrap();
    assert_eq!(left().await, [1, 2, 2, 2, 1], "nothing is old yet");
    chores::do_each(&db, &Clock::manual(at(3 * DAYS))).await.unwrap();
    assert_eq!(
        left().await,
        [0, 0, 1, 2, 1],
        "an update that waits stays, and so does what a match is known by"
    );
    chores::do_each(&db, &Clock::manual(at(8 * DAYS))).await.unwrap();
    assert_eq!(left().await, [0, 0, 1, 2, 0]);
}

async fn what_somebody_sent_is_not_handled_after_they_were_erased(bench: Bench) {
    let db = bench.db().await;
    let now = at(0);
    for (id, lane, sender) in [(1, 7, Some(7)), (2, -5, Some(7)), (3, -5, Some(8)), (4, 7, Some(7))] {
        let sender = sender.map(user);
        assert!(db.store_update(id, lane, sender, r#"{"text":"hello"}"#, now).await.unwrap());
    }
    db.jobs(Kind::Update).done(&[1]).await.unwrap();
    db.erase_user(user(7), &[], at(1)).await.unwrap();
    let left = db.claim_updates(9, lease(Worker::new(), 2)).await.unwrap();
    assert_eq!(left.iter().map(|update| update.id).collect::<Vec<_>>(), [3], "somebody else's");
    let named: i64 =
        run!(&db, |pool| sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE member = 7 OR lane = '7'")
            .fetch_one(pool))
        .unwrap();
    assert_eq!(named, 0, "whose updates they were");
    assert!(!db.store_update(2, -5, Some(user(7)), "{}", at(3)).await.unwrap(), "Telegram sends it again");
}
