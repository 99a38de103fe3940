//! Titles of The Movie Database (TMDB), where an operator has a token for it: search, discovery, details, posters' addresses.
//!
//! A [`Client`] promises to be harmless to whoever waits for it. Every request has a deadline, few run at the same time, what many ask for
//! is fetched once, `429` and `Retry-After` are obeyed, and while TMDB does not answer a [circuit breaker](breaker) answers
//! in its place at once. It never puts the token into an address or a log, and it asks one host only: the operator's.
//!
//! Nothing here is stored: what is to outlive the process is for whoever calls. What TMDB sends is checked field by field
//! ([`answers`]); an entry that makes no sense is passed over.
//!
//! <https://developer.themoviedb.org/reference/intro/getting-started>

mod answers;
mod breaker;
mod client;
mod details;
mod discover;
mod error;
mod filter;
mod genres;
mod ids;
mod images;
mod lists;
mod providers;
mod question;
mod remembered;
mod search;
mod settings;
mod text;
mod whole;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

pub use self::{
    client::Client,
    details::{Details, MOST_CAST, Offer, OfferKind},
    discover::MOST_COUNTRIES,
    error::TmdbError,
    filter::{Filter, WatchProvider},
    ids::{TmdbId, TmdbKind},
    images::{DEFAULT_SIZE, POSTERS, SIZES, image_address, image_of, smallest},
    providers::MOST_PROVIDERS,
    settings::{InvalidAddress, Settings, Token},
};
