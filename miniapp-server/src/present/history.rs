//! A room's history, and what its people say of its titles.

use sovpalo_domain::{
    face::Face,
    ids::{TitleId, UserId},
};
use sovpalo_storage::{PastMatch, RoomMark, UnmatchedRound};

use super::Presenter;
use crate::wire;

impl Presenter<'_> {
    /// A match of a room's history.
    pub(crate) fn past_match(self, past: &PastMatch) -> wire::PastMatch {
        wire::PastMatch {
            number: past.number,
            round: past.round.get(),
            title: self.title_as_typed(&past.title, past.text.as_deref()),
            at: wire::moment(past.at),
            mark: title_mark(&past.mark),
        }
    }

    /// A title that is never dealt, as it was typed in the room, if it was.
    pub(crate) fn never_dealt(self, (title, text): &(TitleId, Option<String>)) -> wire::Title {
        self.title_as_typed(title, text.as_deref())
    }
}

/// A round in which nothing matched.
pub(crate) fn unmatched_round(unmatched: &UnmatchedRound) -> wire::UnmatchedRound {
    wire::UnmatchedRound {
        round: unmatched.round.get(),
        at: wire::moment(unmatched.at),
        cards: unmatched.cards,
        members: unmatched.members.iter().map(|member| member.get()).collect(),
    }
}

/// What the people of a room say of a title.
pub(crate) fn title_mark(mark: &RoomMark) -> wire::RoomMark {
    let face = |(member, face): &(UserId, Face)| wire::MembersFace {
        member: member.get(),
        face: match face {
            Face::Love => wire::Face::Love,
            Face::Good => wire::Face::Good,
            Face::Fine => wire::Face::Fine,
            Face::Bad => wire::Face::Bad,
            Face::Asleep => wire::Face::Asleep,
        },
    };
    wire::RoomMark {
        watched_at: mark.watched_at.map(wire::moment),
        never: mark.never,
        faces: mark.faces.iter().map(face).collect(),
    }
}
