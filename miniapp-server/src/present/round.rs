//! What a round is like: where it is, by which rule and until when it is played, and what somebody thinks of a card.

use sovpalo_domain::room::{Goal, PhaseName, Rule, Verdict};

use crate::wire;

pub(super) fn phase(phase: PhaseName) -> wire::Phase {
    match phase {
        PhaseName::Lobby => wire::Phase::Lobby,
        PhaseName::Swiping => wire::Phase::Swiping,
        PhaseName::Finished => wire::Phase::Finished,
    }
}

pub(super) fn rule(rule: Rule) -> wire::Rule {
    match rule {
        Rule::Unanimous => wire::Rule::Unanimous,
        Rule::Majority => wire::Rule::Majority,
        Rule::AtLeast(likes) => wire::Rule::AtLeast { likes },
    }
}

pub(super) fn goal(goal: Goal) -> wire::Goal {
    match goal {
        Goal::WholeDeck => wire::Goal::WholeDeck,
        Goal::FirstMatch => wire::Goal::FirstMatch,
        Goal::Matches(count) => wire::Goal::Matches { count },
        Goal::Timed(minutes) => wire::Goal::Timed { minutes },
    }
}

pub(super) fn verdict(verdict: Verdict) -> wire::Verdict {
    match verdict {
        Verdict::Like => wire::Verdict::Like,
        Verdict::Skip => wire::Verdict::Skip,
        Verdict::SuperLike => wire::Verdict::SuperLike,
        Verdict::Veto => wire::Verdict::Veto,
    }
}
