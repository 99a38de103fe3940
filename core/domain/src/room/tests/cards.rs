//! One film is one card, however its name is typed.

use proptest::{collection::vec, prelude::*};

use super::evening::*;
use crate::{
    room::{Command, Entry, Event, Room, Settings, SwipingCommand, SwipingEvent},
    title::{NormalName, TitleRef, TitleText},
};

const PEOPLE: [i64; 4] = [ANNA, BORIS, VERA, GLEB];

/// What is on the cards of a room in which these people picked these texts, one after the other.
fn cards(picked: &[&str]) -> Vec<String> {
    let mut evening = Evening::of(&PEOPLE);
    for (who, text) in PEOPLE.iter().cycle().zip(picked) {
        evening.must(*who, Command::Swiping(SwipingCommand::Pick(typed(text))));
    }
    shown(&evening.room)
}

/// The texts of the cards that somebody picks.
fn shown(room: &Room) -> Vec<String> {
    let mut ids = Vec::new();
    for pick in room.members().iter().flat_map(|member| room.picks_of(member.id)) {
        if !ids.contains(pick) {
            ids.push(pick.clone());
        }
    }
    ids.iter().map(|id| room.text_of(id).map_or(id.as_str(), TitleText::as_str).to_owned()).collect()
}

fn known(text: &str, title_id: Option<&str>, alike: &[&str]) -> TitleRef {
    TitleRef::Known {
        text: TitleText::new(text).expect("a test's typed title is one"),
        title: title_id.map(title),
        alike: alike.iter().map(|id| title(id)).collect(),
    }
}

#[test]
fn what_is_picked_one_after_the_other_becomes_these_cards() {
    let table: &[(&[&str], &[&str])] = &[
        (&["Солярис", "«Солярис»", "1. Солярис", "СОЛЯРИС."], &["Солярис"]),
        (&["Солярис", "Солярис (1972)"], &["Солярис"]),
        (&["Солярис (1972)", "Солярис"], &["Солярис (1972)"]),
        (&["Солярис 1972", "Солярис, 1972 г.", "☑️ «Солярис» [1972]"], &["Солярис 1972"]),
        (&["Solaris (1972)", "Solaris (2002)"], &["Solaris (1972)", "Solaris (2002)"]),
        (&["Solaris (1972)", "Solaris (2002)", "Solaris"], &["Solaris (1972)", "Solaris (2002)"]),
        // The year that Boris gave stays with his card.
        (&["Solaris", "Solaris (1972)", "Solaris (2002)", "solaris 1972"], &["Solaris", "Solaris (2002)"]),
        (&["Don't Look Up", "Don’t Look Up", "dont look up"], &["Don't Look Up"]),
        (&["Spider-Man", "Spider‑Man", "Spiderman", "spider man"], &["Spider-Man"]),
        (&["Amelie", "Amélie", "AMÉLIE"], &["Amelie"]),
        (&["Лило & Стич", "Лило и Стич"], &["Лило & Стич"]),
        (&["Substance, The", "The Substance", "Substance"], &["Substance, The"]),
        (&["The Room", "Room (2015)", "Room (2003)", "The Room (2003)"], &["The Room", "Room (2003)"]),
        (&["Rocky II", "Rocky 2", "Rocky", "Rocky 3"], &["Rocky II", "Rocky", "Rocky 3"]),
        (&["Alien", "Aliens", "Alien 3", "Alien³"], &["Alien", "Aliens", "Alien 3"]),
        (
            &["Wonder Woman", "Wonder Woman 1984", "Wonder Woman (2017)", "wonder woman 1984 (2020)"],
            &["Wonder Woman", "Wonder Woman 1984"],
        ),
        (&["Blade Runner", "Blade Runner 2049"], &["Blade Runner", "Blade Runner 2049"]),
        (&["1917", "1917 (2019)", "1. 1917"], &["1917"]),
        (&["Foo 1984", "Foo 1984 (2020)"], &["Foo 1984"]),
        (&["Foo 1984 (2020)", "Foo 1984"], &["Foo 1984 (2020)"]),
        (&["…", "...", "!!!"], &["…", "!!!"]),
    ];
    for (picked, becomes) in table {
        assert_eq!(cards(picked), *becomes, "{picked:?}");
    }
}

#[test]
fn a_list_is_judged_as_if_its_titles_were_picked_one_by_one() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Сталкер"))));
    let list = ["1. СТАЛКЕР", "2. Солярис", "3. Солярис (1972)", "4. «Солярис»", "5. Солярис (2002)"];
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(list.map(typed).to_vec())));
    assert_eq!(shown(&evening.room), ["Сталкер", "2. Солярис", "5. Солярис (2002)"]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Солярис 1972"))));
    assert_eq!(evening.view(BORIS).my_picks, [typed_id("Сталкер"), typed_id("2. Солярис")]);
}

#[test]
fn a_list_gives_a_card_its_year_as_a_pick_does() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris"))));
    evening
        .must(BORIS, Command::Swiping(SwipingCommand::Select(vec![typed("Alien"), typed("Solaris (1972)")])));
    evening.must(VERA, Command::Swiping(SwipingCommand::Pick(typed("Solaris (2002)"))));
    assert_eq!(shown(&evening.room), ["Solaris", "Alien", "Solaris (2002)"]);
}

#[test]
fn two_people_who_type_one_film_differently_match_on_it() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(vec![typed("Солярис (1972)")])));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Select(vec![typed("«СОЛЯРИС»")])));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    let card = typed_id("Солярис (1972)");
    evening.like(ANNA, card.as_str());
    assert_eq!(matches_in(&evening.like(BORIS, card.as_str())), [card.as_str()]);
}

#[test]
fn picking_again_in_another_spelling_changes_nothing_even_when_no_more_fit() {
    let mut evening = Evening::of(&[ANNA]);
    let five = ["Alien", "Solaris", "Сталкер", "Amélie", "The Matrix"];
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(five.map(typed).to_vec())));
    for again in ["ALIEN", "«Solaris» (1972)", "1. сталкер", "Amelie", "Matrix, The"] {
        assert_eq!(
            evening.says(ANNA, Command::Swiping(SwipingCommand::Pick(typed(again)))),
            Ok(vec![]),
            "{again}"
        );
    }
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(
        evening.says(ANNA, Command::Swiping(SwipingCommand::Pick(typed("ALIEN!")))),
        Ok(vec![]),
        "it is so in any phase"
    );
}

#[test]
fn unpick_finds_a_pick_by_any_spelling_of_it() {
    let spellings = ["Солярис (1972)", "солярис", "«Солярис»", "1. СОЛЯРИС.", "Солярис, 1972"];
    for (picked, unpicked) in spellings.iter().flat_map(|one| spellings.map(|other| (one, other))) {
        let mut evening = Evening::of(&[ANNA]);
        evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed(picked))));
        evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed(unpicked))));
        assert!(
            evening.view(ANNA).my_picks.is_empty(),
            "{picked} is still picked after {unpicked} was not to be"
        );
    }
}

#[test]
fn unpick_takes_ones_own_pick_and_no_other_film() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Solaris (1972)"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris (2002)"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Alien 3"))));
    for other in ["Solaris (1972)", "Alien", "Aliens", "Alien 2"] {
        assert_eq!(
            evening.says(ANNA, Command::Swiping(SwipingCommand::Unpick(typed(other)))),
            Ok(vec![]),
            "{other}"
        );
    }
    evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("solaris"))));
    assert_eq!(shown(&evening.room), ["Alien 3", "Solaris (1972)"]);
}

#[test]
fn unpick_finds_a_pick_by_any_spelling_in_a_room_that_has_seen_them_all() {
    let mut evening = Evening::of(&[ANNA]);
    let spellings = ["Солярис (1972)", "солярис", "«Солярис»", "1. СОЛЯРИС.", "Солярис, 1972"];
    for (picked, unpicked) in spellings.iter().flat_map(|one| spellings.map(|other| (one, other))) {
        evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed(picked))));
        evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed(unpicked))));
        assert!(
            evening.view(ANNA).my_picks.is_empty(),
            "{picked} is still picked after {unpicked} was not to be"
        );
    }
}

#[test]
fn unpick_sent_again_takes_no_other_film_of_that_name() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris (2002)"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris (1972)"))));
    assert_eq!(
        refused_field(evening.says(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("Solaris"))))),
        "title",
        "which of the two?"
    );
    evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("Solaris (2002)"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("Solaris"))));
    assert!(evening.view(ANNA).my_picks.is_empty(), "there was only one left");

    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("solaris (1972)"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Alien (1979)"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Alien"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("The Alien (1985)"))));
    for _ in 0..2 {
        evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("Alien (1979)"))));
        assert_eq!(shown(&evening.room), ["The Alien (1985)"]);
    }
}

#[test]
fn unpick_finds_a_pick_by_the_id_of_a_spelling_that_joined_it() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("«Solaris» (1972)"))));
    evening.must(
        BORIS,
        Command::Swiping(SwipingCommand::Unpick(TitleRef::Catalogue(typed_id("«Solaris» (1972)")))),
    );
    assert!(evening.view(BORIS).my_picks.is_empty());
}

#[test]
fn a_card_that_nobody_picks_any_more_binds_nobody() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("СОЛЯРИС!!!"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("солярис"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Солярис"))));
    assert_eq!(shown(&evening.room), ["Солярис"]);
}

#[test]
fn what_the_catalogue_has_becomes_its_title_unless_the_room_has_it_typed() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(known("Матрица", Some("c30"), &["c30"]))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(known("The Matrix", Some("c30"), &["c30"]))));
    assert_eq!(shown(&evening.room), ["c30"]);
    assert!(evening.room.texts().next().is_none(), "a title of the catalogue needs no text");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Солярис"))));
    evening.must(VERA, Command::Swiping(SwipingCommand::Pick(known("Солярис (1972)", Some("c9"), &["c9"]))));
    assert_eq!(shown(&evening.room), ["c30", "Солярис"]);
    evening
        .must(VERA, Command::Swiping(SwipingCommand::Pick(known("Солярис (2002)", Some("c10"), &["c10"]))));
    assert_eq!(shown(&evening.room), ["c30", "Солярис", "c10"], "another year is another film");
}

#[test]
fn what_could_be_several_titles_is_the_one_that_the_room_has() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("c10"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(known("Solaris", None, &["c9", "c10"]))));
    assert_eq!(shown(&evening.room), ["c10"]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(known("Fargo", None, &["c11", "c12"]))));
    assert_eq!(shown(&evening.room), ["c10", "Fargo"], "nobody knows which of the two");
}

#[test]
fn a_title_of_the_catalogue_is_unpicked_by_its_names_too() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("c30"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(known("Матрица", Some("c30"), &["c30"]))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Матрица"))));
    evening.must(
        ANNA,
        Command::Swiping(SwipingCommand::Unpick(known("The Matrix (1999)", Some("c30"), &["c30"]))),
    );
    assert_eq!(shown(&evening.room), ["Матрица"]);
    evening
        .must(ANNA, Command::Swiping(SwipingCommand::Unpick(known("матрица (1999)", Some("c30"), &["c30"]))));
    assert_eq!(shown(&evening.room), [""; 0]);
}

#[test]
fn a_log_that_had_two_cards_for_one_film_keeps_both() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    let picked = |who, text: &str| Entry {
        at: evening.now,
        event: Event::Swiping(SwipingEvent::Picked {
            member: user(who),
            title: typed_id(text),
            text: TitleText::new(text).ok(),
        }),
    };
    for entry in [picked(ANNA, "Солярис"), picked(BORIS, "«Солярис»")] {
        evening.room.apply(&entry);
        evening.log.push(entry);
    }
    assert_eq!(shown(&evening.room), ["Солярис", "«Солярис»"]);
    assert_eq!(evening.says(BORIS, Command::Swiping(SwipingCommand::Pick(typed("«солярис»")))), Ok(vec![]));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Unpick(typed("«Солярис»"))));
    assert_eq!(shown(&evening.room), ["Солярис"], "his own, not hers");
    assert_eq!(Room::replay(&evening.log).unwrap(), evening.room);
}

#[test]
fn a_room_that_comes_back_from_sql_knows_its_cards_and_their_years() {
    let mut before = Evening::of(&[ANNA, BORIS, VERA]);
    before.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris"))));
    before.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Solaris (1972)"))));
    let mut after = Evening::reopened(Event::Restored(Box::new(remembered(&before.room))), before.now);
    after.must(VERA, Command::Swiping(SwipingCommand::Pick(typed("solaris (2002)"))));
    after.must(VERA, Command::Swiping(SwipingCommand::Pick(typed("SOLARIS 1972"))));
    assert_eq!(shown(&after.room), ["Solaris", "solaris (2002)"]);
}

#[test]
fn who_left_finds_their_card_joined_when_they_come_again() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Солярис"))));
    evening.leave(BORIS);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Солярис (1972)"))));
    evening.join(BORIS);
    assert_eq!(evening.view(ANNA).my_picks, evening.view(BORIS).my_picks);
}

#[test]
fn the_same_log_gives_the_same_room_and_the_same_answers() {
    let mut evening = Evening::of(&PEOPLE);
    let texts = ["Solaris", "Solaris (1972)", "SOLARIS (2002)", "«Solaris»"];
    for (who, text) in PEOPLE.iter().zip(texts) {
        evening.must(*who, Command::Swiping(SwipingCommand::Pick(typed(text))));
        evening.must(*who, Command::Swiping(SwipingCommand::Select(vec![typed("1. Alien"), typed(text)])));
    }
    let replayed = Room::replay(&evening.log).unwrap();
    assert_eq!(replayed, evening.room);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever people pick and take back, in whatever order and spelling.
    #[test]
    fn no_card_ever_has_two_years_and_no_person_one_film_twice(
        acts in vec((0..PEOPLE.len(), 0..SPELLINGS.len(), any::<bool>()), 1..60),
    ) {
        let mut evening = Evening::with(&PEOPLE, Settings { picks_per_member: 50, ..default_settings() });
        for (who, spelling, picks) in acts {
            let title = typed(SPELLINGS[spelling]);
            let command = if picks { Command::Swiping(SwipingCommand::Pick(title)) } else { Command::Swiping(SwipingCommand::Unpick(title)) };
            let said = evening.says(PEOPLE[who], command.clone());
            if let Ok([Event::Swiping(SwipingEvent::Picked { title, text: Some(text), .. }), ..]) = said.as_deref() {
                let first = evening.room.text_of(title).map(TitleText::as_str).unwrap_or_default();
                prop_assert!(may_be(first, text.as_str()), "{} was put on the card {first}", text.as_str());
            }
            let again = evening.says(PEOPLE[who], command.clone());
            prop_assert_eq!(again, said.map(|_| vec![]), "{:?} twice", command);
            for member in evening.room.members() {
                let texts: Vec<&str> =
                    evening.room.picks_of(member.id).iter().filter_map(|id| evening.room.text_of(id)).map(TitleText::as_str).collect();
                for (place, one) in texts.iter().enumerate() {
                    for other in &texts[place + 1..] {
                        prop_assert!(!alike(one, other), "{one} and {other} are both picks of one person");
                    }
                }
            }
        }
        prop_assert_eq!(Room::replay(&evening.log).unwrap(), evening.room);
    }
}

const SPELLINGS: [&str; 14] = [
    "Solaris",
    "«SOLARIS»",
    "Solaris (1972)",
    "solaris, 1972",
    "Solaris (2002)",
    "1. Solaris 2002",
    "Solaris 2",
    "Solaris II",
    "Alien",
    "Aliens",
    "The Alien",
    "Alien, The (1979)",
    "…",
    "...",
];

fn may_be(one: &str, other: &str) -> bool {
    let name = |text| NormalName::of(text).expect("every spelling names something");
    let (one, other) = (name(one), name(other));
    let years = matches!((one.year(), other.year()), (Some(this), Some(that)) if this != that);
    one.same_but_for_an_article(&other) && !years
}

/// The same name and the same year, or neither has one.
fn alike(one: &str, other: &str) -> bool {
    let name = |text| NormalName::of(text).expect("every spelling names something");
    name(one).same_name(&name(other)) && name(one).year() == name(other).year()
}
