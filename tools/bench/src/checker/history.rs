//! All that is known of one room's evening, from both sides: what its phones asked and were told, and what the
//! stores hold at its end. The checker gets nothing else.

use sovpalo_domain::{
    ids::{Epoch, RoomCode, Round, TitleId, UserId},
    room::Entry,
};

use super::{
    action::Action,
    law::Law,
    talk::history::{PhoneTalk, TalkRows},
    watched::PhoneWatching,
    wire::{Frame, Phase, Verdict},
};

pub(crate) use super::moment::{Moment, Place};

/// One room.
#[derive(Debug, Clone)]
pub(crate) struct History {
    /// Its code.
    pub(crate) room: RoomCode,
    /// The one final order.
    pub(crate) log: Vec<Entry>,
    /// Which history it is.
    pub(crate) epoch: Epoch,
    /// Everybody's phones.
    pub(crate) phones: Vec<PhoneHistory>,
    /// What SQL holds.
    pub(crate) rows: Rows,
}

/// One phone.
#[derive(Debug, Clone)]
pub(crate) struct PhoneHistory {
    pub(crate) user: UserId,
    /// What it asked, in the order of its outbox.
    pub(crate) asked: Vec<Asked>,
    /// What it was told, connection after connection.
    pub(crate) connections: Vec<Connection>,
    /// What it could not be told without a law being broken: that a room of its own is not there, say.
    pub(crate) grievances: Vec<(Law, String)>,
    /// What it said and read.
    pub(crate) talk: PhoneTalk,
    /// What it did and saw of what is watched, beside its commands.
    pub(crate) watching: PhoneWatching,
}

/// One command of one phone: however often it was sent, it is one.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// What shall be so.
    pub(crate) action: Action,
    /// Which screen it means, if it says so.
    pub(crate) rev: Option<u64>,
    /// How often it was sent.
    pub(crate) sends: u32,
    /// When it was first.
    pub(crate) sent_at: Moment,
    /// What came of it.
    pub(crate) answer: Answer,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing yet.
    Waiting,
    /// It is done, by this event.
    Done(Place, Moment),
    /// It is done; by an event of an earlier sending, or it already was so.
    SoAlready(Moment),
    /// It is done, says HTTP, which does not say by which event.
    Accepted(Moment),
    /// It is not done, for this reason.
    Refused(String),
    /// The phone gave it up: it was meant for a round that is over.
    Outdated,
}

/// From a welcome to an end.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    /// Which server.
    pub(crate) node: usize,
    /// What the phone said that it has.
    pub(crate) known: Option<Place>,
    /// Everything that came.
    pub(crate) heard: Vec<Heard>,
}

/// A frame that came.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// What it said.
    pub(crate) frame: Frame,
    pub(crate) at: Moment,
    /// How many opinions were anywhere in it.
    pub(crate) opinions: usize,
}

/// What SQL holds of a room.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    /// Its own row.
    pub(crate) room: Option<RoomRow>,
    /// Its members.
    pub(crate) members: Vec<MemberRow>,
    /// Its matches, by number.
    pub(crate) matches: Vec<MatchRow>,
    /// Its messages.
    pub(crate) talk: TalkRows,
    /// How many people who erased themselves have still to be taken out of the log.
    pub(crate) erasures: i64,
}

/// A row of `rooms`.
#[derive(Debug, Clone)]
pub(crate) struct RoomRow {
    pub(crate) phase: Phase,
    pub(crate) round: Round,
    pub(crate) host: UserId,
    pub(crate) member_count: i64,
    pub(crate) match_count: i64,
    /// How far the log has been carried over.
    pub(crate) projected: Place,
}

/// A row of `room_members`.
#[derive(Debug, Clone)]
pub(crate) struct MemberRow {
    pub(crate) member: UserId,
    pub(crate) standing: String,
    pub(crate) picks: Vec<TitleId>,
}

/// A row of `room_matches`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatchRow {
    pub(crate) number: u32,
    pub(crate) round: Round,
    pub(crate) title: TitleId,
}

impl Heard {
    /// The opinion that the frame may hold: the reader's own.
    pub(crate) fn own_opinion(&self) -> Option<(&TitleId, Verdict)> {
        use super::wire::WireEvent::Swiped;
        match &self.frame {
            Frame::Event { event: Swiped { title, verdict }, .. }
            | Frame::Ack { event: Some(Swiped { title, verdict }), .. } => Some((title, *verdict)),
            _ => None,
        }
    }
}
