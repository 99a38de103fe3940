//! A phone's commands, in the order in which they were meant, kept until they are answered.
//!
//! Several swipes may be on their way at once. What depends on what came before (taking a swipe back, leaving, starting)
//! goes *alone*: it waits until everything before it is answered, and nothing overtakes it. So a
//! command that is sent again after a silence never means anything else than the first time.

use serde_json::{Value, json};
use sovpalo_domain::ids::Round;

use crate::checker::{
    action::Action,
    history::{Answer, Asked, Moment},
    wire::{Goal, Rule, Verdict},
};

/// So many commands are on their way at once.
const WINDOW: usize = 8;

/// All that a phone ever asked, and what of it waits.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    asked: Vec<Asked>,
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    /// Where it is in `asked`; also its id on the wire.
    index: usize,
    alone: bool,
    /// On this connection.
    sent: bool,
}

impl Outbox {
    /// A command for the socket.
    pub(super) fn ask(&mut self, action: Action) {
        self.ask_of(action, None);
    }

    /// A command for the socket that may say which screen it means.
    pub(super) fn ask_of(&mut self, action: Action, rev: Option<u64>) {
        let alone = !matches!(action, Action::Swipe(..) | Action::Pick(_) | Action::Ready(..));
        let index = self.put(action);
        if let Some(asked) = self.asked.get_mut(index) {
            asked.rev = rev;
        }
        self.waiting.push(Waiting { index, alone, sent: false });
    }

    /// A command that goes by HTTP, while nothing waits here.
    pub(super) fn put(&mut self, action: Action) -> usize {
        self.asked.push(Asked {
            action,
            rev: None,
            sends: 0,
            sent_at: Moment::default(),
            answer: Answer::Waiting,
        });
        self.asked.len() - 1
    }

    /// It is sent now, again perhaps.
    pub(super) fn sending(&mut self, index: usize, now: Moment) {
        if let Some(asked) = self.asked.get_mut(index) {
            if asked.sends == 0 {
                asked.sent_at = now;
            }
            asked.sends += 1;
        }
    }

    /// The next frame to send on this connection; it counts as sent.
    pub(super) fn next(&mut self, now: Moment) -> Option<Value> {
        let on_its_way = self.waiting.iter().take_while(|waiting| waiting.sent).count();
        let alone = self.waiting.first().is_some_and(|first| first.alone);
        let next = self.waiting.get_mut(on_its_way)?;
        if on_its_way >= WINDOW || (on_its_way > 0 && (alone || next.alone)) {
            return None;
        }
        next.sent = true;
        let index = next.index;
        self.sending(index, now);
        let mut frame = wire(self.asked.get(index)?);
        frame["id"] = index.into();
        Some(frame)
    }

    /// What was on its way may not have arrived.
    pub(super) fn reconnected(&mut self) {
        self.waiting.iter_mut().for_each(|waiting| waiting.sent = false);
    }

    /// A command is answered; which one it was, if it waited for that.
    pub(super) fn answered(&mut self, index: usize, answer: Answer) -> Option<Action> {
        self.waiting.retain(|waiting| waiting.index != index);
        let asked = self.asked.get_mut(index).filter(|asked| asked.answer == Answer::Waiting)?;
        asked.answer = answer;
        Some(asked.action.clone())
    }

    /// The room is in this round: what was meant for another one means nothing any more.
    pub(super) fn round(&mut self, now: Round) {
        let asked = &mut self.asked;
        self.waiting.retain(|waiting| {
            let Some(asked) = asked.get_mut(waiting.index) else { return false };
            let of_another =
                matches!(&asked.action, Action::Swipe(round, ..) | Action::Undo(round, _) | Action::Ready(round, _) if *round != now);
            if of_another {
                asked.answer = Answer::Outdated;
            }
            !of_another
        });
    }

    /// Where in the box a waiting command of this kind is.
    pub(super) fn waits(&self, wanted: impl Fn(&Action) -> bool) -> Option<usize> {
        let mut indices = self.waiting.iter().map(|waiting| waiting.index);
        indices.find(|index| self.asked.get(*index).is_some_and(|asked| wanted(&asked.action)))
    }

    /// How many commands wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// All that was ever asked.
    pub(super) fn into_asked(self) -> Vec<Asked> {
        self.asked
    }
}

/// A command as the contract writes it.
fn wire(asked: &Asked) -> Value {
    match &asked.action {
        Action::Pick(title) => json!({ "type": "pick", "title": { "id": title } }),
        Action::Unpick(title) => json!({ "type": "unpick", "title": { "id": title } }),
        Action::Ready(round, ready) => json!({ "type": "ready", "ready": ready, "round": round }),
        Action::Configure(rule, goal) => {
            let rule = match rule {
                Rule::Unanimous => json!({ "kind": "unanimous" }),
                Rule::Majority => json!({ "kind": "majority" }),
                Rule::AtLeast { likes } => json!({ "kind": "at_least", "likes": likes }),
            };
            let goal = match goal {
                Goal::WholeDeck => json!({ "kind": "whole_deck" }),
                Goal::FirstMatch => json!({ "kind": "first_match" }),
                Goal::Matches { count } => json!({ "kind": "matches", "count": count }),
                Goal::Timed { minutes } => json!({ "kind": "timed", "minutes": minutes }),
            };
            json!({ "type": "configure", "rule": rule, "goal": goal })
        }
        Action::AllowVeto(allowed) => json!({ "type": "configure", "veto": allowed }),
        Action::Start => json!({ "type": "start" }),
        Action::Swipe(round, title, verdict) => {
            let verdict = match verdict {
                Verdict::Like => "like",
                Verdict::Skip => "skip",
                Verdict::SuperLike => "super_like",
                Verdict::Veto => "veto",
            };
            json!({ "type": "swipe", "title": title, "verdict": verdict, "round": round })
        }
        Action::Undo(round, title) => json!({ "type": "undo", "title": title, "round": round }),
        Action::Finish => json!({ "type": "finish" }),
        Action::Restart(round, last) => json!({ "type": "restart", "round": round, "final": last }),
        Action::Remove(member) => json!({ "type": "remove", "member": member }),
        Action::Role(member, role) => json!({ "type": "role", "member": member, "role": role }),
        Action::HandOver(member) => json!({ "type": "hand_over", "member": member }),
        Action::Control(control) => json!({ "type": "configure", "access": { "control": control } }),
        Action::Watch(wish) => wish.wire(asked.rev),
        // The others are requests of their own.
        Action::Leave | Action::Create | Action::Join | Action::Select(_) => json!({ "type": "leave" }),
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::ids::TitleId;

    use super::*;

    fn title(id: &str) -> TitleId {
        TitleId::new(id).unwrap()
    }

    fn swipe(id: &str) -> Action {
        Action::Swipe(Round::FIRST, title(id), Verdict::Like)
    }

    fn sent(outbox: &mut Outbox) -> Vec<String> {
        std::iter::from_fn(|| outbox.next(Moment(1)))
            .map(|frame| format!("{} {}", frame["id"], frame["type"].as_str().unwrap()))
            .collect()
    }

    #[test]
    fn swipes_go_together_and_what_depends_on_them_alone() {
        let mut outbox = Outbox::default();
        for action in [swipe("a"), swipe("b"), Action::Undo(Round::FIRST, title("b")), swipe("c")] {
            outbox.ask(action);
        }
        assert_eq!(sent(&mut outbox), ["0 swipe", "1 swipe"]);
        outbox.answered(0, Answer::SoAlready(Moment(2)));
        assert!(sent(&mut outbox).is_empty(), "the undo overtakes a swipe");
        outbox.answered(1, Answer::SoAlready(Moment(2)));
        assert_eq!(sent(&mut outbox), ["2 undo"]);
        outbox.answered(2, Answer::SoAlready(Moment(3)));
        assert_eq!(sent(&mut outbox), ["3 swipe"]);
    }

    #[test]
    fn what_was_not_answered_is_sent_again_in_order() {
        let mut outbox = Outbox::default();
        outbox.ask(swipe("a"));
        outbox.ask(swipe("b"));
        assert_eq!(sent(&mut outbox), ["0 swipe", "1 swipe"]);
        outbox.reconnected();
        assert_eq!(sent(&mut outbox), ["0 swipe", "1 swipe"]);
        let asked = outbox.into_asked();
        assert!(asked.iter().all(|asked| asked.sends == 2 && asked.answer == Answer::Waiting));
    }

    #[test]
    fn a_swipe_of_a_round_that_is_over_is_given_up() {
        let mut outbox = Outbox::default();
        outbox.ask(swipe("a"));
        outbox.ask(Action::Pick(title("b")));
        outbox.round(Round::new(2));
        assert_eq!(outbox.len(), 1);
        assert_eq!(outbox.into_asked()[0].answer, Answer::Outdated);
    }
}
