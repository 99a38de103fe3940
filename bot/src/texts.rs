//! The bot's words, in the languages of `locales/*/bot.ftl`.
//!
//! Every key is written out where it is said, as a whole string, so that the tests here can find the
//! ones that are missing in a language and the ones that nobody says.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader};
use sovpalo_domain::language::Language;

use crate::html::Shown;

static_loader! {
    static LOCALES = {
        locales: "../locales",
        fallback_language: "en",
        // Names keep their direction to themselves where they are escaped: see `html`.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static EN: LanguageIdentifier = langid!("en");
static RU: LanguageIdentifier = langid!("ru");

/// A value inside a text: a number, or words that are safe in every message.
#[derive(Debug, Clone)]
pub(crate) struct Value(FluentValue<'static>);

impl From<Shown> for Value {
    fn from(shown: Shown) -> Self {
        Self(FluentValue::from(shown.to_string()))
    }
}

/// A text without values.
pub(crate) fn say(language: Language, key: &str) -> String {
    LOCALES.lookup(identifier(language), key)
}

/// A text with values.
pub(crate) fn say_with<const N: usize>(
    language: Language,
    key: &str,
    values: [(&'static str, Value); N],
) -> String {
    let values: HashMap<Cow<'static, str>, FluentValue<'static>> =
        values.into_iter().map(|(name, Value(value))| (Cow::Borrowed(name), value)).collect();
    LOCALES.lookup_with_args(identifier(language), key, &values)
}

/// A number as it stands in a text.
pub(crate) fn number(number: usize) -> Value {
    Value(FluentValue::from(number))
}

fn identifier(language: Language) -> &'static LanguageIdentifier {
    match language {
        Language::En => &EN,
        Language::Ru => &RU,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const TEXTS: [(&str, &str); 2] =
        [("en", include_str!("../../locales/en/bot.ftl")), ("ru", include_str!("../../locales/ru/bot.ftl"))];

    fn keys(text: &str) -> BTreeSet<&str> {
        text.lines()
            .filter(|line| !line.starts_with(['#', ' ']))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
            .collect()
    }

    fn said() -> BTreeSet<String> {
        fn read(folder: &std::path::Path, keys: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, keys);
                } else {
                    let source = std::fs::read_to_string(&path).unwrap();
                    let quoted = source.split('"').skip(1).step_by(2);
                    keys.extend(quoted.filter(|text| text.starts_with("bot-")).map(ToOwned::to_owned));
                }
            }
        }
        let mut keys = BTreeSet::new();
        read(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut keys);
        keys.retain(|key| key.len() > "bot-".len());
        keys
    }

    #[test]
    fn every_language_has_every_text_and_nobody_keeps_an_unsaid_one() {
        let said = said();
        for (language, text) in TEXTS {
            let written = keys(text);
            for key in &said {
                assert!(written.contains(key.as_str()), "locales/{language}/bot.ftl lacks {key}");
            }
            for key in written {
                assert!(said.contains(key), "locales/{language}/bot.ftl has {key}, which nobody says");
            }
        }
    }

    #[test]
    fn russian_counts_as_russian_does() {
        let picks = |n| say_with(Language::Ru, "bot-card-picks", [("count", number(n))]);
        assert_eq!(picks(0), "🎬 Пока ничего не выбрано");
        assert_eq!(picks(1), "🎬 Выбран 1 фильм");
        assert_eq!(picks(3), "🎬 Выбрано 3 фильма");
        assert_eq!(picks(11), "🎬 Выбрано 11 фильмов");
        assert_eq!(picks(21), "🎬 Выбран 21 фильм");
    }

    #[test]
    fn english_counts_as_english_does() {
        let people = |n| say_with(Language::En, "bot-invite-people", [("count", number(n))]);
        assert_eq!(people(1), "1 person is in");
        assert_eq!(people(2), "2 people are in");
    }

    #[test]
    fn telegram_takes_the_descriptions() {
        for language in [Language::En, Language::Ru] {
            assert!(say(language, "bot-about").chars().count() <= 512);
            assert!(say(language, "bot-about-short").chars().count() <= 120);
        }
    }
}
