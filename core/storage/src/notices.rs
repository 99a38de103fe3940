//! The outbox: what the bot is to tell, written in the same transaction as what it tells of.
//!
//! A match is told once to each: the row stays when it is done, so that repeating a projection adds
//! nothing. A room's stale card has one row for ever, which is armed again by every change; a change that
//! comes while somebody is at work on the row keeps it due.
//!
//! Whoever tells takes notices with a [`Lease`]. What a room has to tell of one kind to one target is a lane of its own: only the
//! oldest that is not done can be taken, so that news arrive in their order and one slow chat holds up nobody.

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::{
    ids::{RoomCode, Round, Timestamp, TitleId, UserId},
    room::{Match, Member, Room},
};
use sqlx::QueryBuilder;
use tokio::sync::Notify;

use super::{
    Db, DbError, Lease, Tx, Worker,
    column::{count, limit as rows, moment, room_code, round, title_id, user_id},
    lease::push_ids,
    run, within,
};

/// Rung whenever this process may have made a notice due. It only saves time: who waits looks anyway after a second.
static BELL: Notify = Notify::const_new();

/// Something the bot is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// For [`Db::notice_done`].
    pub id: i64,
    /// The room it is about.
    pub room: RoomCode,
    pub what: NoticeKind,
    /// Whom.
    pub to: Target,
    /// How often it was tried before, in vain.
    pub attempts: u32,
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeKind {
    /// The room changed: its cards show something old.
    CardStale,
    /// Совпало!
    Match {
        /// From 1, over all rounds of the room.
        number: u32,
        /// The round.
        round: Round,
        /// The title.
        title: TitleId,
    },
    /// A round is over.
    Finished { round: Round },
}

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Every card of the room.
    Cards,
    /// One chat, by Telegram's id.
    Chat(i64),
    /// One person, who allowed it.
    Member(UserId),
}

/// How often members are told of the matches of one round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Often {
    EveryMatch,
    OnceARound,
}

const CARD_IS_STALE: &str =
    "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed_at, due_at)
     SELECT code, 'card_stale', 0, 0, '', 'cards', 0, $2, $2 FROM rooms WHERE code = $1
     ON CONFLICT (room, kind, round, number, title, target, target_id) DO UPDATE SET
         armed = notices.armed + 1, armed_at = excluded.armed_at, done = FALSE,
         due_at = CASE WHEN notices.done THEN excluded.due_at ELSE notices.due_at END";

#[derive(sqlx::FromRow)]
struct NoticeRow {
    id: i64,
    room: String,
    kind: String,
    round: i64,
    number: i64,
    title: String,
    target: String,
    target_id: i64,
    attempts: i64,
}

impl NoticeRow {
    fn notice(self) -> Result<Notice, DbError> {
        let what = match self.kind.as_str() {
            "card_stale" => NoticeKind::CardStale,
            "match" => NoticeKind::Match {
                number: count(self.number, "notices.number")?,
                round: round(self.round, "notices.round")?,
                title: title_id(&self.title, "notices.title")?,
            },
            "finished" => NoticeKind::Finished { round: round(self.round, "notices.round")? },
            other => return Err(DbError::corrupt("notices.kind", format_args!("it is {other:?}"))),
        };
        let to = match self.target.as_str() {
            "cards" => Target::Cards,
            "chat" => Target::Chat(self.target_id),
            "member" => Target::Member(user_id(self.target_id, "notices.target_id")?),
            other => return Err(DbError::corrupt("notices.target", format_args!("it is {other:?}"))),
        };
        // The row counts the attempt that is beginning, too.
        let attempts = count(self.attempts - 1, "notices.attempts")?;
        Ok(Notice { id: self.id, room: room_code(&self.room, "notices.room")?, what, to, attempts })
    }
}

impl Db {
    /// Takes the notices that are due, the oldest first, at most `limit`. A crash after telling and before
    /// [`Db::notice_done`] tells again, when the lease has ended.
    pub async fn due_notices(&self, limit: usize, lease: Lease) -> Result<Vec<Notice>, DbError> {
        // The conditions stand twice: where two callers choose the same rows, the second one waits for the
        // first and then finds them taken.
        let mut due: Vec<NoticeRow> = run!(self, |pool| sqlx::query_as(
            "UPDATE notices SET leased_by = $3, leased_until = $2, taken = armed, attempts = attempts + 1
             WHERE NOT done AND due_at <= $1 AND leased_until <= $1 AND id IN (
                 SELECT head.id FROM notices head
                 WHERE NOT head.done AND head.due_at <= $1 AND head.leased_until <= $1 AND NOT EXISTS (
                     SELECT 1 FROM notices other
                     WHERE other.room = head.room AND other.kind = head.kind AND other.target = head.target
                         AND other.target_id = head.target_id AND other.id < head.id AND NOT other.done)
                 ORDER BY head.due_at, head.id LIMIT $4)
             RETURNING id, room, kind, round, number, title, target, target_id, attempts",
        )
        .bind(moment(lease.now))
        .bind(moment(lease.until()))
        .bind(lease.by.number())
        .bind(rows(limit))
        .fetch_all(pool))?;
        due.sort_by_key(|row| row.id);
        let readable = |row: NoticeRow| {
            let id = row.id;
            // One that a newer program wrote waits for it, and holds up nobody.
            row.notice()
                .inspect_err(|error| tracing::error!(notice = id, %error, "a notice is left alone"))
                .ok()
        };
        Ok(due.into_iter().filter_map(readable).collect())
    }

    /// Renews the leases of these notices, as far as they are still the worker's.
    pub async fn renew_notices(&self, ids: &[i64], lease: Lease) -> Result<(), DbError> {
        run!(self, |pool| async {
            let mut renew = QueryBuilder::new("UPDATE notices SET leased_until = ");
            renew.push_bind(moment(lease.until()));
            renew.push(" WHERE leased_by = ").push_bind(lease.by.number()).push(" AND id IN (");
            push_ids(&mut renew, ids);
            renew.build().persistent(false).execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    /// Whether it is still to be told.
    pub async fn notice_waits(&self, id: i64) -> Result<bool, DbError> {
        let done: Option<bool> =
            run!(self, |pool| sqlx::query_scalar("SELECT done FROM notices WHERE id = $1")
                .bind(id)
                .fetch_optional(pool))?;
        Ok(done == Some(false))
    }

    /// It was told, or need not be any more. A card that became stale again meanwhile is due at once.
    pub async fn notice_done(&self, id: i64) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "UPDATE notices SET done = (armed = taken), due_at = armed_at, attempts = 0, leased_until = $2
             WHERE id = $1"
        )
        .bind(id)
        .bind(moment(Timestamp::default()))
        .execute(pool)
        .map_ok(drop))?;
        ring();
        Ok(())
    }

    /// One message told all of these: they are done together, or not at all.
    pub async fn notices_done(&self, ids: &[i64]) -> Result<(), DbError> {
        if ids.is_empty() {
            return Ok(());
        }
        run!(self, |pool| async {
            let mut done = QueryBuilder::new(
                "UPDATE notices SET done = (armed = taken), due_at = armed_at, attempts = 0, leased_until = ",
            );
            done.push_bind(moment(Timestamp::default())).push(" WHERE id IN (");
            push_ids(&mut done, ids);
            done.build().persistent(false).execute(pool).await.map(drop)
        })?;
        ring();
        Ok(())
    }

    /// It could not be told now; try again then.
    pub async fn notice_again(&self, id: i64, at: Timestamp) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "UPDATE notices SET due_at = $2, leased_until = $3 WHERE id = $1 AND NOT done"
        )
        .bind(id)
        .bind(moment(at))
        .bind(moment(Timestamp::default()))
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
    }

    /// Its chat has no room for it now; try again then. That was no failure, and is not counted as one.
    pub async fn notice_waits_until(&self, id: i64, at: Timestamp) -> Result<(), DbError> {
        run!(self, |pool| {
            sqlx::query(
                "UPDATE notices SET due_at = $2, leased_until = $3,
                     attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END
                 WHERE id = $1 AND NOT done",
            )
            .bind(id)
            .bind(moment(at))
            .bind(moment(Timestamp::default()))
            .execute(pool)
            .map_ok(drop)
        })?;
        Ok(())
    }

    /// A match that is for the room's cards becomes one for each group that has a card now, and is done. Private chats
    /// are left out: their owner is told as a member.
    pub async fn spread_notice(&self, id: i64, now: Timestamp) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        within!(&mut tx, |conn| sqlx::query(
            "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed_at, due_at)
             SELECT n.room, n.kind, n.round, n.number, n.title, 'chat', c.chat, $2, $2
             FROM notices n JOIN room_cards c ON c.room = n.room
             WHERE n.id = $1 AND c.chat < 0 ORDER BY c.id
             ON CONFLICT (room, kind, round, number, title, target, target_id) DO NOTHING",
        )
        .bind(id)
        .bind(moment(now))
        .execute(conn)
        .map_ok(drop))?;
        within!(&mut tx, |conn| sqlx::query(
            "UPDATE notices SET done = TRUE, leased_until = $2 WHERE id = $1"
        )
        .bind(id)
        .bind(moment(Timestamp::default()))
        .execute(conn)
        .map_ok(drop))?;
        tx.commit().await?;
        ring();
        Ok(())
    }

    /// Every match that a group is still to be told of, of all rooms, the oldest first, taken with this lease: for who tells
    /// them together. What another worker has is left to it.
    pub async fn matches_for_chat(&self, chat: i64, lease: Lease) -> Result<Vec<Notice>, DbError> {
        let mut taken: Vec<NoticeRow> = run!(self, |pool| sqlx::query_as(
            "UPDATE notices SET leased_by = $2, leased_until = $3, taken = armed
             WHERE NOT done AND kind = 'match' AND target = 'chat' AND target_id = $1
                 AND (leased_until <= $4 OR leased_by = $2)
                 -- A room's later matches are not told before one that another worker has.
                 AND NOT EXISTS (
                     SELECT 1 FROM notices earlier
                     WHERE earlier.room = notices.room AND earlier.kind = 'match'
                         AND earlier.target = notices.target AND earlier.target_id = notices.target_id
                         AND earlier.id < notices.id AND NOT earlier.done
                         AND earlier.leased_until > $4 AND earlier.leased_by IS DISTINCT FROM $2)
             RETURNING id, room, kind, round, number, title, target, target_id, attempts + 1 AS attempts",
        )
        .bind(chat)
        .bind(lease.by.number())
        .bind(moment(lease.until()))
        .bind(moment(lease.now))
        .fetch_all(pool))?;
        taken.sort_by_key(|row| row.id);
        Ok(taken.into_iter().filter_map(|row| row.notice().ok()).collect())
    }

    /// A worker ends: what it has taken and not done is anybody's.
    pub async fn release_notices(&self, worker: Worker) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "UPDATE notices SET leased_by = NULL, leased_until = $2 WHERE leased_by = $1 AND NOT done"
        )
        .bind(worker.number())
        .bind(moment(Timestamp::default()))
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
    }

    /// Somebody has to look at the room's cards: what was to be shown on them may not be. Nothing, for a room that is not
    /// projected yet: its projection will say so by itself.
    pub async fn cards_are_stale(&self, room: RoomCode, now: Timestamp) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(CARD_IS_STALE)
            .bind(room.as_str())
            .bind(moment(now))
            .execute(pool)
            .map_ok(drop))?;
        ring();
        Ok(())
    }

    /// Waits until there may be notices: this process wrote or finished some, or a second has passed. One waiter of a
    /// process is woken by each.
    pub async fn notices_changed(&self) {
        let _ = tokio::time::timeout(Duration::from_secs(1), BELL.notified()).await;
    }
}

pub(super) fn ring() {
    BELL.notify_one();
}

impl Tx {
    /// The room's cards show something old.
    pub(super) async fn card_is_stale(&mut self, room: RoomCode, now: Timestamp) -> Result<(), DbError> {
        within!(self, |conn| sqlx::query(CARD_IS_STALE)
            .bind(room.as_str())
            .bind(moment(now))
            .execute(conn)
            .map_ok(drop))?;
        Ok(())
    }

    /// A match that is news: once to the room's cards, and once to each member who swiped in its round and wants to hear of it. Members
    /// who only picked something are told of the first one of each round. What one person made alone is told to nobody.
    pub(super) async fn announce_match(
        &mut self,
        room: &Room,
        found: &Match,
        now: Timestamp,
    ) -> Result<(), DbError> {
        if !room.is_news(found) {
            return Ok(());
        }
        within!(self, |conn| sqlx::query(
            "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed_at, due_at)
             SELECT $1, 'match', $2, $3, $4, 'cards', 0, $5, $5 FROM rooms WHERE code = $1
             ON CONFLICT (room, kind, round, number, title, target, target_id) DO NOTHING",
        )
        .bind(room.code().as_str())
        .bind(i64::from(found.round.get()))
        .bind(i64::from(found.number))
        .bind(found.title.as_str())
        .bind(moment(now))
        .execute(conn)
        .map_ok(drop))?;
        let ids =
            |members: &mut dyn Iterator<Item = &Member>| members.map(|member| member.id.get()).collect();
        let swiped: Vec<i64> = ids(&mut room.who_swiped(found.round));
        let picked: Vec<i64> = ids(&mut room.who_only_picked(found.round));
        self.tell_members(room, found, &swiped, Often::EveryMatch, now).await?;
        self.tell_members(room, found, &picked, Often::OnceARound, now).await
    }

    /// As far as they want to hear of it.
    async fn tell_members(
        &mut self,
        room: &Room,
        found: &Match,
        members: &[i64],
        often: Often,
        now: Timestamp,
    ) -> Result<(), DbError> {
        if members.is_empty() {
            return Ok(());
        }
        within!(self, async |conn| {
            let mut insert = QueryBuilder::new(
                "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed_at, due_at)
                 SELECT m.room, 'match', ",
            );
            insert.push_bind(i64::from(found.round.get())).push(", ");
            insert.push_bind(i64::from(found.number)).push(", ");
            insert.push_bind(found.title.as_str()).push(", 'member', u.id, ");
            insert.push_bind(moment(now)).push(", ").push_bind(moment(now));
            insert.push(
                " FROM room_members m JOIN users u ON u.id = m.member
                 WHERE u.writes_allowed AND u.notifications
                     AND NOT EXISTS (SELECT 1 FROM room_mutes x WHERE x.room = m.room AND x.member = m.member)",
            );
            insert.push(" AND m.room = ").push_bind(room.code().as_str());
            if often == Often::OnceARound {
                insert.push(
                    " AND NOT EXISTS (SELECT 1 FROM notices n
                         WHERE n.room = m.room AND n.kind = 'match' AND n.target = 'member'
                             AND n.target_id = m.member AND n.round = ",
                );
                insert.push_bind(i64::from(found.round.get())).push(")");
            }
            insert.push(" AND u.id IN (");
            push_ids(&mut insert, members);
            insert.push(" ON CONFLICT (room, kind, round, number, title, target, target_id) DO NOTHING");
            insert.build().persistent(false).execute(conn).await.map(drop)
        })
        .map_err(DbError::from)
    }

    /// A round is over: once to the room's cards.
    pub(super) async fn announce_finish(
        &mut self,
        room: RoomCode,
        round: Round,
        now: Timestamp,
    ) -> Result<(), DbError> {
        within!(self, |conn| sqlx::query(
            "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed_at, due_at)
             VALUES ($1, 'finished', $2, 0, '', 'cards', 0, $3, $3)
             ON CONFLICT (room, kind, round, number, title, target, target_id) DO NOTHING",
        )
        .bind(room.as_str())
        .bind(i64::from(round.get()))
        .bind(moment(now))
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }
}
