//! How fast an address may ask for anything, counted on this node, before anything else is done for a request.
//!
//! It is far above what people do; it is there so that a flood at doors that nothing else counts costs little.

use std::{
    num::NonZeroU32,
    sync::Mutex,
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use sovpalo_domain::ids::UserId;

use super::address::{Neighbourhood, WIDER_BY};

/// Requests of one address a second, and of an IPv6 /48 ten times as many. Beyond it they are refused with 429.
pub const RATE: NonZeroU32 = NonZeroU32::new(100).unwrap();
/// So many at once.
pub const BURST: NonZeroU32 = NonZeroU32::new(400).unwrap();
/// So many addresses and people are told apart. Beyond it the new ones share one rate, ten times as high, until others have been quiet.
pub const MOST_REMEMBERED: usize = 65_536;
/// Between two looks for those that can be forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(1);

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    /// An address's.
    Address(Neighbourhood),
    /// Somebody's who showed a session on this connection before: an office may have one address for many.
    Person(UserId),
    /// Everybody's, while too many are told apart already.
    Everybody,
}

/// The rates.
pub(super) struct Rates {
    narrow: DefaultKeyedRateLimiter<Whose>,
    wide: DefaultKeyedRateLimiter<Whose>,
    forgot: Mutex<Instant>,
    most: usize,
}

impl Rates {
    pub(super) fn new() -> Self {
        Self::remembering(MOST_REMEMBERED)
    }

    fn remembering(most: usize) -> Self {
        let times = |n: NonZeroU32| n.saturating_mul(NonZeroU32::new(WIDER_BY).unwrap_or(NonZeroU32::MIN));
        Self {
            narrow: DefaultKeyedRateLimiter::keyed(Quota::per_second(RATE).allow_burst(BURST)),
            wide: DefaultKeyedRateLimiter::keyed(Quota::per_second(times(RATE)).allow_burst(times(BURST))),
            forgot: Mutex::new(Instant::now()),
            most,
        }
    }

    /// Counts a request. The error says when to come again.
    pub(super) fn spend(&self, whose: Whose) -> Result<(), Duration> {
        self.forget();
        let full = self.narrow.len() >= self.most || self.wide.len() >= self.most;
        if full {
            return check(&self.wide, Whose::Everybody);
        }
        check(&self.narrow, whose)?;
        match whose {
            Whose::Address(place) => {
                place.wider().map_or(Ok(()), |wider| check(&self.wide, Whose::Address(wider)))
            }
            Whose::Person(_) | Whose::Everybody => Ok(()),
        }
    }

    /// Now and then those are forgotten that have been quiet for long enough.
    fn forget(&self) {
        let Ok(mut forgot) = self.forgot.try_lock() else { return };
        if forgot.elapsed() < FORGET_EVERY {
            return;
        }
        *forgot = Instant::now();
        for limiter in [&self.narrow, &self.wide] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<Whose>, whose: Whose) -> Result<(), Duration> {
    let now = governor::clock::DefaultClock::default().now();
    limiter.check_key(&whose).map_err(|not_until| not_until.wait_time_from(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ip: &str) -> Whose {
        Whose::Address(Neighbourhood::of(ip.parse().unwrap()))
    }

    fn granted(rates: &Rates, whose: impl Fn(u32) -> Whose, tries: u32) -> u32 {
        u32::try_from((0..tries).filter(|n| rates.spend(whose(*n)).is_ok()).count()).unwrap()
    }

    #[test]
    fn an_address_has_its_burst_and_its_neighbours_have_their_own() {
        let rates = Rates::new();
        let began = Instant::now();
        let own = granted(&rates, |_| at("203.0.113.7"), 10_000);
        // However long that took on a machine that has more to do.
        let most = 401 + 100 * (began.elapsed().as_secs() + 1);
        assert!((400..=most).contains(&u64::from(own)), "{own} of at most {most}");
        assert!(rates.spend(at("203.0.113.8")).is_ok());
    }

    #[test]
    fn a_48_has_ten_times_what_a_64_has() {
        let rates = Rates::new();
        let began = Instant::now();
        let all = granted(&rates, |n| at(&format!("2001:db8:1:{:x}::1", n % 5_000)), 20_000);
        let most = 4_001 + 1_000 * (began.elapsed().as_secs() + 1);
        assert!((4_000..=most).contains(&u64::from(all)), "{all} of at most {most}");
        assert!(rates.spend(at("2001:db8:2::1")).is_ok());
    }

    #[test]
    fn addresses_without_end_are_not_remembered_without_end() {
        let rates = Rates::remembering(1_000);
        let _ = granted(&rates, |n| Whose::Address(Neighbourhood::V4(n.into())), 50_000);
        assert!(rates.narrow.len() <= 1_001, "{} are remembered", rates.narrow.len());
    }
}
