//! The quantities of a screen: where a film is, how fast it goes, and how soon everybody begins. All are whole numbers, so that a log
//! means the same on every machine.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::room::Invalid;

/// A film is at most so long, and nobody goes beyond that: a position past it is refused as `invalid`, and a film that plays on stays
/// there.
pub const MAX_FILM: Duration = Duration::from_secs(48 * 3_600);
/// A film is never slower, in thousandths of its own speed; less is `invalid`.
pub const MIN_RATE: u16 = 250;
/// And never faster; more is `invalid`.
pub const MAX_RATE: u16 = 4_000;
/// A command takes effect at least so much later, so that all phones of a room can begin at once.
pub const LEAST_LEAD: Duration = Duration::from_millis(300);
/// A phone's round trip counts for at most so much: a slower one is not waited for.
pub const MAX_ROUND_TRIP: Duration = Duration::from_secs(2);

/// A moment of a film, in milliseconds from its beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FilmTime(u32);

impl FilmTime {
    /// The beginning.
    pub const ZERO: Self = Self(0);
    /// The last one that can be said.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "two days have fewer milliseconds than 32 bits can say"
    )]
    pub const MAX: Self = Self(MAX_FILM.as_millis() as u32);

    /// From seconds, as a phone says them.
    pub fn from_seconds(seconds: f64) -> Result<Self, Invalid> {
        let most = MAX_FILM.as_secs_f64();
        if (0.0..=most).contains(&seconds) {
            Ok(Self::from_millis(Duration::from_secs_f64(seconds + 0.000_5).as_millis()))
        } else {
            Err(Invalid::new("position_s", format!("is a number of seconds from 0 to {most}")))
        }
    }

    fn from_millis(millis: u128) -> Self {
        u32::try_from(millis).map_or(Self::MAX, |millis| Self(millis).min(Self::MAX))
    }

    /// In seconds.
    pub fn seconds(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }

    /// The moment that is reached after so long at this rate.
    #[must_use]
    pub fn after(self, elapsed: Duration, rate: Rate) -> Self {
        let gone = elapsed.as_millis().saturating_mul(u128::from(rate.0)) / u128::from(Rate::NORMAL.0);
        Self::from_millis(gone.saturating_add(u128::from(self.0)))
    }
}

/// How fast a film goes, in thousandths of its own speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(u16);

impl Rate {
    /// As it was made.
    pub const NORMAL: Self = Self(1_000);

    /// From a factor, as a phone says it.
    pub fn new(factor: f64) -> Result<Self, Invalid> {
        let thousandths =
            (MIN_RATE..=MAX_RATE).find(|rate| (f64::from(*rate) / 1_000.0 - factor).abs() <= 0.000_5);
        thousandths.map(Self).ok_or_else(|| Invalid::new("rate", "is a number from 0.25 to 4"))
    }

    /// As a factor.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }
}

/// How long after it was said a command takes effect, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lead(u16);

impl Lead {
    /// For a room whose slowest phone has this round trip: twice that, and never less than [`LEAST_LEAD`].
    pub fn for_round_trip(worst: Duration) -> Self {
        let lead = (worst.min(MAX_ROUND_TRIP) * 2).max(LEAST_LEAD);
        Self(u16::try_from(lead.as_millis()).unwrap_or(u16::MAX))
    }

    /// As a duration.
    pub fn duration(self) -> Duration {
        Duration::from_millis(u64::from(self.0))
    }
}

impl Default for Lead {
    fn default() -> Self {
        Self::for_round_trip(Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_a_finite_number_of_seconds_within_two_days() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.001, 172_800.001, 1e300] {
            assert!(FilmTime::from_seconds(bad).is_err(), "{bad} was taken for a position");
        }
        for good in [0.0, -0.0, 0.25, 12.345, 5_400.125, 172_800.0] {
            let seconds = FilmTime::from_seconds(good).unwrap().seconds();
            assert!((seconds - good).abs() < 0.000_1, "{good} became {seconds}");
        }
    }

    #[test]
    fn a_rate_is_between_a_quarter_and_four_and_keeps_three_digits() {
        for bad in [f64::NAN, 0.0, -1.0, 0.249, 4.001, f64::INFINITY] {
            assert!(Rate::new(bad).is_err(), "{bad} was taken for a rate");
        }
        for good in [0.25, 0.75, 1.0, 1.05, 1.25, 1.333, 2.0, 4.0] {
            let factor = Rate::new(good).unwrap().factor();
            assert!((factor - good).abs() < 0.000_1, "{good} became {factor}");
        }
    }

    #[test]
    fn a_film_that_plays_moves_at_its_rate_and_stops_at_the_most_there_is() {
        let from = FilmTime::from_seconds(10.0).unwrap();
        let double = Rate::new(2.0).unwrap();
        assert_eq!(from.after(Duration::from_millis(1_500), double), FilmTime::from_seconds(13.0).unwrap());
        assert_eq!(from.after(Duration::MAX, double), FilmTime::MAX);
    }

    #[test]
    fn everybody_has_twice_the_worst_round_trip_and_within_bounds() {
        let lead = |millis| Lead::for_round_trip(Duration::from_millis(millis)).duration().as_millis();
        assert_eq!([0, 150, 151, 400, 2_000, 60_000].map(lead), [300, 300, 302, 800, 4_000, 4_000]);
    }
}
