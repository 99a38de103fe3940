//! Rate limits.

use super::*;

contract!(embedded, redis, redis_cluster => [
    a_quota_grows_back_evenly,
]);

async fn a_quota_grows_back_evenly(bench: Bench) {
    let quota = Quota { uses: 2, per: MINUTE };
    assert_eq!(bench.hot.spend("q", quota).await.unwrap(), Spent::Granted);
    assert_eq!(bench.hot.spend("q", quota).await.unwrap(), Spent::Granted);
    let Spent::Exhausted { retry_after } = bench.hot.spend("q", quota).await.unwrap() else {
        panic!("a third use was granted");
    };
    bench.clock.advance(retry_after);
    assert_eq!(bench.hot.spend("q", quota).await.unwrap(), Spent::Granted, "after {retry_after:?}");
}
