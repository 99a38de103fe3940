//! Finding titles.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::{Deserialize, Deserializer};
use sovpalo_catalogue::{Cursor, DEFAULT_LIMIT, MAX_LIMIT, Query};
use sovpalo_domain::{
    ids::TitleId,
    title::{BadTitleText, Filter, NormalName, TitleText, without_bullet},
};

use crate::{
    App, deck,
    elsewhere::merged,
    extract::{Body, Caller, Name, Params},
    parse::MOST_TITLES,
    present::Presenter,
    problem::{AnyProblem, Refused},
    wire::{
        Kind, ListedTitle, Providers, ReadAs, TitleDetails, TitleFilter, TitleLines, TitleList, TitlePage,
        TitlesElsewhere,
    },
};

/// So much is sent back of a line that is too long to be a title.
const SHOWN_OF_TOO_LONG: usize = 200;

/// What is looked for. Everything may be left out: then the best known come first.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Search {
    /// A name or its beginning, in any of the languages, also mistyped; or the address of a title's page at IMDb, TMDB,
    /// Letterboxd, Kinopoisk and others, or the name of a film's file.
    #[serde(default)]
    q: String,
    /// Only films, or only series.
    kind: Option<Kind>,
    /// Only of this genre, by its key; or of one of several, separated by commas.
    genre: Option<String>,
    /// Only from this country (ISO 3166 alpha-2, `SU` is the USSR); or from one of several, at most eight, separated by commas.
    country: Option<String>,
    /// Not from before this year; 1888 to 2100.
    from_year: Option<u16>,
    /// Not from after this year.
    to_year: Option<u16>,
    /// Rated so well or better; 0 to 10.
    min_rating: Option<f64>,
    /// Not longer than this, in minutes; 1 to 1000.
    max_runtime: Option<u16>,
    /// Only what can be watched with children: it is for families, and has no crime, horror or war. `true`, `false`, `1` or `0`.
    #[serde(default, deserialize_with = "flag")]
    #[param(value_type = Option<bool>)]
    family: bool,
    /// Only what this provider has, by its name in `GET /api/providers`. No title that is stored here says who has it, so that none fits: the
    /// count is 0, and what TMDB has is asked for at `GET /api/titles/elsewhere`.
    provider: Option<String>,
    /// How many; at most 100.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// Find titles: in the catalogue, and at TMDB if the operator has a token for it. The same film is found once.
#[utoipa::path(get, path = "/api/titles", tag = "titles", params(Search),
    responses((status = 200, body = TitlePage), AnyProblem))]
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    Params(search): Params<Search>,
) -> Result<Json<TitlePage>, Refused> {
    let query = search.query()?;
    let more_elsewhere = query.text.trim().is_empty() && app.may_discover(&query.filter);
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    let found = Box::pin(app.find_elsewhere(&catalogue, &query)).await;
    let page = merged(&catalogue, &query, found.titles);
    let items = page.items.iter().map(|title| presenter.catalogue_title(title)).collect();
    Ok(Json(TitlePage {
        items,
        next: page.next.map(|cursor| cursor.to_string()),
        count: Some(page.count),
        near: page.near,
        read_as: page.read_as.map(read_as),
        incomplete: found.incomplete,
        more_elsewhere,
    }))
}

/// How many titles of TMDB a deck by this filter would have, beside those that are stored here. It waits for TMDB; what is stored here is
/// counted at once by `GET /api/titles`.
#[utoipa::path(get, path = "/api/titles/elsewhere", operation_id = "count_elsewhere", tag = "titles", params(Search),
    responses((status = 200, body = TitlesElsewhere), AnyProblem))]
pub(crate) async fn elsewhere(
    State(app): State<Arc<App>>,
    caller: Caller,
    Params(search): Params<Search>,
) -> Result<Json<TitlesElsewhere>, Refused> {
    let query = search.query()?;
    // Words of a name are looked for, and not counted.
    let count = if query.text.trim().is_empty() {
        Box::pin(app.count_elsewhere(&query.filter, caller.user)).await
    } else {
        Some(0)
    };
    Ok(Json(TitlesElsewhere { count }))
}

/// Who offers titles in my country, by the names that a filter takes as its `provider`. The data is JustWatch's, by way of TMDB.
#[utoipa::path(get, path = "/api/providers", operation_id = "list_providers", tag = "titles",
    responses((status = 200, body = Providers), AnyProblem))]
pub(crate) async fn providers(State(app): State<Arc<App>>, caller: Caller) -> Json<Providers> {
    let (items, region) = Box::pin(app.providers_for(caller.user)).await;
    Json(Providers { items: items.into_iter().map(|provider| provider.name).collect(), region })
}

fn read_as(read: sovpalo_catalogue::ReadAs) -> ReadAs {
    match read {
        sovpalo_catalogue::ReadAs::File { name } => ReadAs::File { name },
        sovpalo_catalogue::ReadAs::Link { site, name } => ReadAs::Link { site: site.map(Into::into), name },
    }
}

/// All that is known of a title: who made it, who plays in it, its trailer, and where it can be watched in my country.
#[utoipa::path(get, path = "/api/titles/{id}", operation_id = "show_title", tag = "titles",
    params(("id" = String, Path, description = "The title's id")),
    responses((status = 200, body = TitleDetails), AnyProblem))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Name(id): Name,
) -> Result<Json<TitleDetails>, Refused> {
    let id = TitleId::new(&id).map_err(|_| Refused::NotFound)?;
    let known = Box::pin(app.know(&id)).await?;
    let region = app.known(&caller).await?.region.or_else(|| app.config.region.clone());
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    Ok(Json(presenter.details(&id, &known, region.as_deref())))
}

/// Say what a pasted list names, in the catalogue and at TMDB if the operator has a token for it. Nothing is picked by it.
#[utoipa::path(post, path = "/api/titles/list", tag = "titles", request_body = TitleLines,
    responses((status = 200, body = TitleList), AnyProblem))]
pub(crate) async fn read_list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(TitleLines { lines }): Body<TitleLines>,
) -> Result<Json<TitleList>, Refused> {
    if lines.len() > MOST_TITLES {
        return Err(Refused::invalid("lines", format!("at most {MOST_TITLES} at once")));
    }
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    let mut items: Vec<ListedTitle> = Vec::new();
    let mut names: Vec<NormalName> = Vec::new();
    let lines = lines.iter().filter_map(|line| {
        let (text, too_long) = named_by(line)?;
        // Numbers in front belong to some names, and the catalogue knows which.
        Some(Line { text, too_long, meant: catalogue.meant(line).exactly })
    });
    let lines: Vec<Line> = lines.collect();
    let unknown: Vec<&str> =
        lines.iter().filter(|line| line.is_unknown()).map(|line| line.text.as_str()).collect();
    let mut elsewhere = Box::pin(app.find_listed(&catalogue, &unknown)).await.into_iter();
    for line in lines {
        let title = match line.meant.as_slice() {
            [only] => catalogue.get(only),
            _ if line.is_unknown() => elsewhere.next().flatten(),
            _ => None,
        };
        let Line { text, too_long, .. } = line;
        let title = title.map(|title| presenter.catalogue_title(&title));
        let name = NormalName::of(&text);
        let listed = title.as_ref().is_some_and(|title| {
            items.iter().any(|item| item.title.as_ref().is_some_and(|other| other.id == title.id))
        });
        if listed || name.as_ref().is_some_and(|name| names.iter().any(|other| other.may_be(name))) {
            continue;
        }
        names.extend(name);
        items.push(ListedTitle { text, too_long: too_long && title.is_none(), title });
    }
    Ok(Json(TitleList { items }))
}

/// A line of a list that names something.
struct Line {
    text: String,
    too_long: bool,
    /// What of the catalogue is called so.
    meant: Vec<TitleId>,
}

impl Line {
    /// Whether the catalogue has nothing of that name.
    fn is_unknown(&self) -> bool {
        self.meant.is_empty() && !self.too_long
    }
}

/// What a line of a list names, and whether it is too long for a title. `None`: a line between others, which names nothing.
fn named_by(line: &str) -> Option<(String, bool)> {
    let item = without_bullet(line);
    if !item.contains(char::is_alphanumeric) {
        return None;
    }
    match TitleText::new(item) {
        Ok(text) => Some((text.as_str().to_owned(), false)),
        Err(BadTitleText::Empty) => None,
        Err(BadTitleText::TooLong) => {
            let start: String = item.chars().take(SHOWN_OF_TOO_LONG).collect();
            Some((start.split_whitespace().collect::<Vec<_>>().join(" "), true))
        }
    }
}

/// A flag of an address, where people write it in more than one way.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" | "" => Ok(false),
        _ => Err(serde::de::Error::custom("family is true or false")),
    }
}

impl Search {
    fn query(self) -> Result<Query, Refused> {
        // The words are looked for as they are, however long.
        let filter = TitleFilter {
            kind: self.kind,
            genre: self.genre,
            country: self.country,
            from_year: self.from_year,
            to_year: self.to_year,
            min_rating: self.min_rating,
            max_runtime: self.max_runtime,
            family: Some(self.family),
            provider: self.provider,
            ..TitleFilter::default()
        };
        let filter = Filter::new(&deck::fields(filter)).map_err(Refused::Invalid)?;
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Refused::invalid("limit", format!("is 1 to {MAX_LIMIT}")));
        }
        let after: Option<Cursor> = self
            .cursor
            .map(|cursor| cursor.parse())
            .transpose()
            .map_err(|_| Refused::invalid("cursor", "is not one of this search's"))?;
        Ok(Query { text: self.q, filter, limit: Some(limit), after: after.unwrap_or_default() })
    }
}
