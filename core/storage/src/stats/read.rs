//! Somebody's numbers and achievements, as they are read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sovpalo_domain::{
    achievements::{Achievement, Stats, earned},
    ids::{Timestamp, UserId},
};
use sqlx::QueryBuilder;

use super::{FILM, MATCHED, MESSAGE, ROOM_JOINED, ROOM_MADE, SWIPED};
use crate::{
    Db, DbError, Tx,
    column::timestamp,
    lease::{FEW_PEOPLE, push_ids},
    within,
};

/// An achievement, and when it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Achieved {
    pub achievement: Achievement,
    pub at: Timestamp,
}

/// What somebody has done and earned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonalStats {
    pub stats: Stats,
    /// In the order in which they were given.
    pub achievements: Vec<Achieved>,
}

/// The rows of one kind of fact: whose, which kind, how many, all of their amounts, and the greatest of these.
type Sums = (i64, String, i64, i64, i64);

impl Db {
    /// What somebody has done and earned. What they had earned before there was a rule for it is given now.
    pub async fn personal_stats(&self, member: UserId, now: Timestamp) -> Result<PersonalStats, DbError> {
        let known = self.read_stats(member).await?;
        let is_given = |achievement: Achievement| {
            known.achievements.iter().any(|given| given.achievement == achievement)
        };
        if earned(&known.stats).all(is_given) {
            return Ok(known);
        }
        let mut tx = self.begin().await?;
        if !tx.keep_known(&[member.get()]).await?.is_empty() {
            // They are looking at it: no message has to tell them.
            tx.award_silently(&[member.get()], now).await?;
        }
        tx.commit().await?;
        self.read_stats(member).await
    }

    async fn read_stats(&self, member: UserId) -> Result<PersonalStats, DbError> {
        let mut tx = self.snapshot().await?;
        let stats = tx.stats_of(&[member.get()]).await?.remove(&member.get()).unwrap_or_default();
        let given: Vec<(String, DateTime<Utc>)> = within!(&mut tx, |conn| sqlx::query_as(
            "SELECT achievement, at FROM user_achievements WHERE member = $1 ORDER BY at, achievement"
        )
        .bind(member.get())
        .fetch_all(conn))?;
        // One that this program does not know was given by a newer one.
        let known = given.into_iter().filter_map(|(id, at)| {
            Some(Achieved { achievement: Achievement::of_id(&id)?, at: timestamp(at) })
        });
        Ok(PersonalStats { stats, achievements: known.collect() })
    }
}

impl Tx {
    /// The numbers of each of these people who has any.
    pub(super) async fn stats_of(&mut self, people: &[i64]) -> Result<BTreeMap<i64, Stats>, DbError> {
        let mut stats: BTreeMap<i64, Stats> = BTreeMap::new();
        for (member, fact, rows, sum, most) in self.sums_of(people).await? {
            put(stats.entry(member).or_default(), &fact, [rows, sum, most]);
        }
        for (member, films) in self.most_films_in_one_room(people).await? {
            stats.entry(member).or_default().films_in_one_room = number(films);
        }
        for (member, seconds) in self.seconds_of(people).await? {
            stats.entry(member).or_default().seconds_watched = seconds.try_into().unwrap_or_default();
        }
        Ok(stats)
    }

    async fn sums_of(&mut self, people: &[i64]) -> Result<Vec<Sums>, DbError> {
        Ok(within!(self, async |conn| {
            let mut select = QueryBuilder::new(
                "SELECT member, fact, COUNT(*), CAST(SUM(amount) AS BIGINT), MAX(amount) FROM user_facts
                 WHERE member IN (",
            );
            push_ids(&mut select, people);
            select.push(" GROUP BY member, fact");
            select.build_query_as().persistent(people.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?)
    }

    async fn most_films_in_one_room(&mut self, people: &[i64]) -> Result<Vec<(i64, i64)>, DbError> {
        Ok(within!(self, async |conn| {
            let mut select = QueryBuilder::new(
                "SELECT member, MAX(films) FROM (SELECT member, room, COUNT(*) AS films FROM user_facts
                 WHERE fact = ",
            );
            select.push_bind(FILM).push(" AND member IN (");
            push_ids(&mut select, people);
            select.push(" GROUP BY member, room) AS rooms GROUP BY member");
            select.build_query_as().persistent(people.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?)
    }

    async fn seconds_of(&mut self, people: &[i64]) -> Result<Vec<(i64, i64)>, DbError> {
        Ok(within!(self, async |conn| {
            let mut select = QueryBuilder::new(
                "SELECT member, seconds FROM user_watched WHERE room = '' AND film = '' AND member IN (",
            );
            push_ids(&mut select, people);
            select.build_query_as().persistent(people.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?)
    }
}

fn put(stats: &mut Stats, fact: &str, [rows, sum, most]: [i64; 3]) {
    match fact {
        ROOM_MADE => stats.rooms_created = number(rows),
        ROOM_JOINED => stats.rooms_joined = number(rows),
        SWIPED => stats.swipes = number(sum),
        MATCHED => {
            stats.matches = number(rows);
            stats.largest_match = number(most);
        }
        MESSAGE => stats.messages = number(sum),
        FILM => stats.films_finished = number(rows),
        // A newer program counts it.
        _ => {}
    }
}

fn number(column: i64) -> u32 {
    u32::try_from(column).unwrap_or(if column < 0 { 0 } else { u32::MAX })
}
