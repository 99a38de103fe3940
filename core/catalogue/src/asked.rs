//! What somebody asks for who typed or pasted a text: a name, or something that has one in it.

use sovpalo_domain::{ids::TitleId, title::NormalName};

use super::{
    external, files,
    fold::{MAX_CHARS as MAX_NAME, fold},
    links::Link,
};

/// The rest of a longer text is not looked at. Addresses are the longest there is.
const MAX_CHARS: usize = 2_000;

/// A text that is no name but has one in it, or names a title in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadAs {
    /// The name of a film's file.
    File {
        /// The name in it, with its year if it has one.
        name: String,
    },
    /// An address.
    Link {
        /// The site's name, if it is one that knows films.
        site: Option<&'static str>,
        /// The name in it, with its year if it has one.
        name: Option<String>,
    },
}

/// What a text asks of a catalogue other than ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elsewhere {
    /// What is called so.
    Name(String),
    /// What IMDb knows under this id.
    Imdb(String),
    /// What TMDB knows under this id, like `movie/603`.
    Tmdb(String),
}

impl Elsewhere {
    /// What somebody asks for who typed or pasted a text. `None`: nothing that anybody could know.
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().take(MAX_CHARS).collect();
        if let Some(Link { site, id, name }) = Link::find(&text) {
            return match (site, id) {
                (Some("IMDb"), Some(id)) => Some(Self::Imdb(id)),
                (Some("TMDB"), Some(id)) => Some(Self::Tmdb(id)),
                _ => name.map(Self::Name),
            };
        }
        let name = files::name_in(&text).unwrap_or(text);
        name.contains(char::is_alphanumeric).then_some(Self::Name(name))
    }
}

/// A text, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The title that a site's id stands for.
    pub(super) title: Option<TitleId>,
    /// What to look for, folded: as it is, and then without what is probably no part of the name. None: nothing can be found.
    pub(super) texts: Vec<String>,
    pub(super) read_as: Option<ReadAs>,
}

impl Asked {
    pub(super) fn read(text: &str) -> Self {
        let text: String = text.chars().take(MAX_CHARS).collect();
        if let Some(Link { site, id, name }) = Link::find(&text) {
            let title = site.zip(id).and_then(|(site, id)| external::title_of(site, &id));
            let texts = name.as_deref().map(readings).unwrap_or_default();
            return Self { title, texts, read_as: Some(ReadAs::Link { site, name }) };
        }
        if let Some(name) = files::name_in(&text) {
            return Self { title: None, texts: readings(&name), read_as: Some(ReadAs::File { name }) };
        }
        Self { title: None, texts: readings(&text), read_as: None }
    }
}

/// What a name may mean, folded: without a list's number in front, with an article from the end put back.
fn readings(name: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for reading in NormalName::readings(&name.chars().take(MAX_NAME).collect::<String>()) {
        let words = fold(reading.words());
        let text = match reading.year() {
            Some(year) if !words.is_empty() => format!("{words} {year}"),
            _ => words,
        };
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn looks_for(text: &str, texts: &[&str]) {
        assert_eq!(Asked::read(text).texts, texts, "{text:?}");
    }

    #[test]
    fn a_name_is_looked_for_in_each_of_its_readings() {
        looks_for("Matrix, The", &["the matrix"]);
        looks_for("1. Солярис", &["1 солярис", "солярис"]);
        looks_for("Солярис [1972]", &["солярис 1972"]);
        looks_for("12 Angry Men", &["12 angry men"]);
        looks_for("Godfather, The (1972)", &["godfather the 1972", "the godfather 1972"]);
    }

    #[test]
    fn what_has_no_name_in_it_is_not_looked_for() {
        for text in [
            "",
            "   ",
            "🎬🍿",
            "!!! ???",
            "\u{16AF0}",
            "\u{301}",
            "https://boxd.it/2a3b",
            "https://example.org/matrix",
        ] {
            looks_for(text, &[]);
        }
    }

    #[test]
    fn a_file_or_an_address_is_looked_for_by_the_name_in_it() {
        looks_for("The.Matrix.1999.1080p.mkv", &["the matrix 1999"]);
        looks_for("https://letterboxd.com/film/solaris-1972/", &["solaris 1972"]);
        let link = Asked::read("https://letterboxd.com/film/solaris-1972/");
        let name = Some("Solaris (1972)".to_owned());
        assert_eq!(link.read_as, Some(ReadAs::Link { site: Some("Letterboxd"), name }));
        assert_eq!(Asked::read("Solaris").read_as, None);
    }

    #[test]
    fn an_id_of_a_site_is_a_title() {
        let title = Asked::read("https://www.imdb.com/title/tt0133093/").title;
        assert_eq!(title.as_ref().map(TitleId::as_str), Some("c30"));
        assert_eq!(Asked::read("tt9999999").title, None);
    }

    #[test]
    fn what_others_are_asked_is_an_id_or_a_name() {
        let read = Elsewhere::read;
        assert_eq!(read("https://www.imdb.com/title/tt0133093/"), Some(Elsewhere::Imdb("tt0133093".into())));
        assert_eq!(read("themoviedb.org/movie/603-the-matrix"), Some(Elsewhere::Tmdb("movie/603".into())));
        assert_eq!(
            read("https://letterboxd.com/film/solaris-1972/"),
            Some(Elsewhere::Name("Solaris (1972)".into()))
        );
        assert_eq!(read("Solaris"), Some(Elsewhere::Name("Solaris".into())));
        for nothing in ["", "🎬", "https://boxd.it/2a3b", "https://example.org/x"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_understood_without_a_panic(text in any::<String>()) {
            let asked = Asked::read(&text);
            prop_assert!(asked.texts.iter().all(|text| text.chars().any(char::is_alphanumeric)));
        }
    }
}
