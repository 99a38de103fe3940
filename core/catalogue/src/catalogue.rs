//! Every title that can be picked by its id, as one immutable snapshot.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock},
};

use sovpalo_domain::{
    ids::{DeckId, TitleId},
    title::Filter,
};

use super::{
    Title, TitleKind,
    decks::{self, Deck},
    import,
    merged::Merged,
    named::{ByName, Meant},
    search::{Names, Page, Query},
};

/// The titles that come with the program, in the order of how well they are known. Ids are never reused.
static BUILT_IN: LazyLock<Vec<Arc<Title>>> = LazyLock::new(|| {
    let titles = import::parse(include_bytes!("../titles/titles.csv"));
    let titles = titles.unwrap_or_else(|flaws| unreachable!("the tests read this file too: {flaws}"));
    titles.into_iter().map(Arc::new).collect()
});

static MERGED: LazyLock<Merged> = LazyLock::new(|| Merged::of(&BUILT_IN));

static DECKS: LazyLock<Vec<Deck>> = LazyLock::new(|| {
    let decks = decks::parse(include_str!("../titles/decks.json"));
    decks.unwrap_or_else(|flaw| unreachable!("the tests read this file too: {flaw}"))
});

/// Titles and curated decks. It never changes: who adds titles makes another one.
pub struct Catalogue {
    /// The best known first.
    titles: Vec<Arc<Title>>,
    by_id: HashMap<TitleId, u32>,
    names: Names,
    by_name: ByName,
}

impl Catalogue {
    /// What comes with the program.
    pub fn builtin() -> Self {
        Self::with(Vec::new())
    }

    /// What comes with the program, and more. A title with the id of another one takes its place; one that is the same as
    /// another (see [`merged`](super::merged)) tells more about it, and both ids name it.
    pub fn with(extra: Vec<Title>) -> Self {
        let mut merged = MERGED.clone();
        merged.add(extra);
        let Merged { titles, by_id, .. } = merged;
        Self { names: Names::of(&titles), by_name: ByName::of(&titles), titles, by_id }
    }

    /// Film or series: what a line of an operator's file is about that does not say so, if there is just one built-in
    /// title of that name and year.
    pub fn kind_of(name: &str, year: Option<u16>) -> Option<TitleKind> {
        MERGED.kind_of(name, year)
    }

    /// The title with this id.
    pub fn get(&self, id: &TitleId) -> Option<Arc<Title>> {
        self.by_id.get(id).map(|number| Arc::clone(&self.titles[*number as usize]))
    }

    /// The curated decks, in the order in which they are shown.
    pub fn decks(&self) -> &[Deck] {
        &DECKS
    }

    /// The curated deck with this id.
    pub fn deck(&self, id: &DeckId) -> Option<&Deck> {
        self.decks().iter().find(|deck| deck.id == *id)
    }

    /// How many titles there are.
    pub fn len(&self) -> usize {
        self.titles.len()
    }

    /// Whether there are no titles at all.
    pub fn is_empty(&self) -> bool {
        self.titles.is_empty()
    }

    /// The titles that somebody means who types this line.
    pub fn meant(&self, text: &str) -> Meant {
        self.by_name.meant(&self.titles, text)
    }

    /// The titles that fit, best first.
    pub fn search(&self, query: &Query) -> Page {
        self.names.search(&self.titles, |id| self.by_id.get(id).copied(), query)
    }

    /// Every title that a filter means. A catalogue of a hundred thousand is looked through in milliseconds.
    pub fn fitting(&self, filter: &Filter) -> Vec<TitleId> {
        let numbers = self.names.fitting(&self.titles, |id| self.by_id.get(id).copied(), filter);
        numbers.into_iter().map(|number| self.titles[number as usize].id.clone()).collect()
    }

    /// Whether a filter means any title.
    pub fn has_any(&self, filter: &Filter) -> bool {
        match filter.text() {
            None => self.titles.iter().any(|title| filter.admits(title)),
            Some(_) => !self.fitting(filter).is_empty(),
        }
    }

    /// How many titles a filter means whose words are none.
    pub(super) fn count(&self, filter: &Filter) -> usize {
        self.titles.iter().filter(|title| filter.admits(title)).count()
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("titles", &self.titles.len()).finish_non_exhaustive()
    }
}
