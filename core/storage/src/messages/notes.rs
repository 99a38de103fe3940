//! What happened in a room, as messages of the room itself.
//!
//! The projector reads them off the room's log, and may read the same entry again: after a crash, or under another epoch, when a
//! log was replaced by one that tells the same. An event keeps its time when that happens, so a note is known by what happened to whom at
//! which time, and written once.

use std::collections::BTreeSet;

use sovpalo_domain::{
    ids::{RoomCode, Seq, Timestamp, TitleId},
    talk::{Message, MessageKind, SystemNote},
};
use sqlx::{QueryBuilder, types::Json};

use super::{
    super::{Db, DbError, Tx, column::moment, within},
    Counters,
    row::{kind, number},
};

/// Rows in one statement: with seven values each, far below what either database takes.
const BATCH: usize = 500;

/// Something that an entry of a room's log tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// Of which entry.
    pub seq: Seq,
    /// What happened.
    pub note: SystemNote,
    pub at: Timestamp,
}

/// By what a note is known in its room.
fn note_key(NewNote { note, at, .. }: &NewNote) -> String {
    let what = serde_json::to_value(note.what).unwrap_or_default();
    let whom = note.member.map(|member| member.to_string()).unwrap_or_default();
    let title = note.title.as_ref().map(TitleId::as_str).unwrap_or_default();
    format!("system:{}:{}:{whom}:{title}", what.as_str().unwrap_or_default(), at.millis())
}

impl Db {
    /// Writes the notes that are not there yet. Those come back as messages, in order.
    pub async fn note_system(&self, room: RoomCode, notes: &[NewNote]) -> Result<Vec<Message>, DbError> {
        let mut tx = self.begin().await?;
        let written = tx.note(room, notes).await?;
        tx.commit().await?;
        Ok(written)
    }
}

impl Tx {
    /// The same within a transaction that locks nothing afterwards.
    pub(crate) async fn note(&mut self, room: RoomCode, notes: &[NewNote]) -> Result<Vec<Message>, DbError> {
        if notes.is_empty() {
            return Ok(Vec::new());
        }
        let mut counters = Counters::lock(self, room).await?;
        let mut written = Vec::new();
        for batch in notes.chunks(BATCH) {
            let keyed: Vec<(String, &NewNote)> = batch.iter().map(|note| (note_key(note), note)).collect();
            let mut there = known(self, room, &keyed).await?;
            let mut new = Vec::new();
            for (key, note) in keyed {
                if there.insert(key.clone()) {
                    counters.last_number += 1;
                    counters.last_change += 1;
                    new.push((key, message(counters, note)?));
                }
            }
            insert(self, room, &new).await?;
            written.extend(new.into_iter().map(|(_, message)| message));
        }
        if !written.is_empty() {
            counters.store(self, room).await?;
        }
        Ok(written)
    }
}

/// Which of these keys are there.
async fn known(
    tx: &mut Tx,
    room: RoomCode,
    keyed: &[(String, &NewNote)],
) -> Result<BTreeSet<String>, DbError> {
    let known: Vec<String> = within!(tx, async |conn| {
        let mut select = QueryBuilder::new("SELECT key FROM messages WHERE kind = 'system' AND room = ");
        select.push_bind(room.as_str()).push(" AND key IN (");
        let mut list = select.separated(", ");
        for (key, _) in keyed {
            list.push_bind(key.as_str());
        }
        select.push(")");
        // One alone is usual, and then always the same statement.
        select.build_query_scalar().persistent(keyed.len() == 1).fetch_all(conn).await
    })?;
    Ok(known.into_iter().collect())
}

fn message(counters: Counters, NewNote { note, at, .. }: &NewNote) -> Result<Message, DbError> {
    Ok(Message {
        number: number(counters.last_number, "message_counters.last_number")?,
        change: number(counters.last_change, "message_counters.last_change")?,
        author: None,
        kind: MessageKind::System,
        text: String::new(),
        system: Some(note.clone()),
        reply_to: None,
        reactions: Vec::new(),
        at: *at,
        edited_at: None,
        deleted: false,
        key: None,
    })
}

async fn insert(tx: &mut Tx, room: RoomCode, new: &[(String, Message)]) -> Result<(), DbError> {
    if new.is_empty() {
        return Ok(());
    }
    within!(tx, async |conn| {
        let mut insert =
            QueryBuilder::new("INSERT INTO messages (room, number, change, kind, text, system, at, key) ");
        insert.push_values(new, |mut row, (key, message)| {
            row.push_bind(room.as_str())
                .push_bind(super::column(message.number))
                .push_bind(super::column(message.change))
                .push_bind(kind(message.kind))
                .push_bind("")
                .push_bind(message.system.as_ref().map(Json))
                .push_bind(moment(message.at))
                .push_bind(key.as_str());
        });
        insert.build().persistent(new.len() == 1).execute(conn).await.map(drop)
    })?;
    Ok(())
}
