//! A row of the table of limits.

/// One bound of the program.
pub(super) struct Limit {
    /// What is bounded.
    pub(super) what: &'static str,
    /// The file of the constant, from the repository's root.
    pub(super) file: &'static str,
    /// The constant's name.
    pub(super) name: &'static str,
    /// What the number counts; nothing for a time.
    pub(super) unit: &'static str,
    /// What happens beyond it.
    pub(super) beyond: &'static str,
}

/// A row, in the order of its columns.
pub(super) const fn row(
    what: &'static str,
    file: &'static str,
    name: &'static str,
    unit: &'static str,
    beyond: &'static str,
) -> Limit {
    Limit { what, file, name, unit, beyond }
}
