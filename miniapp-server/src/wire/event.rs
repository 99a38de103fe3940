//! What happened in a room, as its reader may see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Access, DeckChoice, Goal, Match, Member, Ranked, Role, Rule, Screen, Title, Verdict};

/// Something that happened, in its place.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Happened {
    /// One more than the last one's.
    pub seq: u64,
    pub at: String,
    pub event: Event,
}

/// Something that happened, as the reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The room began, or came back. Only ever first in a history, so that a client has it from the room that it opened.
    Began,
    /// Somebody is here.
    Joined {
        member: i64,
        /// How they are shown.
        profile: Member,
    },
    /// Somebody is not, any more.
    Left {
        member: i64,
        /// Taken out by the host.
        removed: bool,
    },
    /// Somebody's picks changed.
    Picked {
        member: i64,
        /// How many they are.
        picks: usize,
        /// Which, if they are the reader's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        my_picks: Option<Vec<Title>>,
    },
    /// Somebody is ready, or not.
    Ready { member: i64, ready: bool },
    /// The settings are these.
    Configured {
        /// What the room is called.
        name: String,
        /// When a title matches.
        rule: Rule,
        /// When a round is over.
        goal: Goal,
        /// How many titles each member may pick.
        picks_per_member: u16,
        /// The deck, if the host took one.
        #[schema(required)]
        deck: Option<DeckChoice>,
        /// Whether what somebody here has watched or hidden is left out of the deck. Nobody learns whose it is.
        leave_out_seen: bool,
        /// Whether members may veto.
        veto: bool,
        /// Who gets in, and who controls what is shown.
        access: Access,
    },
    /// Swiping began.
    Started {
        /// The round.
        round: u32,
        /// How many cards it has.
        deck_size: usize,
        /// The reader's first ones.
        queue: Vec<Title>,
        /// When it ends by itself; `null`: no time ends it.
        #[schema(required)]
        ends_at: Option<String>,
    },
    /// The timed round ends later.
    Extended {
        /// When.
        ends_at: String,
    },
    /// Somebody else swiped something.
    Progress {
        member: i64,
        /// How many cards they have behind them: swiped, or vetoed by somebody.
        swiped: usize,
    },
    /// The reader swiped: in the answer to that, and on their other devices.
    Swiped {
        /// The card's id.
        title: String,
        /// What they think of it.
        verdict: Verdict,
        /// How many cards they have behind them: swiped, or vetoed by somebody.
        swiped: usize,
        /// How many super-likes they have left in this round.
        my_super_likes_left: usize,
        /// How many vetoes they have left in this round.
        my_vetoes_left: usize,
    },
    /// Somebody took back their last swipe.
    Undone {
        member: i64,
        /// How many cards they have behind them now.
        swiped: usize,
        /// The card's id, if it was the reader's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        title: Option<String>,
        /// How many super-likes they have left in this round, if they are the reader.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        my_super_likes_left: Option<usize>,
        /// How many vetoes they have left in this round, if they are the reader.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        my_vetoes_left: Option<usize>,
    },
    /// Совпало!
    MatchFound(Match),
    /// Somebody has been gone for long and blocks nobody.
    Away { member: i64 },
    /// They are here again, and count.
    Back { member: i64 },
    /// Somebody may do more than before, or less.
    RoleChanged { member: i64, role: Role },
    /// Somebody else is the host. Who was it is a participant, unless `role_changed` says otherwise next.
    HostChanged {
        /// The new one.
        member: i64,
    },
    /// The round is over.
    Finished {
        /// The deck by likes, most liked first.
        results: Vec<Ranked>,
        /// How many titles a final round would have; 0: there is none to play.
        finalists: usize,
    },
    /// A new round is in its lobby.
    Restarted {
        /// Its number.
        round: u32,
    },
    /// A member was reminded of the cards that they have not swiped.
    Nudged {
        /// Who reminded them.
        by: i64,
        /// Whom.
        member: i64,
    },
    /// What is watched, how it goes, or what comes next, is this.
    ScreenChanged {
        /// `null`: nothing is shown.
        #[schema(required)]
        screen: Option<Box<Screen>>,
    },
}
