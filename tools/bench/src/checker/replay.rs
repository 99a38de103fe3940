//! The log is what the domain decides: each of its commands, asked again of the room as it was, becomes the same events.
//!
//! That finds what was written past the rules (a card swiped twice, a round begun by somebody else), and what should have
//! followed and did not. Whether anybody asked for the commands is another law's question. Before somebody was [erased](super::erasures) the
//! log cannot say that any more.

use sovpalo_domain::room::{Entry, Event, Room, SwipingEvent};

use super::{erasures::Erasures, history::History, law::Law, violation::Findings};

/// Checks the law, up to the first event that breaks it: what comes afterwards follows from that.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let Some((first, mut rest)) = history.log.split_first() else { return };
    let Ok(mut room) = Room::begin(first) else {
        findings.room(Law::Decided, Some(1), "the log begins as no log does");
        return;
    };
    // That somebody is erased is the first that can be asked for again.
    let unasked = Erasures::of(&history.log).last().map_or(0, |last| last.saturating_sub(1));
    let (before, asked) = rest.split_at(unasked.min(rest.len()));
    for entry in before {
        room.apply(entry);
    }
    rest = asked;
    while let Some(entry) = rest.first() {
        match decided(&room, rest) {
            Ok(events) => {
                let (done, later) = rest.split_at(events);
                for entry in done {
                    room.apply(entry);
                }
                rest = later;
            }
            Err(decided) => {
                let events: Vec<&Event> = decided.iter().map(|entry| &entry.event).collect();
                let what = format!("{:?} is in the log, and the domain decides {events:?}", entry.event);
                findings.room(Law::Decided, Some(room.seq().next().get()), what);
                return;
            }
        }
    }
}

/// How many of the next events the first of them leads to, itself included; or what the domain decides instead.
fn decided(room: &Room, rest: &[Entry]) -> Result<usize, Vec<Entry>> {
    let mut instead = Vec::new();
    for asked in [at_once(rest), rest.get(..1)].into_iter().flatten() {
        let decided = room.redo(room.clone(), asked);
        let logged = rest.iter().map(|entry| &entry.event);
        let agreeing = logged.zip(&decided).take_while(|(logged, decided)| **logged == decided.event).count();
        if !decided.is_empty() && agreeing == decided.len() {
            return Ok(decided.len());
        }
        instead = decided;
    }
    Err(instead)
}

/// A restart and the start that may belong to it.
fn at_once(rest: &[Entry]) -> Option<&[Entry]> {
    let [restarted, started, ..] = rest else { return None };
    let both = matches!(
        (&restarted.event, &started.event),
        (Event::Swiping(SwipingEvent::Restarted { .. }), Event::Swiping(SwipingEvent::Started { .. }))
    );
    if both && restarted.at == started.at { rest.get(..2) } else { None }
}
