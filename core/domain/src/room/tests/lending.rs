//! Who controls what is shown while nobody is here who may.

use std::time::Duration;

use super::evening::*;
use crate::room::{
    AccessChange, Command, Control, Event, FilmTime, Media, MediaKind, PeopleCommand, PeopleEvent, Refusal,
    Role, Room, ScreenAction, WatchingEvent, bounds::LOG_EVENTS_WITH_FILM,
};

const TWO_MINUTES: Duration = Duration::from_secs(120);

fn watch(action: ScreenAction) -> Command {
    Command::Watching(action.into())
}

fn show() -> Command {
    let media = Media::new(MediaKind::File, "https://example.com/a.mp4", None).unwrap();
    watch(ScreenAction::Show(Some(media)))
}

fn pause() -> Command {
    watch(ScreenAction::Pause(FilmTime::ZERO))
}

fn play() -> Command {
    watch(ScreenAction::Play(FilmTime::ZERO))
}

fn controlled_by(control: Control) -> Command {
    Command::People(PeopleCommand::Configure(AccessChange {
        control: Some(control),
        ..AccessChange::default()
    }))
}

fn lent(who: i64) -> Event {
    Event::Watching(WatchingEvent::ControlLent { member: user(who) })
}

fn returned(who: i64) -> Event {
    Event::Watching(WatchingEvent::ControlReturned { member: user(who) })
}

impl Evening {
    /// Anna's, who shows something that only she may control.
    fn of_annas_film() -> Self {
        let mut evening = Self::of(&[ANNA, BORIS, VERA]);
        evening.must(ANNA, controlled_by(Control::Host));
        evening.must(ANNA, show());
        evening
    }

    /// A node saw nobody who may control it for so long, and says so for somebody else.
    fn borrows_after(&mut self, who: i64, unseen: Duration) -> Vec<Event> {
        let last_seen = self.now.minus(unseen);
        let instead_of = self.room.borrower();
        self.must(who, watch(ScreenAction::Borrow { instead_of, last_seen }))
    }

    fn borrows(&mut self, who: i64) {
        assert_eq!(self.borrows_after(who, TWO_MINUTES), [lent(who)]);
    }
}

#[test]
fn control_passes_on_when_nobody_who_has_it_was_here_for_two_minutes() {
    let mut evening = Evening::of_annas_film();
    assert_eq!(evening.says(BORIS, play()), Err(Refusal::NotAllowed));
    assert_eq!(evening.borrows_after(BORIS, TWO_MINUTES.saturating_sub(Duration::from_millis(1))), []);
    let rev = evening.room.screen().unwrap().rev;
    evening.borrows(BORIS);
    let screen = evening.room.screen().unwrap();
    assert_eq!(screen.borrower, Some(user(BORIS)), "everybody sees who");
    assert_eq!(screen.rev, rev, "what was meant for this screen is meant for it still");
    evening.must(BORIS, play());
    assert_eq!(evening.says(VERA, pause()), Err(Refusal::NotAllowed), "it is lent to one");
    assert_eq!(evening.room.host(), user(ANNA), "and the room is not");
    assert_eq!(evening.room.role(user(BORIS)), Some(Role::Participant));
}

#[test]
fn control_is_back_with_who_had_it_when_they_are() {
    let mut evening = Evening::of_annas_film();
    evening.borrows(BORIS);
    assert_eq!(evening.says(VERA, watch(ScreenAction::TakeBack)), Err(Refusal::NotAllowed));
    assert_eq!(evening.says(BORIS, watch(ScreenAction::TakeBack)), Err(Refusal::NotAllowed), "not his own");
    assert_eq!(evening.must(ANNA, watch(ScreenAction::TakeBack)), [returned(ANNA)]);
    assert_eq!(evening.says(BORIS, play()), Err(Refusal::NotAllowed));
    assert_eq!(evening.must(ANNA, watch(ScreenAction::TakeBack)), [], "said again it is so already");
}

#[test]
fn a_moderator_has_it_only_where_moderators_control_it() {
    let mut evening = Evening::of_annas_film();
    let role = PeopleCommand::Role { member: user(BORIS), role: Role::Moderator };
    evening.must(ANNA, Command::People(role));
    evening.borrows(VERA);
    assert_eq!(evening.says(BORIS, watch(ScreenAction::TakeBack)), Err(Refusal::NotAllowed));
    evening.must(ANNA, controlled_by(Control::Moderators));
    assert_eq!(evening.must(BORIS, watch(ScreenAction::TakeBack)), [returned(BORIS)]);
    assert_eq!(evening.borrows_after(BORIS, TWO_MINUTES), [], "what one may one need not borrow");
}

#[test]
fn who_borrowed_it_and_is_gone_too_is_followed_by_another_once() {
    let mut evening = Evening::of_annas_film();
    evening.borrows(BORIS);
    evening.borrows(VERA);
    assert_eq!(evening.says(BORIS, play()), Err(Refusal::NotAllowed));
    let last_seen = evening.now.minus(TWO_MINUTES);
    let late = watch(ScreenAction::Borrow { instead_of: None, last_seen });
    assert_eq!(evening.must(BORIS, late), [], "another node saw the room as it was before");
    evening.must(VERA, play());
}

#[test]
fn there_is_nothing_to_borrow_where_nothing_is_shown_or_everybody_controls_it() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, controlled_by(Control::Host));
    assert_eq!(evening.borrows_after(BORIS, TWO_MINUTES), []);
    evening.must(ANNA, controlled_by(Control::Everyone));
    evening.must(ANNA, show());
    assert_eq!(evening.borrows_after(BORIS, TWO_MINUTES), []);
}

#[test]
fn who_has_it_on_loan_may_stop_showing_and_show_something_else() {
    let mut evening = Evening::of_annas_film();
    evening.borrows(BORIS);
    evening.must(BORIS, watch(ScreenAction::Show(None)));
    assert_eq!(evening.says(BORIS, watch(ScreenAction::Show(None))), Ok(vec![]), "sent again");
    evening.must(BORIS, show());
    assert_eq!(evening.room.screen().unwrap().borrower, Some(user(BORIS)));
}

#[test]
fn a_loan_goes_on_with_the_next_film() {
    let mut evening = Evening::of_annas_film();
    evening.borrows(BORIS);
    let media = Media::new(MediaKind::File, "https://example.com/b.mp4", None).unwrap();
    evening.must(BORIS, watch(ScreenAction::Show(Some(media))));
    assert_eq!(evening.room.borrower(), Some(user(BORIS)));
}

#[test]
fn a_loan_ends_with_its_reason() {
    type End = fn(&mut Evening) -> Vec<Event>;
    let ends: [(&str, End); 5] = [
        ("everybody may", |evening| evening.must(ANNA, controlled_by(Control::Everyone))),
        ("he is the host", |evening| {
            evening.must(ANNA, Command::People(PeopleCommand::HandOver { member: user(BORIS) }))
        }),
        ("he is the host while Anna is away", |evening| evening.goes_away(ANNA)),
        ("he left", |evening| evening.leave(BORIS)),
        ("he was removed", |evening| {
            evening.must(ANNA, Command::People(PeopleCommand::Remove { member: user(BORIS) }))
        }),
    ];
    for (why, end) in ends {
        let mut evening = Evening::of_annas_film();
        evening.borrows(BORIS);
        let events = end(&mut evening);
        let said = |event: &&Event| matches!(event, Event::Watching(WatchingEvent::ControlReturned { .. }));
        assert_eq!(events.iter().filter(said).count(), 1, "{why}: {events:?}");
        assert_eq!(evening.room.borrower(), None, "{why}");
        assert_eq!(Room::replay(&evening.log).unwrap(), evening.room, "{why}");
    }
}

#[test]
fn the_room_passes_on_after_ten_minutes_as_before_and_both_come_back_with_who_made_it() {
    let mut evening = Evening::of_annas_film();
    evening.borrows(VERA);
    evening.goes_away(ANNA);
    assert_eq!(evening.room.host(), user(BORIS), "who has been here longest");
    assert_eq!(evening.room.borrower(), Some(user(VERA)), "Boris has no phone here either");
    let back = evening.must(ANNA, Command::People(PeopleCommand::Back));
    assert!(back.contains(&Event::People(PeopleEvent::HostChanged { member: user(ANNA) })), "{back:?}");
    assert_eq!(evening.must(ANNA, watch(ScreenAction::TakeBack)), [returned(ANNA)]);
}

#[test]
fn what_was_done_on_loan_is_done_again_after_a_loss() {
    let evening = Evening::of_annas_film();
    let (kept, mut lost) = (evening.clone(), evening.clone());
    lost.borrows(BORIS);
    lost.passes(Duration::from_secs(1));
    lost.must(BORIS, play());
    lost.passes(Duration::from_secs(1));
    lost.must(ANNA, watch(ScreenAction::TakeBack));
    let end = kept.room.redo(evening.room.clone(), &lost.log[evening.log.len()..]);
    let events: Vec<_> = end.into_iter().map(|entry| entry.event).collect();
    assert_eq!(
        events,
        lost.log[evening.log.len()..].iter().map(|entry| entry.event.clone()).collect::<Vec<_>>()
    );
}

#[test]
fn a_full_log_lends_nothing_more_and_takes_back_what_is_lent() {
    let mut evening = Evening::of_annas_film();
    evening.borrows(BORIS);
    let mut playing = false;
    while evening.room.seq().get() < LOG_EVENTS_WITH_FILM {
        playing = !playing;
        evening.must(BORIS, if playing { play() } else { pause() });
    }
    let (instead_of, last_seen) = (evening.room.borrower(), evening.now.minus(TWO_MINUTES));
    let borrow = watch(ScreenAction::Borrow { instead_of, last_seen });
    assert_eq!(evening.says(VERA, borrow), Err(Refusal::WornOut));
    assert_eq!(evening.must(ANNA, watch(ScreenAction::TakeBack)), [returned(ANNA)]);
}
