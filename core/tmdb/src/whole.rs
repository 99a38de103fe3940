//! Asking for all that TMDB knows of one title.

use std::{collections::BTreeMap, sync::Arc};

use futures::FutureExt;
use sovpalo_domain::title::Title;
use url::Url;

use super::{
    answers::{Entry, Provider, Region, Translated, Video, Whole},
    client::Client,
    details::{Details, MOST_CAST, OfferKind, Offers},
    error::TmdbError,
    ids::{TmdbId, TmdbKind},
    lists::{self, ENGLISH},
    remembered::Answer,
    text,
};

/// So many who directed it, or created a series.
const MOST_DIRECTORS: usize = 4;
/// So many offers of one country are kept.
const MOST_OFFERS: usize = 30;
/// The answer has all of this in it, so that a title is one request.
const APPENDED: &str = "credits,videos,watch/providers,translations,external_ids";

impl Client {
    /// A title of TMDB and all that is known of it.
    ///
    /// # Errors
    /// See [`TmdbError`]. The look-up goes on when it is not waited for any more, and is remembered.
    pub fn whole(&self, id: TmdbId) -> Answer<Arc<(Title, Details)>> {
        self.remembered_whole(id, move |client| async move { client.ask_whole(id).await }.boxed())
    }

    async fn ask_whole(&self, id: TmdbId) -> Result<(Title, Details), TmdbError> {
        let params = [
            ("language", ENGLISH),
            ("append_to_response", APPENDED),
            ("include_video_language", "en,ru,null"),
        ];
        let whole: Whole = self.get(&id.to_string(), &params).await?;
        if whole.entry.id != id.number {
            return Err(TmdbError::Unreadable);
        }
        title(&whole, id.kind).map(|title| (title, details(whole, id.kind))).ok_or(TmdbError::Unreadable)
    }
}

fn title(whole: &Whole, kind: TmdbKind) -> Option<Title> {
    let entry = Entry {
        media_type: None,
        genre_ids: Some(whole.genres.iter().map(|genre| genre.id).collect()),
        title: whole.entry.title.clone(),
        original_title: whole.entry.original_title.clone(),
        release_date: whole.entry.release_date.clone(),
        origin_country: whole.entry.origin_country.clone(),
        overview: whole.entry.overview.clone(),
        poster_path: whole.entry.poster_path.clone(),
        ..whole.entry
    };
    let listed = lists::title(&entry, Some(kind))?;
    let in_russian = whole.translations.translations.iter().find(|it| it.iso_639_1 == "ru");
    let translated = |field: fn(&Translated) -> Option<&String>| in_russian.and_then(|it| field(&it.data));
    let name_ru = translated(|data| data.title.as_ref()).and_then(|name| text::name(name));
    let overview_ru = translated(|data| data.overview.as_ref()).and_then(|text| text::overview(text));
    let is_russian = whole.entry.origin_country.iter().flatten().any(|code| code == "RU" || code == "SU");
    let name_ru = name_ru.or_else(|| listed.original_name.clone().filter(|_| is_russian));
    let runtime = whole.runtime.or_else(|| whole.episode_run_time.first().copied());
    let countries = countries(whole);
    Some(Title {
        name_ru: name_ru.unwrap_or_else(|| listed.name_ru.clone()),
        overview_ru,
        runtime_min: runtime.and_then(|minutes| u16::try_from(minutes).ok()).filter(|minutes| *minutes > 0),
        countries: if countries.is_empty() { listed.countries.clone() } else { countries },
        ..listed
    })
}

fn countries(whole: &Whole) -> Vec<String> {
    lists::countries(whole.production_countries.iter().map(|country| country.iso_3166_1.as_str()))
}

fn details(whole: Whole, kind: TmdbKind) -> Details {
    let countries = countries(&whole);
    let directed = |job: &Option<String>| job.as_deref() == Some("Director");
    let directors = match kind {
        TmdbKind::Movie => {
            names(whole.credits.crew.iter().filter(|it| directed(&it.job)).map(|it| it.name.as_str()))
        }
        TmdbKind::Tv => names(whole.created_by.iter().map(|it| it.name.as_str())),
    };
    let regions = whole.providers.results.into_iter().filter(|(code, _)| text::is_country(code));
    let offers = regions.filter_map(|(code, region)| {
        let offers = offers(serde_json::from_value(region).ok()?)?;
        Some((code, offers))
    });
    let imdb = whole.external_ids.imdb_id.filter(|id| id.starts_with("tt") && id.len() <= 12);
    Details {
        directors: directors.into_iter().take(MOST_DIRECTORS).collect(),
        cast: names(whole.credits.cast.iter().map(|it| it.name.as_str()))
            .into_iter()
            .take(MOST_CAST)
            .collect(),
        countries,
        imdb,
        trailers: trailers(&whole.videos.results),
        offers: offers.collect(),
    }
}

/// People, each once.
fn names<'a>(people: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in people.filter_map(text::name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// For each language the trailer that its makers published, or any.
fn trailers(videos: &[Video]) -> BTreeMap<String, String> {
    let is_key = |key: &str| {
        (6..=20).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    let mut trailers: BTreeMap<String, (bool, String)> = BTreeMap::new();
    for video in videos {
        let language = video.iso_639_1.as_deref().unwrap_or("en");
        if video.site != "YouTube" || video.kind != "Trailer" || !is_key(&video.key) {
            continue;
        }
        let known = trailers.get(language).is_some_and(|(official, _)| *official || !video.official);
        if ["en", "ru"].contains(&language) && !known {
            trailers.insert(language.to_owned(), (video.official, video.key.clone()));
        }
    }
    trailers.into_iter().map(|(language, (_, key))| (language, key)).collect()
}

fn offers(region: Region) -> Option<Offers> {
    let is_page = |link: &String| {
        let url = Url::parse(link).ok();
        url.is_some_and(|url| url.scheme() == "https" && url.host_str() == Some("www.themoviedb.org"))
    };
    let link = region.link.filter(is_page)?;
    let of = |providers: Vec<Provider>, kind| {
        providers.into_iter().filter_map(move |it| Some((text::name(&it.provider_name)?, kind)))
    };
    let all = of(region.flatrate, OfferKind::Stream)
        .chain(of(region.free, OfferKind::Free))
        .chain(of(region.ads, OfferKind::Free))
        .chain(of(region.rent, OfferKind::Rent))
        .chain(of(region.buy, OfferKind::Buy));
    let mut offers: Vec<(String, OfferKind)> = Vec::new();
    for offer in all {
        if offers.len() < MOST_OFFERS && !offers.contains(&offer) {
            offers.push(offer);
        }
    }
    (!offers.is_empty()).then_some(Offers { link: Some(link), offers })
}
