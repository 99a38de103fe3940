//! How much the bot may still write into a chat: a rate limit over a sliding window, kept for all processes.
//!
//! Telegram takes about 20 messages a minute in a group and one a second in any chat, edits included, and answers more with a
//! silence of up to minutes. So everything that is sent or edited takes its turn here first: no process exceeds what all of them
//! together may write, also not after a restart. What matters less leaves room for what matters more ([`Sending`]), and
//! some of the room is for matches alone, one at a time, so that each is told within [`BETWEEN_MATCHES`].
//!
//! An inline message has no chat that a bot could know, and is counted as a chat of its own. All chats together share what Telegram
//! takes from one bot in a second, in a row of its own.

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::ids::Timestamp;
use sqlx::types::Json;

use super::{
    Db, DbError, Tx,
    column::{ago, moment, timestamp},
    run, within,
};

/// The window that is counted in: Telegram's minute, and two seconds by which one call may be longer on its way than another.
pub const WINDOW: Duration = Duration::from_secs(62);
/// Messages and edits in one chat in any [`WINDOW`]; beyond it nothing is sent until the oldest is a window old.
pub const PER_WINDOW: usize = 20;
/// Of those, how many only matches may use: as many as fit into a window with [`BETWEEN_MATCHES`] between them.
pub const KEPT_FOR_MATCHES: usize = 5;
/// Messages and edits in one chat in any [`SHORT_WINDOW`].
pub const PER_SHORT_WINDOW: usize = 4;
/// Telegram lets a chat have a short burst, then one message a second.
pub const SHORT_WINDOW: Duration = Duration::from_secs(4);
/// After so many matches within a [`WINDOW`], further ones are told together, [`BETWEEN_MATCHES`] apart.
pub const MATCHES_AT_ONCE: usize = 3;
/// How long a match waits at most while a chat is busy; those that wait become one message.
pub const BETWEEN_MATCHES: Duration = Duration::from_millis(12_400);
/// Messages and edits in all chats together in any second; beyond it whatever is to be sent waits for a moment.
pub const PER_SECOND: usize = 28;
/// Of those, how many only matches and answers may use.
pub const KEPT_FOR_PEOPLE: usize = 8;
/// See [`PER_SECOND`].
const SECOND: Duration = Duration::from_secs(1);
/// The row of all chats together. No chat and no inline message is called so.
const ALL: &str = "all";
/// A chat that nothing was sent to for so long is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3600);

/// What is to be sent or edited: what matters most comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sending {
    /// A card that shows how far people are.
    Progress,
    /// A card that shows anything else that has changed.
    Change,
    /// A new card.
    Card,
    /// An answer to somebody.
    Answer,
    /// A match.
    Match,
}

impl Sending {
    /// It is sent while fewer than so many were in the window.
    fn ceiling(self) -> usize {
        match self {
            Self::Progress => PER_WINDOW - KEPT_FOR_MATCHES - 6,
            Self::Change => PER_WINDOW - KEPT_FOR_MATCHES - 3,
            Self::Card => PER_WINDOW - KEPT_FOR_MATCHES - 1,
            Self::Answer | Self::Match => PER_WINDOW - KEPT_FOR_MATCHES,
        }
    }

    /// It is sent while fewer than so many were in all chats together within a second.
    fn ceiling_of_all(self) -> usize {
        match self {
            Self::Progress | Self::Change | Self::Card => PER_SECOND - KEPT_FOR_PEOPLE,
            Self::Answer | Self::Match => PER_SECOND,
        }
    }
}

/// Whether something may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Yes, and it is counted.
    Granted,
    /// Not before so long.
    NotYet(Duration),
}

/// One message or edit: when, in milliseconds, and whether it told of a match.
type Sent = (i64, bool);

/// What one process has sent lately in one chat: what it goes by while the database cannot be asked.
#[derive(Debug, Default)]
pub struct SentLately(Vec<Sent>);

impl SentLately {
    /// Something was sent.
    pub fn note(&mut self, what: Sending, now: Timestamp) {
        forget_old(&mut self.0, WINDOW, now);
        self.0.push((now.millis(), what == Sending::Match));
    }

    /// Whether something may be sent, for all that this process knows; if so, it is noted.
    pub fn turn(&mut self, what: Sending, now: Timestamp) -> Turn {
        judge(&mut self.0, what, now)
    }

    /// Whether nothing of it counts any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.0.iter().all(|(at, _)| Timestamp::from_millis(*at).plus(WINDOW) <= now)
    }
}

/// Forgets what is older than the window. What a clock that was ahead wrote down is as new as can be.
fn forget_old(sent: &mut Vec<Sent>, window: Duration, now: Timestamp) {
    for (at, _) in sent.iter_mut() {
        *at = (*at).min(now.millis());
    }
    sent.retain(|(at, _)| Timestamp::from_millis(*at).plus(window) > now);
}

/// Judges one request against what was sent in all chats, oldest first.
fn judge_all(sent: &mut Vec<Sent>, what: Sending, now: Timestamp) -> Turn {
    forget_old(sent, SECOND, now);
    if let Some(until) = full(sent, what.ceiling_of_all(), SECOND) {
        return Turn::NotYet(until.since(now));
    }
    sent.push((now.millis(), what == Sending::Match));
    Turn::Granted
}

/// Judges one request against what was sent in its chat, oldest first; forgets what is older than the window.
fn judge(sent: &mut Vec<Sent>, what: Sending, now: Timestamp) -> Turn {
    forget_old(sent, WINDOW, now);
    let mut holds = vec![full(sent, PER_SHORT_WINDOW, SHORT_WINDOW), full(sent, PER_WINDOW, WINDOW)];
    holds.push(if what == Sending::Match {
        between_matches(sent)
    } else {
        full(sent, what.ceiling(), WINDOW)
    });
    match holds.into_iter().flatten().map(|until| until.since(now)).max() {
        Some(wait) if !wait.is_zero() => Turn::NotYet(wait),
        _ => {
            sent.push((now.millis(), what == Sending::Match));
            Turn::Granted
        }
    }
}

/// Until when a window that takes `most` has no place: until the oldest of the newest `most` has left it.
fn full(sent: &[Sent], most: usize, window: Duration) -> Option<Timestamp> {
    let (at, _) = sent.get(sent.len().checked_sub(most)?)?;
    Some(Timestamp::from_millis(*at).plus(window))
}

/// Until when the next match waits: it is told at once, unless the chat is busy or has just been told of several.
fn between_matches(sent: &[Sent]) -> Option<Timestamp> {
    let mut matches = sent.iter().filter(|(_, found)| *found);
    let busy = sent.len() >= Sending::Match.ceiling() || matches.clone().count() >= MATCHES_AT_ONCE;
    let (at, _) = matches.next_back().filter(|_| busy)?;
    Some(Timestamp::from_millis(*at).plus(BETWEEN_MATCHES))
}

impl Db {
    /// Takes a chat's turn, if there is one. What is granted counts, whatever becomes of it.
    pub async fn chat_turn(&self, chat: &str, what: Sending, now: Timestamp) -> Result<Turn, DbError> {
        let mut tx = self.begin().await?;
        let (mut sent, closed_until) = tx.locked_budget(chat, now).await?;
        let closed = closed_until.since(now);
        if !closed.is_zero() {
            return Ok(Turn::NotYet(closed));
        }
        let refused = judge(&mut sent, what, now);
        if refused != Turn::Granted {
            return Ok(refused);
        }
        // Always after a chat's row, so that nobody waits for each other.
        let (mut sent_to_all, _) = tx.locked_budget(ALL, now).await?;
        let refused = judge_all(&mut sent_to_all, what, now);
        if refused != Turn::Granted {
            return Ok(refused);
        }
        tx.note_sent(chat, &sent).await?;
        tx.note_sent(ALL, &sent_to_all).await?;
        tx.commit().await?;
        Ok(Turn::Granted)
    }

    /// What was granted then has reached Telegram only now, or nobody knows when: it counts from now on.
    pub async fn chat_turn_took(
        &self,
        chat: &str,
        granted: Timestamp,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        let (mut sent, _) = tx.locked_budget(chat, now).await?;
        if let Some(place) = sent.iter().position(|(at, _)| *at == granted.millis()) {
            let (_, found) = sent.remove(place);
            sent.push((now.millis(), found));
            sent.sort_unstable();
            tx.note_sent(chat, &sent).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Telegram asks for silence in a chat: nobody sends anything there until then.
    pub async fn close_chat(&self, chat: &str, wait: Duration, now: Timestamp) -> Result<(), DbError> {
        run!(self, |pool| {
            sqlx::query(
                "INSERT INTO chat_budgets (chat, closed_until, touched_at) VALUES ($1, $2, $3)
                 ON CONFLICT (chat) DO UPDATE SET closed_until = excluded.closed_until
                 WHERE chat_budgets.closed_until < excluded.closed_until",
            )
            .bind(chat)
            .bind(moment(now.plus(wait)))
            .bind(moment(now))
            .execute(pool)
            .map_ok(drop)
        })?;
        Ok(())
    }

    /// Forgets the chats that nothing was sent to for an hour. Says how many.
    pub async fn forget_quiet_chats(&self, now: Timestamp) -> Result<u64, DbError> {
        Ok(run!(self, |pool| sqlx::query(
            "DELETE FROM chat_budgets WHERE touched_at < $1 AND closed_until < $1"
        )
        .bind(ago(FORGOTTEN_AFTER, now))
        .execute(pool)
        .map_ok(|done| done.rows_affected()))?)
    }
}

impl Tx {
    /// What was sent in a chat lately, and until when Telegram has closed it. The row is the caller's alone until the end.
    async fn locked_budget(&mut self, chat: &str, now: Timestamp) -> Result<(Vec<Sent>, Timestamp), DbError> {
        let (Json(sent), closed_until): (Json<Vec<Sent>>, chrono::DateTime<chrono::Utc>) =
            within!(self, |conn| {
                sqlx::query_as(
                    "INSERT INTO chat_budgets (chat, closed_until, touched_at) VALUES ($1, $2, $3)
                     ON CONFLICT (chat) DO UPDATE SET touched_at = excluded.touched_at
                     RETURNING sent, closed_until",
                )
                .bind(chat)
                .bind(moment(Timestamp::default()))
                .bind(moment(now))
                .fetch_one(conn)
            })?;
        Ok((sent, timestamp(closed_until)))
    }

    async fn note_sent(&mut self, chat: &str, sent: &[Sent]) -> Result<(), DbError> {
        within!(self, |conn| sqlx::query("UPDATE chat_budgets SET sent = $2 WHERE chat = $1")
            .bind(chat)
            .bind(Json(sent))
            .execute(conn)
            .map_ok(drop))?;
        Ok(())
    }

    /// A group has moved: what was sent in it counts in the new one, and so does the silence that Telegram asked for.
    pub(super) async fn move_budget(&mut self, old: &str, new: &str) -> Result<(), DbError> {
        type Moved = (Json<Vec<Sent>>, chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>);
        let moved: Option<Moved> = within!(self, |conn| {
            sqlx::query_as(
                "DELETE FROM chat_budgets WHERE chat = $1 RETURNING sent, closed_until, touched_at",
            )
            .bind(old)
            .fetch_optional(conn)
        })?;
        let Some((Json(moved), closed_until, touched_at)) = moved else { return Ok(()) };
        let (mut sent, closed) = self.locked_budget(new, timestamp(touched_at)).await?;
        sent.extend(moved);
        sent.sort_unstable();
        let closed_until = closed.max(timestamp(closed_until));
        within!(self, |conn| {
            sqlx::query("UPDATE chat_budgets SET sent = $2, closed_until = $3 WHERE chat = $1")
                .bind(new)
                .bind(Json(&sent))
                .bind(moment(closed_until))
                .execute(conn)
                .map_ok(drop)
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_sending() -> impl Strategy<Value = Sending> {
        use Sending::{Answer, Card, Change, Match, Progress};
        prop::sample::select(vec![Progress, Progress, Progress, Change, Card, Answer, Match])
    }

    proptest! {
        #[test]
        fn no_sliding_minute_has_more_than_telegram_takes(
            asked in prop::collection::vec((0_i64..6_000, any_sending()), 1..300),
        ) {
            let (mut now, mut sent, mut granted) = (1_790_000_000_000, Vec::new(), Vec::new());
            for (pause, what) in asked {
                now += pause;
                if judge(&mut sent, what, Timestamp::from_millis(now)) == Turn::Granted {
                    granted.push(now);
                }
            }
            for (place, at) in granted.iter().enumerate() {
                let within = |window: i64| granted[..=place].iter().filter(|one| **one > at - window).count();
                prop_assert!(within(62_000) <= PER_WINDOW, "{} in a minute", within(62_000));
                prop_assert!(within(4_000) <= PER_SHORT_WINDOW, "{} in four seconds", within(4_000));
            }
        }

        #[test]
        fn a_match_waits_for_the_one_before_and_no_longer_however_busy_the_chat_is(
            asked in prop::collection::vec((0_i64..3_000, any_sending()), 1..200),
        ) {
            let (mut now, mut sent) = (1_790_000_000_000, Vec::new());
            for (pause, what) in asked {
                now += pause;
                judge(&mut sent, what, Timestamp::from_millis(now));
                let mut waiting = sent.clone();
                match judge(&mut waiting, Sending::Match, Timestamp::from_millis(now)) {
                    Turn::Granted => {}
                    Turn::NotYet(wait) => {
                        prop_assert!(wait <= BETWEEN_MATCHES, "{wait:?}");
                        let then = Timestamp::from_millis(now).plus(wait);
                        prop_assert_eq!(judge(&mut waiting, Sending::Match, then), Turn::Granted, "as it was told");
                    }
                }
            }
        }

        #[test]
        fn what_matters_less_waits_no_shorter(
            asked in prop::collection::vec((0_i64..6_000, any_sending()), 1..60), one in 0..4_usize, two in 0..4_usize,
        ) {
            let (mut now, mut sent) = (1_790_000_000_000, Vec::new());
            for (pause, what) in asked {
                now += pause;
                judge(&mut sent, what, Timestamp::from_millis(now));
            }
            let wait = |what| match judge(&mut sent.clone(), what, Timestamp::from_millis(now)) {
                Turn::Granted => Duration::ZERO,
                Turn::NotYet(wait) => wait,
            };
            // But for matches, which wait for one another.
            let kinds = [Sending::Progress, Sending::Change, Sending::Card, Sending::Answer];
            prop_assert!(wait(kinds[one.min(two)]) >= wait(kinds[one.max(two)]));
        }

        #[test]
        fn no_second_has_more_than_telegram_takes_from_one_bot(
            asked in prop::collection::vec((0_i64..40, any_sending()), 1..300),
        ) {
            let (mut now, mut sent, mut granted) = (1_790_000_000_000, Vec::new(), Vec::new());
            for (pause, what) in asked {
                now += pause;
                match judge_all(&mut sent, what, Timestamp::from_millis(now)) {
                    Turn::Granted => granted.push(now),
                    Turn::NotYet(wait) => prop_assert!(wait <= SECOND, "{wait:?}"),
                }
                let within = granted.iter().filter(|one| **one > now - 1_000).count();
                prop_assert!(within <= PER_SECOND, "{within} in a second");
            }
        }
    }
}
