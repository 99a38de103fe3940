//! Titles out of TMDB's lists.

use sovpalo_domain::title::Title;

use super::{
    answers::Entry,
    genres,
    ids::{TmdbId, TmdbKind},
    images,
    text::{is_country, name, overview, year},
};

/// The languages of names and descriptions, as TMDB calls them.
pub(crate) const ENGLISH: &str = "en-US";
pub(crate) const RUSSIAN: &str = "ru-RU";
/// With fewer votes a rating says nothing.
const ENOUGH_VOTES: u32 = 10;
/// A title has at most so many countries and genres.
const MOST_LISTED: usize = 6;

/// The same list in English and in Russian, as one: in the order of the English one, and then what only the other has. `kind` is what a
/// list is of that does not say it of each entry.
pub(crate) fn together(english: Vec<Entry>, russian: Vec<Entry>, kind: Option<TmdbKind>) -> Vec<Title> {
    let titles = |entries: Vec<Entry>| entries.into_iter().filter_map(move |entry| title(&entry, kind));
    let (mut found, russian): (Vec<Title>, Vec<Title>) =
        (titles(english).collect(), titles(russian).collect());
    for title in russian {
        match found.iter_mut().find(|it| it.id == title.id) {
            Some(known) => {
                known.name_ru = title.name_en;
                known.overview_ru = title.overview_en;
            }
            None => found.push(Title { overview_ru: title.overview_en.clone(), overview_en: None, ..title }),
        }
    }
    found
}

/// One entry, in the language of the list, which is written into the fields of English. `None`: it makes no sense, or is nothing to
/// choose from.
pub(crate) fn title(entry: &Entry, kind: Option<TmdbKind>) -> Option<Title> {
    if entry.adult == Some(true) || entry.id == 0 {
        return None;
    }
    let kind = match entry.media_type.as_deref() {
        Some(word) => TmdbKind::ALL.into_iter().find(|kind| kind.word() == word)?,
        None => kind?,
    };
    let original = entry.original_title.as_deref().and_then(name);
    let called = entry.title.as_deref().and_then(name).or_else(|| original.clone())?;
    let votes = entry.vote_count.unwrap_or_default();
    let rating = entry.vote_average.filter(|rating| votes >= ENOUGH_VOTES && (0.0..=10.0).contains(rating));
    let mut genres = genres::keys(entry.genre_ids.iter().flatten().copied());
    genres.truncate(MOST_LISTED);
    Some(Title {
        id: TmdbId { kind, number: entry.id }.title(),
        kind: kind.title_kind(),
        name_en: called.clone(),
        name_ru: called,
        original_name: original,
        year: entry.release_date.as_deref().and_then(year),
        runtime_min: None,
        genres,
        countries: countries(entry.origin_country.iter().flatten().map(String::as_str)),
        rating,
        overview_en: entry.overview.as_deref().and_then(overview),
        overview_ru: None,
        poster: entry.poster_path.as_deref().and_then(images::poster),
    })
}

/// Codes of countries, each once, those that are none left out.
pub(crate) fn countries<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut countries: Vec<String> = Vec::new();
    for code in codes.filter(|code| is_country(code)) {
        if countries.len() < MOST_LISTED && !countries.iter().any(|it| it == code) {
            countries.push(code.to_owned());
        }
    }
    countries
}
