//! The catalogue through its public door.

mod built_in;
mod exports;
mod filtering;
mod importing;
mod named;
mod searching;
mod spelling;

use std::sync::LazyLock;

use sovpalo_domain::ids::TitleId;

use super::*;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

fn typed(text: &str) -> Query {
    Query { text: text.into(), ..Query::default() }
}

/// The English names of the best results.
fn found(text: &str) -> Vec<String> {
    CATALOGUE.search(&typed(text)).items.iter().map(|title| title.name_en.clone()).collect()
}

fn id(text: &str) -> TitleId {
    TitleId::new(text).unwrap()
}
