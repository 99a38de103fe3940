//! Finding titles while somebody types.
//!
//! A query is read literally first: in any of a title's names, in other words (`2` is `Part II`), on the other keyboard
//! layout, in other letters. Only where nothing is found that way, a text inside a name counts, and then what was probably
//! meant. Among equals the better known title comes first, which is also the order in which the whole catalogue is leafed
//! through. Numbers are never guessed: what lacks a number or a year that was asked for is at best *near*, and the
//! page says so.
//!
//! Any text is a valid query. Nothing here panics, and the cost is bounded by the catalogue, not by the text.

use std::{collections::BTreeSet, fmt, str::FromStr, sync::Arc};

use sovpalo_domain::{ids::TitleId, title::Filter};

use super::{
    Title,
    asked::{Asked, ReadAs},
    fold::{MAX_CHARS, fold, without_article},
    index::{Fit, Index, Written},
    letters::{on_the_other_layout, sound},
    numbered::{Numbers, Wanted},
    wording::reworded,
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
    /// What is left of the titles found. Its own words are not looked for: `text` is.
    pub filter: Filter,
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
    /// How many titles there are on all pages together.
    pub count: usize,
    /// The items are only near: the first of them lacks the number or the year that was asked for, as when somebody looks
    /// for `Rocky 2` and only `Rocky` is here.
    pub near: bool,
    /// What the text is, if it is no name.
    pub read_as: Option<ReadAs>,
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
    /// The numbers in each title's names, by the title's number, and its year.
    numbers: Vec<Numbers>,
}

/// How a query was read; what was typed is trusted more than a guess about the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    AsTyped,
    InOtherWords,
    OtherLayout,
    OtherLetters,
}

impl Reading {
    /// How many slips further away something is that only is near, read like this.
    fn further(self) -> u8 {
        1 + u8::from(self > Self::InOtherWords)
    }
}

/// A reading of a query: where to look for which text.
struct Read<'a> {
    reading: Reading,
    index: &'a Index,
    text: String,
}

/// How well each title fits, by its number.
struct Found {
    best: Vec<Option<(Fit, Reading)>>,
    /// Whether one of them fits so well that nothing else needs to be tried.
    fits: bool,
}

impl Names {
    /// Of titles in this order.
    pub(super) fn of(titles: &[Arc<Title>]) -> Self {
        let (mut written, mut sounding, mut all_numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (title, number) in titles.iter().zip(0..) {
            let literal: BTreeSet<String> =
                title.names().map(|name| without_article(&fold(name)).to_owned()).collect();
            let in_other_words: BTreeSet<String> = literal.iter().map(|name| reworded(name)).collect();
            all_numbers.push(Numbers::of(title.year, &in_other_words));
            for name in literal.union(&in_other_words) {
                let as_sounded = sound(name);
                if as_sounded != *name && !name.is_ascii() {
                    sounding.push(Written { name: as_sounded, year: title.year, title: number });
                }
                written.push(Written { name: name.clone(), year: title.year, title: number });
            }
        }
        Self { written: Index::new(written), sounding: Index::new(sounding), numbers: all_numbers }
    }

    /// The titles, of those in this order, that fit, best first. `number_of` tells where the one with an id stands.
    pub(super) fn search(
        &self,
        titles: &[Arc<Title>],
        number_of: impl Fn(&TitleId) -> Option<u32>,
        query: &Query,
    ) -> Page {
        let (mut wanted, near, read_as) = self.wanted(&query.text, titles.len(), number_of);
        wanted.retain(|title| query.filter.admits(&titles[*title as usize]));

        let start = query.after.0 as usize;
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        let end = start.saturating_add(limit);
        let items = wanted.iter().skip(start).take(limit);
        let items = items.map(|title| Arc::clone(&titles[*title as usize])).collect();
        let next = u32::try_from(end).ok().filter(|_| end < wanted.len()).map(Cursor);
        Page { items, next, count: wanted.len(), near, read_as }
    }

    /// The numbers of all titles that a filter means, best known or best fitting first. What is only near its words is not meant.
    pub(super) fn fitting(
        &self,
        titles: &[Arc<Title>],
        number_of: impl Fn(&TitleId) -> Option<u32>,
        filter: &Filter,
    ) -> Vec<u32> {
        let (mut wanted, near, _) = self.wanted(filter.text().unwrap_or_default(), titles.len(), number_of);
        if near {
            return Vec::new();
        }
        wanted.retain(|title| filter.admits(&titles[*title as usize]));
        wanted
    }

    /// What a text stands for, before anything is narrowed down: the titles' numbers, and whether they are only near.
    fn wanted(
        &self,
        text: &str,
        titles: usize,
        number_of: impl Fn(&TitleId) -> Option<u32>,
    ) -> (Vec<u32>, bool, Option<ReadAs>) {
        if text.trim().is_empty() {
            return ((0..).take(titles).collect(), false, None);
        }
        let Asked { title, texts, read_as } = Asked::read(text);
        if let Some(number) = title.and_then(|id| number_of(&id)) {
            return (vec![number], false, read_as);
        }
        let typed = if read_as.is_none() { text } else { "" };
        let (found, near) = self.find(typed, &texts, titles);
        (found, near, read_as)
    }

    /// The numbers of the titles that fit, best first, and whether they are only near.
    fn find(&self, text: &str, asked: &[String], titles: usize) -> (Vec<u32>, bool) {
        let reads = self.reads(text, asked);
        let wanted = Wanted::of(asked);
        let has = |title: u32, same_name| self.numbers[title as usize].have(&wanted, same_name);
        let mut found = Found { best: vec![None; titles], fits: false };
        for read in &reads {
            read.index.literally(&read.text, &mut |title, fit| {
                // Whoever types nothing but a year is not looking for all films of that year.
                let fits = fit == Fit::Exact || !wanted.nothing_else || has(title, false);
                found.note(title, if fits { fit } else { Fit::NEAREST }, read.reading);
            });
        }
        for read in &reads {
            if !found.fits {
                read.index.inside(&read.text, &mut |title| {
                    let fit = if has(title, true) { Fit::Inside } else { Fit::NEAREST };
                    found.note(title, fit, read.reading);
                });
            }
        }
        for read in &reads {
            if !found.fits && wanted.are_in(&read.text) {
                read.index.roughly(&read.text, &mut |title, slips| {
                    let fits = has(title, slips == 0);
                    let slips = if fits { slips } else { slips.saturating_add(read.reading.further()) };
                    found.note(title, Fit::Guess { slips, fits }, read.reading);
                });
            }
        }
        found.best_first()
    }

    /// The ways to read what was asked for, each once.
    fn reads<'a>(&'a self, text: &str, asked: &[String]) -> Vec<Read<'a>> {
        let switched = on_the_other_layout(&text.chars().take(MAX_CHARS).collect::<String>());
        let switched = switched.map(|text| fold(&text)).unwrap_or_default();
        let mut reads: Vec<Read<'a>> = Vec::new();
        let mut add = |reading, index: &'a Index, text: String| {
            if !text.is_empty()
                && !reads.iter().any(|read| std::ptr::eq(read.index, index) && read.text == text)
            {
                reads.push(Read { reading, index, text });
            }
        };
        for typed in asked.iter().map(|typed| without_article(typed)) {
            add(Reading::AsTyped, &self.written, typed.to_owned());
            add(Reading::InOtherWords, &self.written, reworded(typed));
        }
        add(Reading::OtherLayout, &self.written, switched.clone());
        add(Reading::OtherLayout, &self.written, reworded(&switched));
        for typed in asked.iter().map(|typed| without_article(typed)) {
            for sounded in [sound(typed), sound(&reworded(typed))] {
                if sounded.chars().count() >= ENOUGH_TO_SOUND {
                    add(Reading::OtherLetters, &self.sounding, sounded);
                }
            }
        }
        reads
    }
}

impl Found {
    fn note(&mut self, title: u32, fit: Fit, reading: Reading) {
        let best = &mut self.best[title as usize];
        if best.is_none_or(|best| (fit, reading) < best) {
            *best = Some((fit, reading));
        }
        self.fits |= !matches!(fit, Fit::Guess { slips: 1.., .. });
    }

    fn best_first(self) -> (Vec<u32>, bool) {
        let found = self.best.into_iter().zip(0..);
        let mut found: Vec<_> = found.filter_map(|(fit, title)| Some((fit?, title))).collect();
        found.sort_unstable();
        let mut only_near = false;
        if let Some(((Fit::Guess { slips, fits }, _), _)) = found.first().copied() {
            // Beside what is only near, only what is as near; beside what fits, nothing that is near.
            let worse = if fits { WORSE_GUESSES } else { 0 };
            let worst = Fit::Guess { slips: slips.saturating_add(worse), fits: true };
            found.retain(|((fit, _), _)| {
                *fit <= worst && !(fits && matches!(fit, Fit::Guess { fits: false, .. }))
            });
            only_near = !fits;
        }
        (found.into_iter().map(|(_, title)| title).collect(), only_near)
    }
}
