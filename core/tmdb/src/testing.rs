//! A strict stand-in for TMDB, on this machine: a few titles, the paths and parameters that TMDB documents, and faults on demand.
//!
//! Whatever TMDB would not take, or would not expect from us, is noted as a violation; tests end by asking that there are none.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch};
use url::{Url, form_urlencoded};

use super::{Settings, Token};

/// What the stand-in takes for a token.
pub const TOKEN: &str = "stand-in.read-access-token";

/// A poster: a PNG of one blue pixel.
pub const PNG: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, 0x49, 0x44, 0x41, 0x54, 0x78, 0xDA, 0x63,
    0x10, 0x89, 0x5A, 0xF0, 0x1F, 0, 3, 0xA2, 2, 0x0E, 0x7F, 0x3A, 0xF7, 0xA7, 0, 0, 0, 0, 0x49, 0x45, 0x4E,
    0x44, 0xAE, 0x42, 0x60, 0x82,
];

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It answers with this status and nothing else.
    Status(u16),
    /// Too much was asked; this is in `Retry-After`.
    RetryAfter(&'static str),
    /// It answers 200 with a page that is no JSON, as a proxy in between does.
    Garbage,
    /// It takes the request, and answers when there is another fault or none.
    Silent,
}

struct Film {
    path: &'static str,
    names: [&'static str; 3],
    date: &'static str,
    genres: &'static [u32],
    country: &'static str,
    poster: Option<&'static str>,
    imdb: &'static str,
    /// The numbers of those who offer it in France.
    providers: &'static [u32],
}

/// Who offers titles in France: the number, the name, and the place in its list.
const PROVIDERS: [(u32, &str, u32); 3] = [(2, "Apple TV", 4), (8, "Netflix", 1), (381, "Canal+", 9)];

const FILMS: [Film; 5] = [
    Film {
        path: "movie/603",
        names: ["The Matrix", "Матрица", "The Matrix"],
        date: "1999-03-31",
        genres: &[28, 878],
        country: "US",
        poster: Some("/matrixmatrixmatrix.jpg"),
        imdb: "tt0133093",
        providers: &[8],
    },
    Film {
        path: "movie/4001",
        names: ["The Lighthouse of Quiet Bay", "Маяк Тихой бухты", "Le Phare de la baie"],
        date: "2021-05-01",
        genres: &[18, 9648],
        country: "FR",
        poster: Some("/lighthouselighthouse.jpg"),
        imdb: "tt9900001",
        providers: &[8, 2],
    },
    Film {
        path: "tv/4002",
        names: ["Quiet Bay Stories", "Истории Тихой бухты", "Quiet Bay Stories"],
        date: "2018-01-10",
        genres: &[10765, 35],
        country: "GB",
        poster: None,
        imdb: "tt9900002",
        providers: &[8],
    },
    // The catalogue has it under an id of its own, and knows no id of it at TMDB.
    Film {
        path: "movie/286217",
        names: ["The Martian", "Марсианин", "The Martian"],
        date: "2015-09-30",
        genres: &[878],
        country: "US",
        poster: Some("/martianmartianmartian.jpg"),
        imdb: "tt3659388",
        providers: &[2],
    },
    Film {
        path: "movie/4005",
        names: ["The Lighthouse of Quiet Bay", "Маяк Тихой бухты", "The Lighthouse of Quiet Bay"],
        date: "1955-05-01",
        genres: &[18],
        country: "GB",
        poster: None,
        imdb: "tt9900005",
        providers: &[],
    },
];

/// What its posters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posters {
    /// [`PNG`], whatever the title and the size.
    Tiny,
    /// A picture of its own for each title, of the size that is asked for.
    Drawn,
}

/// The stand-in, listening.
pub struct StandIn {
    address: SocketAddr,
    state: Arc<Inner>,
}

struct Inner {
    posters: Posters,
    fault: watch::Sender<Fault>,
    asked: Mutex<Vec<String>>,
    violations: Mutex<Vec<String>>,
}

impl StandIn {
    /// Listens on a free port of this machine.
    ///
    /// # Panics
    /// There is none.
    pub async fn start() -> Self {
        Self::start_with(Posters::Tiny).await
    }

    /// The same, with these posters.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start_with(posters: Posters) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("{error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
        let state = Arc::new(Inner {
            posters,
            fault: watch::Sender::new(Fault::None),
            asked: Mutex::default(),
            violations: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, state }
    }

    /// How it is reached: as a mirror, both for the API and for images.
    ///
    /// # Panics
    /// Never: the address is one.
    pub fn settings(&self) -> Settings {
        let at = |path: &str| Url::parse(&format!("http://{}{path}", self.address));
        let (Some(token), Ok(api), Ok(images)) = (Token::new(TOKEN), at("/3"), at("/t/p")) else {
            panic!("the stand-in has an address")
        };
        Settings { token, api, images: Some(images) }
    }

    /// Everything goes wrong like this from now on.
    pub fn fault(&self, fault: Fault) {
        self.state.fault.send_replace(fault);
    }

    /// The paths that were asked for so far, with their parameters, in order.
    pub fn asked(&self) -> Vec<String> {
        self.state.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was asked that TMDB would not take.
    pub fn violations(&self) -> Vec<String> {
        self.state.violations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(State(state): State<Arc<Inner>>, request: Request) -> Response {
    let uri = request.uri().to_string();
    state.asked.lock().unwrap_or_else(PoisonError::into_inner).push(uri.clone());
    let mut faults = state.fault.subscribe();
    let fault = faults.wait_for(|fault| *fault != Fault::Silent).await.map_or(Fault::None, |fault| *fault);
    match fault {
        Fault::None | Fault::Silent => {}
        Fault::Status(status) => {
            return StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT).into_response();
        }
        Fault::RetryAfter(after) => {
            return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, after)]).into_response();
        }
        Fault::Garbage => return "<html>The network wants you to sign in".into_response(),
    }
    if let Some(image) = request.uri().path().strip_prefix("/t/p/") {
        let place = FILMS.iter().position(|film| film.poster.is_some_and(|poster| image.ends_with(poster)));
        let Some(place) = place else { return StatusCode::NOT_FOUND.into_response() };
        let poster = match state.posters {
            Posters::Tiny => PNG.to_vec(),
            Posters::Drawn => drawn(place, image),
        };
        return ([(header::CONTENT_TYPE, "image/png")], poster).into_response();
    }
    match read(&request) {
        Ok(Some(answer)) => axum::Json(answer).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(violation) => {
            state
                .violations
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(format!("{uri}: {violation}"));
            StatusCode::BAD_REQUEST.into_response()
        }
    }
}

/// A poster in the colours of one title: a sky, a sun, and hills. The size is what its path begins with, like `w342/`.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
fn drawn(place: usize, path: &str) -> Vec<u8> {
    const COLOURS: [[[f32; 3]; 3]; 3] = [
        [[24.0, 70.0, 60.0], [190.0, 240.0, 190.0], [10.0, 30.0, 28.0]],
        [[30.0, 60.0, 120.0], [255.0, 225.0, 160.0], [16.0, 28.0, 60.0]],
        [[170.0, 70.0, 40.0], [255.0, 235.0, 205.0], [90.0, 30.0, 20.0]],
    ];
    let width =
        path.strip_prefix('w').and_then(|rest| rest.split('/').next()?.parse().ok()).unwrap_or(500_u32);
    let (wide, high) = (width.clamp(1, 1_000), width.clamp(1, 1_000) * 3 / 2);
    let [sky, sun, hills] = COLOURS[place % COLOURS.len()];
    let mixed = |from: [f32; 3], to: [f32; 3], part: f32| {
        [0, 1, 2].map(|channel| (from[channel] + (to[channel] - from[channel]) * part) as u8)
    };
    let picture = image::RgbImage::from_fn(wide, high, |x, y| {
        let (x, y) = (x as f32 / wide as f32, y as f32 / wide as f32);
        let hill = 1.05 + 0.12 * (x * 7.0 + place as f32).sin();
        let from_sun = ((x - 0.62).powi(2) + (y - 0.5).powi(2)).sqrt();
        image::Rgb(if y > hill {
            mixed(hills, sky, 0.2 * (1.5 - y))
        } else if from_sun < 0.17 {
            mixed(sky, sun, 1.0)
        } else {
            mixed(sky, sun, 0.5 * y * y)
        })
    });
    let mut png = std::io::Cursor::new(Vec::new());
    if let Err(error) = picture.write_to(&mut png, image::ImageFormat::Png) {
        panic!("a poster cannot be drawn: {error}");
    }
    png.into_inner()
}

fn read(request: &Request) -> Result<Option<Value>, String> {
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if bearer != Some(&format!("Bearer {TOKEN}")) {
        return Err("the token is not where it belongs".into());
    }
    let path = request.uri().path().strip_prefix("/3/").ok_or("not a path of the API")?;
    let params: BTreeMap<String, String> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    let takes = |required: &[&str], more: &[&str]| {
        let missing = required.iter().find(|name| params.get(**name).is_none_or(String::is_empty));
        let unknown =
            params.keys().find(|name| !required.contains(&name.as_str()) && !more.contains(&name.as_str()));
        match (missing, unknown) {
            (Some(name), _) => Err(format!("{name} is missing")),
            (None, Some(name)) => Err(format!("{name} is no parameter")),
            (None, None) => Ok(()),
        }
    };
    let russian = match params.get("language").map(String::as_str) {
        Some("ru-RU") => 1,
        Some("en-US") => 0,
        other => return Err(format!("{other:?} is no language of ours")),
    };
    let of_kind = |kind: &'static str| FILMS.iter().filter(move |film| film.path.starts_with(kind));
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["search", kind] if ["multi", "movie", "tv"].contains(kind) => {
            takes(&["query", "language", "page", "include_adult"], &[])?;
            let query = params["query"].to_lowercase();
            let found = FILMS.iter().filter(|film| *kind == "multi" || film.path.starts_with(*kind));
            let found =
                found.filter(|film| film.names.iter().any(|name| name.to_lowercase().contains(&query)));
            let mut results: Vec<Value> = found.map(|film| entry(film, russian, *kind == "multi")).collect();
            if *kind == "multi" {
                results.push(json!({"media_type": "person", "id": 5, "name": "Somebody"}));
                results.push(json!({"media_type": "movie", "id": "seven", "title": "Broken"}));
            }
            Ok(Some(json!({"page": 1, "results": results, "total_pages": 1, "total_results": 1})))
        }
        ["find", id] => {
            takes(&["external_source", "language"], &[])?;
            if params["external_source"] != "imdb_id" {
                return Err("that is no source".into());
            }
            let of = |kind| -> Vec<Value> {
                of_kind(kind).filter(|film| film.imdb == *id).map(|film| entry(film, russian, true)).collect()
            };
            Ok(Some(json!({"movie_results": of("movie"), "tv_results": of("tv"), "person_results": []})))
        }
        ["discover", kind] if ["movie", "tv"].contains(kind) => {
            takes(
                &["language", "page", "include_adult", "sort_by"],
                &[
                    "with_genres",
                    "with_origin_country",
                    "vote_average.gte",
                    "vote_count.gte",
                    "with_runtime.lte",
                    "with_watch_providers",
                    "watch_region",
                    "primary_release_date.gte",
                    "primary_release_date.lte",
                    "first_air_date.gte",
                    "first_air_date.lte",
                    "certification_country",
                    "certification.lte",
                ],
            )?;
            let kind = if *kind == "movie" { "movie" } else { "tv" };
            let provider = params.get("with_watch_providers").map(|number| number.parse::<u32>());
            let provider = provider.transpose().map_err(|error| error.to_string())?;
            let region = params.get("watch_region").map(String::as_str);
            if provider.is_some() != region.is_some() {
                return Err("a provider is asked for with its country".into());
            }
            let wanted = params.get("with_genres").map(|genres| genres.split('|').collect::<Vec<_>>());
            let year = |name: &str| params.get(name).map(|date| date[..4].to_owned());
            let from = year("primary_release_date.gte").or(year("first_air_date.gte"));
            let to = year("primary_release_date.lte").or(year("first_air_date.lte"));
            let fits = |film: &&Film| {
                let has = |number: &&str| film.genres.iter().any(|genre| genre.to_string() == **number);
                let date = &film.date[..4];
                wanted.as_ref().is_none_or(|wanted| wanted.iter().any(has))
                    && from.as_ref().is_none_or(|from| date >= from.as_str())
                    && to.as_ref().is_none_or(|to| date <= to.as_str())
                    && params.get("with_origin_country").is_none_or(|country| *country == film.country)
                    && provider.is_none_or(|number| region == Some("FR") && film.providers.contains(&number))
            };
            let results: Vec<Value> =
                of_kind(kind).filter(fits).map(|film| entry(film, russian, false)).collect();
            Ok(Some(json!({"page": 1, "results": results})))
        }
        ["watch", "providers", kind] if ["movie", "tv"].contains(kind) => {
            takes(&["language", "watch_region"], &[])?;
            let of =
                PROVIDERS.iter().filter(|_| params["watch_region"] == "FR").map(|(number, name, place)| {
                    json!({"provider_id": number, "provider_name": name, "logo_path": "/logo.jpg",
                    "display_priority": 20 - place, "display_priorities": {"FR": place, "US": 20 - place}})
                });
            let mut results: Vec<Value> = of.collect();
            results.push(json!({"provider_id": "nine", "provider_name": "Broken"}));
            Ok(Some(json!({"results": results})))
        }
        [kind, _] if ["movie", "tv"].contains(kind) => {
            takes(&["language", "append_to_response", "include_video_language"], &[])?;
            Ok(FILMS.iter().find(|film| film.path == path).map(whole))
        }
        _ => Err("there is no such path".into()),
    }
}

fn number(film: &Film) -> u32 {
    film.path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn entry(film: &Film, russian: usize, says_kind: bool) -> Value {
    let is_series = film.path.starts_with("tv");
    let (title, original, date) = if is_series {
        ("name", "original_name", "first_air_date")
    } else {
        ("title", "original_title", "release_date")
    };
    let overview = ["A story.", "История."][russian];
    let mut entry = json!({
        "id": number(film), "adult": false, title: film.names[russian], original: film.names[2], date: film.date,
        "genre_ids": film.genres, "origin_country": [film.country], "poster_path": film.poster,
        "overview": overview, "vote_average": 7.5, "vote_count": 1234,
    });
    if says_kind {
        entry["media_type"] = json!(if is_series { "tv" } else { "movie" });
    }
    entry
}

fn whole(film: &Film) -> Value {
    let mut whole = entry(film, 0, false);
    let more = json!({
        "genres": film.genres.iter().map(|id| json!({"id": id, "name": "?"})).collect::<Vec<_>>(),
        "runtime": 112, "production_countries": [{"iso_3166_1": film.country, "name": "?"}],
        "created_by": [{"id": 1, "name": "Ada Creator"}],
        "credits": {
            "cast": (0..30).map(|n| json!({"name": format!("Actor {n}"), "order": n})).collect::<Vec<_>>(),
            "crew": [{"name": "Jean Director", "job": "Director"}, {"name": "Jo Writer", "job": "Writer"}],
        },
        "videos": {"results": [
            {"key": "unofficial1", "site": "YouTube", "type": "Trailer", "iso_639_1": "en", "official": false},
            {"key": "official_en", "site": "YouTube", "type": "Trailer", "iso_639_1": "en", "official": true},
            {"key": "official_ru", "site": "YouTube", "type": "Trailer", "iso_639_1": "ru", "official": true},
            {"key": "\"><script>", "site": "YouTube", "type": "Trailer", "iso_639_1": "ru", "official": true},
        ]},
        "translations": {"translations": [
            {"iso_639_1": "ru", "iso_3166_1": "RU", "data": {"title": film.names[1], "overview": "История."}},
        ]},
        "external_ids": {"imdb_id": film.imdb},
        "watch/providers": {"results": {
            "FR": {"link": format!("https://www.themoviedb.org/{}/watch?locale=FR", film.path),
                "flatrate": [{"provider_id": 8, "provider_name": "Netflix"}],
                "rent": [{"provider_id": 2, "provider_name": "Apple TV"}]},
            "DE": {"link": "https://elsewhere.example/", "buy": [{"provider_id": 2, "provider_name": "Apple TV"}]},
        }},
    });
    if let (Some(whole), Value::Object(more)) = (whole.as_object_mut(), more) {
        whole.remove("genre_ids");
        whole.extend(more);
    }
    whole
}
