//! One line in the log and two numbers per request.
//!
//! The line has the request's id, its method, the *template* of its address, the status and how long it took. The query, the
//! headers and the body are never logged: they carry tokens and launch data. Nothing that a client makes up becomes a label or a field:
//! methods and routes are words of ours. In a flood one line in a hundred is written, and says how many it stands for.

use std::{any::Any, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode};
use sovpalo_storage::measure::{self, Label};
use tracing::{Instrument, Span};

use crate::{
    problem::Refused,
    refusals::{self, Reason, Sampler},
};

/// Lines a second about requests that were done. Beyond it one in a hundred is written.
pub(crate) const LINES: u64 = 100;
/// Lines a second about requests that were refused. Beyond it one in a hundred is written.
pub(crate) const REFUSED_LINES: u64 = 10;
/// Lines a second about requests that failed on our side. Beyond it one in a hundred is written.
pub(crate) const FAILED_LINES: u64 = 10;

/// Sees a request through.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let id = format!("{:016x}", rand::random::<u64>());
    let method = word(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let template = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", id, method, route = template);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let seconds = began.elapsed().as_secs_f64();
    let status = response.status();
    write_line(&span, template, status, seconds);
    let (method, route) = (("method", Label::word(method)), ("route", Label::route(template)));
    measure::seconds("sovpalo_http_seconds", [method.clone(), route.clone()], seconds);
    let code = ("status", Label::number(status.as_u16()));
    measure::count("sovpalo_http_requests_total", [method, route, code]);
    if status == StatusCode::TOO_MANY_REQUESTS {
        refusals::count(Reason::Limit);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// A method as one of our words.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn write_line(span: &Span, route: &str, status: StatusCode, seconds: f64) {
    static DONE: Sampler = Sampler::freely(LINES);
    static REFUSED: Sampler = Sampler::freely(REFUSED_LINES);
    static FAILED: Sampler = Sampler::freely(FAILED_LINES);
    let (code, ms) = (status.as_u16(), seconds * 1000.0);
    span.in_scope(|| {
        // An outage is said once, by whoever finds it. What is over a limit is counted, and written now and then, as a refusal.
        if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
            if let Some(left_out) = FAILED.due() {
                tracing::warn!(status = code, ms, left_out, "answered");
            }
        } else if !route.starts_with("/api/")
            || route == "/api/health"
            || status == StatusCode::TOO_MANY_REQUESTS
        {
            tracing::debug!(status = code, ms, "answered");
        } else {
            let lines = if status.is_client_error() { &REFUSED } else { &DONE };
            if let Some(left_out) = lines.due() {
                tracing::info!(status = code, ms, left_out, "answered");
            }
        }
    });
}

/// A handler panicked: a bug, which the client hears nothing of but that it is ours.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over what it caught")]
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("something that is no text");
    tracing::error!(panic = said, "a handler panicked");
    Refused::Internal.into_response()
}
