//! By what titles are told apart: their ids, and their names in the normal form.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use sovpalo_domain::{ids::TitleId, title::NormalName};

use super::{Title, TitleKind};

/// A name in its normal form, of a film or of a series.
pub(super) type Named = (String, TitleKind);

/// `None`: there is nothing in it.
pub(super) fn named(name: &str, kind: TitleKind) -> Option<Named> {
    NormalName::bare(name).map(|name| (name.key().to_owned(), kind))
}

/// Every name of a title, each once.
pub(super) fn names_of(title: &Title) -> BTreeSet<Named> {
    title.names().filter_map(|name| named(name, title.kind)).collect()
}

/// The id of a title that was given none: `i` and 64 bits of a digest.
pub(super) fn id_of(name: &str, year: Option<u16>, kind: TitleKind) -> TitleId {
    let year = year.map(|year| year.to_string()).unwrap_or_default();
    let series = if kind == TitleKind::Series { "\nseries" } else { "" };
    let digest = Sha256::digest(format!("{}\n{year}{series}", name.to_lowercase()));
    let id = digest.iter().take(8).fold(String::from("i"), |id, byte| format!("{id}{byte:02x}"));
    TitleId::new(&id).unwrap_or_else(|_| unreachable!("17 characters of the alphabet"))
}

/// Whether a title's id was made of its name: another spelling of the name would have given it another one. (Series had ids
/// like those of films once.)
pub(super) fn is_derived(title: &Title) -> bool {
    let names = [&title.name_en, &title.name_ru];
    let kinds = [title.kind, TitleKind::Film];
    names.iter().any(|name| kinds.iter().any(|kind| id_of(name, title.year, *kind) == title.id))
}
