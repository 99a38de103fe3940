//! Asking TMDB.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::{Bytes, BytesMut};
use futures::{FutureExt, future::BoxFuture};
use reqwest::{StatusCode, header, redirect::Policy};
use serde::de::DeserializeOwned;
use sovpalo_domain::{ids::TitleId, title::Title};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use super::{
    breaker::Breaker,
    details::Details,
    error::TmdbError,
    filter::WatchProvider,
    ids::TmdbId,
    question::Question,
    remembered::{Answer, Remembered},
    settings::Settings,
};

/// A connection is there within this, or TMDB counts as away.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// An answer is there within this, or TMDB counts as away.
pub(crate) const WITHIN: Duration = Duration::from_secs(4);
/// So many requests at the same time; more wait for their turn.
pub(crate) const AT_ONCE: usize = 16;
/// So long a request waits for its turn; then it is [`TmdbError::Busy`].
pub(crate) const TURN_WITHIN: Duration = Duration::from_secs(2);
/// An answer has at most so many bytes. A larger one is none.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;
/// TMDB is left alone for so long if it says that too much was asked, and not for how long.
const USUAL_PAUSE: Duration = Duration::from_secs(10);

/// So many lists are remembered, those that were found first forgotten first.
pub(crate) const MOST_LISTS: usize = 1_000;
/// So many titles out of lists.
pub(crate) const MOST_SEEN: usize = 5_000;
/// So many titles with all that is known of them.
pub(crate) const MOST_WHOLE: usize = 200;
/// So many countries' providers.
pub(crate) const MOST_REGIONS: usize = 64;
/// A list is remembered for so long.
const LISTS_FOR: Duration = Duration::from_secs(3_600);
/// A title is remembered for so long, and who offers titles in a country.
const SEEN_FOR: Duration = Duration::from_secs(24 * 3_600);

/// Cheap to clone; all clones share what they remember and what they may ask.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: Settings,
    http: reqwest::Client,
    breaker: Mutex<Breaker>,
    turns: Semaphore,
    lists: Arc<Remembered<Question, Arc<[Title]>>>,
    seen: Arc<Remembered<TitleId, Title>>,
    whole: Arc<Remembered<TmdbId, Arc<(Title, Details)>>>,
    providers: Arc<Remembered<String, Arc<[WatchProvider]>>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.settings).finish()
    }
}

impl Client {
    /// Asks where the settings say.
    ///
    /// # Errors
    /// No connection could ever be made: the machine has no certificates, say.
    pub fn new(settings: Settings) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("sovpalo/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT_WITHIN)
            .timeout(WITHIN)
            .build()?;
        Ok(Self(Arc::new(Inner {
            settings,
            http,
            breaker: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
            lists: Remembered::new(MOST_LISTS, LISTS_FOR),
            seen: Remembered::new(MOST_SEEN, SEEN_FOR),
            whole: Remembered::new(MOST_WHOLE, LISTS_FOR),
            providers: Remembered::new(MOST_REGIONS, SEEN_FOR),
        })))
    }

    /// How TMDB is reached.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// A title that a list had lately. Nothing is asked.
    pub fn seen(&self, id: &TitleId) -> Option<Title> {
        self.0.seen.get(id)
    }

    /// A list that answers a question, from memory or from TMDB. It goes on, and is remembered, also when nobody waits for it any more.
    pub(crate) fn list(
        &self,
        question: Question,
        ask: impl FnOnce(Self) -> Answer<Vec<Title>> + Send + 'static,
    ) -> Answer<Arc<[Title]>> {
        let client = self.clone();
        self.0.lists.get_or(question, move || {
            async move {
                let titles = ask(client.clone()).await?;
                for title in &titles {
                    client.0.seen.put(title.id.clone(), title.clone());
                }
                Ok(titles.into())
            }
            .boxed()
        })
    }

    /// All that is known of a title, from memory or from what `ask` says.
    pub(crate) fn remembered_whole(
        &self,
        id: TmdbId,
        ask: impl FnOnce(Self) -> Answer<(Title, Details)> + Send + 'static,
    ) -> Answer<Arc<(Title, Details)>> {
        let client = self.clone();
        self.0.whole.get_or(id, move || async move { ask(client).await.map(Arc::new) }.boxed())
    }

    /// Who offers titles in a country, from memory or from what `ask` says.
    pub(crate) fn remembered_providers(
        &self,
        region: String,
        ask: impl FnOnce(Self) -> Answer<Vec<WatchProvider>> + Send + 'static,
    ) -> Answer<Arc<[WatchProvider]>> {
        let client = self.clone();
        self.0.providers.get_or(region, move || async move { ask(client).await.map(Arc::from) }.boxed())
    }

    /// Asks for a path below the API's address, and reads the answer.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        params: &[(&str, &str)],
    ) -> Result<T, TmdbError> {
        let bytes = self.0.bytes(path, params).await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            // Not the text, which may be anything; where in it and why.
            tracing::debug!(%error, "an answer of TMDB cannot be read");
            self.0.count_failure();
            TmdbError::Unreadable
        })
    }
}

impl Inner {
    fn bytes<'a>(
        &'a self,
        path: &'a str,
        params: &'a [(&'a str, &'a str)],
    ) -> BoxFuture<'a, Result<Bytes, TmdbError>> {
        async move {
            let turn = timeout(TURN_WITHIN, self.turns.acquire()).await;
            let _turn = turn.ok().and_then(Result::ok).ok_or(TmdbError::Busy)?;
            // After the wait: TMDB may have fallen silent meanwhile.
            if !self.breaker().lets_through(Instant::now()) {
                return Err(TmdbError::Unavailable);
            }
            self.send(path, params).await
        }
        .boxed()
    }

    async fn send(&self, path: &str, params: &[(&str, &str)]) -> Result<Bytes, TmdbError> {
        let mut url = self.settings.api.clone();
        url.set_path(&format!("{}/{path}", url.path()));
        url.query_pairs_mut().extend_pairs(params);
        let request = self.http.get(url).bearer_auth(self.settings.token.reveal());
        let request = request.header(header::ACCEPT, "application/json");
        let response = request.send().await.map_err(|error| self.transport(error))?;
        let status = response.status();
        if status == StatusCode::OK {
            let bytes = self.body(response).await?;
            self.breaker().answered(Instant::now());
            return Ok(bytes);
        }
        match status {
            StatusCode::NOT_FOUND => {
                self.breaker().answered(Instant::now());
                Err(TmdbError::NotFound)
            }
            StatusCode::TOO_MANY_REQUESTS => {
                let pause = retry_after(response.headers()).unwrap_or(USUAL_PAUSE);
                self.breaker().pause(Instant::now(), pause);
                tracing::warn!(seconds = pause.as_secs(), "TMDB asks to be left alone for a while");
                Err(TmdbError::Unavailable)
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                if self.count_failure() {
                    tracing::error!("TMDB refuses TMDB_TOKEN: is it the API read access token?");
                }
                Err(TmdbError::Refused)
            }
            _ => {
                tracing::debug!(%status, "TMDB answers with an error");
                self.count_failure();
                Err(TmdbError::Unavailable)
            }
        }
    }

    async fn body(&self, mut response: reqwest::Response) -> Result<Bytes, TmdbError> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.transport(error))? {
            if bytes.len() + chunk.len() > MOST_BYTES {
                self.count_failure();
                return Err(TmdbError::Unreadable);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    fn transport(&self, error: reqwest::Error) -> TmdbError {
        // The address has what somebody typed in it.
        let error = error.without_url();
        tracing::debug!(%error, "TMDB does not answer");
        self.count_failure();
        TmdbError::Unavailable
    }

    /// `true`: it is left alone from now on.
    fn count_failure(&self) -> bool {
        let opens = self.breaker().failed(Instant::now());
        if opens {
            tracing::warn!("TMDB does not answer as it should: its titles are left out for a while");
        }
        opens
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long it is asked to wait: RFC 9110, 10.2.3.
fn retry_after(headers: &header::HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(SystemTime::now()).unwrap_or_default())
}
