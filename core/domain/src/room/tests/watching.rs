//! What is done to the screen of a room.

use std::time::Duration;

use super::evening::*;
use crate::room::{
    Command, Event, FilmTime, ItemId, Lead, Media, MediaKind, PeopleCommand, Rate, Refusal, Room, Screen,
    ScreenAction, WatchingCommand, WatchingEvent,
    bounds::{LOG_EVENTS_WITH_FILM, PLAYLIST_ITEMS},
    erase::blanked,
};

fn media(name: &str) -> Media {
    Media::new(MediaKind::File, &format!("https://example.com/{name}.mp4"), None).unwrap()
}

fn at(seconds: f64) -> FilmTime {
    FilmTime::from_seconds(seconds).unwrap()
}

fn item(name: &str) -> ItemId {
    ItemId::new("item", name).unwrap()
}

fn show(name: &str) -> ScreenAction {
    ScreenAction::Show(Some(media(name)))
}

fn enqueue(name: &str) -> ScreenAction {
    ScreenAction::Enqueue { item: item(name), media: media(name) }
}

fn next(after: Option<&str>) -> ScreenAction {
    ScreenAction::Next { after: after.map(item) }
}

impl Evening {
    fn on_screen(&mut self, who: i64, action: ScreenAction) -> Vec<Event> {
        self.must(who, Command::Watching(action.into()))
    }

    fn screen(&self) -> Screen {
        self.room.screen().expect("something is shown")
    }

    fn position(&self) -> f64 {
        self.screen().position_at(self.now).seconds()
    }
}

#[test]
fn a_film_moves_from_the_moment_at_which_all_begin_and_at_its_rate() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.on_screen(ANNA, show("a"));
    evening.on_screen(BORIS, ScreenAction::Play(at(10.0)));
    assert_eq!(evening.screen().at, evening.now.plus(Duration::from_millis(300)));
    for (millis, position) in [(0, 10.0), (300, 10.0), (700, 10.7)] {
        evening.passes(Duration::from_millis(millis));
        assert!((evening.position() - position).abs() < 0.001, "{} after {millis} more", evening.position());
    }
    evening.on_screen(ANNA, ScreenAction::Rate(Rate::new(2.0).unwrap()));
    evening.passes(Duration::from_millis(1_300));
    assert!(
        (evening.position() - 13.0).abs() < 0.001,
        "it went on until the rate changed: {}",
        evening.position()
    );
    evening.on_screen(BORIS, ScreenAction::Pause(at(13.0)));
    evening.passes(Duration::from_secs(3_600));
    assert_eq!(evening.screen().position_at(evening.now), at(13.0), "what stands does not move");
    assert_eq!(evening.screen().by, user(BORIS));
}

#[test]
fn a_command_takes_effect_as_much_later_as_it_says() {
    let mut evening = Evening::of(&[ANNA]);
    let lead = Lead::for_round_trip(Duration::from_millis(900));
    let command = WatchingCommand { lead, ..show("a").into() };
    evening.must(ANNA, Command::Watching(command));
    assert_eq!(evening.screen().at, evening.now.plus(Duration::from_millis(1_800)));
}

#[test]
fn sought_twice_is_sought_once_and_going_back_to_where_it_began_is_possible() {
    let mut evening = Evening::of(&[ANNA]);
    evening.on_screen(ANNA, show("a"));
    evening.on_screen(ANNA, ScreenAction::Play(at(0.0)));
    evening.passes(Duration::from_secs(600));
    assert_eq!(evening.on_screen(ANNA, ScreenAction::Seek(at(0.0))).len(), 1, "back to the beginning");
    evening.passes(Duration::from_secs(60));
    assert_eq!(evening.on_screen(ANNA, ScreenAction::Seek(at(0.0))), [], "the same once more");
    let rev = Some(evening.screen().rev);
    let meant = WatchingCommand { rev, ..ScreenAction::Seek(at(0.0)).into() };
    assert_eq!(evening.must(ANNA, Command::Watching(meant)).len(), 1, "who says which screen means it");
}

#[test]
fn what_is_added_where_nothing_is_shown_is_shown() {
    let mut evening = Evening::of(&[ANNA]);
    evening.on_screen(ANNA, enqueue("a"));
    assert_eq!((evening.screen().item, evening.screen().playing), (Some(item("a")), false));
    evening.on_screen(ANNA, enqueue("b"));
    assert_eq!(evening.screen().playlist.len(), 1);
    evening.on_screen(ANNA, ScreenAction::Show(None));
    assert_eq!(evening.room.screen(), None);
    assert_eq!(evening.on_screen(ANNA, enqueue("b")), [], "it was there, and is sent again");
    assert_eq!(evening.says(ANNA, Command::Watching(next(None).into())), Ok(vec![]));
    let nothing = evening.says(ANNA, Command::Watching(ScreenAction::Play(at(0.0)).into()));
    assert_eq!(nothing, Err(Refusal::WrongPhase));
}

#[test]
fn two_who_tap_next_at_once_skip_one_film_and_it_goes_on_as_it_went() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    for action in [
        show("a"),
        ScreenAction::Rate(Rate::new(1.5).unwrap()),
        ScreenAction::Play(at(0.0)),
        enqueue("b"),
        enqueue("c"),
    ] {
        evening.on_screen(ANNA, action);
    }
    evening.on_screen(ANNA, next(None));
    assert_eq!(evening.on_screen(BORIS, next(None)), [], "it is the next one already");
    let screen = evening.screen();
    assert_eq!((screen.media, screen.playing, screen.rate), (media("b"), true, Rate::new(1.5).unwrap()));
    evening.on_screen(BORIS, next(Some("b")));
    assert_eq!(evening.screen().media, media("c"));
    assert_eq!(evening.on_screen(BORIS, next(Some("c"))), [], "the last one stays");
}

#[test]
fn a_playlist_has_so_many_items_and_no_more() {
    let mut evening = Evening::of(&[ANNA]);
    evening.on_screen(ANNA, show("a"));
    for n in 0..PLAYLIST_ITEMS {
        evening.on_screen(ANNA, enqueue(&format!("n{n}")));
    }
    let command = |action: ScreenAction| Command::Watching(action.into());
    assert_eq!(refused_field(evening.says(ANNA, command(enqueue("more")))), "item");
    let long =
        Media::new(MediaKind::File, &format!("https://example.com/{}", "a".repeat(2_000)), None).unwrap();
    let mut evening = Evening::of(&[ANNA]);
    evening.on_screen(ANNA, show("a"));
    let mut long = (0..).map(|n| ScreenAction::Enqueue { item: item(&format!("n{n}")), media: long.clone() });
    let fits = long.find(|action| evening.says(ANNA, command(action.clone())).is_err());
    assert_eq!(refused_field(evening.says(ANNA, command(fits.unwrap()))), "media");
    assert_eq!(evening.screen().playlist.len(), 16, "of the longest addresses");
}

#[test]
fn what_somebody_brought_goes_with_them_and_what_others_brought_stays() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.on_screen(ANNA, enqueue("annas"));
    evening.on_screen(BORIS, enqueue("boriss"));
    evening.on_screen(BORIS, ScreenAction::Play(at(1.0)));
    evening.must(ANNA, Command::People(PeopleCommand::Erase));
    let log = blanked(&evening.log, &[]).expect("somebody was erased");
    let mut room = Room::replay(&log).expect("a log");
    assert!(!format!("{:?} {log:?} {room:?}", evening.room).contains("annas"));
    assert_eq!((room.screen(), evening.room.screen()), (None, None), "nobody else had shown it");
    std::mem::swap(&mut room, &mut evening.room);
    evening.on_screen(BORIS, next(None));
    assert_eq!(evening.screen().media, media("boriss"));
}

#[test]
fn what_comes_next_goes_as_the_film_before_went_whose_address_was_erased() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.on_screen(ANNA, enqueue("annas"));
    evening.on_screen(BORIS, enqueue("boriss"));
    evening.on_screen(ANNA, ScreenAction::Play(at(1.0)));
    evening.on_screen(BORIS, next(Some("annas")));
    evening.must(ANNA, Command::People(PeopleCommand::Erase));
    let rewritten = blanked(&evening.log, &[]).expect("somebody was erased");
    assert!(evening.screen().playing);
    assert_eq!(Room::replay(&rewritten).expect("a log").screen(), evening.room.screen());
}

#[test]
fn a_room_that_comes_back_from_sql_shows_nothing_and_no_revision_comes_twice() {
    let mut evening = Evening::of(&[ANNA]);
    evening.on_screen(ANNA, show("a"));
    let rev = evening.screen().rev;
    let mut restored = remembered(&evening.room);
    restored.known.1 = evening.room.seq();
    let mut evening = Evening::reopened(Event::Restored(Box::new(restored)), evening.now);
    assert_eq!(evening.room.screen(), None);
    evening.on_screen(ANNA, show("b"));
    assert!(evening.screen().rev > rev);
}

#[test]
fn a_log_that_is_full_lets_a_film_be_watched_to_its_end_and_stopped_but_shows_no_other() {
    let mut evening = Evening::of(&[ANNA]);
    evening.on_screen(ANNA, show("a"));
    let events = [ScreenAction::Play(at(0.0)), ScreenAction::Pause(at(0.0))];
    let mut said = events.iter().cycle();
    while !evening.room.is_worn_out() {
        evening.on_screen(ANNA, said.next().unwrap().clone());
        evening.log.clear();
    }
    let command = |action: &ScreenAction| Command::Watching(action.clone().into());
    assert_eq!(evening.says(ANNA, command(&show("b"))), Err(Refusal::WornOut));
    assert_eq!(evening.says(ANNA, command(&enqueue("b"))), Err(Refusal::WornOut));
    while evening.room.seq().get() < LOG_EVENTS_WITH_FILM {
        evening.on_screen(ANNA, said.next().unwrap().clone());
        evening.log.clear();
    }
    assert_eq!(evening.says(ANNA, command(said.next().unwrap())), Err(Refusal::WornOut));
    evening.leave(ANNA);
}

#[test]
fn of_two_ends_of_a_log_the_latest_word_counts_and_next_was_tapped_once() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    for action in [show("a"), ScreenAction::Play(at(0.0)), enqueue("b"), enqueue("c")] {
        evening.on_screen(ANNA, action);
    }
    let fork = evening.log.len();
    let mut one = evening.clone();
    let mut other = evening.clone();
    one.passes(Duration::from_secs(1));
    one.on_screen(ANNA, next(None));
    other.passes(Duration::from_secs(2));
    other.on_screen(BORIS, next(None));
    other.passes(Duration::from_secs(1));
    other.on_screen(BORIS, ScreenAction::Pause(at(1.0)));
    let end = evening.room.reunite(&one.log[fork..], &other.log[fork..]);
    let screen = evening.room.later(&end).screen().expect("something is shown");
    assert_eq!((screen.media, screen.playing, screen.position), (media("b"), false, at(1.0)));
    let next = |event: &Event| matches!(event, Event::Watching(WatchingEvent::Advanced { .. }));
    assert_eq!(end.iter().filter(|entry| next(&entry.event)).count(), 1);
}

#[test]
fn who_sought_twice_to_the_same_place_has_done_so_also_after_a_loss() {
    let mut evening = Evening::of(&[ANNA]);
    evening.on_screen(ANNA, show("a"));
    evening.on_screen(ANNA, ScreenAction::Play(at(0.0)));
    let fork = evening.clone();
    for _ in 0..2 {
        evening.passes(Duration::from_secs(60));
        let rev = Some(evening.screen().rev);
        let again = WatchingCommand { rev, ..ScreenAction::Seek(at(10.0)).into() };
        evening.must(ANNA, Command::Watching(again));
    }
    let lost = &evening.log[fork.log.len()..];
    assert_eq!(
        fork.room.redo(fork.room.clone(), lost),
        lost,
        "the film plays on from where it was not sought"
    );
    let mut other = fork.clone();
    other.passes(Duration::from_secs(61));
    let resent = WatchingCommand { rev: Some(fork.screen().rev), ..ScreenAction::Seek(at(10.0)).into() };
    other.must(ANNA, Command::Watching(resent));
    let both = fork.room.reunite(&lost[..1], &other.log[fork.log.len()..]);
    assert_eq!(both, lost[..1], "the same command, sent again to another node, is done twice");
}
