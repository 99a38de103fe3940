//! The people of a room: who is or was a member, who leads, who is away.
//!
//! Knows no activity. What happens to people has consequences in activities; the room asks them for those, in one place
//! (`room/decide.rs`).

mod access;
mod command;
mod decide;
mod event;
mod redo;
mod role;

use std::{collections::BTreeMap, sync::Arc};

pub use self::{
    access::{Access, AccessChange, Control, MIN_CAPACITY, Pass, PasswordHash},
    command::PeopleCommand,
    event::{PeopleEvent, Profile},
    role::Role,
};
use super::Standing;
use crate::ids::{Seq, UserId};

/// Somebody who is or was in the room.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub id: UserId,
    /// How they are shown.
    pub profile: Profile,
    /// Whether they count.
    pub standing: Standing,
    /// With which entry of the log they became what they are.
    pub changed: Seq,
    /// Whether the host trusts them with what is shown. Also of a host, who is one again when somebody else is the host.
    pub moderator: bool,
}

impl Member {
    /// Whether they are a member now, at the phone or away from it.
    pub fn belongs(&self) -> bool {
        self.standing.belongs()
    }
}

impl Standing {
    pub(super) fn belongs(self) -> bool {
        matches!(self, Self::Here | Self::Away)
    }
}

/// Somebody stands otherwise than before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved {
    pub(super) who: UserId,
    pub(super) before: Standing,
    pub(super) now: Standing,
}

/// Everybody who is or was in the room. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct People {
    host: UserId,
    /// The host who went away, if it was for that that somebody else became the host.
    away_host: Option<UserId>,
    /// In the order of joining; nobody is ever taken out, so that a return finds everything.
    members: Vec<Arc<Member>>,
    /// Where each of them is in that order.
    places: Arc<BTreeMap<UserId, usize>>,
    /// How many of them are here.
    here: usize,
    /// Shared, as it seldom changes.
    access: Arc<Access>,
}

impl People {
    /// Nobody yet; the host joins with the next event.
    pub(super) fn led_by(host: UserId) -> Self {
        Self {
            host,
            away_host: None,
            members: Vec::new(),
            places: Arc::default(),
            here: 0,
            access: Arc::default(),
        }
    }

    pub(super) fn add(&mut self, member: Member) {
        Arc::make_mut(&mut self.places).insert(member.id, self.members.len());
        self.here += usize::from(member.standing == Standing::Here);
        self.members.push(Arc::new(member));
    }

    /// Folds an event in. Says who stands otherwise since.
    pub(super) fn apply(&mut self, event: &PeopleEvent, seq: Seq) -> Option<Moved> {
        match event {
            PeopleEvent::Joined { member, profile } => self.join(*member, profile, seq),
            PeopleEvent::Left { member } | PeopleEvent::LetIn { member } => {
                self.stand(*member, Standing::Left, seq)
            }
            PeopleEvent::Removed { member } => self.stand(*member, Standing::Removed, seq),
            PeopleEvent::Away { member } => self.stand(*member, Standing::Away, seq),
            PeopleEvent::Back { member } => self.stand(*member, Standing::Here, seq),
            PeopleEvent::HostChanged { member } => {
                self.follow_host(*member);
                None
            }
            PeopleEvent::Erased { member, .. } => self.erase(*member, seq),
            PeopleEvent::RoleChanged { member, role } => {
                if let Some(member) = self.member_mut(*member, seq) {
                    member.moderator = *role == Role::Moderator;
                }
                None
            }
            PeopleEvent::HandedOver { member } => {
                if self.away_host == Some(*member) {
                    self.away_host = None;
                }
                self.host = *member;
                None
            }
            PeopleEvent::AccessChanged(access) => {
                self.access = Arc::new((**access).clone());
                None
            }
        }
    }

    fn join(&mut self, id: UserId, profile: &Profile, seq: Seq) -> Option<Moved> {
        if let Some(member) = self.member_mut(id, seq) {
            member.profile = profile.clone();
            return self.stand(id, Standing::Here, seq);
        }
        self.add(Member {
            id,
            profile: profile.clone(),
            standing: Standing::Here,
            changed: seq,
            moderator: false,
        });
        Some(Moved { who: id, before: Standing::Left, now: Standing::Here })
    }

    fn stand(&mut self, id: UserId, standing: Standing, seq: Seq) -> Option<Moved> {
        let member = self.member_mut(id, seq)?;
        let before = std::mem::replace(&mut member.standing, standing);
        // Who comes again is a member like the others.
        member.moderator &= standing.belongs();
        self.here -= usize::from(before == Standing::Here);
        self.here += usize::from(standing == Standing::Here);
        if self.away_host == Some(id) && !standing.belongs() {
            self.away_host = None;
        }
        Some(Moved { who: id, before, now: standing })
    }

    /// Somebody else leads. If that is because the host went away, it is for as long as they are.
    fn follow_host(&mut self, member: UserId) {
        let was_away = self.is_away(self.host);
        self.away_host = match self.away_host {
            Some(away) if away == member => None,
            Some(away) => Some(away),
            None => was_away.then_some(self.host),
        };
        self.host = member;
    }

    fn erase(&mut self, id: UserId, seq: Seq) -> Option<Moved> {
        // Whom the host removed may not come back by being erased.
        let removed = self.standing(id) == Standing::Removed;
        let moved = self.stand(id, if removed { Standing::Removed } else { Standing::Left }, seq)?;
        if let Some(member) = self.member_mut(id, seq) {
            member.profile = Profile::NONE;
        }
        Some(moved)
    }

    fn member_mut(&mut self, id: UserId, seq: Seq) -> Option<&mut Member> {
        let member = Arc::make_mut(self.members.get_mut(*self.places.get(&id)?)?);
        member.changed = seq;
        Some(member)
    }

    pub(super) fn host(&self) -> UserId {
        self.host
    }

    /// Everybody who is or was a member, in the order of joining.
    pub(super) fn all(&self) -> &[Arc<Member>] {
        &self.members
    }

    /// Those who are members now.
    pub(super) fn present(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().map(|member| &**member).filter(|member| member.belongs())
    }

    /// How many members are here.
    pub(super) fn here(&self) -> usize {
        self.here
    }

    /// Somebody who is or was a member.
    pub(super) fn member(&self, id: UserId) -> Option<&Member> {
        self.members.get(*self.places.get(&id)?).map(|member| &**member)
    }

    /// Somebody who is a member now.
    pub(super) fn present_member(&self, id: UserId) -> Option<&Member> {
        self.member(id).filter(|member| member.belongs())
    }

    /// What a member may do.
    pub(super) fn role(&self, member: &Member) -> Role {
        match member.moderator {
            _ if member.id == self.host => Role::Host,
            true => Role::Moderator,
            false => Role::Participant,
        }
    }

    /// Who gets in, and who controls what is shown.
    pub(super) fn access(&self) -> &Access {
        &self.access
    }

    pub(super) fn is_away(&self, id: UserId) -> bool {
        self.standing(id) == Standing::Away
    }

    /// Where somebody stands; who never was here has left.
    pub(super) fn standing(&self, id: UserId) -> Standing {
        self.member(id).map_or(Standing::Left, |member| member.standing)
    }
}
