//! Buckets in memory, each a timestamp. A restart forgets what was spent.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use sovpalo_domain::ids::Timestamp;

use crate::hot::{Quota, Spent};

/// Buckets that are full again are forgotten when there are more than this many.
const CROWDED: usize = 50_000;

/// Buckets in this process.
#[derive(Debug, Default)]
pub(super) struct Buckets(Mutex<HashMap<String, Timestamp>>);

impl Buckets {
    pub(super) fn spend(&self, key: &str, quota: Quota, now: Timestamp) -> Spent {
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() > CROWDED {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let full_at = buckets.get(key).copied().unwrap_or(now);
        match gcra(full_at, quota, now) {
            Ok(full_at) => {
                buckets.insert(key.to_owned(), full_at);
                Spent::Granted
            }
            Err(retry_after) => Spent::Exhausted { retry_after },
        }
    }
}

/// When the bucket is full again after one more use, or how long to wait for that use.
fn gcra(full_at: Timestamp, quota: Quota, now: Timestamp) -> Result<Timestamp, Duration> {
    let step = quota.per / quota.uses.max(1);
    let after = full_at.max(now).plus(step);
    let ahead = after.since(now);
    if ahead <= quota.per { Ok(after) } else { Err(ahead.saturating_sub(quota.per)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_A_MINUTE: Quota = Quota { uses: 10, per: Duration::from_secs(60) };

    #[test]
    fn a_burst_of_the_whole_quota_is_granted_and_no_more() {
        let buckets = Buckets::default();
        let now = Timestamp::from_millis(1_000_000);
        for use_number in 1..=10 {
            assert_eq!(buckets.spend("a", TEN_A_MINUTE, now), Spent::Granted, "use {use_number}");
        }
        let wait = Duration::from_secs(6);
        assert_eq!(buckets.spend("a", TEN_A_MINUTE, now), Spent::Exhausted { retry_after: wait });
        assert_eq!(buckets.spend("b", TEN_A_MINUTE, now), Spent::Granted, "another key has its own");
        assert_eq!(buckets.spend("a", TEN_A_MINUTE, now.plus(wait)), Spent::Granted, "after the wait");
    }
}
