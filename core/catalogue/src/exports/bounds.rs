//! How much of a list is read.

/// A file that is imported has at most so many lines that are read; of the others one is named.
pub const MOST_LINES: usize = 5_000;
/// All files of an archive together have at most so many bytes when they are unpacked; a bigger one is refused.
pub const MOST_UNPACKED: usize = 16 * 1024 * 1024;
/// An archive has at most so many files; one that has more is refused.
pub const MOST_FILES: usize = 1_000;
