//! Finding titles by their name, and by the ids of other sites.

use std::sync::Arc;

use futures::FutureExt;
use sovpalo_domain::title::{NormalName, Title};

use super::{
    answers::{ById, Page},
    client::Client,
    error::TmdbError,
    ids::TmdbKind,
    lists::{self, ENGLISH, RUSSIAN},
    question::Question,
    remembered::Answer,
};

/// Names are looked for by at most so many characters.
pub(crate) const LONGEST: usize = 100;

impl Client {
    /// Films and series of a name, in whatever language it is, best first: at most 20. Both English and Russian names and descriptions are
    /// filled in. A year behind the name narrows it where anything of that year is found.
    ///
    /// # Errors
    /// See [`TmdbError`]. The look-up goes on when it is not waited for any more, and is remembered.
    pub fn search(&self, text: &str, kind: Option<TmdbKind>) -> Answer<Arc<[Title]>> {
        let typed: String = text.chars().take(LONGEST).collect();
        let typed = typed.trim();
        // The last reading is the one without a year and a number of a list.
        let readings = NormalName::readings(typed);
        let year = readings.iter().find_map(NormalName::year);
        let dated = readings.iter().find(|reading| reading.year().is_some());
        let name = dated.map_or_else(|| typed.to_lowercase(), |reading| reading.words().to_owned());
        if name.is_empty() {
            return futures::future::ready(Ok(Arc::default())).boxed();
        }
        let found = self.list(Question::Named { name: name.clone(), kind }, move |client| {
            async move { client.named(&name, kind).await }.boxed()
        });
        async move {
            let found = found.await?;
            let of_year: Vec<Title> =
                found.iter().filter(|title| year.is_some() && title.year == year).cloned().collect();
            Ok(if of_year.is_empty() { found } else { of_year.into() })
        }
        .boxed()
    }

    /// What IMDb knows under an id like `tt0133093`: at most one title.
    ///
    /// # Errors
    /// See [`TmdbError`].
    pub fn find_imdb(&self, id: &str) -> Answer<Arc<[Title]>> {
        let fine = id.strip_prefix("tt").is_some_and(|digits| {
            (7..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        if !fine {
            return futures::future::ready(Ok(Arc::default())).boxed();
        }
        let id = id.to_owned();
        self.list(Question::Imdb(id.clone()), move |client| async move { client.of_imdb(&id).await }.boxed())
    }

    async fn named(&self, name: &str, kind: Option<TmdbKind>) -> Result<Vec<Title>, TmdbError> {
        let path = format!("search/{}", kind.map_or("multi", TmdbKind::word));
        let ask = |language: &'static str| {
            let (client, path, name) = (self.clone(), path.clone(), name.to_owned());
            async move {
                let params = [
                    ("query", name.as_str()),
                    ("include_adult", "false"),
                    ("language", language),
                    ("page", "1"),
                ];
                client.get::<Page>(&path, &params).await
            }
            .boxed()
        };
        let (english, russian) = futures::future::try_join(ask(ENGLISH), ask(RUSSIAN)).await?;
        Ok(lists::together(english.results, russian.results, kind))
    }

    async fn of_imdb(&self, id: &str) -> Result<Vec<Title>, TmdbError> {
        let path = format!("find/{id}");
        let ask = |language: &'static str| {
            let (client, path) = (self.clone(), path.clone());
            async move {
                client.get::<ById>(&path, &[("external_source", "imdb_id"), ("language", language)]).await
            }
            .boxed()
        };
        let (english, russian) = futures::future::try_join(ask(ENGLISH), ask(RUSSIAN)).await?;
        let films = lists::together(english.movie_results, russian.movie_results, Some(TmdbKind::Movie));
        let series = lists::together(english.tv_results, russian.tv_results, Some(TmdbKind::Tv));
        Ok(films.into_iter().chain(series).take(1).collect())
    }
}
