//! One line of a file of titles: what each column may hold, and what is wrong with what it holds.

use sovpalo_domain::{
    ids::TitleId,
    title::{GENRES, TitleKind, clean_line},
};

use super::{
    column::Column,
    numbers::{self, Number},
    problem::BadValue,
    table::Cells,
    words,
};

/// A name is at most this many characters.
const MAX_NAME: usize = 200;
/// Of an overview so many characters are kept.
const MAX_OVERVIEW: usize = 500;
/// A longer one is no overview: a quote was left open, and the lines after it are in it.
const TOO_MUCH: usize = 10_000;
/// Browsers and proxies cut longer addresses.
const MAX_POSTER: usize = 2000;
/// A message quotes at most this much of a value.
const QUOTED: usize = 40;

/// The cells of one line, by their columns.
pub(super) struct Row<'a> {
    pub(super) columns: &'a [Option<Column>],
    pub(super) cells: &'a Cells,
}

/// What a cell gives: nothing if it is empty, not there, or says that nobody knows.
type Cell<T> = Result<Option<T>, BadValue>;

impl Row<'_> {
    pub(super) fn id(&self) -> Cell<TitleId> {
        self.read(Column::Id, "it may have 1 to 32 of A-Z a-z 0-9 _ -", |text| {
            // A spreadsheet makes 17.0 of the id 17.
            let whole = text.strip_suffix(".0").filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
            TitleId::new(whole.unwrap_or(text)).ok()
        })
    }

    pub(super) fn kind(&self) -> Cell<TitleKind> {
        self.read(Column::Kind, "it can be film or series", words::kind)
    }

    /// One line of text. A line break in a name is nearly always a quote that was left open.
    pub(super) fn name(&self, column: Column) -> Cell<String> {
        let expected = format!("it is one line of at most {MAX_NAME} characters (is a quote left open?)");
        let Some(text) = self.text(column) else { return Ok(None) };
        let name = (!text.contains(['\n', '\r'])).then(|| clean_line(text, MAX_NAME).ok()).flatten();
        name.map(Some).ok_or_else(|| bad(column, text, expected))
    }

    /// Line breaks become spaces, and a long text is cut at the end of a word.
    pub(super) fn overview(&self, column: Column) -> Cell<String> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let line = clean_line(text, TOO_MUCH).map_err(|_| {
            bad(column, text, format!("it is at most {TOO_MUCH} characters (is a quote left open?)"))
        })?;
        Ok(Some(cut(line)))
    }

    pub(super) fn year(&self) -> Cell<u16> {
        self.number(Column::Year, "the first film is from 1888 and none from after 2100", numbers::year)
    }

    pub(super) fn runtime_min(&self) -> Cell<u16> {
        self.number(Column::RuntimeMin, "it is a number of minutes from 1 to 1000", numbers::runtime)
    }

    pub(super) fn rating(&self) -> Cell<f32> {
        self.number(Column::Rating, "it is a number from 0 to 10", numbers::rating)
    }

    pub(super) fn genres(&self) -> Result<Vec<String>, BadValue> {
        let expected = || format!("genres are {}, with ; between them", GENRES.join(", "));
        self.list(Column::Genres, expected, |word| {
            words::genres(word).map(|genres| genres.iter().map(|genre| (*genre).to_owned()).collect())
        })
    }

    pub(super) fn countries(&self) -> Result<Vec<String>, BadValue> {
        let expected =
            || "countries are two letters each (FR, JP, SU) or their names, with ; between them".into();
        self.list(Column::Countries, expected, |word| words::country(word).map(|code| vec![code]))
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

    fn number<T>(&self, column: Column, expected: &str, read: impl FnOnce(&str) -> Number<T>) -> Cell<T> {
        let Some(text) = self.value(column) else { return Ok(None) };
        match read(text) {
            Number::Known(number) => Ok(Some(number)),
            Number::Unknown => Ok(None),
            Number::Bad => Err(bad(column, text, expected.to_owned())),
        }
    }

    fn read<T>(&self, column: Column, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Cell<T> {
        let Some(text) = self.value(column) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| bad(column, text, expected.to_owned()))
    }

    /// Also `['Drama', 'War']`, as other programs write a list into a cell.
    fn list(
        &self,
        column: Column,
        expected: impl FnOnce() -> String,
        read: impl Fn(&str) -> Option<Vec<String>>,
    ) -> Result<Vec<String>, BadValue> {
        let mut list = Vec::new();
        let items = self.value(column).unwrap_or_default().split([';', ',', '|', '/', '\n']);
        let items = items.map(|item| item.trim_matches(|c: char| c.is_whitespace() || "[]'\"".contains(c)));
        for item in items.filter(|item| !item.is_empty()) {
            let Some(read) = read(item) else { return Err(bad(column, item, expected())) };
            for item in read {
                if !list.contains(&item) {
                    list.push(item);
                }
            }
        }
        Ok(list)
    }

    /// A cell of text; programs write `\N`, `null` or an error of theirs where there is none.
    fn text(&self, column: Column) -> Option<&str> {
        let at = self.columns.iter().position(|its| *its == Some(column))?;
        let text = self.cells.get(at)?.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        let unknown = matches!(text, "" | "\\N" | "null" | "NULL" | "undefined" | "(null)")
            || text.starts_with("#N/A")
            || text.starts_with("#VALUE!")
            || text.starts_with("#REF!");
        (!unknown).then_some(text)
    }

    /// A cell of anything else, where also words and dashes say that nobody knows.
    fn value(&self, column: Column) -> Option<&str> {
        const UNKNOWN: [&str; 13] = [
            "n/a",
            "na",
            "nan",
            "none",
            "nil",
            "null",
            "unknown",
            "tba",
            "tbd",
            "неизвестно",
            "н/д",
            "нет",
            "nd",
        ];
        let text = self.text(column)?;
        let says_nothing = text.chars().all(|c| matches!(c, '-' | '–' | '—' | '?' | '.' | '_'))
            || UNKNOWN.contains(&text.to_lowercase().as_str());
        (!says_nothing).then_some(text)
    }
}

/// At most [`MAX_OVERVIEW`] characters of a line, whole words, and a sign that there was more.
fn cut(line: String) -> String {
    if line.chars().count() <= MAX_OVERVIEW {
        return line;
    }
    let end = line.char_indices().nth(MAX_OVERVIEW - 1).map_or(line.len(), |(end, _)| end);
    let kept = &line[..end];
    let words = kept.rfind(' ').filter(|space| *space > end / 2).map_or(kept, |space| &kept[..space]);
    format!("{}…", words.trim_end_matches(|c: char| c == ' ' || c.is_ascii_punctuation()))
}

fn bad(column: Column, value: &str, expected: String) -> BadValue {
    BadValue { column, value: value.chars().take(QUOTED).collect(), expected }
}
