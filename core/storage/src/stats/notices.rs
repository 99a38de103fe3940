//! The queue of the bot's messages about achievements.
//!
//! Each achievement is a [job](crate::Jobs), and those of one person are in one lane, so that several become one message. A job is due
//! some time after it was enqueued, and is dropped when its owner turns messages off, blocks the bot or is erased.

use std::time::Duration;

use futures::TryFutureExt;
use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    achievements::Achievement,
    ids::{Timestamp, UserId},
};
use sqlx::QueryBuilder;

use crate::{
    Db, DbError, Taken, Tx,
    column::{limit, user_id},
    jobs::{Again, Job, Kind, NewJob},
    lease::{FEW_PEOPLE, push_ids},
    run, within,
};

/// The least time between giving an achievement and sending the message about it.
pub const ACHIEVEMENT_SENT_AFTER: Duration = Duration::from_secs(3600);

/// An achievement that somebody was given, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    member: UserId,
    /// Its [id](Achievement::id).
    achievement: String,
}

impl Job for Payload {
    const KIND: Kind = Kind::Achievement;

    fn key(&self) -> String {
        format!("{}/{}", self.member, self.achievement)
    }

    fn lane(&self) -> String {
        lane_of(self.member)
    }

    fn member(&self) -> Option<UserId> {
        Some(self.member)
    }
}

fn lane_of(member: UserId) -> String {
    member.to_string()
}

/// An achievement of which its owner has not had a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingAchievement {
    /// For [`Jobs::done`](crate::Jobs::done).
    pub notice: i64,
    /// `None`: one that this program does not know.
    pub achievement: Option<Achievement>,
}

impl PendingAchievement {
    /// The owner of a job's achievement.
    pub fn owner(job: &Taken) -> Result<UserId, DbError> {
        job.read::<Payload>().map(|payload| payload.member)
    }
}

impl Db {
    /// A person's achievements of which no message was sent, oldest first. The worker that has taken the first of them may send all:
    /// no other worker is given one of this lane before that is done.
    pub async fn pending_achievements(&self, member: UserId) -> Result<Vec<PendingAchievement>, DbError> {
        let rows: Vec<(i64, String)> = run!(self, |pool| {
            sqlx::query_as(
                "SELECT id, payload FROM jobs WHERE kind = $1 AND lane = $2 AND NOT done
                 ORDER BY position, id LIMIT $3",
            )
            .bind(Kind::Achievement.name())
            .bind(lane_of(member))
            .bind(limit(Achievement::ALL.len()))
            .fetch_all(pool)
        })?;
        let pending = |(notice, payload): (i64, String)| {
            let Payload { achievement, .. } =
                serde_json::from_str(&payload).map_err(|error| DbError::corrupt("jobs.payload", error))?;
            Ok(PendingAchievement { notice, achievement: Achievement::of_id(&achievement) })
        };
        rows.into_iter().map(pending).collect()
    }

    /// Drops a person's pending achievements: no message is sent about them.
    pub async fn drop_achievements_of(&self, member: UserId) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "UPDATE jobs SET done = TRUE, payload = NULL WHERE kind = $1 AND lane = $2 AND NOT done"
        )
        .bind(Kind::Achievement.name())
        .bind(lane_of(member))
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
    }
}

impl Tx {
    /// Enqueues messages about these achievements, for owners who want messages.
    pub(super) async fn announce_achievements(
        &mut self,
        given: &[(i64, Achievement)],
        now: Timestamp,
    ) -> Result<(), DbError> {
        if given.is_empty() {
            return Ok(());
        }
        let people: Vec<i64> = given.iter().map(|(member, _)| *member).collect();
        let willing: Vec<i64> = within!(&mut *self, async |conn| {
            let mut select =
                QueryBuilder::new("SELECT id FROM users WHERE writes_allowed AND notifications AND id IN (");
            push_ids(&mut select, &people);
            select.build_query_scalar().persistent(people.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?;
        let jobs =
            given.iter().filter(|(member, _)| willing.contains(member)).map(|(member, achievement)| {
                let member = user_id(*member, "user_achievements.member")?;
                Payload { member, achievement: achievement.id().to_owned() }.row()
            });
        let jobs: Vec<NewJob> = jobs.collect::<Result<_, _>>()?;
        self.enqueue(&jobs, Again::Never, now.plus(ACHIEVEMENT_SENT_AFTER)).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// What was written once has to be read for ever: change nothing here, add to it.
    #[test]
    fn a_notice_of_an_achievement_is_stored_as_it_always_was() {
        let payload = Payload { member: UserId::new(7).unwrap(), achievement: "first_match".to_owned() };
        let stored = json!({"member": 7, "achievement": "first_match"});
        let row = payload.row().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&row.payload).unwrap(), stored);
        assert_eq!(serde_json::from_value::<Payload>(stored).unwrap(), payload);
        assert_eq!((row.lane.as_str(), row.key.as_str()), ("7", "7/first_match"));
    }
}
