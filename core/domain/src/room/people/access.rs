//! Who gets into a room, and who may control what is shown in it.
//!
//! A password is here as a hash that means nothing to these rules: whoever takes a join from a phone proves the password against the hash
//! first, with all the time that takes, and then says which hash that was. If the host has changed the password meanwhile it is another hash, and the
//! join is refused. So a judgement stays quick and pure.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::room::{Invalid, settings::MAX_MEMBERS};

/// A room that has to be for somebody else as well is for at least so many people.
pub const MIN_CAPACITY: u16 = 2;

/// A password as it is kept: what it was hashed to, with all that is needed to try one against it. Nothing prints it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// What a password was hashed to.
    pub fn new(hash: String) -> Self {
        Self(hash)
    }

    /// The hash, to verify a password against.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Who may control what is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    /// The host.
    Host,
    /// The host and the moderators.
    Moderators,
    /// Everybody who is in the room.
    #[default]
    Everyone,
}

/// Who gets into a room, and who may control what is shown in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Whether it is among the rooms that anybody can find.
    pub listed: bool,
    /// What somebody has to know who is no member.
    pub password: Option<PasswordHash>,
    /// How many people may be in it at once ([`MIN_CAPACITY`] to [`MAX_MEMBERS`]). Who is in stays in, also if they are more.
    pub capacity: u16,
    pub control: Control,
}

impl Default for Access {
    fn default() -> Self {
        let capacity = u16::try_from(MAX_MEMBERS).unwrap_or(u16::MAX);
        Self { listed: false, password: None, capacity, control: Control::default() }
    }
}

impl Access {
    /// This access with a change made.
    #[must_use]
    pub fn with(&self, change: &AccessChange) -> Self {
        Self {
            listed: change.listed.unwrap_or(self.listed),
            password: change.password.clone().unwrap_or_else(|| self.password.clone()),
            capacity: change.capacity.unwrap_or(self.capacity),
            control: change.control.unwrap_or(self.control),
        }
    }

    /// Checks every bound.
    pub fn check(&self) -> Result<(), Invalid> {
        let fine = self.capacity >= MIN_CAPACITY && usize::from(self.capacity) <= MAX_MEMBERS;
        if fine { Ok(()) } else { Err(Invalid::new("access", "capacity is 2 to 100")) }
    }

    pub(super) fn weight(&self) -> usize {
        self.password.as_ref().map_or(0, |hash| hash.0.len())
    }
}

/// What a host changes of it; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessChange {
    pub listed: Option<bool>,
    /// Another password, or none.
    pub password: Option<Option<PasswordHash>>,
    pub capacity: Option<u16>,
    pub control: Option<Control>,
}

impl AccessChange {
    /// Whether everything stays as it is.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What makes one access the other.
    pub(super) fn between(before: &Access, after: &Access) -> Self {
        Self {
            listed: (before.listed != after.listed).then_some(after.listed),
            password: (before.password != after.password).then(|| after.password.clone()),
            capacity: (before.capacity != after.capacity).then_some(after.capacity),
            control: (before.control != after.control).then_some(after.control),
        }
    }
}

/// What somebody shows who joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// Nothing.
    None,
    /// That they know the password which has this hash.
    Password(PasswordHash),
    /// That they were let in before, and the log lost it. Said by recovery only.
    WasIn,
}
