//! The first law: every acknowledged command that changed something is in the one final order, exactly once, and nothing
//! is there that nobody sent.
//!
//! Somebody's commands are held against their events in the log as two sequences, and [aligned](super::alignment) like two
//! texts: what must be there and is left over was lost, an event that is left over was done twice or by nobody, and a pair
//! of equal leftovers changed places.

use std::collections::{BTreeMap, BTreeSet};

use sovpalo_domain::{
    ids::{Epoch, Round, Timestamp, UserId},
    room::{AWAY_AFTER, Entry, Event, PeopleEvent},
};

use super::{
    action::{Action, Done, actions},
    alignment::{Alignment, Claim, Sending, answered_at},
    erasures::Erasures,
    history::{Answer, Asked, History, Moment, PhoneHistory},
    law::Law,
    violation::Findings,
};

/// Checks the law.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let done = actions(&history.log, &finals(history));
    let erasures = Erasures::of(&history.log);
    let mut by_author: BTreeMap<UserId, Vec<&Done>> = BTreeMap::new();
    for done in done.iter().filter(|done| !erasures.obscure_cause_of(&done.action, done.index)) {
        by_author.entry(done.author).or_default().push(done);
    }
    let mut everybodys = Vec::new();
    for phone in &history.phones {
        // A second phone of the same person only listens.
        if phone.asked.is_empty() {
            continue;
        }
        let events = by_author.remove(&phone.user).unwrap_or_default();
        // What they did is gone, and should be.
        if erasures.include(phone.user) {
            continue;
        }
        everybodys.push((phone, sendings(phone, history.epoch, &erasures), events));
        pinned(history, phone, &done, findings);
    }
    let mut alignment = Alignment::of(history.epoch, history.log.len());
    for (_, sendings, events) in &everybodys {
        alignment.learn(sendings, events);
    }
    let mut matched = Vec::new();
    for (phone, sendings, events) in &everybodys {
        matched.extend(align(phone, sendings, &alignment, events, findings));
    }
    for done in by_author.into_values().flatten() {
        findings.room(
            Law::NothingInvented,
            Some(done.index as u64 + 1),
            format!("{:?} by {}, who never asked anything", done.action, done.author),
        );
    }
    in_real_time(matched, findings);
    by_servers(&history.log, findings);
}

/// What servers say by themselves has its reason: who is away was gone for long, and a host is only replaced who went.
fn by_servers(log: &[Entry], findings: &mut Findings<'_>) {
    let began = log.first().map_or(Timestamp::default(), |first| first.at);
    let mut away = BTreeSet::new();
    let mut last: Option<&Event> = None;
    for (entry, seq) in log.iter().zip(1..) {
        let reason = match &entry.event {
            Event::People(PeopleEvent::Away { member }) => {
                away.insert(*member);
                entry.at.since(began) >= AWAY_AFTER
            }
            Event::People(PeopleEvent::Back { member }) => away.remove(member),
            Event::People(PeopleEvent::HostChanged { .. }) => {
                matches!(
                    last,
                    Some(Event::People(
                        PeopleEvent::Left { .. }
                            | PeopleEvent::Erased { .. }
                            | PeopleEvent::Away { .. }
                            | PeopleEvent::Back { .. }
                            | PeopleEvent::Joined { .. }
                    ))
                )
            }
            _ => true,
        };
        if !reason {
            findings.room(Law::NothingInvented, Some(seq), format!("{:?} without a reason", entry.event));
        }
        last = Some(&entry.event);
    }
}

fn is_of_the_screen(asked: &Asked) -> bool {
    matches!(asked.action, Action::Watch(_))
}

/// Whether it may be done each time when it is sent: somebody else may have undone it in between, and it does not say what it means.
fn is_repeatable(asked: &Asked) -> bool {
    match &asked.action {
        Action::Watch(wish) => asked.rev.is_none() && !wish.is_named(),
        Action::Role(..)
        | Action::HandOver(_)
        | Action::Control(_)
        | Action::Configure(..)
        | Action::AllowVeto(_) => true,
        _ => false,
    }
}

/// Everything that somebody's phone asked, as often as it may be in the log.
fn sendings<'a>(phone: &'a PhoneHistory, epoch: Epoch, erasures: &Erasures) -> Vec<Sending<'a>> {
    let mut sendings = Vec::new();
    for asked in &phone.asked {
        let first = match claim(asked, epoch) {
            // It may have been done before somebody was erased.
            Claim::Must if erasures.obscure_cause_of(&asked.action, 0) => Claim::May,
            claim => claim,
        };
        sendings.push((asked, first));
        if is_repeatable(asked) {
            let again = if first == Claim::MustNot { first } else { Claim::May };
            sendings.extend((1..asked.sends).map(|_| (asked, again)));
        }
    }
    sendings
}

/// Rounds that a host asked to begin at once.
fn finals(history: &History) -> BTreeSet<Round> {
    let asked = history.phones.iter().flat_map(|phone| &phone.asked);
    asked
        .filter_map(|asked| match asked.action {
            Action::Restart(round, true) if claim(asked, history.epoch) != Claim::MustNot => Some(round),
            _ => None,
        })
        .collect()
}

fn claim(asked: &Asked, epoch: Epoch) -> Claim {
    match asked.answer {
        // Where two ends were put together, the later word about the screen may have made this one superfluous.
        Answer::Done(at, _) if at.epoch != epoch && is_of_the_screen(asked) => Claim::May,
        // Somebody else may have made it so, or another screen was meant.
        Answer::SoAlready(_) if is_of_the_screen(asked) => Claim::May,
        // A round may have ended by itself before its host's word came.
        Answer::SoAlready(_) if asked.action == Action::Finish => Claim::May,
        // Every host of such a room wants the same: another one may have had it done, also on the other one of two ends.
        Answer::SoAlready(_) if matches!(asked.action, Action::AllowVeto(_)) => Claim::May,
        Answer::Done(at, _) if at.epoch != epoch && matches!(asked.action, Action::AllowVeto(_)) => {
            Claim::May
        }
        // A phone asks for nothing that it has been told is so: an earlier sending did it, its own or a server's.
        Answer::Done(..) | Answer::Accepted(_) | Answer::SoAlready(_) => Claim::Must,
        Answer::Refused(_) if asked.sends > 1 => Claim::May,
        Answer::Waiting | Answer::Outdated if asked.sends > 0 => Claim::May,
        Answer::Refused(_) | Answer::Waiting | Answer::Outdated => Claim::MustNot,
    }
}

/// A command, and the index of its event.
#[derive(Clone, Copy)]
struct Pair<'a> {
    phone: &'a PhoneHistory,
    asked: &'a Asked,
    index: usize,
}

/// Aligns one person's commands with their events, and tells what is left over.
fn align<'a>(
    phone: &'a PhoneHistory,
    sendings: &[Sending<'a>],
    alignment: &Alignment,
    events: &[&Done],
    findings: &mut Findings<'_>,
) -> Vec<Pair<'a>> {
    let pairs = alignment.best(sendings, events);
    let paired_commands: BTreeSet<usize> = pairs.iter().map(|(command, _)| *command).collect();
    let paired_events: BTreeSet<usize> = pairs.iter().map(|(_, event)| *event).collect();
    let mut missing: Vec<&Asked> = (0..)
        .zip(sendings)
        .filter(|(at, (_, claim))| !paired_commands.contains(at) && *claim == Claim::Must)
        .map(|(_, (asked, _))| *asked)
        .collect();
    for (at, event) in events.iter().enumerate() {
        if paired_events.contains(&at) {
            continue;
        }
        let seq = Some(event.index as u64 + 1);
        let action = &event.action;
        if let Some(moved) = missing.iter().position(|asked| asked.action == *action) {
            missing.remove(moved);
            findings.phone(Law::OneOrder, phone, seq, format!("{action:?} is not where its author did it"));
        } else if let Some(meant) = meant_for_another_round(phone, action) {
            findings.phone(
                Law::RightRound,
                phone,
                seq,
                format!("{action:?} was meant for round {}", meant.get()),
            );
        } else if sendings.iter().any(|(asked, claim)| asked.action == *action && *claim != Claim::MustNot) {
            findings.phone(Law::NothingTwice, phone, seq, format!("{action:?} was asked for less often"));
        } else {
            let refused = phone.asked.iter().find(|asked| asked.action == *action);
            let why = refused.map_or_else(
                || "was never asked for".to_owned(),
                |asked| format!("was asked for, and answered with {:?}", asked.answer),
            );
            findings.phone(Law::NothingInvented, phone, seq, format!("{action:?} {why}"));
        }
    }
    for asked in missing {
        if matches!(asked.answer, Answer::SoAlready(_)) && is_so(&asked.action, events) {
            continue;
        }
        let what = format!("{:?} was answered with {:?} and is not in the log", asked.action, asked.answer);
        findings.phone(Law::NothingLost, phone, place(asked), what);
    }
    pairs
        .into_iter()
        .filter_map(|(command, event)| {
            let (asked, index) = (sendings.get(command)?.0, events.get(event)?.index);
            Some(Pair { phone, asked, index })
        })
        .collect()
}

/// Whether what a command wanted was so anyhow, by what its author did before: a phone that was shown an older room asks
/// for what it has had.
fn is_so(action: &Action, events: &[&Done]) -> bool {
    let Action::Swipe(round, title, _) = action else {
        return events.iter().any(|event| event.action == *action);
    };
    let of_card = events.iter().rfind(|event| match &event.action {
        Action::Swipe(of, card, _) | Action::Undo(of, card) => (of, card) == (round, title),
        _ => false,
    });
    of_card.is_some_and(|last| last.action == *action)
}

/// For which round an event's command was meant, if that was an earlier one.
fn meant_for_another_round(phone: &PhoneHistory, action: &Action) -> Option<Round> {
    let meant = |asked: &Asked| match (&asked.action, action) {
        (Action::Swipe(meant, title, verdict), Action::Swipe(round, card, opinion)) => {
            (meant < round && (title, verdict) == (card, opinion)).then_some(*meant)
        }
        (Action::Undo(meant, title), Action::Undo(round, card)) => {
            (meant < round && title == card).then_some(*meant)
        }
        (Action::Ready(meant, was), Action::Ready(round, is)) => {
            (meant < round && was == is).then_some(*meant)
        }
        _ => None,
    };
    phone.asked.iter().filter(|asked| asked.sends > 0).find_map(meant)
}

/// What an ack called its place is its place.
fn pinned(history: &History, phone: &PhoneHistory, done: &[Done], findings: &mut Findings<'_>) {
    for asked in &phone.asked {
        let Answer::Done(at, _) = &asked.answer else { continue };
        if at.epoch != history.epoch {
            continue;
        }
        let there = done.iter().find(|done| done.index as u64 + 1 == at.seq.get());
        if there.is_none_or(|there| there.author != phone.user || there.action != asked.action) {
            let what =
                format!("{:?} was acknowledged at {at}, where the log has something else", asked.action);
            findings.phone(Law::OneStory, phone, Some(at.seq.get()), what);
        }
    }
}

/// What was acknowledged before something else was sent comes before it.
fn in_real_time(mut matched: Vec<Pair<'_>>, findings: &mut Findings<'_>) {
    matched.sort_by_key(|pair| pair.index);
    let mut later: Option<(Moment, usize)> = None;
    for Pair { phone, asked, index } in matched.into_iter().rev() {
        if let Some((answered, after)) = later
            && answered < asked.sent_at
        {
            let what = format!(
                "{:?} was first sent after seq {} had been acknowledged, and comes before it",
                asked.action,
                after + 1
            );
            findings.phone(Law::OneOrder, phone, Some(index as u64 + 1), what);
        }
        if let Some(at) = answered_at(asked)
            && later.is_none_or(|(answered, _)| at < answered)
        {
            later = Some((at, index));
        }
    }
}

fn place(asked: &Asked) -> Option<u64> {
    match &asked.answer {
        Answer::Done(at, _) => Some(at.seq.get()),
        _ => None,
    }
}
