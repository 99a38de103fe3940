//! What I want to watch, have watched, and do not want to be shown; and lists that I bring along from elsewhere.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
};
use http::StatusCode;
use serde::Deserialize;
use sovpalo_catalogue::{Catalogue, DEFAULT_LIMIT, MAX_LIMIT, exports};
use sovpalo_domain::{
    ids::{Timestamp, TitleId},
    title::TitleMark,
};
use sovpalo_storage::{Marked, OWN_TITLES, PlaceInList};
use sovpalo_tmdb::TmdbId;

use crate::{
    App,
    extract::{Body, Caller, Name, Params, imported_file},
    limits::Allowance,
    present::Presenter,
    problem::{AnyProblem, Refused},
    wire::{self, ImportedList, MarkTitles, OwnTitlePage, RecognisedLine, RejectedLine, TypedLine},
};

/// So many titles are marked by one request; more are `invalid`.
pub(crate) const MARKED_AT_ONCE: usize = 500;
/// A file's name is looked at up to so many bytes.
const LONGEST_NAME: usize = 255;

/// Which of my titles.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Listing {
    /// Only these; absent or empty: all.
    #[param(value_type = Option<wire::Mark>)]
    mark: Option<String>,
    /// How many; at most 100.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// The titles that I marked, the newest first.
#[utoipa::path(get, path = "/api/me/titles", operation_id = "list_own_titles", tag = "me", params(Listing),
    responses((status = 200, body = OwnTitlePage), AnyProblem))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<OwnTitlePage>, Refused> {
    let limit = listing.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Refused::invalid("limit", format!("is 1 to {MAX_LIMIT}")));
    }
    let after = listing.cursor.as_deref().map(place).transpose()?;
    let only = match listing.mark.as_deref() {
        None | Some("") => None,
        Some(name) => {
            let mark = TitleMark::named(name);
            Some(mark.ok_or_else(|| Refused::invalid("mark", "is wanted, watched or hidden"))?)
        }
    };
    // One more than is shown, to know whether there is more.
    let asked = app.db().own_titles(caller.user, only, after.as_ref(), limit.saturating_add(1));
    let mut own = app.database.ask(asked).await?;
    let more = own.len() > limit;
    own.truncate(limit);
    let next = own.last().filter(|_| more).map(|last| format!("{}.{}", last.at.millis(), last.title));
    let catalogue = app.titles.current();
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    let titles = own.iter().filter_map(|own| catalogue.get(&own.title));
    Ok(Json(OwnTitlePage { items: titles.map(|title| presenter.catalogue_title(&title)).collect(), next }))
}

/// What I marked a title as.
#[utoipa::path(get, path = "/api/me/titles/{id}", operation_id = "show_own_title", tag = "me",
    params(("id" = String, Path, description = "The title's id")),
    responses((status = 200, body = wire::TitleMark), AnyProblem))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Name(id): Name,
) -> Result<Json<wire::TitleMark>, Refused> {
    let Some(title) = known(&app.titles.current(), &id) else {
        // One of TMDB that nobody has named yet has no mark.
        let of_tmdb = TitleId::new(&id).ok().and_then(|id| TmdbId::from_title(&id));
        return of_tmdb.map(|_| Json(wire::TitleMark { mark: None })).ok_or(Refused::NotFound);
    };
    let mark = app.database.ask(app.db().mark_of(caller.user, &title)).await?;
    Ok(Json(wire::TitleMark { mark: mark.map(shown) }))
}

/// Mark a title, or take its mark away. A title has one mark: what I have watched I no longer want to watch.
#[utoipa::path(put, path = "/api/me/titles/{id}", operation_id = "mark_title", tag = "me",
    params(("id" = String, Path, description = "The title's id")), request_body = wire::TitleMark,
    responses((status = 204, description = "It is so"), AnyProblem))]
pub(crate) async fn mark(
    State(app): State<Arc<App>>,
    caller: Caller,
    Name(id): Name,
    Body(wire::TitleMark { mark }): Body<wire::TitleMark>,
) -> Result<StatusCode, Refused> {
    if mark.is_some() {
        let strangers = app.strangers_among(&[wire::TitleRef::Id { id: id.clone() }]);
        if !strangers.is_empty() {
            Box::pin(app.keep(strangers)).await?;
        }
    }
    let catalogue = app.titles.current();
    // What has left the catalogue may lose its mark.
    let gone = || TitleId::new(&id).ok().filter(|_| mark.is_none());
    let title = known(&catalogue, &id).or_else(gone).ok_or(Refused::NotFound)?;
    app.mark(&caller, &[title], mark).await
}

/// Mark several titles alike, all of them or none.
#[utoipa::path(put, path = "/api/me/titles", operation_id = "mark_titles", tag = "me", request_body = MarkTitles,
    responses((status = 204, description = "It is so"), AnyProblem))]
pub(crate) async fn mark_several(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(MarkTitles { titles, mark }): Body<MarkTitles>,
) -> Result<StatusCode, Refused> {
    if titles.len() > MARKED_AT_ONCE {
        return Err(Refused::invalid("titles", format!("at most {MARKED_AT_ONCE} at once")));
    }
    let catalogue = app.titles.current();
    let known: Option<Vec<TitleId>> = titles.iter().map(|id| known(&catalogue, id)).collect();
    let known = known.ok_or_else(|| Refused::invalid("titles", "has one that is not in the catalogue"))?;
    app.mark(&caller, &known, mark).await
}

/// What a file to import is called.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Importing {
    /// The file's name, if it has one: Letterboxd's `watched.csv` and `watchlist.csv` differ in nothing else.
    name: Option<String>,
}

/// Say what a list names: an export of Letterboxd, IMDb or Kinorium, zipped or not, or a plain list. Nothing is marked by it.
///
/// The body is the file itself, at most 2 MB.
#[utoipa::path(post, path = "/api/me/titles/import", operation_id = "import_titles", tag = "me", params(Importing),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ImportedList), AnyProblem))]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    caller: Caller,
    Params(Importing { name }): Params<Importing>,
    request: Request,
) -> Result<Json<ImportedList>, Refused> {
    // Before the file is taken in.
    app.limits.user(Allowance::Imports, caller.user).await?;
    let file = imported_file(request).await?;
    let name = name.filter(|name| name.len() <= LONGEST_NAME);
    let catalogue = app.titles.current();
    let understood = app.imports.read(Arc::clone(&catalogue), file, name).await?;
    let presenter = Presenter { catalogue: &catalogue, posters: &app.posters, language: caller.language };
    Ok(Json(list_of(&understood, presenter)))
}

impl App {
    async fn mark(
        &self,
        caller: &Caller,
        titles: &[TitleId],
        mark: Option<wire::Mark>,
    ) -> Result<StatusCode, Refused> {
        let marking = self.db().mark_titles(caller.user, titles, mark.map(mark_of), self.now());
        match self.database.ask(marking).await? {
            Marked::Done => Ok(StatusCode::NO_CONTENT),
            Marked::Full => {
                Err(Refused::invalid("mark", format!("you have marked {OWN_TITLES} titles already")))
            }
            Marked::Nobody => Err(Refused::Unauthenticated),
        }
    }
}

/// The id under which the catalogue has a title.
fn known(catalogue: &Catalogue, id: &str) -> Option<TitleId> {
    catalogue.get(&TitleId::new(id).ok()?).map(|title| title.id.clone())
}

/// Where a page ended.
fn place(cursor: &str) -> Result<PlaceInList, Refused> {
    let place = cursor.split_once('.').and_then(|(millis, title)| {
        let at = Timestamp::from_millis(millis.parse().ok()?);
        Some(PlaceInList { at, title: TitleId::new(title).ok()? })
    });
    place.ok_or_else(|| Refused::invalid("cursor", "is not one of this list's"))
}

fn mark_of(mark: wire::Mark) -> TitleMark {
    match mark {
        wire::Mark::Wanted => TitleMark::Wanted,
        wire::Mark::Watched => TitleMark::Watched,
        wire::Mark::Hidden => TitleMark::Hidden,
    }
}

fn shown(mark: TitleMark) -> wire::Mark {
    match mark {
        TitleMark::Wanted => wire::Mark::Wanted,
        TitleMark::Watched => wire::Mark::Watched,
        TitleMark::Hidden => wire::Mark::Hidden,
    }
}

fn list_of(understood: &exports::Understood, presenter: Presenter<'_>) -> ImportedList {
    let file = |at: &exports::Place| at.file.as_deref().map(str::to_owned);
    ImportedList {
        recognised: understood
            .recognised
            .iter()
            .map(|line| RecognisedLine {
                line: line.at.line,
                file: file(&line.at),
                title: presenter.catalogue_title(&line.title),
                mark: line.mark.map(shown),
            })
            .collect(),
        typed: understood
            .typed
            .iter()
            .map(|line| TypedLine {
                line: line.at.line,
                file: file(&line.at),
                text: line.text.as_str().to_owned(),
            })
            .collect(),
        rejected: understood
            .rejected
            .iter()
            .map(|line| RejectedLine {
                line: line.at.line,
                file: file(&line.at),
                reason: line.reason.to_string(),
                code: line.reason.code().to_owned(),
            })
            .collect(),
    }
}
