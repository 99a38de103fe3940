//! What one phone is sent of the messages: every change after its opening, in order; and in the end, if it stayed, it has
//! seen everything as it is.

use std::collections::BTreeMap;

use super::{
    super::{
        history::{History, PhoneHistory},
        law::Law,
        violation::Findings,
    },
    committed::Committed,
    history::Received,
    message::Message,
    seen::versions,
};

/// Checks every phone.
pub(super) fn check(history: &History, committed: &Committed<'_>, findings: &mut Findings<'_>) {
    for phone in &history.phones {
        in_order(phone, committed, findings);
        if phone.talk.stayed {
            knows_all(phone, committed, findings);
        }
    }
}

/// Where the stream of a phone is.
enum Stream {
    /// The room is not open.
    Closed,
    /// Everything up to this change was sent, or was known before.
    At(u64),
    /// After `messages_gap`: anywhere above this change. The next frame says where; an ack does not.
    Above(u64),
}

fn in_order(phone: &PhoneHistory, committed: &Committed<'_>, findings: &mut Findings<'_>) {
    let mut stream = Stream::Closed;
    for (index, received) in phone.talk.received.iter().enumerate() {
        let (message, is_ack) = match received {
            Received::Opened { after } => {
                stream = Stream::At(*after);
                continue;
            }
            Received::Gap { from } => {
                stream = Stream::Above(*from);
                continue;
            }
            Received::Page(_) | Received::Read { .. } => continue,
            Received::Frame(message) => (message, false),
            Received::Ack(message) => (message, true),
        };
        let Message { number, change, .. } = **message;
        let mut broken = |what: String| findings.stream(Law::MessageGap, phone, index, number, what);
        match stream {
            Stream::Closed if is_ack => continue,
            Stream::Closed => broken(format!("it was sent change {change}, and its room is not open")),
            // What was done before is acknowledged again, as it is now.
            Stream::At(at) | Stream::Above(at) if change <= at && is_ack => continue,
            Stream::At(at) | Stream::Above(at) if change <= at => {
                broken(format!("change {change} follows change {at}"));
                continue;
            }
            Stream::At(at) => {
                // A change that was overtaken by a later one of the same message may be passed over.
                if let Some(left_out) = committed.changed_between(at, change).next() {
                    broken(format!(
                        "change {change} follows change {at}, and change {} of message {} was left out",
                        left_out.change, left_out.number
                    ));
                }
            }
            // It may be one of those that were too many to send, and others of them may lie beyond it: those are fetched.
            Stream::Above(_) if is_ack => {
                stream = Stream::Above(change);
                continue;
            }
            Stream::Above(_) => {}
        }
        stream = Stream::At(change);
    }
}

/// The newest version of each message that a phone was sent in any way.
fn newest(phone: &PhoneHistory) -> BTreeMap<u64, &Message> {
    let mut newest: BTreeMap<u64, &Message> = BTreeMap::new();
    for message in versions(phone) {
        let known = newest.entry(message.number).or_insert(message);
        if message.change > known.change {
            *known = message;
        }
    }
    newest
}

/// Only what was said before its first opening may be unknown to a phone, if it did not ask.
fn knows_all(phone: &PhoneHistory, committed: &Committed<'_>, findings: &mut Findings<'_>) {
    let first = phone.talk.received.iter().find_map(|received| match received {
        Received::Opened { after } => Some(*after),
        _ => None,
    });
    let newest = newest(phone);
    for row in committed.rows() {
        let law = Law::MessageLost;
        match newest.get(&row.number) {
            Some(known) if known.change < row.change => {
                let what = format!(
                    "it stayed, and has message {} as of change {} where SQL stands at change {}",
                    row.number, known.change, row.change
                );
                findings.message(law, Some(phone), Some(row.number), what);
            }
            None if first.is_none_or(|first| row.change > first) => {
                let what =
                    format!("it stayed, and was never sent message {} (change {})", row.number, row.change);
                findings.message(law, Some(phone), Some(row.number), what);
            }
            _ => {}
        }
    }
}
