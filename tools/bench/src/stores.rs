//! What the stores hold of a room, read past the servers.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::Value;
use sovpalo_domain::{
    ids::{Epoch, RoomCode, Round, Seq, TitleId, UserId},
    room::Entry,
    talk::MessageKind,
};
use sovpalo_live::{
    folder,
    hot::{
        Log as _, codec,
        redis::{Redis, RedisConfig},
    },
};
use sovpalo_storage::clock::Clock;
use sqlx::{
    PgPool, Postgres, Row, Sqlite, SqlitePool, Transaction,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::{
    checker::{
        history::{MatchRow, MemberRow, Place, RoomRow, Rows},
        talk::{history::TalkRows, message::Message},
        wire::Phase,
    },
    stage::Kept,
};

/// Connections to the stores.
pub(crate) enum Stores {
    Embedded { sql: SqlitePool, hot: SqlitePool },
    Production(PgPool, Box<Redis>),
}

/// A room's log.
pub(crate) struct Log {
    pub(crate) epoch: Epoch,
    pub(crate) entries: Vec<Entry>,
}

impl Log {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        Place { epoch: self.epoch, seq: Seq::new(self.entries.len() as u64) }
    }
}

/// What SQL holds, as it is at one moment, whatever is written meanwhile.
enum Snapshot {
    Embedded(Transaction<'static, Sqlite>),
    Production(Transaction<'static, Postgres>),
}

/// The same statement on either database.
macro_rules! rows {
    ($snapshot:expr, $sql:literal, $code:expr, |$row:ident| $read:expr) => {
        match $snapshot {
            Snapshot::Embedded(tx) => {
                let rows = sqlx::query($sql).bind($code.as_str()).fetch_all(&mut **tx).await?;
                rows.iter().map(|$row| $read).collect::<anyhow::Result<Vec<_>>>()
            }
            Snapshot::Production(tx) => {
                let rows = sqlx::query($sql).bind($code.as_str()).fetch_all(&mut **tx).await?;
                rows.iter().map(|$row| $read).collect::<anyhow::Result<Vec<_>>>()
            }
        }
    };
}

impl Stores {
    /// Connects; a store may come and go afterwards.
    pub(crate) async fn open(kept: &Kept) -> anyhow::Result<Self> {
        Ok(match kept {
            Kept::Embedded(folder) => {
                let pool = |file| {
                    let options = SqliteConnectOptions::new().filename(file).read_only(true);
                    SqlitePoolOptions::new().max_connections(2).connect_lazy_with(options)
                };
                Self::Embedded { sql: pool(folder::sql_file(folder)), hot: pool(folder::hot_file(folder)) }
            }
            Kept::Production { database, redis } => Self::Production(
                PgPoolOptions::new().max_connections(4).connect_lazy(database)?,
                Box::new(Redis::connect(RedisConfig::new(redis), Clock::system()).await?),
            ),
        })
    }

    /// The log, if there is one.
    pub(crate) async fn log(&self, code: RoomCode) -> anyhow::Result<Option<Log>> {
        let pool = match self {
            Self::Embedded { hot, .. } => hot,
            Self::Production(_, redis) => {
                let tail = redis.read(code, Seq::ZERO).await?;
                return Ok(tail.map(|tail| Log { epoch: tail.at.epoch, entries: tail.entries }));
            }
        };
        let rows = sqlx::query("SELECT entry FROM hot_log WHERE room = $1 ORDER BY seq")
            .bind(code.as_str())
            .fetch_all(pool)
            .await?;
        let entries = rows
            .iter()
            .map(|row| Ok(codec::decode(row.try_get("entry")?)?))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let Some(first) = entries.first() else { return Ok(None) };
        let epoch = first.event.begins().context("a log does not begin as logs do")?;
        Ok(Some(Log { epoch, entries }))
    }

    /// The rows, all as they are at the same moment: servers that are still at work write several of them at once.
    pub(crate) async fn rows(&self, code: RoomCode) -> anyhow::Result<Rows> {
        self.snapshot().await?.rows(code).await
    }

    async fn snapshot(&self) -> anyhow::Result<Snapshot> {
        Ok(match self {
            Self::Embedded { sql, .. } => Snapshot::Embedded(sql.begin().await?),
            Self::Production(pool, _) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
                Snapshot::Production(pool.begin_with(begin).await?)
            }
        })
    }
}

impl Snapshot {
    async fn rows(&mut self, code: RoomCode) -> anyhow::Result<Rows> {
        let room = rows!(
            self,
            "SELECT phase, round, host, member_count, match_count, epoch, projected_seq FROM rooms WHERE code = $1",
            code,
            |row| {
                Ok(RoomRow {
                    phase: phase(row.try_get("phase")?)?,
                    round: Round::new(u32::try_from(row.try_get::<i64, _>("round")?)?),
                    host: UserId::new(row.try_get("host")?)?,
                    member_count: row.try_get("member_count")?,
                    match_count: row.try_get("match_count")?,
                    projected: Place {
                        epoch: Epoch::from_bits(u32::try_from(row.try_get::<i64, _>("epoch")?)?),
                        seq: Seq::new(u64::try_from(row.try_get::<i64, _>("projected_seq")?)?),
                    },
                })
            }
        )?
        .pop();
        let members = rows!(
            self,
            "SELECT member, standing, CAST(picks AS TEXT) AS picks FROM room_members WHERE room = $1",
            code,
            |row| {
                Ok(MemberRow {
                    member: UserId::new(row.try_get("member")?)?,
                    standing: row.try_get("standing")?,
                    picks: titles(row.try_get("picks")?)?,
                })
            }
        )?;
        let matches = rows!(
            self,
            "SELECT number, round, title FROM room_matches WHERE room = $1 ORDER BY number",
            code,
            |row| {
                Ok(MatchRow {
                    number: u32::try_from(row.try_get::<i64, _>("number")?)?,
                    round: Round::new(u32::try_from(row.try_get::<i64, _>("round")?)?),
                    title: TitleId::new(row.try_get("title")?)?,
                })
            }
        )?;
        let erasures =
            rows!(self, "SELECT COUNT(*) AS waiting FROM room_erasures WHERE room = $1", code, |row| {
                Ok(row.try_get::<i64, _>("waiting")?)
            })?;
        let erasures = erasures.first().copied().unwrap_or_default();
        Ok(Rows { room, members, matches, talk: self.talk(code).await?, erasures })
    }

    /// What was said.
    async fn talk(&mut self, code: RoomCode) -> anyhow::Result<TalkRows> {
        let reactions = rows!(
            self,
            "SELECT number, member, emoji FROM message_reactions WHERE room = $1 ORDER BY number, change",
            code,
            |row| Ok((row.try_get("number")?, UserId::new(row.try_get("member")?)?, row.try_get("emoji")?))
        )?;
        let messages = rows!(
            self,
            "SELECT number, change, author, kind, text, CAST(system AS TEXT) AS system, reply_to, at, edited_at, \
             deleted, key FROM messages WHERE room = $1 ORDER BY number",
            code,
            |row| {
                let kind = serde_json::from_value(Value::from(row.try_get::<&str, _>("kind")?))?;
                let author: Option<i64> = row.try_get("author")?;
                let system: Option<&str> = row.try_get("system")?;
                let number: i64 = row.try_get("number")?;
                Ok(Message {
                    number: number.try_into()?,
                    change: row.try_get::<i64, _>("change")?.try_into()?,
                    author: author.map(UserId::new).transpose()?,
                    kind,
                    text: row.try_get("text")?,
                    system: system.map(serde_json::from_str).transpose().context("messages.system")?,
                    reply_to: row.try_get::<Option<i64>, _>("reply_to")?.map(u64::try_from).transpose()?,
                    reactions: reactions_of(number, &reactions),
                    at: row.try_get("at")?,
                    edited_at: row.try_get("edited_at")?,
                    deleted: row.try_get("deleted")?,
                    // A note's key is the store's own.
                    key: row.try_get::<Option<String>, _>("key")?.filter(|_| kind != MessageKind::System),
                })
            }
        )?;
        let counters = rows!(
            self,
            "SELECT last_number, last_change FROM message_counters WHERE room = $1",
            code,
            |row| {
                Ok((
                    row.try_get::<i64, _>("last_number")?.try_into()?,
                    row.try_get::<i64, _>("last_change")?.try_into()?,
                ))
            }
        )?;
        let marks = rows!(self, "SELECT member, number FROM read_marks WHERE room = $1", code, |row| {
            Ok((UserId::new(row.try_get("member")?)?, row.try_get::<i64, _>("number")?.try_into()?))
        })?;
        Ok(TalkRows {
            messages,
            counters: counters.first().copied().unwrap_or_default(),
            marks: marks.into_iter().collect(),
        })
    }
}

fn reactions_of(number: i64, all: &[(i64, UserId, String)]) -> BTreeMap<String, Vec<UserId>> {
    let mut reactions: BTreeMap<String, Vec<UserId>> = BTreeMap::new();
    for (_, member, emoji) in all.iter().filter(|(of, ..)| *of == number) {
        reactions.entry(emoji.clone()).or_default().push(*member);
    }
    reactions
}

fn phase(word: &str) -> anyhow::Result<Phase> {
    serde_json::from_value(Value::from(word)).context("rooms.phase")
}

fn titles(json: &str) -> anyhow::Result<Vec<TitleId>> {
    serde_json::from_str(json).context("room_members.picks")
}
