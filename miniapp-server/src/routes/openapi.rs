//! The contract for machines: what is asked by HTTP, and the socket's frames in both directions. The Mini App's types are made from it.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use http::{HeaderMap, HeaderValue, Method};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ObjectBuilder, Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{App, Problem, wire};

/// What the description says beside the routes, which describe themselves.
#[derive(OpenApi)]
#[openapi(
    info(title = "Sovpalo", description = "Decide together what to watch, inside Telegram."),
    components(schemas(Problem, wire::SocketServerFrame, wire::SocketClientFrame)),
    modifiers(&Bearer, &OurClients),
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

/// How long our own clients wait and how often they ask: each number as a shape with one value, so that a client whose own number is
/// another does not compile.
struct OurClients;

impl Modify for OurClients {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let numbers = [
            (
                "ClientPatienceMs",
                wire::CLIENT_PATIENCE_MS,
                "So long a client of ours waits for an answer, in milliseconds, before it asks again.",
            ),
            (
                "ClientAttempts",
                u64::from(wire::CLIENT_ATTEMPTS),
                "So many times a client of ours asks for something whose answer it did not get.",
            ),
        ];
        let components = openapi.components.get_or_insert_default();
        for (name, number, description) in numbers {
            let only = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([number]));
            components.schemas.insert(name.to_owned(), only.description(Some(description)).into());
        }
    }
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", operation_id = "show_description", tag = "operations",
    security(()), responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object)))]
pub(crate) async fn show(State(app): State<Arc<App>>, method: Method, headers: HeaderMap) -> Response {
    app.description.answer(&method, &headers, HeaderValue::from_static("application/json"))
}
