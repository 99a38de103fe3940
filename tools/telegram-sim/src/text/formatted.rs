//! A text and its entities, whose lengths and offsets count UTF-16 code units.

use serde_json::{Value, json};

/// A text without its markup.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Formatted {
    pub(crate) text: String,
    pub(crate) entities: Vec<Value>,
}

impl Formatted {
    /// The length that Telegram counts.
    pub(crate) fn length(&self) -> usize {
        utf16(&self.text)
    }
}

/// UTF-16 code units of a text.
pub(crate) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Collects plain text and entities while a parser walks.
#[derive(Default)]
pub(super) struct Builder {
    text: String,
    pub(super) length: usize,
    entities: Vec<Value>,
}

impl Builder {
    pub(super) fn push(&mut self, c: char) {
        self.text.push(c);
        self.length += c.len_utf16();
    }

    /// An entity from `start` to here; empty ones are dropped, as Telegram does.
    pub(super) fn close(&mut self, start: usize, mut entity: Value) {
        if self.length > start {
            entity["offset"] = json!(start);
            entity["length"] = json!(self.length - start);
            self.entities.push(entity);
        }
    }

    pub(super) fn finish(self) -> Formatted {
        Formatted { text: self.text, entities: self.entities }
    }
}
