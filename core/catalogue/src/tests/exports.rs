//! Lists that people bring along.

use std::io::{Cursor, Write};

use proptest::{collection::vec, prelude::*};
use sovpalo_domain::title::TitleMark;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::CATALOGUE;
use crate::exports::{MOST_FILES, MOST_LINES, MOST_UNPACKED, NoList, Understood, read};

const WATCHLIST: &str = include_str!("exports/letterboxd-watchlist.csv");
const DIARY: &str = include_str!("exports/letterboxd-diary.csv");
const LIST: &str = include_str!("exports/letterboxd-list.csv");
const IMDB_RATINGS: &str = include_str!("exports/imdb-ratings.csv");
const IMDB_WATCHLIST: &str = include_str!("exports/imdb-watchlist.csv");
const KINORIUM: &str = include_str!("exports/kinorium-votes.tsv");

fn read_as(file: &[u8], name: Option<&str>) -> Result<Understood, NoList> {
    read(&CATALOGUE, file, name)
}

#[track_caller]
fn understood(file: impl AsRef<[u8]>) -> Understood {
    read_as(file.as_ref(), None).expect("it is a list")
}

/// Of each line: its number, the English name of its title, and what the export says of it.
fn recognised(list: &Understood) -> Vec<(u64, &str, Option<TitleMark>)> {
    list.recognised.iter().map(|line| (line.at.line, line.title.name_en.as_str(), line.mark)).collect()
}

fn typed(list: &Understood) -> Vec<(u64, &str)> {
    list.typed.iter().map(|line| (line.at.line, line.text.as_str())).collect()
}

fn rejected(list: &Understood) -> Vec<(u64, &str)> {
    list.rejected.iter().map(|line| (line.at.line, line.reason.code())).collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_watchlist_of_letterboxd_is_read_line_by_line() {
    let list = understood(WATCHLIST);
    assert_eq!(recognised(&list), [(2, "The Matrix", None)]);
    assert_eq!(typed(&list), [(3, "Maybe, Maybe Not (2004)"), (4, "Untitled Festival Film")]);
    assert_eq!(rejected(&list), [(5, "repeated")]);
    assert_eq!(list.rejected[0].reason.to_string(), "it is the same as line 2");
}

#[test]
fn what_its_file_is_called_tells_a_watchlist_from_what_was_watched() {
    for (name, mark) in [
        ("watchlist.csv", Some(TitleMark::Wanted)),
        ("watched.csv", Some(TitleMark::Watched)),
        ("Мои оценки.csv", Some(TitleMark::Watched)),
        ("export (3).csv", None),
    ] {
        let list = read_as(WATCHLIST.as_bytes(), Some(name)).unwrap();
        assert_eq!(recognised(&list), [(2, "The Matrix", mark)], "{name}");
    }
}

#[test]
fn who_rated_or_logged_a_title_has_watched_it() {
    let watched = Some(TitleMark::Watched);
    assert_eq!(recognised(&understood(DIARY)), [(2, "The Matrix", watched), (3, "The Lion King", None)]);
    assert_eq!(recognised(&understood(IMDB_WATCHLIST)), [(2, "The Lion King", None)]);
}

#[test]
fn the_header_of_a_list_of_letterboxd_comes_after_what_the_list_is_called() {
    let list = understood(LIST);
    // A description in quotes goes over two lines, as an editor counts them.
    assert_eq!(recognised(&list), [(7, "The Matrix", None)]);
    assert_eq!(typed(&list), [(8, "Maybe, Maybe Not (2004)")]);
    assert_eq!(rejected(&list), []);
}

#[test]
fn imdb_names_a_title_by_its_id_whatever_it_calls_it_and_games_are_no_films() {
    let list = understood(IMDB_RATINGS);
    assert_eq!(recognised(&list), [(2, "The Matrix", Some(TitleMark::Watched))]);
    assert_eq!(typed(&list), [(3, "The Long Shift (2011)")]);
    assert_eq!(rejected(&list), [(4, "no_film")]);
}

#[test]
fn kinorium_writes_utf_16_with_tabs_and_says_each_title_twice() {
    for bytes in [
        utf16(KINORIUM, u16::to_le_bytes),
        utf16(KINORIUM, u16::to_be_bytes),
        KINORIUM.as_bytes().to_vec(),
        utf16(&KINORIUM.replace('\n', "\r\n"), u16::to_le_bytes),
    ] {
        let list = understood(bytes);
        assert_eq!(
            recognised(&list),
            [(2, "The Matrix", Some(TitleMark::Watched)), (4, "The Lion King", None)],
        );
        assert_eq!(typed(&list), [(3, "Фильм, которого нет (2031)")]);
    }
}

#[test]
fn a_table_that_somebody_made_is_read_by_its_header_too() {
    for (file, found) in [
        ("\u{FEFF}Название;Год\r\n\"Король Лев\";1994\r\n;1999\r\n", 2),
        ("sep=;\nНазвание;Год\nКороль Лев;1994\n;1999\n", 3),
        ("Год\tНазвание\rбез года\tКороль Лев\r1999\t\r", 2),
    ] {
        let list = understood(file);
        assert_eq!(recognised(&list), [(found, "The Lion King", None)], "{file:?}");
        assert_eq!(rejected(&list), [(found + 1, "no_name")], "{file:?}");
    }
}

#[test]
fn film_and_series_of_one_name_are_told_apart_where_the_list_says_which() {
    let file = |kind: &str| format!("Title,Title Type,Year\nBreaking Bad,{kind},2008\n");
    assert_eq!(recognised(&understood(file("TV Series"))), [(2, "Breaking Bad", None)]);
    let film = understood(file("Movie"));
    assert_eq!((recognised(&film), typed(&film)), (vec![], vec![(2, "Breaking Bad (2008)")]));
}

#[test]
fn a_plain_list_may_have_numbers_bullets_years_and_addresses() {
    let text = "Что посмотреть:\n\n1. Матрица\n- [x] Король Лев (1994)\n---\n\
        https://www.imdb.com/title/tt0133093/\nA film that nobody has made\n";
    let list = understood(text);
    assert_eq!(recognised(&list), [(3, "The Matrix", None), (4, "The Lion King", None)]);
    assert_eq!(typed(&list), [(1, "Что посмотреть:"), (7, "A film that nobody has made")]);
    assert_eq!(rejected(&list), [(6, "repeated")], "the same film by its address");
}

#[test]
fn a_line_that_is_too_long_or_no_text_is_rejected_and_the_others_are_not() {
    let long = "x".repeat(101);
    let list = understood(format!("{long}\nМатрица\n{}", "y".repeat(5_000)));
    assert_eq!(rejected(&list), [(1, "too_long"), (3, "too_long")]);
    let mut file = b"Name,Year\n".to_vec();
    file.extend(b"\xCC\xE0\xF2\xF0\xE8\xF6\xE0,1999\nThe Matrix,1999\n");
    let list = understood(file);
    assert_eq!(rejected(&list), [(2, "not_text")]);
    assert_eq!(recognised(&list), [(3, "The Matrix", None)]);
}

#[test]
fn what_is_no_list_is_said_to_be_none() {
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    for (file, why) in [
        (&b""[..], NoList::Empty),
        (b" \n---\n\xE2\x80\x8B\n", NoList::Empty),
        (picture, NoList::NotText),
        (b"\xFF\xFEa", NoList::NotText),
        (b"\xCC\xE0\xF2\xF0\xE8\xF6\xE0\n", NoList::NotText),
        (b"PK\x03\x04 but no more", NoList::BadArchive),
        (&archive(&[]), NoList::NothingInArchive),
        (
            &archive(&[("profile.csv", b"Username,Bio\nanna,hi\n"), ("a.png", picture)]),
            NoList::NothingInArchive,
        ),
    ] {
        assert_eq!(read_as(file, None), Err(why), "{:?}", String::from_utf8_lossy(file));
    }
}

#[test]
fn an_archive_is_one_list_of_all_its_files() {
    let file = archive(&[
        ("profile.csv", b"Username,Given Name\nanna,Anna\n"),
        ("letterboxd-anna/watchlist.csv", WATCHLIST.as_bytes()),
        (
            "letterboxd-anna/watched.csv",
            b"Date,Name,Year,Letterboxd URI\n2026-01-01,The Matrix,1999,x\n2026-01-01,Solaris,1972,y\n",
        ),
        ("letterboxd-anna/deleted/diary.csv", DIARY.as_bytes()),
        ("__MACOSX/._watched.csv", b"\0\0\0"),
    ]);
    let list = understood(file);
    let watched = Some(TitleMark::Watched);
    assert_eq!(recognised(&list), [(2, "The Matrix", watched), (3, "Solaris", watched)]);
    let files: Vec<_> = list.recognised.iter().map(|line| line.at.file.as_deref()).collect();
    assert_eq!(files, [Some("letterboxd-anna/watchlist.csv"), Some("letterboxd-anna/watched.csv")]);
    assert_eq!(rejected(&list), [(5, "repeated")], "only what one file has twice");
}

#[test]
fn an_archive_that_is_a_bomb_is_refused() {
    let nothing = vec![b'\n'; MOST_UNPACKED + 1];
    let bomb = archive(&[("watched.csv", &nothing)]);
    assert!(bomb.len() < 100_000, "it is no bomb: {} bytes", bomb.len());
    assert_eq!(read_as(&bomb, None), Err(NoList::TooMuchUnpacked));
    let half = &nothing[..=MOST_UNPACKED / 2];
    assert_eq!(read_as(&archive(&[("a.csv", half), ("b.csv", half)]), None), Err(NoList::TooMuchUnpacked));
    let names: Vec<String> = (0..=MOST_FILES).map(|n| format!("{n}.csv")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(read_as(&archive(&many), None), Err(NoList::TooManyFiles));
}

#[test]
fn of_a_list_that_is_too_long_the_beginning_is_read_and_it_is_said() {
    let lines: Vec<String> = (0..MOST_LINES + 7).map(|n| format!("Film number {n} of many")).collect();
    let lines = lines.join("\n") + "\n";
    let list = understood(&lines);
    assert_eq!(list.typed.len(), MOST_LINES);
    let next = u64::try_from(MOST_LINES).unwrap() + 1;
    assert_eq!(rejected(&list), [(next, "too_many")]);
    let table = understood(format!("Name,Year\n{}", lines.replace('\n', ",1999\n")));
    assert_eq!((table.typed.len(), rejected(&table)), (MOST_LINES, vec![(next + 1, "too_many")]));
}

/// Bytes that look like something now and then.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        &b"Name,Year\n"[..],
        b"Title\tYear\n",
        b"\"",
        b",",
        b";",
        b"\n",
        b"\r\n",
        b"\xFF\xFE",
        b"\xEF\xBB\xBF",
        b"sep=;\n",
        b"The Matrix",
        b"1999",
        b"tt0133093",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\xD0\x9C",
    ]);
    let piece = prop_oneof![3 => pieces.prop_map(<[u8]>::to_vec), 1 => vec(any::<u8>(), 0..20)];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Each line is said once, and no title twice.
fn holds_together(list: &Understood) -> Result<(), TestCaseError> {
    let places = list.recognised.iter().map(|line| &line.at);
    let places = places.chain(list.typed.iter().map(|line| &line.at));
    let mut places: Vec<_> = places.chain(list.rejected.iter().map(|line| &line.at)).collect();
    let all = places.len();
    prop_assert!(all <= MOST_LINES + 1);
    places.sort();
    places.dedup();
    prop_assert_eq!(places.len(), all, "a line is said twice");
    let mut titles: Vec<_> = list.recognised.iter().map(|line| line.title.id.clone()).collect();
    titles.extend(list.typed.iter().map(|line| line.text.id()));
    let all = titles.len();
    titles.sort();
    titles.dedup();
    prop_assert_eq!(titles.len(), all, "a title is there twice");
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic_and_each_line_is_said_once(file in garbage(), name in ".{0,20}") {
        if let Ok(list) = read_as(&file, Some(&name)) {
            holds_together(&list)?;
        }
        let zipped = archive(&[("watched.csv", &file), ("b.csv", &file)]);
        if let Ok(list) = read_as(&zipped, None) {
            holds_together(&list)?;
        }
    }

    #[test]
    fn an_archive_that_is_damaged_is_read_without_a_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut file = archive(&[("watched.csv", WATCHLIST.as_bytes()), ("diary.csv", DIARY.as_bytes())]);
        let at = at.index(file.len());
        file[at] = byte;
        if let Ok(list) = read_as(&file, None) {
            holds_together(&list)?;
        }
    }

    #[test]
    fn whatever_separates_and_encodes_a_table_it_says_the_same(
        names in vec("[A-Za-z]{1,8}( [a-z]{1,8})?", 1..8), windows in any::<bool>(), separator in 0..3_usize,
    ) {
        let separator = [',', ';', '\t'][separator];
        let end = if windows { "\r\n" } else { "\n" };
        let rows = names.iter().map(|name| format!("\"{name}\"{separator}1999{end}"));
        let table = format!("Name{separator}Year{end}{}", rows.collect::<String>());
        let list = understood(&table);
        prop_assert_eq!(list.recognised.len() + list.typed.len() + list.rejected.len(), names.len());
        prop_assert_eq!(list.rejected.iter().filter(|line| line.reason.code() != "repeated").count(), 0);
        for other in [utf16(&table, u16::to_le_bytes), utf16(&table, u16::to_be_bytes), format!("\u{FEFF}{table}").into_bytes()] {
            prop_assert_eq!(&understood(other), &list);
        }
    }
}
