//! What can be wrong with a file of titles, line by line.

use sovpalo_domain::ids::TitleId;

use super::column::Column;

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing to read.
    #[error("the file is empty; its first line names the columns")]
    Empty,
    /// It begins like UTF-16 and goes on as something else.
    #[error("it is not whole UTF-16 text; save the file as UTF-8")]
    NotUtf16,
    /// The rest of the file is in one cell.
    #[error(
        "the quote that is opened in line {line} is not closed: everything after it was read as one value"
    )]
    OpenQuote {
        /// Where it is opened.
        line: u64,
    },
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
    #[error("it has {found} values for {expected} columns (is a text or number with a comma not in quotes?)")]
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
    /// The same title once more, told otherwise.
    #[error(
        "line {line} has the same name and year, and says something else (give each an id if they are two)"
    )]
    RepeatedTitle {
        /// Where it is first.
        line: u64,
    },
    /// The CSV reader gave up.
    #[error("it cannot be read as CSV")]
    Unreadable,
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
