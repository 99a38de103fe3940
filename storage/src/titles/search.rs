//! Finding titles while somebody types.
//!
//! A query is read literally first: in any of a title's names, on the other keyboard layout, in other letters. Only
//! where nothing is found that way, a text inside a name counts, and then what was probably meant. Among equals the
//! better known title comes first, which is also the order in which the whole catalogue is leafed through.
//!
//! Any text is a valid query. Nothing here panics, and the cost is bounded by the catalogue, not by the text.

use std::{cmp::Reverse, collections::BTreeSet, fmt, str::FromStr, sync::Arc};

use super::{
    Catalogue, Title, TitleKind,
    fold::{MAX_CHARS, fold, without_article},
    index::{Fit, Index, Written},
    letters::{on_the_other_layout, sound},
};

/// A page has this many titles unless the query says otherwise.
pub const DEFAULT_LIMIT: usize = 20;

/// A page has at most this many titles.
pub const MAX_LIMIT: usize = 100;

/// A sound of fewer letters is heard everywhere.
const ENOUGH_TO_SOUND: usize = 3;

/// Guesses that are worse than the best one by more slips than this are noise.
const WORSE_GUESSES: u8 = 1;

/// What somebody looks for. What is left at its default does not narrow the search.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// As typed; blank: everything, best known first.
    pub text: String,
    /// Films or series only.
    pub kind: Option<TitleKind>,
    /// A genre's stable key.
    pub genre: Option<String>,
    /// Not older than this.
    pub from_year: Option<u16>,
    /// Not newer than this.
    pub to_year: Option<u16>,
    /// Not longer than so many minutes; of an episode, for a series.
    pub max_runtime: Option<u16>,
    /// At most so many titles; [`DEFAULT_LIMIT`] by default, never more than [`MAX_LIMIT`].
    pub limit: Option<usize>,
    /// Where the page before ended.
    pub after: Cursor,
}

/// Some of the titles found.
#[derive(Debug, Clone)]
pub struct Page {
    /// The best first.
    pub items: Vec<Arc<Title>>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// A place in the results of one query. While the catalogue stays the same, pages neither overlap nor leave gaps;
/// clients keep the string and do not look into it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor(u32);

/// A text that no page gave as its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this search")]
pub struct InvalidCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{:x}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let place = text.strip_prefix('p').ok_or(InvalidCursor)?;
        let cursor = u32::from_str_radix(place, 16).map(Self).map_err(|_| InvalidCursor)?;
        // `p+1` and `p01` name a place too, but nobody was given them.
        if cursor.to_string() == text { Ok(cursor) } else { Err(InvalidCursor) }
    }
}

/// Every way to write the titles of a catalogue.
pub(super) struct Names {
    written: Index,
    sounding: Index,
}

/// How a query was read; what was typed is trusted more than a guess about the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    AsTyped,
    OtherLayout,
    OtherLetters,
}

/// How well each title fits, by its number.
struct Found {
    best: Vec<Option<(Fit, Reading)>>,
    any: bool,
}

impl Names {
    /// Of titles in this order.
    pub(super) fn of(titles: &[Arc<Title>]) -> Self {
        let (mut written, mut sounding) = (Vec::new(), Vec::new());
        for (title, number) in titles.iter().zip(0..) {
            let names: BTreeSet<String> = title.names().map(fold).collect();
            for name in names {
                let as_heard = sound(&name);
                if as_heard != name && !name.is_ascii() {
                    sounding.push(Written { name: as_heard, year: title.year, title: number });
                }
                written.push(Written { name, year: title.year, title: number });
            }
        }
        Self { written: Index::new(written), sounding: Index::new(sounding) }
    }

    /// The numbers of the titles that fit, best first.
    fn find(&self, text: &str, titles: usize) -> Vec<u32> {
        let typed = fold(text);
        let switched = on_the_other_layout(&text.chars().take(MAX_CHARS).collect::<String>());
        let switched = switched.map(|text| fold(&text)).unwrap_or_default();
        let heard = sound(without_article(&typed));
        let heard = if heard.chars().count() < ENOUGH_TO_SOUND { String::new() } else { heard };
        let readings = [
            (Reading::AsTyped, &self.written, typed),
            (Reading::OtherLayout, &self.written, switched),
            (Reading::OtherLetters, &self.sounding, heard),
        ];
        let readings: Vec<_> = readings.into_iter().filter(|(_, _, text)| !text.is_empty()).collect();

        let mut found = Found { best: vec![None; titles], any: false };
        for (reading, index, text) in &readings {
            index.literally(text, &mut |title, fit| found.note(title, fit, *reading));
        }
        for (reading, index, text) in &readings {
            if !found.any {
                index.inside(text, &mut |title, fit| found.note(title, fit, *reading));
            }
        }
        for (reading, index, text) in &readings {
            if !found.any {
                index.roughly(text, &mut |title, fit| found.note(title, fit, *reading));
            }
        }
        found.best_first()
    }
}

impl Found {
    fn note(&mut self, title: u32, fit: Fit, reading: Reading) {
        let best = &mut self.best[title as usize];
        if best.is_none_or(|best| (fit, reading) < best) {
            *best = Some((fit, reading));
        }
        self.any = true;
    }

    fn best_first(self) -> Vec<u32> {
        let found = self.best.into_iter().zip(0..);
        let mut found: Vec<_> = found.filter_map(|(fit, title)| Some((fit?, title))).collect();
        found.sort_unstable();
        if let Some(((Fit::Slips(least), _), _)) = found.first().copied() {
            let most = Fit::Slips(least.saturating_add(WORSE_GUESSES));
            found.retain(|((fit, _), _)| *fit <= most);
        }
        found.into_iter().map(|(_, title)| title).collect()
    }
}

impl Catalogue {
    /// The titles that fit, best first.
    pub fn search(&self, query: &Query) -> Page {
        let titles = self.titles();
        let mut wanted: Vec<u32> = if query.text.trim().is_empty() {
            (0..).take(titles.len()).collect()
        } else {
            self.names().find(&query.text, titles.len())
        };
        wanted.retain(|title| query.admits(&titles[*title as usize]));

        let start = query.after.0 as usize;
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        let end = start.saturating_add(limit);
        let items = wanted.iter().skip(start).take(limit);
        let items = items.map(|title| Arc::clone(&titles[*title as usize])).collect();
        let next = u32::try_from(end).ok().filter(|_| end < wanted.len()).map(Cursor);
        Page { items, next }
    }
}

impl Query {
    fn admits(&self, title: &Title) -> bool {
        let year = title.year;
        self.kind.is_none_or(|kind| kind == title.kind)
            && self.genre.as_ref().is_none_or(|genre| title.genres.contains(genre))
            && self.from_year.is_none_or(|from| year.is_some_and(|year| year >= from))
            && self.to_year.is_none_or(|to| year.is_some_and(|year| year <= to))
            && self.max_runtime.is_none_or(|most| title.runtime_min.is_some_and(|runtime| runtime <= most))
    }
}

/// How titles that an operator added line up behind the built-in ones: better ones first.
pub(super) fn by_rating(title: &Title) -> impl Ord + use<> {
    let tenths = title.rating.map_or(0, |rating| {
        // Ratings lie between 0 and 10, and a broken one may stand anywhere.
        #[expect(clippy::cast_possible_truncation, reason = "a float that is out of range saturates")]
        let tenths = (rating * 10.0) as i32;
        tenths
    });
    (Reverse(tenths), title.name_en.clone(), title.id.clone())
}
