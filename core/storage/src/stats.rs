//! What people did, counted, and what they have earned by it.
//!
//! A fact is a row with a natural key, and a person's numbers are sums over their rows. So counting is idempotent: a projection that is
//! repeated, another node, or a log that replaced another one adds nothing twice. Achievements are given in the transaction that counts the
//! facts behind them.
//!
//! These rows are the last that a transaction locks, people in order of their ids, so that no two wait for each other.

mod notices;
mod read;
mod watched;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sovpalo_domain::{
    achievements::{Achievement, earned},
    facts::{Fact, FactKind},
    ids::{RoomCode, Timestamp, UserId},
};
use sqlx::QueryBuilder;

pub use self::{
    notices::{ACHIEVEMENT_SENT_AFTER, PendingAchievement},
    read::{Achieved, PersonalStats},
    watched::{LEAST_FILM, Watched},
};
use super::{
    DbError, Tx,
    column::{moment, timestamp},
    lease::{FEW_PEOPLE, push_ids},
    within,
};

/// Rows in one statement: with at most six values each, far below what either database takes.
const BATCH: usize = 500;

/// What goes when somebody erases themselves.
pub(super) const ERASE: [&str; 4] = [
    "DELETE FROM jobs WHERE kind = 'achievement' AND member = $1",
    "DELETE FROM user_facts WHERE member = $1",
    "DELETE FROM user_watched WHERE member = $1",
    "DELETE FROM user_achievements WHERE member = $1",
];

const ROOM_MADE: &str = "room_made";
const ROOM_JOINED: &str = "room_joined";
pub(super) const SWIPED: &str = "swiped";
const MATCHED: &str = "matched";
const MESSAGE: &str = "message";
const FILM: &str = "film";

/// What a stored fact is known by, within its room.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    member: i64,
    fact: &'static str,
    /// Which of its kind.
    which: String,
}

impl Key {
    fn of(fact: &Fact) -> (Self, i64) {
        let (name, which, amount) = match &fact.what {
            FactKind::RoomMade => (ROOM_MADE, String::new(), 1),
            FactKind::RoomJoined => (ROOM_JOINED, String::new(), 1),
            FactKind::Swiped { round, cards } => (SWIPED, round.get().to_string(), *cards),
            FactKind::Matched { round, title, people } => {
                (MATCHED, format!("{}/{title}", round.get()), *people)
            }
        };
        (Self { member: fact.member.get(), fact: name, which }, i64::from(amount))
    }
}

impl Tx {
    /// Counts facts of a room that are not counted yet, and gives what they earn. The people they are about are
    /// [kept from being erased](super::project) until the commit.
    pub(super) async fn count(
        &mut self,
        room: RoomCode,
        facts: &[Fact],
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut rows: BTreeMap<Key, (i64, Timestamp)> = BTreeMap::new();
        for fact in self.that_still_count(room, facts).await? {
            let (key, amount) = Key::of(fact);
            let row = rows.entry(key).or_insert((amount, fact.at));
            row.0 = row.0.max(amount);
        }
        let rows: Vec<_> = rows.into_iter().collect();
        let mut whose = BTreeSet::new();
        for batch in rows.chunks(BATCH) {
            whose.extend(self.insert_facts(room, batch).await?);
        }
        self.award(&whose.into_iter().collect::<Vec<_>>(), now).await
    }

    /// Somebody has written one more message.
    pub(super) async fn count_message(&mut self, member: UserId, now: Timestamp) -> Result<(), DbError> {
        let messages: i64 = within!(self, |conn| {
            sqlx::query_scalar(
                "INSERT INTO user_facts (member, fact, room, key, amount, at) VALUES ($1, $2, '', '', 1, $3)
                 ON CONFLICT (member, fact, room, key) DO UPDATE SET amount = user_facts.amount + 1, at = excluded.at
                 RETURNING amount",
            )
            .bind(member.get())
            .bind(MESSAGE)
            .bind(moment(now))
            .fetch_one(conn)
        })?;
        if Achievement::is_due_at_message(u32::try_from(messages).unwrap_or(u32::MAX)) {
            self.award(&[member.get()], now).await?;
        }
        Ok(())
    }

    /// The facts that are not of somebody before they erased themselves, nor of the maker of a room who comes into it.
    async fn that_still_count<'a>(
        &mut self,
        room: RoomCode,
        facts: &'a [Fact],
    ) -> Result<Vec<&'a Fact>, DbError> {
        let people: BTreeSet<i64> = facts.iter().map(|fact| fact.member.get()).collect();
        let people: Vec<i64> = people.into_iter().collect();
        let (mut gone, mut made) = (BTreeMap::new(), BTreeSet::new());
        for batch in people.chunks(BATCH) {
            for (member, until) in self.erased(room, batch).await? {
                let kept = gone.entry(member).or_insert(until);
                *kept = kept.and(until);
            }
            made.extend(self.makers(room, batch).await?);
        }
        let is_before = |fact: &&Fact| {
            gone.get(&fact.member.get()).is_some_and(|at| at.is_none_or(|at| fact.at <= timestamp(at)))
        };
        let is_at_home =
            |fact: &&Fact| fact.what == FactKind::RoomJoined && made.contains(&fact.member.get());
        Ok(facts.iter().filter(|fact| !is_before(fact) && !is_at_home(fact)).collect())
    }

    /// Who of these has erased themselves: all of theirs (`None`), or what they did in this room until then.
    async fn erased(
        &mut self,
        room: RoomCode,
        people: &[i64],
    ) -> Result<Vec<(i64, Option<DateTime<Utc>>)>, DbError> {
        Ok(within!(self, async |conn| {
            let mut select = QueryBuilder::new("SELECT member, erased_at FROM room_erasures WHERE room = ");
            select.push_bind(room.as_str()).push(" AND member IN (");
            push_ids(&mut select, people);
            select.push(" UNION ALL SELECT id, NULL FROM erased_users WHERE id IN (");
            push_ids(&mut select, people);
            select.build_query_as().persistent(people.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?)
    }

    async fn makers(&mut self, room: RoomCode, people: &[i64]) -> Result<Vec<i64>, DbError> {
        Ok(within!(self, async |conn| {
            let mut select = QueryBuilder::new("SELECT member FROM user_facts WHERE fact = ");
            select.push_bind(ROOM_MADE).push(" AND room = ").push_bind(room.as_str());
            select.push(" AND member IN (");
            push_ids(&mut select, people);
            select.build_query_scalar().persistent(people.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?)
    }

    /// Returns the members with new facts. A round that is counted again keeps the larger number of cards.
    async fn insert_facts(
        &mut self,
        room: RoomCode,
        rows: &[(Key, (i64, Timestamp))],
    ) -> Result<Vec<i64>, DbError> {
        Ok(within!(self, async |conn| {
            let mut insert =
                QueryBuilder::new("INSERT INTO user_facts (member, fact, room, key, amount, at) ");
            insert.push_values(rows, |mut row, (key, (amount, at))| {
                row.push_bind(key.member)
                    .push_bind(key.fact)
                    .push_bind(room.as_str())
                    .push_bind(key.which.as_str())
                    .push_bind(*amount)
                    .push_bind(moment(*at));
            });
            insert.push(
                " ON CONFLICT (member, fact, room, key) DO UPDATE SET amount = excluded.amount
                 WHERE user_facts.amount < excluded.amount RETURNING member",
            );
            insert.build_query_scalar().persistent(rows.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?)
    }

    /// Gives these people what they have earned and do not have, and has the bot tell them.
    async fn award(&mut self, people: &[i64], now: Timestamp) -> Result<(), DbError> {
        let given = self.award_silently(people, now).await?;
        self.announce_achievements(&given, now).await
    }

    /// Gives these people what they have earned and do not have; says whom what.
    async fn award_silently(
        &mut self,
        people: &[i64],
        now: Timestamp,
    ) -> Result<Vec<(i64, Achievement)>, DbError> {
        let mut given = Vec::new();
        for batch in people.chunks(BATCH) {
            let earned: Vec<(i64, Achievement)> = self
                .stats_of(batch)
                .await?
                .iter()
                .flat_map(|(member, stats)| earned(stats).map(|achievement| (*member, achievement)))
                .collect();
            for earned in earned.chunks(BATCH) {
                given.extend(self.give(earned, now).await?);
            }
        }
        Ok(given)
    }

    async fn give(
        &mut self,
        earned: &[(i64, Achievement)],
        now: Timestamp,
    ) -> Result<Vec<(i64, Achievement)>, DbError> {
        let new: Vec<(i64, String)> = within!(self, async |conn| {
            let mut insert = QueryBuilder::new("INSERT INTO user_achievements (member, achievement, at) ");
            insert.push_values(earned, |mut row, (member, achievement)| {
                row.push_bind(*member).push_bind(achievement.id()).push_bind(moment(now));
            });
            insert.push(" ON CONFLICT (member, achievement) DO NOTHING RETURNING member, achievement");
            insert.build_query_as().persistent(false).fetch_all(conn).await
        })?;
        let known = |(member, id): (i64, String)| Some((member, Achievement::of_id(&id)?));
        Ok(new.into_iter().filter_map(known).collect())
    }
}
