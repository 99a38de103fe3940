//! What the bot may write to somebody in private: whether they want it, how often, and what waits for them.
//!
//! All processes count together: a message is counted in the transaction that allows it. Whoever leaves a room, mutes it, turns messages
//! off, blocks the bot or is erased is written to no more, also not what was waiting.

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::ids::{RoomCode, Timestamp, TitleId, UserId};

use super::{
    Db, DbError, Tx,
    column::{ago, limit, moment, timestamp},
    jobs::Kind,
    notices::{lane_of_member, title_of},
    run, within,
};

/// The shortest time between two private messages to one person about one room; about achievements it is a day. What comes sooner waits, and becomes one message.
pub const BETWEEN_PRIVATE_MESSAGES: Duration = Duration::from_secs(60);
/// Private messages to one person in [`PRIVATE_MESSAGES_WITHIN`], over all rooms and with achievements. The last one says that it is; what comes after it is
/// not told.
pub const PRIVATE_MESSAGES: u32 = 12;
/// A day that ends now.
pub const PRIVATE_MESSAGES_WITHIN: Duration = Duration::from_secs(24 * 3600);
/// Matches that become one message at most; those beyond it become the next one.
pub const MATCHES_OF_ONE_MESSAGE: usize = 500;

/// What a private message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateTopic {
    /// The matches of a room.
    Room(RoomCode),
    /// What somebody has earned.
    Achievements,
}

impl From<RoomCode> for PrivateTopic {
    fn from(room: RoomCode) -> Self {
        Self::Room(room)
    }
}

impl PrivateTopic {
    /// Where messages are counted a room is called by its code. None is empty.
    fn stored(&self) -> &str {
        match self {
            Self::Room(room) => room.as_str(),
            Self::Achievements => "",
        }
    }

    /// The shortest time between two messages about it.
    fn between(self) -> Duration {
        match self {
            Self::Room(_) => BETWEEN_PRIVATE_MESSAGES,
            Self::Achievements => PRIVATE_MESSAGES_WITHIN,
        }
    }

    /// It is written about while fewer than so many messages were within a day: the last one tells of a match, and says that it is the last.
    fn ceiling(self) -> u32 {
        match self {
            Self::Room(_) => PRIVATE_MESSAGES,
            Self::Achievements => PRIVATE_MESSAGES - 1,
        }
    }
}

/// Whether somebody may be written to about something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateTurn {
    /// Now. It is counted; [`Db::give_back_turn`] takes it back.
    Now {
        /// What it is known by.
        turn: i64,
        /// Whether it is the last one for today.
        is_last: bool,
    },
    /// Not before then.
    Later(Timestamp),
    /// They have had as many as one day takes.
    Spent,
    /// They do not want to be, or are not known any more.
    Unwanted,
}

/// A match that somebody has not been told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingMatch {
    /// Its notice.
    pub notice: i64,
    /// The title.
    pub title: TitleId,
}

impl Db {
    /// Asks to write to somebody.
    pub async fn private_turn(
        &self,
        about: impl Into<PrivateTopic> + Send,
        member: UserId,
        now: Timestamp,
    ) -> Result<PrivateTurn, DbError> {
        let about = about.into();
        let mut tx = self.begin().await?;
        if !wants_messages(&mut tx, about, member).await? {
            return Ok(PrivateTurn::Unwanted);
        }
        within!(&mut tx, |conn| sqlx::query("DELETE FROM private_messages WHERE member = $1 AND at <= $2")
            .bind(member.get())
            .bind(ago(PRIVATE_MESSAGES_WITHIN, now))
            .execute(conn)
            .map_ok(drop))?;
        let written: Vec<(String, chrono::DateTime<chrono::Utc>)> = within!(&mut tx, |conn| {
            sqlx::query_as("SELECT room, at FROM private_messages WHERE member = $1")
                .bind(member.get())
                .fetch_all(conn)
        })?;
        let here = written.iter().filter(|(other, _)| other == about.stored());
        let next = here.map(|(_, at)| timestamp(*at).plus(about.between())).max();
        if let Some(next) = next.filter(|next| *next > now) {
            return Ok(PrivateTurn::Later(next));
        }
        let many = u32::try_from(written.len()).unwrap_or(u32::MAX);
        if many >= about.ceiling() {
            return Ok(PrivateTurn::Spent);
        }
        let turn: i64 = within!(&mut tx, |conn| {
            sqlx::query_scalar(
                "INSERT INTO private_messages (member, room, at) VALUES ($1, $2, $3) RETURNING id",
            )
            .bind(member.get())
            .bind(about.stored())
            .bind(moment(now))
            .fetch_one(conn)
        })?;
        tx.commit().await?;
        Ok(PrivateTurn::Now { turn, is_last: many + 1 == PRIVATE_MESSAGES })
    }

    /// Forgets what was written longer ago than counts. Says how many.
    pub async fn forget_private_messages(&self, now: Timestamp) -> Result<u64, DbError> {
        Ok(run!(self, |pool| sqlx::query("DELETE FROM private_messages WHERE at <= $1")
            .bind(ago(PRIVATE_MESSAGES_WITHIN, now))
            .execute(pool)
            .map_ok(|done| done.rows_affected()))?)
    }

    /// Nothing was written after all.
    pub async fn give_back_turn(&self, turn: i64) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query("DELETE FROM private_messages WHERE id = $1")
            .bind(turn)
            .execute(pool)
            .map_ok(drop))?;
        Ok(())
    }

    /// The matches of a room that somebody has not been told of, the oldest first, at most [`MATCHES_OF_ONE_MESSAGE`]. Whoever has taken
    /// the first of them may tell them all: nobody else is given one before it is done.
    pub async fn pending_matches(
        &self,
        room: RoomCode,
        member: UserId,
    ) -> Result<Vec<PendingMatch>, DbError> {
        let rows: Vec<(i64, String)> = run!(self, |pool| {
            sqlx::query_as(
                "SELECT id, payload FROM jobs WHERE kind = $1 AND lane = $2 AND NOT done
                 ORDER BY position, id LIMIT $3",
            )
            .bind(Kind::Notice.name())
            .bind(lane_of_member(room, member))
            .bind(limit(MATCHES_OF_ONE_MESSAGE))
            .fetch_all(pool)
        })?;
        let pending =
            |(notice, payload): (i64, String)| Ok(PendingMatch { notice, title: title_of(&payload)? });
        rows.into_iter().map(pending).collect()
    }

    /// What waits for somebody of a room is not told to them any more.
    pub async fn drop_matches_of(&self, room: RoomCode, member: UserId) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(DROP_OF_ROOM)
            .bind(lane_of_member(room, member))
            .execute(pool)
            .map_ok(drop))?;
        Ok(())
    }

    /// Somebody wants to hear nothing of a room any more, or does again; also after its end. Doing it again changes nothing.
    /// `false`: they never were in such a room, and nothing was changed.
    pub async fn mute_room(
        &self,
        room: RoomCode,
        member: UserId,
        muted: bool,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let mut tx = self.begin().await?;
        let known: Option<i64> = within!(&mut tx, |conn| {
            sqlx::query_scalar("SELECT member FROM room_members WHERE room = $1 AND member = $2")
                .bind(room.as_str())
                .bind(member.get())
                .fetch_optional(conn)
        })?;
        if known.is_none() {
            return Ok(false);
        }
        if muted {
            within!(&mut tx, |conn| sqlx::query(
                "INSERT INTO room_mutes (room, member, at) VALUES ($1, $2, $3)
                 ON CONFLICT (room, member) DO NOTHING"
            )
            .bind(room.as_str())
            .bind(member.get())
            .bind(moment(now))
            .execute(conn)
            .map_ok(drop))?;
            within!(&mut tx, |conn| sqlx::query(DROP_OF_ROOM)
                .bind(lane_of_member(room, member))
                .execute(conn)
                .map_ok(drop))?;
        } else {
            within!(&mut tx, |conn| sqlx::query("DELETE FROM room_mutes WHERE room = $1 AND member = $2")
                .bind(room.as_str())
                .bind(member.get())
                .execute(conn)
                .map_ok(drop))?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Whether somebody wants to hear nothing of a room.
    pub async fn has_muted(&self, room: RoomCode, member: UserId) -> Result<bool, DbError> {
        let muted: Option<i64> = run!(self, |pool| {
            sqlx::query_scalar("SELECT member FROM room_mutes WHERE room = $1 AND member = $2")
                .bind(room.as_str())
                .bind(member.get())
                .fetch_optional(pool)
        })?;
        Ok(muted.is_some())
    }
}

const DROP_OF_ROOM: &str =
    "UPDATE jobs SET done = TRUE, payload = NULL WHERE kind = 'notice' AND lane = $1 AND NOT done";

/// What waits for somebody, of any room and of none.
pub(super) const DROP_ALL_OF: &str = "UPDATE jobs SET done = TRUE, payload = NULL WHERE kind IN ('notice', 'achievement') AND member = $1 AND NOT done";

/// Also lets nobody else count for this person until the transaction ends.
async fn wants_messages(tx: &mut Tx, about: PrivateTopic, member: UserId) -> Result<bool, DbError> {
    let wants: Option<i64> = within!(tx, |conn| {
        sqlx::query_scalar(
            "UPDATE users SET notifications = notifications
             WHERE id = $1 AND writes_allowed AND notifications
                 AND NOT EXISTS (SELECT 1 FROM room_mutes WHERE room = $2 AND member = $1)
             RETURNING id",
        )
        .bind(member.get())
        .bind(about.stored())
        .fetch_optional(conn)
    })?;
    Ok(wants.is_some())
}

impl Tx {
    /// What waits for those who are not in the room any more is not told.
    pub(super) async fn tell_nothing_to_who_left(&mut self, room: RoomCode) -> Result<(), DbError> {
        within!(self, |conn| sqlx::query(
            "UPDATE jobs SET done = TRUE, payload = NULL
             WHERE kind = 'notice' AND NOT done AND lane IN (
                 SELECT 'member/' || CAST(member AS TEXT) || '/' || room FROM room_members
                 WHERE room = $1 AND standing NOT IN ('here', 'away'))"
        )
        .bind(room.as_str())
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }
}
