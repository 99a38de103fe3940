//! Rooms in lists, and rooms that come back.

use sovpalo_domain::{
    ids::{DeckId, Epoch, UserId},
    room::{
        Command, DeckChoice, Entry, Goal, PeopleCommand, PhaseName, Profile, Restored, Room, RoomName, Rule,
        Settings, SettingsChange, SwipingCommand, Verdict,
    },
    title::{Filter, FilterFields},
};

use super::{
    Bench, NAMES, at, contract,
    story::{Story, room, title, typed},
    tamper, user,
};
use crate::{Db, DbError, Place};

contract!(
    a_finished_room_comes_back_as_it_was,
    an_unfinished_round_comes_back_without_its_swipes,
    a_room_nobody_projected_is_not_remembered,
    the_largest_numbers_come_back,
    profiles_of_every_kind_come_back_without_nul,
    a_thousand_people_who_came_and_went_come_back,
    a_room_comes_back_with_its_vetoes_as_they_were_set_last,
    rooms_are_listed_the_newest_first_and_only_to_members,
    a_row_counts_who_belongs_and_what_matched,
    matches_are_listed_the_newest_first_as_they_were_typed,
    a_chats_matches_are_those_of_its_cards,
    a_row_that_nothing_here_wrote_is_an_error_that_names_it,
);

async fn restored(db: &Db, code: &str) -> Restored {
    db.remembered_room(room(code)).await.unwrap().unwrap().under(Epoch::from_bits(99))
}

/// Everything of a room that SQL keeps, taken from the room itself.
fn expected(room: &Room) -> Restored {
    Restored {
        code: room.code(),
        epoch: Epoch::from_bits(99),
        created_at: room.created_at(),
        host: room.host(),
        seed: room.seed(),
        settings: room.settings().clone(),
        round: room.round(),
        members: room
            .members()
            .iter()
            .map(|member| sovpalo_domain::room::RestoredMember {
                id: member.id,
                profile: member.profile.clone(),
                standing: member.standing,
                picks: room.picks_of(member.id).to_vec(),
            })
            .collect(),
        texts: room.texts().cloned().collect(),
        matches: room.matches().to_vec(),
        results: room.results().map(<[_]>::to_vec),
        known: (room.epoch(), room.seq()),
    }
}

async fn a_finished_room_comes_back_as_it_was(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    for who in 2..=5 {
        story.joins(who);
    }
    story.does(
        1,
        Command::Swiping(SwipingCommand::Configure(SettingsChange {
            name: Some(RoomName::new("Киновечер 🎬 <b>").unwrap()),
            rule: Some(Rule::AtLeast(2)),
            goal: Some(Goal::Matches(3)),
            picks_per_member: Some(7),
            deck: Some(Some(DeckChoice::curated(
                DeckId::new("soviet-comedies").unwrap(),
                [title("c3"), title("c1"), title("c2")],
            ))),
            leave_out_seen: Some(true),
            ..SettingsChange::default()
        })),
    );
    story.does(
        2,
        Command::Swiping(SwipingCommand::Select(vec![typed("Солярис"), typed("A'; --"), typed("😀")])),
    );
    story.does(3, Command::Swiping(SwipingCommand::Pick(typed("солярис"))));
    story.does(4, Command::People(PeopleCommand::Leave));
    story.does(1, Command::People(PeopleCommand::Remove { member: user(5) }));
    story.does(1, Command::Swiping(SwipingCommand::Start));
    let first = story.room.deck()[0].clone();
    story.match_on(first.as_str());
    story.does(1, Command::Swiping(SwipingCommand::Finish));
    db.project(&story.room, at(1)).await.unwrap();
    let back = restored(&db, "R00M0001").await;
    assert_eq!(back, expected(&story.room));
    assert!(back.results.is_some_and(|results| !results.is_empty()));
    assert_eq!(back.matches.len(), 1);
}

async fn a_room_comes_back_with_its_vetoes_as_they_were_set_last(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 1);
    let back = async |story: &Story| {
        db.project(&story.room, at(1)).await.unwrap();
        let remembered = db.remembered_room(story.room.code()).await.unwrap().unwrap();
        let log = remembered.beginning(Epoch::from_bits(77)).into_iter();
        let log: Vec<Entry> = log.map(|event| Entry { at: at(1), event }).collect();
        assert_eq!(Room::beginning(&log), log.len(), "all of it is how the log begins");
        Room::replay(&log).unwrap().allows_veto()
    };
    assert!(!back(&story).await);
    for veto in [true, false] {
        let change = SettingsChange { veto: Some(veto), ..SettingsChange::default() };
        story.does(1, Command::Swiping(SwipingCommand::Configure(change)));
        assert_eq!(back(&story).await, veto);
    }
}

async fn an_unfinished_round_comes_back_without_its_swipes(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 3, &["a", "b", "c"]);
    story.match_on("b");
    story.does(1, Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Skip }));
    db.project(&story.room, at(1)).await.unwrap();
    let back = restored(&db, "R00M0001").await;
    assert_eq!(back, expected(&story.room));
    assert_eq!(back.results, None);
    assert_eq!(back.matches[0].title, title("b"));
}

async fn a_room_nobody_projected_is_not_remembered(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.remembered_room(room("R00M0001")).await.unwrap(), None);
    assert_eq!(db.projected(room("R00M0001")).await.unwrap(), None);
    assert_eq!(db.room_row(room("R00M0001")).await.unwrap(), None);
}

async fn the_largest_numbers_come_back(bench: Bench) {
    let db = bench.db().await;
    let story = Story::with("ZZZZZZZZ", 0, |created| {
        created.seed = u64::MAX;
        created.epoch = Epoch::from_bits(u32::MAX);
        created.host = user(1);
    });
    let mut story = story;
    story.joins(UserId::MAX);
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(restored(&db, "ZZZZZZZZ").await, expected(&story.room));
    let stands = db.projected(room("ZZZZZZZZ")).await.unwrap().unwrap();
    assert_eq!((stands.epoch, stands.seq), (Epoch::from_bits(u32::MAX), story.room.seq()));
}

async fn profiles_of_every_kind_come_back_without_nul(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    for (who, name) in (2..).zip(NAMES) {
        let photo_url = Some(format!("https://example.org/\0{name}"));
        story.does(
            who,
            Command::People(PeopleCommand::Join(Profile { name: format!("\0{name}\0"), photo_url })),
        );
    }
    db.project(&story.room, at(1)).await.unwrap();
    let back = restored(&db, "R00M0001").await;
    for (member, name) in back.members[1..].iter().zip(NAMES) {
        assert_eq!(member.profile.name, name);
        assert_eq!(member.profile.photo_url, Some(format!("https://example.org/{name}")));
    }
}

async fn a_thousand_people_who_came_and_went_come_back(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    for who in 2..=100 {
        story.joins(who);
    }
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(db.room_row(room("R00M0001")).await.unwrap().unwrap().members, 100);
    for who in 101..=1100 {
        story.does(who - 99, Command::People(PeopleCommand::Leave));
        story.joins(who);
    }
    db.project(&story.room, at(2)).await.unwrap();
    let back = restored(&db, "R00M0001").await;
    assert_eq!(back.members.len(), 1100);
    assert_eq!(back, expected(&story.room));
    assert_eq!(db.room_row(room("R00M0001")).await.unwrap().unwrap().members, 100);
}

async fn rooms_are_listed_the_newest_first_and_only_to_members(bench: Bench) {
    let db = bench.db().await;
    let moments = [("R00M0001", 1), ("R00M0002", 3), ("R00M0003", 2)];
    for (code, seconds) in moments {
        let mut story = Story::of(code, seconds);
        story.joins(2);
        db.project(&story.room, at(9)).await.unwrap();
    }
    let mut left = Story::of("R00M0004", 4);
    left.joins(2);
    left.does(2, Command::People(PeopleCommand::Leave));
    db.project(&left.room, at(10)).await.unwrap();
    let codes = async |who, limit| {
        let rows = db.rooms_of(user(who), limit).await.unwrap();
        rows.into_iter().map(|row| row.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes(1, 9).await, ["R00M0004", "R00M0002", "R00M0003", "R00M0001"]);
    assert_eq!(codes(2, 9).await, ["R00M0002", "R00M0003", "R00M0001"]);
    assert_eq!(codes(2, 1).await, ["R00M0002"]);
    assert_eq!(codes(3, 9).await, [""; 0]);
    assert_eq!(codes(2, usize::MAX).await.len(), 3);
    let together = db.room_codes_of(&[user(3), user(2), user(1)], 2).await.unwrap();
    let together: Vec<_> = together.iter().map(|(who, code)| (who.get(), code.to_string())).collect();
    let theirs = [(1, "R00M0004"), (1, "R00M0002"), (2, "R00M0002"), (2, "R00M0003")];
    assert_eq!(together, theirs.map(|(who, code)| (who, code.to_owned())), "at most two for each");
}

async fn a_row_counts_who_belongs_and_what_matched(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 4, &["a", "b"]);
    story.match_on("a");
    story.does(4, Command::People(PeopleCommand::Leave));
    db.project(&story.room, at(5)).await.unwrap();
    let row = db.room_row(room("R00M0001")).await.unwrap().unwrap();
    assert_eq!(row.name, "Movie night");
    assert_eq!((row.phase, row.round.get()), (PhaseName::Swiping, 1));
    assert_eq!((row.host, row.members, row.matches), (user(1), 3, 1));
    assert_eq!((row.created_at, row.updated_at), (at(0), at(5)));
    story.match_on("b");
    db.project(&story.room, at(6)).await.unwrap();
    let row = db.room_row(room("R00M0001")).await.unwrap().unwrap();
    assert_eq!((row.phase, row.matches, row.updated_at), (PhaseName::Finished, 2, at(6)));
    assert_eq!(db.rooms_of(user(1), 9).await.unwrap(), [row]);
}

async fn matches_are_listed_the_newest_first_as_they_were_typed(bench: Bench) {
    let db = bench.db().await;
    let mut films = Story::swiping("R00M0001", 2, &["a", "b"]);
    films.match_on("a");
    let mut texts = Story::of("R00M0002", 60);
    texts.joins(2);
    texts.does(1, Command::Swiping(SwipingCommand::Pick(typed("Солярис"))));
    texts.does(1, Command::Swiping(SwipingCommand::Start));
    let solaris = texts.room.deck()[0].clone();
    texts.match_on(solaris.as_str());
    // Another room spells it otherwise, and that is its own business.
    let mut shouting = Story::of("R00M0003", 0);
    shouting.does(1, Command::Swiping(SwipingCommand::Pick(typed("СОЛЯРИС"))));
    for story in [&shouting, &films, &texts] {
        db.project(&story.room, at(99)).await.unwrap();
    }
    let listed = db.matches_of(user(2), 9).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((listed[0].room, &listed[0].title), (room("R00M0002"), &solaris));
    assert_eq!(listed[0].text.as_deref(), Some("Солярис"));
    assert_eq!(listed[0].room_name, "Movie night");
    assert_eq!((listed[1].room, listed[1].title.as_str()), (room("R00M0001"), "a"));
    assert_eq!((listed[1].number, listed[1].round.get(), &listed[1].text), (1, 1, &None));
    assert_eq!(listed[1].at, films.room.matches()[0].at);
    assert_eq!(db.matches_of(user(2), 1).await.unwrap(), listed[..1]);
    films.does(1, Command::People(PeopleCommand::Remove { member: user(2) }));
    db.project(&films.room, at(100)).await.unwrap();
    assert_eq!(db.matches_of(user(2), 9).await.unwrap(), listed[..1], "not theirs any more");
}

async fn a_chats_matches_are_those_of_its_cards(bench: Bench) {
    let db = bench.db().await;
    for code in ["R00M0001", "R00M0002"] {
        let mut story = Story::swiping(code, 2, &["a"]);
        story.match_on("a");
        db.project(&story.room, at(1)).await.unwrap();
    }
    let place = Place::Chat { chat: -100, thread: None, message: None };
    db.want_card(room("R00M0002"), &place).await.unwrap();
    let listed = db.matches_in_chat(-100, 9).await.unwrap();
    assert_eq!(listed.iter().map(|found| found.room).collect::<Vec<_>>(), [room("R00M0002")]);
    assert_eq!(db.matches_in_chat(-101, 9).await.unwrap(), []);
}

async fn a_row_that_nothing_here_wrote_is_an_error_that_names_it(bench: Bench) {
    let db = bench.db().await;
    db.project(&Story::of("R00M0001", 0).room, at(1)).await.unwrap();
    tamper(&db, "UPDATE rooms SET phase = 'elsewhere'").await;
    let error = db.room_row(room("R00M0001")).await.unwrap_err();
    assert!(matches!(error, DbError::Corrupt { column: "rooms.phase", .. }), "{error}");
    assert!(!error.is_unavailable(), "waiting does not help");
    tamper(&db, "UPDATE room_members SET member = -1").await;
    let error = db.remembered_room(room("R00M0001")).await.unwrap_err();
    assert!(matches!(error, DbError::Corrupt { column: "room_members.member", .. }), "{error}");
}

/// Rows outlive programs: what these texts say must always be readable. Add, never change.
#[test]
fn settings_are_stored_as_they_always_were() {
    let mut settings = Settings::named(RoomName::new("Кино").unwrap());
    let stored = r#"{"name":"Кино","rule":"Unanimous","goal":"WholeDeck","picks_per_member":5,"deck":null}"#;
    assert_eq!(serde_json::to_string(&settings).unwrap(), stored);
    settings.rule = Rule::AtLeast(3);
    settings.goal = Goal::Matches(2);
    settings.deck = Some(DeckChoice::curated(DeckId::new("family").unwrap(), [title("c1")]));
    let stored = r#"{"name":"Кино","rule":{"AtLeast":3},"goal":{"Matches":2},"picks_per_member":5,"deck":{"id":"family","titles":["c1"]}}"#;
    assert_eq!(serde_json::to_string(&settings).unwrap(), stored);
    let filter =
        FilterFields { genre: Some("comedy".into()), from_year: Some(1990), ..FilterFields::default() };
    settings.deck = Some(DeckChoice::by(Filter::new(&filter).unwrap()));
    let stored = r#"{"name":"Кино","rule":{"AtLeast":3},"goal":{"Matches":2},"picks_per_member":5,"deck":{"id":"?genre=comedy&from_year=1990","titles":[]}}"#;
    assert_eq!(serde_json::to_string(&settings).unwrap(), stored);
    assert_eq!(serde_json::from_str::<Settings>(stored).unwrap(), settings);
    let results = sovpalo_domain::room::Ranked { title: title("c1"), likes: 2 };
    assert_eq!(serde_json::to_string(&results).unwrap(), r#"{"title":"c1","likes":2}"#);
}
