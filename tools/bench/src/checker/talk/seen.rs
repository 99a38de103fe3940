//! Every version of a message that a phone saw is one that SQL had: nothing is told before it is committed. And two
//! phones that see the same change see the same.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use sovpalo_domain::{ids::UserId, talk::MessageKind};

use super::{
    super::{
        history::{History, PhoneHistory},
        law::Law,
        violation::Findings,
    },
    committed::Committed,
    history::{Outcome, Received},
    message::Message,
};

/// Every version that a phone was sent: by frames, acks and pages.
pub(super) fn versions(phone: &PhoneHistory) -> impl Iterator<Item = &Message> {
    let received = phone.talk.received.iter().flat_map(|received| match received {
        Received::Frame(message) | Received::Ack(message) => std::slice::from_ref(&**message),
        Received::Page(messages) => messages,
        Received::Opened { .. } | Received::Gap { .. } | Received::Read { .. } => &[],
    });
    let acknowledged = phone.talk.operations.iter().filter_map(|operation| match &operation.outcome {
        Outcome::Acknowledged { message, .. } => message.as_deref(),
        _ => None,
    });
    received.chain(acknowledged)
}

/// Checks all that was seen.
pub(super) fn check(history: &History, committed: &Committed<'_>, findings: &mut Findings<'_>) {
    let mut by_change: BTreeMap<u64, Message> = BTreeMap::new();
    for phone in &history.phones {
        // The same version may have come several times.
        let mut wrong = BTreeSet::new();
        for seen in versions(phone) {
            if let Some(what) = never_committed(seen, committed) {
                if wrong.insert(seen.change) {
                    findings.message(Law::MessageUncommitted, Some(phone), Some(seen.number), what);
                }
                continue;
            }
            match by_change.entry(seen.change) {
                Entry::Vacant(first) => drop(first.insert(seen.public())),
                Entry::Occupied(first) if *first.get() != seen.public() => {
                    let what =
                        format!("of change {} it saw {seen:?}, and somebody {:?}", seen.change, first.get());
                    findings.message(Law::MessageContradicted, Some(phone), Some(seen.number), what);
                }
                Entry::Occupied(_) => {}
            }
            if seen.key.is_some() && seen.author != Some(phone.user) {
                let what = format!("it is told the key of message {}, which is another's", seen.number);
                findings.message(Law::Secrecy, Some(phone), Some(seen.number), what);
            }
        }
    }
    one_key_is_one_message(history, findings);
}

/// Why a version cannot have been in SQL, by what SQL has in the end.
fn never_committed(seen: &Message, committed: &Committed<'_>) -> Option<String> {
    let Message { number, change, .. } = seen;
    let Some(row) = committed.numbered(*number) else {
        return Some(format!("it saw message {number} (change {change}), which SQL does not have"));
    };
    if *change > row.change {
        return Some(format!(
            "it saw change {change} of message {number}, and SQL's last one is {}",
            row.change
        ));
    }
    if let Some(other) = committed.changed_at(*change).filter(|other| other.number != *number) {
        return Some(format!(
            "it saw change {change} as one of message {number}, and SQL as one of {}",
            other.number
        ));
    }
    if *change == row.change && seen.public() != row.public() || !can_become(seen, row) {
        return Some(format!("it saw {seen:?}, and SQL has {row:?}"));
    }
    None
}

/// Whether a message that was seen may have become what SQL has: its words may change, not what it is.
fn can_become(seen: &Message, row: &Message) -> bool {
    let is_erased = row.author.is_none() && row.kind != MessageKind::System;
    let same_author = seen.author == row.author || is_erased;
    let same_key = seen.key.is_none() || seen.key == row.key || is_erased;
    let comes_back = seen.deleted && !row.deleted;
    let what = |message: &Message| (message.kind, message.at, message.reply_to, message.system.clone());
    same_author && same_key && !comes_back && what(seen) == what(row)
}

/// However often something was sent, its author and key name one message.
fn one_key_is_one_message(history: &History, findings: &mut Findings<'_>) {
    let mut numbers: BTreeMap<(UserId, &str), BTreeSet<u64>> = BTreeMap::new();
    let seen = history.phones.iter().flat_map(versions);
    for message in seen.chain(&history.rows.talk.messages) {
        if let (Some(author), Some(key)) = (message.author, &message.key) {
            numbers.entry((author, key)).or_default().insert(message.number);
        }
    }
    for ((author, key), numbers) in numbers {
        if numbers.len() > 1 {
            let what = format!("what {author} said once under the key {key:?} is messages {numbers:?}");
            findings.message(Law::MessageTwice, None, numbers.first().copied(), what);
        }
    }
}
