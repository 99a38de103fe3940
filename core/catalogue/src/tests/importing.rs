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
fn every_flaw_is_reported_at_once_with_its_line_its_column_and_its_reason() {
    let file = "id,name_en,year,genres,countries,rating,kind,poster\n\
        good,Good,2001,drama,FR,7,film,\n\
        a b,Bad,20001,frobnication,Atlantis,11,opera,http://example.org\n\
        ,,2002,,,,,\n\
        one,Too,many,commas,here,at,this,line,now\n\
        good,Another,2003,,,,,\n\
        ,gOOd,2001,,,,,\n";
    assert_eq!(
        flaws(file),
        [
            "line 3: id is \"a b\", but it may have 1 to 32 of A-Z a-z 0-9 _ -",
            "line 3: kind is \"opera\", but it can be film or series",
            "line 3: year is \"20001\", but the first film is from 1888 and none from after 2100",
            "line 3: genres is \"frobnication\", but genres are action, adventure, animation, biography, comedy, crime, \
             documentary, drama, family, fantasy, history, horror, music, musical, mystery, noir, romance, sci-fi, \
             short, sport, thriller, war, western, with ; between them",
            "line 3: countries is \"Atlantis\", but countries are two letters each (FR, JP, SU) or their names, with ; \
             between them",
            "line 3: rating is \"11\", but it is a number from 0 to 10",
            "line 3: poster is \"http://example.org\", but it is an address that begins with https://",
            "line 4: the title has no name: fill in name_en or name_ru",
            "line 5: it has 9 values for 8 columns (is a text or number with a comma not in quotes?)",
            "line 6: the id good is taken by line 2",
            "line 7: line 2 has the same name and year, and says something else (give each an id if they are two)",
        ]
    );
}

#[test]
fn what_is_wrong_with_every_line_of_a_long_file_is_not_said_a_thousand_times() {
    let file = format!("name_en,year\n{}", "A,19x7\n".repeat(1_000));
    let said = parse(file.as_bytes()).unwrap_err().to_string();
    assert_eq!(said.lines().count(), 101);
    assert!(said.ends_with("\nand 900 more"), "{said}");
}

#[test]
fn the_good_lines_of_a_file_can_be_taken_without_the_bad_ones() {
    let import = read(b"name_en,year\nOne,2001\nTwo,soon\nThree,2003\n", Catalogue::kind_of).unwrap();
    let names: Vec<&str> = import.titles.iter().map(|title| title.name_en.as_str()).collect();
    assert_eq!(names, ["One", "Three"]);
    assert_eq!(import.flaws.iter().map(|flaw| flaw.line).collect::<Vec<_>>(), [3]);
}

#[test]
fn what_says_that_nobody_knows_is_not_known() {
    for unknown in
        ["", " ", "\\N", "null", "NULL", "N/A", "n/a", "nan", "None", "-", "—", "?", "#N/A", "0", "0.0"]
    {
        let numbers = format!("name_en,year,runtime_min,rating\nA,{unknown},{unknown},{unknown}\n");
        let title = &parse(numbers.as_bytes()).unwrap_or_else(|bad| panic!("{unknown:?}: {bad}"))[0];
        assert_eq!((title.year, title.runtime_min, title.rating), (None, None, None), "{unknown:?}");
    }
    for unknown in ["", "\\N", "null", "N/A", "nan", "—"] {
        let words = format!(
            "name_en,id,kind,genres,countries,poster\nA,{unknown},{unknown},{unknown},{unknown},{unknown}\n"
        );
        let title = &parse(words.as_bytes()).unwrap_or_else(|bad| panic!("{unknown:?}: {bad}"))[0];
        assert_eq!((title.kind, title.genres.len(), title.countries.len()), (TitleKind::Film, 0, 0));
        assert_eq!(title.poster, None, "{unknown:?}");
    }
    for unknown in ["", "\\N", "null", "#N/A"] {
        let texts = format!("name_en,name_ru,original_name,overview_en\nA,{unknown},{unknown},{unknown}\n");
        let title = &parse(texts.as_bytes()).unwrap()[0];
        assert_eq!((title.name_ru.as_str(), &title.original_name, &title.overview_en), ("A", &None, &None));
    }
    // There are films of these names.
    for name in ["Null", "None", "?", "N/A", "-"] {
        assert_eq!(parse(format!("name_en\n{name}\n").as_bytes()).unwrap()[0].name_en, name);
    }
}

#[test]
fn words_are_read_by_their_common_names() {
    let file = "name_en,kind,genres,countries\n\
        One,Movie,\"Science Fiction, Film-Noir\",\"USA, United Kingdom\"\n\
        Two,TV Mini Series,Action & Adventure|Talk-Show,us\n\
        Три,сериал,документальный/драма,СССР; Франция\n\
        Four,tvSeries,\"['Drama', 'War']\",FR\n";
    let titles = parse(file.as_bytes()).unwrap();
    let read: Vec<_> =
        titles.iter().map(|title| (title.kind, title.genres.join(" "), title.countries.join(" "))).collect();
    let (film, series) = (TitleKind::Film, TitleKind::Series);
    let expected = [
        (film, "sci-fi noir", "US GB"),
        (series, "action adventure", "US"),
        (series, "documentary drama", "SU FR"),
        (series, "drama war", "FR"),
    ];
    assert_eq!(
        read,
        expected.map(|(kind, genres, countries)| (kind, genres.to_owned(), countries.to_owned()))
    );
}

#[test]
fn texts_are_cleaned_and_long_ones_are_cut() {
    let long = "A quiet teacher moves to a town by the sea. ".repeat(30);
    let file = format!(
        "name_en,overview_en\nPa\u{200B}ris\u{A0} Summer,\"First.\r\n\r\nSecond.\"\n\u{202E}Right,{long}\nLine\u{2028}break,\n"
    );
    let titles = parse(file.as_bytes()).unwrap();
    assert_eq!(titles[0].name_en, "Paris Summer");
    assert_eq!(titles[0].overview_en.as_deref(), Some("First. Second."));
    assert_eq!((titles[1].name_en.as_str(), titles[2].name_en.as_str()), ("Right", "Line break"));
    let cut = titles[1].overview_en.as_deref().unwrap();
    assert!((400..=500).contains(&cut.chars().count()) && cut.ends_with("…"), "{cut}");
    assert!(long.starts_with(cut.trim_end_matches('…')), "{cut}");
}

#[test]
fn a_table_is_read_whatever_program_has_written_it() {
    let utf16 = |text: &str, bom: bool, unit: fn(u16) -> [u8; 2]| {
        let text = if bom { format!("\u{FEFF}{text}") } else { text.to_owned() };
        text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let tabs = "name_en\tyear\r\nParis Summer\t1987\r\n";
    let files: [(&str, Vec<u8>); 18] = [
        ("commas", b"name_en,year\nParis Summer,1987\n".to_vec()),
        ("a hint", b"sep=,\r\nname_en,year\r\nParis Summer,1987\r\n".to_vec()),
        ("a hint in quotes", b"\"sep=;\"\nname_en;year\nParis Summer;1987\n".to_vec()),
        ("a hint of a tab", b"sep=\t\nname_en\tyear\nParis Summer\t1987\n".to_vec()),
        ("a hint of a bar", b"sep=|\nname_en|year\nParis Summer|1987\n".to_vec()),
        ("semicolons", "\u{FEFF}name_en;year\r\nParis Summer;1987\r\n".into()),
        ("quoted semicolons", b"\"name_en\";\"year\"\r\n\"Paris Summer\";\"1987\"\r\n".to_vec()),
        ("tabs", tabs.into()),
        ("UTF-16 of Windows", utf16(tabs, true, u16::to_le_bytes)),
        ("UTF-16, big-endian", utf16(tabs, true, u16::to_be_bytes)),
        ("UTF-16 without a mark", utf16(tabs, false, u16::to_le_bytes)),
        ("UTF-16 without a mark, big-endian", utf16(tabs, false, u16::to_be_bytes)),
        ("CR only", b"name_en,year\rParis Summer,1987\r".to_vec()),
        ("empty columns", b"name_en,year,,\r\nParis Summer,1987,,\r\n".to_vec()),
        ("a column of numbers", b",name_en,year\n0,Paris Summer,1987\n".to_vec()),
        ("short and long lines", b"name_en,year,genres\n\nParis Summer,1987\n,,,,\n,\n".to_vec()),
        ("spaces in the header", b" Name EN ,\xC2\xA0YEAR\nParis Summer, 1987\n".to_vec()),
        ("blank lines first", b"\n\nname_en,year\nParis Summer,1987,,,\n".to_vec()),
    ];
    for (what, file) in files {
        let titles = parse(&file).unwrap_or_else(|bad| panic!("{what}: {bad}"));
        let read: Vec<_> = titles.iter().map(|title| (title.name_en.as_str(), title.year)).collect();
        assert_eq!(read, [("Paris Summer", Some(1987))], "{what}");
    }
}

#[test]
fn two_that_share_name_and_year_are_two_if_they_are_told_apart() {
    let ids = |file: &str| {
        parse(file.as_bytes())
            .map(|titles| titles.iter().map(|title| title.id.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(ids("id,name_en,year\nr1,Truth or Dare,2017\nr2,Truth or Dare,2017\n").unwrap(), ["r1", "r2"]);
    assert_eq!(
        ids("id,kind,name_en,year\nf1,film,Old House,2021\ns1,series,Old House,2021\n").unwrap(),
        ["f1", "s1"]
    );
    let without_ids = ids("kind,name_en,year\nfilm,Old House,2021\nseries,Old House,2021\n").unwrap();
    assert_ne!(without_ids[0], without_ids[1]);
}

#[test]
fn a_line_that_says_the_same_again_is_no_mistake() {
    let file = "name_ru,year\nПолёт,1979\nПолет,1979\n«Полет»,1979\n";
    let import = read(file.as_bytes(), Catalogue::kind_of).unwrap();
    assert_eq!((import.titles.len(), import.repeated, import.flaws.len()), (1, 2, 0));
    let file =
        "name_en,name_ru,year\nTruth or Dare,Правда или действие,2017\nTruth or Dare,Правда или выкуп,2017\n";
    let import = read(file.as_bytes(), Catalogue::kind_of).unwrap();
    assert_eq!((import.titles.len(), import.repeated, import.flaws.len()), (1, 0, 1));
}

#[test]
fn a_line_without_a_kind_is_about_what_is_known_by_that_name() {
    let kinds = |file: &str| {
        let titles = read(file.as_bytes(), Catalogue::kind_of).unwrap().titles;
        titles.iter().map(|title| title.kind).collect::<Vec<_>>()
    };
    assert_eq!(
        kinds("name_en,year\nBreaking Bad,2008\nBreaking Bad,1999\nThe Matrix,1999\n"),
        [TitleKind::Series, TitleKind::Film, TitleKind::Film]
    );
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let file = "name_en,overview_en\n\n\"One\",\"two\nlines\"\n\nTwo,fine\n,x\n";
    let lines = |file: &str| -> Vec<u64> {
        parse(file.as_bytes()).unwrap_err().flaws.iter().map(|flaw| flaw.line).collect()
    };
    assert_eq!(lines(file), [7]);
    assert_eq!(lines(&file.replace('\n', "\r")), [7]);
    assert_eq!(lines(&file.replace('\n', "\r\n")), [7]);
    assert_eq!(lines("sep=,\r\nname_en,year\r\nOne,19x7\r\n"), [3]);
    assert_eq!(lines("name_en,year\rParis Summer,1987\rBroken,19x7\r"), [3]);
}

#[test]
fn a_file_without_a_usable_header_is_explained() {
    assert_eq!(flaws(""), ["line 1: the file is empty; its first line names the columns"]);
    assert_eq!(flaws("sep=;\n"), ["line 2: the file is empty; its first line names the columns"]);
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
    let everything =
        "the quote that is opened in line 2 is not closed: everything after it was read as one value";
    assert_eq!(flaws(&file), [format!("line 2: {everything}")]);
    // Closed by the next quote, much later.
    assert!(
        flaws("name_en,year\n\"Paris Summer,1987\nThe \"\"Long\"\" Shift\",2011\n")[0]
            .contains("is a quote left open?")
    );
    let long =
        format!("name_en,overview_en\nA,\"open\n{}\"\n", "Another one,and what it is about\n".repeat(500));
    assert!(flaws(&long)[0].contains("is a quote left open?"), "{:?}", flaws(&long));
}

#[test]
fn a_decimal_comma_that_is_no_part_of_a_value_is_named() {
    assert_eq!(
        flaws("name_ru,year,rating\nЛето в Париже,1987,7,7\n"),
        ["line 2: it has 4 values for 3 columns (is a text or number with a comma not in quotes?)"]
    );
}

#[test]
fn exports_of_other_catalogues_are_refused_with_their_columns_named() {
    let said = flaws("Date,Name,Year,Letterboxd URI\n2026-02-03,Paris Summer,1987,https://boxd.it/aaaa\n");
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(said.contains(&"line 1: there is no column \"Letterboxd URI\"".to_owned()), "{said:?}");
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
