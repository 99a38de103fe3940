//! Whether a title has the numbers that were asked for: what tells `Rocky 2` from `Rocky`, and one `Solaris` from another.
//!
//! A sequel's number and a year are never guessed: a title without them may be near, but is not what was asked for.

use std::collections::BTreeSet;

use super::wording::{numbers, reworded};

/// The numbers that were asked for.
pub(super) struct Wanted {
    numbers: Vec<u32>,
    /// There are no words beside them.
    pub(super) nothing_else: bool,
}

impl Wanted {
    /// In what is most probably the name, and not a list's numbering.
    pub(super) fn of(asked: &[String]) -> Self {
        let text = asked.last().map(|text| reworded(text)).unwrap_or_default();
        let numbers: Vec<u32> = numbers(&text).collect();
        Self { nothing_else: !numbers.is_empty() && numbers.len() == text.split(' ').count(), numbers }
    }

    /// Whether a text has them as digits, so that they can be left to [`Numbers::have`].
    pub(super) fn are_in(&self, text: &str) -> bool {
        let has: Vec<u32> = numbers(text).collect();
        self.numbers.iter().all(|number| has.contains(number))
    }
}

/// The numbers that a title has.
pub(super) struct Numbers {
    /// In its names.
    named: Box<[u32]>,
    year: Option<u16>,
}

impl Numbers {
    /// Of a title with this year and these names, in other words.
    pub(super) fn of(year: Option<u16>, names: &BTreeSet<String>) -> Self {
        let named: BTreeSet<u32> = names.iter().flat_map(|name| numbers(name)).collect();
        Self { named: named.into_iter().collect(), year }
    }

    /// Whether the title has all numbers that were asked for. The first of several is often called by its name alone. Years
    /// differ by one between countries, which is forgiven where the `same_name` was typed.
    pub(super) fn have(&self, wanted: &Wanted, same_name: bool) -> bool {
        let named = |number: &u32| self.named.contains(number);
        let year = |number: u32| {
            self.year.is_some_and(|year| is_year(number, u32::from(year), u32::from(same_name)))
        };
        (!wanted.nothing_else || wanted.numbers.iter().any(named))
            && wanted
                .numbers
                .iter()
                .all(|number| named(number) || year(*number) || (*number == 1 && self.named.is_empty()))
    }
}

/// Whether a number is this year, give or take some, or what has been typed of it so far.
fn is_year(number: u32, year: u32, give_or_take: u32) -> bool {
    number.abs_diff(year) <= give_or_take || [10, 100].iter().any(|rest| year / rest == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(year: u16, names: &[&str], asked: &str) -> bool {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Numbers::of(Some(year), &names).have(&Wanted::of(&[asked.to_owned()]), true)
    }

    #[test]
    fn a_number_is_a_sequels_or_a_year() {
        assert!(has(1974, &["godfather 2"], "godfather 2"));
        assert!(has(1974, &["godfather 2"], "godfather 2 1974"));
        assert!(has(1972, &["godfather"], "godfather"));
        assert!(!has(1972, &["godfather"], "godfather 2"));
        assert!(!has(1972, &["solaris"], "solaris 2002"));
    }

    #[test]
    fn the_first_of_several_needs_no_number() {
        assert!(has(1976, &["rocky"], "rocky 1"));
        assert!(!has(1979, &["rocky 2"], "rocky 1"));
    }

    #[test]
    fn a_year_may_be_one_off_or_unfinished() {
        for year in ["19", "197", "1971", "1972", "1973"] {
            assert!(has(1972, &["solaris"], &format!("solaris {year}")), "{year}");
        }
        assert!(!has(1972, &["solaris"], "solaris 1974"));
    }

    #[test]
    fn a_year_alone_is_a_name() {
        assert!(!has(1984, &["ghostbusters"], "1984"));
        assert!(has(2019, &["1917"], "1917"));
        assert!(has(1995, &["7"], "7 1995"));
    }
}
