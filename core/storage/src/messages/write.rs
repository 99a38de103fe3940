//! What members do to the timeline.

use futures::TryFutureExt;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    talk::{Message, MessageKey, MessageText, TalkCommand, TalkRefusal},
};

use super::{
    super::{
        Db, DbError, Tx,
        column::{moment, plain},
        within,
    },
    Counters, column, may_write,
    outcome::{TalkDone, TalkError},
    reading::{move_mark, read_up_to},
    row::{MessageRow, kind, number, select_messages, with_reactions},
};

impl Db {
    /// Does what a member of a room asks for. When it comes back, what it says is committed. Doing it again changes nothing.
    pub async fn talk(
        &self,
        room: RoomCode,
        member: UserId,
        command: &TalkCommand,
        now: Timestamp,
    ) -> Result<TalkDone, TalkError> {
        if let TalkCommand::Read { number } = command {
            return read_up_to(self, room, member, *number).await;
        }
        let mut tx = self.begin().await?;
        if !may_write(&mut tx, member).await? {
            return Err(TalkRefusal::NotAllowed.into());
        }
        let counters = Counters::lock(&mut tx, room).await?;
        let writing = Writing { tx, room, member, counters, now };
        match command {
            TalkCommand::Say { key, text, reply_to } => writing.say(key, text, *reply_to).await,
            TalkCommand::Edit { number, text } => {
                writing.change(*number, |message| message.edit(member, text, now)).await
            }
            TalkCommand::Unsay { number } => writing.change(*number, |message| message.unsay(member)).await,
            TalkCommand::React { number, emoji } => {
                writing.change(*number, |message| message.react(member, emoji.as_ref())).await
            }
            TalkCommand::Read { .. } => Err(TalkRefusal::MessageNotFound.into()),
        }
    }
}

/// A transaction in which one member writes in one room, whose counters it holds.
struct Writing {
    tx: Tx,
    room: RoomCode,
    member: UserId,
    counters: Counters,
    now: Timestamp,
}

impl Writing {
    async fn say(
        mut self,
        key: &MessageKey,
        text: &MessageText,
        reply_to: Option<u64>,
    ) -> Result<TalkDone, TalkError> {
        if let Some(message) = self.said_as(key).await? {
            return Ok(TalkDone { message: Some(message), read: None, changed: false });
        }
        let last = number(self.counters.last_number, "message_counters.last_number")?;
        if reply_to.is_some_and(|replied| !(1..=last).contains(&replied)) {
            return Err(TalkRefusal::MessageNotFound.into());
        }
        let Self { mut tx, room, member, counters: Counters { last_number, last_change }, now } = self;
        let counters = Counters { last_number: last_number + 1, last_change: last_change + 1 };
        counters.store(&mut tx, room).await?;
        let message = Message {
            number: number(counters.last_number, "message_counters.last_number")?,
            change: number(counters.last_change, "message_counters.last_change")?,
            author: Some(member),
            kind: text.kind(),
            text: plain(text.as_str()).into_owned(),
            system: None,
            reply_to,
            reactions: Vec::new(),
            // As a column keeps it.
            at: Timestamp::from_millis(moment(now).timestamp_millis()),
            edited_at: None,
            deleted: false,
            key: Some(key.clone()),
        };
        within!(&mut tx, |conn| sqlx::query(
            "INSERT INTO messages (room, number, change, author, kind, text, reply_to, at, key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(room.as_str())
        .bind(counters.last_number)
        .bind(counters.last_change)
        .bind(member.get())
        .bind(kind(message.kind))
        .bind(&message.text)
        .bind(reply_to.map(column))
        .bind(moment(now))
        .bind(key.as_str())
        .execute(conn)
        .map_ok(drop))?;
        move_mark(&mut tx, room, member, counters.last_number).await?;
        tx.count_message(member, now).await?;
        tx.commit().await?;
        Ok(TalkDone { read: Some((member, message.number)), message: Some(message), changed: true })
    }

    /// What this author has said under a key.
    async fn said_as(&mut self, key: &MessageKey) -> Result<Option<Message>, DbError> {
        let row: Option<MessageRow> = within!(&mut self.tx, |conn| sqlx::query_as(select_messages!(
            "WHERE room = $1 AND author = $2 AND key = $3"
        ))
        .bind(self.room.as_str())
        .bind(self.member.get())
        .bind(key.as_str())
        .fetch_optional(conn))?;
        self.message_of(row).await
    }

    async fn numbered(&mut self, number: u64) -> Result<Option<Message>, DbError> {
        let row: Option<MessageRow> = within!(&mut self.tx, |conn| sqlx::query_as(select_messages!(
            "WHERE room = $1 AND number = $2"
        ))
        .bind(self.room.as_str())
        .bind(column(number))
        .fetch_optional(conn))?;
        self.message_of(row).await
    }

    async fn message_of(&mut self, row: Option<MessageRow>) -> Result<Option<Message>, DbError> {
        Ok(with_reactions(&mut self.tx, self.room, row.into_iter().collect()).await?.pop())
    }

    /// Changes a message as `judge` does, which says whether it did.
    async fn change(
        mut self,
        wanted: u64,
        judge: impl FnOnce(&mut Message) -> Result<bool, TalkRefusal>,
    ) -> Result<TalkDone, TalkError> {
        let Some(mut message) = self.numbered(wanted).await? else {
            return Err(TalkRefusal::MessageNotFound.into());
        };
        let reacted = message.reaction_of(self.member).cloned();
        if !judge(&mut message)? {
            return Ok(TalkDone { message: Some(message), read: None, changed: false });
        }
        self.counters.last_change += 1;
        message.change = number(self.counters.last_change, "message_counters.last_change")?;
        self.counters.store(&mut self.tx, self.room).await?;
        self.store(&message).await?;
        if message.reaction_of(self.member) != reacted.as_ref() || message.deleted {
            self.store_reactions(&message).await?;
        }
        self.tx.commit().await?;
        Ok(TalkDone { message: Some(message), read: None, changed: true })
    }

    async fn store(&mut self, message: &Message) -> Result<(), DbError> {
        within!(&mut self.tx, |conn| sqlx::query(
            "UPDATE messages SET change = $3, text = $4, edited_at = $5, deleted = $6
             WHERE room = $1 AND number = $2"
        )
        .bind(self.room.as_str())
        .bind(column(message.number))
        .bind(self.counters.last_change)
        .bind(plain(&message.text))
        .bind(message.edited_at.map(moment))
        .bind(message.deleted)
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }

    /// Nobody's, where the message was taken back; else this member's.
    async fn store_reactions(&mut self, message: &Message) -> Result<(), DbError> {
        within!(&mut self.tx, |conn| sqlx::query(
            "DELETE FROM message_reactions WHERE room = $1 AND number = $2 AND (member = $3 OR $4)"
        )
        .bind(self.room.as_str())
        .bind(column(message.number))
        .bind(self.member.get())
        .bind(message.deleted)
        .execute(conn)
        .map_ok(drop))?;
        let Some(emoji) = message.reaction_of(self.member) else { return Ok(()) };
        within!(&mut self.tx, |conn| sqlx::query(
            "INSERT INTO message_reactions (room, number, member, emoji, change) VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(self.room.as_str())
        .bind(column(message.number))
        .bind(self.member.get())
        .bind(emoji.as_str())
        .bind(self.counters.last_change)
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }
}
