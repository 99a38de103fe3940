//! What happens to people in a room.

use serde::{Deserialize, Serialize};

use super::{Access, Role};
use crate::{ids::UserId, title::TitleText};

/// How a member is shown to the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name Telegram gave.
    pub name: String,
    /// The picture's address, if they let it be seen.
    pub photo_url: Option<String>,
}

impl Profile {
    pub(in crate::room) fn weight(&self) -> usize {
        self.name.len() + self.photo_url.as_ref().map_or(0, String::len)
    }
}

/// Something that happened to a member. Variants are only ever added at the end: their order is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeopleEvent {
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
    /// Whom the host had removed may join again.
    LetIn { member: UserId },
    /// A member has been offline for long and does not block the others.
    Away { member: UserId },
    /// They are here again, and count.
    Back { member: UserId },
    /// Somebody else is the host.
    HostChanged {
        /// The new one.
        member: UserId,
    },
    /// Somebody was forgotten, with all they had left here, and is no member. Who joins under the same id later is a new person.
    Erased {
        member: UserId,
        /// The texts of titles that stay and that nobody else had said.
        texts: Vec<TitleText>,
    },
    /// Somebody is a moderator or a participant now.
    RoleChanged { member: UserId, role: Role },
    /// The host made somebody else the host, for good.
    HandedOver {
        /// The new one.
        member: UserId,
    },
    /// Who gets in, and who controls what is shown, is this now.
    AccessChanged(Box<Access>),
}

impl PeopleEvent {
    /// Whether SQL keeps a trace of it: of who is away it does not.
    pub fn is_durable(&self) -> bool {
        !matches!(self, Self::Away { .. } | Self::Back { .. })
    }

    /// Whether it changes who counts in a vote.
    pub(in crate::room) fn changes_who_counts(&self) -> bool {
        !matches!(
            self,
            Self::LetIn { .. }
                | Self::HostChanged { .. }
                | Self::RoleChanged { .. }
                | Self::HandedOver { .. }
                | Self::AccessChanged(_)
        )
    }

    /// Whether it says that this member comes or goes.
    pub(in crate::room) fn is_coming_or_going_of(&self, who: UserId) -> bool {
        match self {
            Self::Joined { member, .. }
            | Self::Left { member }
            | Self::Away { member }
            | Self::Back { member }
            | Self::Erased { member, .. } => *member == who,
            Self::Removed { .. }
            | Self::LetIn { .. }
            | Self::HostChanged { .. }
            | Self::RoleChanged { .. }
            | Self::HandedOver { .. }
            | Self::AccessChanged(_) => false,
        }
    }

    /// About how many bytes it holds beside its kind and its time.
    pub(in crate::room) fn weight(&self) -> usize {
        match self {
            Self::Joined { profile, .. } => profile.weight(),
            Self::Erased { texts, .. } => texts.iter().map(TitleText::weight).sum(),
            Self::AccessChanged(access) => access.weight(),
            Self::Left { .. }
            | Self::Removed { .. }
            | Self::LetIn { .. }
            | Self::Away { .. }
            | Self::Back { .. }
            | Self::HostChanged { .. }
            | Self::RoleChanged { .. }
            | Self::HandedOver { .. } => 0,
        }
    }
}
