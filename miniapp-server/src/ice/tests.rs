//! Credentials for TURN, also against a real coturn.

#[cfg(unix)]
mod coturn;

use std::time::SystemTime;

use super::*;

const SECRET: &str = "a secret that only this test and its coturn know";

fn turn(secret: &str) -> Turn {
    Turn { urls: vec!["turn:turn.example:3478".into()], secret: secret.into() }
}

fn user() -> UserId {
    UserId::new(42).unwrap()
}

fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(now.as_millis()).unwrap())
}

#[test]
fn credentials_are_those_of_the_draft() {
    let server = turn("north").server_for(user(), Timestamp::from_millis(1_433_895_918_506));
    assert_eq!(server.username.as_deref(), Some("1433899518:42"), "an hour later, in seconds");
    // printf 1433899518:42 | openssl dgst -sha1 -hmac north -binary | base64
    assert_eq!(server.credential.as_deref(), Some("L5xSHM6Zo0K+Sq+qXp4c8To7Y2U="));
}

#[test]
fn without_servers_there_are_none_and_the_secret_is_never_shown() {
    assert_eq!(IceConfig::default().servers_for(user(), now()).ice_servers, []);
    let ice = IceConfig { stun: vec!["stun:stun.example".into()], turn: Some(turn(SECRET)) };
    assert!(!format!("{ice:?}").contains("secret"), "{ice:?}");
    assert_eq!(ice.servers_for(user(), now()).ice_servers.len(), 2);
}
