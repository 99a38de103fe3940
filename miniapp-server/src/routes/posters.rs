//! Posters, from this origin: phones speak to nobody else.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use sovpalo_domain::ids::TitleId;

use crate::{
    App,
    extract::Name,
    posters::NoPoster,
    problem::{AnyProblem, Refused},
};

/// The poster of a catalogue title.
#[utoipa::path(get, path = "/api/posters/{id}", operation_id = "show_poster", tag = "titles", security(()),
    params(("id" = String, Path, description = "The title's id")),
    responses((status = 200, description = "The image", content_type = "image/*", body = Vec<u8>), AnyProblem))]
pub(crate) async fn show(State(app): State<Arc<App>>, Name(id): Name) -> Result<Response, Refused> {
    let id = TitleId::new(&id).map_err(|_| Refused::NotFound)?;
    let address = app.titles.current().get(&id).and_then(|title| title.poster.clone());
    let address = address.ok_or(Refused::NotFound)?;
    let poster = app.posters.get(&address).await.map_err(|none| match none {
        NoPoster::NotThere => Refused::NotFound,
        NoPoster::Busy => Refused::Unavailable,
    })?;
    let headers = [
        (header::CONTENT_TYPE, poster.kind.mime()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        // Only ever an image, whoever made it.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, poster.bytes).into_response())
}
