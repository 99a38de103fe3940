//! One line of a file of titles: what each column may hold, and what is wrong with what it holds.

use std::fmt;

use sovpalo_domain::ids::TitleId;

use super::{GENRES, TitleKind};

/// A name is at most this many characters.
const MAX_NAME: usize = 200;
/// An overview is at most this many characters.
const MAX_OVERVIEW: usize = 500;
/// Browsers and proxies cut longer addresses.
const MAX_POSTER: usize = 2000;
/// A message quotes at most this much of a value.
const QUOTED: usize = 40;

/// A column of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// `id`
    Id,
    /// `kind`
    Kind,
    /// `name_en`
    NameEn,
    /// `name_ru`
    NameRu,
    /// `original_name`
    OriginalName,
    /// `year`
    Year,
    /// `runtime_min`
    RuntimeMin,
    /// `genres`
    Genres,
    /// `countries`
    Countries,
    /// `rating`
    Rating,
    /// `overview_en`
    OverviewEn,
    /// `overview_ru`
    OverviewRu,
    /// `poster`
    Poster,
}

impl Column {
    const ALL: [(Self, &'static str); 13] = [
        (Self::Id, "id"),
        (Self::Kind, "kind"),
        (Self::NameEn, "name_en"),
        (Self::NameRu, "name_ru"),
        (Self::OriginalName, "original_name"),
        (Self::Year, "year"),
        (Self::RuntimeMin, "runtime_min"),
        (Self::Genres, "genres"),
        (Self::Countries, "countries"),
        (Self::Rating, "rating"),
        (Self::OverviewEn, "overview_en"),
        (Self::OverviewRu, "overview_ru"),
        (Self::Poster, "poster"),
    ];

    /// The column with this name in the header.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, its)| *its == name).map(|(column, _)| *column)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(column, _)| column == self).map_or("?", |(_, name)| name);
        f.write_str(name)
    }
}

/// A value that its column cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{column} is {value:?}, but {expected}")]
pub struct BadValue {
    /// Where it stands.
    pub column: Column,
    /// The beginning of it.
    pub value: String,
    /// What the column may hold.
    pub expected: String,
}

/// The cells of one line, by their columns.
pub(super) struct Row<'a> {
    pub(super) columns: &'a [Column],
    pub(super) cells: &'a csv::StringRecord,
}

/// What a cell gives: nothing if it is empty or not there.
type Cell<T> = Result<Option<T>, BadValue>;

impl Row<'_> {
    pub(super) fn id(&self) -> Cell<TitleId> {
        self.read(Column::Id, "it may have 1 to 32 of A-Z a-z 0-9 _ -", |text| TitleId::new(text).ok())
    }

    /// A line that says nothing is about a film.
    pub(super) fn kind(&self) -> Cell<TitleKind> {
        self.read(Column::Kind, "it can be film or series", |text| match text {
            "film" => Some(TitleKind::Film),
            "series" => Some(TitleKind::Series),
            _ => None,
        })
    }

    pub(super) fn name(&self, column: Column) -> Cell<String> {
        self.line(column, MAX_NAME)
    }

    pub(super) fn overview(&self, column: Column) -> Cell<String> {
        self.line(column, MAX_OVERVIEW)
    }

    pub(super) fn year(&self) -> Cell<u16> {
        let possible = |year: &u16| (1888..=2100).contains(year);
        let read = |text: &str| text.parse().ok().filter(possible);
        self.read(Column::Year, "the first film is from 1888 and none from after 2100", read)
    }

    pub(super) fn runtime_min(&self) -> Cell<u16> {
        let possible = |minutes: &u16| (1..=1000).contains(minutes);
        let read = |text: &str| text.parse().ok().filter(possible);
        self.read(Column::RuntimeMin, "it is a number of minutes from 1 to 1000", read)
    }

    pub(super) fn rating(&self) -> Cell<f32> {
        let possible = |rating: &f32| (0.0..=10.0).contains(rating);
        // A table in a Russian office writes 7,5.
        let read = |text: &str| text.replace(',', ".").parse().ok().filter(possible);
        self.read(Column::Rating, "it is a number from 0 to 10", read)
    }

    pub(super) fn genres(&self) -> Result<Vec<String>, BadValue> {
        let expected = || format!("genres are {}, with ; between them", GENRES.join(", "));
        self.list(Column::Genres, expected, |genre| {
            let genre = genre.to_lowercase();
            GENRES.contains(&genre.as_str()).then_some(genre)
        })
    }

    pub(super) fn countries(&self) -> Result<Vec<String>, BadValue> {
        let expected =
            || "countries are two capital letters each (FR, JP, SU), with ; between them".to_owned();
        self.list(Column::Countries, expected, |country| {
            let code = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
            code.then(|| country.to_owned())
        })
    }

    pub(super) fn poster(&self) -> Cell<String> {
        self.read(Column::Poster, "it is an address that begins with https://", |text| {
            let host = text.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
            let of_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
            let of_address = |b: u8| b > b' ' && !matches!(b, b'"' | b'<' | b'>' | b'\\' | 0x7F);
            let possible = host.starts_with(char::is_alphanumeric)
                && host.chars().all(of_host)
                && text.bytes().all(of_address)
                && text.len() <= MAX_POSTER;
            possible.then(|| text.to_owned())
        })
    }

    /// One line of text. A line break in a cell is nearly always a quote that was left open.
    fn line(&self, column: Column, max_chars: usize) -> Cell<String> {
        let expected = format!("it is one line of at most {max_chars} characters (is a quote left open?)");
        self.read(column, &expected, |text| {
            let possible = text.chars().count() <= max_chars && !text.contains(char::is_control);
            possible.then(|| text.to_owned())
        })
    }

    fn read<T>(&self, column: Column, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Cell<T> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        read(text).map(Some).ok_or_else(|| bad(column, text, expected.to_owned()))
    }

    fn list(
        &self,
        column: Column,
        expected: impl FnOnce() -> String,
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<String>, BadValue> {
        let mut list = Vec::new();
        for item in self.cell(column).split([';', ',', '|']).map(str::trim).filter(|item| !item.is_empty()) {
            let Some(item) = read(item) else { return Err(bad(column, item, expected())) };
            if !list.contains(&item) {
                list.push(item);
            }
        }
        Ok(list)
    }

    fn cell(&self, column: Column) -> &str {
        let at = self.columns.iter().position(|its| *its == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or_default().trim()
    }
}

fn bad(column: Column, value: &str, expected: String) -> BadValue {
    BadValue { column, value: value.chars().take(QUOTED).collect(), expected }
}
