//! Sessions: who is signed in, on which phone, and how that ends.
//!
//! A session is a record in the hot layer under `session:<user>-<random>`. Its access token is a JWT (HS256, 15 minutes)
//! that is good only while the record is there: ending a session works at once, on every node.
//!
//! Its refresh token is opaque, stored as a hash, and spent by its use (RFC 9700, 4.14.2). A phone whose network
//! swallowed the answer must not be thrown out, so that for [`GRACE`] after a rotation the spent token is answered with *the
//! same* successor, which is computed from it and a key that only we have. After that, or with any other token that names the session, somebody
//! else has held one of its tokens: the whole family ends, and its people sign in again with Telegram's launch data.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sovpalo_domain::ids::{Timestamp, UserId};
use sovpalo_storage::{
    clock::Clock,
    hot::{Hot, HotError},
    titles::Language,
};
use subtle::ConstantTimeEq;

/// How long an access token is good.
pub(crate) const ACCESS_FOR: Duration = Duration::from_secs(15 * 60);
/// How long a refresh token is good, and a session without one being used.
const REFRESH_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long a spent refresh token is answered with its successor once more.
const GRACE: Duration = Duration::from_secs(10);
/// Nobody has more sessions than this to end.
const MOST_SESSIONS: usize = 10_000;

/// A session, by its id: `<user>-<32 hex digits>`. It names its owner, so that all of somebody's can be found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(Arc<str>);

impl SessionId {
    fn draw(user: UserId) -> Self {
        Self(format!("{user}-{:032x}", rand::random::<u128>()).into())
    }

    fn read(text: &str) -> Option<(UserId, Self)> {
        let (user, random) = text.split_once('-')?;
        let genuine = random.len() == 32 && random.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let user = user.parse().ok().and_then(|id| UserId::new(id).ok())?;
        genuine.then(|| (user, Self(text.into())))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn key(&self) -> String {
        format!("session:{}", self.0)
    }
}

/// Where a phone spoke from; kept with the session.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) ip: String,
    pub(crate) user_agent: String,
}

/// A session that lives.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) language: Language,
}

/// What a phone gets.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// Why a token is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error("the token is not good, or not any more")]
    Invalid,
    #[error(transparent)]
    Hot(#[from] HotError),
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    sid: String,
    exp: i64,
    iat: i64,
}

/// What is stored.
#[derive(Serialize, Deserialize)]
struct Record {
    language: Language,
    refresh: String,
    spent: Option<SpentToken>,
    created_at: Timestamp,
    ip: String,
    user_agent: String,
}

#[derive(Serialize, Deserialize)]
struct SpentToken {
    refresh: String,
    at: Timestamp,
}

/// The sessions of all nodes.
pub(crate) struct Sessions {
    hot: Arc<dyn Hot>,
    clock: Clock,
    signing: EncodingKey,
    checking: DecodingKey,
    succession: [u8; 32],
}

impl Sessions {
    pub(crate) fn new(hot: Arc<dyn Hot>, clock: Clock, secret: &[u8]) -> Self {
        Self {
            hot,
            clock,
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            // Its own key, so that nothing signed for one purpose is good for the other.
            succession: hmac(secret, &[b"refresh-succession"]),
        }
    }

    /// Somebody signs in.
    pub(crate) async fn open(
        &self,
        user: UserId,
        language: Language,
        origin: Origin,
    ) -> Result<Tokens, HotError> {
        let session = SessionId::draw(user);
        let secret = rand::random::<[u8; 32]>();
        let record = Record {
            language,
            refresh: fingerprint(&secret),
            spent: None,
            created_at: self.clock.now(),
            ip: origin.ip,
            user_agent: origin.user_agent,
        };
        self.hot.put(&session.key(), &encode(&record), REFRESH_FOR).await?;
        Ok(self.tokens(user, &session, &secret))
    }

    /// Whose access token this is, if its session lives.
    pub(crate) async fn check(&self, access: &str) -> Result<Live, SessionError> {
        let mut validation = Validation::new(Algorithm::HS256);
        // By our own clock, to the second.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(access, &self.checking, &validation)
            .map_err(|_| SessionError::Invalid)?
            .claims;
        if claims.exp.saturating_mul(1000) <= self.clock.now().millis() {
            return Err(SessionError::Invalid);
        }
        let (user, session) = SessionId::read(&claims.sid).ok_or(SessionError::Invalid)?;
        let (record, _) = self.read(&session).await?;
        Ok(Live { user, session, language: record.language })
    }

    /// Whether a session lives.
    pub(crate) async fn lives(&self, session: &SessionId) -> Result<bool, HotError> {
        Ok(self.hot.get(&session.key()).await?.is_some())
    }

    /// The same, for a session by the text of its id.
    pub(crate) async fn lives_named(&self, session: &str) -> Result<bool, HotError> {
        match SessionId::read(session) {
            Some((_, session)) => self.lives(&session).await,
            None => Ok(false),
        }
    }

    /// Spends a refresh token for the next pair.
    pub(crate) async fn refresh(&self, token: &str, origin: Origin) -> Result<(Live, Tokens), SessionError> {
        let (session, secret) = token.split_once('.').ok_or(SessionError::Invalid)?;
        let (user, session) = SessionId::read(session).ok_or(SessionError::Invalid)?;
        let secret = URL_SAFE_NO_PAD.decode(secret).map_err(|_| SessionError::Invalid)?;
        let presented = fingerprint(&secret);
        let successor = hmac(&self.succession, &[session.as_str().as_bytes(), &secret]);
        loop {
            let (record, stored) = self.read(&session).await?;
            let live = Live { user, session: session.clone(), language: record.language };
            let now = self.clock.now();
            if same(&record.refresh, &presented) {
                let next = Record {
                    refresh: fingerprint(&successor),
                    spent: Some(SpentToken { refresh: presented.clone(), at: now }),
                    ip: origin.ip.clone(),
                    user_agent: origin.user_agent.clone(),
                    ..record
                };
                if self.hot.swap(&session.key(), Some(&stored), &encode(&next), REFRESH_FOR).await? {
                    return Ok((live, self.tokens(user, &session, &successor)));
                }
                // The same token arrived twice at once: look again, it is the spent one now.
                continue;
            }
            let again = record
                .spent
                .is_some_and(|spent| same(&spent.refresh, &presented) && now.since(spent.at) <= GRACE);
            if again {
                return Ok((live, self.tokens(user, &session, &successor)));
            }
            tracing::warn!(%user, "a spent refresh token was used again: its session ends");
            self.end(&session).await?;
            return Err(SessionError::Invalid);
        }
    }

    /// What titles and names are told in from now on.
    pub(crate) async fn speak(&self, session: &SessionId, language: Language) -> Result<(), HotError> {
        loop {
            let (record, stored) = match self.read(session).await {
                Ok(found) => found,
                Err(SessionError::Invalid) => return Ok(()),
                Err(SessionError::Hot(error)) => return Err(error),
            };
            let next = Record { language, ..record };
            if self.hot.swap(&session.key(), Some(&stored), &encode(&next), REFRESH_FOR).await? {
                return Ok(());
            }
        }
    }

    /// Ends a session: its tokens stop working and its sockets close, everywhere, at once.
    pub(crate) async fn end(&self, session: &SessionId) -> Result<(), HotError> {
        self.hot.delete(&session.key()).await?;
        self.hot.announce_session_ended(session.as_str()).await
    }

    /// Ends all sessions of somebody.
    pub(crate) async fn end_all(&self, user: UserId) -> Result<(), HotError> {
        for key in self.hot.keys(&format!("session:{user}-"), MOST_SESSIONS).await? {
            if let Some((_, session)) = key.strip_prefix("session:").and_then(SessionId::read) {
                self.end(&session).await?;
            }
        }
        Ok(())
    }

    async fn read(&self, session: &SessionId) -> Result<(Record, Vec<u8>), SessionError> {
        let stored = self.hot.get(&session.key()).await?.ok_or(SessionError::Invalid)?;
        let record = serde_json::from_slice(&stored).map_err(|_| SessionError::Invalid)?;
        Ok((record, stored))
    }

    fn tokens(&self, user: UserId, session: &SessionId, secret: &[u8]) -> Tokens {
        let now = self.clock.now().millis() / 1000;
        let claims = Claims {
            sub: user.to_string(),
            sid: session.as_str().into(),
            exp: now + ACCESS_FOR.as_secs().cast_signed(),
            iat: now,
        };
        let access = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .unwrap_or_else(|_| unreachable!("strings and numbers under a key of bytes"));
        Tokens { access, refresh: format!("{}.{}", session.as_str(), URL_SAFE_NO_PAD.encode(secret)) }
    }
}

/// Of a secret of 256 random bits a plain hash tells nothing.
fn fingerprint(secret: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn encode(record: &Record) -> Vec<u8> {
    serde_json::to_vec(record).unwrap_or_default()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("any length is a key"));
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
