//! The health check.

use super::*;

contract!(embedded, redis, redis_cluster => [
    it_answers_a_ping,
]);

async fn it_answers_a_ping(bench: Bench) {
    bench.hot.ping().await.unwrap();
}
