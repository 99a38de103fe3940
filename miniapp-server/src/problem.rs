//! Every "no" that a client can get over HTTP: one enum, one stable `code` each, always
//! `application/problem+json` (RFC 9457).
//!
//! Causes are logged where they are handled and never reach a client.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use sovpalo_domain::{
    room::{Invalid, Refusal},
    talk::TalkRefusal,
};
use sovpalo_live::{hot::HotError, rooms::RoomError};
use sovpalo_storage::{DbError, TalkError};
use utoipa::ToSchema;

use crate::sessions::SessionError;

/// Why a request is not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("the launch data was not signed by Telegram for this bot")]
    InitDataInvalid,
    #[error("the launch data is too old: open the app again by a link or a button in Telegram")]
    InitDataExpired,
    #[error(
        "its owner signed out with this launch data: open the app again by a link or a button in Telegram"
    )]
    InitDataSpent,
    #[error("Telegram dated the launch data in the future: the server's clock is behind Telegram's")]
    ClockDiffers,
    #[error("a valid access token is needed")]
    Unauthenticated,
    #[error("the refresh token is spent, expired or revoked")]
    RefreshInvalid,
    #[error("there is no such room")]
    RoomNotFound,
    #[error("there is nothing at this address")]
    NotFound,
    #[error("this address does not take this method")]
    MethodNotAllowed,
    #[error(
        "this is no WebSocket upgrade: whatever stands between must pass on the headers Upgrade and Connection"
    )]
    UpgradeRequired,
    #[error("a newer connection of the same device is open: what was asked for here is not done")]
    Fenced,
    #[error("this room is not open on this socket")]
    NotOpen,
    #[error("this address is of an earlier version: load the page again")]
    Reload,
    #[error("restarting, come back in 0-{} ms", spread.as_millis())]
    Restarting { spread: Duration },
    #[error("eight members are in the voice chat: there is no place for another")]
    VoiceFull,
    #[error("{0}")]
    Room(Refusal),
    #[error("{0}")]
    Talk(TalkRefusal),
    #[error("{}", Refusal::Invalid(.0.clone()))]
    Invalid(Vec<Invalid>),
    #[error("too many requests")]
    TooMany { retry_after: Duration },
    #[error("the body is larger than 64 KB")]
    TooLarge,
    #[error("the file is larger than 2 MB")]
    FileTooLarge,
    #[error("the body did not arrive in time")]
    TooSlow,
    #[error("this cannot be answered right now: try again")]
    Unavailable,
    #[error("something went wrong on our side")]
    Internal,
}

impl Refused {
    /// One invalid field.
    pub(crate) fn invalid(field: &'static str, reason: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        Self::Invalid(vec![Invalid::new(field, reason)])
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::InitDataInvalid => "init_data_invalid",
            Self::InitDataExpired => "init_data_expired",
            Self::InitDataSpent => "init_data_spent",
            Self::ClockDiffers => "clock_differs",
            Self::Unauthenticated => "unauthenticated",
            Self::RefreshInvalid => "refresh_invalid",
            Self::RoomNotFound => "room_not_found",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UpgradeRequired => "upgrade_required",
            Self::Fenced => "fenced",
            Self::NotOpen => "not_open",
            Self::Reload => "reload",
            Self::VoiceFull => "room_full",
            Self::Room(refusal) => refusal.code(),
            Self::Talk(refusal) => refusal.code(),
            Self::Invalid(_) => "invalid",
            Self::TooMany { .. } => "too_many",
            Self::TooLarge | Self::FileTooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Unavailable | Self::Restarting { .. } => "unavailable",
            Self::Internal => "internal",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::InitDataInvalid
            | Self::InitDataExpired
            | Self::InitDataSpent
            | Self::ClockDiffers
            | Self::Unauthenticated
            | Self::RefreshInvalid => StatusCode::UNAUTHORIZED,
            Self::Room(
                Refusal::NotAMember | Refusal::NotHost | Refusal::NotAllowed | Refusal::WrongPassword,
            )
            | Self::Talk(TalkRefusal::NotAllowed) => StatusCode::FORBIDDEN,
            Self::RoomNotFound | Self::NotFound | Self::Talk(TalkRefusal::MessageNotFound) => {
                StatusCode::NOT_FOUND
            }
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::Fenced
            | Self::NotOpen
            | Self::VoiceFull
            | Self::Room(Refusal::RoomFull | Refusal::WornOut | Refusal::WrongPhase) => StatusCode::CONFLICT,
            Self::Room(Refusal::Invalid(_)) | Self::Talk(TalkRefusal::Invalid(_)) | Self::Invalid(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Reload => StatusCode::GONE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge | Self::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unavailable | Self::Restarting { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// When to ask again, in seconds.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            // Rounded up: who comes back then is let in.
            Self::TooMany { retry_after } => {
                Some((retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0)).max(1))
            }
            Self::Unavailable | Self::Restarting { .. } => Some(1),
            _ => None,
        }
    }

    fn fields(&self) -> Vec<FieldProblem> {
        let errors = match self {
            Self::Invalid(errors) | Self::Room(Refusal::Invalid(errors)) => errors.as_slice(),
            Self::Talk(TalkRefusal::Invalid(error)) => std::slice::from_ref(error),
            _ => return Vec::new(),
        };
        errors.iter().map(|e| FieldProblem { field: e.field.into(), reason: e.reason.to_string() }).collect()
    }

    fn problem(&self) -> Problem {
        let status = self.status();
        Problem {
            // RFC 9457, 4.2.1: "about:blank" says that the title is the status's own phrase; `code` tells more.
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            code: self.code().into(),
            detail: self.to_string(),
            errors: self.fields(),
        }
    }
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened; stable, for programs.
    pub code: String,
    /// What happened, for a developer to read.
    pub detail: String,
    /// With `invalid`: every field that cannot be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// A field that cannot be.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Its name in the body, the query or the command.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        match &self {
            Self::UpgradeRequired => {
                // RFC 9110, 15.5.22: it has to say which protocol is wanted.
                headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            }
            Self::Unauthenticated => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Room(refusal)
    }
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(vec![invalid])
    }
}

impl From<TalkError> for Refused {
    fn from(error: TalkError) -> Self {
        match error {
            TalkError::Refused(refusal) => Self::Talk(refusal),
            TalkError::Db(error) => error.into(),
        }
    }
}

impl From<RoomError> for Refused {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::NotFound => Self::RoomNotFound,
            RoomError::Refused(refusal) => refusal.into(),
            RoomError::Fenced => Self::Fenced,
            // The deadline (`?until=`) has passed: the client has stopped waiting.
            RoomError::TooLate => Self::Unavailable,
            RoomError::Hot(error) => error.into(),
            RoomError::Db(error) => error.into(),
        }
    }
}

/// An outage is said once, by whoever finds it: many requests meet it. So is a room that cannot be read: where another node may
/// understand it, coming back helps.
impl From<HotError> for Refused {
    fn from(error: HotError) -> Self {
        tracing::debug!(%error, "the hot layer did not answer");
        Self::Unavailable
    }
}

/// The same.
impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        tracing::debug!(%error, "the database did not answer");
        Self::Unavailable
    }
}

impl From<SessionError> for Refused {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Invalid => Self::Unauthenticated,
            SessionError::LaunchSpent => Self::InitDataSpent,
            SessionError::Hot(error) => error.into(),
            SessionError::Db(error) => error.into(),
        }
    }
}

/// Says of an address that it may answer with a [`Problem`].
pub(crate) struct AnyProblem;

impl utoipa::IntoResponses for AnyProblem {
    fn responses()
    -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::response::Response>> {
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description("Any error")
            .content("application/problem+json", content)
            .build();
        [("default".to_owned(), response.into())].into()
    }
}
