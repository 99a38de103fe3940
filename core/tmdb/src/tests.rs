//! The client against the stand-in.

use std::time::Duration;

use sovpalo_domain::{language::Language, title::TitleKind};

use super::{
    breaker::FAILURES,
    client::AT_ONCE,
    testing::{Fault, StandIn},
    *,
};

async fn both() -> (StandIn, Client) {
    let stand_in = StandIn::start().await;
    let client = Client::new(stand_in.settings()).unwrap();
    (stand_in, client)
}

fn names(titles: &[sovpalo_domain::title::Title]) -> Vec<&str> {
    titles.iter().map(|title| title.name_en.as_str()).collect()
}

const LIGHTHOUSE: TmdbId = TmdbId { kind: TmdbKind::Movie, number: 4001 };

#[tokio::test]
async fn a_title_is_found_in_either_language_and_has_its_names_in_both() {
    let (stand_in, client) = both().await;
    for typed in ["quiet bay", "Тихой БУХТЫ", "phare de la"] {
        let found = client.search(typed, None).await.unwrap();
        let title = found.iter().find(|title| title.id == LIGHTHOUSE.title()).expect(typed);
        assert_eq!((&*title.name_en, &*title.name_ru), ("The Lighthouse of Quiet Bay", "Маяк Тихой бухты"));
        assert_eq!(title.original_name.as_deref(), Some("Le Phare de la baie"));
        assert_eq!(
            (title.year, title.rating, &*title.genres),
            (Some(2021), Some(7.5), &["drama".into(), "mystery".into()][..])
        );
        assert_eq!(title.overview(Language::Ru), Some("История."));
        assert_eq!(title.overview(Language::En), Some("A story."));
    }
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn people_and_broken_entries_are_no_titles() {
    let (_stand_in, client) = both().await;
    let found = client.search("quiet bay", None).await.unwrap();
    assert_eq!(
        names(&found),
        ["The Lighthouse of Quiet Bay", "Quiet Bay Stories", "The Lighthouse of Quiet Bay"]
    );
    assert_eq!(found[1].kind, TitleKind::Series);
}

#[tokio::test]
async fn a_kind_and_a_year_narrow_the_search() {
    let (stand_in, client) = both().await;
    let series = client.search("quiet bay", Some(TmdbKind::Tv)).await.unwrap();
    assert_eq!(names(&series), ["Quiet Bay Stories"]);
    let old = client.search("The Lighthouse of Quiet Bay (1955)", None).await.unwrap();
    assert_eq!(old.iter().map(|title| title.year).collect::<Vec<_>>(), [Some(1955)]);
    let of_no_such_year = client.search("The Lighthouse of Quiet Bay (1911)", None).await.unwrap();
    assert_eq!(of_no_such_year.len(), 2);
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn an_id_of_imdb_is_one_title_and_nothing_else_is_asked_for() {
    let (stand_in, client) = both().await;
    assert_eq!(client.find_imdb("tt9900001").await.unwrap()[0].id, LIGHTHOUSE.title());
    let before = stand_in.asked().len();
    for wrong in ["", "tt1", "tt0133093/../../x", "nm0000001"] {
        assert!(client.find_imdb(wrong).await.unwrap().is_empty(), "{wrong}");
    }
    assert_eq!(stand_in.asked().len(), before);
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn what_many_look_for_is_asked_once() {
    let (stand_in, client) = both().await;
    let all = futures::future::join_all((0..40).map(|_| client.search("quiet bay", None))).await;
    assert!(all.iter().all(|found| found.as_ref().is_ok_and(|found| found.len() == 3)));
    assert_eq!(stand_in.asked().len(), 2, "in two languages: {:?}", stand_in.asked());
    assert!(client.seen(&LIGHTHOUSE.title()).is_some());
}

#[tokio::test]
async fn a_search_that_nobody_waits_for_any_more_is_remembered_all_the_same() {
    let (stand_in, client) = both().await;
    stand_in.fault(Fault::Silent);
    let impatient = client.search("quiet bay", None);
    assert!(tokio::time::timeout(Duration::from_millis(20), impatient).await.is_err());
    let waiting = client.search("quiet bay", None);
    stand_in.fault(Fault::None);
    assert_eq!(waiting.await.unwrap().len(), 3);
    assert_eq!(stand_in.asked().len(), 2);
}

#[tokio::test]
async fn whoever_fails_again_and_again_is_left_alone_and_answered_for_at_once() {
    let (stand_in, client) = both().await;
    stand_in.fault(Fault::Status(500));
    for n in 0..FAILURES {
        let id = TmdbId { number: n + 1, ..LIGHTHOUSE };
        assert_eq!(client.whole(id).await.unwrap_err(), TmdbError::Unavailable);
    }
    let before = stand_in.asked().len();
    stand_in.fault(Fault::None);
    assert_eq!(client.search("quiet bay", None).await, Err(TmdbError::Unavailable));
    assert_eq!(stand_in.asked().len(), before, "nothing was asked");
}

#[tokio::test]
async fn too_many_requests_is_obeyed_from_the_first_one() {
    let (stand_in, client) = both().await;
    for after in ["120", "Fri, 31 Dec 2106 23:59:59 GMT", "nonsense"] {
        let client = if after == "120" { client.clone() } else { Client::new(stand_in.settings()).unwrap() };
        stand_in.fault(Fault::RetryAfter(after));
        assert_eq!(client.whole(LIGHTHOUSE).await.unwrap_err(), TmdbError::Unavailable);
        let before = stand_in.asked().len();
        stand_in.fault(Fault::None);
        assert_eq!(client.search("quiet bay", None).await, Err(TmdbError::Unavailable), "{after}");
        assert_eq!(stand_in.asked().len(), before, "{after}: it was asked again");
    }
}

#[tokio::test]
async fn a_page_that_is_no_answer_and_a_refused_token_are_errors_and_no_panics() {
    let (stand_in, client) = both().await;
    stand_in.fault(Fault::Garbage);
    assert_eq!(client.search("quiet bay", None).await, Err(TmdbError::Unreadable));
    stand_in.fault(Fault::Status(401));
    assert_eq!(client.whole(LIGHTHOUSE).await.unwrap_err(), TmdbError::Refused);
    stand_in.fault(Fault::None);
    assert_eq!(client.whole(TmdbId { number: 9, ..LIGHTHOUSE }).await.unwrap_err(), TmdbError::NotFound);
}

#[tokio::test]
async fn no_more_than_that_is_asked_at_the_same_time() {
    let (stand_in, client) = both().await;
    stand_in.fault(Fault::Silent);
    let many: Vec<_> =
        (0..AT_ONCE).map(|n| tokio::spawn(client.search(&format!("film {n}"), None))).collect();
    while stand_in.asked().len() < AT_ONCE {
        tokio::task::yield_now().await;
    }
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stand_in.asked().len(), AT_ONCE, "half of the requests wait for their turn");
    stand_in.fault(Fault::None);
    for one in many {
        assert!(one.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn a_title_is_known_whole_by_one_request() {
    let (stand_in, client) = both().await;
    let whole = client.whole(LIGHTHOUSE).await.unwrap();
    let (title, details) = &*whole;
    assert_eq!((&*title.name_ru, title.runtime_min), ("Маяк Тихой бухты", Some(112)));
    assert_eq!(
        (title.overview_ru.as_deref(), title.overview_en.as_deref()),
        (Some("История."), Some("A story."))
    );
    assert_eq!(details.directors, ["Jean Director"]);
    assert_eq!((details.cast.len(), &*details.cast[0]), (MOST_CAST, "Actor 0"));
    assert_eq!(details.countries, ["FR"]);
    assert_eq!(details.trailer(Language::En).unwrap(), "https://www.youtube.com/watch?v=official_en");
    assert_eq!(details.trailer(Language::Ru).unwrap(), "https://www.youtube.com/watch?v=official_ru");
    let kinds: Vec<_> =
        details.watch("FR").iter().map(|offer| (offer.provider.to_owned(), offer.kind)).collect();
    assert_eq!(kinds, [("Netflix".into(), OfferKind::Stream), ("Apple TV".into(), OfferKind::Rent)]);
    assert_eq!(details.watch("DE"), [], "its link leads elsewhere");
    assert_eq!(details.watch("fr"), []);
    assert_eq!(stand_in.asked().len(), 1);
    assert_eq!(stand_in.violations(), [""; 0]);
}

#[tokio::test]
async fn details_are_read_as_they_were_written() {
    let (_stand_in, client) = both().await;
    let details = client.whole(LIGHTHOUSE).await.unwrap().1.clone();
    let written = serde_json::to_string(&details).unwrap();
    assert_eq!(serde_json::from_str::<Details>(&written).unwrap(), details);
    assert_eq!(
        serde_json::from_str::<Details>("{}").unwrap(),
        Details::default(),
        "an older version had less"
    );
}

#[tokio::test]
async fn a_filter_is_asked_in_tmdbs_words() {
    let (stand_in, client) = both().await;
    let filter = Filter {
        genres: vec!["drama".into(), "mystery".into()],
        countries: vec!["FR".into(), "GB".into()],
        from_year: Some(1990),
        to_year: Some(2021),
        min_rating_tenths: Some(75),
        max_runtime: Some(120),
        family: true,
        provider: Some(8),
        region: Some("FR".into()),
        ..Filter::default()
    };
    client.discover(&filter).await.unwrap();
    assert_eq!(stand_in.violations(), [""; 0]);
    let asked = stand_in.asked().join("\n");
    for param in [
        "primary_release_date.gte=1990-01-01",
        "primary_release_date.lte=2021-12-31",
        "first_air_date.gte=1990-01-01",
        "vote_average.gte=7.5",
        "with_runtime.lte=120",
        "with_origin_country=FR",
        "with_origin_country=GB",
        "certification.lte=PG",
        "with_watch_providers=8",
        "watch_region=FR",
        "with_genres=18%7C9648",
        "with_genres=10751",
    ] {
        assert!(asked.contains(param), "{param} is missing in {asked}");
    }
}

#[tokio::test]
async fn films_and_series_that_fit_come_in_turns_and_a_kind_leaves_one_of_them() {
    let (_stand_in, client) = both().await;
    let all = client.discover(&Filter::default()).await.unwrap();
    assert_eq!(names(&all)[..3], ["The Matrix", "Quiet Bay Stories", "The Lighthouse of Quiet Bay"]);
    let series = Filter { kind: Some(TitleKind::Series), ..Filter::default() };
    assert_eq!(names(&client.discover(&series).await.unwrap()), ["Quiet Bay Stories"]);
    let noir = Filter { genres: vec!["noir".into()], ..Filter::default() };
    assert_eq!(client.discover(&noir).await.unwrap().len(), 0, "TMDB has no such genre");
    let nowhere = Filter { countries: vec!["x&y".into()], ..Filter::default() };
    assert_eq!(client.discover(&nowhere).await.unwrap().len(), 0);
}

#[tokio::test]
async fn who_offers_titles_in_a_country_is_listed_once_in_its_order_and_narrows_a_filter() {
    let (stand_in, client) = both().await;
    let here = client.watch_providers("FR").await.unwrap();
    let called: Vec<&str> = here.iter().map(|provider| &*provider.name).collect();
    assert_eq!(called, ["Netflix", "Apple TV", "Canal+"]);
    let by = |number| Filter {
        kind: Some(TitleKind::Film),
        provider: Some(number),
        region: Some("FR".into()),
        ..Filter::default()
    };
    assert_eq!(
        names(&client.discover(&by(here[1].number)).await.unwrap()),
        ["The Lighthouse of Quiet Bay", "The Martian"]
    );
    assert_eq!(client.discover(&by(here[2].number)).await.unwrap().len(), 0);
    assert_eq!(client.watch_providers("DE").await.unwrap().len(), 0);
    let before = stand_in.asked().len();
    for known_or_none in ["FR", "fr", "", "../x"] {
        client.watch_providers(known_or_none).await.unwrap();
    }
    assert_eq!(stand_in.asked().len(), before, "nothing more is asked");
    assert_eq!(stand_in.violations(), [""; 0]);
}
