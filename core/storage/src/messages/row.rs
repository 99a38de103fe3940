//! A message as a row.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sovpalo_domain::{
    ids::RoomCode,
    talk::{Emoji, Message, MessageKey, MessageKind, Reactions, SystemNote},
};
use sqlx::{QueryBuilder, types::Json};

use super::super::{
    DbError, Tx,
    column::{timestamp, user_id},
    within,
};

/// Selects [`MessageRow`]s: `select_messages!("WHERE …")`.
macro_rules! select_messages {
    ($which:literal) => {
        concat!(
            "SELECT number, change, author, kind, text, system, reply_to, at, edited_at, deleted, key FROM messages ",
            $which
        )
    };
}

pub(super) use select_messages;

#[derive(sqlx::FromRow)]
pub(super) struct MessageRow {
    number: i64,
    change: i64,
    author: Option<i64>,
    kind: String,
    text: String,
    system: Option<Json<SystemNote>>,
    reply_to: Option<i64>,
    at: DateTime<Utc>,
    edited_at: Option<DateTime<Utc>>,
    deleted: bool,
    key: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ReactionRow {
    number: i64,
    member: i64,
    emoji: String,
}

impl MessageRow {
    fn message(self, reactions: Reactions) -> Result<Message, DbError> {
        let kind = kind_from(&self.kind)?;
        // A note's key is the store's own.
        let key = self.key.filter(|_| kind != MessageKind::System);
        Ok(Message {
            number: number(self.number, "messages.number")?,
            change: number(self.change, "messages.change")?,
            author: self.author.map(|author| user_id(author, "messages.author")).transpose()?,
            kind,
            text: self.text,
            system: self.system.map(|Json(note)| note),
            reply_to: self.reply_to.map(|replied| number(replied, "messages.reply_to")).transpose()?,
            reactions,
            at: timestamp(self.at),
            edited_at: self.edited_at.map(timestamp),
            deleted: self.deleted,
            key: key
                .map(|key| MessageKey::new(&key))
                .transpose()
                .map_err(|invalid| DbError::corrupt("messages.key", invalid.reason))?,
        })
    }
}

/// Rows of one room with what people think of them, in the same order.
pub(super) async fn with_reactions(
    tx: &mut Tx,
    room: RoomCode,
    rows: Vec<MessageRow>,
) -> Result<Vec<Message>, DbError> {
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let mut reactions = reactions(tx, room, &numbers).await?;
    let with = |row: MessageRow| {
        let reactions = reactions.remove(&row.number).unwrap_or_default();
        row.message(reactions)
    };
    rows.into_iter().map(with).collect()
}

async fn reactions(
    tx: &mut Tx,
    room: RoomCode,
    numbers: &[i64],
) -> Result<BTreeMap<i64, Reactions>, DbError> {
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<ReactionRow> = within!(tx, async |conn| {
        let mut select =
            QueryBuilder::new("SELECT number, member, emoji FROM message_reactions WHERE room = ");
        select.push_bind(room.as_str()).push(" AND number IN (");
        let mut list = select.separated(", ");
        for number in numbers {
            list.push_bind(*number);
        }
        select.push(") ORDER BY number, change");
        select.build_query_as().persistent(false).fetch_all(conn).await
    })?;
    let mut all: BTreeMap<i64, Reactions> = BTreeMap::new();
    for row in rows {
        let emoji = Emoji::new(&row.emoji)
            .map_err(|invalid| DbError::corrupt("message_reactions.emoji", invalid.reason))?;
        let member = user_id(row.member, "message_reactions.member")?;
        let reactions = all.entry(row.number).or_default();
        match reactions.iter_mut().find(|(other, _)| *other == emoji) {
            Some((_, who)) => who.push(member),
            None => reactions.push((emoji, vec![member])),
        }
    }
    Ok(all)
}

pub(super) fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Text => "text",
        MessageKind::System => "system",
        MessageKind::Emoji => "emoji",
    }
}

fn kind_from(text: &str) -> Result<MessageKind, DbError> {
    match text {
        "text" => Ok(MessageKind::Text),
        "system" => Ok(MessageKind::System),
        "emoji" => Ok(MessageKind::Emoji),
        other => Err(DbError::corrupt("messages.kind", format_args!("it is {other:?}"))),
    }
}

pub(super) fn number(number: i64, column: &'static str) -> Result<u64, DbError> {
    u64::try_from(number).map_err(|error| DbError::corrupt(column, error))
}
