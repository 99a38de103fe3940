//! An independent judge of what a server did: it reads what every phone of a room was told and what the stores hold at
//! the end, and says which laws were broken.
//!
//! A log is replayed with the domain: it is believed when it says how a room looks after its events, and to whom, for its
//! own laws are tested where it is. What is not believed is that the events are the right ones. So what phones asked is held
//! against what the log has, and when people agree on a title is said a second time here, from the events alone
//! ([`agreement`]). The laws, one module each:
//!
//! | law | where |
//! |---|---|
//! | what was acknowledged is in the one order, once; nothing else is | [`order`] |
//! | every event is what the domain decides of its command | [`replay`] |
//! | all phones are told one story, without gaps, and it is the log's; nobody hears another's opinion | [`telling`] |
//! | nothing is left in the log of who erased themselves | [`erasures`] |
//! | every match that the rules imply is announced, once, to everybody who stayed | [`mod@matches`] |
//! | SQL agrees | [`sql`] |
//! | what people said is there, once and in order, for everybody who stayed | [`talk`] |
//! | only those who may change the screen, nobody is rewound, and all show the same in the end | [`watching`] |

pub(crate) mod action;
mod agreement;
mod alignment;
mod erasures;
pub(crate) mod history;
pub(crate) mod law;
mod matches;
mod moment;
mod order;
mod public_event;
mod replay;
pub(crate) mod rights;
pub(crate) mod screen;
mod sql;
pub(crate) mod talk;
mod telling;
pub(crate) mod violation;
pub(crate) mod watched;
mod watching;
pub(crate) mod wire;
pub(crate) mod wish;

#[cfg(test)]
mod tests;

pub(crate) use self::sql::caught_up;

use std::{collections::BTreeMap, time::Duration};

use self::{
    history::{Answer, History, Moment, PhoneHistory, Place},
    violation::{Findings, Violation},
    wire::Frame,
};

/// Everything that is wrong with a room's history.
pub(crate) fn judge(history: &History) -> Vec<Violation> {
    let mut findings = Findings::of(history);
    for phone in &history.phones {
        for (law, what) in &phone.grievances {
            findings.phone(*law, phone, None, what);
        }
    }
    replay::check(history, &mut findings);
    erasures::check(history, &mut findings);
    order::check(history, &mut findings);
    telling::check(history, &mut findings);
    matches::check(history, &mut findings);
    sql::check(history, &mut findings);
    talk::check(history, &mut findings);
    watching::check(history, &mut findings);
    findings.found
}

/// How long each phone waited for what somebody else's phone had been told is done. No law bounds it, but people notice.
pub(crate) fn delays(history: &History) -> Vec<Duration> {
    let done = history.phones.iter().flat_map(|phone| &phone.asked).filter_map(|asked| match asked.answer {
        Answer::Done(place, at) => Some((place, at)),
        _ => None,
    });
    let done: BTreeMap<Place, Moment> = done.collect();
    let mut delays = Vec::new();
    for connection in history.phones.iter().flat_map(|phone| &phone.connections) {
        let Some(Frame::Welcome { epoch, .. }) = connection.heard.first().map(|heard| &heard.frame) else {
            continue;
        };
        for heard in &connection.heard {
            if let Frame::Event { seq, .. } = heard.frame
                && let Some(done) = done.get(&Place { epoch: *epoch, seq })
            {
                delays.push(Duration::from_micros(heard.at.0.saturating_sub(done.0)));
            }
        }
    }
    delays
}

/// How often a phone was welcomed with less of a history than it said it had: no law forbids it, and a person who looks
/// sees their room jump back.
pub(crate) fn went_back(phone: &PhoneHistory) -> usize {
    let connections = phone.connections.iter().filter(|connection| {
        let first = connection.heard.first().map(|heard| &heard.frame);
        matches!((connection.known, first), (Some(known), Some(Frame::Welcome { epoch, seq, .. }))
            if known.epoch == *epoch && *seq < known.seq)
    });
    connections.count()
}
