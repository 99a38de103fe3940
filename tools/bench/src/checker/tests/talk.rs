//! A good conversation of that evening, written by hand, which each test spoils in one place.
//!
//! The room notes its evening: they joined, it started, *x* matched, it finished. Ann says something, Bob answers and reacts, Ann edits
//! what she said, and takes another one back. Ann's phone loses its connection in between.

use std::collections::BTreeMap;

use chrono::DateTime;
use sovpalo_domain::{
    ids::UserId,
    talk::{Emoji, MessageKey, MessageKind, MessageText, SystemWhat, TalkCommand},
};

use super::cast::{ann, bob, title};
use crate::checker::{
    history::Moment,
    talk::{
        history::{Operation, Outcome, PhoneTalk, Received, TalkRows},
        message::{Message, Note},
    },
};

/// What the room notes: its seq gives the time, as in the log.
fn note(number: u64, seq: i64, what: SystemWhat, member: Option<UserId>) -> Message {
    let title = (what == SystemWhat::Matched).then(|| title("x"));
    Message {
        author: None,
        kind: MessageKind::System,
        text: String::new(),
        system: Some(Note { what, member, title }),
        at: DateTime::from_timestamp_millis(seq * 100).unwrap(),
        key: None,
        ..text(number, number, ann(), "")
    }
}

/// A message as it is when it has been said.
pub(super) fn text(number: u64, change: u64, author: UserId, text: &str) -> Message {
    Message {
        number,
        change,
        author: Some(author),
        kind: MessageKind::Text,
        text: text.into(),
        system: None,
        reply_to: None,
        reactions: BTreeMap::new(),
        at: DateTime::from_timestamp_millis(i64::try_from(1_000 + number).unwrap()).unwrap(),
        edited_at: None,
        deleted: false,
        key: Some(format!("{author}-{number}")),
    }
}

/// Everything that happened to the messages, by change; the last version of each is what SQL has.
pub(super) fn version(change: u64) -> Message {
    let edited = DateTime::from_timestamp_millis(5_000);
    match change {
        1 => note(1, 2, SystemWhat::Joined, Some(ann())),
        2 => note(2, 3, SystemWhat::Joined, Some(bob())),
        3 => note(3, 5, SystemWhat::Started, None),
        4 => text(4, 4, ann(), "Solaris?"),
        5 => Message { reply_to: Some(4), ..text(5, 5, bob(), "Yes") },
        6 => Message {
            reactions: BTreeMap::from([("🔥".into(), vec![bob()])]),
            ..text(4, 6, ann(), "Solaris?")
        },
        7 => Message { change: 7, text: "Stalker?".into(), edited_at: edited, ..version(6) },
        8 => text(6, 8, ann(), "Oops"),
        9 => Message { change: 9, text: String::new(), deleted: true, ..version(8) },
        10 => note(7, 8, SystemWhat::Matched, None),
        11 => note(8, 13, SystemWhat::Finished, None),
        _ => panic!("there is no change {change}"),
    }
    .numbered(change)
}

impl Message {
    fn numbered(self, change: u64) -> Self {
        Self { change, ..self }
    }
}

/// As another person's phone is sent it.
fn others(change: u64) -> Message {
    version(change).public()
}

pub(super) fn frame(change: u64, viewer: UserId) -> Received {
    let message = version(change);
    Received::Frame(Box::new(if message.author == Some(viewer) { message } else { others(change) }))
}

fn key(number: u64, author: UserId) -> MessageKey {
    MessageKey::new(&format!("{author}-{number}")).unwrap()
}

pub(super) fn say(number: u64, author: UserId, text: &str, reply_to: Option<u64>) -> TalkCommand {
    TalkCommand::Say { key: key(number, author), text: MessageText::new(text).unwrap(), reply_to }
}

pub(super) fn edit(number: u64, text: &str) -> TalkCommand {
    TalkCommand::Edit { number, text: MessageText::new(text).unwrap() }
}

pub(super) fn react(number: u64, emoji: &str) -> TalkCommand {
    TalkCommand::React { number, emoji: Emoji::new(emoji).ok() }
}

/// Acknowledged ten microseconds after it was sent.
pub(super) fn acknowledged(command: TalkCommand, moment: u64, message: Option<Message>) -> Operation {
    let outcome = Outcome::Acknowledged { message: message.map(Box::new), at: Moment(moment + 10) };
    Operation { command, sends: 1, invoked_at: Moment(moment), outcome }
}

pub(super) fn anns() -> PhoneTalk {
    let ack = |change| Received::Ack(Box::new(version(change)));
    PhoneTalk {
        operations: vec![
            acknowledged(say(4, ann(), "Solaris?", None), 100, Some(version(4))),
            acknowledged(edit(4, "Stalker?"), 200, Some(version(7))),
            // Her connection broke before the answer came: it was sent twice.
            Operation { sends: 2, ..acknowledged(say(6, ann(), "Oops", None), 220, Some(version(8))) },
            acknowledged(TalkCommand::Unsay { number: 6 }, 260, Some(version(9))),
        ],
        received: vec![
            Received::Opened { after: 2 },
            frame(3, ann()),
            ack(4),
            frame(5, ann()),
            Received::Opened { after: 5 },
            frame(6, ann()),
            ack(7),
            frame(8, ann()),
            ack(8),
            ack(9),
            frame(10, ann()),
            frame(11, ann()),
            Received::Read { member: bob(), number: 5 },
        ],
        stayed: true,
        erased_at: None,
    }
}

pub(super) fn bobs() -> PhoneTalk {
    let ack = |change| Received::Ack(Box::new(version(change)));
    PhoneTalk {
        operations: vec![
            acknowledged(say(5, bob(), "Yes", Some(4)), 150, Some(version(5))),
            acknowledged(react(4, "🔥"), 180, Some(others(6))),
            acknowledged(TalkCommand::Read { number: 8 }, 300, None),
        ],
        received: vec![
            Received::Opened { after: 0 },
            frame(1, bob()),
            frame(2, bob()),
            frame(3, bob()),
            frame(4, bob()),
            ack(5),
            Received::Ack(Box::new(others(6))),
            // What came in one stretch while he was away: change 8 has been overtaken by change 9.
            Received::Opened { after: 6 },
            frame(7, bob()),
            frame(9, bob()),
            frame(10, bob()),
            frame(11, bob()),
        ],
        stayed: true,
        erased_at: None,
    }
}

pub(super) fn rows() -> TalkRows {
    TalkRows {
        messages: [1, 2, 3, 7, 5, 9, 10, 11].map(version).into(),
        counters: (8, 11),
        marks: BTreeMap::from([(ann(), 6), (bob(), 8)]),
    }
}
