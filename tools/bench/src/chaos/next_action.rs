//! What somebody does next with their phone.

use std::time::Duration;

use rand::{
    RngExt,
    rngs::StdRng,
    seq::{IndexedRandom, IteratorRandom},
};
use sovpalo_domain::ids::{TitleId, UserId};

use super::{outbox::Outbox, plan::Habits, table::Table, view::View, watching::Watching};
use crate::checker::{
    action::Action,
    rights::{Control, Role},
    wire::{Goal, Phase, Rule, Verdict},
    wish::Wish,
};

/// So many unanswered commands, and a thumb waits.
const PATIENT: usize = 6;

/// The next thing.
#[derive(Debug, PartialEq)]
pub(super) enum NextAction {
    /// Nothing, for now.
    Wait,
    /// Nothing any more.
    Rest,
    /// This.
    Do(Action),
    /// This to the screen, and perhaps only if it is still the one with this revision.
    Watch(Wish, Option<u64>),
    /// The phone goes into a pocket for so long.
    Nap(Duration),
    /// Being forgotten.
    Erase,
}

/// What there is to decide by.
pub(super) struct Mind<'a> {
    pub(super) me: UserId,
    pub(super) habits: &'a Habits,
    pub(super) table: &'a Table,
    pub(super) view: &'a View,
    pub(super) outbox: &'a Outbox,
    /// Picks that have not been made.
    pub(super) to_pick: &'a mut Vec<TitleId>,
    /// Whether they said in this lobby that they are ready.
    pub(super) ready: &'a mut bool,
    pub(super) watching: &'a mut Watching,
}

impl Mind<'_> {
    /// Draws it.
    pub(super) fn next(mut self, chance: &mut StdRng) -> NextAction {
        let leaving = self.outbox.waits(|action| *action == Action::Leave).is_some();
        if self.outbox.len() >= PATIENT || leaving {
            return NextAction::Wait;
        }
        if self.view.phase != Phase::Finished && chance.random_bool(self.habits.naps) {
            return NextAction::Nap(Duration::from_millis(chance.random_range(50..1_500)));
        }
        if let Some(beside) = self.beside(chance) {
            return beside;
        }
        match self.view.phase {
            Phase::Lobby => self.in_lobby(chance),
            Phase::Swiping => self.swiping(chance),
            Phase::Finished => self.finished(chance),
        }
    }

    /// What has nothing to do with the round: what is watched, and who may do what. Only what nothing waits for, so that each time it is
    /// meant as the room is shown.
    fn beside(&mut self, chance: &mut StdRng) -> Option<NextAction> {
        if self.table.is_closing() || self.outbox.len() > 0 {
            return None;
        }
        if self.is_host() && chance.random_bool(self.habits.trusts) {
            return self.trust(chance).map(NextAction::Do);
        }
        if !chance.random_bool(self.habits.watches) {
            return None;
        }
        let (wish, rev) = self.watching.wish(self.me, self.view, chance)?;
        Some(NextAction::Watch(wish, rev))
    }

    fn trust(&self, chance: &mut StdRng) -> Option<Action> {
        if chance.random_bool(0.4) {
            let controls = [Control::Host, Control::Moderators, Control::Everyone, Control::Everyone];
            let others = controls.into_iter().filter(|control| *control != self.view.control);
            return others.choose(chance).map(Action::Control);
        }
        let others = self.view.members.iter().copied().filter(|other| *other != self.me);
        let member = others.choose(chance)?;
        if chance.random_bool(0.3) {
            return Some(Action::HandOver(member));
        }
        Some(match self.view.roles.get(&member)? {
            Role::Moderator => Action::Role(member, Role::Participant),
            Role::Participant => Action::Role(member, Role::Moderator),
            Role::Host => return None,
        })
    }

    fn is_host(&self) -> bool {
        self.view.host == Some(self.me)
    }

    /// One's own last word is out before another one is said that depends on it.
    fn alone(&self, action: Action) -> NextAction {
        if self.outbox.len() == 0 { NextAction::Do(action) } else { NextAction::Wait }
    }

    fn in_lobby(&mut self, chance: &mut StdRng) -> NextAction {
        if let Some(title) = self.to_pick.pop() {
            return NextAction::Do(Action::Pick(title));
        }
        if self.table.is_closing() {
            return if self.outbox.len() == 0 { NextAction::Rest } else { NextAction::Wait };
        }
        if !*self.ready && chance.random_bool(0.3) {
            *self.ready = true;
            return NextAction::Do(Action::Ready(self.view.round, true));
        }
        if self.view.picks.len() > 1
            && chance.random_bool(self.habits.unpicks)
            && let Some(title) = self.view.picks.choose(chance)
        {
            return self.alone(Action::Unpick(title.clone()));
        }
        if self.is_host() && self.view.veto == Some(!self.table.plan.vetoes) {
            return self.alone(Action::AllowVeto(self.table.plan.vetoes));
        }
        if self.is_host() && chance.random_bool(self.habits.configures) {
            return self.configure(chance);
        }
        if self.is_host() && self.table.is_gathered() { self.alone(Action::Start) } else { NextAction::Wait }
    }

    fn swiping(&mut self, chance: &mut StdRng) -> NextAction {
        // Picks are for lobbies; what was not said in time is not said.
        self.to_pick.clear();
        *self.ready = false;
        let round = self.view.round;
        if chance.random_bool(self.habits.leaves) && !self.table.is_closing() {
            return self.alone(Action::Leave);
        }
        if chance.random_bool(self.habits.erases) && !self.table.is_closing() {
            return if self.outbox.len() == 0 { NextAction::Erase } else { NextAction::Wait };
        }
        if self.is_host()
            && chance.random_bool(self.habits.removes)
            && let Some(member) = self.somebody_else(chance)
        {
            return self.alone(Action::Remove(member));
        }
        if self.is_host() && self.table.is_closing() && chance.random_bool(0.05) {
            return self.alone(Action::Finish);
        }
        if chance.random_bool(self.habits.undoes)
            && let Some(title) = self.view.undoable()
        {
            return self.alone(Action::Undo(round, title.clone()));
        }
        match self.view.top() {
            Some(title) => {
                let likes = chance.random_bool(self.habits.likes);
                let signals = chance.random_bool(self.habits.signals);
                let verdict = match likes {
                    true if signals && self.view.may_super_like() => Verdict::SuperLike,
                    true => Verdict::Like,
                    false if signals && self.view.may_veto(title) => Verdict::Veto,
                    false => Verdict::Skip,
                };
                NextAction::Do(Action::Swipe(round, title.clone(), verdict))
            }
            None => NextAction::Wait,
        }
    }

    /// By something else than before: what is so already would be no wish.
    fn configure(&self, chance: &mut StdRng) -> NextAction {
        let rule = match chance.random_range(0..3) {
            0 => Rule::Unanimous,
            1 => Rule::Majority,
            _ => Rule::AtLeast { likes: chance.random_range(1..=3) },
        };
        let goal = match chance.random_range(0..3) {
            0 => Goal::WholeDeck,
            1 => Goal::FirstMatch,
            _ => Goal::Matches { count: chance.random_range(2..=3) },
        };
        match self.view.settings {
            Some(settings) if settings != (rule, goal) => self.alone(Action::Configure(rule, goal)),
            _ => NextAction::Wait,
        }
    }

    fn somebody_else(&self, chance: &mut StdRng) -> Option<UserId> {
        let others = self.view.members.iter().copied();
        let others = others.filter(|other| *other != self.me && self.table.may_be_removed(*other));
        others.choose(chance)
    }

    fn finished(&mut self, chance: &mut StdRng) -> NextAction {
        let over = self.table.is_closing() || self.view.round.get() >= self.table.plan.rounds;
        if over {
            return if self.outbox.len() == 0 { NextAction::Rest } else { NextAction::Wait };
        }
        if !self.is_host() {
            return NextAction::Wait;
        }
        let last = self.view.finalists > 0 && chance.random_bool(0.7);
        self.alone(Action::Restart(self.view.round.next(), last))
    }
}
