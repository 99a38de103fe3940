//! The curated decks.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use sovpalo_domain::ids::DeckId;

use crate::{
    App, deck,
    extract::{Caller, Name, Params},
    present::Presenter,
    problem::{AnyProblem, Refused},
    wire::{Deck, Surprise},
};

/// The curated decks, each with its first six titles.
#[utoipa::path(get, path = "/api/decks", operation_id = "list_decks", tag = "titles",
    responses((status = 200, body = [Deck]), AnyProblem))]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Json<Vec<Deck>> {
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    Json(catalogue.decks().iter().map(|deck| presenter.deck(deck)).collect())
}

/// One curated deck with all its titles.
#[utoipa::path(get, path = "/api/decks/{id}", operation_id = "show_deck", tag = "titles",
    params(("id" = String, Path)), responses((status = 200, body = Deck), AnyProblem))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Name(id): Name,
) -> Result<Json<Deck>, Refused> {
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    let deck = DeckId::new(&id).ok().and_then(|id| catalogue.deck(&id)).ok_or(Refused::NotFound)?;
    Ok(Json(presenter.whole_deck(deck)))
}

/// By what a surprise is drawn.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Seed {
    /// Any number: another one is another surprise.
    seed: u32,
}

/// A deck by chance, which fits enough titles for an evening. Nothing is configured by it.
#[utoipa::path(get, path = "/api/decks/surprise", operation_id = "surprise", tag = "titles", params(Seed),
    responses((status = 200, body = Surprise), AnyProblem))]
pub(crate) async fn surprise(
    State(app): State<Arc<App>>,
    _: Caller,
    Params(Seed { seed }): Params<Seed>,
) -> Json<Surprise> {
    let (filter, count) = app.titles.current().surprise(u64::from(seed));
    Json(Surprise { deck: deck::shown_filter(&filter), count })
}
