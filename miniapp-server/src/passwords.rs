//! Rooms' passwords: what they are hashed to, and whether one is the right one.
//!
//! Both take a while and much memory on purpose, so that stolen hashes are of no use. They are worked out away from the
//! threads that everybody else's work waits for, a few at once, so that many who knock cost the others nothing.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use sovpalo_domain::{ids::UserId, room::PasswordHash};
use tokio::sync::Semaphore;

use crate::{problem::Refused, wire::Password};

/// So many are worked out at once on a node, with 19 MiB each; others wait for their turn, for no longer than their request lasts.
pub(crate) const HASHES_AT_ONCE: usize = 2;

/// Works them out.
pub(crate) struct Passwords {
    at_once: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { at_once: Arc::new(Semaphore::new(HASHES_AT_ONCE)) }
    }
}

impl Passwords {
    /// Whether this is the password of that hash.
    pub(crate) async fn fits(&self, password: Password, hash: PasswordHash) -> Result<bool, Refused> {
        self.work_out(move || is_it(&password, &hash)).await
    }

    /// What a password is kept as. The one that is kept already stays as it is, so that saying it twice is saying it once.
    pub(crate) async fn kept_as(
        &self,
        password: Password,
        now: Option<PasswordHash>,
    ) -> Result<PasswordHash, Refused> {
        let kept = self.work_out(move || match now {
            Some(hash) if is_it(&password, &hash) => Some(hash),
            _ => hashed(&password),
        });
        kept.await?.ok_or(Refused::Internal)
    }

    async fn work_out<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        // It is never closed. It is given back when the work is done, also if nobody waits for it any more.
        let turn = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| Refused::Internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| Refused::Internal)
    }
}

fn is_it(password: &Password, hash: &PasswordHash) -> bool {
    phc::PasswordHash::new(hash.as_str())
        .is_ok_and(|hash| Argon2::default().verify_password(password.typed().as_bytes(), &hash).is_ok())
}

fn hashed(password: &Password) -> Option<PasswordHash> {
    let hash: phc::PasswordHash = Argon2::default().hash_password(password.typed().as_bytes()).ok()?;
    Some(PasswordHash::new(hash.to_string()))
}

/// Somebody says a password at a room's door.
pub(crate) struct Knock {
    pub(crate) user: UserId,
    pub(crate) ip: std::net::IpAddr,
    pub(crate) password: Password,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(typed: &str) -> Password {
        serde_json::from_value(typed.into()).unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_no_other() {
        let passwords = Passwords::default();
        let hash = passwords.kept_as(password("сезам"), None).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$"), "{}", hash.as_str());
        assert!(passwords.fits(password("сезам"), hash.clone()).await.unwrap());
        assert!(passwords.fits(password(" сезам "), hash.clone()).await.unwrap(), "a space slips in easily");
        assert!(!passwords.fits(password("Сезам"), hash.clone()).await.unwrap());
        let broken = PasswordHash::new("сезам".to_owned());
        assert!(!passwords.fits(password("сезам"), broken).await.unwrap(), "what is no hash is nobody's");
    }

    #[tokio::test]
    async fn the_same_password_said_again_is_kept_as_it_was_and_two_rooms_never_share_a_hash() {
        let passwords = Passwords::default();
        let hash = passwords.kept_as(password("сезам"), None).await.unwrap();
        let again = passwords.kept_as(password("сезам"), Some(hash.clone())).await.unwrap();
        assert_eq!(again, hash);
        assert_ne!(passwords.kept_as(password("сезам"), None).await.unwrap(), hash, "each has its own salt");
    }

    #[test]
    fn a_password_is_never_printed() {
        let secret = password("сезам");
        assert!(!format!("{secret:?}").contains("сезам"));
        let hash = hashed(&secret).unwrap();
        assert!(!format!("{hash:?}").contains("argon2"));
    }
}
