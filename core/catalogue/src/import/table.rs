//! From the bytes of a file to lines of cells: encoding, separator, quotes, and which line of an editor each is.
//!
//! UTF-8 and UTF-16 are read, with or without a byte order mark. The separator is the one that Excel's `sep=` line names, else
//! whichever of comma, semicolon and tab parts the header into the most known columns. Lines end with LF, CRLF or CR.

use std::collections::BTreeSet;

use super::{column::Column, problem::Problem};
use crate::cells::{Editor, NotUtf16, after_hint, byte_of, decode, open_quote};

/// What may separate cells.
const SEPARATORS: [u8; 3] = *b",;\t";

/// The cells of one line.
pub(super) type Cells = csv::StringRecord;

/// A file whose header is understood.
pub(super) struct Table {
    /// The column of each place; `None`: it has no name, and is not read.
    pub(super) columns: Vec<Option<Column>>,
    /// What follows the header: the number of a line as an editor counts it, from 1, and its cells.
    pub(super) lines: Vec<(u64, Result<Cells, Problem>)>,
}

/// Reads a file, or says what is wrong with its header, and in which line that is.
pub(super) fn read(file: &[u8]) -> Result<Table, (u64, Vec<Problem>)> {
    let text = decode(file).map_err(|NotUtf16| (1, vec![Problem::NotUtf16]))?;
    let (separator, body) = after_hint(&text);
    let separator = separator.unwrap_or_else(|| separator_of(body));
    let mut editor = Editor::at_the_start_of(&text);
    let before = text.len() - body.len();

    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(body);
    let mut records = reader.byte_records();
    let header = records.next().and_then(Result::ok).unwrap_or_default();
    let header_line = editor.line_of(before + byte_of(header.position()));
    let columns = columns(&header).map_err(|problems| (header_line, problems))?;

    let mut lines = Vec::new();
    for record in records {
        let (at, cells) = match record {
            Ok(record) => {
                let at = byte_of(record.position());
                (at, Cells::from_byte_record(record).map_err(|_| Problem::NotUtf8))
            }
            Err(error) => (byte_of(error.position()), Err(Problem::Unreadable)),
        };
        lines.push((editor.line_of(before + at), cells));
    }
    if let Some(at) = open_quote(body, separator) {
        let line = Editor::at_the_start_of(&text).line_of(before + at);
        // Everything after the quote is inside it.
        match lines.last_mut() {
            Some((_, cells)) => *cells = Err(Problem::OpenQuote { line }),
            None => return Err((line, vec![Problem::OpenQuote { line }])),
        }
    }
    Ok(Table { columns, lines })
}

fn separator_of(body: &[u8]) -> u8 {
    let header = body.trim_ascii_start();
    let end = header.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(header.len());
    let known = |separator: u8| {
        let names: Vec<&[u8]> = header[..end].split(|byte| *byte == separator).collect();
        let known: BTreeSet<_> = names.iter().filter_map(|name| Column::named(&name_of(name))).collect();
        (known.len(), names.len())
    };
    // Of several equals the last one: the comma.
    SEPARATORS.into_iter().rev().max_by_key(|separator| known(*separator)).unwrap_or(b',')
}

/// A column's name without what spreadsheets put around it.
fn name_of(cell: &[u8]) -> String {
    let cell = String::from_utf8_lossy(cell);
    let bare = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\u{FEFF}' | '\u{200B}'));
    bare.to_lowercase().replace([' ', '-'], "_")
}

fn columns(header: &csv::ByteRecord) -> Result<Vec<Option<Column>>, Vec<Problem>> {
    if header.iter().all(<[u8]>::is_empty) {
        return Err(vec![Problem::Empty]);
    }
    let (mut columns, mut problems) = (Vec::new(), Vec::new());
    for cell in header {
        let name = name_of(cell);
        match Column::named(&name) {
            None if name.is_empty() => columns.push(None),
            None => problems.push(Problem::UnknownColumn(String::from_utf8_lossy(cell).trim().to_owned())),
            Some(column) if columns.contains(&Some(column)) => problems.push(Problem::RepeatedColumn(column)),
            Some(column) => columns.push(Some(column)),
        }
    }
    if !columns.contains(&Some(Column::NameEn)) && !columns.contains(&Some(Column::NameRu)) {
        problems.push(Problem::NoNameColumn);
    }
    if problems.is_empty() { Ok(columns) } else { Err(problems) }
}
