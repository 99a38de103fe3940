//! A phone's commands about messages, in the order in which they were meant, kept until they are answered.
//!
//! It is a line of its own: neither it nor the log's commands wait for each other. Messages may go several at once, each with its own
//! key; whatever changes a message goes alone, so that what is sent again never overtakes what was meant later.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sovpalo_domain::talk::TalkCommand;

use crate::checker::{
    history::Moment,
    talk::history::{Operation, Outcome},
};

/// The ids of these commands begin here; those of the log's are below.
pub(super) const FIRST_ID: u64 = 1 << 40;
/// So many messages are on their way at once.
const WINDOW: usize = 3;
/// What cannot be done now is asked for again after this.
const AGAIN: Duration = Duration::from_millis(500);

/// All that a phone ever wanted of the messages, and what of it waits.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) operations: Vec<Operation>,
    waiting: VecDeque<Waiting>,
    not_before: Option<Instant>,
}

#[derive(Debug)]
struct Waiting {
    /// Where it is in `operations`; its id on the wire follows from that.
    index: usize,
    sent: Option<Way>,
}

/// How a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Socket,
    Http,
}

impl Line {
    /// Something is wanted.
    pub(super) fn invoke(&mut self, command: TalkCommand) {
        let (invoked_at, outcome) = (Moment::default(), Outcome::Unknown);
        self.operations.push(Operation { command, sends: 0, invoked_at, outcome });
        self.waiting.push_back(Waiting { index: self.operations.len() - 1, sent: None });
    }

    /// How many commands wait for their answer.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// The next frame to send on this connection; it counts as sent.
    pub(super) fn next(&mut self, now: Moment) -> Option<Value> {
        let on_its_way = self.waiting.iter().take_while(|waiting| waiting.sent.is_some()).count();
        let alone =
            |waiting: &Waiting| waiting.sent == Some(Way::Http) || !self.says_something(waiting.index);
        let next = self.waiting.get(on_its_way)?;
        let must_wait = on_its_way > 0 && (alone(next) || self.waiting.iter().take(on_its_way).any(alone));
        if must_wait || on_its_way >= WINDOW || self.is_too_early() {
            return None;
        }
        let index = self.send(on_its_way, Way::Socket, now)?;
        let mut frame = wire(&self.operations.get(index)?.command);
        frame["id"] = (FIRST_ID + index as u64).into();
        Some(frame)
    }

    /// The same by HTTP: a message, while nothing else is on its way. Which one it is comes with it.
    pub(super) fn next_by_http(&mut self, now: Moment) -> Option<(usize, Value)> {
        let first = self.waiting.front().filter(|first| first.sent.is_none())?;
        if !self.says_something(first.index) || self.is_too_early() {
            return None;
        }
        let index = self.send(0, Way::Http, now)?;
        Some((index, wire(&self.operations.get(index)?.command)))
    }

    /// Sent twice it is done once, whenever that is: it has a key.
    fn says_something(&self, index: usize) -> bool {
        matches!(self.operations.get(index), Some(Operation { command: TalkCommand::Say { .. }, .. }))
    }

    fn is_too_early(&self) -> bool {
        self.not_before.is_some_and(|at| Instant::now() < at)
    }

    fn send(&mut self, place: usize, way: Way, now: Moment) -> Option<usize> {
        let waiting = self.waiting.get_mut(place)?;
        waiting.sent = Some(way);
        let operation = self.operations.get_mut(waiting.index)?;
        if operation.sends == 0 {
            operation.invoked_at = now;
        }
        operation.sends += 1;
        Some(waiting.index)
    }

    /// What was on its way on the connection before may not have arrived.
    pub(super) fn reconnected(&mut self) {
        for waiting in &mut self.waiting {
            waiting.sent = waiting.sent.filter(|way| *way == Way::Http);
        }
    }

    /// A command is answered.
    pub(super) fn answered(&mut self, index: usize, outcome: Outcome) {
        self.waiting.retain(|waiting| waiting.index != index);
        if let Some(operation) = self.operations.get_mut(index)
            && operation.outcome == Outcome::Unknown
        {
            operation.outcome = outcome;
        }
    }

    /// It could not be done now, or nobody knows: it is sent again after a while.
    pub(super) fn again(&mut self, index: usize) {
        self.not_before = Some(Instant::now() + AGAIN);
        for waiting in self.waiting.iter_mut().filter(|waiting| waiting.index == index) {
            waiting.sent = None;
        }
        // In order: what came after it and is not answered goes after it again.
        if let Some(place) = self.waiting.iter().position(|waiting| waiting.index == index) {
            self.waiting.iter_mut().skip(place).for_each(|waiting| waiting.sent = None);
        }
    }
}

/// Which command an id on the wire means.
pub(super) fn index(id: &Value) -> Option<usize> {
    id.as_u64()?.checked_sub(FIRST_ID)?.try_into().ok()
}

/// A command as the contract writes it.
fn wire(command: &TalkCommand) -> Value {
    match command {
        TalkCommand::Say { key, text, reply_to } => {
            let kind = serde_json::to_value(text.kind()).unwrap_or_default();
            let mut say = json!({ "type": "say", "key": key, "text": text.as_str(), "kind": kind });
            if let Some(number) = reply_to {
                say["reply_to"] = (*number).into();
            }
            say
        }
        TalkCommand::Edit { number, text } => {
            json!({ "type": "edit", "number": number, "text": text.as_str() })
        }
        TalkCommand::Unsay { number } => json!({ "type": "unsay", "number": number }),
        TalkCommand::React { number, emoji } => {
            json!({ "type": "react", "number": number, "emoji": emoji })
        }
        TalkCommand::Read { number } => json!({ "type": "read", "number": number }),
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::talk::{MessageKey, MessageText};

    use super::*;

    fn say(text: &str) -> TalkCommand {
        let (key, text) = (MessageKey::new(text).unwrap(), MessageText::new(text).unwrap());
        TalkCommand::Say { key, text, reply_to: None }
    }

    fn line(commands: impl IntoIterator<Item = TalkCommand>) -> Line {
        let mut line = Line::default();
        commands.into_iter().for_each(|command| line.invoke(command));
        line
    }

    fn sent(line: &mut Line) -> Vec<String> {
        std::iter::from_fn(|| line.next(Moment(1)))
            .map(|frame| format!("{} {}", index(&frame["id"]).unwrap(), frame["type"].as_str().unwrap()))
            .collect()
    }

    fn done() -> Outcome {
        Outcome::Acknowledged { message: None, at: Moment(2) }
    }

    #[test]
    fn messages_go_together_and_what_changes_one_alone() {
        let mut line = line([say("a"), say("b"), TalkCommand::Unsay { number: 1 }, say("c")]);
        assert_eq!(sent(&mut line), ["0 say", "1 say"]);
        line.answered(1, done());
        assert!(sent(&mut line).is_empty(), "the unsay overtakes a message");
        line.answered(0, done());
        assert_eq!(sent(&mut line), ["2 unsay"]);
        line.answered(2, done());
        assert_eq!(sent(&mut line), ["3 say"]);
    }

    #[test]
    fn what_was_not_answered_is_sent_again_in_order_with_its_key() {
        let mut line = line([say("a"), say("b")]);
        assert_eq!(sent(&mut line).len(), 2);
        line.reconnected();
        let again = line.next(Moment(3)).unwrap();
        assert_eq!((index(&again["id"]), again["key"].as_str()), (Some(0), Some("a")));
        let first = &line.operations[0];
        assert_eq!((first.sends, first.invoked_at), (2, Moment(1)), "it is not known as one command");
    }

    #[test]
    fn a_message_on_its_way_by_http_is_not_sent_on_the_socket_as_well() {
        let mut line = line([say("a"), say("b")]);
        assert_eq!(line.next_by_http(Moment(1)).unwrap().0, 0);
        line.reconnected();
        assert!(sent(&mut line).is_empty());
        line.answered(0, done());
        assert_eq!(sent(&mut line), ["1 say"]);
    }

    #[test]
    fn a_change_never_goes_by_http() {
        let mut line = line([TalkCommand::Unsay { number: 1 }]);
        assert_eq!(line.next_by_http(Moment(1)), None);
    }
}
