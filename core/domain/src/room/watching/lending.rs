//! Who controls what is shown while nobody is here who may: it is lent to somebody who is, until one of those comes back.
//!
//! A loan begins while something is shown, and goes on with what its holder shows next. Who was seen when only the nodes know; they say so, and
//! it is judged here.

use super::{Watching, WatchingEvent};
use crate::{
    ids::UserId,
    room::{Member, Refusal, people::People},
};

impl Watching {
    /// Whether a member may control what is shown: by the rules of the room, or on loan.
    pub(in crate::room) fn may_control(&self, people: &People, me: &Member) -> Result<(), Refusal> {
        if self.borrower == Some(me.id) { Ok(()) } else { people.may_control(me) }
    }

    /// Whether something is shown.
    pub(in crate::room) fn is_shown(&self) -> bool {
        self.film().is_some()
    }

    /// Who may control what is shown only on loan.
    pub(in crate::room) fn borrower(&self) -> Option<UserId> {
        self.borrower
    }

    /// What ends a loan that has no reason any more: who has it is gone, or may control what is shown anyway. `actor` made it so.
    pub(in crate::room) fn ended_loan(&self, people: &People, actor: UserId) -> Option<WatchingEvent> {
        let borrower = people.present_member(self.borrower?);
        let goes_on = borrower.is_some_and(|borrower| people.may_control(borrower).is_err());
        (!goes_on).then_some(WatchingEvent::ControlReturned { member: actor })
    }

    /// Who is away is not here, and would have to be back first: perhaps as the host.
    pub(super) fn may_borrow(&self, people: &People, me: &Member) -> bool {
        self.is_shown() && !people.is_away(me.id) && self.may_control(people, me).is_err()
    }
}
