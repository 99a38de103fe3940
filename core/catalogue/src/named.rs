//! Which titles have a name that somebody typed. Unlike a search this guesses nothing: the name is the same in its
//! [normal form](NormalName), or it is another one.

use std::{collections::HashMap, sync::Arc};

use sovpalo_domain::{ids::TitleId, title::NormalName};

use super::Title;

/// Every name of every title of a catalogue, by what is compared of it.
#[derive(Default)]
pub(super) struct ByName {
    exactly: HashMap<String, Vec<u32>>,
    /// Without the English article in front, where there is one.
    without_article: HashMap<String, Vec<u32>>,
}

/// What a typed text can mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meant {
    /// The titles of exactly this name, and of this year if one was typed; the best known first.
    pub exactly: Vec<TitleId>,
    /// If there are none: those whose name differs in nothing but an article in front.
    pub nearly: Vec<TitleId>,
}

impl ByName {
    pub(super) fn of(titles: &[Arc<Title>]) -> Self {
        let mut names = Self::default();
        for (title, number) in titles.iter().zip(0..) {
            for name in title.names().filter_map(NormalName::bare) {
                let base = name.without_article();
                note(&mut names.without_article, base.as_ref().unwrap_or(&name).key(), number);
                note(&mut names.exactly, name.key(), number);
            }
        }
        names
    }

    /// The titles, of those in this order, that somebody means who types this line.
    pub(super) fn meant(&self, titles: &[Arc<Title>], text: &str) -> Meant {
        let readings = NormalName::readings(text);
        let exactly = readings.iter().map(|name| of_year(titles, self.exactly.get(name.key()), name.year()));
        let exactly = exactly.into_iter().find(|titles| !titles.is_empty()).unwrap_or_default();
        if !exactly.is_empty() {
            return Meant { exactly, nearly: Vec::new() };
        }
        let nearly = readings.iter().map(|name| {
            let base = name.without_article();
            let key = base.as_ref().unwrap_or(name).key();
            of_year(titles, self.without_article.get(key), name.year())
        });
        Meant { exactly, nearly: nearly.into_iter().find(|titles| !titles.is_empty()).unwrap_or_default() }
    }
}

fn note(names: &mut HashMap<String, Vec<u32>>, key: &str, title: u32) {
    let titles = names.entry(key.to_owned()).or_default();
    // A title often has one name in several languages.
    if titles.last() != Some(&title) {
        titles.push(title);
    }
}

fn of_year(titles: &[Arc<Title>], numbers: Option<&Vec<u32>>, year: Option<u16>) -> Vec<TitleId> {
    let titles = numbers.into_iter().flatten().map(|number| &titles[*number as usize]);
    let fits = titles.filter(|title| year.is_none() || title.year.is_none() || title.year == year);
    fits.map(|title| title.id.clone()).collect()
}
