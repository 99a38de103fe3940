//! Titles, and how a client names one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A film.
    Film,
    /// A series.
    Series,
    /// Somebody typed its name, and more is not known.
    Text,
}

/// A title in the language of whoever reads it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Title {
    /// Stable; what commands name it by.
    pub id: String,
    /// Film, series or typed text.
    pub kind: Kind,
    /// In the reader's language.
    pub name: String,
    /// In its own, if that is another.
    #[schema(required)]
    pub original_name: Option<String>,
    /// The year it came out.
    #[schema(required)]
    pub year: Option<u16>,
    /// Minutes; of one episode for a series.
    #[schema(required)]
    pub runtime_min: Option<u16>,
    /// Stable lower-case keys, `comedy`, `sci-fi`, …
    pub genres: Vec<String>,
    /// ISO 3166 alpha-2, `SU` for the Soviet Union.
    pub countries: Vec<String>,
    /// 0 to 10.
    #[schema(required)]
    pub rating: Option<f32>,
    /// A sentence about it, in the reader's language.
    #[schema(required)]
    pub overview: Option<String>,
    /// The address of its poster on this origin.
    #[schema(required)]
    pub poster: Option<String>,
    /// A tiny `data:` picture to show until the poster is there; `null`: there is none.
    pub placeholder: Option<String>,
}

/// How a client names a title: `{"id": "…"}` from the catalogue, or `{"text": "…"}` typed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum TitleRef {
    /// A catalogue title, or one typed in this room before.
    Id {
        /// Its id.
        id: String,
    },
    /// A title typed by hand.
    Text {
        /// What was typed.
        text: String,
    },
}

/// The body of `POST /api/titles/list`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TitleLines {
    /// One title each, at most 200; numbers and bullets in front and a year behind may stay.
    pub lines: Vec<String>,
}

/// What a list names, each title once, in the list's order.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitleList {
    /// A line that names nothing is not among them.
    pub items: Vec<ListedTitle>,
}

/// What one line names.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedTitle {
    /// The line without what lists put in front; how the title is picked by hand.
    pub text: String,
    /// The catalogue's only title of that name, and of that year if there is one.
    #[schema(required)]
    pub title: Option<Title>,
    /// It cannot be picked by hand: a title has at most 100 characters.
    pub too_long: bool,
}

/// A page of a search.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitlePage {
    /// The titles, best first.
    pub items: Vec<Title>,
    /// What to pass as `cursor` for more; `null`: there is no more.
    #[schema(required)]
    pub next: Option<String>,
    /// How many titles there are on all pages together, of those that are stored here.
    #[schema(required)]
    pub count: Option<usize>,
    /// Nothing fits: the titles are only near, because they lack a number or a year that was typed (`Rocky 2`, and only
    /// `Rocky` is known). What was typed should be offered before them.
    pub near: bool,
    /// What `q` was read as; `null`: a name, which is what it is.
    #[schema(required)]
    pub read_as: Option<ReadAs>,
    /// TMDB was asked too, and did not answer in time: there may be more than these. Asking again a little later may find it.
    pub incomplete: bool,
    /// No words were looked for, and TMDB was not asked; it may have more titles that fit: `GET /api/titles/elsewhere`.
    pub more_elsewhere: bool,
}

/// How many more titles a deck by a filter would have.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitlesElsewhere {
    /// `null`: TMDB does not say now.
    #[schema(required)]
    pub count: Option<usize>,
}

/// Who offers titles in a country.
#[derive(Debug, Serialize, ToSchema)]
pub struct Providers {
    /// Their names, those first that TMDB puts first there; at most 24. None: no country is known, or TMDB is not asked here or away.
    pub items: Vec<String>,
    /// The country: the one that I chose, else the operator's.
    #[schema(required)]
    pub region: Option<String>,
}

/// All that is known of a title.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TitleDetails {
    /// What its card says.
    #[serde(flatten)]
    pub title: Title,
    /// Who directed it, or created the series.
    pub directors: Vec<String>,
    /// Who plays in it, the leading parts first.
    pub cast: Vec<String>,
    /// A page with its trailer.
    #[schema(required)]
    pub trailer: Option<String>,
    /// Where it can be watched in the reader's country.
    pub watch: Vec<Offer>,
    /// Whose data this is, and who is therefore to be named where it is shown: `TMDB`, `JustWatch`.
    pub attribution: Vec<String>,
    /// TMDB was asked and did not answer: there may be more to know.
    pub incomplete: bool,
}

/// A provider that has a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offer {
    /// The provider's name.
    pub provider: String,
    /// A page with the way to it.
    pub url: String,
    /// What it costs.
    pub kind: OfferKind,
}

/// What a provider wants for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    /// A subscription.
    Stream,
    /// Money, for a while.
    Rent,
    /// Money, for ever.
    Buy,
    /// Nothing; perhaps there are advertisements.
    Free,
}

/// What a text is that is no name: adding it to a room as it was typed would add no film's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReadAs {
    /// The name of a film's file.
    File {
        /// The name in it.
        name: String,
    },
    /// An address.
    Link {
        /// The site's name; `null`: one that is not known for films.
        #[schema(required)]
        site: Option<String>,
        /// The name in it; `null`: it has only a number, or nothing.
        #[schema(required)]
        name: Option<String>,
    },
}
