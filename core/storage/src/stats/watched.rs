//! Time that people watched, minute by minute, and the films that they have seen to the end.
//!
//! A node writes for each minute how long a person watched in it, and may write the same minute again with more. A person with phones on two
//! nodes counts once: of each minute the largest number of any node counts. Minutes before the last one are closed.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures::TryFutureExt;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::MAX_RATE,
};
use sqlx::QueryBuilder;

use super::{BATCH, FILM};
use crate::{Db, DbError, Tx, column::moment, lease::FEW_PEOPLE, within};

/// What is shorter is a trailer or a clip: it counts as time, and never as a film.
pub const LEAST_FILM: Duration = Duration::from_secs(300);
/// How much of a film somebody has to have seen, in hundredths: who sought a little, or left in the credits, has seen it.
const SEEN: u64 = 80;
/// Seconds: nobody watches more of a minute, on however many phones.
const MINUTE: u64 = 60;
/// Seconds of a film that go by in a minute at the most.
const FILM_MINUTE: u64 = MINUTE * 4;
const _: () = assert!(MAX_RATE == 4_000, "no film goes faster");

/// For how long somebody watched a film within a minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    pub member: UserId,
    /// Where.
    pub room: RoomCode,
    /// What, by what makes it that film in its room.
    pub film: String,
    /// How much of the minute.
    pub seconds: u64,
    /// How many seconds of the film went by meanwhile with somebody else: more than of the minute, if it goes fast.
    pub together: u64,
    /// How long the film is, if that is known.
    pub lasts: Option<Duration>,
}

/// A row's key: whose, in which room (or in all), which film (or all).
type Key = (i64, String, String);

impl Db {
    /// Adds up what was watched within a minute (counted from 1970); saying it again changes nothing. What somebody who is not known
    /// watched is dropped.
    pub async fn count_watched(
        &self,
        minute: i64,
        watched: &[Watched],
        now: Timestamp,
    ) -> Result<(), DbError> {
        for batch in watched.chunks(BATCH / 2) {
            self.count_batch(minute, batch, now).await?;
        }
        Ok(())
    }

    async fn count_batch(&self, minute: i64, watched: &[Watched], now: Timestamp) -> Result<(), DbError> {
        let people: BTreeSet<i64> = watched.iter().map(|watched| watched.member.get()).collect();
        let mut tx = self.begin().await?;
        let known = tx.keep_known(&people.into_iter().collect::<Vec<_>>()).await?;
        let watched = || watched.iter().filter(|watched| known.contains(&watched.member.get()));
        let rows = rows(watched());
        if rows.is_empty() {
            return Ok(());
        }
        let seen = tx.add_minute(minute, &rows.into_iter().collect::<Vec<_>>()).await?;
        for finished in watched().filter(|watched| watched.is_finished(&seen)) {
            tx.finish(finished, now).await?;
        }
        tx.award(&known, now).await?;
        tx.commit().await
    }
}

impl Watched {
    fn key(&self) -> Key {
        (self.member.get(), self.room.as_str().to_owned(), self.film.clone())
    }

    fn is_finished(&self, seen: &BTreeMap<Key, u64>) -> bool {
        let Some(lasts) = self.lasts.filter(|lasts| *lasts >= LEAST_FILM) else { return false };
        seen.get(&self.key()).is_some_and(|seconds| seconds * 100 >= lasts.as_secs() * SEEN)
    }
}

/// What is to be added to each row: to the one in all, and to the film's what was watched together.
fn rows<'a>(watched: impl Iterator<Item = &'a Watched>) -> BTreeMap<Key, u64> {
    let mut rows = BTreeMap::new();
    for watched in watched {
        let in_all = (watched.member.get(), String::new(), String::new());
        for (key, seconds, most) in
            [(in_all, watched.seconds, MINUTE), (watched.key(), watched.together, FILM_MINUTE)]
        {
            let row: &mut u64 = rows.entry(key).or_default();
            *row = (*row + seconds).min(most);
        }
    }
    rows.retain(|_, seconds| *seconds > 0);
    rows
}

impl Tx {
    /// Says how many seconds each row has now that has more than before.
    async fn add_minute(&mut self, minute: i64, rows: &[(Key, u64)]) -> Result<BTreeMap<Key, u64>, DbError> {
        let added: Vec<(i64, String, String, i64)> = within!(self, async |conn| {
            let mut insert = QueryBuilder::new(
                "INSERT INTO user_watched (member, room, film, seconds, minute, seconds_within) ",
            );
            insert.push_values(rows, |mut row, ((member, room, film), seconds)| {
                let seconds = i64::try_from(*seconds).unwrap_or_default();
                row.push_bind(*member)
                    .push_bind(room.as_str())
                    .push_bind(film.as_str())
                    .push_bind(seconds)
                    .push_bind(minute)
                    .push_bind(seconds);
            });
            insert.push(
                " ON CONFLICT (member, room, film) DO UPDATE SET
                     seconds = user_watched.seconds + excluded.seconds_within
                         - CASE WHEN excluded.minute = user_watched.minute THEN user_watched.seconds_within
                             ELSE 0 END,
                     minute = excluded.minute, seconds_within = excluded.seconds_within
                 WHERE excluded.minute > user_watched.minute
                     OR (excluded.minute = user_watched.minute
                         AND excluded.seconds_within > user_watched.seconds_within)
                 RETURNING member, room, film, seconds",
            );
            insert.build_query_as().persistent(rows.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?;
        let seconds = |seconds: i64| u64::try_from(seconds).unwrap_or_default();
        Ok(added.into_iter().map(|(member, room, film, sum)| ((member, room, film), seconds(sum))).collect())
    }

    /// Somebody has seen a film to its end.
    async fn finish(&mut self, seen: &Watched, now: Timestamp) -> Result<(), DbError> {
        within!(self, |conn| sqlx::query(
            "INSERT INTO user_facts (member, fact, room, key, amount, at) VALUES ($1, $2, $3, $4, 1, $5)
             ON CONFLICT (member, fact, room, key) DO NOTHING"
        )
        .bind(seen.member.get())
        .bind(FILM)
        .bind(seen.room.as_str())
        .bind(&seen.film)
        .bind(moment(now))
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }
}
