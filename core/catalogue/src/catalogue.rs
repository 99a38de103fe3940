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
    external, import,
    kept::KeptTitles,
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

/// Titles and curated decks. It never changes: who adds titles makes another one. Cheap to clone.
#[derive(Clone)]
pub struct Catalogue {
    /// The best known first.
    titles: Arc<[Arc<Title>]>,
    by_id: Arc<HashMap<TitleId, u32>>,
    names: Arc<Names>,
    by_name: Arc<ByName>,
    kept: KeptTitles,
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
        Self {
            names: Arc::new(Names::of(&titles)),
            by_name: Arc::new(ByName::of(&titles)),
            titles: titles.into(),
            by_id: Arc::new(by_id),
            kept: KeptTitles::default(),
        }
    }

    /// The same catalogue with these titles beside it: they are found by their id, and by [`KeptTitles::find`].
    #[must_use]
    pub fn beside(self, kept: KeptTitles) -> Self {
        Self { kept, ..self }
    }

    /// The titles beside it, which came from elsewhere.
    pub fn kept(&self) -> &KeptTitles {
        &self.kept
    }

    /// The title of the catalogue that one from elsewhere is: by its id at TMDB (`movie/603`), or else by its kind, a name that both have,
    /// and the year.
    pub fn same_as(&self, title: &Title, tmdb: &str) -> Option<Arc<Title>> {
        if let Some(known) = external::title_of("TMDB", tmdb).and_then(|id| self.of_its_own(&id)) {
            return Some(known);
        }
        let year = title.year?;
        let named = title.names().flat_map(|name| self.by_name.meant(&self.titles, name).exactly);
        named.filter_map(|id| self.of_its_own(&id)).find(|known| {
            // What the catalogue knows to be another one of TMDB's is that one.
            let other = external::tmdb_of(&known.id).is_some_and(|other| other != tmdb);
            known.kind == title.kind && known.year == Some(year) && !other
        })
    }

    /// The id at TMDB (`movie/603`) of a title, if the catalogue knows it.
    pub fn tmdb_of(&self, id: &TitleId) -> Option<&'static str> {
        external::tmdb_of(id)
    }

    fn of_its_own(&self, id: &TitleId) -> Option<Arc<Title>> {
        self.by_id.get(id).map(|number| Arc::clone(&self.titles[*number as usize]))
    }

    /// Film or series: what a line of an operator's file is about that does not say so, if there is just one built-in
    /// title of that name and year.
    pub fn kind_of(name: &str, year: Option<u16>) -> Option<TitleKind> {
        MERGED.kind_of(name, year)
    }

    /// The title with this id, in the catalogue or beside it.
    pub fn get(&self, id: &TitleId) -> Option<Arc<Title>> {
        // What TMDB knows under an id that the catalogue knows too is the catalogue's title.
        let by_tmdb = || {
            let tmdb = id.as_str().strip_prefix("tmdb-")?.replacen('-', "/", 1);
            self.of_its_own(&external::title_of("TMDB", &tmdb)?)
        };
        self.of_its_own(id).or_else(by_tmdb).or_else(|| self.kept.get(id))
    }

    /// The curated decks, in the order in which they are shown.
    pub fn decks(&self) -> &[Deck] {
        &DECKS
    }

    /// The curated deck with this id.
    pub fn deck(&self, id: &DeckId) -> Option<&Deck> {
        self.decks().iter().find(|deck| deck.id == *id)
    }

    /// The titles of the catalogue, the best known first, without those beside it.
    pub fn titles(&self) -> impl Iterator<Item = &Arc<Title>> {
        self.titles.iter()
    }

    /// The address of a title's poster: its own, or else that of the title beside the catalogue which has the same id.
    pub fn poster_of(&self, title: &Title) -> Option<String> {
        title.poster.clone().or_else(|| self.kept.get(&title.id)?.poster.clone())
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
