//! The curated decks.

use std::sync::Arc;

use axum::{Json, extract::State};
use sovpalo_domain::ids::DeckId;

use crate::{
    App,
    extract::{Caller, Name},
    present::Presenter,
    problem::{AnyProblem, Refused},
    wire::Deck,
};

/// The curated decks, each with its first six titles.
#[utoipa::path(get, path = "/api/decks", operation_id = "list_decks", tag = "titles",
    responses((status = 200, body = [Deck]), AnyProblem))]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Json<Vec<Deck>> {
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, language: caller.language };
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
    let presenter = Presenter { catalogue: &catalogue, language: caller.language };
    let deck = DeckId::new(&id).ok().and_then(|id| catalogue.deck(&id)).ok_or(Refused::NotFound)?;
    Ok(Json(presenter.whole_deck(deck)))
}
