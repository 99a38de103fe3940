//! The numbers that TMDB gives to titles, and what they are called here.

use std::fmt;

use sovpalo_domain::{ids::TitleId, title::TitleKind};

/// What TMDB numbers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TmdbKind {
    /// Films.
    Movie,
    /// Series.
    Tv,
}

impl TmdbKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Movie, Self::Tv];

    /// Its word in TMDB's paths.
    pub fn word(self) -> &'static str {
        match self {
            Self::Movie => "movie",
            Self::Tv => "tv",
        }
    }

    /// Of a kind of title; `None`: of one that TMDB does not have.
    pub fn of(kind: TitleKind) -> Option<Self> {
        match kind {
            TitleKind::Film => Some(Self::Movie),
            TitleKind::Series => Some(Self::Tv),
            TitleKind::Text => None,
        }
    }

    /// What its titles are here.
    pub fn title_kind(self) -> TitleKind {
        match self {
            Self::Movie => TitleKind::Film,
            Self::Tv => TitleKind::Series,
        }
    }
}

/// A title of TMDB. Here it is called `tmdb-movie-603`, in TMDB's paths and in the catalogue's list of ids `movie/603`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TmdbId {
    /// Film or series: they are numbered apart.
    pub kind: TmdbKind,
    /// The number.
    pub number: u32,
}

impl TmdbId {
    /// As it is written in TMDB's addresses: `movie/603`.
    pub fn from_path(path: &str) -> Option<Self> {
        Self::read(path, '/')
    }

    /// The title of TMDB that a title's id names, if it names one.
    pub fn from_title(id: &TitleId) -> Option<Self> {
        Self::read(id.as_str().strip_prefix("tmdb-")?, '-')
    }

    /// The id of the title here.
    pub fn title(self) -> TitleId {
        let id = format!("tmdb-{}-{}", self.kind.word(), self.number);
        TitleId::new(&id).unwrap_or_else(|_| unreachable!("at most 21 characters of the alphabet"))
    }

    fn read(text: &str, between: char) -> Option<Self> {
        let (kind, digits) = text.split_once(between)?;
        let kind = TmdbKind::ALL.into_iter().find(|it| it.word() == kind)?;
        let number = digits.parse().ok().filter(|number| *number > 0)?;
        let id = Self { kind, number };
        // `+603` and `0603` are numbers too, but no title's.
        (id.number.to_string() == digits).then_some(id)
    }
}

impl fmt::Display for TmdbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.word(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_title_of_tmdb_is_not_taken_for_one() {
        for wrong in
            ["c30", "tmdb-movie-", "tmdb-movie-0", "tmdb-movie-007", "tmdb-person-5", "tmdb-tv-4294967296"]
        {
            assert_eq!(TmdbId::from_title(&TitleId::new(wrong).unwrap()), None, "{wrong}");
        }
        assert_eq!(TmdbId::from_path("movie/+603"), None);
    }

    proptest! {
        #[test]
        fn an_id_is_read_as_it_was_written(number in 1u32.., film in any::<bool>()) {
            let id = TmdbId { kind: if film { TmdbKind::Movie } else { TmdbKind::Tv }, number };
            prop_assert_eq!(TmdbId::from_title(&id.title()), Some(id));
            prop_assert_eq!(TmdbId::from_path(&id.to_string()), Some(id));
        }
    }
}
