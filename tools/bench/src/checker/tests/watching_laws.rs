//! What is watched: the good evening goes on with a film, and each test spoils it in one place.

use serde_json::{Value, json};
use sovpalo_domain::{
    ids::{Timestamp, UserId},
    room::{
        Access, Control, Entry, Event, FilmTime, ItemId, Lead, Media, MediaKind, PeopleEvent, Role, Room,
        WatchingEvent,
    },
};

use super::{
    cast::{ann, bob},
    laws::breaks,
    story::{asked, at, done, entry, event, good},
};
use crate::checker::{
    action::Action,
    history::{Answer, Asked, History, Moment},
    judge,
    law::Law,
    rights,
    screen::SeenScreen,
    watched::{Clock, InTheEnd, Signal, ToldSignal},
    wire::WireEvent,
    wish::Wish,
};

const FILM: &str = "https://films.example.com/1.mp4";

fn film() -> FilmTime {
    FilmTime::from_seconds(10.0).unwrap()
}

fn shown(member: UserId) -> Event {
    let media = Media::new(MediaKind::File, FILM, None).ok();
    Event::Watching(WatchingEvent::Shown { member, media, lead: Lead::default() })
}

fn played(member: UserId) -> Event {
    Event::Watching(WatchingEvent::Played { member, position: film(), lead: Lead::default() })
}

fn paused(member: UserId) -> Event {
    Event::Watching(WatchingEvent::Paused { member, position: film(), lead: Lead::default() })
}

fn play(rev: Option<u64>, moment: u64, answer: Answer) -> Asked {
    Asked { rev, ..asked(Action::Watch(Wish::Play(10_000)), moment, answer) }
}

fn pause(rev: Option<u64>, moment: u64, answer: Answer) -> Asked {
    Asked { rev, ..asked(Action::Watch(Wish::Pause(10_000)), moment, answer) }
}

/// This happens to the screen after the good evening, and both phones are told; Bob asked for it.
fn goes_on(events: impl IntoIterator<Item = Event>, asked: impl IntoIterator<Item = Asked>) -> History {
    let mut history = good();
    for event in events {
        adds(&mut history, entry(event));
    }
    if let Some(room) = history.rows.room.as_mut() {
        room.projected = at(history.log.len() as u64);
    }
    history.phones[1].asked.extend(asked);
    history
}

fn adds(history: &mut History, entry: Entry) {
    history.log.push(entry);
    let room = end(history);
    let seq = history.log.len() as u64;
    let screen = room.screen().map(|screen| Box::new(SeenScreen::from(&screen)));
    for phone in &mut history.phones {
        if let Some(last) = phone.connections.last_mut() {
            last.heard.push(event(seq, WireEvent::ScreenChanged { screen: screen.clone() }));
        }
    }
}

fn end(history: &History) -> Room {
    let mut room = Room::begin(&history.log[0]).unwrap();
    history.log[1..].iter().for_each(|entry| room.apply(entry));
    room
}

fn show(moment: u64) -> Asked {
    asked(Action::Watch(Wish::Show(Some(FILM.into()))), moment, done(14, moment + 5))
}

#[test]
fn a_film_that_is_shown_played_and_stopped_is_accepted() {
    let mut history = goes_on(
        [shown(bob()), played(bob()), paused(bob())],
        [show(200), play(Some(1), 210, done(15, 215)), pause(None, 220, done(16, 225))],
    );
    let screen = end(&history).screen().map(|screen| Box::new(SeenScreen::from(&screen)));
    history
        .phones
        .iter_mut()
        .for_each(|phone| phone.watching.in_the_end = Some(InTheEnd { screen: screen.clone() }));
    let found = judge(&history);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_command_that_is_sent_again_and_done_to_a_later_screen_rewinds() {
    let again = Asked { sends: 2, ..play(Some(1), 210, done(17, 240)) };
    let history = goes_on(
        [shown(bob()), played(bob()), paused(bob()), played(bob())],
        [show(200), pause(None, 215, done(16, 220)), again],
    );
    breaks(&history, &[Law::NothingTwice, Law::RightScreen], "meant the screen Some(1), sent 2×");
}

#[test]
fn without_a_revision_it_may_be_done_as_often_as_it_was_sent() {
    let again = Asked { sends: 2, ..play(None, 210, done(17, 240)) };
    let first = asked(Action::Watch(Wish::Play(10_000)), 205, Answer::SoAlready(Moment(206)));
    let history = goes_on(
        [shown(bob()), played(bob()), paused(bob()), played(bob())],
        [show(200), first, pause(None, 215, done(16, 220)), again],
    );
    let found = judge(&history);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_command_that_found_nothing_to_do_is_not_taken_for_the_same_one_later() {
    let media = Media::new(MediaKind::File, FILM, None).unwrap();
    let item = ItemId::new("item", "1-1").unwrap();
    let next = |moment, sends, answered| Asked {
        sends,
        ..asked(Action::Watch(Wish::Next { after: None }), moment, Answer::SoAlready(Moment(answered)))
    };
    let mut history = goes_on(
        [
            shown(bob()),
            Event::Watching(WatchingEvent::Enqueued {
                member: ann(),
                item: item.clone(),
                media,
                shown: None,
            }),
            Event::Watching(WatchingEvent::Advanced { member: bob(), item, lead: Lead::default() }),
        ],
        // Of the second the answer was lost once. The first came before there was anything to go on with.
        [show(200), next(207, 1, 208), next(220, 2, 240)],
    );
    let enqueue = Wish::Enqueue { item: "1-1".into(), url: FILM.into() };
    history.phones[0].asked.push(asked(Action::Watch(enqueue), 210, done(15, 215)));
    let found = judge(&history);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn who_seeks_again_to_where_somebody_has_sought_is_believed() {
    let sought =
        |member| Event::Watching(WatchingEvent::Sought { member, position: film(), lead: Lead::default() });
    let seek = |rev, moment, seq| Asked {
        rev,
        ..asked(Action::Watch(Wish::Seek(10_000)), moment, done(seq, moment + 5))
    };
    let mut history = goes_on([shown(bob()), played(bob())], [show(200), play(None, 210, done(15, 215))]);
    for (at, seq) in [(3_000, 16), (9_000, 17)] {
        adds(&mut history, Entry { at: Timestamp::from_millis(at), event: sought(bob()) });
        history.phones[1].asked.push(seek(Some(seq - 14), 220 + seq, seq));
    }
    if let Some(room) = history.rows.room.as_mut() {
        room.projected = at(17);
    }
    let found = judge(&history);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn who_may_not_change_the_screen_does_not() {
    let mut history = good();
    history.phones.iter_mut().for_each(|phone| phone.connections.clear());
    let host_alone = Access { control: Control::Host, ..Access::default() };
    history.log.push(entry(Event::People(PeopleEvent::AccessChanged(Box::new(host_alone)))));
    history.log.push(entry(shown(bob())));
    let control = Action::Control(rights::Control::Host);
    history.phones[0].asked.push(asked(control, 200, done(14, 205)));
    history.phones[1].asked.push(asked(Action::Watch(Wish::Show(Some(FILM.into()))), 210, done(15, 215)));
    if let Some(room) = history.rows.room.as_mut() {
        room.projected = at(15);
    }
    breaks(&history, &[Law::Decided, Law::OnlyWhoMay], "changes the screen, and may not");
}

#[test]
fn who_is_made_a_moderator_may_what_moderators_may() {
    let mut history = good();
    history.phones.iter_mut().for_each(|phone| phone.connections.clear());
    let moderators = Access { control: Control::Moderators, ..Access::default() };
    history.log.push(entry(Event::People(PeopleEvent::AccessChanged(Box::new(moderators)))));
    history.log.push(entry(Event::People(PeopleEvent::RoleChanged { member: bob(), role: Role::Moderator })));
    history.log.push(entry(shown(bob())));
    let asks = [Action::Control(rights::Control::Moderators), Action::Role(bob(), rights::Role::Moderator)];
    for (action, seq) in asks.into_iter().zip(14..) {
        history.phones[0].asked.push(asked(action, 200 + seq, done(seq, 201 + seq)));
    }
    history.phones[1].asked.push(asked(Action::Watch(Wish::Show(Some(FILM.into()))), 220, done(16, 225)));
    if let Some(room) = history.rows.room.as_mut() {
        room.projected = at(16);
    }
    let found = judge(&history);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn in_the_end_every_phone_shows_what_the_log_has() {
    let mut history = goes_on([shown(bob())], [show(200)]);
    history.phones[0].watching.in_the_end = Some(InTheEnd { screen: None });
    breaks(&history, &[Law::SameScreen], "in the end it shows None");
}

/// Ann shows a film that only she may control, and Bob may for now.
fn lent_to_bob() -> History {
    let mut history = good();
    history.phones.iter_mut().for_each(|phone| phone.connections.clear());
    let host_alone = Access { control: Control::Host, ..Access::default() };
    history.log.push(entry(Event::People(PeopleEvent::AccessChanged(Box::new(host_alone)))));
    history.log.push(entry(shown(ann())));
    history.log.push(entry(Event::Watching(WatchingEvent::ControlLent { member: bob() })));
    let control = Action::Control(rights::Control::Host);
    history.phones[0].asked.push(asked(control, 200, done(14, 205)));
    history.phones[0].asked.push(asked(Action::Watch(Wish::Show(Some(FILM.into()))), 210, done(15, 215)));
    if let Some(room) = history.rows.room.as_mut() {
        room.projected = at(16);
    }
    history
}

#[test]
fn a_screen_is_compared_with_its_kind_of_player_and_with_who_may_control_it_for_now() {
    let logged = end(&lent_to_bob()).screen().unwrap();
    // As a server writes it.
    let told = json!({
        "rev": logged.rev, "item": null, "playing": false, "position_s": 0.0, "rate": 1.0,
        "media": { "kind": "file", "url": FILM, "title": null, "duration_s": null },
        "at": logged.at.millis(), "by": ann().get(), "lent_to": bob().get(), "playlist": []
    });
    let shows_in_the_end = |screen: &Value| {
        let mut history = lent_to_bob();
        let screen = serde_json::from_value(screen.clone()).unwrap();
        history.phones[0].watching.in_the_end = Some(InTheEnd { screen });
        history
    };
    let found = judge(&shows_in_the_end(&told));
    assert!(found.is_empty(), "{found:#?}");
    let but = |place: &str, value: Value| {
        let mut other = told.clone();
        *other.pointer_mut(place).unwrap() = value;
        other
    };
    let mut lent_to_nobody = told.clone();
    lent_to_nobody.as_object_mut().unwrap().remove("lent_to");
    for wrong in [but("/media/kind", json!("hls")), but("/lent_to", json!(ann().get())), lent_to_nobody] {
        breaks(&shows_in_the_end(&wrong), &[Law::SameScreen], "in the end it shows");
    }
}

#[test]
fn a_signal_comes_once_from_somebody_else_who_sent_it() {
    let told = |from, position| {
        let mut history = good();
        history.phones[1].watching.sent.insert(7_000);
        let told = [Signal { from: bob(), position: 7_000 }, Signal { from, position }];
        let told = told.into_iter().zip(0..).map(|(signal, connection)| ToldSignal { signal, connection });
        history.phones[0].watching.told = told.collect();
        history
    };
    breaks(&told(bob(), 7_000), &[Law::Signals], "came before");
    breaks(&told(bob(), 8_000), &[Law::Signals], "was never sent");
    breaks(&told(ann(), 7_000), &[Law::Signals], "is its own");
}

#[test]
fn a_server_says_the_time_that_it_is() {
    let says = |said| {
        let mut history = good();
        history.phones[0].watching.clocks.push(Clock { asked: 1_000, said, answered: 1_040 });
        history
    };
    assert!(judge(&says(1_020)).is_empty());
    breaks(&says(1_900), &[Law::Clock], "the clock was not so");
}
