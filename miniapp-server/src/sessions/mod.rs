//! Sessions: who is signed in, on which phone, and how that ends.
//!
//! SQL is the truth, and the hot layer has the copy that every request looks at: a hit costs no SQL, and a hot layer that
//! comes back empty signs nobody out, since a miss looks into SQL and puts the copy back. Access tokens are good for 15
//! minutes, and only while their session lives.
//!
//! A refresh token is spent by its use (RFC 9700, 4.14.2). A phone whose network swallowed the answer must not be thrown
//! out, so that for [`GRACE`] after a rotation the spent token is answered with *the same* pair. After that somebody
//! else has held one of the session's tokens: the whole session ends, and its people sign in again with Telegram's launch
//! data. There is one session for each launch, however often its data is presented ([`launch`]), with a chain of refresh tokens for each
//! page ([`chains`]); who signs out spends the launch data with the session. A store that is behind, because SQL was away or the hot layer lost its end, may see a token of a generation that it
//! has not heard of: we made it, so that it is right and the store is corrected.
//!
//! What is promised:
//! - **An end is for good**, on every node, at once. It is in the hot layer, then in SQL, then in the hot layer again, before
//!   anybody is told so; whoever puts a copy back looks into SQL once more afterwards; and nodes remember the last ends, in
//!   case the hot layer comes back older than it was. What one store was not told is an error to the caller, and is told later.
//! - **SQL away** for minutes: sessions are checked, refreshed and even opened without it, in the hot layer alone, and written
//!   when it is back. Ended they are, too, but the caller hears `unavailable`: if the hot layer lost its memory before
//!   SQL is back, it would not have been for good.
//! - **Who somebody is** comes from their token, whose session's id is under our signature. A copy that names somebody else was changed by
//!   somebody else: it is refused, and its session ends.
//! - **At most so many** sessions a person ([`devices`]).
//! - **The hot layer away**: nobody is let in, and no socket is closed for it.

mod chains;
mod copy;
mod devices;
mod launch;
mod pending;
mod recent;
mod tokens;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, stream};
use sovpalo_domain::ids::{Timestamp, UserId};
use sovpalo_live::hot::{Announcement, HotError, KeyValue, Publish};
use sovpalo_storage::{Db, DbError, Ending, SessionId, User, clock::Clock, measure};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

pub(crate) use self::launch::Entrance;
use self::{
    chains::Presented,
    copy::{Alive, HotCopy},
    pending::{PendingWrite, PendingWrites},
    recent::RecentEnds,
    tokens::{ACCESS_FOR, Mint},
};
use crate::{database::Database, init_data, wire};

/// How long a refresh token is good, and a session without one being used.
const REFRESH_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long a spent refresh token is answered with its successor once more: a client that hears nothing asks again as long as it has
/// patience, and so many times.
const GRACE: Duration = longer(
    Duration::from_secs(30),
    Duration::from_millis(wire::CLIENT_PATIENCE_MS * wire::CLIENT_ATTEMPTS as u64),
);
/// Nodes' clocks differ by less.
const SKEW: Duration = Duration::from_secs(60);
/// How often the ends that nobody asks about any more are forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// The first pause before a store is told again what it has not heard; it doubles up to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LAST_PAUSE: Duration = Duration::from_secs(5);
/// So many writes are confirmed at the same time.
const AT_ONCE: usize = 8;
/// What is still pending when the node goes is tried once more for so long.
const LAST_TRY: Duration = Duration::from_secs(2);

/// Where a phone spoke from; kept with the session.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) ip: String,
    pub(crate) user_agent: String,
}

/// A session that lives.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) session: SessionId,
    /// As they were when their session was last written.
    pub(crate) owner: User,
}

/// What a phone gets.
pub(crate) struct Tokens {
    pub(crate) access: String,
    /// How long the access token is good.
    pub(crate) expires_in: Duration,
    pub(crate) refresh: String,
}

/// Why a token is not taken, or a session not ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error("the token is not good, or not any more")]
    Invalid,
    #[error("whoever the launch data was made for has signed out with it")]
    LaunchSpent,
    #[error(transparent)]
    Hot(#[from] HotError),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The sessions of all nodes.
pub(crate) struct Sessions {
    hot: Arc<dyn KeyValue>,
    publish: Arc<dyn Publish>,
    db: Db,
    database: Database,
    clock: Clock,
    mint: Mint,
    /// How long the hot layer remembers who signed out: as long as launch data may be presented.
    ends_kept: Duration,
    pending: PendingWrites,
    recent: RecentEnds,
    /// Up to when SQL's ends have been learned.
    learned: AtomicI64,
}

impl Sessions {
    /// `launch_age`: how old launch data may be.
    pub(crate) fn new(
        hot: Arc<dyn KeyValue>,
        publish: Arc<dyn Publish>,
        db: Db,
        database: Database,
        clock: Clock,
        secret: &[u8],
        launch_age: Duration,
    ) -> Self {
        let learned = earlier(clock.now(), ACCESS_FOR).millis().into();
        let (mint, pending, recent) = (Mint::new(secret), PendingWrites::default(), RecentEnds::default());
        let ends_kept = longer(ACCESS_FOR, launch_age + init_data::SKEW);
        Self { hot, publish, db, database, clock, mint, ends_kept, pending, recent, learned }
    }

    /// Whose access token this is, if its session lives.
    pub(crate) async fn check(&self, access: &str) -> Result<Live, SessionError> {
        let session = self.mint.read_access(access, self.clock.now()).ok_or(SessionError::Invalid)?;
        let (alive, _) = self.find(&session).await?;
        Ok(Live { session, owner: alive.owner })
    }

    /// Whether a session lives. An error: that cannot be said now.
    pub(crate) async fn lives(&self, session: &SessionId) -> Result<bool, SessionError> {
        match self.find(session).await {
            Ok(_) => Ok(true),
            Err(SessionError::Invalid) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whose refresh token this is, if we made it. Nothing is asked of a store, and nothing spent.
    pub(crate) fn holder(&self, refresh: &str) -> Option<UserId> {
        self.mint.read_refresh(refresh).map(|(session, _)| session.user())
    }

    /// Spends a refresh token for the next pair.
    pub(crate) async fn refresh(&self, token: &str, origin: Origin) -> Result<(Live, Tokens), SessionError> {
        let (session, generation) = self.mint.read_refresh(token).ok_or(SessionError::Invalid)?;
        loop {
            let (mut alive, stored) = self.find(&session).await?;
            let now = self.clock.now();
            match alive.judge(generation, now, GRACE) {
                Presented::Good => {
                    let next = alive.rotate(generation, now);
                    alive.expires_at = now.plus(REFRESH_FOR);
                    alive.ip.clone_from(&origin.ip);
                    alive.user_agent.clone_from(&origin.user_agent);
                    let key = HotCopy::key(&session);
                    if !self.hot.swap(&key, Some(&stored), &alive.clone().encode(), REFRESH_FOR).await? {
                        // The same token arrived twice at once: look again, it is the spent one now.
                        continue;
                    }
                    let owner = self.save(&session, &alive).await?;
                    let tokens = self.tokens(&session, next, now);
                    return Ok((Live { session, owner }, tokens));
                }
                Presented::JustSpent(chain) => {
                    let tokens = self.tokens(&session, chain.current, chain.rotated_at);
                    return Ok((Live { session, owner: alive.owner }, tokens));
                }
                Presented::Reused => {
                    tracing::warn!(user = %session.user(), "a spent refresh token was used again: its session ends");
                    self.end(&session, Ending::Revoked).await?;
                    return Err(SessionError::Invalid);
                }
            }
        }
    }

    /// Describes a session's owner from now on as they are.
    pub(crate) async fn describe(&self, session: &SessionId, owner: &User) -> Result<(), SessionError> {
        loop {
            let (alive, stored) = self.find(session).await?;
            if alive.owner == *owner {
                return Ok(());
            }
            let next = Alive { owner: owner.clone(), ..alive };
            let ttl = next.ttl(self.clock.now());
            if self.hot.swap(&HotCopy::key(session), Some(&stored), &next.encode(), ttl).await? {
                return Ok(());
            }
        }
    }

    /// Ends the session of an access token, and what its launch data is good for. Asked again it ends what it had only begun to; if the
    /// answer was lost, nothing is left to do.
    pub(crate) async fn sign_out(&self, access: &str) -> Result<(), SessionError> {
        let session = self.mint.read_access(access, self.clock.now()).ok_or(SessionError::Invalid)?;
        match self.copy(&session).await? {
            Some((HotCopy::Ended { in_sql: true, revoked: false }, _)) => Ok(()),
            _ => self.end(&session, Ending::SignedOut).await,
        }
    }

    /// Whose access token this was, if its session has ended.
    pub(crate) async fn ended(&self, access: &str) -> Result<Option<UserId>, SessionError> {
        let Some(session) = self.mint.read_access(access, self.clock.now()) else { return Ok(None) };
        Ok((!self.lives(&session).await?).then(|| session.user()))
    }

    /// Ends a session: its tokens stop working and its sockets close, everywhere, at once, for good. An error: not
    /// everybody could be told yet.
    async fn end(&self, session: &SessionId, ending: Ending) -> Result<(), SessionError> {
        let pending = self.pending.begin(session, ending.into());
        let now = self.clock.now();
        self.recent.add(session.clone(), now);
        // Before SQL, so that it is at once whatever SQL does; and after, so that no copy of what SQL said before is left.
        let ended_here = self.end_copy(session, ending).await;
        let saved = self.database.ask(self.db.end_session(session, ending, now.plus(REFRESH_FOR), now)).await;
        ended_here?;
        saved?;
        let kept = if ending == Ending::Revoked { ACCESS_FOR } else { self.ends_kept };
        self.hot.put(&HotCopy::key(session), &HotCopy::ended(ending, true).encode(), kept).await?;
        pending.confirmed();
        Ok(())
    }

    /// Another node says that a session has ended.
    pub(crate) fn on_ended(&self, session: &SessionId) {
        self.recent.add(session.clone(), self.clock.now());
    }

    /// Asks SQL which sessions have ended since it was last asked: some ends may not have been heard.
    pub(crate) async fn learn_ends(&self) -> Result<Vec<SessionId>, DbError> {
        let now = self.clock.now();
        let since = earlier(Timestamp::from_millis(self.learned.load(Ordering::Relaxed)), SKEW);
        let ended = self.database.ask(self.db.sessions_ended_since(since)).await?;
        for session in &ended {
            self.recent.add(session.clone(), now);
        }
        self.learned.store(now.millis(), Ordering::Relaxed);
        Ok(ended)
    }

    /// Tells the stores what they could not be told, and forgets the ends that nobody asks about any more, until `stop`.
    pub(crate) async fn keep(&self, stop: &CancellationToken) {
        let mut sweep = interval(SWEEP_EVERY);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.pending.woken() => {
                    let _ = stop.run_until_cancelled(self.settle()).await;
                }
                _ = sweep.tick() => self.recent.forget(earlier(self.clock.now(), ACCESS_FOR + SKEW)),
            }
        }
        timeout(LAST_TRY, self.settle_once()).await.ok();
    }

    async fn settle(&self) {
        let mut pause = FIRST_PAUSE;
        while !self.settle_once().await {
            sleep(pause).await;
            pause = (2 * pause).min(LAST_PAUSE);
            self.database.back().await;
        }
    }

    /// Retries the pending writes, as far as the stores answer. Says whether all are confirmed.
    async fn settle_once(&self) -> bool {
        let writes = stream::iter(self.pending.all());
        let confirmed = writes.map(async |(session, write)| match write {
            PendingWrite::End => self.end(&session, Ending::SignedOut).await,
            PendingWrite::Revocation => self.end(&session, Ending::Revoked).await,
            PendingWrite::Save => self.save_copy(&session).await,
        });
        let mut confirmed = confirmed.buffer_unordered(AT_ONCE);
        while let Some(confirmed) = confirmed.next().await {
            if let Err(error) = confirmed {
                tracing::debug!(%error, "a session is not written to every store yet");
                return false;
            }
        }
        true
    }

    /// Has SQL know of a session what the hot layer does.
    async fn save_copy(&self, session: &SessionId) -> Result<(), SessionError> {
        let pending = self.pending.begin(session, PendingWrite::Save);
        match self.copy(session).await? {
            Some((HotCopy::Alive(alive), _)) => {
                let saved = self.tell(session, &alive).await?;
                match self.confirm_saved(session, &alive, saved).await {
                    Ok(_) | Err(SessionError::Invalid) => {}
                    Err(error) => return Err(error),
                }
            }
            Some((HotCopy::Ended { in_sql: false, revoked }, _)) => {
                self.end(session, reason(revoked)).await?;
            }
            // Lost, and with it what SQL could have been told.
            Some((HotCopy::Ended { in_sql: true, .. }, _)) | None => {}
        }
        pending.confirmed();
        Ok(())
    }

    /// Writes a session to SQL, now or when that is back. Its owner comes back as they are known best.
    async fn save(&self, session: &SessionId, alive: &Alive) -> Result<User, SessionError> {
        let pending = self.pending.begin(session, PendingWrite::Save);
        let saved = match self.tell(session, alive).await {
            // It is pending.
            Err(error) if error.is_unavailable() => return Ok(alive.owner.clone()),
            saved => saved,
        };
        pending.confirmed();
        self.confirm_saved(session, alive, saved?).await
    }

    async fn tell(&self, session: &SessionId, alive: &Alive) -> Result<Option<User>, DbError> {
        let written = alive.session(session);
        self.database.ask(self.db.save_session(&written, &alive.owner, self.clock.now())).await
    }

    /// What SQL answered is heard here, too.
    async fn confirm_saved(
        &self,
        session: &SessionId,
        alive: &Alive,
        saved: Option<User>,
    ) -> Result<User, SessionError> {
        let Some(owner) = saved else {
            // The copy was older than its end, of which SQL knows the reason.
            self.end(session, Ending::Revoked).await?;
            return Err(SessionError::Invalid);
        };
        if owner != alive.owner {
            // Changed through another phone meanwhile.
            self.describe(session, &owner).await?;
        }
        Ok(owner)
    }

    /// A session that lives, and its copy as it is stored: from the hot layer, else from SQL.
    async fn find(&self, session: &SessionId) -> Result<(Alive, Vec<u8>), SessionError> {
        loop {
            match self.copy(session).await? {
                Some((HotCopy::Ended { in_sql: true, .. }, _)) => return Err(SessionError::Invalid),
                // Whoever should have told SQL may not be there any more.
                Some((HotCopy::Ended { in_sql: false, revoked }, _)) => {
                    return Err(self.end_later(session, reason(revoked)));
                }
                // The copy is older than the end, of which SQL knows the reason, or will be told.
                Some(_) if self.recent.has(session) => return Err(self.end_later(session, Ending::Revoked)),
                Some((HotCopy::Alive(alive), stored)) => return Ok((*alive, stored)),
                None => {
                    if let Some(restored) = self.restore(session).await? {
                        return Ok(restored);
                    }
                }
            }
        }
    }

    /// Has the end of a session told once more, beside whatever is done here.
    fn end_later(&self, session: &SessionId, ending: Ending) -> SessionError {
        drop(self.pending.begin(session, ending.into()));
        SessionError::Invalid
    }

    /// Copies what SQL knows of a session. `None`: somebody was quicker.
    async fn restore(&self, session: &SessionId) -> Result<Option<(Alive, Vec<u8>)>, SessionError> {
        let key = HotCopy::key(session);
        let Some(alive) = self.known(session).await? else {
            // Remembered for as long as there may be tokens to ask again with. SQL is asked for the reason by whoever wants it.
            let ended = HotCopy::ended(Ending::Revoked, true).encode();
            self.hot.swap(&key, None, &ended, ACCESS_FOR).await?;
            return Err(SessionError::Invalid);
        };
        let stored = alive.clone().encode();
        if !self.hot.swap(&key, None, &stored, alive.ttl(self.clock.now())).await? {
            return Ok(None);
        }
        // It may have ended between the first look and the copy, and the hot layer have lost its memory of that.
        let pending = self.pending.begin(session, PendingWrite::Save);
        if self.known(session).await?.is_none() {
            self.end_copy(session, Ending::Revoked).await?;
            pending.confirmed();
            return Err(SessionError::Invalid);
        }
        pending.confirmed();
        Ok(Some((alive, stored)))
    }

    async fn known(&self, session: &SessionId) -> Result<Option<Alive>, DbError> {
        let known = self.database.ask(self.db.session(session, self.clock.now())).await?;
        Ok(known.map(|(session, owner)| Alive::new(session, owner)))
    }

    async fn copy(&self, session: &SessionId) -> Result<Option<(HotCopy, Vec<u8>)>, SessionError> {
        let Some(stored) = self.hot.get(&HotCopy::key(session)).await? else { return Ok(None) };
        // Written by an older version: whoever it is signs in again.
        let copy = serde_json::from_slice(&stored).map_err(|_| SessionError::Invalid)?;
        match &copy {
            HotCopy::Alive(alive) if alive.owner.person.id != session.user() => {
                Err(self.end_changed(session))
            }
            _ => Ok(Some((copy, stored))),
        }
    }

    /// Somebody changed the copy of a session so that it names another owner. Said once: after that, it has ended.
    fn end_changed(&self, session: &SessionId) -> SessionError {
        if !self.recent.has(session) {
            tracing::error!(
                user = %session.user(),
                "the hot layer's copy of a session names somebody else: who else can write there? The session ends"
            );
            measure::count("sovpalo_changed_sessions_total", []);
            self.recent.add(session.clone(), self.clock.now());
        }
        self.end_later(session, Ending::Revoked)
    }

    async fn end_copy(&self, session: &SessionId, ending: Ending) -> Result<(), HotError> {
        let ended = HotCopy::ended(ending, false).encode();
        self.hot.put(&HotCopy::key(session), &ended, REFRESH_FOR).await?;
        self.publish.announce(&Announcement::SessionEnded(session.clone())).await
    }

    /// The pair that was made at a time: the same however often, and whenever.
    fn tokens(&self, session: &SessionId, generation: u32, made_at: Timestamp) -> Tokens {
        let access = self.mint.access(session, made_at);
        let expires_in = ACCESS_FOR.saturating_sub(self.clock.now().since(made_at));
        Tokens { access, expires_in, refresh: self.mint.refresh(session, generation) }
    }
}

fn reason(revoked: bool) -> Ending {
    if revoked { Ending::Revoked } else { Ending::SignedOut }
}

const fn longer(one: Duration, other: Duration) -> Duration {
    if one.as_nanos() > other.as_nanos() { one } else { other }
}

fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_millis(at.millis().saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
}
