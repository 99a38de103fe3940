//! Metrics whose labels cannot grow.
//!
//! Every value of a label is a series that is kept for ever. So a label's value is a [`Label`], which only a word of the program's own, a
//! small number or a route's template can become: never anything that a client sent. The macros of the `metrics` crate are
//! forbidden elsewhere (`.clippy.toml`).

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use metrics::SharedString;

/// How many templates of routes can be labels. Beyond it they share the label `other`.
pub const MOST_ROUTES: usize = 256;
/// How long such a template is at the most. A longer one has the label `other`.
pub const LONGEST_ROUTE: usize = 64;

/// A value of a metric's label, out of a closed set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(SharedString);

impl Label {
    /// What belongs to none of the others.
    pub const OTHER: Self = Self::word("other");

    /// A word that stands in the program.
    pub const fn word(word: &'static str) -> Self {
        Self(SharedString::const_str(word))
    }

    /// A status or a close code.
    pub fn number(number: u16) -> Self {
        Self(number.to_string().into())
    }

    /// The template of a route, as the router has it. There are at most [`MOST_ROUTES`].
    pub fn route(template: &str) -> Self {
        static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        if template.len() > LONGEST_ROUTE {
            return Self::OTHER;
        }
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(template) = known.get(template) {
            return Self::word(template);
        }
        if known.len() >= MOST_ROUTES {
            return Self::OTHER;
        }
        let template: &'static str = template.to_owned().leak();
        known.insert(template);
        Self::word(template)
    }
}

/// Counts one more.
#[expect(clippy::disallowed_macros, reason = "this is where they are allowed")]
pub fn count<const N: usize>(name: &'static str, labels: [(&'static str, Label); N]) {
    metrics::counter!(name, labels.map(|(key, Label(value))| metrics::Label::new(key, value)).to_vec())
        .increment(1);
}

/// Records how long something took.
#[expect(clippy::disallowed_macros, reason = "this is where they are allowed")]
pub fn seconds<const N: usize>(name: &'static str, labels: [(&'static str, Label); N], seconds: f64) {
    metrics::histogram!(name, labels.map(|(key, Label(value))| metrics::Label::new(key, value)).to_vec())
        .record(seconds);
}

/// Something that goes up and down.
#[expect(clippy::disallowed_macros, reason = "this is where they are allowed")]
pub fn gauge<const N: usize>(name: &'static str, labels: [(&'static str, Label); N]) -> metrics::Gauge {
    metrics::gauge!(name, labels.map(|(key, Label(value))| metrics::Label::new(key, value)).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_beyond_a_number_share_one_label() {
        let known = Label::route("/api/rooms/{code}");
        let labels: Vec<_> = (0..2 * MOST_ROUTES).map(|n| Label::route(&format!("/made/up/{n}"))).collect();
        let others = labels.iter().filter(|label| **label == Label::OTHER).count();
        assert!(others >= MOST_ROUTES, "{others} of {} share the label", labels.len());
        assert_eq!(Label::route(&"x".repeat(LONGEST_ROUTE + 1)), Label::OTHER);
        assert_eq!(Label::route("/api/rooms/{code}"), known, "a known one keeps its own");
    }
}
