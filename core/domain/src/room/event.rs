//! What happened in a room: the log's vocabulary.
//!
//! Each part of a room has events of its own ([`PeopleEvent`], [`SwipingEvent`], [`WatchingEvent`]). The log outlives the program that wrote it: how an entry
//! becomes bytes is said in `live`, where a test pins the bytes of each variant.

use serde::{Deserialize, Serialize};

use super::{PeopleEvent, Profile, SwipingEvent, WatchingEvent, settings::Settings};
use crate::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    title::TitleText,
};

/// One element of a room's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it was appended.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Something that happened: one variant for each part of a room, beside its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A room began. Always the first event, or [`Event::Restored`] is.
    Created(Box<Created>),
    /// A room came back from what SQL knows of it. First in its log.
    Restored(Box<Restored>),
    /// To its people.
    People(PeopleEvent),
    /// To the deck and the rounds.
    Swiping(SwipingEvent),
    /// To what is watched.
    Watching(WatchingEvent),
}

impl From<PeopleEvent> for Event {
    fn from(event: PeopleEvent) -> Self {
        Self::People(event)
    }
}

impl From<SwipingEvent> for Event {
    fn from(event: SwipingEvent) -> Self {
        Self::Swiping(event)
    }
}

impl From<WatchingEvent> for Event {
    fn from(event: WatchingEvent) -> Self {
        Self::Watching(event)
    }
}

impl Event {
    /// The history that begins with this event; `None`: it is no beginning.
    pub fn begins(&self) -> Option<Epoch> {
        match self {
            Self::Created(created) => Some(created.epoch),
            Self::Restored(restored) => Some(restored.epoch),
            Self::People(_) | Self::Swiping(_) | Self::Watching(_) => None,
        }
    }

    /// Whether SQL keeps a trace of it.
    pub fn is_durable(&self) -> bool {
        match self {
            Self::Created(_) | Self::Restored(_) => true,
            Self::People(event) => event.is_durable(),
            Self::Swiping(event) => event.is_durable(),
            Self::Watching(event) => event.is_durable(),
        }
    }

    /// About how many bytes it holds.
    pub(super) fn weight(&self) -> u64 {
        let bytes = match self {
            Self::Created(created) => created.settings.weight(),
            Self::Restored(restored) => restored.weight(),
            Self::People(event) => event.weight(),
            Self::Swiping(event) => event.weight(),
            Self::Watching(event) => event.weight(),
        };
        (WEIGHT + bytes) as u64
    }

    /// The same beginning of another history. What is no beginning stays as it is.
    #[must_use]
    pub fn under(mut self, epoch: Epoch) -> Self {
        match &mut self {
            Self::Created(created) => created.epoch = epoch,
            Self::Restored(restored) => restored.epoch = epoch,
            _ => {}
        }
        self
    }
}

/// What an event weighs whatever it holds: its time, its kind, whose it is.
const WEIGHT: usize = 16;

/// How a room began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Its code.
    pub code: RoomCode,
    /// The history that begins here.
    pub epoch: Epoch,
    /// Who made it (and joins with the next event).
    pub host: UserId,
    /// From what the decks are drawn.
    pub seed: u64,
    /// The settings.
    pub settings: Settings,
}

/// A room as SQL remembers it. Swipes are not there, so that an unfinished round begins anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Its code.
    pub code: RoomCode,
    /// The history that begins here.
    pub epoch: Epoch,
    /// When it was created.
    pub created_at: Timestamp,
    /// Its host.
    pub host: UserId,
    /// From what the decks are drawn.
    pub seed: u64,
    /// The settings.
    pub settings: Settings,
    /// The round it was in.
    pub round: Round,
    /// Everybody who ever was a member, in the order of joining.
    pub members: Vec<RestoredMember>,
    /// The texts of all titles that were typed.
    pub texts: Vec<TitleText>,
    /// Every match of every round.
    pub matches: Vec<Match>,
    /// The results of the round, if it was finished.
    pub results: Option<Vec<Ranked>>,
    /// Which history SQL knew the room from, and how much of it.
    pub known: (Epoch, Seq),
}

impl Restored {
    fn weight(&self) -> usize {
        let picks = |member: &RestoredMember| {
            member.picks.iter().map(|title| title.as_str().len() + 1).sum::<usize>()
        };
        let members = self.members.iter().map(|member| WEIGHT + member.profile.weight() + picks(member));
        let results = self.results.iter().flatten().map(|ranked| ranked.title.as_str().len() + 2);
        self.settings.weight()
            + members.sum::<usize>()
            + self.texts.iter().map(TitleText::weight).sum::<usize>()
            + self.matches.len() * WEIGHT
            + results.sum::<usize>()
    }
}

/// A member as SQL remembers them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredMember {
    pub id: UserId,
    /// How they are shown.
    pub profile: Profile,
    /// Where they stand.
    pub standing: Standing,
    /// What they picked.
    pub picks: Vec<TitleId>,
}

/// Whether a member counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Counts.
    Here,
    /// Offline for long: blocks nobody, counts again on return.
    Away,
    /// Left, and may join again.
    Left,
    /// Taken out by the host, and may not.
    Removed,
}

/// A title that everybody who had to liked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// From 1, over all rounds of the room.
    pub number: u32,
    /// The round it happened in.
    pub round: Round,
    /// The title.
    pub title: TitleId,
    pub at: Timestamp,
}

/// A title and how many members liked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// The title.
    pub title: TitleId,
    /// Likes of the members who had not left at the end.
    pub likes: u32,
}
