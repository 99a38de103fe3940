//! Which titles a search or a deck is narrowed to, and its canonical form.
//!
//! Two filters that were written differently and mean the same are equal. The canonical form looks like the query of an address
//! (`?kind=film&genre=comedy,crime&from_year=1990`), is what logs and tables hold, and is never longer than [`MAX_FILTER_BYTES`].

use std::{fmt, str::FromStr};

use super::{BadLine, GENRES, MAX_TEXT, Title, TitleKind, clean_line};
use crate::room::Invalid;

#[cfg(test)]
mod tests;

/// A filter names at most so many countries.
pub const MAX_COUNTRIES: usize = 8;
/// The name of a provider has at most so many characters.
pub const MAX_PROVIDER: usize = 40;
/// The canonical form of a filter has at most so many bytes.
pub const MAX_FILTER_BYTES: usize = 1_024;

/// Years that a film can be from.
const YEARS: std::ops::RangeInclusive<u16> = 1888..=2100;
/// Minutes that a film can take.
const RUNTIMES: std::ops::RangeInclusive<u16> = 1..=1000;
/// What is about this is not for children, also where it is for families otherwise.
const NOT_FOR_CHILDREN: [&str; 5] = ["crime", "horror", "noir", "thriller", "war"];

/// Which titles are meant. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    text: Option<String>,
    kind: Option<TitleKind>,
    /// Any of these, in the order of [`GENRES`]. None: whatever genre.
    genres: Vec<&'static str>,
    /// Any of these, in their order. None: wherever it was made.
    countries: Vec<String>,
    from_year: Option<u16>,
    to_year: Option<u16>,
    /// In hundredths.
    min_rating: Option<u16>,
    max_runtime: Option<u16>,
    family: bool,
    provider: Option<String>,
}

/// A filter as it was written, field by field, by the names of the contract. What is absent does not narrow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FilterFields {
    /// Words of a name, as they are typed into a search.
    pub q: Option<String>,
    /// Films or series only.
    pub kind: Option<TitleKind>,
    /// Keys of genres, separated by commas: a title has one of them.
    pub genre: Option<String>,
    /// ISO 3166 alpha-2 codes (`SU` is the USSR), separated by commas: a title is from one of them.
    pub country: Option<String>,
    /// Not from before this year.
    pub from_year: Option<u16>,
    /// Not from after this year.
    pub to_year: Option<u16>,
    /// Rated so well or better, 0 to 10.
    pub min_rating: Option<f64>,
    /// Not longer than so many minutes; of an episode, for a series.
    pub max_runtime: Option<u16>,
    /// Only what can be watched with children.
    pub family: bool,
    /// Only what this provider has. No title that is stored here says who has it: [`Filter::admits`] admits none.
    pub provider: Option<String>,
}

impl Filter {
    /// Checks every field, and names all that cannot be.
    pub fn new(fields: &FilterFields) -> Result<Self, Vec<Invalid>> {
        let mut errors = Vec::new();
        let text = line("q", fields.q.as_deref(), MAX_TEXT, &mut errors);
        let provider = line("provider", fields.provider.as_deref(), MAX_PROVIDER, &mut errors);
        let filter = Self {
            text,
            kind: fields.kind,
            genres: genres(fields.genre.as_deref().unwrap_or_default(), &mut errors),
            countries: countries(fields.country.as_deref().unwrap_or_default(), &mut errors),
            from_year: fields.from_year,
            to_year: fields.to_year,
            min_rating: fields.min_rating.and_then(hundredths),
            max_runtime: fields.max_runtime,
            family: fields.family,
            provider,
        };
        let mut bound = |fine: bool, field, reason| {
            if !fine {
                errors.push(Invalid::new(field, reason));
            }
        };
        bound(fields.kind != Some(TitleKind::Text), "kind", "is film or series");
        bound(fields.from_year.is_none_or(|year| YEARS.contains(&year)), "from_year", "is 1888 to 2100");
        bound(fields.to_year.is_none_or(|year| YEARS.contains(&year)), "to_year", "is 1888 to 2100");
        let turned = fields.from_year.zip(fields.to_year).is_some_and(|(from, to)| from > to);
        bound(!turned, "from_year", "is not after to_year");
        bound(fields.min_rating.is_none() || filter.min_rating.is_some(), "min_rating", "is 0 to 10");
        bound(fields.max_runtime.is_none_or(|most| RUNTIMES.contains(&most)), "max_runtime", "is 1 to 1000");
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }

    /// The fields that make it, in their canonical form.
    pub fn fields(&self) -> FilterFields {
        FilterFields {
            q: self.text.clone(),
            kind: self.kind,
            genre: (!self.genres.is_empty()).then(|| self.genres.join(",")),
            country: (!self.countries.is_empty()).then(|| self.countries.join(",")),
            from_year: self.from_year,
            to_year: self.to_year,
            min_rating: self.min_rating.map(|hundredths| f64::from(hundredths) / 100.0),
            max_runtime: self.max_runtime,
            family: self.family,
            provider: self.provider.clone(),
        }
    }

    /// The words that a name has to have, if any: finding them is for a search.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Films or series only.
    pub fn kind(&self) -> Option<TitleKind> {
        self.kind
    }

    /// Keys of genres: a title has one of them. None: whatever genre.
    pub fn genres(&self) -> &[&'static str] {
        &self.genres
    }

    /// A title is from one of these countries. None: wherever it was made.
    pub fn countries(&self) -> &[String] {
        &self.countries
    }

    /// The same for a title that somebody else has already found to fit, and of which not everything is known here.
    pub fn may_admit(&self, title: &Title) -> bool {
        let known = Self {
            provider: None,
            from_year: self.from_year.filter(|_| title.year.is_some()),
            to_year: self.to_year.filter(|_| title.year.is_some()),
            max_runtime: self.max_runtime.filter(|_| title.runtime_min.is_some()),
            min_rating: self.min_rating.filter(|_| title.rating.is_some()),
            countries: if title.countries.is_empty() { Vec::new() } else { self.countries.clone() },
            ..self.clone()
        };
        known.admits(title)
    }

    /// Whether a title fits, whatever its name. One of which the year, the rating or the runtime is not known does not fit where that is
    /// asked for.
    pub fn admits(&self, title: &Title) -> bool {
        let has = |genre: &&str| title.genres.iter().any(|its| its == genre);
        self.provider.is_none()
            && self.kind.is_none_or(|kind| kind == title.kind)
            && self.from_year.is_none_or(|from| title.year.is_some_and(|year| year >= from))
            && self.to_year.is_none_or(|to| title.year.is_some_and(|year| year <= to))
            && self.max_runtime.is_none_or(|most| title.runtime_min.is_some_and(|runtime| runtime <= most))
            && self.min_rating.is_none_or(|least| {
                title.rating.and_then(|rating| hundredths(f64::from(rating))).is_some_and(|its| its >= least)
            })
            && (self.genres.is_empty() || self.genres.iter().any(has))
            && (self.countries.is_empty() || title.countries.iter().any(|its| self.countries.contains(its)))
            && (!self.family || (has(&"family") && !NOT_FOR_CHILDREN.iter().any(has)))
    }
}

/// A rating in hundredths; `None`: it is not one.
fn hundredths(rating: f64) -> Option<u16> {
    if !(0.0..=10.0).contains(&rating) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 1000")]
    let hundredths = (rating * 100.0).round() as u16;
    Some(hundredths)
}

fn line(field: &'static str, typed: Option<&str>, most: usize, errors: &mut Vec<Invalid>) -> Option<String> {
    match clean_line(typed?, most) {
        Ok(line) => Some(line),
        // Nothing was asked for.
        Err(BadLine::Empty) => None,
        Err(BadLine::TooLong) => {
            errors.push(Invalid::new(field, format!("has at most {most} characters")));
            None
        }
    }
}

fn listed(typed: &str) -> impl Iterator<Item = &str> {
    typed.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn genres(typed: &str, errors: &mut Vec<Invalid>) -> Vec<&'static str> {
    if listed(typed).any(|item| !GENRES.contains(&item)) {
        errors.push(Invalid::new("genre", "is no genre that there is"));
    }
    GENRES.into_iter().filter(|genre| listed(typed).any(|item| item == *genre)).collect()
}

fn countries(typed: &str, errors: &mut Vec<Invalid>) -> Vec<String> {
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    if listed(typed).any(|item| !is_code(item)) {
        errors.push(Invalid::new("country", "is two letters"));
        return Vec::new();
    }
    let mut countries: Vec<String> = listed(typed).map(str::to_ascii_uppercase).collect();
    countries.sort_unstable();
    countries.dedup();
    if countries.len() > MAX_COUNTRIES {
        errors.push(Invalid::new("country", format!("at most {MAX_COUNTRIES} at once")));
        return Vec::new();
    }
    countries
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.map(|kind| if kind == TitleKind::Series { "series" } else { "film" });
        let FilterFields { q, genre, country, from_year, to_year, max_runtime, provider, .. } = self.fields();
        let written = [
            ("q", q),
            ("kind", kind.map(str::to_owned)),
            ("genre", genre),
            ("country", country),
            ("from_year", from_year.map(|year| year.to_string())),
            ("to_year", to_year.map(|year| year.to_string())),
            ("min_rating", self.min_rating.map(|rating| format!("{}.{:02}", rating / 100, rating % 100))),
            ("max_runtime", max_runtime.map(|most| most.to_string())),
            ("family", self.family.then(|| "true".to_owned())),
            ("provider", provider),
        ];
        f.write_str("?")?;
        let written = written.into_iter().filter_map(|(name, value)| Some((name, value?)));
        for ((name, value), between) in written.zip(std::iter::once("").chain(std::iter::repeat("&"))) {
            write!(f, "{between}{name}={}", value.replace('%', "%25").replace('&', "%26"))?;
        }
        Ok(())
    }
}

/// A text that is no filter's canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a filter in its canonical form")]
pub struct InvalidFilter;

impl FromStr for Filter {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        if text.len() > MAX_FILTER_BYTES {
            return Err(InvalidFilter);
        }
        let written = text.strip_prefix('?').ok_or(InvalidFilter)?;
        let mut fields = FilterFields::default();
        for part in written.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(InvalidFilter)?;
            fields.set(name, value.replace("%26", "&").replace("%25", "%"))?;
        }
        let filter = Self::new(&fields).map_err(|_| InvalidFilter)?;
        if filter.to_string() == text { Ok(filter) } else { Err(InvalidFilter) }
    }
}

impl FilterFields {
    fn set(&mut self, name: &str, value: String) -> Result<(), InvalidFilter> {
        fn number<T: FromStr>(value: &str) -> Result<Option<T>, InvalidFilter> {
            value.parse().map(Some).map_err(|_| InvalidFilter)
        }
        match name {
            "q" => self.q = Some(value),
            "kind" if value == "film" => self.kind = Some(TitleKind::Film),
            "kind" if value == "series" => self.kind = Some(TitleKind::Series),
            "genre" => self.genre = Some(value),
            "country" => self.country = Some(value),
            "from_year" => self.from_year = number(&value)?,
            "to_year" => self.to_year = number(&value)?,
            "min_rating" => self.min_rating = number(&value)?,
            "max_runtime" => self.max_runtime = number(&value)?,
            "family" => self.family = true,
            "provider" => self.provider = Some(value),
            _ => return Err(InvalidFilter),
        }
        Ok(())
    }
}
