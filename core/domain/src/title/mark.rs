//! What somebody says of a title for themselves. Nobody else learns whose mark it is.

/// The one thing that a person says of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TitleMark {
    /// They want to watch it.
    Wanted,
    /// They have watched it.
    Watched,
    /// They want to be shown it no more.
    Hidden,
}

impl TitleMark {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Wanted, Self::Watched, Self::Hidden];

    /// Its name in the contract and in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Watched => "watched",
            Self::Hidden => "hidden",
        }
    }

    /// The mark of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.name() == name)
    }
}
