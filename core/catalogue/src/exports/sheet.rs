//! A file of cells under a header that is known.

use sovpalo_domain::title::TitleMark;

use super::{
    collected::Lines,
    header::{Field, Header, LOOKED_AT},
    meant::Named,
    reason::Reason,
};
use crate::{
    cells::{Editor, after_hint, byte_of},
    import::{Number, kind, year},
};

/// What may separate cells, the likeliest last.
const SEPARATORS: [u8; 3] = *b"\t;,";

/// Reads the lines of a file, if its header is known. `file` is its name.
pub(super) fn read(text: &[u8], file: Option<&str>, lines: &mut Lines<'_, '_>) -> bool {
    let (hinted, body) = after_hint(text);
    let tried = SEPARATORS.into_iter().filter(|separator| hinted.is_none_or(|hinted| hinted == *separator));
    let found = tried.filter_map(|separator| Some((separator, header(body, separator)?)));
    // Of several equals the last one.
    let Some((separator, header)) = found.max_by_key(|(_, header)| header.known()) else { return false };
    let file_says = file.and_then(mark_by_name);
    let mut editor = Editor::at_the_start_of(text);
    let before = text.len() - body.len();
    for record in reader(body, separator).byte_records().skip(header.records) {
        let at = match &record {
            Ok(record) => byte_of(record.position()),
            Err(error) => byte_of(error.position()),
        };
        let line = editor.line_of(before + at);
        let cells = record
            .map_err(|_| Reason::NotText)
            .and_then(|record| csv::StringRecord::from_byte_record(record).map_err(|_| Reason::NotText));
        let goes_on = match cells {
            // Spreadsheets leave lines of empty cells.
            Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => true,
            Ok(cells) => lines.add(line, named(&header, &cells), mark(&header, &cells).or(file_says)),
            Err(reason) => lines.add(line, Err(reason), None),
        };
        if !goes_on {
            break;
        }
    }
    true
}

fn reader(body: &[u8], separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(body)
}

fn header(body: &[u8], separator: u8) -> Option<Header> {
    let first: Vec<_> =
        reader(body, separator).into_byte_records().take(LOOKED_AT).map_while(Result::ok).collect();
    Header::find(first.iter())
}

fn named(header: &Header, cells: &csv::StringRecord) -> Result<Named, Reason> {
    let word = header.cell(cells, Field::Kind);
    if word.is_some_and(is_no_film) {
        return Err(Reason::NoFilm);
    }
    // A kind that nobody here has heard of may be one of either.
    let kind = word.and_then(kind);
    let year = match header.cell(cells, Field::Year).map(year) {
        Some(Number::Known(year)) => Some(year),
        // What is no year is not worth losing a title for.
        Some(Number::Unknown | Number::Bad) | None => None,
    };
    let names: Vec<String> = header.cells(cells, Field::Name).map(str::to_owned).collect();
    if names.is_empty() {
        return Err(Reason::NoName);
    }
    let imdb = header.cell(cells, Field::Imdb).map(str::to_owned);
    Ok(Named { imdb, names, year, kind })
}

/// IMDb's lists have games in them, and single episodes.
fn is_no_film(kind: &str) -> bool {
    const OTHERS: [&str; 7] = ["game", "episode", "podcast", "music video", "игра", "эпизод", "подкаст"];
    let kind = kind.to_lowercase();
    OTHERS.iter().any(|other| kind.contains(other))
}

/// What a line says by itself: who has rated a title has watched it.
fn mark(header: &Header, cells: &csv::StringRecord) -> Option<TitleMark> {
    header.cell(cells, Field::Watched).map(|_| TitleMark::Watched)
}

/// What the name of an export's file says.
fn mark_by_name(file: &str) -> Option<TitleMark> {
    const WANTED: [&str; 5] = ["watchlist", "wishlist", "want", "future", "буду смотреть"];
    const WATCHED: [&str; 8] =
        ["watched", "diary", "rating", "review", "votes", "likes", "оценки", "просмотрен"];
    let name = file.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&WANTED) {
        return Some(TitleMark::Wanted);
    }
    has(&WATCHED).then_some(TitleMark::Watched)
}
