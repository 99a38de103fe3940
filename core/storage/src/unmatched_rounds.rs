//! The rounds of a room in which nothing matched: they belong to its history as much as its matches do.
//!
//! Who swiped how many cards of a round is [counted](super::stats) once it is over, so that such a round is known also if the room has gone on
//! to the next one before it was carried over. What somebody counted goes with them when they erase themselves.

use chrono::{DateTime, Utc};
use sovpalo_domain::ids::{RoomCode, Round, Timestamp, UserId};
use sqlx::QueryBuilder;

use super::{
    Db, DbError, Tx,
    column::{count, limit as rows, round, timestamp, user_id},
    stats::SWIPED,
    within,
};

/// A page of a room's history has at most so many rounds without a match; there the oldest are left out.
pub const UNMATCHED_ROUNDS: usize = 50;

/// A round that is over, and in which nothing matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedRound {
    pub round: Round,
    /// When it ended.
    pub at: Timestamp,
    /// How many cards somebody swiped who swiped most.
    pub cards: u32,
    /// Who swiped in it and is in the room now.
    pub members: Vec<UserId>,
}

#[derive(sqlx::FromRow)]
struct RoundRow {
    round: i64,
    cards: i64,
    at: DateTime<Utc>,
}

/// Which part of a room's history is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Between {
    /// After the round of this number; `None`: from the first.
    pub after: Option<Round>,
    /// Before the round in which the match of this number was found; `None`: up to now.
    pub before: Option<u32>,
}

impl Db {
    /// The rounds of a room in which nothing matched, the newest first, at most [`UNMATCHED_ROUNDS`].
    pub async fn unmatched_rounds(
        &self,
        room: RoomCode,
        between: Between,
    ) -> Result<Vec<UnmatchedRound>, DbError> {
        let mut tx = self.snapshot().await?;
        let after = between.after.map_or(0, |round| i64::from(round.get()));
        let before = match between.before {
            Some(number) => round_of_match(&mut tx, room, number).await?,
            None => i64::MAX,
        };
        // Other facts have keys that are no numbers.
        let found: Vec<RoundRow> = within!(&mut tx, |conn| {
            sqlx::query_as(
            "SELECT s.round, MAX(s.amount) AS cards, MAX(s.at) AS at FROM (
                 SELECT CASE WHEN f.fact = $2 THEN CAST(f.key AS BIGINT) END AS round, f.amount, f.at
                 FROM room_members m JOIN user_facts f ON f.member = m.member AND f.fact = $2 AND f.room = m.room
                 WHERE m.room = $1) AS s
             WHERE s.round > $3 AND s.round < $4
                 AND NOT EXISTS (SELECT 1 FROM room_matches x WHERE x.room = $1 AND x.round = s.round)
             GROUP BY s.round ORDER BY s.round DESC LIMIT $5"
        )
        .bind(room.as_str())
        .bind(SWIPED)
        .bind(after)
        .bind(before)
        .bind(rows(UNMATCHED_ROUNDS))
        .fetch_all(conn)
        })?;
        let mut rounds: Vec<UnmatchedRound> = found
            .into_iter()
            .map(|row| {
                Ok(UnmatchedRound {
                    round: round(row.round, "user_facts.key")?,
                    at: timestamp(row.at),
                    cards: count(row.cards, "user_facts.amount")?,
                    members: Vec::new(),
                })
            })
            .collect::<Result<_, DbError>>()?;
        for (key, member) in members_of(&mut tx, room, &rounds).await? {
            if let Some(round) = rounds.iter_mut().find(|round| round.round.get().to_string() == key) {
                round.members.push(user_id(member, "user_facts.member")?);
            }
        }
        Ok(rounds)
    }
}

/// The round in which a match was found, or the next one that is there.
async fn round_of_match(tx: &mut Tx, room: RoomCode, number: u32) -> Result<i64, DbError> {
    let found: Option<i64> = within!(tx, |conn| sqlx::query_scalar(
        "SELECT MIN(round) FROM room_matches WHERE room = $1 AND number >= $2"
    )
    .bind(room.as_str())
    .bind(i64::from(number))
    .fetch_one(conn))?;
    Ok(found.unwrap_or(i64::MAX))
}

/// Who swiped in these rounds and is in the room now, each with the key of the round.
async fn members_of(
    tx: &mut Tx,
    room: RoomCode,
    rounds: &[UnmatchedRound],
) -> Result<Vec<(String, i64)>, DbError> {
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    Ok(within!(tx, async |conn| {
        let mut select = QueryBuilder::new(
            "SELECT f.key, f.member FROM room_members m
             JOIN user_facts f ON f.member = m.member AND f.room = m.room AND f.fact = ",
        );
        select.push_bind(SWIPED).push(" WHERE m.standing IN ('here', 'away') AND m.room = ");
        select.push_bind(room.as_str()).push(" AND f.key IN (");
        let mut keys = select.separated(", ");
        for round in rounds {
            keys.push_bind(round.round.get().to_string());
        }
        select.push(") ORDER BY m.position");
        select.build_query_as().persistent(rounds.len() == 1).fetch_all(conn).await
    })?)
}
