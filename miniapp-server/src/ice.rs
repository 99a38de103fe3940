//! Servers that help two phones to reach each other: STUN, which says what a phone's address looks like from outside, and TURN, which passes on
//! what they send where nothing else works.
//!
//! TURN's credentials are made as coturn's `use-auth-secret` wants them (draft-uberti-behave-turn-rest): the name says until when they count
//! and for whom they are, the password proves that we said so. The secret itself reaches nobody.

#[cfg(test)]
mod tests;

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sovpalo_domain::ids::{Timestamp, UserId};

use crate::wire::{IceServer, IceServers};

/// Credentials for TURN are good for so long. A phone in a call asks for new ones before that; with old ones TURN refuses.
pub(crate) const CREDENTIALS_LAST: Duration = Duration::from_secs(3600);

/// Which servers there are.
#[derive(Debug, Clone, Default)]
pub struct IceConfig {
    /// STUN, like `stun:host:port`.
    pub stun: Vec<String>,
    /// TURN, if there is one.
    pub turn: Option<Turn>,
}

/// A TURN server with a secret that it shares with us.
#[derive(Clone)]
pub struct Turn {
    /// Its addresses, like `turn:host:port?transport=udp` or `turns:host:443`.
    pub urls: Vec<String>,
    /// What credentials are signed with.
    pub secret: String,
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").field("urls", &self.urls).finish_non_exhaustive()
    }
}

impl IceConfig {
    /// The servers for one person from now on.
    pub(crate) fn servers_for(&self, user: UserId, now: Timestamp) -> IceServers {
        let stun = IceServer { urls: self.stun.clone(), username: None, credential: None };
        let turn = self.turn.as_ref().map(|turn| turn.server_for(user, now));
        let ice_servers = Some(stun).filter(|stun| !stun.urls.is_empty()).into_iter().chain(turn).collect();
        IceServers { ice_servers, expires_in: CREDENTIALS_LAST.as_secs() }
    }
}

impl Turn {
    fn server_for(&self, user: UserId, now: Timestamp) -> IceServer {
        let username = format!("{}:{user}", now.plus(CREDENTIALS_LAST).millis() / 1000);
        let mut mac = Hmac::<Sha1>::new_from_slice(self.secret.as_bytes())
            .unwrap_or_else(|_| unreachable!("any length is a key"));
        mac.update(username.as_bytes());
        let credential = STANDARD.encode(mac.finalize().into_bytes());
        IceServer { urls: self.urls.clone(), username: Some(username), credential: Some(credential) }
    }
}
