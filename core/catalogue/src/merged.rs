//! Which titles are the same although they were written down apart.
//!
//! An operator's file may have a film that is built in, under another spelling and another id. Then it is that film, told
//! better: people who pick either find each other.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use sovpalo_domain::ids::TitleId;

use super::{
    Title, TitleKind,
    identity::{Named, is_derived, named, names_of},
};

/// The built-in titles, to which an operator's are added.
#[derive(Clone)]
pub(super) struct Merged {
    pub(super) titles: Vec<Arc<Title>>,
    pub(super) by_id: HashMap<TitleId, u32>,
    by_name: HashMap<Named, Vec<u32>>,
    built_in: usize,
    /// The built-in ones that an added title with an id of its own has changed.
    claimed: HashSet<u32>,
}

impl Merged {
    pub(super) fn of(built_in: &[Arc<Title>]) -> Self {
        let mut merged = Self {
            titles: Vec::new(),
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            built_in: built_in.len(),
            claimed: HashSet::new(),
        };
        for title in built_in {
            merged.push(Arc::clone(title));
        }
        merged
    }

    /// Adds titles. One with the id of another takes its place. One that is the same as another changes it, and its id is an
    /// alias of that one's from then on.
    pub(super) fn add(&mut self, extra: Vec<Title>) {
        // Those with ids of their own first: the others may turn out to be one of them.
        let (derived, own): (Vec<_>, Vec<_>) = extra.into_iter().partition(is_derived);
        let own = own.into_iter().map(|title| (title, false));
        for (title, derived) in own.chain(derived.into_iter().map(|title| (title, true))) {
            if let Some(number) = self.by_id.get(&title.id) {
                self.titles[*number as usize] = Arc::new(title);
            } else if let Some(number) = self.same_as(&title, derived) {
                self.by_id.insert(title.id.clone(), number);
                let known = &mut self.titles[number as usize];
                *known = Arc::new(updated(known, title));
                if !derived {
                    self.claimed.insert(number);
                }
            } else {
                self.push(Arc::new(title));
            }
        }
        self.order_added();
    }

    fn push(&mut self, title: Arc<Title>) {
        let number = number(self.titles.len());
        for name in names_of(&title) {
            self.by_name.entry(name).or_default().push(number);
        }
        self.by_id.insert(title.id.clone(), number);
        self.titles.push(title);
    }

    /// The built-in titles keep their places; those behind them are ordered by rating.
    fn order_added(&mut self) {
        let mut order: Vec<usize> = (0..self.titles.len()).collect();
        order[self.built_in..].sort_by_cached_key(|place| by_rating(&self.titles[*place]));
        let mut now_at = vec![0; order.len()];
        for (to, from) in order.iter().enumerate() {
            now_at[*from] = number(to);
        }
        self.titles = order.iter().map(|from| Arc::clone(&self.titles[*from])).collect();
        let numbers = self.by_id.values_mut().chain(self.by_name.values_mut().flatten());
        numbers.for_each(|number| *number = now_at[*number as usize]);
    }

    /// The title that this one is, if it is there.
    fn same_as(&self, title: &Title, derived: bool) -> Option<u32> {
        let names = names_of(title);
        let called_so = names.iter().filter_map(|name| self.by_name.get(name)).flatten().copied();
        let called_so: BTreeSet<u32> =
            called_so.filter(|number| self.may_be(*number, title, derived)).collect();
        let year_of = |number: &u32| self.titles[*number as usize].year;
        match called_so.iter().copied().collect::<Vec<_>>().as_slice() {
            [only] if title.year.is_none() => Some(*only),
            _ if title.year.is_none() => None,
            numbers => numbers.iter().copied().find(|number| year_of(number) == title.year),
        }
    }

    fn may_be(&self, number: u32, title: &Title, derived: bool) -> bool {
        let known = &self.titles[number as usize];
        let built_in = (number as usize) < self.built_in;
        if derived {
            // Of the operator's own, one without a year is another one.
            return built_in || known.year == title.year;
        }
        // Its own id says that it is something else, unless it is called the same in every language.
        let known_names = names_of(known);
        let same_names = [&title.name_en, &title.name_ru]
            .into_iter()
            .all(|name| named(name, title.kind).is_some_and(|name| known_names.contains(&name)));
        built_in && same_names && !self.claimed.contains(&number)
    }

    /// Whether the only title of this name and year is a series, for a line that does not say.
    pub(super) fn kind_of(&self, name: &str, year: Option<u16>) -> Option<TitleKind> {
        let is_there = |kind| {
            let numbers = named(name, kind).and_then(|name| self.by_name.get(&name));
            numbers.is_some_and(|numbers| {
                numbers.iter().any(|number| year.is_none() || self.titles[*number as usize].year == year)
            })
        };
        (is_there(TitleKind::Series) && !is_there(TitleKind::Film)).then_some(TitleKind::Series)
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// What is known of a title, and what else an operator says of it. Where they say nothing it stays.
fn updated(known: &Title, title: Title) -> Title {
    // A line with one name only has it in both places.
    let one_name = title.name_en == title.name_ru;
    let list = |new: Vec<String>, old: &[String]| if new.is_empty() { old.to_vec() } else { new };
    Title {
        id: known.id.clone(),
        kind: known.kind,
        name_en: if one_name { known.name_en.clone() } else { title.name_en },
        name_ru: if one_name { known.name_ru.clone() } else { title.name_ru },
        original_name: title.original_name.or_else(|| known.original_name.clone()),
        year: title.year.or(known.year),
        runtime_min: title.runtime_min.or(known.runtime_min),
        genres: list(title.genres, &known.genres),
        countries: list(title.countries, &known.countries),
        rating: title.rating.or(known.rating),
        overview_en: title.overview_en.or_else(|| known.overview_en.clone()),
        overview_ru: title.overview_ru.or_else(|| known.overview_ru.clone()),
        poster: title.poster.or_else(|| known.poster.clone()),
    }
}

/// How titles that an operator added line up behind the built-in ones: better ones first.
fn by_rating(title: &Title) -> impl Ord + use<> {
    let tenths = title.rating.map_or(0, |rating| {
        // Ratings lie between 0 and 10, and a broken one may stand anywhere.
        #[expect(clippy::cast_possible_truncation, reason = "a float that is out of range saturates")]
        let tenths = (rating * 10.0) as i32;
        tenths
    });
    (Reverse(tenths), title.name_en.clone(), title.id.clone())
}
