//! Addresses that people paste instead of a name: which site it is, and what of the name can be read in it.
//!
//! `letterboxd.com/film/solaris-1972/` has the name in it, `imdb.com/title/tt0133093/` a number, `boxd.it/2a3b` neither.
//! Nothing is fetched.

use percent_encoding::percent_decode_str;
use url::Url;

/// A site that knows films.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Site {
    name: &'static str,
    host: &'static str,
    /// The parts of a path after which a title is named.
    after: &'static [&'static str],
    form: Form,
}

/// How an address names a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Only by the site's number.
    Number,
    /// By words: `the-matrix`, `the_matrix`.
    Words,
    /// By a number and words: `603-the-matrix`.
    NumberAndWords,
    /// By words and a number, or by the number alone: `matritsa-1999-301`.
    WordsAndNumber,
    /// By an article's name: `Матрица_(фильм)`.
    Article,
}

const SITES: [Site; 17] = [
    site("IMDb", "imdb.com", &["title"], Form::Number),
    site("TMDB", "themoviedb.org", &["movie", "tv"], Form::NumberAndWords),
    site("Letterboxd", "letterboxd.com", &["film"], Form::Words),
    site("Letterboxd", "boxd.it", &[], Form::Number),
    site("Kinopoisk", "kinopoisk.ru", &["film", "series"], Form::WordsAndNumber),
    site("Wikipedia", "wikipedia.org", &["wiki"], Form::Article),
    site("Rotten Tomatoes", "rottentomatoes.com", &["m", "tv"], Form::Words),
    site("Metacritic", "metacritic.com", &["movie", "tv"], Form::Words),
    site("Trakt", "trakt.tv", &["movies", "shows"], Form::Words),
    site("JustWatch", "justwatch.com", &["movie", "tv-show"], Form::Words),
    site("Okko", "okko.tv", &["movie", "serial"], Form::Words),
    site("Shikimori", "shikimori.one", &["animes"], Form::NumberAndWords),
    site("Kinorium", "kinorium.com", &[], Form::Number),
    site("Ivi", "ivi.ru", &["watch"], Form::WordsAndNumber),
    site("Netflix", "netflix.com", &["title"], Form::Number),
    site("YouTube", "youtube.com", &[], Form::Number),
    site("YouTube", "youtu.be", &[], Form::Number),
];

const fn site(name: &'static str, host: &'static str, after: &'static [&'static str], form: Form) -> Site {
    Site { name, host, after, form }
}

/// What an address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// The site's name, if it is one that knows films.
    pub(super) site: Option<&'static str>,
    /// The site's own id of the title.
    pub(super) id: Option<String>,
    /// The title's name, with its year if the address has it.
    pub(super) name: Option<String>,
}

impl Link {
    /// The first address in a text, if there is one.
    pub(super) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(|word| {
            let word = bare(word);
            Self::imdb_id(word).or_else(|| Self::read(word))
        })
    }

    /// A bare `tt0133093`.
    fn imdb_id(word: &str) -> Option<Self> {
        is_imdb_id(word).then(|| Self { site: Some("IMDb"), id: Some(word.to_owned()), name: None })
    }

    fn read(word: &str) -> Option<Self> {
        let has_scheme = word.starts_with("http://") || word.starts_with("https://");
        let url = if has_scheme { Url::parse(word) } else { Url::parse(&format!("https://{word}")) }.ok()?;
        let host = url.host_str()?;
        let known = SITES.iter().find(|site| site.is_at(host));
        let named = url.path_segments().into_iter().flatten().any(|part| !part.is_empty());
        match known {
            // `imdb.com` alone may be talked about.
            Some(site) if has_scheme || named => Some(site.read(&url)),
            None if has_scheme || (named && word.starts_with("www.")) => {
                Some(Self { site: None, id: None, name: None })
            }
            _ => None,
        }
    }
}

impl Site {
    fn is_at(&self, host: &str) -> bool {
        host.strip_suffix(self.host).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    }

    fn read(&self, url: &Url) -> Link {
        let path: Vec<&str> = url.path_segments().into_iter().flatten().collect();
        let title = path.windows(2).find(|parts| self.after.contains(&parts[0]));
        let (id, name) = title.map_or((None, None), |parts| {
            let title =
                percent_decode_str(parts[1]).decode_utf8_lossy().replace(char::REPLACEMENT_CHARACTER, "");
            self.form.read(parts[0], &title)
        });
        Link { site: Some(self.name), id: id.filter(|id| !id.is_empty()), name }
    }
}

impl Form {
    /// The id and the name. Films and series are numbered apart, so the kind belongs to the id.
    fn read(self, kind: &str, title: &str) -> (Option<String>, Option<String>) {
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let whole = || Some(title.to_owned());
        match self {
            Self::Number => (whole(), None),
            Self::Words => (None, spelled_out(title)),
            Self::NumberAndWords => match title.split_once('-') {
                Some((id, words)) => (Some(format!("{kind}/{id}")), spelled_out(words)),
                None => (Some(format!("{kind}/{title}")), None),
            },
            Self::WordsAndNumber => match title.rsplit_once('-') {
                Some((words, id)) if is_number(&id) => (Some(id.to_owned()), spelled_out(words)),
                _ => (whole(), None),
            },
            Self::Article => (None, article(title)),
        }
    }
}

/// Without the brackets and signs of the sentence around it. `Матрица_(фильм)` keeps its own.
fn bare(word: &str) -> &str {
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let own = word.contains('(');
    word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/' && !(own && c == ')'))
}

fn is_imdb_id(word: &str) -> bool {
    word.strip_prefix("tt")
        .is_some_and(|number| (7..=10).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
}

/// `the-matrix-1999` as `The Matrix (1999)`.
fn spelled_out(slug: &str) -> Option<String> {
    let words: Vec<&str> = slug.split(['-', '_', '+', ' ']).filter(|word| !word.is_empty()).collect();
    super::files::name_and_year(&words, capital)
}

/// `Солярис_(фильм,_1972)` as `Солярис (1972)`.
fn article(title: &str) -> Option<String> {
    let title = title.replace('_', " ");
    let (name, about) = title.split_once(" (").unwrap_or((&title, ""));
    let year = about.split(|c: char| !c.is_ascii_digit()).find(|word| super::files::is_year(word));
    let name = name.trim();
    match year {
        _ if name.is_empty() => None,
        Some(year) => Some(format!("{name} ({year})")),
        None => Some(name.to_owned()),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(char::to_uppercase).into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(text: &str, site: &str, id: Option<&str>, name: Option<&str>) {
        let link = Link::find(text).unwrap_or_else(|| panic!("{text:?} was not read as an address"));
        assert_eq!((link.site, link.id.as_deref(), link.name.as_deref()), (Some(site), id, name), "{text:?}");
    }

    #[test]
    fn an_address_says_its_site_and_what_it_names() {
        reads("https://www.imdb.com/title/tt0133093/?ref_=x", "IMDb", Some("tt0133093"), None);
        reads("m.imdb.com/de/title/tt0133093", "IMDb", Some("tt0133093"), None);
        reads("tt0133093", "IMDb", Some("tt0133093"), None);
        let matrix = Some("The Matrix");
        reads("https://www.themoviedb.org/movie/603-the-matrix", "TMDB", Some("movie/603"), matrix);
        reads("themoviedb.org/movie/603?language=ru", "TMDB", Some("movie/603"), None);
        reads("https://letterboxd.com/anna/film/solaris-1972/", "Letterboxd", None, Some("Solaris (1972)"));
        reads("https://boxd.it/2a3b", "Letterboxd", None, None);
        reads("https://www.kinopoisk.ru/film/301/", "Kinopoisk", Some("301"), None);
        let matritsa = Some("Matritsa (1999)");
        reads("https://www.kinopoisk.ru/film/matritsa-1999-301/", "Kinopoisk", Some("301"), matritsa);
        reads("https://ru.wikipedia.org/wiki/Матрица_(фильм)", "Wikipedia", None, Some("Матрица"));
        let solaris = Some("Солярис (1972)");
        reads("https://ru.m.wikipedia.org/wiki/Солярис_(фильм,_1972)", "Wikipedia", None, solaris);
        reads("https://en.wikipedia.org/wiki/Am%C3%A9lie", "Wikipedia", None, Some("Amélie"));
        reads("https://www.rottentomatoes.com/m/the_matrix", "Rotten Tomatoes", None, matrix);
    }

    #[test]
    fn an_address_is_found_among_words() {
        reads(
            "look: (https://letterboxd.com/film/whiplash-2014/)!",
            "Letterboxd",
            None,
            Some("Whiplash (2014)"),
        );
        assert_eq!(Link::find("https://example.org/the-matrix").map(|link| link.site), Some(None));
    }

    #[test]
    fn a_name_is_no_address() {
        for name in [
            "",
            "The Matrix",
            "Face/Off",
            "M*A*S*H",
            "tt",
            "tt123",
            "9/11",
            "Mr. Robot",
            "1+1",
            "imdb.com",
            "S.W.A.T.",
            "www",
        ] {
            assert_eq!(Link::find(name), None, "{name:?} was read as an address");
        }
    }

    #[test]
    fn a_broken_address_says_what_it_can() {
        reads("https://ru.wikipedia.org/wiki/%D0%9C%D0%", "Wikipedia", None, Some("М"));
        reads("https://letterboxd.com/film/", "Letterboxd", None, None);
        reads("https://letterboxd.com/film/---/", "Letterboxd", None, None);
        reads("https://www.imdb.com/", "IMDb", None, None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in any::<String>(), path in "[/a-zа-я0-9()%_.-]{0,40}") {
            Link::find(&text);
            for site in SITES {
                Link::find(&format!("https://{}/{path}", site.host));
            }
        }
    }
}
