//! How tokens are made and read. Nothing here asks a store: what we did not make is turned away before that.
//!
//! An access token is a JWT (RFC 7519), signed with HS256 (RFC 7518, 3.2): always, and under one header, whatever a token says of itself.
//! A refresh token is `<session>.<generation>.<mac>`, opaque to whoever holds it. The
//! generation says which of a session's refresh tokens it is; the MAC, under a key of its own, that we made it. So no token
//! is stored, not even as a hash, and one that is newer than what a store remembers is known to be ours.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sovpalo_domain::ids::{Timestamp, UserId};
use sovpalo_storage::SessionId;

use crate::init_data::LaunchHash;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    sid: String,
    exp: i64,
    iat: i64,
}

/// `{"typ":"JWT","alg":"HS256"}`: the only header that an access token of ours has.
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";
/// How long an access token is good.
pub(crate) const ACCESS_FOR: Duration = Duration::from_secs(15 * 60);
/// An access token is shorter than this, in bytes. A longer one is refused before it is looked at.
pub(crate) const LONGEST_TOKEN: usize = 1024;

/// What tokens are made with; the same on every node.
pub(super) struct Mint {
    signing: Hmac<Sha256>,
    refreshing: Hmac<Sha256>,
    launching: Hmac<Sha256>,
}

impl Mint {
    pub(super) fn new(secret: &[u8]) -> Self {
        // Keys of their own, so that nothing signed for one purpose is good for the other.
        let key = |purpose: &[u8]| keyed(&keyed(secret).chain_update(purpose).finalize().into_bytes());
        Self {
            signing: keyed(secret),
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
        let claims = serde_json::to_vec(&claims).unwrap_or_else(|_| unreachable!("strings and numbers"));
        let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(claims));
        let signature = self.signing.clone().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whose access token this is, if it is ours and has not expired.
    pub(super) fn read_access(&self, token: &str, now: Timestamp) -> Option<SessionId> {
        if token.len() >= LONGEST_TOKEN {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let claims = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
        // In constant time; nothing is read before it holds.
        self.signing
            .clone()
            .chain_update(signed)
            .verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        if claims.exp.saturating_mul(1000) <= now.millis() {
            return None;
        }
        let session: SessionId = claims.sid.parse().ok()?;
        (claims.sub == session.user().to_string()).then_some(session)
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

    /// A token as anybody may write one.
    fn written(secret: &[u8], header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = keyed(secret).chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    const JWT: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

    fn claims(user: i64, exp: i64) -> String {
        format!(
            r#"{{"sub":"{user}","sid":"7-000000000000000000000000000000ab","exp":{exp},"iat":1790000000}}"#
        )
    }

    #[test]
    fn a_token_of_the_version_before_is_good_and_ours_are_the_same() {
        // As `jsonwebtoken` 11 made it, under the key "secret".
        let before = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.\
                      eyJzdWIiOiI3Iiwic2lkIjoiNy0wMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDBhYiIsImV4cCI6MTc5MDAwMDkwMCwiaWF0IjoxNzkwMDAwMDAwfQ.\
                      e7YDe5IVaVTaW4QSoM4OWDafAE5-fGZS8J5X6pr2A74";
        assert_eq!(Mint::new(b"secret").access(&session(), NOW), before);
        assert_eq!(Mint::new(b"secret").read_access(before, NOW), Some(session()));
    }

    #[test]
    fn nothing_but_our_header_and_our_claims_under_our_key_is_a_token() {
        let mint = Mint::new(b"secret");
        let good = claims(7, 1_790_000_900);
        assert_eq!(mint.read_access(&written(b"secret", JWT, &good), NOW), Some(session()), "the yardstick");
        let other_headers = [
            "{}",
            "null",
            "",
            r#"{"alg":"HS256","typ":"JWT"}"#,
            r#"{"typ":"JWT","alg":"none"}"#,
            r#"{"typ":"JWT","alg":"None"}"#,
            r#"{"typ":"JWT","alg":"hs256"}"#,
            r#"{"typ":"JWT","alg":"HS384"}"#,
            r#"{"typ":"JWT","alg":"HS512"}"#,
            r#"{"typ":"JWT","alg":"RS256"}"#,
            r#"{"typ":"JWT","alg":"ES256"}"#,
            r#"{"typ":"JWT","alg":"EdDSA"}"#,
            r#"{"typ":"JWT","alg":"HS256","kid":"../../dev/null"}"#,
            r#"{"typ":"JWT","alg":"HS256","jwk":{"kty":"oct","k":"c2VjcmV0"}}"#,
            r#"{"typ":"JWT","alg":"HS256","crit":["exp"]}"#,
            r#" {"typ":"JWT","alg":"HS256"}"#,
        ];
        for header in other_headers {
            assert_eq!(mint.read_access(&written(b"secret", header, &good), NOW), None, "{header}");
        }
        let other_claims = [
            claims(8, 1_790_000_900),
            claims(7, 1_790_000_000),
            claims(7, i64::MIN),
            good.replace("ab\"", "AB\""),
            good.replace("1790000900", "\"1790000900\""),
            good.replace("1790000900", "1790000900.5"),
            good.replace("1790000900", "null"),
            good.replace("\"exp\":1790000900,", ""),
            good.replace("\"sub\":\"7\",", ""),
            good.replace('}', ",\"exp\":9999999999}"),
            format!("{good} {{}}"),
            format!("[{good}]"),
            String::new(),
        ];
        for claims in other_claims {
            assert_eq!(mint.read_access(&written(b"secret", JWT, &claims), NOW), None, "{claims}");
        }
        for key in [&b""[..], b"Secret", b"secret ", b"another", &[0; 64]] {
            assert_eq!(mint.read_access(&written(key, JWT, &good), NOW), None, "{key:?}");
        }
        let (token, refresh) = (mint.access(&session(), NOW), mint.refresh(&session(), 0));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let shapes = [
            signed.to_owned(),
            format!("{signed}."),
            format!("{token}="),
            format!("{token}."),
            format!(".{token}"),
            format!(" {token}"),
            format!("{signed}.{signature}.{signature}"),
            format!("{signed}.{}", &signature[..42]),
            token.to_uppercase(),
            "..".into(),
            ".".repeat(100_000),
            refresh,
        ];
        for shape in shapes {
            assert_eq!(mint.read_access(&shape, NOW), None, "{shape}");
        }
        // 32 bytes leave two bits of the last letter unused: they are nothing, or the text is not ours.
        let (last, before) = (signature.chars().last().unwrap(), &token[..token.len() - 1]);
        let alphabet = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['-', '_']);
        for letter in alphabet.filter(|letter| *letter != last) {
            assert_eq!(mint.read_access(&format!("{before}{letter}"), NOW), None, "…{letter}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_changed_in_a_token_makes_it_none(
            user in 1_i64..(1 << 52), bits: u128, place: proptest::sample::Index, flip in 1_u8..=127
        ) {
            let mint = Mint::new(b"secret");
            let session = SessionId::from_bits(UserId::new(user).unwrap(), bits);
            let token = mint.access(&session, NOW);
            proptest::prop_assert!(token.len() < LONGEST_TOKEN);
            proptest::prop_assert_eq!(mint.read_access(&token, NOW), Some(session));
            let mut changed = token.into_bytes();
            let place = place.index(changed.len());
            changed[place] ^= flip;
            let changed = String::from_utf8_lossy(&changed).into_owned();
            proptest::prop_assert_eq!(mint.read_access(&changed, NOW), None);
        }

        #[test]
        fn no_text_is_a_token(text in ".{0,200}") {
            proptest::prop_assert_eq!(Mint::new(b"secret").read_access(&text, NOW), None);
        }
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
