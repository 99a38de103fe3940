//! What happened in a room: the log's vocabulary.
//!
//! The log outlives the program that wrote it. It is encoded by the order of variants and fields (see `storage`, where a test pins the
//! bytes of each): a variant is only ever added at the end, and none is taken away or changed.

use serde::{Deserialize, Serialize};

use super::settings::Settings;
use crate::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    title::TitleText,
};

/// One element of a room's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was appended.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// An opinion of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// "I would watch that."
    Like,
    /// "Not tonight."
    Skip,
}

/// How a member is shown to the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name Telegram gave.
    pub name: String,
    /// The picture's address, if they let it be seen.
    pub photo_url: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A room began. Always the first event, or [`Event::Restored`] is.
    Created(Box<Created>),
    /// A room came back from what SQL knows of it. First in its log.
    Restored(Box<Restored>),
    /// Somebody is a member (again).
    Joined {
        member: UserId,
        /// How they are shown.
        profile: Profile,
    },
    /// Somebody left.
    Left { member: UserId },
    /// The host took somebody out.
    Removed { member: UserId },
    /// A title is among a member's picks.
    Picked {
        member: UserId,
        title: TitleId,
        /// Its text, if it was typed.
        text: Option<TitleText>,
    },
    /// A title is there no longer.
    Unpicked { member: UserId, title: TitleId },
    /// A member's picks are exactly these.
    Selected {
        member: UserId,
        /// All of them, in order.
        titles: Vec<TitleId>,
        /// The texts of those that were typed.
        texts: Vec<TitleText>,
    },
    /// A member is ready, or not any more.
    Ready { member: UserId, ready: bool },
    /// The settings are these.
    Configured(Box<Settings>),
    /// The deck was drawn and swiping began.
    Started {
        /// The deck, in order.
        deck: Vec<TitleId>,
    },
    /// A member swiped a card.
    Swiped {
        member: UserId,
        /// Which card.
        title: TitleId,
        /// What they think of it.
        verdict: Verdict,
    },
    /// A member took back their last swipe.
    Undone {
        member: UserId,
        /// Which card.
        title: TitleId,
    },
    /// Совпало!
    Matched {
        /// The title.
        title: TitleId,
    },
    /// A member has been offline for long and does not block the others.
    Away { member: UserId },
    /// They are here again, and count.
    Back { member: UserId },
    /// Somebody else is the host.
    HostChanged {
        /// The new one.
        member: UserId,
    },
    /// The round is over.
    Finished,
    /// The round of this number is in its lobby.
    Restarted {
        /// Its number.
        round: Round,
    },
    /// Somebody was forgotten, with all they had left here, and is no member. Who joins under the same id later is a new person.
    Erased {
        member: UserId,
        /// The texts of titles that stay and that nobody else had said.
        texts: Vec<TitleText>,
    },
    /// Whom the host had removed may join again.
    LetIn { member: UserId },
}

impl Event {
    /// The history that begins with this event; `None`: it is no beginning.
    pub fn begins(&self) -> Option<Epoch> {
        match self {
            Self::Created(created) => Some(created.epoch),
            Self::Restored(restored) => Some(restored.epoch),
            _ => None,
        }
    }

    /// Whether SQL keeps a trace of it: of single swipes, of who is ready and of who is away it does not.
    pub fn is_durable(&self) -> bool {
        !matches!(
            self,
            Self::Swiped { .. }
                | Self::Undone { .. }
                | Self::Ready { .. }
                | Self::Away { .. }
                | Self::Back { .. }
        )
    }

    /// About how many bytes it holds.
    pub(super) fn weight(&self) -> u64 {
        let titles = |titles: &[TitleId]| titles.iter().map(|title| title.as_str().len() + 1).sum::<usize>();
        let texts = |texts: &[TitleText]| texts.iter().map(|text| text.as_str().len() + 1).sum::<usize>();
        let bytes: usize = match self {
            Self::Created(created) => created.settings.weight(),
            Self::Restored(restored) => {
                let members = restored.members.iter();
                let members: usize =
                    members.map(|member| WEIGHT + member.profile.weight() + titles(&member.picks)).sum();
                let results = restored.results.iter().flatten().map(|ranked| ranked.title.as_str().len() + 2);
                restored.settings.weight()
                    + members
                    + texts(&restored.texts)
                    + restored.matches.len() * WEIGHT
                    + results.sum::<usize>()
            }
            Self::Joined { profile, .. } => profile.weight(),
            Self::Picked { title, text, .. } => titles(std::slice::from_ref(title)) + texts(text.as_slice()),
            Self::Selected { titles: picks, texts: typed, .. } => titles(picks) + texts(typed),
            Self::Configured(settings) => settings.weight(),
            Self::Started { deck } => titles(deck),
            Self::Erased { texts: kept, .. } => texts(kept),
            Self::Unpicked { title, .. }
            | Self::Swiped { title, .. }
            | Self::Undone { title, .. }
            | Self::Matched { title } => title.as_str().len(),
            Self::Left { .. }
            | Self::Removed { .. }
            | Self::Ready { .. }
            | Self::Away { .. }
            | Self::Back { .. }
            | Self::HostChanged { .. }
            | Self::Finished
            | Self::Restarted { .. }
            | Self::LetIn { .. } => 0,
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

impl Profile {
    fn weight(&self) -> usize {
        self.name.len() + self.photo_url.as_ref().map_or(0, String::len)
    }
}

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
