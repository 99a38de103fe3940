//! The messages that SQL holds in the end, to be looked up; and whether they are in good order by themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{history::History, law::Law, violation::Findings},
    history::TalkRows,
    message::Message,
};

/// The rows of `messages`.
pub(super) struct Committed<'a> {
    rows: &'a [Message],
    by_number: BTreeMap<u64, &'a Message>,
    by_change: BTreeMap<u64, &'a Message>,
}

impl<'a> Committed<'a> {
    pub(super) fn of(rows: &'a TalkRows) -> Self {
        let rows = &rows.messages[..];
        Self {
            rows,
            by_number: rows.iter().map(|row| (row.number, row)).collect(),
            by_change: rows.iter().map(|row| (row.change, row)).collect(),
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &'a Message> {
        self.rows.iter()
    }

    pub(super) fn numbered(&self, number: u64) -> Option<&'a Message> {
        self.by_number.get(&number).copied()
    }

    /// The message whose last change is this one.
    pub(super) fn changed_at(&self, change: u64) -> Option<&'a Message> {
        self.by_change.get(&change).copied()
    }

    /// The messages whose last change lies between two others, both excluded.
    pub(super) fn changed_between(&self, after: u64, before: u64) -> impl Iterator<Item = &'a Message> {
        let first = after.saturating_add(1);
        self.by_change.range(first..before.max(first)).map(|(_, row)| *row)
    }
}

/// Numbers count from 1 without gaps, no two messages have the same change, and the counters stand where the last ones are.
pub(super) fn in_good_order(history: &History, findings: &mut Findings<'_>) {
    let TalkRows { messages, counters: (last_number, last_change), .. } = &history.rows.talk;
    let mut rows: Vec<&Message> = messages.iter().collect();
    rows.sort_by_key(|row| row.number);
    for (row, expected) in rows.iter().zip(1..) {
        if row.number != expected {
            let what = format!("SQL has message {} where {expected} comes next", row.number);
            findings.message(Law::MessageOrder, None, Some(row.number), what);
            break;
        }
    }
    let mut changes = BTreeSet::new();
    for row in &rows {
        if !changes.insert(row.change) {
            let what = format!("SQL has two messages with change {}", row.change);
            findings.message(Law::MessageOrder, None, Some(row.number), what);
        }
    }
    let stands = (rows.last().map_or(0, |row| row.number), changes.last().copied().unwrap_or_default());
    if stands != (*last_number, *last_change) {
        let what = format!(
            "SQL's counters stand at number {last_number} and change {last_change}, its messages at {} and {}",
            stands.0, stands.1
        );
        findings.message(Law::MessageOrder, None, None, what);
    }
}
