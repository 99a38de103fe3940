//! What the room notes of itself in the talk is what its log tells, once.

use std::collections::BTreeMap;

use sovpalo_domain::talk::{MessageKind, SystemNote};

use super::{
    super::{history::History, law::Law, violation::Findings},
    message::{Message, Note},
};

/// Every note that the log implies is there, as far as SQL has heard of the log, and none is there twice.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let carried = history.rows.room.as_ref().map_or(0, |room| room.projected.seq.get());
    let carried = usize::try_from(carried).unwrap_or(usize::MAX);
    let notes = || history.rows.talk.messages.iter().filter(|row| row.kind == MessageKind::System);
    let mut before = None;
    for (entry, seq) in history.log.iter().zip(1..).take(carried) {
        let event = &entry.event;
        if let Some(SystemNote { what, member, title }) = SystemNote::of(event, before) {
            let note = Note { what, member, title };
            let noted = |row: &Message| {
                row.system.as_ref() == Some(&note) && row.at.timestamp_millis() == entry.at.millis()
            };
            if !notes().any(noted) {
                let what = format!("SQL has no note of seq {seq}, which is {event:?}");
                findings.message(Law::MessageLost, None, None, what);
            }
        }
        before = Some(event);
    }
    let mut noted: BTreeMap<(String, i64), u64> = BTreeMap::new();
    for row in notes() {
        let what = format!("{:?}", row.system);
        if let Some(first) = noted.insert((what, row.at.timestamp_millis()), row.number) {
            let what = format!("messages {first} and {} note the same of the room", row.number);
            findings.message(Law::MessageTwice, None, Some(row.number), what);
        }
    }
}
