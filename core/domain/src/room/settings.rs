//! What a host may choose: name, rule, goal, how many picks, a deck.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::refusal::{Invalid, Refusal};
use crate::{
    ids::{DeckId, TitleId},
    title::{BadLine, Filter, clean_line},
};

/// A room's name is at most this many characters.
pub const MAX_NAME: usize = 60;
/// A member picks at most this many titles, whatever the host sets.
pub const MAX_PICKS: u16 = 50;
/// Picks per member when nobody says otherwise.
pub const DEFAULT_PICKS: u16 = 5;
/// No more people than this are in a room at once.
pub const MAX_MEMBERS: usize = 100;
/// A deck, curated or by a filter, brings at most this many titles to a round.
pub const MAX_CURATED: usize = 200;
/// A goal counts at most this many matches.
pub const MAX_GOAL: u16 = 100;

/// A timed round is at least this many minutes long.
pub const MIN_MINUTES: u16 = 3;
/// And at most this many, as it begins.
pub const MAX_MINUTES: u16 = 20;

/// When a title matches, of the members who count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// Everybody who is here likes it.
    #[default]
    Unanimous,
    /// More than half of those who are here.
    Majority,
    /// At least so many likes.
    AtLeast(u16),
}

/// When a round is over before the deck is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    /// Everybody swipes everything.
    #[default]
    WholeDeck,
    /// The first match ends it.
    FirstMatch,
    /// So many matches end it.
    Matches(u16),
    /// So many minutes end it, however many matches there are by then.
    Timed(u16),
}

impl Goal {
    /// After how many matches a round is over.
    pub(super) fn wants(self) -> usize {
        match self {
            Self::WholeDeck | Self::Timed(_) => usize::MAX,
            Self::FirstMatch => 1,
            Self::Matches(count) => usize::from(count),
        }
    }
}

/// A room's name: one visible line of at most [`MAX_NAME`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoomName(String);

impl RoomName {
    /// Cleans what was typed.
    pub fn new(typed: &str) -> Result<Self, Invalid> {
        clean_line(typed, MAX_NAME).map(Self).map_err(|e| match e {
            BadLine::Empty => Invalid::new("name", "needs at least one visible character"),
            BadLine::TooLong => Invalid::new("name", "has at most 60 characters"),
        })
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A deck that the host took. A curated one is here with its titles, so that a room needs nobody to know its deck. What a filter stands for
/// is looked up when a round starts, so that its titles are absent here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeckChoice {
    /// Which one.
    #[serde(rename = "id")]
    pub source: DeckSource,
    /// Its titles, in its order. Shared, since every event that says the settings holds them.
    #[serde(serialize_with = "as_list", deserialize_with = "from_list")]
    pub titles: Arc<[TitleId]>,
}

impl DeckChoice {
    /// A curated deck.
    pub fn curated(id: DeckId, titles: impl Into<Arc<[TitleId]>>) -> Self {
        Self { source: DeckSource::Curated(id), titles: titles.into() }
    }

    /// Whatever fits a filter when a round starts.
    pub fn by(filter: Filter) -> Self {
        Self { source: DeckSource::Filter(Box::new(filter)), titles: Arc::default() }
    }

    /// The filter, if it is a deck by one.
    pub fn filter(&self) -> Option<&Filter> {
        match &self.source {
            DeckSource::Curated(_) => None,
            DeckSource::Filter(filter) => Some(filter),
        }
    }

    fn has_as_many_titles_as_it_may(&self) -> bool {
        match self.source {
            DeckSource::Curated(_) => (1..=MAX_CURATED).contains(&self.titles.len()),
            DeckSource::Filter(_) => self.titles.is_empty(),
        }
    }
}

/// Where the titles of a deck come from. It is written as one text: an id, or the canonical form of a filter, which no id looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeckSource {
    /// A curated deck.
    Curated(DeckId),
    /// All titles that fit, of which each round has others.
    Filter(Box<Filter>),
}

impl Serialize for DeckSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Curated(id) => id.serialize(serializer),
            Self::Filter(filter) => serializer.collect_str(filter),
        }
    }
}

impl<'de> Deserialize<'de> for DeckSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.starts_with('?') {
            text.parse().map(|filter| Self::Filter(Box::new(filter))).map_err(serde::de::Error::custom)
        } else {
            DeckId::new(&text).map(Self::Curated).map_err(serde::de::Error::custom)
        }
    }
}

fn as_list<S: Serializer>(titles: &Arc<[TitleId]>, serializer: S) -> Result<S::Ok, S::Error> {
    titles.as_ref().serialize(serializer)
}

fn from_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[TitleId]>, D::Error> {
    Vec::deserialize(deserializer).map(Arc::from)
}

/// All that a host may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The room's name.
    pub name: RoomName,
    /// When a title matches.
    pub rule: Rule,
    /// When a round is over.
    pub goal: Goal,
    /// How many titles each member may pick (1 to [`MAX_PICKS`]).
    pub picks_per_member: u16,
    /// The deck that fills up what the picks leave.
    pub deck: Option<DeckChoice>,
}

impl Settings {
    /// Defaults under a name.
    pub fn named(name: RoomName) -> Self {
        Self {
            name,
            rule: Rule::default(),
            goal: Goal::default(),
            picks_per_member: DEFAULT_PICKS,
            deck: None,
        }
    }

    /// Checks every bound and names all that are broken.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut errors = Vec::new();
        let mut bound = |fine: bool, field, reason| {
            if !fine {
                errors.push(Invalid::new(field, reason));
            }
        };
        if let Rule::AtLeast(likes) = self.rule {
            bound((1..=MAX_MEMBERS).contains(&usize::from(likes)), "rule", "likes is 1 to 100");
        }
        if let Goal::Matches(count) = self.goal {
            bound((1..=MAX_GOAL).contains(&count), "goal", "count is 1 to 100");
        }
        if let Goal::Timed(minutes) = self.goal {
            bound((MIN_MINUTES..=MAX_MINUTES).contains(&minutes), "goal", "minutes is 3 to 20");
        }
        bound((1..=MAX_PICKS).contains(&self.picks_per_member), "picks_per_member", "is 1 to 50");
        if let Some(deck) = &self.deck {
            bound(deck.has_as_many_titles_as_it_may(), "deck", "has 1 to 200 titles");
        }
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
    }

    /// About how many bytes they hold.
    pub(super) fn weight(&self) -> usize {
        let titles = self.deck.iter().flat_map(|deck| &*deck.titles);
        let filter =
            self.deck.as_ref().and_then(DeckChoice::filter).map_or(0, |filter| filter.to_string().len());
        self.name.as_str().len() + filter + titles.map(|title| title.as_str().len() + 1).sum::<usize>()
    }

    /// These settings with a change made.
    #[must_use]
    pub fn with(&self, change: &SettingsChange) -> Self {
        Self {
            name: change.name.clone().unwrap_or_else(|| self.name.clone()),
            rule: change.rule.unwrap_or(self.rule),
            goal: change.goal.unwrap_or(self.goal),
            picks_per_member: change.picks_per_member.unwrap_or(self.picks_per_member),
            deck: change.deck.clone().unwrap_or_else(|| self.deck.clone()),
        }
    }
}

/// What a host changes; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsChange {
    /// A new name.
    pub name: Option<RoomName>,
    /// A new rule.
    pub rule: Option<Rule>,
    /// A new goal.
    pub goal: Option<Goal>,
    /// A new number of picks.
    pub picks_per_member: Option<u16>,
    /// Another deck, or none.
    pub deck: Option<Option<DeckChoice>>,
    /// Whether what somebody here has seen is left out of the curated deck. It is no part of [`Settings`], whose bytes are stored.
    pub leave_out_seen: Option<bool>,
    /// Whether members may veto. It is no part of [`Settings`], whose stored form is older.
    pub veto: Option<bool>,
}

impl SettingsChange {
    /// Whether everything stays as it is.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What makes some settings the others.
    pub(super) fn between(before: &Settings, after: &Settings) -> Self {
        Self {
            name: (before.name != after.name).then(|| after.name.clone()),
            rule: (before.rule != after.rule).then_some(after.rule),
            goal: (before.goal != after.goal).then_some(after.goal),
            picks_per_member: (before.picks_per_member != after.picks_per_member)
                .then_some(after.picks_per_member),
            deck: (before.deck != after.deck).then(|| after.deck.clone()),
            leave_out_seen: None,
            veto: None,
        }
    }
}
