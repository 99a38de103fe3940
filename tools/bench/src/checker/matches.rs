//! The third law: every match that the rules imply was announced, once, to everybody who stayed; no other was; and no
//! title matches twice in a round.

use std::collections::{BTreeMap, BTreeSet};

use sovpalo_domain::{
    ids::{Epoch, Round, Seq, TitleId},
    room::{Entry, Event, PeopleEvent, Room, SwipingEvent},
};

use super::{
    agreement::Agreement,
    erasures::Erasures,
    history::{History, PhoneHistory, Place},
    law::Law,
    violation::Findings,
    wire::{Frame, WireEvent, WireMatch},
};

/// A match of the log.
struct Found {
    round: Round,
    title: TitleId,
    /// Where it was announced.
    seq: u64,
}

/// Checks the law.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let (found, ends) = as_the_rules_say(&history.log, findings);
    for phone in &history.phones {
        only_these(phone, &found, findings);
        all_of_them(history, phone, &found, &ends, findings);
    }
}

/// Walks the log with the rules in hand. Comes back with its matches by number, and where rounds were left behind.
fn as_the_rules_say(log: &[Entry], findings: &mut Findings<'_>) -> (BTreeMap<u32, Found>, Vec<u64>) {
    let mut found = BTreeMap::new();
    let mut ends = Vec::new();
    let Some((first, rest)) = log.split_first() else { return (found, ends) };
    let Ok(mut room) = Room::begin(first) else { return (found, ends) };
    let mut agreement = Agreement::of_the_beginning(&first.event);
    for one in room.matches() {
        found.insert(one.number, Found { round: one.round, title: one.title.clone(), seq: 1 });
    }
    let erasures = Erasures::of(log);
    for ((index, entry), seq) in rest.iter().enumerate().zip(2..) {
        match &entry.event {
            _ if erasures.obscure(index + 1) => {}
            Event::Swiping(SwipingEvent::Matched { title }) if agreement.has_matched(title) => {
                let what = format!("{title} matches a second time in its round");
                findings.room(Law::EveryMatch, Some(seq), what);
            }
            Event::Swiping(SwipingEvent::Matched { title }) if !agreement.due().contains(&title) => {
                let what = format!("{title} matches, and the rules say it does not");
                findings.room(Law::EveryMatch, Some(seq), what);
            }
            event if begins(event) => at_rest(&agreement, Some(seq), findings),
            _ => {}
        }
        if matches!(entry.event, Event::Swiping(SwipingEvent::Restarted { .. })) {
            ends.push(seq);
        }
        room.apply(entry);
        agreement.apply(&entry.event, &room);
        if let (Event::Swiping(SwipingEvent::Matched { .. }), Some(last)) =
            (&entry.event, room.matches().last())
        {
            found.insert(last.number, Found { round: last.round, title: last.title.clone(), seq });
        }
    }
    at_rest(&agreement, None, findings);
    (found, ends)
}

/// Before somebody does something new, everything that follows from what was done before has been said.
fn at_rest(agreement: &Agreement, seq: Option<u64>, findings: &mut Findings<'_>) {
    let due = agreement.due();
    if !due.is_empty() {
        findings.room(Law::EveryMatch, seq, format!("{due:?} matches by the rules and was not announced"));
    }
    if agreement.is_over() {
        findings.room(Law::EveryMatch, seq, "the round is over by the rules and was not ended");
    }
}

/// Whether an event is the first of what a command does: it never follows from another one.
fn begins(event: &Event) -> bool {
    !matches!(
        event,
        Event::Swiping(SwipingEvent::Matched { .. } | SwipingEvent::Finished)
            | Event::People(
                PeopleEvent::HostChanged { .. } | PeopleEvent::RoleChanged { .. } | PeopleEvent::Back { .. }
            )
    )
}

/// What a phone was told of matches: by an event, or by a welcome.
fn told(phone: &PhoneHistory) -> impl Iterator<Item = (Place, bool, &WireMatch)> {
    phone.connections.iter().flat_map(|connection| {
        let epoch = connection.heard.iter().find_map(|heard| match &heard.frame {
            Frame::Welcome { epoch, .. } => Some(*epoch),
            _ => None,
        });
        let frames = connection.heard.iter().map(|heard| &heard.frame);
        frames.zip(std::iter::repeat(epoch)).filter_map(|(frame, epoch)| Some((frame, epoch?))).flat_map(
            |(frame, epoch)| {
                let (seq, by_event, matches) = match frame {
                    Frame::Event { seq, event: WireEvent::MatchFound(found) } => {
                        (*seq, true, std::slice::from_ref(found))
                    }
                    Frame::Welcome { seq, room: Some(room), .. } => (*seq, false, &room.matches[..]),
                    _ => (Seq::ZERO, false, &[][..]),
                };
                matches.iter().map(move |found| (Place { epoch, seq }, by_event, found))
            },
        )
    })
}

/// A phone was told of no match that the log does not have, and in one history once of each.
fn only_these(phone: &PhoneHistory, found: &BTreeMap<u32, Found>, findings: &mut Findings<'_>) {
    let mut announced: BTreeMap<(Epoch, u32), Seq> = BTreeMap::new();
    for (place, by_event, said) in told(phone) {
        let real = found.get(&said.number);
        if real.is_none_or(|real| (real.round, &real.title) != (said.round, &said.title)) {
            let what = format!("it was told at {place} of {said:?}, which is not in the log");
            findings.phone(Law::EveryMatch, phone, real.map(|real| real.seq), what);
        }
        if by_event
            && let Some(before) = announced.insert((place.epoch, said.number), place.seq)
            && before != place.seq
        {
            let what = format!("match {} was announced to it at seq {before} and at {place}", said.number);
            findings.phone(Law::EveryMatch, phone, Some(place.seq.get()), what);
        }
    }
}

/// A phone that was somewhere in the last history after a match, and before the room went on to another round, knows it.
fn all_of_them(
    history: &History,
    phone: &PhoneHistory,
    found: &BTreeMap<u32, Found>,
    ends: &[u64],
    findings: &mut Findings<'_>,
) {
    let known: BTreeSet<u32> = told(phone).map(|(_, _, said)| said.number).collect();
    let stood = places(history, phone);
    for (number, real) in found {
        let end = ends.iter().find(|end| **end > real.seq).copied().unwrap_or(u64::MAX);
        let stayed = stood.iter().find(|(first, last)| *last >= real.seq && *first < end);
        if let Some((_, last)) = stayed
            && !known.contains(number)
        {
            let what = format!(
                "it was never told of match {number} ({}), and was told of seq {last} after it",
                real.title
            );
            findings.phone(Law::EveryMatch, phone, Some(real.seq), what);
        }
    }
}

/// From where to where each connection went in the last history.
fn places(history: &History, phone: &PhoneHistory) -> Vec<(u64, u64)> {
    let mut stood = Vec::new();
    for connection in &phone.connections {
        let mut seqs = connection.heard.iter().filter_map(|heard| match &heard.frame {
            Frame::Welcome { epoch, seq, .. } => (*epoch == history.epoch).then(|| seq.get()),
            Frame::Event { seq, .. } | Frame::Ack { seq, .. } => Some(seq.get()),
            _ => None,
        });
        let begins_here = matches!(connection.heard.first().map(|heard| &heard.frame),
            Some(Frame::Welcome { epoch, .. }) if *epoch == history.epoch);
        if let (true, Some(first)) = (begins_here, seqs.next()) {
            stood.push((first, seqs.max().unwrap_or(first).max(first)));
        }
    }
    stood
}
