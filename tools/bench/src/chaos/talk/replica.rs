//! What a phone holds of its room's messages.

use std::collections::BTreeMap;

use sovpalo_domain::{ids::UserId, talk::MessageKind};

use crate::checker::talk::message::Message;

/// The newest version that it knows of each message.
#[derive(Debug, Default)]
pub(super) struct Replica {
    messages: BTreeMap<u64, Message>,
    /// Up to which change the stream of messages has come; `None` before it began.
    pub(super) position: Option<u64>,
}

impl Replica {
    /// Takes a version of a message, unless a newer one is known.
    pub(super) fn take(&mut self, message: &Message) {
        let known = self.messages.get(&message.number);
        if known.is_none_or(|known| known.change < message.change) {
            self.messages.insert(message.number, message.clone());
        }
    }

    /// The next one of the stream.
    pub(super) fn next(&mut self, message: &Message) {
        self.take(message);
        self.position = Some(message.change);
    }

    /// One that came as an answer: where it is not the next one of the stream, that goes on below it.
    pub(super) fn answer(&mut self, message: &Message) {
        self.take(message);
        if self.position.is_some_and(|position| position + 1 == message.change) {
            self.position = Some(message.change);
        }
    }

    /// The newest change that it knows of.
    pub(super) fn newest(&self) -> u64 {
        let newest = self.messages.values().map(|message| message.change).max();
        newest.unwrap_or_default().max(self.position.unwrap_or_default())
    }

    /// The last message's number.
    pub(super) fn last(&self) -> u64 {
        self.messages.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Whether it knows every message up to the last.
    pub(super) fn is_whole(&self) -> bool {
        self.messages.len() as u64 == self.last()
    }

    /// Messages that can be answered and reacted to.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Message> {
        self.messages.values().filter(|message| !message.deleted)
    }

    /// One's own words that can still be changed.
    pub(super) fn own(&self, me: UserId) -> impl Iterator<Item = &Message> {
        self.standing().filter(move |message| message.author == Some(me) && message.kind == MessageKind::Text)
    }
}
