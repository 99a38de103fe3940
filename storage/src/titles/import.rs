//! A file of titles, as an operator writes it in a spreadsheet.
//!
//! The first line names the columns, in any order: `name_en` or `name_ru`, and as many as one likes of `id`, `kind`,
//! `original_name`, `year`, `runtime_min`, `genres`, `countries`, `rating`, `overview_en`, `overview_ru`, `poster`. The
//! built-in catalogue is such a file.
//!
//! Either every line is understood or none is taken: [`parse`] reports everything that is wrong at once, each with the
//! number of its line. A title without an id gets one from its name and year, so importing a corrected file again
//! changes the same titles and adds no second ones.

use std::{collections::HashMap, fmt};

use sha2::{Digest, Sha256};
use sovpalo_domain::ids::TitleId;

pub use super::row::{BadValue, Column};
use super::{Title, TitleKind, row::Row};

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

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing to read.
    #[error("the file is empty; its first line names the columns")]
    Empty,
    /// Another kind of CSV.
    #[error("the columns are separated by semicolons or tabs, and must be by commas")]
    NotCommas,
    /// A column nobody knows.
    #[error("there is no column {0:?}")]
    UnknownColumn(String),
    /// A column that is there already.
    #[error("the column {0} is named twice")]
    RepeatedColumn(Column),
    /// A title needs a name.
    #[error("there is neither a column name_en nor a column name_ru")]
    NoNameColumn,
    /// A comma too many or too few, or a quote that is not closed.
    #[error("it has {found} values for {expected} columns (is a text with a comma not in quotes?)")]
    Width {
        /// How many there are.
        found: usize,
        /// How many the header names.
        expected: usize,
    },
    /// Not text.
    #[error("it is not UTF-8 text; save the file as UTF-8")]
    NotUtf8,
    /// A value that its column cannot hold.
    #[error(transparent)]
    Value(#[from] BadValue),
    /// A title needs a name.
    #[error("the title has no name: fill in name_en or name_ru")]
    NoName,
    /// An id that another line has.
    #[error("the id {id} is taken by line {line}")]
    RepeatedId {
        /// The id.
        id: TitleId,
        /// Who has it.
        line: u64,
    },
    /// The same title once more.
    #[error("line {line} has the same name and year")]
    RepeatedTitle {
        /// Where it is first.
        line: u64,
    },
    /// The CSV reader gave up.
    #[error("it cannot be read as CSV")]
    Unreadable,
}

impl fmt::Display for BadFile {
    /// One line for every flaw.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, flaw) in self.flaws.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{flaw}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BadFile {}

/// Reads a whole file.
pub fn parse(file: &[u8]) -> Result<Vec<Title>, BadFile> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut records = reader.byte_records();
    let header = records.next().and_then(Result::ok).unwrap_or_default();
    let columns = columns(&header).map_err(|problems| BadFile {
        flaws: problems.into_iter().map(|problem| Flaw { line: 1, problem }).collect(),
    })?;

    let mut reading = Reading::default();
    for record in records {
        match record {
            Ok(record) => {
                let line = line_of(record.position(), file);
                reading.line(line, &columns, record);
            }
            Err(error) => {
                let line = line_of(error.position(), file);
                reading.flaws.push(Flaw { line, problem: Problem::Unreadable });
            }
        }
    }
    if reading.flaws.is_empty() { Ok(reading.titles) } else { Err(BadFile { flaws: reading.flaws }) }
}

/// A record begins before the blank lines that the reader skips; people see it after them.
fn line_of(position: Option<&csv::Position>, file: &[u8]) -> u64 {
    let Some(position) = position else { return 0 };
    let rest = usize::try_from(position.byte()).ok().and_then(|byte| file.get(byte..)).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
    position.line() + blank.count() as u64
}

fn columns(header: &csv::ByteRecord) -> Result<Vec<Column>, Vec<Problem>> {
    let names: Vec<String> =
        header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    match names.as_slice() {
        [] => return Err(vec![Problem::Empty]),
        [only] if only.contains([';', '\t']) => return Err(vec![Problem::NotCommas]),
        _ => {}
    }
    let (mut columns, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        match Column::named(&name.to_lowercase()) {
            None => problems.push(Problem::UnknownColumn(name)),
            Some(column) if columns.contains(&column) => problems.push(Problem::RepeatedColumn(column)),
            Some(column) => columns.push(column),
        }
    }
    if !columns.contains(&Column::NameEn) && !columns.contains(&Column::NameRu) {
        problems.push(Problem::NoNameColumn);
    }
    if problems.is_empty() { Ok(columns) } else { Err(problems) }
}

/// What was understood so far.
#[derive(Default)]
struct Reading {
    titles: Vec<Title>,
    flaws: Vec<Flaw>,
    ids: HashMap<TitleId, u64>,
    named: HashMap<(String, Option<u16>), u64>,
}

impl Reading {
    fn line(&mut self, line: u64, columns: &[Column], record: csv::ByteRecord) {
        let read = match csv::StringRecord::from_byte_record(record) {
            Err(_) => Err(vec![Problem::NotUtf8]),
            // Spreadsheets leave lines of nothing but commas at the end.
            Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => return,
            Ok(cells) if cells.len() != columns.len() => {
                Err(vec![Problem::Width { found: cells.len(), expected: columns.len() }])
            }
            Ok(cells) => title(&Row { columns, cells: &cells }),
        };
        match read.and_then(|title| self.only_once(line, title)) {
            Ok(title) => self.titles.push(title),
            Err(problems) => self.flaws.extend(problems.into_iter().map(|problem| Flaw { line, problem })),
        }
    }

    fn only_once(&mut self, line: u64, title: Title) -> Result<Title, Vec<Problem>> {
        let named = *self.named.entry((title.name_en.to_lowercase(), title.year)).or_insert(line);
        let has_id = *self.ids.entry(title.id.clone()).or_insert(line);
        if named != line {
            Err(vec![Problem::RepeatedTitle { line: named }])
        } else if has_id != line {
            Err(vec![Problem::RepeatedId { id: title.id, line: has_id }])
        } else {
            Ok(title)
        }
    }
}

fn title(row: &Row<'_>) -> Result<Title, Vec<Problem>> {
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
    Ok(Title {
        id: id.unwrap_or_else(|| id_of(&name, year)),
        kind: kind.unwrap_or(TitleKind::Film),
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
    })
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

/// The id of a title that was given none: `i` and 64 bits of a digest.
fn id_of(name: &str, year: Option<u16>) -> TitleId {
    let year = year.map(|year| year.to_string()).unwrap_or_default();
    let digest = Sha256::digest(format!("{}\n{year}", name.to_lowercase()));
    let id = digest.iter().take(8).fold(String::from("i"), |id, byte| format!("{id}{byte:02x}"));
    TitleId::new(&id).unwrap_or_else(|_| unreachable!("17 characters of the alphabet"))
}
