//! Judges what is asked about people.

use super::{Access, AccessChange, Control, Member, Pass, People, PeopleCommand, PeopleEvent, Role};
use crate::{
    ids::{Timestamp, UserId},
    room::{AWAY_AFTER, Profile, Refusal, Standing, bounds::EVER_MEMBERS, settings::MAX_MEMBERS},
};

impl People {
    /// Judges a command of `actor`. The first event is the command's own. None: it already is so.
    pub(in crate::room) fn decide(
        &self,
        actor: UserId,
        command: &PeopleCommand,
        now: Timestamp,
    ) -> Result<Vec<PeopleEvent>, Refusal> {
        match command {
            PeopleCommand::Join(profile) => return self.decide_join(actor, profile, &Pass::None),
            PeopleCommand::Enter { profile, pass } => return self.decide_join(actor, profile, pass),
            PeopleCommand::Erase => {
                return Ok(self.departure(actor, PeopleEvent::Erased { member: actor, texts: Vec::new() }));
            }
            PeopleCommand::Leave if self.member(actor).is_some_and(|me| me.standing == Standing::Left) => {
                return Ok(Vec::new());
            }
            _ => {}
        }
        let me = self.present_member(actor).ok_or(Refusal::NotAMember)?;
        match command {
            PeopleCommand::Join(_) | PeopleCommand::Enter { .. } | PeopleCommand::Erase => {
                unreachable!("decided above")
            }
            PeopleCommand::Leave => Ok(self.departure(actor, PeopleEvent::Left { member: actor })),
            PeopleCommand::Remove { member } => self.decide_remove(me, *member),
            PeopleCommand::LetIn { member } => self.decide_let_in(me, *member),
            PeopleCommand::Role { member, role } => self.decide_role(me, *member, *role),
            PeopleCommand::HandOver { member } => self.decide_hand_over(me, *member),
            PeopleCommand::Configure(change) => self.decide_configure(me, change),
            PeopleCommand::Away { last_seen } => Ok(self.decide_away(me, *last_seen, now)),
            PeopleCommand::Back => Ok(self.returning(actor)),
        }
    }

    fn decide_join(
        &self,
        actor: UserId,
        profile: &Profile,
        pass: &Pass,
    ) -> Result<Vec<PeopleEvent>, Refusal> {
        match self.member(actor).map(|member| member.standing) {
            Some(Standing::Here | Standing::Away) => return Ok(Vec::new()),
            Some(Standing::Removed) => return Err(Refusal::NotAMember),
            Some(Standing::Left) | None => {}
        }
        let people = self.present().count();
        self.lets_in(pass)?;
        // Who was acknowledged as a member before is one, also where others have come meanwhile; up to what any room holds.
        let most = if *pass == Pass::WasIn { MAX_MEMBERS } else { usize::from(self.access.capacity) };
        if people >= most {
            return Err(Refusal::RoomFull);
        }
        if self.member(actor).is_none() && self.members.len() >= EVER_MEMBERS {
            return Err(Refusal::WornOut);
        }
        let mut events = vec![PeopleEvent::Joined { member: actor, profile: profile.clone() }];
        if people == 0 && self.host != actor {
            // Everybody had left: a room always has somebody who can start it.
            events.push(PeopleEvent::HostChanged { member: actor });
        }
        Ok(events)
    }

    fn lets_in(&self, pass: &Pass) -> Result<(), Refusal> {
        match (&self.access.password, pass) {
            (None, _) | (_, Pass::WasIn) => Ok(()),
            (Some(wanted), Pass::Password(shown)) if wanted == shown => Ok(()),
            (Some(_), Pass::None | Pass::Password(_)) => Err(Refusal::WrongPassword),
        }
    }

    fn decide_role(&self, me: &Member, target: UserId, role: Role) -> Result<Vec<PeopleEvent>, Refusal> {
        self.is_host(me)?;
        let target =
            self.present_member(target).ok_or_else(|| Refusal::invalid("member", "is not in this room"))?;
        match (self.role(target), role) {
            (is, shall) if is == shall => Ok(Vec::new()),
            (_, Role::Host) => Err(Refusal::invalid("role", "of a host is handed over")),
            (Role::Host, _) => Err(Refusal::invalid("member", "is you: hand the room over instead")),
            (_, role) => Ok(vec![PeopleEvent::RoleChanged { member: target.id, role }]),
        }
    }

    /// Who has handed a room over is still trusted with it.
    fn decide_hand_over(&self, me: &Member, target: UserId) -> Result<Vec<PeopleEvent>, Refusal> {
        if target == self.host {
            return Ok(Vec::new());
        }
        self.is_host(me)?;
        match self.member(target).map(|member| member.standing) {
            Some(Standing::Here) => Ok(vec![
                PeopleEvent::HandedOver { member: target },
                PeopleEvent::RoleChanged { member: me.id, role: Role::Moderator },
            ]),
            // Nobody could begin anything, and nobody would notice that somebody has to stand in.
            Some(Standing::Away) => Err(Refusal::invalid("member", "is away")),
            Some(Standing::Left | Standing::Removed) | None => {
                Err(Refusal::invalid("member", "is not in this room"))
            }
        }
    }

    fn decide_configure(&self, me: &Member, change: &AccessChange) -> Result<Vec<PeopleEvent>, Refusal> {
        self.is_host(me)?;
        let access: Access = self.access.with(change);
        access.check().map_err(|invalid| Refusal::Invalid(vec![invalid]))?;
        if access == *self.access {
            Ok(Vec::new())
        } else {
            Ok(vec![PeopleEvent::AccessChanged(Box::new(access))])
        }
    }

    fn decide_remove(&self, me: &Member, target: UserId) -> Result<Vec<PeopleEvent>, Refusal> {
        self.is_host(me)?;
        match self.member(target).map(|member| member.standing) {
            _ if target == me.id => Err(Refusal::invalid("member", "is you: leave instead")),
            // They made the room what it is, and only had no signal for a while.
            _ if self.away_host == Some(target) && self.is_away(target) => {
                Err(Refusal::invalid("member", "is the host for whom you stand in while they are away"))
            }
            None => Err(Refusal::invalid("member", "was never in this room")),
            Some(Standing::Removed) => Ok(vec![]),
            Some(_) => Ok(vec![PeopleEvent::Removed { member: target }]),
        }
    }

    fn decide_let_in(&self, me: &Member, target: UserId) -> Result<Vec<PeopleEvent>, Refusal> {
        self.is_host(me)?;
        match self.member(target).map(|member| member.standing) {
            None => Err(Refusal::invalid("member", "was never in this room")),
            Some(Standing::Removed) => Ok(vec![PeopleEvent::LetIn { member: target }]),
            Some(_) => Ok(vec![]),
        }
    }

    fn decide_away(&self, me: &Member, last_seen: Timestamp, now: Timestamp) -> Vec<PeopleEvent> {
        if me.standing == Standing::Away || now.since(last_seen) < AWAY_AFTER {
            return Vec::new();
        }
        self.departure(me.id, PeopleEvent::Away { member: me.id })
    }

    /// A member goes: perhaps the room needs a host.
    fn departure(&self, member: UserId, event: PeopleEvent) -> Vec<PeopleEvent> {
        let mut events = vec![event];
        if member == self.host {
            let others =
                |standing| self.present().find(|other| other.id != member && other.standing == standing);
            // Somebody who is here can start and finish. Nobody is: who is only away stays the host.
            let heir = match (others(Standing::Here), &events[0]) {
                (None, PeopleEvent::Away { .. }) => None,
                (here, _) => here.or_else(|| others(Standing::Away)),
            };
            if let Some(heir) = heir {
                events.push(PeopleEvent::HostChanged { member: heir.id });
                // Who leaves has no role to keep.
                if matches!(events[0], PeopleEvent::Away { .. }) {
                    events.extend(self.role_of_former_host());
                }
            }
        }
        events
    }

    /// The events that end a member's absence: they are back, and the host again if they were the host when they went away. Empty if they
    /// are not away.
    pub(in crate::room) fn returning(&self, member: UserId) -> Vec<PeopleEvent> {
        if !self.is_away(member) {
            return Vec::new();
        }
        let mut events = vec![PeopleEvent::Back { member }];
        if self.away_host == Some(member) {
            events.push(PeopleEvent::HostChanged { member });
            events.extend(self.role_of_former_host());
        }
        events
    }

    /// What the host is again when somebody else becomes the host, where that has to be said: whoever reads along takes a former host for a
    /// participant.
    fn role_of_former_host(&self) -> Option<PeopleEvent> {
        let host = self.member(self.host)?;
        host.moderator.then_some(PeopleEvent::RoleChanged { member: host.id, role: Role::Moderator })
    }

    /// Whether a member may control what is shown.
    pub(in crate::room) fn may_control(&self, me: &Member) -> Result<(), Refusal> {
        match (self.role(me), self.access.control) {
            (Role::Host, _) | (_, Control::Everyone) | (Role::Moderator, Control::Moderators) => Ok(()),
            (Role::Moderator | Role::Participant, Control::Host)
            | (Role::Participant, Control::Moderators) => Err(Refusal::NotAllowed),
        }
    }

    /// Whether somebody may do what only the host may.
    pub(in crate::room) fn is_host(&self, me: &Member) -> Result<(), Refusal> {
        if me.id == self.host { Ok(()) } else { Err(Refusal::NotHost) }
    }
}
