//! The columns that a file of titles may have.

use std::fmt;

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
