//! A message of a room as somebody saw it: on the wire, or as a row of SQL. It is the checker's own reading of the
//! contract; nothing of how the server writes one is used.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use sovpalo_domain::{
    ids::{TitleId, UserId},
    talk::{MessageKind, SystemWhat},
};

/// One version of one message. Read from a frame's or a page's JSON as it is, or built from a row of `messages` and its
/// `message_reactions` (in the order of their changes).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Message {
    /// Which one of the room, from 1.
    pub(crate) number: u64,
    /// Which change of the room made this version of it.
    pub(crate) change: u64,
    /// Nobody: the room itself, or somebody who was erased.
    pub(crate) author: Option<UserId>,
    pub(crate) kind: MessageKind,
    pub(crate) text: String,
    /// What it notes, if it is a note of the room itself.
    pub(crate) system: Option<Note>,
    pub(crate) reply_to: Option<u64>,
    /// Who reacted, by emoji, in the order in which they did.
    pub(crate) reactions: BTreeMap<String, Vec<UserId>>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) edited_at: Option<DateTime<Utc>>,
    pub(crate) deleted: bool,
    /// How its author calls it; only the author is told. SQL has one for a note as well, which is nobody's: `None` here.
    pub(crate) key: Option<String>,
}

/// What the room notes of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Note {
    pub(crate) what: SystemWhat,
    #[serde(default)]
    pub(crate) member: Option<UserId>,
    /// A title's id; the wire has the whole title, SQL its id alone.
    #[serde(default, deserialize_with = "title")]
    pub(crate) title: Option<TitleId>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TitleOrId {
    Title { id: TitleId },
    Id(TitleId),
}

fn title<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TitleId>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(|title| match title {
        TitleOrId::Title { id } | TitleOrId::Id(id) => id,
    }))
}

impl Message {
    /// The emoji with which somebody reacted.
    pub(crate) fn reaction_of(&self, member: UserId) -> Option<&str> {
        self.reactions.iter().find(|(_, who)| who.contains(&member)).map(|(emoji, _)| emoji.as_str())
    }

    /// As everybody may see it.
    pub(crate) fn public(&self) -> Self {
        Self { key: None, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_read_as_the_contract_writes_it() {
        let frame = json!({"number": 3, "change": 9, "author": 1, "kind": "text", "text": "Solaris?", "system": null,
            "reply_to": 2, "reactions": {"🔥": [2, 1]}, "at": "2026-10-01T19:00:00.125Z", "edited_at": null,
            "deleted": false, "key": "k1"});
        let message: Message = serde_json::from_value(frame).unwrap();
        let (ann, bob) = (UserId::new(1).unwrap(), UserId::new(2).unwrap());
        assert_eq!((message.number, message.change, message.author), (3, 9, Some(ann)));
        assert_eq!(message.reaction_of(bob), Some("🔥"));
        assert_eq!(message.at.timestamp_subsec_millis(), 125);
        assert_eq!(message.public().key, None);
    }

    #[test]
    fn a_note_names_its_title_by_the_id_on_the_wire_and_in_sql() {
        let wire = json!({"what": "matched", "title": {"id": "c1", "kind": "film", "name": "Solaris"}});
        let row = json!({"what": "matched", "title": "c1"});
        let (wire, row): (Note, Note) =
            (serde_json::from_value(wire).unwrap(), serde_json::from_value(row).unwrap());
        assert_eq!(wire, row);
        assert_eq!(row.title, TitleId::new("c1").ok());
    }
}
