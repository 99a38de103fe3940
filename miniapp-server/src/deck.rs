//! The deck that a host takes: what its filter means, and which titles a round starts with.
//!
//! Looking through all titles may take milliseconds, and nothing here holds a room meanwhile.

use std::collections::BTreeSet;

use sovpalo_catalogue::Catalogue;
use sovpalo_domain::{
    ids::{DeckId, TitleId},
    room::{DeckChoice, DeckSource, Drawing, Invalid},
    title::{Filter, FilterFields, TitleKind},
};

use crate::wire;

/// The deck that somebody asks for, or what is invalid in it. One of no titles is refused before: see [`App::refuse_an_empty_deck`](crate::App::refuse_an_empty_deck).
pub(crate) fn choice(catalogue: &Catalogue, wanted: wire::DeckChoice) -> Result<DeckChoice, Vec<Invalid>> {
    let no = |reason: &str| vec![Invalid::new("deck", reason.to_owned())];
    match wanted {
        wire::DeckChoice::Curated(id) => {
            let deck = DeckId::new(&id).ok().and_then(|id| catalogue.deck(&id));
            let deck = deck.ok_or_else(|| no("is no curated deck"))?;
            Ok(DeckChoice::curated(deck.id.clone(), deck.titles.as_slice()))
        }
        wire::DeckChoice::Filter { filter } => {
            let filter = Filter::new(&fields(filter)).map_err(|invalid| {
                let named = |invalid: Invalid| {
                    Invalid::new("deck", format!("filter: {} {}", invalid.field, invalid.reason))
                };
                invalid.into_iter().map(named).collect::<Vec<_>>()
            })?;
            Ok(DeckChoice::by(filter))
        }
    }
}

/// The titles that a round starts with, of those that fit the filter of the room's deck and are dealt there; those that were `discovered`
/// fit, too.
pub(crate) fn chosen(
    catalogue: &Catalogue,
    drawing: &Drawing,
    discovered: Vec<TitleId>,
    never: &[TitleId],
) -> Option<DeckChoice> {
    let mut fitting = catalogue.fitting(drawing.filter()?);
    fitting.extend(discovered);
    if !never.is_empty() {
        let never: BTreeSet<&TitleId> = never.iter().collect();
        fitting.retain(|title| !never.contains(title));
    }
    Some(drawing.choose(fitting))
}

/// A filter by its fields, unchecked.
pub(crate) fn fields(filter: wire::TitleFilter) -> FilterFields {
    FilterFields {
        q: filter.q,
        kind: filter.kind.map(|kind| match kind {
            wire::Kind::Film => TitleKind::Film,
            wire::Kind::Series => TitleKind::Series,
            wire::Kind::Text => TitleKind::Text,
        }),
        genre: filter.genre,
        country: filter.country,
        from_year: filter.from_year,
        to_year: filter.to_year,
        min_rating: filter.min_rating,
        max_runtime: filter.max_runtime,
        family: filter.family.unwrap_or_default(),
        provider: filter.provider,
    }
}

/// As clients see it.
pub(crate) fn shown(choice: &DeckChoice) -> wire::DeckChoice {
    match &choice.source {
        DeckSource::Curated(id) => wire::DeckChoice::Curated(id.to_string()),
        DeckSource::Filter(filter) => shown_filter(filter),
    }
}

/// A deck by this filter, as clients see it.
pub(crate) fn shown_filter(filter: &Filter) -> wire::DeckChoice {
    let fields = filter.fields();
    let filter = wire::TitleFilter {
        q: fields.q,
        kind: fields.kind.map(|kind| match kind {
            TitleKind::Film => wire::Kind::Film,
            TitleKind::Series => wire::Kind::Series,
            TitleKind::Text => wire::Kind::Text,
        }),
        genre: fields.genre,
        country: fields.country,
        from_year: fields.from_year,
        to_year: fields.to_year,
        min_rating: fields.min_rating,
        max_runtime: fields.max_runtime,
        family: fields.family.then_some(true),
        provider: fields.provider,
        ..wire::TitleFilter::default()
    };
    wire::DeckChoice::Filter { filter }
}
