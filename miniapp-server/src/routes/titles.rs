//! Finding titles.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use sovpalo_storage::titles::{Cursor, DEFAULT_LIMIT, MAX_LIMIT, Query, TitleKind};

use crate::{
    App,
    extract::{Caller, Params},
    problem::{AnyProblem, Refused},
    speak::Voice,
    wire::{Kind, TitlePage},
};

/// What is looked for. Everything may be left out: then the best known come first.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Search {
    /// A name or its beginning, in any of the languages, also mistyped.
    #[serde(default)]
    q: String,
    /// Only films, or only series.
    kind: Option<Kind>,
    /// Only of this genre, by its key.
    genre: Option<String>,
    /// Not from before this year.
    from_year: Option<u16>,
    /// Not from after this year.
    to_year: Option<u16>,
    /// Not longer than this, in minutes.
    max_runtime: Option<u16>,
    /// How many; at most 100.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// Find titles in the catalogue.
#[utoipa::path(get, path = "/api/titles", tag = "titles", params(Search),
    responses((status = 200, body = TitlePage), AnyProblem))]
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    Params(search): Params<Search>,
) -> Result<Json<TitlePage>, Refused> {
    let query = search.query()?;
    let catalogue = app.titles.current();
    let voice = Voice { catalogue: &catalogue, language: caller.language };
    let page = catalogue.search(&query);
    let items = page.items.iter().map(|title| voice.catalogue_title(title)).collect();
    Ok(Json(TitlePage { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

impl Search {
    fn query(self) -> Result<Query, Refused> {
        let kind = match self.kind {
            None => None,
            Some(Kind::Film) => Some(TitleKind::Film),
            Some(Kind::Series) => Some(TitleKind::Series),
            Some(Kind::Text) => return Err(Refused::invalid("kind", "is film or series")),
        };
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Refused::invalid("limit", format!("is 1 to {MAX_LIMIT}")));
        }
        let after: Option<Cursor> = self
            .cursor
            .map(|cursor| cursor.parse())
            .transpose()
            .map_err(|_| Refused::invalid("cursor", "is not one of this search's"))?;
        Ok(Query {
            text: self.q,
            kind,
            genre: self.genre,
            from_year: self.from_year,
            to_year: self.to_year,
            max_runtime: self.max_runtime,
            limit: Some(limit),
            after: after.unwrap_or_default(),
        })
    }
}
