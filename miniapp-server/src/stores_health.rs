//! Whether the stores answer: asked by one request at a time, and remembered for a moment.

use std::time::Duration;

use sovpalo_live::hot::Health;
use sovpalo_storage::Db;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::database::Database;

/// A store that takes longer is as good as gone.
const WITHIN: Duration = Duration::from_secs(2);

/// That all is well is good for this long: asking the stores costs a write to the disk.
const FRESH: Duration = Duration::from_secs(1);

/// What the stores last answered. They are asked by one request at a time.
#[derive(Default)]
pub(crate) struct LastHealth(Mutex<Option<(Instant, StoresAnswer)>>);

/// Whether the stores answer, and take what is written: a full disk can still be read.
#[derive(Clone, Copy)]
pub(crate) struct StoresAnswer {
    pub(crate) database: bool,
    pub(crate) hot: bool,
}

impl LastHealth {
    pub(crate) async fn of(
        &self,
        database: &Database,
        db: &Db,
        hot: &(impl Health + ?Sized),
    ) -> StoresAnswer {
        let asked = Instant::now();
        let mut last = self.0.lock().await;
        // An outage is over at once: only whoever waited meanwhile takes the answer of whoever asked.
        if let Some((at, answer)) = *last
            && (at >= asked || answer.database && answer.hot && at.elapsed() < FRESH)
        {
            return answer;
        }
        let (database, hot) = tokio::join!(database.ask(db.takes_writes()), timeout(WITHIN, hot.ping()));
        let answer = StoresAnswer { database: database.is_ok(), hot: matches!(hot, Ok(Ok(()))) };
        *last = Some((Instant::now(), answer));
        answer
    }
}
