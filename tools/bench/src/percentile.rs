//! What so many per cent of all that was measured stay below.

use std::time::Duration;

/// Within how long so many per cent were.
pub(crate) fn of(took: &mut [Duration], percent: usize) -> Option<Duration> {
    took.sort_unstable();
    took.get((took.len() * percent / 100).min(took.len().checked_sub(1)?)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_what_was_measured() {
        let mut took: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(of(&mut took, 50), Some(Duration::from_millis(101)));
        assert_eq!(of(&mut took, 99), Some(Duration::from_millis(199)));
        assert_eq!(of(&mut [], 99), None);
    }
}
