//! The HTTP side of the contract, for machines.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use http::{HeaderMap, HeaderValue, Method};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::{App, Problem, wire};

/// What the description says beside the routes, which describe themselves.
#[derive(OpenApi)]
#[openapi(
    info(title = "Sovpalo", description = "Decide together what to watch, inside Telegram."),
    components(schemas(Problem, wire::SocketServerFrame, wire::SocketClientFrame)),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
pub(crate) struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", tag = "operations", security(()),
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object)))]
pub(crate) async fn show(State(app): State<Arc<App>>, method: Method, headers: HeaderMap) -> Response {
    app.description.answer(&method, &headers, HeaderValue::from_static("application/json"))
}
