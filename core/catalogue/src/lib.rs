//! The catalogue: what people find when they type, without a key and without the network.
//!
//! [`Catalogue`] is an immutable snapshot of the built-in titles and of what an operator [`import`]ed; [`SharedCatalogue`]
//! is how a process swaps one snapshot for the next. Nothing in here does I/O: files and rows come in as arguments.
//! A title's id means the same title for ever, since rooms remember ids.

mod asked;
mod catalogue;
mod cells;
mod decks;
pub mod exports;
mod external;
mod files;
mod fold;
mod identity;
pub mod import;
mod index;
mod kept;
mod letters;
mod links;
mod merged;
mod named;
mod numbered;
mod numbers;
mod search;
mod shared;
mod surprise;
mod typos;
mod vocabulary;
mod wording;

#[cfg(test)]
mod tests;

use sovpalo_domain::{
    language::Language,
    title::{Title, TitleKind},
};

pub use self::{
    asked::{Elsewhere, ReadAs},
    catalogue::Catalogue,
    decks::Deck,
    kept::{KeptTitles, MOST_KEPT},
    named::Meant,
    search::{Cursor, DEFAULT_LIMIT, InvalidCursor, MAX_LIMIT, Page, Query},
    shared::SharedCatalogue,
};
