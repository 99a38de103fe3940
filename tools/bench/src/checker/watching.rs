//! What belongs to watching: only those who may change the screen; what is meant for one screen is not done to another, so that a
//! command that is sent again rewinds nobody; in the end every phone shows what the log has; signals and the server's clock are true.

use std::collections::BTreeMap;

use sovpalo_domain::{
    ids::{Seq, UserId},
    room::{Event, Room, WatchingEvent},
};

use super::{
    action::Action,
    history::{Answer, Asked, History, PhoneHistory, Place},
    law::Law,
    rights::Rights,
    screen::SeenScreen,
    violation::Findings,
    watched::{InTheEnd, Signal, ToldSignal},
    wire::Frame,
    wish::Wish,
};

/// A server's clock may say a millisecond that has just begun, or has just ended.
const ROUNDING_MS: i64 = 1;

/// Checks all of it.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let end = follow_log(history, findings);
    for phone in &history.phones {
        if let (Some(InTheEnd { screen: shown }), Some(room)) = (&phone.watching.in_the_end, &end) {
            let logged = room.screen().map(|screen| Box::new(SeenScreen::from(&screen)));
            if *shown != logged {
                let what = format!("in the end it shows {shown:?}, and the log has {logged:?}");
                findings.phone(Law::SameScreen, phone, None, what);
            }
        }
        signals(history, phone, findings);
        clocks(phone, findings);
    }
}

/// Every change of the screen in the log. The room at its end comes back.
fn follow_log(history: &History, findings: &mut Findings<'_>) -> Option<Room> {
    let (first, rest) = history.log.split_first()?;
    let mut room = Room::begin(first).ok()?;
    let mut rights = Rights::of_the_beginning(&room);
    let is_only_one = is_the_only_history(history);
    for (entry, seq) in rest.iter().zip(2..) {
        if let Event::Watching(event) = &entry.event {
            let member = event.member();
            let is_of_a_node =
                matches!(event, WatchingEvent::ControlLent { .. } | WatchingEvent::ControlReturned { .. });
            if !is_of_a_node && !rights.may_control(member) {
                let what = format!("{member} changes the screen, and may not");
                findings.room(Law::OnlyWhoMay, Some(seq), what);
            }
            if let Some(wish) = Wish::of(event, &room) {
                let rev = room.screen().map(|screen| screen.rev);
                let place = Place { epoch: history.epoch, seq: Seq::new(seq) };
                right_screen(history, (member, &wish), rev, place, is_only_one, findings);
            }
        }
        rights.apply(&entry.event);
        room.apply(entry);
    }
    Some(room)
}

/// Whether no phone was ever told of another history of the room. Where two ends are put together, what is asked for again is asked of
/// the screen as it is there.
fn is_the_only_history(history: &History) -> bool {
    let connections = history.phones.iter().flat_map(|phone| &phone.connections);
    let mut frames = connections.flat_map(|connection| &connection.heard).map(|heard| &heard.frame);
    frames.all(|frame| !matches!(frame, Frame::Welcome { epoch, .. } if *epoch != history.epoch))
}

/// A wish of somebody was done at this place, where the screen had this revision.
fn right_screen(
    history: &History,
    (member, wish): (UserId, &Wish),
    rev: Option<u64>,
    place: Place,
    is_only_history: bool,
    findings: &mut Findings<'_>,
) {
    let of_member = history.phones.iter().filter(|phone| phone.user == member);
    let asked: Vec<(&PhoneHistory, &Asked)> = of_member
        .flat_map(|phone| phone.asked.iter().map(move |asked| (phone, asked)))
        .filter(|(_, asked)| matches!(&asked.action, Action::Watch(asked) if asked == wish))
        .collect();
    let just_here = |asked: &Asked| matches!(asked.answer, Answer::Done(at, _) if at == place);
    let candidates = match asked.iter().find(|(_, asked)| just_here(asked)) {
        Some(one) => vec![*one],
        None if is_only_history => asked,
        None => return,
    };
    let Some((phone, first)) = candidates.first() else { return };
    if candidates.iter().all(|(_, asked)| asked.rev.is_some_and(|meant| Some(meant) != rev)) {
        let what = format!(
            "{wish:?} meant the screen {:?}, sent {}×, and was done to {rev:?}",
            first.rev, first.sends
        );
        findings.phone(Law::RightScreen, phone, Some(place.seq.get()), what);
    }
}

/// A signal is somebody else's, was sent, and comes once.
fn signals(history: &History, phone: &PhoneHistory, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<Signal, usize> = BTreeMap::new();
    for ToldSignal { signal, connection } in &phone.watching.told {
        let Signal { from, position } = *signal;
        let sent = |other: &PhoneHistory| other.user == from && other.watching.sent.contains(&position);
        let what = if from == phone.user {
            "is its own".to_owned()
        } else if !history.phones.iter().any(sent) {
            "was never sent".to_owned()
        } else if let Some(first) = seen.insert(*signal, *connection) {
            format!("came before, on connection {first} and now on {connection}")
        } else {
            continue;
        };
        findings.phone(Law::Signals, phone, None, format!("a signal of {from} at {position} {what}"));
    }
}

/// The clock that a server says is the one that it has between question and answer.
fn clocks(phone: &PhoneHistory, findings: &mut Findings<'_>) {
    for clock in &phone.watching.clocks {
        let between = clock.asked - ROUNDING_MS..=clock.answered + ROUNDING_MS;
        if !between.contains(&clock.said) {
            findings.phone(Law::Clock, phone, None, format!("the clock was not so: {clock:?}"));
        }
    }
}
