//! How a title is named in a message: in the reader's language, with its year.
//!
//! A title's data comes from the room that it was typed in, else from the catalogue; one that is in neither any more is shown
//! by its id, so that a message never has a hole.

use sovpalo_catalogue::Catalogue;
use sovpalo_domain::{
    ids::TitleId,
    language::Language,
    room::{Media, Room},
    title::Title,
};
use url::{Host, Url};

use crate::{
    html::{self, Shown, plain, shown},
    texts::{Value, number, say_with},
};

/// At most this many genres are worth reading.
const GENRES: usize = 3;

/// Names titles for one reader.
#[derive(Clone, Copy)]
pub(crate) struct Captions<'a> {
    pub(crate) room: Option<&'a Room>,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) language: Language,
}

impl Captions<'_> {
    /// `<b>The Matrix</b> (1999)`
    pub(crate) fn short(&self, id: &TitleId) -> Shown {
        if let Some(typed) = self.room.and_then(|room| room.text_of(id)) {
            return bold(typed.as_str());
        }
        match self.catalogue.get(id) {
            Some(title) => with_year(&title, self.language),
            None => bold(id.as_str()),
        }
    }

    /// The title for places that take plain text.
    pub(crate) fn plain(&self, id: &TitleId) -> Shown {
        if let Some(typed) = self.room.and_then(|room| room.text_of(id)) {
            return plain(typed.as_str(), html::TITLE);
        }
        match self.catalogue.get(id) {
            Some(title) => plain(title.name(self.language), html::TITLE),
            None => plain(id.as_str(), html::TITLE),
        }
    }

    /// The title on several lines: name, what it is, one sentence about it.
    pub(crate) fn long(&self, id: &TitleId) -> String {
        let mut lines = vec![self.short(id).to_string()];
        if let Some(title) = self.known(id) {
            let facts = facts(&title, self.language);
            if !facts.is_empty() {
                lines.push(facts.join(" · "));
            }
            if let Some(overview) = title.overview(self.language) {
                lines.push(format!("\n<i>{}</i>", shown(overview, 300)));
            }
        }
        lines.join("\n")
    }

    /// A picture that Telegram can fetch, if there is one.
    pub(crate) fn poster(&self, id: &TitleId) -> Option<String> {
        self.catalogue.poster_of(&*self.known(id)?).filter(|url| url.starts_with("https://"))
    }

    fn known(&self, id: &TitleId) -> Option<std::sync::Arc<Title>> {
        let typed = self.room.is_some_and(|room| room.text_of(id).is_some());
        if typed { None } else { self.catalogue.get(id) }
    }
}

/// What is watched: its title, or the host that it comes from.
pub(crate) fn film(media: &Media) -> Shown {
    bold(&name_of_film(media))
}

/// The same for places that take plain text.
pub(crate) fn plain_film(media: &Media) -> Shown {
    plain(&name_of_film(media), html::TITLE)
}

fn name_of_film(media: &Media) -> String {
    if let Some(title) = media.title() {
        return title.to_owned();
    }
    let url = Url::parse(media.url()).ok();
    let host = match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(domain)) => url::quirks::domain_to_unicode(domain),
        Some(address) => address.to_string(),
        None => media.url().to_owned(),
    };
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// A title's name, as it is shown everywhere.
pub(crate) fn bold(name: &str) -> Shown {
    shown(name, html::TITLE).between("<b>", "</b>")
}

fn with_year(title: &Title, language: Language) -> Shown {
    let name = bold(title.name(language));
    match title.year {
        Some(year) => name.and_year(year),
        None => name,
    }
}

fn facts(title: &Title, language: Language) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(original) = &title.original_name
        && original != title.name(language)
    {
        facts.push(shown(original, html::TITLE).to_string());
    }
    let genres: Vec<String> =
        title.genres.iter().take(GENRES).map(|genre| name_of(genre, language)).collect();
    if !genres.is_empty() {
        facts.push(genres.join(", "));
    }
    facts.extend(title.runtime_min.filter(|minutes| *minutes > 0).map(|minutes| runtime(minutes, language)));
    facts.extend(title.rating.filter(|rating| *rating > 0.0).map(|rating| format!("★ {rating:.1}")));
    facts
}

fn name_of(genre: &str, language: Language) -> String {
    say_with(language, "bot-genre", [("genre", Value::from(shown(genre, html::NAME)))])
}

fn runtime(minutes: u16, language: Language) -> String {
    let (hours, rest) = (usize::from(minutes / 60), usize::from(minutes % 60));
    match (hours, rest) {
        (0, _) => say_with(language, "bot-match-runtime-minutes", [("minutes", number(rest))]),
        (_, 0) => say_with(language, "bot-match-runtime-whole-hours", [("hours", number(hours))]),
        _ => say_with(
            language,
            "bot-match-runtime-hours",
            [("hours", number(hours)), ("minutes", number(rest))],
        ),
    }
}
