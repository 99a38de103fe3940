//! The sessions of one person: at most [`MOST_SESSIONS`], listed for them, and ended one by one or together.
//!
//! SQL knows them all, except those that were opened while it was away. So the hot layer keeps a list of the newest beside their copies,
//! under one key for each person. Nothing here looks at anybody else's keys: what it costs depends on how many sessions the
//! person has, never on how many there are.

use futures::{StreamExt, TryStreamExt, stream};
use sovpalo_domain::ids::UserId;
use sovpalo_storage::{Ending, Session, SessionId, Standing};

use super::{
    AT_ONCE, REFRESH_FOR, SessionError, Sessions,
    copy::HotCopy,
    pending::{PendingWrite, Unconfirmed},
};

/// So many sessions a person has at most. When they sign in once more, the one that was used longest ago ends, as by signing out.
pub(crate) const MOST_SESSIONS: usize = 20;
/// So many superfluous sessions of a person are ended at one sign-in; the rest at the next ones. There are more than one only where many
/// signed in at the same time, or under a version that did not count.
const ENDED_AT_ONCE: usize = 100;

impl Sessions {
    /// The sessions of a person that live, the one that was used last first.
    pub(crate) async fn all_of(&self, current: &SessionId) -> Result<Vec<Session>, SessionError> {
        let (alive, _) = self.find(current).await?;
        let known = self.db.sessions_of(current.user(), MOST_SESSIONS, self.clock.now());
        let mut all = self.database.ask(known).await?;
        // SQL may not have been told yet.
        if all.iter().all(|session| session.id != *current) {
            all.insert(0, alive.session(current));
            all.truncate(MOST_SESSIONS);
        }
        Ok(all)
    }

    /// Ends one session, and what its launch data is good for. Says whether there is or was such a session: ended once more, it
    /// stays ended.
    pub(crate) async fn end_one(&self, session: &SessionId) -> Result<bool, SessionError> {
        match self.copy(session).await? {
            Some((HotCopy::Ended { in_sql: true, revoked: false }, _)) => return Ok(true),
            Some((HotCopy::Alive(_), _)) => {}
            // That it has ended may be all that was ever known of it.
            Some((HotCopy::Ended { .. }, _)) | None => {
                match self.database.ask(self.db.standing(session, self.clock.now())).await? {
                    Standing::Unknown => return Ok(false),
                    Standing::Ended(Ending::SignedOut) => return Ok(true),
                    Standing::Alive | Standing::Ended(Ending::Revoked) => {}
                }
            }
        }
        self.end(session, Ending::SignedOut).await?;
        Ok(true)
    }

    /// Ends all sessions of a person but this one.
    pub(crate) async fn end_others(&self, current: &SessionId) -> Result<(), SessionError> {
        let ended = self.database.ask(self.db.end_other_sessions(current, self.clock.now())).await?;
        self.end_known(current.user(), ended, Some(current)).await
    }

    /// Ends all sessions of somebody whom SQL has forgotten, with those that ended by that.
    pub(crate) async fn end_all(&self, user: UserId, ended: Vec<SessionId>) -> Result<(), SessionError> {
        self.end_known(user, ended, None).await
    }

    async fn end_known(
        &self,
        user: UserId,
        ended: Vec<SessionId>,
        but: Option<&SessionId>,
    ) -> Result<(), SessionError> {
        // Written down first: whoever is cut off here has ended them all the same.
        let pending: Vec<_> =
            ended.iter().map(|session| self.pending.begin(session, PendingWrite::End)).collect();
        // One that was opened while SQL was away is known only here.
        let mut sessions = self.listed(user).await?.0;
        sessions.retain(|session| Some(session) != but && !ended.contains(session));
        sessions.extend(ended.iter().cloned());
        stream::iter(sessions)
            .map(Ok)
            .try_for_each_concurrent(AT_ONCE, async |session| self.end(&session, Ending::SignedOut).await)
            .await?;
        pending.into_iter().for_each(Unconfirmed::confirmed);
        Ok(())
    }

    /// Puts a session that is about to be opened on its owner's list, so that it is found whatever becomes of SQL. Says which one it
    /// pushed out.
    pub(super) async fn list(&self, session: &SessionId) -> Result<Option<SessionId>, SessionError> {
        let key = HotCopy::key_of_all(session.user());
        loop {
            let (mut sessions, stored) = self.listed(session.user()).await?;
            sessions.retain(|listed| listed != session);
            sessions.push(session.clone());
            let pushed_out = (sessions.len() > MOST_SESSIONS).then(|| sessions.remove(0));
            let names: Vec<&str> = sessions.iter().map(SessionId::as_str).collect();
            let next = serde_json::to_vec(&names).unwrap_or_default();
            // Otherwise another one was just opened.
            if self.hot.swap(&key, stored.as_deref(), &next, REFRESH_FOR).await? {
                return Ok(pushed_out);
            }
        }
    }

    /// Somebody's newest sessions as far as the hot layer knows, the newest last, and as they are stored.
    async fn listed(&self, user: UserId) -> Result<(Vec<SessionId>, Option<Vec<u8>>), SessionError> {
        let stored = self.hot.get(&HotCopy::key_of_all(user)).await?;
        let names: Vec<String> =
            stored.as_deref().and_then(|stored| serde_json::from_slice(stored).ok()).unwrap_or_default();
        let sessions = names.iter().filter_map(|name| name.parse().ok());
        // Whose a session is says its name.
        Ok((sessions.filter(|session: &SessionId| session.user() == user).collect(), stored))
    }

    /// Ends what is too much beside a session that was just opened. While SQL is away, that is what the list says. Whoever signs in does not
    /// hear of it: what cannot be told now is told later.
    pub(super) async fn end_beyond(&self, newest: &SessionId, pushed_out: Option<SessionId>) {
        let now = self.clock.now();
        let beyond = self.db.sessions_beyond(newest, MOST_SESSIONS - 1, ENDED_AT_ONCE, now);
        let beyond = match self.database.ask(beyond).await {
            Ok(beyond) => beyond,
            Err(error) => {
                tracing::debug!(%error, "a person's sessions could not be counted");
                let Some(oldest) = pushed_out else { return };
                match self.copy(&oldest).await {
                    Ok(Some((HotCopy::Alive(_), _))) => vec![oldest],
                    _ => return,
                }
            }
        };
        let ends = stream::iter(beyond);
        ends.for_each_concurrent(AT_ONCE, async |session| {
            if let Err(error) = self.end(&session, Ending::SignedOut).await {
                tracing::debug!(%error, "the end of a session that was one too many is not written yet");
            }
        })
        .await;
    }
}
