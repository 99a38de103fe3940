//! One line in the log and two numbers per request.
//!
//! The line has the request's id, its method, the *template* of its address, the status and how long it took. The query, the
//! headers and the body are never logged: they carry tokens and launch data.

use std::{any::Any, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::HeaderValue;
use tracing::Instrument;

use crate::problem::Refused;

/// Sees a request through.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let id = format!("{:016x}", rand::random::<u64>());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, %method, route = route.as_str());
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status();
    span.in_scope(|| {
        let (status, ms) = (status.as_u16(), took.as_secs_f64() * 1000.0);
        // An outage is said once, by whoever finds it.
        if status >= 500 && status != 503 {
            tracing::warn!(status, ms, "answered");
        } else if route.starts_with("/api/") && route != "/api/health" {
            tracing::info!(status, ms, "answered");
        } else {
            tracing::debug!(status, ms, "answered");
        }
    });
    let labels = [("method", method.to_string()), ("route", route)];
    metrics::histogram!("sovpalo_http_seconds", &labels).record(took.as_secs_f64());
    let [method, route] = labels;
    let status = ("status", status.as_u16().to_string());
    metrics::counter!("sovpalo_http_requests_total", &[method, route, status]).increment(1);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
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
