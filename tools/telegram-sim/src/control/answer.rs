//! What the test API answers: JSON, or why a call is refused.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::world::saying::Cannot;

/// A refused call of the test API: `{"error": "…"}`.
pub(super) struct Problem(StatusCode, String);

impl Problem {
    pub(super) fn bad(what: impl std::fmt::Display) -> Self {
        Self(StatusCode::BAD_REQUEST, what.to_string())
    }

    pub(super) fn missing(what: impl std::fmt::Display) -> Self {
        Self(StatusCode::NOT_FOUND, what.to_string())
    }
}

impl From<Cannot> for Problem {
    fn from(why: Cannot) -> Self {
        let status = match why {
            Cannot::NoSuchUser
            | Cannot::NoSuchChat
            | Cannot::NoSuchMessage
            | Cannot::NoSuchButton
            | Cannot::NoSuchResult => StatusCode::NOT_FOUND,
            Cannot::NotAMember => StatusCode::FORBIDDEN,
            Cannot::BotSilent => StatusCode::GATEWAY_TIMEOUT,
            Cannot::Empty | Cannot::TooLong | Cannot::Migrated | Cannot::Other(_) => StatusCode::BAD_REQUEST,
        };
        Self(status, why.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

/// What a call of the test API comes to.
pub(super) type Answer = Result<Json<serde_json::Value>, Problem>;
