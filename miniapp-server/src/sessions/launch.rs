//! One session for each launch, however often its data is presented.
//!
//! Launch data is a bearer secret without a nonce, and Telegram's clients hand over the same one again and again: they reload the
//! page, or open it with the data of its first opening. So a launch names its session: the id is made from the launch's hash
//! under a key of ours, which reveals nothing of it. Signing in again therefore finds the session, makes no row and no key, and what
//! a session's end is for good ([`super`]) its launch's is, too: who signed out or was erased does not come back by old data.
//!
//! A session that ended because a spent refresh token was used again says nothing about the launch: its owner comes back with it, in the
//! launch's next session.

use sovpalo_domain::ids::UserId;
use sovpalo_storage::{Chain, Ending, SessionId, Standing, User};

use super::{
    Live, Origin, REFRESH_FOR, SessionError, Sessions, Tokens,
    copy::{Alive, HotCopy},
};
use crate::init_data::LaunchHash;

/// A launch opens at most so many sessions, one after the other.
const MOST_SESSIONS: u8 = 16;

/// What a launch leads to.
pub(crate) enum Entrance {
    /// The session that it has opened before, as it was found.
    Known(Box<Known>),
    /// A session that is not there yet.
    New(SessionId),
}

/// A session that lives.
pub(crate) struct Known {
    session: SessionId,
    alive: Alive,
    stored: Vec<u8>,
}

impl Sessions {
    /// Where a launch leads. [`SessionError::LaunchSpent`]: nowhere any more.
    pub(crate) async fn entrance(&self, launch: &LaunchHash, user: UserId) -> Result<Entrance, SessionError> {
        for turn in 0..MOST_SESSIONS {
            let session = self.mint.session_of(launch, user, turn);
            match self.standing(&session).await? {
                Found::Alive(alive, stored) => {
                    return Ok(Entrance::Known(Box::new(Known { session, alive: *alive, stored })));
                }
                Found::Nothing => return Ok(Entrance::New(session)),
                Found::Ended(Ending::Revoked) => {}
                Found::Ended(Ending::SignedOut) => break,
            }
        }
        Err(SessionError::LaunchSpent)
    }

    /// Opens a new session. `None`: it is not new any more, and the launch is to be looked at again.
    pub(crate) async fn open(
        &self,
        session: &SessionId,
        owner: User,
        origin: Origin,
    ) -> Result<Option<(Live, Tokens)>, SessionError> {
        let now = self.clock.now();
        let opened = Alive {
            owner,
            generation: 0,
            rotated_at: now,
            chains: vec![Chain { current: 0, spent: None, rotated_at: now }],
            created_at: now,
            ip: origin.ip,
            user_agent: origin.user_agent,
            expires_at: now.plus(REFRESH_FOR),
        };
        let pushed_out = self.list(session).await?;
        let entered = self.enter(session, None, opened).await?;
        if entered.is_some() {
            self.end_beyond(session, pushed_out).await;
        }
        Ok(entered)
    }

    /// Signs in once more. `None` as for [`Sessions::open`].
    pub(crate) async fn enter_again(&self, known: Known) -> Result<Option<(Live, Tokens)>, SessionError> {
        let Known { session, mut alive, stored } = known;
        alive.begin_chain(self.clock.now());
        alive.expires_at = self.clock.now().plus(REFRESH_FOR);
        self.enter(&session, Some(&stored), alive).await
    }

    async fn enter(
        &self,
        session: &SessionId,
        before: Option<&[u8]>,
        alive: Alive,
    ) -> Result<Option<(Live, Tokens)>, SessionError> {
        let key = HotCopy::key(session);
        if !self.hot.swap(&key, before, &alive.clone().encode(), REFRESH_FOR).await? {
            return Ok(None);
        }
        match self.save(session, &alive).await {
            Ok(owner) => {
                let tokens = self.tokens(session, alive.generation, alive.rotated_at);
                Ok(Some((Live { session: session.clone(), owner }, tokens)))
            }
            // SQL knows that it has ended, and now the hot layer does, too.
            Err(SessionError::Invalid) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is known of a session that a launch may have opened. SQL has the last word on what has ended; while it is away, the hot
    /// layer has.
    async fn standing(&self, session: &SessionId) -> Result<Found, SessionError> {
        loop {
            let copy = match self.copy(session).await? {
                Some((HotCopy::Alive(alive), stored)) if !self.recent.has(session) => {
                    return Ok(Found::Alive(alive, stored));
                }
                Some((HotCopy::Ended { revoked: false, in_sql }, _)) => {
                    if !in_sql {
                        self.end_later(session, Ending::SignedOut);
                    }
                    return Ok(Found::Ended(Ending::SignedOut));
                }
                // Nobody can say here for what reason.
                Some((HotCopy::Alive(_), _)) => Found::Ended(Ending::SignedOut),
                Some((HotCopy::Ended { .. }, _)) => Found::Ended(Ending::Revoked),
                None => Found::Nothing,
            };
            let known = self.database.ask(self.db.standing(session, self.clock.now())).await;
            return Ok(match (known, copy) {
                (Err(error), copy) if error.is_unavailable() => copy,
                (Err(error), _) => return Err(error.into()),
                (Ok(Standing::Ended(ending)), _)
                | (Ok(Standing::Unknown | Standing::Alive), Found::Ended(ending)) => Found::Ended(ending),
                (Ok(Standing::Unknown), copy) => copy,
                (Ok(Standing::Alive), _) => match self.restore(session).await {
                    Ok(Some((alive, stored))) => Found::Alive(Box::new(alive), stored),
                    // Somebody was quicker, whatever they did.
                    Ok(None) | Err(SessionError::Invalid) => continue,
                    Err(error) => return Err(error),
                },
            });
        }
    }
}

/// What the stores have of a session.
enum Found {
    Nothing,
    Alive(Box<Alive>, Vec<u8>),
    Ended(Ending),
}
