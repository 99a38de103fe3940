//! Posters, from this origin: phones speak to nobody else.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use sovpalo_domain::{ids::TitleId, title::Title};
use sovpalo_tmdb::TmdbId;

use crate::{
    App,
    extract::{Name, Names},
    posters::{NoPoster, Poster},
    problem::{AnyProblem, Refused},
};

/// The poster of a catalogue title.
#[utoipa::path(get, path = "/api/posters/{id}", operation_id = "show_poster", tag = "titles", security(()),
    params(("id" = String, Path, description = "The title's id")),
    responses((status = 200, description = "The image", content_type = "image/*", body = Vec<u8>), AnyProblem))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Name(id): Name,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let id = TitleId::new(&id).map_err(|_| Refused::NotFound)?;
    let catalogue = app.titles.current();
    let title = catalogue.get(&id).ok_or(Refused::NotFound)?;
    let address = catalogue.poster_of(&title).ok_or(Refused::NotFound)?;
    answer(find(&app, &address, is_of_tmdb(&title)).await, &headers)
}

/// A poster of TMDB, in one of a few widths. Without a token for TMDB only those that were fetched before.
#[utoipa::path(get, path = "/api/posters/tmdb/{size}/{name}", operation_id = "show_tmdb_poster", tag = "titles", security(()),
    params(("size" = String, Path, description = "`w92`, `w185`, `w342` or `w500`: the width in pixels"),
        ("name" = String, Path, description = "The image's name at TMDB")),
    responses((status = 200, description = "The image", content_type = "image/*", body = Vec<u8>), AnyProblem))]
pub(crate) async fn show_image(
    State(app): State<Arc<App>>,
    Names(size, name): Names,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let address = sovpalo_tmdb::image_address(None, &size, &name).ok_or(Refused::NotFound)?;
    answer(find(&app, &address, true).await, &headers)
}

/// Whether a title's poster is TMDB's: a title of TMDB has one of its own, any other only if it was imported with it.
fn is_of_tmdb(title: &Title) -> bool {
    title.poster.is_none() || TmdbId::from_title(&title.id).is_some()
}

/// The poster at an address. Without a token for TMDB one of TMDB's is not fetched.
async fn find(app: &App, address: &str, is_of_tmdb: bool) -> Result<Poster, NoPoster> {
    if is_of_tmdb && app.tmdb.is_none() {
        app.posters.get_kept(address).await
    } else {
        app.posters.get(address).await
    }
}

fn answer(found: Result<Poster, NoPoster>, asked: &HeaderMap) -> Result<Response, Refused> {
    let poster = found.map_err(|none| match none {
        NoPoster::NotThere => Refused::NotFound,
        NoPoster::Busy => Refused::Unavailable,
    })?;
    let etag = poster.etag();
    let is_known = has(asked, &etag);
    let headers = [
        (header::CONTENT_TYPE, poster.kind.mime().to_owned()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::ETAG, etag),
        // Only ever an image, whoever made it.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok(if is_known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, poster.bytes).into_response()
    })
}

/// Whether the browser has it already (RFC 9110, 13.1.2).
fn has(asked: &HeaderMap, etag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

#[cfg(test)]
mod tests {
    use sovpalo_catalogue::Catalogue;

    use super::*;

    #[test]
    fn only_the_poster_that_a_title_was_imported_with_is_not_of_tmdb() {
        let catalogue = Catalogue::builtin();
        let built_in = Title::clone(catalogue.titles().next().unwrap());
        let with_poster = Title { poster: Some("https://example.com/p.jpg".to_owned()), ..built_in.clone() };
        let of_tmdb = Title { id: TitleId::new("tmdb-movie-603").unwrap(), ..with_poster.clone() };
        assert_eq!([built_in, with_poster, of_tmdb].map(|title| is_of_tmdb(&title)), [true, false, true]);
    }
}
