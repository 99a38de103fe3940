//! Who gets into a room, and who may control what is shown in it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Who may control what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// The host.
    Host,
    /// The host and the moderators.
    Moderators,
    /// Everybody who is in the room.
    Everyone,
}

/// Who gets into a room, and who may control what is shown in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Access {
    /// Whether anybody can find it.
    pub listed: bool,
    /// Whether somebody who is no member has to know a password.
    pub password: bool,
    /// How many people may be in it at once. Who is in stays in.
    pub capacity: u16,
    /// Who may control what is shown.
    pub control: Control,
}

/// A password as it was typed. Nothing prints it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// What was typed, without the spaces around it, which slip in easily.
    pub(crate) fn typed(&self) -> &str {
        self.0.trim()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What a host changes of it; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessChange {
    /// Whether anybody can find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub listed: Option<bool>,
    /// 1 to 64 characters; `null`: none any more.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "also_null")]
    #[schema(value_type = Option<String>)]
    pub password: Option<Option<Password>>,
    /// 2 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub capacity: Option<u16>,
    /// Who may control what is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub control: Option<Control>,
}

impl AccessChange {
    /// The password that it sets.
    pub(crate) fn new_password(&self) -> Option<&Password> {
        self.password.as_ref().and_then(Option::as_ref)
    }
}

/// Tells `null` from absent.
#[expect(clippy::option_option, reason = "no password and no change of the password are two things")]
fn also_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Password>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The body of `POST /api/rooms/{code}/join`.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct JoinBody {
    /// What a room with a password asks of those who are no members.
    #[serde(default)]
    pub password: Option<Password>,
}

/// The body of `POST /api/rooms/{code}/report`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReportBody {
    /// What is wrong with it, in 1 to 500 characters that can be seen.
    pub reason: String,
}
