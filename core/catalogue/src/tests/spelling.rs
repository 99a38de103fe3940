//! A list of what people type and what they mean, by the kind of spelling: `corpus.csv`. How many are answered rightly is
//! printed (`cargo test … -- --nocapture`), and must not become fewer.

use std::{collections::BTreeMap, fmt::Write as _};

use super::*;

/// Of a thousand queries so many have the right title first, or among the first three.
const FIRST_OF_THOUSAND: usize = 970;
const AMONG_THREE_OF_THOUSAND: usize = 990;

#[derive(serde::Deserialize)]
struct Case {
    query: String,
    /// An id, or `-`: no title may come first as if it were the answer.
    expected: String,
    kind: String,
}

/// Where the right answer stands, from 0; a title that is only near is no answer.
fn place(case: &Case) -> Option<usize> {
    let page = CATALOGUE.search(&typed(&case.query));
    let fits = !page.near;
    match case.expected.as_str() {
        "-" => (page.items.is_empty() || !fits).then_some(0),
        id => page.items.iter().position(|title| title.id.as_str() == id).filter(|_| fits),
    }
}

#[test]
fn names_are_found_as_people_spell_them() {
    let cases: Vec<Case> = csv::Reader::from_reader(include_str!("corpus.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the corpus is query,expected,kind");
    assert!(cases.len() >= 400, "only {} queries", cases.len());

    let (mut first, mut among_three, mut report) = (0, 0, String::new());
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in &cases {
        let place = place(case);
        let hit = place == Some(0);
        let kind = kinds.entry(&case.kind).or_default();
        kind.0 += usize::from(hit);
        kind.1 += 1;
        first += usize::from(hit);
        among_three += usize::from(place.is_some_and(|place| place < 3));
        if !hit {
            let found = found(&case.query).into_iter().take(3).collect::<Vec<_>>();
            writeln!(report, "  {} ({}): {:?} found {found:?}", case.expected, case.kind, case.query)
                .unwrap();
        }
    }
    for (kind, (hits, of)) in kinds {
        writeln!(report, "{hits:>4} of {of:<4} {kind}").unwrap();
    }
    let all = cases.len();
    println!("hit@1 {first}/{all}, hit@3 {among_three}/{all}\n{report}");
    assert!(first * 1000 >= all * FIRST_OF_THOUSAND, "only {first} of {all} are first:\n{report}");
    assert!(among_three * 1000 >= all * AMONG_THREE_OF_THOUSAND, "only {among_three} of {all}:\n{report}");
}
