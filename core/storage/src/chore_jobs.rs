//! Chores in the queue: one job for each chore and period, whoever enqueues it first.

use sovpalo_domain::ids::Timestamp;

use super::{
    Db, DbError,
    jobs::{Again, Job, Kind, NewJob, Taken},
};
use crate::chores::DueChore;

impl Job for DueChore {
    const KIND: Kind = Kind::Chore;

    fn key(&self) -> String {
        format!("chore:{}:{}", self.name, self.period)
    }

    fn lane(&self) -> String {
        self.name.clone()
    }
}

impl DueChore {
    /// The chore that a job asks for.
    pub(crate) fn of(job: &Taken) -> Result<Self, DbError> {
        job.read()
    }
}

impl Db {
    /// Enqueues these, as far as nobody has.
    pub async fn enqueue_chores(&self, due: &[DueChore], now: Timestamp) -> Result<(), DbError> {
        let jobs: Vec<NewJob> = due.iter().map(Job::row).collect::<Result<_, _>>()?;
        let mut tx = self.begin().await?;
        tx.enqueue(&jobs, Again::Never, now).await?;
        tx.commit().await?;
        self.jobs(Kind::Chore).say_news();
        Ok(())
    }
}
