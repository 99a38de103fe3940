//! The two languages that a world can begin in.

use std::str::FromStr;

/// The language of the default world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// "Киновечер", and people with Russian names.
    Ru,
    /// "Movie night".
    #[default]
    En,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ru" => Ok(Self::Ru),
            "en" => Ok(Self::En),
            other => Err(format!("{other} is neither ru nor en")),
        }
    }
}
