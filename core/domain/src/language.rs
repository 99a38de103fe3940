//! The languages that people read.

use serde::{Deserialize, Serialize};

/// The languages that people read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, for everybody who reads no Russian.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Language {
    /// From an IETF tag, as Telegram's `language_code` is one.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "ru" | "be" | "uk" | "kk" => Self::Ru,
            _ => Self::En,
        }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// What somebody is called of whose names nothing can be seen.
    pub fn somebody(self) -> &'static str {
        match self {
            Self::En => "Somebody",
            Self::Ru => "Кто-то",
        }
    }
}
