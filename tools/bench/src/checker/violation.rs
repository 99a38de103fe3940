//! A law that was broken: which, where, and enough of the history to see it.

use std::fmt;

use sovpalo_domain::ids::{RoomCode, UserId};

use super::{
    history::{Answer, Asked, Connection, History, PhoneHistory},
    law::Law,
    talk::{history::Received, message::Message},
};

/// One finding.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    /// Which law was broken.
    pub(crate) law: Law,
    /// In which room.
    pub(crate) room: RoomCode,
    /// Concerning whom.
    pub(crate) user: Option<UserId>,
    /// At which seq.
    pub(crate) seq: Option<u64>,
    /// What is wrong, in a sentence.
    pub(crate) what: String,
    /// The log, the commands and the frames around it.
    pub(crate) around: Vec<String>,
}

impl Violation {
    /// Without what was around it.
    pub(crate) fn in_a_line(&self) -> String {
        let user = self.user.map_or_else(String::new, |user| format!(", person {user}"));
        let seq = self.seq.map_or_else(String::new, |seq| format!(", seq {seq}"));
        format!("{}: room {}{user}{seq}: {}", self.law, self.room, self.what)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_a_line())?;
        self.around.iter().try_for_each(|line| write!(f, "\n    {line}"))
    }
}

/// Lines of context on each side.
const CONTEXT: usize = 4;
/// A line of a log is cut here; a deck is long.
const WIDTH: usize = 150;
/// So much of what a phone was sent of the talk is shown before a place in it, and half as much after.
const TALK: usize = 20;
/// So many commands of a person are shown.
const COMMANDS: usize = 12;

/// Collects what is found wrong with one history.
pub(crate) struct Findings<'a> {
    history: &'a History,
    pub(crate) found: Vec<Violation>,
}

impl<'a> Findings<'a> {
    /// Nothing yet.
    pub(crate) fn of(history: &'a History) -> Self {
        Self { history, found: Vec::new() }
    }

    /// Something about the room itself.
    pub(crate) fn room(&mut self, law: Law, seq: Option<u64>, what: impl Into<String>) {
        let around = seq.map_or_else(Vec::new, |seq| log_around(self.history, seq));
        self.push(law, None, seq, what.into(), around);
    }

    /// Something that one phone was told or asked.
    pub(crate) fn phone(
        &mut self,
        law: Law,
        phone: &PhoneHistory,
        seq: Option<u64>,
        what: impl Into<String>,
    ) {
        let mut around = seq.map_or_else(Vec::new, |seq| log_around(self.history, seq));
        around.extend(commands_of(phone, seq));
        self.push(law, Some(phone.user), seq, what.into(), around);
    }

    /// Something that was told on one connection, at its `index`th frame.
    pub(crate) fn told(
        &mut self,
        law: Law,
        phone: &PhoneHistory,
        connection: &Connection,
        index: usize,
        seq: Option<u64>,
        what: impl Into<String>,
    ) {
        let mut around = seq.map_or_else(Vec::new, |seq| log_around(self.history, seq));
        around.extend(frames_around(connection, index));
        self.push(law, Some(phone.user), seq, what.into(), around);
    }

    /// Something about the talk: of one phone or of SQL, and of one message if it is known which.
    pub(crate) fn message(
        &mut self,
        law: Law,
        phone: Option<&PhoneHistory>,
        number: Option<u64>,
        what: impl Into<String>,
    ) {
        let around = number.map_or_else(Vec::new, |number| talk_of(self.history, number));
        self.push(law, phone.map(|phone| phone.user), None, what.into(), around);
    }

    /// Something that one phone was sent of the talk, at its `index`th piece.
    pub(crate) fn stream(
        &mut self,
        law: Law,
        phone: &PhoneHistory,
        index: usize,
        number: u64,
        what: impl Into<String>,
    ) {
        let mut around = talk_of(self.history, number);
        around.extend(talk_around(phone, index));
        self.push(law, Some(phone.user), None, what.into(), around);
    }

    fn push(&mut self, law: Law, user: Option<UserId>, seq: Option<u64>, what: String, around: Vec<String>) {
        self.found.push(Violation { law, room: self.history.room, user, seq, what, around });
    }
}

/// The log around a seq, which counts from 1.
fn log_around(history: &History, seq: u64) -> Vec<String> {
    let place = usize::try_from(seq).unwrap_or(usize::MAX).saturating_sub(1);
    let first = place.saturating_sub(CONTEXT);
    let title = format!("the log (epoch {:08x}, {} entries):", history.epoch.get(), history.log.len());
    let lines = history.log.iter().enumerate().skip(first).take(2 * CONTEXT + 1).map(|(index, entry)| {
        let mark = if index == place { ">" } else { " " };
        cut(format!("{mark} {:>4} {:?}", index + 1, entry.event))
    });
    std::iter::once(title).chain(lines).collect()
}

/// Somebody's commands around a seq, or their last ones.
fn commands_of(phone: &PhoneHistory, seq: Option<u64>) -> Vec<String> {
    let later = |asked: &Asked| match (&asked.answer, seq) {
        (Answer::Done(at, _), Some(seq)) => at.seq.get() > seq,
        _ => false,
    };
    let place = phone.asked.iter().position(later).unwrap_or(phone.asked.len());
    let first = (place + COMMANDS / 2).min(phone.asked.len()).saturating_sub(COMMANDS);
    let title = format!("commands of {}:", phone.user);
    let lines =
        phone.asked.iter().skip(first).take(COMMANDS).map(|Asked { action, rev, sends, sent_at, answer }| {
            let of = rev.map_or_else(String::new, |rev| format!(" of screen {rev}"));
            cut(format!("  {:>10} µs {action:?}{of}, sent {sends}×: {answer:?}", sent_at.0))
        });
    std::iter::once(title).chain(lines).collect()
}

fn frames_around(connection: &Connection, index: usize) -> Vec<String> {
    let first = index.saturating_sub(CONTEXT);
    let known = connection.known.map_or_else(|| "nothing".to_owned(), |known| known.to_string());
    let title = format!("told by node {}, to a phone that had {known}:", connection.node);
    let lines = connection.heard.iter().enumerate().skip(first).take(2 * CONTEXT + 1).map(|(at, heard)| {
        let mark = if at == index { ">" } else { " " };
        cut(format!("{mark} {:>4} {:?}", at + 1, heard.frame))
    });
    std::iter::once(title).chain(lines).collect()
}

fn talk_around(phone: &PhoneHistory, index: usize) -> Vec<String> {
    let title = format!("what {} was sent of the talk:", phone.user);
    let received = phone.talk.received.iter().enumerate();
    let lines = received.skip(index.saturating_sub(TALK)).take(TALK + TALK / 2).map(|(at, received)| {
        let mark = if at == index { ">" } else { " " };
        cut(format!("{mark} {:>4} {}", at + 1, in_short(received)))
    });
    std::iter::once(title).chain(lines).collect()
}

fn in_short(received: &Received) -> String {
    let message = |message: &Message| format!("change {} of message {}", message.change, message.number);
    match received {
        Received::Opened { after } => format!("opened, goes on after change {after}"),
        Received::Frame(told) => message(told),
        Received::Ack(told) => format!("ack: {}", message(told)),
        Received::Gap { from } => format!("a gap from change {from}"),
        Received::Page(items) => {
            format!("fetched: {}", items.iter().map(message).collect::<Vec<_>>().join(", "))
        }
        Received::Read { member, number } => format!("{member} has read {number}"),
    }
}

/// What SQL has of a message, and who did what to it.
fn talk_of(history: &History, number: u64) -> Vec<String> {
    let row = history.rows.talk.messages.iter().find(|row| row.number == number);
    let row = row.map_or_else(|| "nothing".to_owned(), |row| format!("{row:?}"));
    let operations = history.phones.iter().flat_map(|phone| {
        let of_it = phone.talk.operations.iter().filter(move |operation| operation.number() == Some(number));
        of_it.map(|operation| cut(format!("  {} {operation:?}", phone.user)))
    });
    std::iter::once(format!("message {number} in SQL: {row}")).chain(operations.take(COMMANDS)).collect()
}

fn cut(line: String) -> String {
    if line.chars().count() <= WIDTH { line } else { line.chars().take(WIDTH).chain(['…']).collect() }
}
