//! One list out of two: the catalogue's titles, and those that were found elsewhere. The same film is in it once.

use std::{collections::BTreeSet, sync::Arc};

use sovpalo_catalogue::{Catalogue, DEFAULT_LIMIT, Elsewhere, Page, Query};
use sovpalo_domain::title::{NormalName, Title};
use sovpalo_tmdb::TmdbId;

/// The first page of a search, with what was found elsewhere. What is called exactly as was typed comes first; else the catalogue's come
/// first, unless they are only near. What an address names comes before all that is called like words of it.
///
/// The page has at most as many titles as the query wants, of which at most half are from elsewhere if the catalogue has enough. Pages
/// after it are the catalogue's alone, and go on where its part of this one ends.
pub(crate) fn merged(catalogue: &Catalogue, query: &Query, elsewhere: Vec<Title>) -> Page {
    let page = catalogue.search(query);
    let elsewhere = new_ones(catalogue, &page, elsewhere);
    if elsewhere.is_empty() {
        return page;
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let page = if page.items.len() + elsewhere.len() > limit {
        let own = limit - elsewhere.len().min(limit / 2);
        catalogue.search(&Query { limit: Some(own), ..query.clone() })
    } else {
        page
    };
    let by_address = matches!(Elsewhere::read(&query.text), Some(Elsewhere::Imdb(_) | Elsewhere::Tmdb(_)));
    let mut items: Vec<Arc<Title>> = if page.near || by_address {
        elsewhere.into_iter().chain(page.items).collect()
    } else {
        page.items.into_iter().chain(elsewhere).collect()
    };
    if !by_address {
        let typed = NormalName::readings(&query.text);
        // Stable: otherwise their order stays.
        items.sort_by_cached_key(|title| !is_called(title, &typed));
    }
    items.truncate(limit);
    Page { items, near: false, ..page }
}

/// Titles that are not on the page yet, each once; one that is the catalogue's is the catalogue's.
fn new_ones(catalogue: &Catalogue, page: &Page, elsewhere: Vec<Title>) -> Vec<Arc<Title>> {
    let mut known: BTreeSet<_> = page.items.iter().map(|title| title.id.clone()).collect();
    let titles = elsewhere.into_iter().map(|title| {
        let tmdb = TmdbId::from_title(&title.id);
        let same = tmdb.and_then(|tmdb| catalogue.same_as(&title, &tmdb.to_string()));
        same.unwrap_or_else(|| Arc::new(title))
    });
    titles.filter(|title| known.insert(title.id.clone())).collect()
}

/// Whether one of its names is one of these, and its year where they say one.
pub(super) fn is_called(title: &Title, typed: &[NormalName]) -> bool {
    title.names().filter_map(NormalName::bare).any(|name| {
        let same = |typed: &&NormalName| {
            name.same_but_for_an_article(typed) && (typed.year().is_none() || typed.year() == title.year)
        };
        typed.iter().any(|typed| same(&typed))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use sovpalo_domain::{ids::TitleId, title::TitleKind};

    use super::*;

    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

    fn title(number: u32, name: &str, year: u16) -> Title {
        Title {
            id: TmdbId::from_path(&format!("movie/{number}")).unwrap().title(),
            kind: TitleKind::Film,
            name_en: name.to_owned(),
            name_ru: name.to_owned(),
            original_name: None,
            year: Some(year),
            runtime_min: None,
            genres: Vec::new(),
            countries: Vec::new(),
            rating: None,
            overview_en: None,
            overview_ru: None,
            poster: None,
        }
    }

    fn ids(page: &Page) -> Vec<&str> {
        page.items.iter().map(|title| title.id.as_str()).collect()
    }

    fn query(text: &str) -> Query {
        Query { text: text.to_owned(), ..Query::default() }
    }

    #[test]
    fn a_film_that_the_catalogue_has_is_there_once_and_under_the_catalogues_id() {
        let found = vec![title(603, "The Matrix", 1999), title(4001, "Matrix of Evil", 2003)];
        let page = merged(&CATALOGUE, &query("matrix"), found);
        let all = ids(&page);
        assert_eq!(all.iter().filter(|id| **id == "c30").count(), 1, "{all:?}");
        assert!(!all.contains(&"tmdb-movie-603"), "{all:?}");
        assert_eq!(all.last(), Some(&"tmdb-movie-4001"));
    }

    #[test]
    fn a_film_of_the_catalogue_that_only_tmdb_finds_is_shown_as_the_catalogues() {
        let page = merged(&CATALOGUE, &query("der marsianer xyz"), vec![title(286_217, "The Martian", 2015)]);
        assert!(ids(&page).contains(&"c3"), "{:?}", ids(&page));
    }

    #[test]
    fn what_is_called_exactly_so_comes_before_what_is_only_near() {
        let page = merged(&CATALOGUE, &query("Rocky 2"), vec![title(1367, "Rocky 2", 1979)]);
        assert_eq!((ids(&page)[0], page.near), ("tmdb-movie-1367", false));
    }

    proptest! {
        #[test]
        fn a_page_is_never_longer_than_wanted_has_nothing_twice_and_its_cursor_skips_nothing(
            text in prop::sample::select(vec!["the", "a", "love", "matrix", "star wars", "qzx"]),
            many in 0u32..40,
            limit in 1usize..50,
        ) {
            let query = Query { limit: Some(limit), ..query(text) };
            let elsewhere = (1..=many).map(|n| title(9_000_000 + n, &format!("Elsewhere {n}"), 2020)).collect();
            let page = merged(&CATALOGUE, &query, elsewhere);
            prop_assert!(page.items.len() <= limit);
            let unique: BTreeSet<TitleId> = page.items.iter().map(|title| title.id.clone()).collect();
            prop_assert_eq!(unique.len(), page.items.len());
            if let Some(next) = page.next {
                let rest = CATALOGUE.search(&Query { after: next, limit: Some(100), ..query.clone() });
                let own = page.items.iter().filter(|title| TmdbId::from_title(&title.id).is_none());
                let own: Vec<_> = own.chain(&rest.items).map(|title| title.id.clone()).collect();
                let all = CATALOGUE.search(&Query { limit: Some(100), ..query });
                let all: Vec<_> = all.items.iter().map(|title| title.id.clone()).collect();
                let both = own.len().min(all.len());
                let (mut own, mut all) = (own[..both].to_vec(), all[..both].to_vec());
                own.sort();
                all.sort();
                prop_assert_eq!(own, all);
            }
        }
    }
}
