//! A filter by chance, for hosts who cannot decide: one that people would choose themselves, and that fits enough titles for an evening.

use sovpalo_domain::{
    chance::Chance,
    title::{Filter, FilterFields},
};

use super::{Catalogue, TitleKind};

/// A surprise fits at least so many titles, where the catalogue has them: an evening's deck, and another one.
pub(super) const ENOUGH: usize = 40;
/// So many filters are drawn before it is done with the last one, which asks for nothing but films.
const TRIES: usize = 40;

/// What an evening may be about.
const GENRES: [&str; 14] = [
    "action",
    "adventure",
    "animation",
    "comedy",
    "crime",
    "drama",
    "family",
    "fantasy",
    "horror",
    "musical",
    "mystery",
    "romance",
    "sci-fi",
    "thriller",
];
/// The first years of the decades that people ask for.
const DECADES: [u16; 7] = [1960, 1970, 1980, 1990, 2000, 2010, 2020];
/// Minutes.
const SHORT: [u16; 2] = [90, 120];
/// Ratings.
const GOOD: [f64; 2] = [7.0, 8.0];

impl Catalogue {
    /// A filter by chance, and how many titles it fits. The same seed gives the same one as long as the catalogue is the same.
    pub fn surprise(&self, seed: u64) -> (Filter, usize) {
        let mut chance = Chance::seeded(seed);
        let drawn = std::iter::repeat_with(|| drawn(&mut chance)).take(TRIES);
        let mut counted = drawn.filter_map(|fields| {
            let filter = Filter::new(&fields).ok()?;
            let count = self.count(&filter);
            (count >= ENOUGH).then_some((filter, count))
        });
        counted.next().unwrap_or_else(|| {
            let films = FilterFields { kind: Some(TitleKind::Film), ..FilterFields::default() };
            let films = Filter::new(&films).unwrap_or_default();
            let count = self.count(&films);
            (films, count)
        })
    }
}

/// Films of a genre or of a decade, or of both; now and then only short ones, or good ones.
fn drawn(chance: &mut Chance) -> FilterFields {
    let mut fields = FilterFields { kind: Some(TitleKind::Film), ..FilterFields::default() };
    let about = chance.below(4);
    if about != 0 {
        fields.genre = chance.one_of(&GENRES).map(|genre| (*genre).to_owned());
    }
    if about != 1 {
        fields.from_year = chance.one_of(&DECADES).copied();
        fields.to_year = fields.from_year.map(|year| year.saturating_add(9));
    }
    match chance.below(3) {
        0 => fields.max_runtime = chance.one_of(&SHORT).copied(),
        1 => fields.min_rating = chance.one_of(&GOOD).copied(),
        _ => {}
    }
    fields
}
