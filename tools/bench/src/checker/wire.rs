//! What a server tells a phone, as the contract writes it: the checker's own reading of the wire, so that it
//! believes nothing the server's code believes.
//!
//! Titles are their ids here, and people theirs; names and pictures are nobody's proof.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sovpalo_domain::{
    ids::{Epoch, Round, Seq, TitleId, UserId},
    room,
};

use super::{
    rights::{Control, Role},
    screen::SeenScreen,
};

/// An opinion of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Like,
    Skip,
    SuperLike,
    Veto,
}

impl Verdict {
    /// Whether a rule counts it as a like.
    pub(crate) fn is_like(self) -> bool {
        matches!(self, Self::Like | Self::SuperLike)
    }
}

impl From<room::Verdict> for Verdict {
    fn from(verdict: room::Verdict) -> Self {
        match verdict {
            room::Verdict::Like => Self::Like,
            room::Verdict::Skip => Self::Skip,
            room::Verdict::SuperLike => Self::SuperLike,
            room::Verdict::Veto => Self::Veto,
        }
    }
}

/// When a title matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Rule {
    Unanimous,
    Majority,
    AtLeast { likes: usize },
}

impl From<room::Rule> for Rule {
    fn from(rule: room::Rule) -> Self {
        match rule {
            room::Rule::Unanimous => Self::Unanimous,
            room::Rule::Majority => Self::Majority,
            room::Rule::AtLeast(likes) => Self::AtLeast { likes: likes.into() },
        }
    }
}

/// When a round is over before its deck is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Goal {
    WholeDeck,
    FirstMatch,
    Matches { count: usize },
    Timed { minutes: u16 },
}

impl From<room::Goal> for Goal {
    fn from(goal: room::Goal) -> Self {
        match goal {
            room::Goal::WholeDeck => Self::WholeDeck,
            room::Goal::FirstMatch => Self::FirstMatch,
            room::Goal::Matches(count) => Self::Matches { count: count.into() },
            room::Goal::Timed(minutes) => Self::Timed { minutes },
        }
    }
}

/// Where a round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    Lobby,
    Swiping,
    Finished,
}

impl From<room::PhaseName> for Phase {
    fn from(phase: room::PhaseName) -> Self {
        match phase {
            room::PhaseName::Lobby => Self::Lobby,
            room::PhaseName::Swiping => Self::Swiping,
            room::PhaseName::Finished => Self::Finished,
        }
    }
}

/// One text frame.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Frame {
    Welcome {
        epoch: Epoch,
        seq: Seq,
        room: Option<Box<WireRoom>>,
    },
    Event {
        seq: Seq,
        event: WireEvent,
    },
    Ack {
        id: u64,
        seq: Seq,
        /// Where it may have changed.
        #[serde(default, deserialize_with = "maybe_ids")]
        queue: Option<Vec<TitleId>>,
        event: Option<WireEvent>,
    },
    Refused {
        id: Option<u64>,
        code: String,
    },
    At {
        seq: Seq,
    },
    /// `presence`, or something newer than this program.
    #[serde(other)]
    Other,
}

/// Something that happened, as one phone was told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum WireEvent {
    Began,
    Joined {
        member: UserId,
    },
    Left {
        member: UserId,
        removed: bool,
    },
    Picked {
        member: UserId,
        picks: usize,
        #[serde(default, deserialize_with = "some_ids")]
        my_picks: Option<Vec<TitleId>>,
    },
    Ready {
        member: UserId,
        ready: bool,
    },
    Configured {
        rule: Rule,
        goal: Goal,
        veto: bool,
        access: WireAccess,
    },
    Started {
        round: Round,
        deck_size: usize,
        #[serde(deserialize_with = "ids")]
        queue: Vec<TitleId>,
    },
    Progress {
        member: UserId,
        swiped: usize,
    },
    Swiped {
        title: TitleId,
        verdict: Verdict,
    },
    Undone {
        member: UserId,
        swiped: usize,
        title: Option<TitleId>,
    },
    MatchFound(WireMatch),
    Away {
        member: UserId,
    },
    Back {
        member: UserId,
    },
    HostChanged {
        member: UserId,
    },
    RoleChanged {
        member: UserId,
        role: Role,
    },
    Extended,
    Nudged {
        by: UserId,
        member: UserId,
    },
    Finished {
        results: Vec<WireRanked>,
        finalists: usize,
    },
    Restarted {
        round: Round,
    },
    ScreenChanged {
        screen: Option<Box<SeenScreen>>,
    },
    /// Something newer than this program.
    #[serde(other)]
    Unknown,
}

/// A room, as one of its members was told.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct WireRoom {
    pub(crate) phase: Phase,
    pub(crate) round: Round,
    pub(crate) epoch: Epoch,
    pub(crate) seq: Seq,
    pub(crate) host: UserId,
    pub(crate) rule: Rule,
    pub(crate) goal: Goal,
    pub(crate) veto: bool,
    pub(crate) access: WireAccess,
    pub(crate) members: Vec<WireMember>,
    #[serde(deserialize_with = "ids")]
    pub(crate) my_picks: Vec<TitleId>,
    pub(crate) deck_size: usize,
    #[serde(deserialize_with = "ids")]
    pub(crate) queue: Vec<TitleId>,
    pub(crate) my_swipes: usize,
    pub(crate) my_super_likes_left: usize,
    pub(crate) my_vetoes_left: usize,
    pub(crate) matches: Vec<WireMatch>,
    pub(crate) results: Option<Vec<WireRanked>>,
    pub(crate) finalists: usize,
    #[serde(default)]
    pub(crate) screen: Option<Box<SeenScreen>>,
}

/// Who gets in, and who may control what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct WireAccess {
    pub(crate) control: Control,
}

/// A member, as everybody is told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct WireMember {
    pub(crate) id: UserId,
    pub(crate) role: Role,
    pub(crate) ready: bool,
    pub(crate) picks: usize,
    pub(crate) swiped: usize,
    pub(crate) away: bool,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct WireMatch {
    pub(crate) number: u32,
    pub(crate) round: Round,
    #[serde(deserialize_with = "id")]
    pub(crate) title: TitleId,
}

/// A title and its likes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct WireRanked {
    #[serde(deserialize_with = "id")]
    pub(crate) title: TitleId,
    pub(crate) likes: usize,
}

#[derive(Deserialize)]
struct Titled {
    id: TitleId,
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TitleId, D::Error> {
    Titled::deserialize(deserializer).map(|title| title.id)
}

fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TitleId>, D::Error> {
    Vec::<Titled>::deserialize(deserializer).map(|titles| titles.into_iter().map(|title| title.id).collect())
}

fn some_ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<TitleId>>, D::Error> {
    ids(deserializer).map(Some)
}

fn maybe_ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<TitleId>>, D::Error> {
    let titles = Option::<Vec<Titled>>::deserialize(deserializer)?;
    Ok(titles.map(|titles| titles.into_iter().map(|title| title.id).collect()))
}

/// How many opinions a frame's JSON holds, wherever they are hidden. A title may be called "Like".
pub(crate) fn opinions(json: &Value) -> usize {
    match json {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| {
                let named = matches!(key.as_str(), "name" | "original_name" | "overview");
                let opinion = matches!(value.as_str(), Some("like" | "skip" | "super_like" | "veto"));
                usize::from(opinion && !named) + opinions(value)
            })
            .sum(),
        Value::Array(items) => items.iter().map(opinions).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_ack_brings_its_event_and_the_next_cards() {
        let frame = json!({"type": "ack", "id": 7, "seq": 9, "queue": [{"id": "c1", "kind": "film", "name": "X"}],
            "event": {"type": "swiped", "title": "c2", "verdict": "like"}});
        let Frame::Ack { id, seq, queue, event } = serde_json::from_value(frame).unwrap() else {
            panic!("not read as an ack")
        };
        assert_eq!((id, seq.get(), queue.unwrap()[0].as_str()), (7, 9, "c1"));
        let title = TitleId::new("c2").unwrap();
        assert_eq!(event, Some(WireEvent::Swiped { title, verdict: Verdict::Like }));
    }

    #[test]
    fn what_is_newer_than_this_program_is_passed_over() {
        let frame: Frame = serde_json::from_value(json!({"type": "chat", "text": "hi"})).unwrap();
        assert_eq!(frame, Frame::Other);
        let told: WireEvent = serde_json::from_value(json!({"type": "danced", "member": 3})).unwrap();
        assert_eq!(told, WireEvent::Unknown);
    }

    #[test]
    fn opinions_are_found_wherever_they_hide_and_names_are_none() {
        let frame = json!({"type": "welcome", "members": [{"id": 1, "last": "skip"}],
            "queue": [{"name": "like", "verdict": "like"}], "my_vetoes_left": 1, "veto": true,
            "matches": [{"how": "super_like"}, {"how": "veto"}]});
        assert_eq!(opinions(&frame), 4);
    }
}
