//! TMDB's genres, and ours.
//!
//! <https://developer.themoviedb.org/reference/genre-movie-list> and `genre-tv-list`: the numbers are stable.

use super::ids::TmdbKind;

/// TMDB's number, and the keys of [`GENRES`](sovpalo_domain::title::GENRES) that it stands for. Those of films first; series have some of
/// their own, which mix two.
const GENRES: [(u32, &[&str]); 23] = [
    (28, &["action"]),
    (12, &["adventure"]),
    (16, &["animation"]),
    (35, &["comedy"]),
    (80, &["crime"]),
    (99, &["documentary"]),
    (18, &["drama"]),
    (10751, &["family"]),
    (14, &["fantasy"]),
    (36, &["history"]),
    (27, &["horror"]),
    (10402, &["music"]),
    (9648, &["mystery"]),
    (10749, &["romance"]),
    (878, &["sci-fi"]),
    (53, &["thriller"]),
    (10752, &["war"]),
    (37, &["western"]),
    (10759, &["action", "adventure"]),
    (10762, &["family"]),
    (10765, &["sci-fi", "fantasy"]),
    (10766, &["drama"]),
    (10768, &["war"]),
];

/// The first of those that only series have.
const OF_SERIES: usize = 18;

/// The keys of TMDB's genres, each once, in TMDB's order.
pub(crate) fn keys(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for number in numbers {
        let (_, of_this) = GENRES.iter().find(|(it, _)| *it == number).copied().unwrap_or_default();
        for key in of_this {
            if !keys.iter().any(|it| it == key) {
                keys.push((*key).to_owned());
            }
        }
    }
    keys
}

/// TMDB's number for a key among films, or among series. `None`: it has none for that.
pub(crate) fn number(kind: TmdbKind, key: &str) -> Option<u32> {
    let has = |(_, keys): &&(u32, &[&str])| keys.contains(&key);
    let of_series = GENRES[OF_SERIES..].iter().find(has);
    let of_films = GENRES[..OF_SERIES].iter().find(has);
    // Genres like action and war are named by a number of their own among series; all others are shared.
    let found = match kind {
        TmdbKind::Movie => of_films,
        TmdbKind::Tv => of_series.filter(|(number, _)| ![10762, 10766].contains(number)).or(of_films),
    };
    found.map(|(number, _)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_one_of_the_catalogues() {
        for (number, keys) in GENRES {
            for key in keys {
                assert!(sovpalo_domain::title::GENRES.contains(key), "{number}: {key}");
            }
        }
    }

    #[test]
    fn a_mixed_genre_is_both_and_each_once() {
        assert_eq!(keys([10765, 878, 4711]), ["sci-fi", "fantasy"]);
    }

    #[test]
    fn series_have_numbers_of_their_own() {
        assert_eq!(number(TmdbKind::Movie, "war"), Some(10752));
        assert_eq!(number(TmdbKind::Tv, "war"), Some(10768));
        assert_eq!(number(TmdbKind::Tv, "drama"), Some(18));
        assert_eq!(number(TmdbKind::Tv, "family"), Some(10751));
        assert_eq!(number(TmdbKind::Movie, "noir"), None);
    }
}
