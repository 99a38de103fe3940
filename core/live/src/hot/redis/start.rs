//! The first connection: to a Redis that may only be starting.

use fred::{
    clients::Client,
    error::{Error, ErrorKind},
    interfaces::KeysInterface,
    types::Expiration,
};
use sovpalo_storage::start::{self, NotYet};

use super::{RedisConfig, client};

/// What a server says that takes nothing for the moment (<https://redis.io/docs/latest/develop/reference/protocol-spec/> calls the
/// first word of an error its kind).
const PASSES: [&str; 8] = [
    "LOADING",
    "BUSY",
    "MASTERDOWN",
    "READONLY",
    "CLUSTERDOWN",
    "TRYAGAIN",
    "NOREPLICAS",
    "ERR max number of clients reached",
];

/// Connects to a server that takes what is written to it; waits for one that will.
pub(super) async fn connect(config: &RedisConfig) -> Result<Client, Error> {
    start::once_up("Redis", config.starting, not_yet, async || {
        let client = client::open(config).await.map_err(|error| about_tls(error, &config.url))?;
        // A server that loads its data lets everybody in, and so does a read-only copy.
        let (key, expires) = (format!("{}:start", config.prefix), Some(Expiration::PX(1)));
        client.set::<(), _, _>(key, "", expires, None, false).await?;
        Ok(client)
    })
    .await
}

/// A server that speaks no TLS takes the greeting for the beginning of a command, and waits for its end.
fn about_tls(error: Error, url: &str) -> Error {
    if url.starts_with("rediss") && *error.kind() == ErrorKind::Timeout {
        return Error::new(ErrorKind::Tls, "the greeting is not answered: is it redis:// without TLS?");
    }
    error
}

fn not_yet(error: &Error) -> Option<NotYet> {
    let details = error.details();
    if PASSES.iter().any(|kind| details.starts_with(kind)) {
        return Some(NotYet::Starting);
    }
    match error.kind() {
        ErrorKind::IO | ErrorKind::Timeout | ErrorKind::Canceled | ErrorKind::Sentinel => {
            Some(NotYet::Absent)
        }
        // The cluster has not found itself yet.
        ErrorKind::Cluster => Some(NotYet::Starting),
        ErrorKind::Protocol if details.contains("cluster state") => Some(NotYet::Starting),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sovpalo_storage::{clock::Clock, start::Patience};

    use super::*;
    use crate::hot::{
        HotError,
        redis::{Redis, own::OwnRedis},
    };

    /// Longer than a test may take: whoever waits for it fails.
    const LONG: Duration = Duration::from_secs(3600);
    const PATIENT: Patience = Patience { absent: LONG, starting: LONG };

    async fn connected(url: String, starting: Patience) -> Result<(), HotError> {
        let connecting = Redis::connect(RedisConfig { starting, ..RedisConfig::new(url) }, Clock::system());
        tokio::time::timeout(Duration::from_secs(60), connecting).await.expect("it waits in vain").map(drop)
    }

    /// What is said at once to somebody who would wait.
    async fn refused(url: String) -> String {
        connected(url, PATIENT).await.expect_err("it was let in").to_string()
    }

    #[tokio::test]
    async fn a_server_that_loads_its_data_is_waited_for() {
        let server = OwnRedis::loading().await;
        let error = connected(server.url(), Patience::NONE).await.expect_err("it loads still");
        assert!(error.to_string().contains("LOADING"), "{error}");
        connected(server.url(), PATIENT).await.expect("it has loaded");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_yet_is_waited_for() {
        let mut server = OwnRedis::start().await;
        server.kill();
        connected(server.url(), Patience::NONE).await.expect_err("nobody is there");
        let (connected, ()) = tokio::join!(connected(server.url(), PATIENT), server.revive());
        connected.expect("it came");
    }

    #[tokio::test]
    async fn a_copy_that_takes_nothing_is_waited_for_until_it_takes_over() {
        let server = OwnRedis::start().await;
        let copy = server.copy().await;
        let error = connected(copy.url(), Patience::NONE).await.expect_err("it is read-only");
        assert!(error.to_string().contains("READONLY"), "{error}");
        let (connected, _) = tokio::join!(connected(copy.url(), PATIENT), copy.ask("REPLICAOF NO ONE"));
        connected.expect("it has taken over");
    }

    #[tokio::test]
    async fn what_waiting_does_not_mend_is_told_at_once_and_without_the_password() {
        let server = OwnRedis::guarded("right").await;
        let address = server.url().replace("redis://", "");
        for (url, word) in [
            (format!("redis://:hunter2@{address}"), "WRONGPASS"),
            (format!("redis://{address}"), "NOAUTH"),
            (format!("redis://:right@{address}/99"), "DB index"),
            (format!("rediss://:hunter2@{address}"), "TLS"),
        ] {
            let said = refused(url).await;
            assert!(said.contains(word) && !said.contains("hunter2"), "{word}: {said}");
        }
    }
}
