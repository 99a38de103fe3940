//! A room as one of its members sees it, and what others may know of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Access, DeckChoice, Messages, MessagesInBrief, OnScreen, Screen, Title};

/// When a title matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// Everybody likes it.
    Unanimous,
    /// More than half do.
    Majority,
    /// So many do.
    AtLeast {
        /// How many; 1 to 100.
        likes: u16,
    },
}

/// When a round is over before the deck is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Goal {
    /// Everybody swipes everything.
    WholeDeck,
    /// The first match ends it.
    FirstMatch,
    /// So many matches end it.
    Matches {
        /// How many; 1 to 100.
        count: u16,
    },
    /// So many minutes end it, however many matches there are by then.
    Timed {
        /// How many; 3 to 20.
        minutes: u16,
    },
}

/// Where a round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// People gather and pick.
    Lobby,
    /// Everybody swipes.
    Swiping,
    /// The round is over.
    Finished,
}

/// What somebody may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Whose room it is: decides how it is played and when, and who stays.
    Host,
    /// Whom the host trusts with what is shown.
    Moderator,
    /// Picks and swipes.
    Participant,
}

/// Somebody in a room, as everybody sees them.
#[expect(clippy::struct_excessive_bools, reason = "the contract says each of them by itself")]
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Member {
    pub id: i64,
    /// How they are called.
    pub name: String,
    /// Their picture.
    #[schema(required)]
    pub photo_url: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they said that they are ready, in the lobby.
    pub ready: bool,
    /// How many titles they picked.
    pub picks: usize,
    /// How many cards they swiped. What they thought of them is nobody's business.
    pub swiped: usize,
    /// Whether a phone of theirs is connected.
    pub online: bool,
    /// Gone for long: blocks nobody, counts again on return.
    pub away: bool,
    /// Who nudged them in this round; `null`: nobody has.
    #[schema(required)]
    pub nudged_by: Option<i64>,
    /// Whether a phone of theirs is in the room's voice chat.
    pub voice: bool,
}

/// Somebody whom the host removed, and who may be let in again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemovedMember {
    pub id: i64,
    /// How they were called.
    pub name: String,
}

/// Совпало!
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Match {
    /// From 1, over all rounds of the room.
    pub number: u32,
    /// The round it happened in.
    pub round: u32,
    /// The title.
    pub title: Title,
    pub at: String,
    /// Members who had super-liked it when it matched; none of a match of an earlier round.
    pub super_likes: Vec<i64>,
}

/// A title and how many liked it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Ranked {
    /// The title.
    pub title: Title,
    /// How many members liked it.
    pub likes: u32,
}

/// A room for one of its members.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Room {
    /// The invite code.
    pub code: String,
    /// What the host called it.
    pub name: String,
    /// Where the round is.
    pub phase: Phase,
    /// The round's number, from 1.
    pub round: u32,
    /// Which history `seq` counts in.
    pub epoch: u32,
    /// How many events this room has seen.
    pub seq: u64,
    /// The host's id.
    pub host: i64,
    /// When a title matches.
    pub rule: Rule,
    /// When a round is over.
    pub goal: Goal,
    /// How many titles each member may pick.
    pub picks_per_member: u16,
    /// The deck, if the host took one.
    #[schema(required)]
    pub deck: Option<DeckChoice>,
    /// Whether what somebody here has watched or hidden is left out of the deck. Nobody learns whose it is.
    pub leave_out_seen: bool,
    /// Whether members may veto.
    pub veto: bool,
    /// Who gets in, and who controls what is shown.
    pub access: Access,
    /// When the round that is being swiped ends by itself; `null`: no time ends it, or nothing is being swiped.
    #[schema(required)]
    pub ends_at: Option<String>,
    /// Everybody, in the order of joining.
    pub members: Vec<Member>,
    /// Who was removed and may not come back, the newest first, at most 100; absent for whoever may not let them in again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub removed: Option<Vec<RemovedMember>>,
    /// The reader's picks, in their order.
    pub my_picks: Vec<Title>,
    /// How many cards the round has; 0 in the lobby.
    pub deck_size: usize,
    /// The reader's next cards, at most 3.
    pub queue: Vec<Title>,
    /// How many cards the reader has behind them: swiped, or vetoed by somebody.
    pub my_swipes: usize,
    /// How many super-likes the reader has left in this round, or in the next one.
    pub my_super_likes_left: usize,
    /// How many vetoes the reader has left in this round, or in the next one; 0 where the room has none.
    pub my_vetoes_left: usize,
    /// This round's matches.
    pub matches: Vec<Match>,
    /// Once finished: the deck by likes, most liked first.
    #[schema(required)]
    pub results: Option<Vec<Ranked>>,
    /// How many titles a final round would have; 0: there is none to play.
    pub finalists: usize,
    /// What is watched; `null`: nothing is shown.
    #[schema(required)]
    pub screen: Option<Screen>,
    /// The link that brings others here; `null` until the bot knows its own name.
    #[schema(required)]
    pub invite_url: Option<String>,
    /// Where its messages stand; absent while the database is away, and in the answer to what was done in the room itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub messages: Option<Messages>,
}

/// What somebody who is not a member may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preview {
    /// The invite code.
    pub code: String,
    /// What the host called it.
    pub name: String,
    /// Where the round is.
    pub phase: Phase,
    /// What the host is called; `null` while no host is in the room.
    #[schema(required)]
    pub host_name: Option<String>,
    /// How many people are in it.
    pub members: usize,
    /// Who gets in, and who controls what is shown.
    pub access: Access,
    /// The link that brings others here; `null` until the bot knows its own name.
    #[schema(required)]
    pub invite_url: Option<String>,
}

/// Somebody in a room of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListedMember {
    pub id: i64,
    /// How they are called.
    pub name: String,
    /// Their picture.
    #[schema(required)]
    pub photo_url: Option<String>,
}

/// A room in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RoomSummary {
    /// The invite code.
    pub code: String,
    /// What the host called it.
    pub name: String,
    /// Where the round is.
    pub phase: Phase,
    /// The round's number, from 1.
    pub round: u32,
    /// The host's id.
    pub host: i64,
    /// Everybody, in the order of joining. Nobody, where the reader is no member and would need a password.
    pub members: Vec<ListedMember>,
    /// How many people are in it.
    pub people: u32,
    /// How many matches it has had.
    pub matches: u32,
    /// The newest of them; `null`: nothing has matched.
    #[schema(required)]
    pub last_match: Option<Title>,
    /// When something last happened in it.
    pub updated_at: String,
    /// What is watched in it; `null`: nothing is shown.
    #[schema(required)]
    pub screen: Option<OnScreen>,
    /// Who gets in; absent in the list of one's own rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub access: Option<Access>,
    /// Where its messages stand; absent while the database is away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub messages: Option<MessagesInBrief>,
}
