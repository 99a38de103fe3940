//! Which column means what, and which line is the header.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// A name, in any language. There may be several such columns; the first says what the title is called.
    Name,
    Year,
    /// Film, series, or neither.
    Kind,
    /// IMDb's id.
    Imdb,
    /// Something that is only there of what somebody has watched.
    Watched,
    /// What exports have beside these. It tells a header from a film's name.
    Other,
}

/// A header is among the first lines: a list of Letterboxd's says first what the list is called.
pub(super) const LOOKED_AT: usize = 12;

const FIELDS: [(Field, &[&str]); 6] = [
    (
        Field::Name,
        &[
            "name",
            "title",
            "primary title",
            "original title",
            "original name",
            "name en",
            "name ru",
            "film",
            "movie",
            "название",
            "русское название",
            "название на русском",
            "оригинальное название",
            "название в оригинале",
            "фильм",
        ],
    ),
    (Field::Year, &["year", "release year", "год", "год выпуска", "год выхода"]),
    (Field::Kind, &["title type", "type", "kind", "тип"]),
    (Field::Imdb, &["const", "tconst", "imdb id", "imdbid", "imdb"]),
    (
        Field::Watched,
        &[
            "your rating",
            "you rated",
            "my rating",
            "моя оценка",
            "ваша оценка",
            "date rated",
            "watched date",
            "rewatch",
            "review",
            "дата просмотра",
        ],
    ),
    (
        Field::Other,
        &[
            "id",
            "date",
            "дата",
            "position",
            "rating",
            "оценка",
            "tags",
            "url",
            "letterboxd uri",
            "description",
            "created",
            "modified",
            "date added",
            "imdb rating",
            "runtime",
            "runtime (mins)",
            "runtime min",
            "genres",
            "жанры",
            "жанр",
            "num votes",
            "num. votes",
            "release date",
            "directors",
            "режиссер",
            "comment",
            "комментарий",
            "tmdb id",
            "tmdbid",
            "countries",
            "страны",
            "страна",
        ],
    ),
];

/// What each column of a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) fields: Vec<Option<Field>>,
    /// How many records of the file go up to it, itself among them.
    pub(super) records: usize,
}

impl Header {
    /// The header of a file, if it has one that is known: the last line among the first ones that names a name and something else.
    pub(super) fn find<'r>(records: impl Iterator<Item = &'r csv::ByteRecord>) -> Option<Self> {
        let headers = records.take(LOOKED_AT).enumerate().filter_map(|(place, record)| {
            let fields: Vec<Option<Field>> = record.iter().map(field).collect();
            let known = fields.iter().flatten().count();
            let is_one = known >= 2 && fields.contains(&Some(Field::Name));
            is_one.then_some(Self { fields, records: place + 1 })
        });
        headers.last()
    }

    /// How many of its columns are known.
    pub(super) fn known(&self) -> usize {
        self.fields.iter().flatten().count()
    }

    /// What a line has in the first column of a kind where it has anything.
    pub(super) fn cell<'c>(&self, cells: &'c csv::StringRecord, field: Field) -> Option<&'c str> {
        self.cells(cells, field).next()
    }

    /// What a line has in all columns of a kind. Programs write `\N` where there is nothing.
    pub(super) fn cells<'c>(
        &self,
        cells: &'c csv::StringRecord,
        field: Field,
    ) -> impl Iterator<Item = &'c str> {
        let columns = self.fields.iter().enumerate().filter(move |(_, its)| **its == Some(field));
        let cells = columns.filter_map(|(place, _)| cells.get(place)).map(str::trim);
        cells.filter(|cell| !matches!(*cell, "" | "\\N" | "null" | "NULL" | "undefined"))
    }
}

fn field(cell: &[u8]) -> Option<Field> {
    // No column's name is longer.
    let cell = cell.get(..80).unwrap_or(cell);
    let name = String::from_utf8_lossy(cell).to_lowercase().replace('ё', "е").replace(['_', '-'], " ");
    let bare = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\u{FEFF}' | '\u{200B}'));
    let words: Vec<&str> = bare.split_whitespace().collect();
    let name = words.join(" ");
    // IMDb's old lists say how a date is written: `Release Date (month/day/year)`.
    let short = name.split(" (month").next().unwrap_or_default();
    FIELDS.iter().find(|(_, names)| names.contains(&short)).map(|(field, _)| *field)
}
