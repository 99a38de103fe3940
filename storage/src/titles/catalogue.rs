//! Every title that can be picked by its id, as one immutable snapshot.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock},
};

use sovpalo_domain::ids::{DeckId, TitleId};

use super::{
    Title,
    decks::{self, Deck},
    import,
    search::{Names, by_rating},
};

/// The titles that come with the program, in the order of how well they are known. Ids are never reused.
static BUILT_IN: LazyLock<Vec<Arc<Title>>> = LazyLock::new(|| {
    let titles = import::parse(include_bytes!("../../catalogue/titles.csv"));
    let titles = titles.unwrap_or_else(|flaws| unreachable!("the tests read this file too: {flaws}"));
    titles.into_iter().map(Arc::new).collect()
});

static DECKS: LazyLock<Vec<Deck>> = LazyLock::new(|| {
    let decks = decks::parse(include_str!("../../catalogue/decks.json"));
    decks.unwrap_or_else(|flaw| unreachable!("the tests read this file too: {flaw}"))
});

/// Titles and curated decks. It never changes: who adds titles makes another one.
pub struct Catalogue {
    /// The best known first.
    titles: Vec<Arc<Title>>,
    by_id: HashMap<TitleId, u32>,
    names: Names,
}

impl Catalogue {
    /// What comes with the program.
    pub fn builtin() -> Self {
        Self::with(Vec::new())
    }

    /// What comes with the program, and more. A title with the id of another one takes its place.
    pub fn with(mut extra: Vec<Title>) -> Self {
        extra.sort_by_cached_key(by_rating);
        let mut titles = BUILT_IN.clone();
        let mut by_id: HashMap<TitleId, u32> =
            titles.iter().zip(0..).map(|(title, number)| (title.id.clone(), number)).collect();
        for title in extra.into_iter().map(Arc::new) {
            let end = u32::try_from(titles.len()).unwrap_or(u32::MAX);
            let number = *by_id.entry(title.id.clone()).or_insert(end);
            match titles.get_mut(number as usize) {
                Some(place) => *place = title,
                None => titles.push(title),
            }
        }
        Self { names: Names::of(&titles), titles, by_id }
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

    pub(super) fn titles(&self) -> &[Arc<Title>] {
        &self.titles
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("titles", &self.titles.len()).finish_non_exhaustive()
    }
}
