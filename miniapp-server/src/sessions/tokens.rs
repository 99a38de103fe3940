//! How tokens are made and read. Nothing here asks a store: what we did not make is turned away before that.
//!
//! An access token is a JWT (HS256). A refresh token is `<session>.<generation>.<mac>`, opaque to whoever holds it. The
//! generation says which of a session's refresh tokens it is; the MAC, under a key of its own, that we made it. So no token
//! is stored, not even as a hash, and one that is newer than what a store remembers is known to be ours.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sovpalo_domain::ids::{Timestamp, UserId};
use sovpalo_storage::db::SessionId;

use super::ACCESS_FOR;
use crate::init_data::LaunchHash;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    sid: String,
    exp: i64,
    iat: i64,
}

/// What tokens are made with; the same on every node.
pub(super) struct Mint {
    signing: EncodingKey,
    checking: DecodingKey,
    refreshing: Hmac<Sha256>,
    launching: Hmac<Sha256>,
}

impl Mint {
    pub(super) fn new(secret: &[u8]) -> Self {
        // Keys of their own, so that nothing signed for one purpose is good for the other.
        let key = |purpose: &[u8]| keyed(&keyed(secret).chain_update(purpose).finalize().into_bytes());
        Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            refreshing: key(b"refresh tokens"),
            launching: key(b"sessions of launches"),
        }
    }

    /// The session that a launch opens, after so many others: always the same, and nobody else can tell which launch it was.
    pub(super) fn session_of(&self, launch: &LaunchHash, user: UserId, turn: u8) -> SessionId {
        let mac = self.launching.clone().chain_update(launch.bytes()).chain_update([turn]);
        let digest = mac.finalize().into_bytes();
        SessionId::from_bits(user, u128::from_be_bytes(std::array::from_fn(|place| digest[place])))
    }

    /// An access token that is good from then on.
    pub(super) fn access(&self, session: &SessionId, from: Timestamp) -> String {
        let now = from.millis() / 1000;
        let claims = Claims {
            sub: session.user().to_string(),
            sid: session.to_string(),
            exp: now + ACCESS_FOR.as_secs().cast_signed(),
            iat: now,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .unwrap_or_else(|_| unreachable!("strings and numbers under a key of bytes"))
    }

    /// Whose access token this is, if it is ours and has not expired.
    pub(super) fn read_access(&self, token: &str, now: Timestamp) -> Option<SessionId> {
        let mut validation = Validation::new(Algorithm::HS256);
        // By our own clock, to the second.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &validation).ok()?.claims;
        if claims.exp.saturating_mul(1000) <= now.millis() {
            return None;
        }
        claims.sid.parse().ok()
    }

    /// The refresh token of one generation.
    pub(super) fn refresh(&self, session: &SessionId, generation: u32) -> String {
        let signed = format!("{session}.{generation}");
        let mac = URL_SAFE_NO_PAD.encode(self.mac(&signed).finalize().into_bytes());
        format!("{signed}.{mac}")
    }

    /// Of which session and generation a refresh token is, if it is ours.
    pub(super) fn read_refresh(&self, token: &str) -> Option<(SessionId, u32)> {
        let (signed, mac) = token.rsplit_once('.')?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(signed).verify_slice(&mac).ok()?;
        let (session, generation) = signed.split_once('.')?;
        Some((session.parse().ok()?, generation.parse().ok()?))
    }

    fn mac(&self, signed: &str) -> Hmac<Sha256> {
        self.refreshing.clone().chain_update(signed.as_bytes())
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("any length is a key"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sovpalo_domain::ids::UserId;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    fn session() -> SessionId {
        SessionId::from_bits(UserId::new(7).unwrap(), 0xAB)
    }

    #[test]
    fn a_launch_names_its_sessions_and_nobody_without_the_secret_does() {
        let (mint, user) = (Mint::new(b"secret"), UserId::new(7).unwrap());
        let launch = LaunchHash::from([1; 32]);
        let first = mint.session_of(&launch, user, 0);
        assert_eq!(mint.session_of(&launch, user, 0), first);
        assert_eq!(first.user(), user);
        for other in [
            mint.session_of(&launch, user, 1),
            mint.session_of(&LaunchHash::from([2; 32]), user, 0),
            Mint::new(b"another").session_of(&launch, user, 0),
        ] {
            assert_ne!(other, first);
        }
    }

    #[test]
    fn an_access_token_reads_back_until_it_expires() {
        let mint = Mint::new(b"secret");
        let token = mint.access(&session(), NOW);
        assert_eq!(mint.read_access(&token, NOW), Some(session()));
        assert_eq!(mint.read_access(&token, NOW.plus(Duration::from_secs(899))), Some(session()));
        assert_eq!(mint.read_access(&token, NOW.plus(ACCESS_FOR)), None);
        assert_eq!(Mint::new(b"another").read_access(&token, NOW), None);
    }

    #[test]
    fn a_refresh_token_reads_back_and_nothing_like_it_does() {
        let mint = Mint::new(b"secret");
        let token = mint.refresh(&session(), 12);
        assert_eq!(mint.read_refresh(&token), Some((session(), 12)));
        assert_eq!(Mint::new(b"another").read_refresh(&token), None);
        let other = mint.refresh(&session(), 13);
        let (signed, _) = token.rsplit_once('.').unwrap();
        let (_, mac) = other.rsplit_once('.').unwrap();
        for forged in
            [format!("{signed}.{mac}"), format!("{signed}."), signed.into(), format!("{token}A"), "..".into()]
        {
            assert_eq!(mint.read_refresh(&forged), None, "{forged}");
        }
    }
}
