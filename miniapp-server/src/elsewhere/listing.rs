//! What TMDB has under the names of a pasted list.

use std::{sync::Arc, time::Duration};

use futures::{FutureExt, StreamExt, stream};
use sovpalo_catalogue::Catalogue;
use sovpalo_domain::title::{NormalName, Title};
use sovpalo_tmdb::TmdbId;
use tokio::time::{Instant, timeout_at};

use super::{SHORTEST_NAME, merging::is_called};
use crate::App;

/// So many lines of a list that the catalogue does not have are looked for at TMDB.
const MOST_LISTED: usize = 20;
/// A list waits for TMDB for so long; what was not found by then stays as it was written.
const LISTED_WITHIN: Duration = Duration::from_millis(1_500);
/// So many lines are looked for at the same time.
const LISTED_AT_ONCE: usize = 4;

impl App {
    /// The title that each of these lines names, in their order. `None`: TMDB has none of that name, or several, or did not say in time.
    pub(crate) async fn find_listed(&self, catalogue: &Catalogue, lines: &[&str]) -> Vec<Option<Arc<Title>>> {
        let mut found = vec![None; lines.len()];
        let Some(tmdb) = &self.tmdb else { return found };
        let deadline = Instant::now() + LISTED_WITHIN;
        let long_enough = |line: &str| line.trim().chars().count() >= SHORTEST_NAME;
        let asked = lines.iter().enumerate().filter(|(_, line)| long_enough(line)).take(MOST_LISTED);
        let asked: Vec<_> = asked
            .map(|(place, line)| {
                let search = tmdb.search(line, None);
                async move { (place, timeout_at(deadline, search).await) }.boxed()
            })
            .collect();
        let mut answers = stream::iter(asked).buffer_unordered(LISTED_AT_ONCE);
        while let Some((place, answer)) = answers.next().await {
            let Ok(Ok(titles)) = answer else { continue };
            let named = NormalName::readings(lines[place]);
            let mut called = titles.iter().filter(|title| is_called(title, &named));
            if let (Some(only), None) = (called.next(), called.next()) {
                let same =
                    TmdbId::from_title(&only.id).and_then(|tmdb| catalogue.same_as(only, &tmdb.to_string()));
                found[place] = Some(same.unwrap_or_else(|| Arc::new(only.clone())));
            }
        }
        found
    }
}
