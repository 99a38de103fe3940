//! Why TMDB gave no answer.

/// Why TMDB gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TmdbError {
    /// It does not answer, answers with an error of its own, or is left alone for now because it did. Worth asking later.
    #[error("TMDB does not answer")]
    Unavailable,
    /// More is being asked already than is asked at once. Worth asking again soon.
    #[error("too much is asked of TMDB at once")]
    Busy,
    /// TMDB has no such title.
    #[error("TMDB does not have it")]
    NotFound,
    /// It does not take the token. The operator has to do something.
    #[error("TMDB refuses the token")]
    Refused,
    /// What it sent makes no sense.
    #[error("TMDB's answer cannot be read")]
    Unreadable,
}
