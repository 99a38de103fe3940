//! A file of titles, as an operator writes it in a spreadsheet.
//!
//! The first line names the columns, in any order: `name_en` or `name_ru`, and as many as one likes of `id`, `kind`,
//! `original_name`, `year`, `runtime_min`, `genres`, `countries`, `rating`, `overview_en`, `overview_ru`, `poster`. The
//! built-in catalogue is such a file.
//!
//! Values are read as spreadsheets and other catalogues write them (`1987.0`, `2h 16m`, `Science Fiction`, `\\N`); what says that
//! nobody knows is not known. [`read`] gives what was understood beside what was not, so that an operator may take the good lines;
//! [`parse`] takes all or nothing. A title without an id gets one from its name, its year and whether it is a series: importing
//! a corrected file again changes the same titles and adds no second ones.

mod column;
mod numbers;
mod problem;
mod row;
mod table;
mod words;

use std::{collections::HashMap, fmt};

use sovpalo_domain::ids::TitleId;

use self::row::Row;
pub use self::{
    column::Column,
    problem::{BadValue, Problem},
};
pub(crate) use self::{
    numbers::{Number, year},
    words::kind,
};
use super::{
    Title, TitleKind,
    identity::{id_of, is_derived, named},
};

/// So many mistakes are shown; a file of another kind has one in every line.
const SHOWN: usize = 100;

/// What a title of a name and year is.
pub type KindOf = fn(&str, Option<u16>) -> Option<TitleKind>;

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The titles of the lines that were understood.
    pub titles: Vec<Title>,
    /// Everything that was not, in the order of the lines.
    pub flaws: Vec<Flaw>,
    /// How many lines said the same as one before them.
    pub repeated: usize,
}

/// Everything that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFile {
    /// In the order of the lines.
    pub flaws: Vec<Flaw>,
}

/// Something wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct Flaw {
    /// Counted as an editor counts them; the header is 1.
    pub line: u64,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for BadFile {
    /// One line for every flaw, up to a limit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, flaw) in self.flaws.iter().take(SHOWN).enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{flaw}")?;
        }
        match self.flaws.len().checked_sub(SHOWN) {
            Some(more @ 1..) => write!(f, "\nand {more} more"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for BadFile {}

/// Reads a whole file of which every line has to be good.
pub fn parse(file: &[u8]) -> Result<Vec<Title>, BadFile> {
    let Import { titles, flaws, .. } = read(file, |_, _| None)?;
    if flaws.is_empty() { Ok(titles) } else { Err(BadFile { flaws }) }
}

/// Reads what can be read. `kind_of` says what a title of this name and year is, for a line that does not; one that nobody
/// knows is a film. An error: the header cannot be read, and with it nothing.
pub fn read(file: &[u8], kind_of: KindOf) -> Result<Import, BadFile> {
    let table = table::read(file).map_err(|(line, problems)| BadFile {
        flaws: problems.into_iter().map(|problem| Flaw { line, problem }).collect(),
    })?;
    let mut reading = Reading::default();
    for (line, cells) in table.lines {
        let read = cells
            .map_err(|problem| vec![problem])
            .and_then(|cells| title_of(&table.columns, &cells, kind_of))
            .and_then(|title| title.map_or(Ok(()), |(title, own_id)| reading.add(line, title, own_id)));
        if let Err(problems) = read {
            reading.flaws.extend(problems.into_iter().map(|problem| Flaw { line, problem }));
        }
    }
    let Reading { titles, flaws, repeated, .. } = reading;
    Ok(Import { titles, flaws, repeated })
}

/// A name in its normal form, film or series, and the year.
type NamedOfYear = (String, TitleKind, Option<u16>);
/// The line of a title, and its place among those that were understood.
type LineOfTitle = (u64, usize);

/// What was understood so far.
#[derive(Default)]
struct Reading {
    titles: Vec<Title>,
    flaws: Vec<Flaw>,
    repeated: usize,
    /// The line of each id.
    ids: HashMap<TitleId, u64>,
    named: HashMap<NamedOfYear, Vec<LineOfTitle>>,
}

impl Reading {
    fn add(&mut self, line: u64, title: Title, own_id: bool) -> Result<(), Vec<Problem>> {
        let name = named(&title.name_en, title.kind).map(|(name, kind)| (name, kind, title.year));
        let named = name.map(|name| self.named.entry(name).or_default());
        // Two that are told apart by ids of their own are two, whatever they are called.
        let mut called_so = named.iter().flat_map(|named| named.iter());
        let rival = called_so.find(|(_, other)| !own_id || is_derived(&self.titles[*other]));
        if let Some((first, other)) = rival {
            if !says_the_same(&title, &self.titles[*other]) {
                return Err(vec![Problem::RepeatedTitle { line: *first }]);
            }
            self.repeated += 1;
            return Ok(());
        }
        if let Some(first) = self.ids.get(&title.id) {
            return Err(vec![Problem::RepeatedId { line: *first, id: title.id }]);
        }
        if let Some(named) = named {
            named.push((line, self.titles.len()));
        }
        self.ids.insert(title.id.clone(), line);
        self.titles.push(title);
        Ok(())
    }
}

/// Whether two titles differ in nothing but how their names are written.
fn says_the_same(one: &Title, other: &Title) -> bool {
    let names = |title: &Title| {
        [&title.name_en, &title.name_ru].map(|name| named(name, title.kind).map(|(name, _)| name))
    };
    let (id, name_en, name_ru) = (one.id.clone(), one.name_en.clone(), one.name_ru.clone());
    names(one) == names(other) && Title { id, name_en, name_ru, ..other.clone() } == *one
}

/// What a line says; `None`: nothing.
fn title_of(
    columns: &[Option<Column>],
    cells: &table::Cells,
    kind_of: KindOf,
) -> Result<Option<(Title, bool)>, Vec<Problem>> {
    let says_something = |cell: &str| !cell.trim().is_empty();
    // Spreadsheets leave empty cells at the end, and lines of nothing else.
    if cells.iter().skip(columns.len()).any(says_something) {
        return Err(vec![Problem::Width { found: cells.len(), expected: columns.len() }]);
    }
    if !cells.iter().any(says_something) {
        return Ok(None);
    }
    title(&Row { columns, cells }, kind_of).map(Some)
}

/// A title, and whether its line gave it an id.
fn title(row: &Row<'_>, kind_of: KindOf) -> Result<(Title, bool), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut keep = Keep(&mut problems);
    let id = keep.value(row.id());
    let kind = keep.value(row.kind());
    let name_en = keep.value(row.name(Column::NameEn));
    let name_ru = keep.value(row.name(Column::NameRu));
    let original_name = keep.value(row.name(Column::OriginalName));
    let year = keep.value(row.year());
    let runtime_min = keep.value(row.runtime_min());
    let genres = keep.value(row.genres());
    let countries = keep.value(row.countries());
    let rating = keep.value(row.rating());
    let overview_en = keep.value(row.overview(Column::OverviewEn));
    let overview_ru = keep.value(row.overview(Column::OverviewRu));
    let poster = keep.value(row.poster());
    let Some(name) = name_en.clone().or_else(|| name_ru.clone()) else {
        if problems.is_empty() {
            problems.push(Problem::NoName);
        }
        return Err(problems);
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let kind = kind.or_else(|| kind_of(&name, year)).unwrap_or(TitleKind::Film);
    let own_id = id.is_some();
    let title = Title {
        id: id.unwrap_or_else(|| id_of(&name, year, kind)),
        kind,
        name_en: name_en.unwrap_or_else(|| name.clone()),
        name_ru: name_ru.unwrap_or(name),
        original_name,
        year,
        runtime_min,
        genres,
        countries,
        rating,
        overview_en,
        overview_ru,
        poster,
    };
    Ok((title, own_id))
}

/// Collects what is wrong and goes on, so that a line is complained about once.
struct Keep<'a>(&'a mut Vec<Problem>);

impl Keep<'_> {
    fn value<T: Default>(&mut self, value: Result<T, BadValue>) -> T {
        value.unwrap_or_else(|bad| {
            self.0.push(bad.into());
            T::default()
        })
    }
}
