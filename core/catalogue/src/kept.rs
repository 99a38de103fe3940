//! Titles that a room named and that came from elsewhere: beside the catalogue, not in it.
//!
//! They are added one by one while the catalogue stays as it is, so that naming one costs nothing. They are looked up by their id, and found
//! by the beginning of a name or of a word in it, without guesses.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use sovpalo_domain::{ids::TitleId, title::NormalName};

use super::{Title, TitleKind};

/// So many are at hand; of more, those that were named longest ago are read again when they are missed.
pub const MOST_KEPT: usize = 20_000;

/// So many titles that are not here are noted to be looked for.
const MOST_MISSED: usize = 500;

/// Cheap to clone; all clones have the same titles.
#[derive(Debug, Clone, Default)]
pub struct KeptTitles {
    kept: Arc<RwLock<Kept>>,
    missed: Arc<Mutex<BTreeSet<TitleId>>>,
}

#[derive(Debug, Default)]
struct Kept {
    titles: HashMap<TitleId, (Arc<Title>, u64)>,
    /// In the order in which they were named, with their names as they are looked for.
    by_turn: BTreeMap<u64, (TitleId, Vec<String>)>,
    turn: u64,
}

impl KeptTitles {
    /// The title with this id. One of TMDB's that is not here is noted, so that whoever keeps these up to date looks for it.
    pub fn get(&self, id: &TitleId) -> Option<Arc<Title>> {
        let found = self.read().titles.get(id).map(|(title, _)| Arc::clone(title));
        if found.is_none() && id.as_str().starts_with("tmdb-") {
            let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
            if missed.len() < MOST_MISSED {
                missed.insert(id.clone());
            }
        }
        found
    }

    /// The titles that were asked for since and are not here.
    pub fn take_missed(&self) -> Vec<TitleId> {
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *missed).into_iter().collect()
    }

    /// Adds titles, or changes those that are here. Each is the one that was named last then.
    pub fn put(&self, titles: impl IntoIterator<Item = Title>) {
        let mut kept = self.write();
        for title in titles {
            kept.put(title);
        }
    }

    /// From now on this id names a title of the catalogue.
    pub fn put_alias(&self, id: TitleId, title: Arc<Title>) {
        self.write().insert(id, title, Vec::new());
    }

    /// Those that have a name which has these words in it, one after the other, the last of them perhaps only begun; what was named last
    /// comes first.
    pub fn find(&self, text: &str, kind: Option<TitleKind>, most: usize) -> Vec<Arc<Title>> {
        let readings = NormalName::readings(text);
        let Some(wanted) = readings.iter().rev().find(|reading| reading.words().chars().count() > 1) else {
            return Vec::new();
        };
        let (words, year) = (format!(" {}", wanted.words()), wanted.year());
        let kept = self.read();
        let found = kept.by_turn.values().rev();
        let found = found.filter(|(_, names)| names.iter().any(|name| name.contains(&words)));
        let found = found.filter_map(|(id, _)| kept.titles.get(id).map(|(title, _)| title));
        let found = found.filter(|title| kind.is_none_or(|kind| title.kind == kind));
        let found = found.filter(|title| year.is_none() || title.year == year);
        found.take(most).cloned().collect()
    }

    /// How many are here.
    pub fn len(&self) -> usize {
        self.read().titles.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn put(&mut self, title: Title) {
        // One that has the id of the catalogue's own is found there.
        let names = title.names().filter(|_| title.id.as_str().starts_with("tmdb-"));
        let names = names.filter_map(NormalName::bare).map(|name| format!(" {}", name.words()));
        let names: Vec<String> = names.collect();
        self.insert(title.id.clone(), Arc::new(title), names);
    }

    /// `names`: by which it is found.
    fn insert(&mut self, id: TitleId, title: Arc<Title>, names: Vec<String>) {
        self.turn += 1;
        self.by_turn.insert(self.turn, (id.clone(), names));
        if let Some((_, before)) = self.titles.insert(id, (title, self.turn)) {
            self.by_turn.remove(&before);
        }
        if self.titles.len() > MOST_KEPT
            && let Some((_, (first, _))) = self.by_turn.pop_first()
        {
            self.titles.remove(&first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(number: usize, name: &str) -> Title {
        Title {
            id: TitleId::new(&format!("tmdb-movie-{number}")).unwrap(),
            kind: TitleKind::Film,
            name_en: name.to_owned(),
            name_ru: format!("По-русски {number}"),
            original_name: None,
            year: Some(2000),
            runtime_min: None,
            genres: Vec::new(),
            countries: Vec::new(),
            rating: None,
            overview_en: None,
            overview_ru: None,
            poster: None,
        }
    }

    fn names(found: &[Arc<Title>]) -> Vec<&str> {
        found.iter().map(|title| &*title.name_en).collect()
    }

    #[test]
    fn a_kept_title_is_found_by_the_beginning_of_its_words_in_either_language() {
        let kept = KeptTitles::default();
        kept.put([title(1, "The Lighthouse"), title(2, "Light Years"), title(3, "Moonlight")]);
        assert_eq!(names(&kept.find("light", None, 10)), ["Light Years", "The Lighthouse"]);
        assert_eq!(names(&kept.find("по-русски 3", None, 10)), ["Moonlight"]);
        assert_eq!(names(&kept.find("Light Years (2000)", None, 10)), ["Light Years"]);
        for nothing in ["", "l", "Light Years (1999)", "🎬"] {
            assert!(kept.find(nothing, None, 10).is_empty(), "{nothing:?}");
        }
        assert!(kept.find("light", Some(TitleKind::Series), 10).is_empty());
    }

    #[test]
    fn one_that_is_named_again_is_there_once_and_the_last_named() {
        let kept = KeptTitles::default();
        kept.put([title(1, "Light One"), title(2, "Light Two"), title(1, "Light One, Renamed")]);
        assert_eq!(names(&kept.find("light", None, 10)), ["Light One, Renamed", "Light Two"]);
        assert_eq!(kept.len(), 2);
    }

    #[test]
    fn what_was_named_longest_ago_makes_room() {
        let kept = KeptTitles::default();
        kept.put((0..MOST_KEPT).map(|n| title(n, "A")));
        kept.put([title(0, "A"), title(MOST_KEPT, "A")]);
        assert_eq!(kept.len(), MOST_KEPT);
        assert!(kept.get(&title(0, "").id).is_some(), "it was named again");
        assert!(kept.get(&title(1, "").id).is_none());
    }

    #[test]
    fn what_is_missed_is_noted_once_and_nothing_but_titles_of_tmdb() {
        let kept = KeptTitles::default();
        kept.put([title(1, "A")]);
        for id in ["tmdb-movie-1", "tmdb-movie-2", "tmdb-movie-2", "c30", "x1"] {
            kept.get(&TitleId::new(id).unwrap());
        }
        assert_eq!(kept.take_missed(), [title(2, "").id]);
        assert_eq!(kept.take_missed(), []);
        for number in 0..2 * MOST_MISSED {
            kept.get(&title(1_000 + number, "").id);
        }
        assert_eq!(kept.take_missed().len(), MOST_MISSED);
    }
}
