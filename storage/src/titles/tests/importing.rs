//! What an operator's file may look like, and what is said about one that may not.

use proptest::prelude::*;

use super::{super::import::*, *};

fn flaws(file: impl AsRef<[u8]>) -> Vec<String> {
    match parse(file.as_ref()) {
        Ok(titles) => panic!("the file was taken: {titles:?}"),
        Err(bad) => bad.flaws.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_name_is_all_that_a_title_needs() {
    let titles = parse("name_ru\nНаша свадьба\n".as_bytes()).unwrap();
    assert_eq!(titles.len(), 1);
    assert_eq!((titles[0].name_en.as_str(), titles[0].name_ru.as_str()), ("Наша свадьба", "Наша свадьба"));
    assert_eq!(titles[0].kind, TitleKind::Film);
    assert!(titles[0].id.as_str().starts_with('i'));
}

#[test]
fn every_column_is_read_in_any_order_whatever_the_spreadsheet_adds() {
    let file = "\u{FEFF}Poster, name_en ,kind,year,runtime_min,rating,genres,countries,original_name,overview_en\r\n\
        https://example.org/a.jpg?w=1,\"Me, You\",series,1999,45,\"7,5\",Comedy; drama,FR;SU,Moi,\"Well, well\"\r\n\
        ,,,,,,,,,\r\n";
    let titles = parse(file.as_bytes()).unwrap();
    let title = &titles[0];
    assert_eq!(titles.len(), 1);
    assert_eq!(title.name_en, "Me, You");
    assert_eq!(title.kind, TitleKind::Series);
    assert_eq!((title.year, title.runtime_min, title.rating), (Some(1999), Some(45), Some(7.5)));
    assert_eq!((title.genres.join(" "), title.countries.join(" ")), ("comedy drama".into(), "FR SU".into()));
    assert_eq!(title.original_name.as_deref(), Some("Moi"));
    assert_eq!(title.overview(Language::Ru), Some("Well, well"));
    assert_eq!(title.poster.as_deref(), Some("https://example.org/a.jpg?w=1"));
}

#[test]
fn a_corrected_file_changes_the_same_titles() {
    let before = parse(b"name_en,year\nOur Summer,2019\nOur Summer,2020\n").unwrap();
    let after = parse(b"year,name_en,genres\n2020,OUR SUMMER,drama\n2019,Our summer,comedy\n").unwrap();
    assert_eq!((&before[0].id, &before[1].id), (&after[1].id, &after[0].id));
    assert_ne!(before[0].id, before[1].id);
}

#[test]
fn the_id_of_a_name_never_changes() {
    // Rooms remember ids: whoever changes how they are made loses what people picked.
    let titles = parse(b"name_en,year\nOur Summer,2019\n").unwrap();
    assert_eq!(titles[0].id, id("i9533d252ea4df1a4"));
}

#[test]
fn every_flaw_is_reported_at_once_with_its_line() {
    let file = "id,name_en,year,genres,countries,rating,kind,poster\n\
        good,Good,2001,drama,FR,7,film,\n\
        a b,Bad,20001,anime,France,11,movie,http://example.org\n\
        ,,2002,,,,,\n\
        one,Too,many,commas,here,at,this,line,now\n\
        good,Another,2003,,,,,\n\
        ,gOOd,2001,,,,,\n";
    assert_eq!(
        flaws(file),
        [
            "line 3: id is \"a b\", but it may have 1 to 32 of A-Z a-z 0-9 _ -",
            "line 3: kind is \"movie\", but it can be film or series",
            "line 3: year is \"20001\", but the first film is from 1888 and none from after 2100",
            "line 3: genres is \"anime\", but genres are action, adventure, animation, biography, comedy, crime, \
             documentary, drama, family, fantasy, history, horror, music, musical, mystery, noir, romance, sci-fi, \
             short, sport, thriller, war, western, with ; between them",
            "line 3: countries is \"France\", but countries are two capital letters each (FR, JP, SU), with ; between \
             them",
            "line 3: rating is \"11\", but it is a number from 0 to 10",
            "line 3: poster is \"http://example.org\", but it is an address that begins with https://",
            "line 4: the title has no name: fill in name_en or name_ru",
            "line 5: it has 9 values for 8 columns (is a text with a comma not in quotes?)",
            "line 6: the id good is taken by line 2",
            "line 7: line 2 has the same name and year",
        ]
    );
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let file = "name_en,overview_en\n\n\"One\",\"two\nlines\"\n\nTwo,fine\n,x\n";
    let lines: Vec<u64> = parse(file.as_bytes()).unwrap_err().flaws.iter().map(|flaw| flaw.line).collect();
    assert_eq!(lines, [3, 7]);
}

#[test]
fn a_file_without_a_usable_header_is_explained() {
    assert_eq!(flaws(""), ["line 1: the file is empty; its first line names the columns"]);
    assert_eq!(
        flaws("name_en;year\nA;2000\n"),
        ["line 1: the columns are separated by semicolons or tabs, and must be by commas"]
    );
    assert_eq!(
        flaws("title,year,year\n"),
        [
            "line 1: there is no column \"title\"",
            "line 1: the column year is named twice",
            "line 1: there is neither a column name_en nor a column name_ru",
        ]
    );
}

#[test]
fn text_in_another_encoding_is_refused() {
    let windows_1251 = b"name_ru\n\xCC\xE0\xF2\xF0\xE8\xF6\xE0\n";
    assert_eq!(flaws(windows_1251), ["line 2: it is not UTF-8 text; save the file as UTF-8"]);
}

#[test]
fn a_poster_is_an_https_address_and_nothing_else() {
    for poster in [
        "https://",
        "https:///a.jpg",
        "https://-",
        "https://me:secret@example.org/a.jpg",
        "HTTPS",
        "javascript:alert(1)",
        "//example.org/a.jpg",
        "https://example.org/a b",
        "https://example.org/<script>",
    ] {
        let file = format!("name_en,poster\nA,{poster}\n");
        assert_eq!(flaws(&file).len(), 1, "{poster} was taken for a poster");
    }
    for poster in ["https://example.org", "https://кино.рф/а.jpg", "https://example.org:8443/a?b=c#d"]
    {
        let file = format!("name_en,poster\nA,{poster}\n");
        assert!(parse(file.as_bytes()).is_ok(), "{poster} was refused");
    }
}

#[test]
fn a_quote_that_is_left_open_is_noticed() {
    let file = format!("name_en,overview_en\nA,\"open\n{}", "Another one,and what it is about\n".repeat(50));
    assert!(flaws(&file)[0].contains("is a quote left open?"), "{:?}", flaws(&file));
}

#[test]
fn an_empty_list_of_titles_is_a_file_too() {
    assert_eq!(parse(b"name_en\n"), Ok(Vec::new()));
}

proptest! {
    #[test]
    fn any_bytes_are_answered(file in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&file);
    }

    #[test]
    fn any_cells_are_taken_or_refused_with_their_line(
        cells in proptest::collection::vec(("[^\"]{0,20}", "[^\"]{0,9}", "[^\"]{0,9}"), 0..6),
    ) {
        let lines = cells.iter().map(|(name, year, genres)| format!("\"{name}\",\"{year}\",\"{genres}\"\n"));
        let file = format!("name_en,year,genres\n{}", lines.collect::<String>());
        match parse(file.as_bytes()) {
            Ok(titles) => prop_assert!(titles.len() <= cells.len()),
            Err(bad) => prop_assert!(bad.flaws.iter().all(|flaw| flaw.line >= 2)),
        }
    }
}
