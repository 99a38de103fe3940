//! Reads what to watch out of what somebody pasted: the link of a film on YouTube or Twitch, of a file, of a stream, or of any page.
//!
//! Promises an address that a room takes, in one form for one film, or a reason why not that can be said to a person. Nothing is
//! fetched.
//!
//! The Mini App reads links the same way; `miniapp-ui/src/watching/players/addresses.json` lists texts and what is read in them, for both.

mod embeds;
mod file;
mod find;
mod moment;
mod sites;

use url::Url;

use self::sites::{Film, Site};
use crate::room::{FilmTime, MAX_ADDRESS, Media, MediaKind};

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmLink {
    /// What to show.
    pub media: Media,
    /// The moment that the link names.
    pub start: FilmTime,
}

/// Why there is nothing to watch in what was pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFilm {
    /// There is no address in it.
    NoAddress,
    /// It is longer than a room takes.
    TooLong,
    /// The Mini App is https, and shows nothing else.
    NotHttps,
    /// Only somebody's own network knows it.
    PrivateHost,
    /// A name and a password are in it, which everybody in the room would get.
    HasPassword,
    /// It leads to the site of a player, and to no film there.
    NoFilmThere,
    /// A kind of stream that no player plays.
    Unsupported,
    /// It is the Mini App itself.
    Own,
}

impl NoFilm {
    /// As texts and the Mini App call it.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::TooLong => "too_long",
            Self::NotHttps => "not_https",
            Self::PrivateHost => "private_host",
            Self::HasPassword => "has_password",
            Self::NoFilmThere => "no_film",
            Self::Unsupported => "unsupported",
            Self::Own => "own",
        }
    }
}

/// Finds the link in what was pasted, and what it leads to. `own` is the Mini App's own address.
pub fn film_link(pasted: &str, own: Option<&Url>) -> Result<FilmLink, NoFilm> {
    let found = find::address_in(pasted).ok_or(NoFilm::NoAddress)?;
    let site = sites::site_of(&found);
    // What a known site also serves by https may have been copied in its older form.
    if found.scheme() != "https" && (site == Site::Other || found.scheme() != "http") {
        return Err(NoFilm::NotHttps);
    }
    if !found.username().is_empty() || found.password().is_some() {
        return Err(NoFilm::HasPassword);
    }
    if !has_public_host(&found) {
        return Err(NoFilm::PrivateHost);
    }
    if own.is_some_and(|own| (own.host(), own.port()) == (found.host(), found.port())) {
        return Err(NoFilm::Own);
    }
    let Film { kind, url, start, title } = match site {
        Site::Film(film) => film,
        Site::NoFilm => return Err(NoFilm::NoFilmThere),
        Site::Other => elsewhere(found)?,
    };
    if url.len() > MAX_ADDRESS {
        return Err(NoFilm::TooLong);
    }
    // The room's own rule is the last word.
    let media = Media::new(kind, &url, title.as_deref()).map_err(|_| NoFilm::Unsupported)?;
    Ok(FilmLink { media, start })
}

fn has_public_host(found: &Url) -> bool {
    let host = found.host_str().unwrap_or_default();
    Media::new(MediaKind::Frame, &format!("https://{host}/"), None).is_ok()
}

/// A file, a stream, or any other page.
fn elsewhere(mut found: Url) -> Result<Film, NoFilm> {
    let path = found.path().to_owned();
    if file::is_dash(&path) {
        return Err(NoFilm::Unsupported);
    }
    let kind = if file::is_hls(&path) {
        MediaKind::Hls
    } else if file::is_whole(&path) {
        MediaKind::File
    } else {
        let url = embeds::embedded(&found).unwrap_or_else(|| found.into());
        return Ok(Film { kind: MediaKind::Frame, url, start: FilmTime::ZERO, title: None });
    };
    let start = moment::of(moment::named(found.fragment().unwrap_or_default(), "t").as_deref());
    file::without_a_page_around_it(&mut found);
    Ok(Film { kind, url: found.into(), start, title: file::name(&path) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn own() -> Url {
        "https://sovpalo.app.ru".parse().unwrap()
    }

    #[test]
    fn every_text_of_the_table_that_the_mini_app_reads_is_read_the_same_way() {
        let table = include_str!("../../../../miniapp-ui/src/watching/players/addresses.json");
        let rows: Vec<Value> = serde_json::from_str(table).unwrap();
        assert!(rows.len() > 100, "the table is all but empty");
        for row in rows {
            let pasted = row["pasted"].as_str().unwrap();
            let read = film_link(pasted, Some(&own()));
            if let Some(refused) = row["refused"].as_str() {
                assert_eq!(read.map_err(NoFilm::code), Err(refused), "{pasted}");
                continue;
            }
            let FilmLink { media, start } = read.unwrap_or_else(|no| panic!("{pasted} is {no:?}"));
            let kind = serde_json::to_value(media.kind()).unwrap().as_str().unwrap().to_lowercase();
            assert_eq!(
                (kind.as_str(), media.url()),
                (row["kind"].as_str().unwrap(), row["url"].as_str().unwrap())
            );
            assert_eq!(media.title(), row["title"].as_str(), "{pasted}");
            assert!((start.seconds() - row["start_s"].as_f64().unwrap()).abs() < 0.001, "{pasted}");
        }
    }

    #[test]
    fn a_link_longer_than_a_room_takes_is_too_long() {
        let link = |letters: usize| format!("https://films.ru/{}", "a".repeat(letters));
        assert!(film_link(&link(MAX_ADDRESS - 17), None).is_ok());
        assert_eq!(film_link(&link(MAX_ADDRESS - 16), None), Err(NoFilm::TooLong));
    }

    #[test]
    fn a_link_that_leads_on_to_itself_or_to_nothing_is_no_film() {
        let leads_on = "https://www.youtube.com/attribution_link?u=";
        for to in ["", "?", "#", "/", "%2Fattribution_link%3Fu%3D", "https%3A%2F%2Ffilms.ru", "%2F%2F", "::"]
        {
            assert_eq!(film_link(&format!("{leads_on}{to}"), None), Err(NoFilm::NoFilmThere), "{to}");
        }
        assert_eq!(film_link(&leads_on.repeat(300), None), Err(NoFilm::NoFilmThere));
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_a_film_that_a_room_takes_or_a_reason(
            before in "[a-z0-9 .:/?&=%#а-я<\">]{0,12}",
            site in proptest::sample::select(vec![
                "https://", "http://", "www.youtube.com/", "https://youtu.be/", "https://www.twitch.tv/", "https://vk.com/video",
                "https://rutube.ru/video/", "https://youtube.com/attribution_link?u=", "https://www.dropbox.com/", "films.ru/",
            ]),
            after in "[a-zA-Z0-9 ._:/?&=%#()-]{0,24}|\\PC{0,12}",
        ) {
            if let Ok(FilmLink { media, .. }) = film_link(&format!("{before}{site}{after}"), Some(&own())) {
                prop_assert!(Media::new(media.kind(), media.url(), media.title()).is_ok());
                let again = film_link(media.url(), Some(&own())).map(|link| link.media.url().to_owned());
                prop_assert!(media.kind() != MediaKind::Youtube || again == Ok(media.url().to_owned()));
            }
        }
    }
}
