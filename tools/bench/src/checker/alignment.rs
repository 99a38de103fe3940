//! Which event in the log is of which command: one person's commands and their events are two sequences, and are aligned like two texts.
//!
//! Of several commands that ask for the same, some may have found it done. Which of them has the event is told by time: it was appended
//! after all that is surely before it had been sent, and before any of what is surely after it had been answered.

use sovpalo_domain::ids::Epoch;

use super::{
    action::Done,
    history::{Answer, Asked, Moment},
};

/// Whether a command has an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// It must.
    Must,
    /// Nobody can know: it was sent twice and refused the second time, or never answered.
    May,
    /// It must not.
    MustNot,
}

/// A command as it was sent once.
pub(super) type Sending<'a> = (&'a Asked, Claim);

/// What a pair is worth: first of all what must be there has its event, then what was acknowledged at a place is there, then the rest.
const MUST: u64 = 1 << 40;
const IS_THERE: u64 = 1 << 20;
const MAY: u64 = 1;

/// Aligns commands with events, and knows of each event when it was appended at the earliest and at the latest.
pub(super) struct Alignment {
    epoch: Epoch,
    /// By the index in the log.
    earliest: Vec<Moment>,
    latest: Vec<Moment>,
}

impl Alignment {
    /// Of a log of this history and length, of which nothing is known yet.
    pub(super) fn of(epoch: Epoch, length: usize) -> Self {
        Self { epoch, earliest: vec![Moment(0); length], latest: vec![Moment(u64::MAX); length] }
    }

    /// Takes in when somebody's commands were sent and answered that surely have an event.
    pub(super) fn learn(&mut self, sendings: &[Sending<'_>], events: &[&Done]) {
        let sure: Vec<Sending<'_>> = sendings
            .iter()
            .map(|(asked, claim)| (*asked, if *claim == Claim::May { Claim::MustNot } else { *claim }))
            .collect();
        let pairs = self.best(&sure, events);
        let pairs =
            pairs.iter().filter_map(|(command, event)| Some((sure.get(*command)?.0, *events.get(*event)?)));
        let epoch = self.epoch;
        let here = sendings.iter().flat_map(|(asked, _)| {
            let here = events.iter().filter(move |event| is_there(asked, event, epoch));
            here.map(move |event| (*asked, *event))
        });
        for (asked, event) in pairs.chain(here).collect::<Vec<_>>() {
            let (before, after) = (self.latest.get_mut(..=event.index), self.earliest.get_mut(event.index..));
            for earliest in after.into_iter().flatten() {
                *earliest = asked.sent_at.max(*earliest);
            }
            if let Some(answered) = answered_at(asked) {
                for latest in before.into_iter().flatten() {
                    *latest = answered.min(*latest);
                }
            }
        }
    }

    /// The pairing in order that leaves as little as possible over.
    pub(super) fn best(&self, asked: &[Sending<'_>], events: &[&Done]) -> Vec<(usize, usize)> {
        let width = events.len() + 1;
        // The best that the commands from `c` on and the events from `e` on can do.
        let mut best = vec![0_u64; (asked.len() + 1) * width];
        for (c, command) in asked.iter().enumerate().rev() {
            for (e, event) in events.iter().enumerate().rev() {
                let skipped = best[(c + 1) * width + e].max(best[c * width + e + 1]);
                let gain = self.gain(command, event);
                let paired = if gain > 0 { gain + best[(c + 1) * width + e + 1] } else { 0 };
                best[c * width + e] = skipped.max(paired);
            }
        }
        let (mut c, mut e, mut pairs) = (0, 0, Vec::new());
        while let (Some(command), Some(event)) = (asked.get(c), events.get(e)) {
            let here = best[c * width + e];
            let gain = self.gain(command, event);
            if gain > 0 && here == gain + best[(c + 1) * width + e + 1] {
                pairs.push((c, e));
                (c, e) = (c + 1, e + 1);
            } else if here == best[(c + 1) * width + e] {
                c += 1;
            } else {
                e += 1;
            }
        }
        pairs
    }

    fn gain(&self, (asked, claim): &Sending<'_>, event: &Done) -> u64 {
        if !may_become(asked, event, self.epoch) {
            return 0;
        }
        let is_there = if is_there(asked, event, self.epoch) { IS_THERE } else { 0 };
        match claim {
            Claim::Must => MUST + is_there,
            Claim::May if is_there > 0 => is_there,
            Claim::May if self.may_be(asked, event) => MAY,
            Claim::May | Claim::MustNot => 0,
        }
    }

    /// Whether a command was under way when an event was appended.
    fn may_be(&self, asked: &Asked, event: &Done) -> bool {
        let sent_in_time = self.latest.get(event.index).is_none_or(|latest| asked.sent_at <= *latest);
        let answered = answered_at(asked).unwrap_or(Moment(u64::MAX));
        sent_in_time && self.earliest.get(event.index).is_none_or(|earliest| *earliest <= answered)
    }
}

/// Whether this is an event of such a command. What was acknowledged in this history stays what it is.
fn may_become(asked: &Asked, event: &Done, epoch: Epoch) -> bool {
    let is_certain = matches!(asked.answer, Answer::Done(at, _) if at.epoch == epoch);
    asked.action == event.action
        || (!is_certain && asked.action.without_signal().is_some_and(|action| action == event.action))
}

/// Whether a command was acknowledged at the place of this event.
pub(super) fn is_there(asked: &Asked, event: &Done, epoch: Epoch) -> bool {
    let here = |seq: u64| seq == event.index as u64 + 1;
    asked.action == event.action
        && matches!(asked.answer, Answer::Done(at, _) if at.epoch == epoch && here(at.seq.get()))
}

/// When a command was known to be done.
pub(super) fn answered_at(asked: &Asked) -> Option<Moment> {
    match asked.answer {
        Answer::Done(_, at) | Answer::SoAlready(at) | Answer::Accepted(at) => Some(at),
        Answer::Waiting | Answer::Refused(_) | Answer::Outdated => None,
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::ids::{Seq, UserId};

    use super::*;
    use crate::checker::{action::Action, history::Place};

    fn epoch() -> Epoch {
        Epoch::from_bits(7)
    }

    fn finish(sent: u64, answer: Answer) -> Asked {
        Asked { action: Action::Finish, rev: None, sends: 1, sent_at: Moment(sent), answer }
    }

    fn done(index: usize) -> Done {
        Done { index, author: UserId::new(1).unwrap(), action: Action::Finish }
    }

    fn is_at(seq: u64, moment: u64) -> Answer {
        Answer::Done(Place { epoch: epoch(), seq: Seq::new(seq) }, Moment(moment))
    }

    #[test]
    fn of_commands_that_may_have_an_event_the_one_that_was_acknowledged_there_has_it() {
        let asked = [finish(10, Answer::SoAlready(Moment(11))), finish(20, is_at(4, 21))];
        let sendings: Vec<Sending<'_>> = asked.iter().map(|asked| (asked, Claim::May)).collect();
        assert_eq!(Alignment::of(epoch(), 5).best(&sendings, &[&done(3)]), [(1, 0)]);
    }

    #[test]
    fn a_command_has_no_event_that_was_appended_after_its_answer_or_before_it_was_sent() {
        let asked: Vec<Asked> = [(10, 11), (30, 50), (70, 80)]
            .map(|(sent, answered)| finish(sent, Answer::SoAlready(Moment(answered))))
            .into();
        let sendings: Vec<Sending<'_>> = asked.iter().map(|asked| (asked, Claim::May)).collect();
        let mut alignment = Alignment::of(epoch(), 5);
        // Others did something before it and after it.
        for (sent, index) in [(20, 2), (55, 4)] {
            let sure = finish(sent, is_at(index as u64 + 1, sent + 5));
            alignment.learn(&[(&sure, Claim::Must)], &[&done(index)]);
        }
        assert_eq!(alignment.best(&sendings, &[&done(3)]), [(1, 0)]);
        assert_eq!(alignment.best(&sendings[2..], &[&done(3)]), []);
    }
}
