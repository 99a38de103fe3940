//! Permits: nothing is sent or edited without one.
//!
//! A [`Permit`] is one turn in its chat's budget, which all bots share in the database (`core/storage/src/chat_budget.rs`). It counts from
//! when it was given, and if Telegram took long, or nobody knows whether it did it, from when that was known. Where Telegram asks
//! for silence, no bot breaks it.
//!
//! While the database cannot be asked, people are still answered ("not now, please"): as much as this process may by itself. Nothing else
//! is sent.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sovpalo_domain::ids::Timestamp;
use sovpalo_storage::{Db, Sending, SentLately, Turn, clock::Clock};

use crate::failure::Failure;

/// How soon to ask again for a permit that the database could not give.
const NO_DATABASE: Duration = Duration::from_secs(1);
/// A call that took longer than this counts from its end.
const SLOW: Duration = Duration::from_secs(1);
/// So many chats are remembered before those are forgotten that nothing was sent to lately.
const REMEMBERED: usize = 1024;

/// Leave to send or edit one message in one chat. It is counted already.
#[derive(Debug)]
#[must_use]
pub(crate) struct Permit {
    /// The chat's name in the budget.
    chat: String,
    what: Sending,
    /// As the budget counts.
    since: Timestamp,
}

impl Permit {
    pub(super) fn what(&self) -> Sending {
        self.what
    }
}

/// The budgets of all chats. Cheap to clone.
#[derive(Clone)]
pub(super) struct Budget {
    db: Db,
    clock: Clock,
    haste: u32,
    lately: Arc<Mutex<HashMap<String, SentLately>>>,
}

impl Budget {
    /// `haste`: how many times as fast as Telegram the budget counts; a test's Telegram may be faster.
    pub(super) fn new(db: Db, clock: Clock, haste: u32) -> Self {
        Self { db, clock, haste: haste.max(1), lately: Arc::default() }
    }

    /// Takes a turn, or says how long to wait.
    pub(super) async fn permit(&self, chat: String, what: Sending) -> Result<Permit, Failure> {
        let since = self.now();
        let turn = match self.db.chat_turn(&chat, what, since).await {
            Ok(Turn::Granted) => {
                self.remembered(since).entry(chat.clone()).or_default().note(what, since);
                Turn::Granted
            }
            Ok(turn) => turn,
            Err(error) => {
                tracing::debug!(%error, "a chat's budget cannot be read");
                if what != Sending::Answer {
                    return Err(Failure::Held(NO_DATABASE));
                }
                self.remembered(since).entry(chat.clone()).or_default().turn(what, since)
            }
        };
        match turn {
            Turn::Granted => Ok(Permit { chat, what, since }),
            // Rounded up, so that it is not asked a moment too early.
            Turn::NotYet(wait) => Err(Failure::Held(wait / self.haste + Duration::from_millis(1))),
        }
    }

    /// What came of the call that the permit was for.
    pub(super) async fn spent<T>(&self, permit: Permit, outcome: Result<T, Failure>) -> Result<T, Failure> {
        let now = self.now();
        let noted = match &outcome {
            Err(Failure::TooMany(wait)) => self.db.close_chat(&permit.chat, *wait * self.haste, now).await,
            _ if now.since(permit.since) > SLOW => {
                self.db.chat_turn_took(&permit.chat, permit.since, now).await
            }
            _ => Ok(()),
        };
        if let Err(error) = noted {
            tracing::debug!(%error, "the other bots do not know what Telegram said in a chat");
        }
        outcome
    }

    fn now(&self) -> Timestamp {
        let millis = self.clock.now().millis();
        Timestamp::from_millis(millis.saturating_mul(i64::from(self.haste)))
    }

    fn remembered(&self, now: Timestamp) -> MutexGuard<'_, HashMap<String, SentLately>> {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.len() >= REMEMBERED {
            lately.retain(|_, sent| !sent.is_over(now));
        }
        lately
    }
}
