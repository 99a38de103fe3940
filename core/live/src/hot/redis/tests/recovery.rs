//! What the engine does when Redis comes back empty, or another server takes over.

use super::*;
use crate::hot::Recovery;

#[tokio::test]
async fn one_that_came_back_empty_takes_only_what_is_put_back() {
    let server = OwnRedis::start().await;
    let hot = Redis::connect(config(&server, LONG), Clock::system()).await.unwrap();
    let refused = hot.append(room(), None, &[first()], true).await.unwrap();
    assert!(matches!(refused, Appended::NotYet(wait) if wait <= LONG), "{refused:?}");
    assert_eq!(hot.put_back(room(), None, &[first()]).await.unwrap(), Appended::At(after_first().at));
    let refused = hot.append(room(), Some(after_first()), &[second()], false).await.unwrap();
    assert!(matches!(refused, Appended::NotYet(_)), "somebody may still hold more of this room: {refused:?}");
}

#[tokio::test]
async fn after_the_time_for_recovery_it_takes_everything() {
    let server = OwnRedis::start().await;
    let hot = Redis::connect(config(&server, Duration::from_millis(200)), Clock::system()).await.unwrap();
    let (appended, waited) = appended(&hot, None, first()).await;
    assert_eq!(appended, Appended::At(after_first().at));
    assert!(waited, "an empty Redis took a log at once");
}

#[tokio::test]
async fn another_one_that_took_over_takes_only_what_is_put_back() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    hot.append(room(), None, &[first()], true).await.unwrap();
    let patient = Redis::connect(config(&server, LONG), Clock::system()).await.unwrap();
    // What gives such a server away: it has the data, and knows no script.
    server.ask("SCRIPT FLUSH").await;
    let refused = patient.append(room(), Some(after_first()), &[second()], false).await.unwrap();
    assert!(matches!(refused, Appended::NotYet(_)), "{refused:?}");
    assert!(patient.recovering(room()).await.unwrap().is_some());
    let put_back = patient.put_back(room(), Some(after_first()), &[second()]).await.unwrap();
    assert!(matches!(put_back, Appended::At(_)), "{put_back:?}");
}

#[tokio::test]
async fn a_copy_that_a_sentinel_lets_take_over_is_met_before_anything_else() {
    let mut server = OwnRedis::start().await;
    let _copy = server.copy().await;
    let (_sentinel, url) = server.sentinel().await;
    let config = RedisConfig { url, ..config(&server, Duration::from_millis(300)) };
    let hot = Redis::connect(config, Clock::system()).await.unwrap();
    assert!(matches!(appended(&hot, None, first()).await, (Appended::At(_), _)));
    server.ask("WAIT 1 5000").await;
    server.kill();
    let (appended, waited) = appended(&hot, Some(after_first()), second()).await;
    assert!(matches!(appended, Appended::At(_)), "the copy has not what it heard: {appended:?}");
    assert!(waited, "nobody looked whether the copy misses anything");
}

/// Asks until there is an answer; also whether it was ever "not yet".
async fn appended(hot: &Redis, expected: Option<ExpectedHead>, entry: Entry) -> (Appended, bool) {
    let mut waited = false;
    let asking = async {
        loop {
            match hot.append(room(), expected, std::slice::from_ref(&entry), true).await {
                Ok(Appended::NotYet(wait)) => {
                    waited = true;
                    tokio::time::sleep(wait).await;
                }
                Ok(appended) => return appended,
                // Nobody is there to ask.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    let appended = tokio::time::timeout(Duration::from_secs(60), asking).await.expect("nobody took over");
    (appended, waited)
}

#[tokio::test]
async fn other_scripts_on_a_server_that_was_met_make_nobody_wait() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    hot.append(room(), None, &[first()], true).await.unwrap();
    server.ask("SCRIPT FLUSH").await;
    // Never to be changed: this is how nodes of all versions tell each other.
    server.ask("SCRIPT LOAD \"return 'Sovpalo has met this server'\"").await;
    let patient = Redis::connect(config(&server, LONG), Clock::system()).await.unwrap();
    let appended = patient.append(room(), Some(after_first()), &[second()], false).await.unwrap();
    assert!(matches!(appended, Appended::At(_)), "{appended:?}");
}

/// Nodes that have heard of each other, over one Redis; without the last one's word it does not recover for long.
async fn nodes(server: &OwnRedis, count: usize) -> Vec<Redis> {
    let config = RedisConfig { recovery_at_most: LONG, ..config(server, Duration::from_secs(3)) };
    let mut nodes = Vec::new();
    for _ in 0..count {
        nodes.push(Redis::connect(config.clone(), Clock::system()).await.unwrap());
    }
    acquainted(&nodes).await;
    nodes
}

/// Once Redis is whole, each is told of all the others.
async fn acquainted(nodes: &[Redis]) {
    let told = async {
        loop {
            let mut know_all = true;
            for node in nodes {
                let whole = node.recoveries(&[]).await.unwrap().is_empty();
                know_all &= whole && node.nodes.knows(nodes.len() - 1);
            }
            if know_all {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("nodes do not hear of each other");
}

/// Redis loses everything; what each node is told of that.
async fn wiped(server: &mut OwnRedis, nodes: &[Redis]) -> Vec<Vec<Recovery>> {
    server.kill();
    server.revive().await;
    let mut recoveries = Vec::new();
    for node in nodes {
        recoveries.push(asked(node, &[]).await);
    }
    recoveries
}

/// Asks until Redis is reached again.
async fn asked(node: &Redis, confirmed: &[Recovery]) -> Vec<Recovery> {
    let asking = async {
        loop {
            match node.recoveries(confirmed).await {
                Ok(recoveries) => return recoveries,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.expect("Redis is not reached again")
}

#[tokio::test]
async fn it_is_whole_once_every_node_that_was_there_has_confirmed_and_not_before() {
    let mut server = OwnRedis::start().await;
    let nodes = nodes(&server, 3).await;
    let recoveries = wiped(&mut server, &nodes).await;
    assert_eq!(recoveries[0].len(), 64, "every shard is empty");
    assert!(recoveries.iter().all(|told| told.len() == recoveries[0].len()), "{recoveries:?}");
    assert!(!asked(&nodes[0], &recoveries[0]).await.is_empty(), "one node is enough");
    assert!(!asked(&nodes[1], &recoveries[1]).await.is_empty(), "two nodes are enough");
    let refused = nodes[0].append(room(), None, &[first()], true).await.unwrap();
    assert!(matches!(refused, Appended::NotYet(_)), "the third may hold more: {refused:?}");
    assert_eq!(asked(&nodes[2], &recoveries[2]).await, []);
    let appended = nodes[0].append(room(), None, &[first()], true).await.unwrap();
    assert!(matches!(appended, Appended::At(_)), "all have confirmed: {appended:?}");
}

#[tokio::test]
async fn what_was_confirmed_before_another_loss_counts_for_nothing() {
    let mut server = OwnRedis::start().await;
    let nodes = nodes(&server, 2).await;
    let before = wiped(&mut server, &nodes).await;
    let now = wiped(&mut server, &nodes).await;
    assert_ne!(before[0], now[0]);
    for (node, before) in nodes.iter().zip(&before) {
        assert!(!asked(node, before).await.is_empty(), "they confirmed another recovery");
    }
    asked(&nodes[0], &now[0]).await;
    assert_eq!(asked(&nodes[1], &now[1]).await, []);
}

#[tokio::test]
async fn a_node_that_has_only_begun_does_not_confirm_for_those_it_never_heard_of() {
    let mut server = OwnRedis::start().await;
    let old = nodes(&server, 2).await;
    server.kill();
    server.revive().await;
    let config = RedisConfig { recovery_at_most: LONG, ..config(&server, LONG) };
    let fresh = Redis::connect(config, Clock::system()).await.unwrap();
    let told = asked(&fresh, &[]).await;
    assert!(!asked(&fresh, &told).await.is_empty(), "somebody else may hold more");
    for node in &old {
        let told = asked(node, &[]).await;
        asked(node, &told).await;
    }
    assert_eq!(asked(&fresh, &told).await, []);
}

#[tokio::test]
async fn nobody_waits_for_a_node_that_died_and_is_there_again() {
    let mut server = OwnRedis::start().await;
    let named = |name: &str| RedisConfig {
        node: Some(name.into()),
        recovery_at_most: LONG,
        ..config(&server, Duration::from_secs(3))
    };
    let (survivor, mortal) = (named("survivor"), named("mortal"));
    let mut both = Vec::new();
    for config in [survivor, mortal.clone()] {
        both.push(Redis::connect(config, Clock::system()).await.unwrap());
    }
    acquainted(&both).await;
    drop(both.pop());
    server.kill();
    server.revive().await;
    let reborn = Redis::connect(mortal, Clock::system()).await.unwrap();
    let (told, also_told) = (asked(&both[0], &[]).await, asked(&reborn, &[]).await);
    assert!(!asked(&both[0], &told).await.is_empty(), "the other one was there");
    assert_eq!(asked(&reborn, &also_told).await, []);
}

#[tokio::test]
async fn who_noticed_nothing_of_another_server_is_told_that_it_recovers() {
    let server = OwnRedis::start().await;
    let nodes = nodes(&server, 2).await;
    let mut changes = nodes[1].changes();
    server.ask("SCRIPT FLUSH").await;
    assert!(!nodes[0].recoveries(&[]).await.unwrap().is_empty(), "the one that meets it first");
    missed(&mut changes).await;
}

#[tokio::test]
async fn a_node_that_died_is_waited_for_only_so_long() {
    let mut server = OwnRedis::start().await;
    let mut nodes = nodes(&server, 2).await;
    let config = RedisConfig { recovery_at_most: Duration::from_millis(300), ..config(&server, LONG) };
    let impatient = Redis::connect(config, Clock::system()).await.unwrap();
    assert_eq!(impatient.recoveries(&[]).await.unwrap(), []);
    drop(nodes.pop());
    server.kill();
    server.revive().await;
    let recoveries = asked(&impatient, &[]).await;
    assert!(!recoveries.is_empty());
    let whole = async { while !asked(&impatient, &recoveries).await.is_empty() {} };
    tokio::time::timeout(Duration::from_secs(30), whole).await.expect("it waits for the dead");
}

/// How long it still recovers at the longest, once quick nodes have waited for so long.
async fn left_after(waited: Duration, quick: &Redis, confirmed: &[Recovery]) -> Duration {
    let began = std::time::Instant::now();
    while began.elapsed() < waited {
        assert_ne!(asked(quick, confirmed).await, [], "a node is still at it");
    }
    quick.recovering(room()).await.unwrap().expect("it recovers")
}

#[tokio::test]
async fn a_node_that_is_still_at_it_is_waited_for_longer_within_bounds() {
    let mut server = OwnRedis::start().await;
    let limited = RedisConfig {
        recovery_at_most: LONG,
        recovery_longest: LONG + Duration::from_millis(200),
        ..config(&server, Duration::from_secs(3))
    };
    let unlimited = RedisConfig { recovery_longest: 2 * LONG, ..limited.clone() };
    let mut all = Vec::new();
    for config in [unlimited.clone(), unlimited, limited] {
        all.push(Redis::connect(config, Clock::system()).await.unwrap());
    }
    acquainted(&all).await;
    let told = wiped(&mut server, &all).await;
    let (quick, slow, endless) = (&all[0], &all[1], &all[2]);
    let passed = Duration::from_secs(2);

    let left = left_after(passed, quick, &told[0]).await;
    assert!(left + passed <= LONG, "who has confirmed puts nothing off: {left:?}");
    assert_ne!(asked(endless, &[]).await, []);
    let left = left_after(Duration::ZERO, quick, &told[0]).await;
    assert!(
        left + passed <= LONG + Duration::from_millis(200),
        "it is put off beyond what is the longest: {left:?}"
    );
    assert_ne!(asked(slow, &[]).await, []);
    let left = left_after(Duration::ZERO, quick, &told[0]).await;
    assert!(left + passed / 2 > LONG, "a node that is still at it is not waited for: {left:?}");
    for (node, told) in [(slow, &told[1]), (endless, &told[2])] {
        asked(node, told).await;
    }
    assert_eq!(asked(quick, &told[0]).await, []);
}
