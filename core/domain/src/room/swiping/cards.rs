//! Which card of a room a title means.
//!
//! People type one film in many ways, and a room should have one card for it. Names are compared in their
//! [normal form](crate::title::NormalName). A typed title joins the card that is there already:
//!
//! | in the room, in this order | typed | becomes |
//! |---|---|---|
//! | `Solaris` | `«SOLARIS»`, `1. Solaris` | `Solaris` |
//! | `Solaris (1972)`, `Solaris (2002)` | `Solaris` | `Solaris (1972)`, which was picked first |
//! | `Solaris` | `Solaris (1972)` | `Solaris`, which is of 1972 from now on |
//! | `Solaris`, also picked as `Solaris (1972)` | `Solaris (2002)` | a card of its own: two different years are two films |
//! | `The Matrix` | `Matrix` | `The Matrix`, as long as there is no `Matrix` |
//!
//! A card keeps the id and the text that it was first picked with, however others write it, so that a log reads the same under
//! any rule: what was decided is in it. A card that nobody picks any more is forgotten, with the years that it was given.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ids::TitleId,
    room::bounds::{LOST_SPELLINGS, SPELLINGS_PER_CARD},
    title::{NormalName, TitleRef, TitleText},
};

/// What a room knows of the titles that its members picked. Looking something up costs the same however many there are.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Known {
    cards: BTreeMap<TitleId, Card>,
    /// How many cards there ever were: the place of the next one.
    seen: u64,
    /// Which cards have a name.
    exact: Index,
    /// The same, without an article in front.
    loose: Index,
    /// Which card a text was picked as, by the id that the text would have as a card of its own.
    spelled: BTreeMap<TitleId, Spelled>,
}

type Index = BTreeMap<String, BTreeSet<TitleId>>;

/// A title that somebody picked.
#[derive(Debug, Clone, Default, PartialEq)]
struct Card {
    /// Its place in the order in which titles were first picked.
    place: u64,
    /// How many members have it among their picks.
    picked_by: usize,
    /// Every way in which it was written, if it was typed.
    names: Vec<Name>,
    /// In how many texts it was written.
    spellings: usize,
}

/// A name as it is compared.
#[derive(Debug, Clone, PartialEq)]
struct Name {
    name: NormalName,
    loose: String,
}

impl Name {
    fn readings(text: &TitleText) -> Vec<Self> {
        NormalName::readings(text.as_str()).into_iter().map(Self::of).collect()
    }

    fn of(name: NormalName) -> Self {
        let loose = name.without_article().as_ref().unwrap_or(&name).key().to_owned();
        Self { name, loose }
    }

    fn key(&self, how: Sameness) -> &str {
        match how {
            Sameness::Exactly => self.name.key(),
            Sameness::ButForAnArticle => &self.loose,
        }
    }
}

/// When two names are the same.
#[derive(Debug, Clone, Copy)]
enum Sameness {
    Exactly,
    ButForAnArticle,
}

/// Which cards are looked through.
#[derive(Debug, Clone, Copy)]
enum Among<'a> {
    All,
    These(&'a [TitleId]),
}

/// A card that a name could mean.
struct Named<'a> {
    place: u64,
    card: &'a TitleId,
    years: Vec<u16>,
}

impl Named<'_> {
    fn may_be_of(&self, year: Option<u16>) -> bool {
        year.is_none_or(|year| self.years.is_empty() || self.years.contains(&year))
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Spelled {
    text: TitleText,
    card: TitleId,
}

/// Why no pick can be said to be meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// What picking a title comes to.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::room) struct Resolved {
    pub(in crate::room) id: TitleId,
    /// What was typed, if it is a typed card.
    pub(super) text: Option<TitleText>,
}

impl Known {
    /// A title is among somebody's picks.
    pub(super) fn pick(&mut self, id: &TitleId, text: Option<&TitleText>) {
        if !self.cards.contains_key(id) {
            self.cards.insert(id.clone(), Card { place: self.seen, ..Card::default() });
            self.seen += 1;
        }
        let (Some(text), Some(card)) = (text, self.cards.get_mut(id)) else { return };
        let spelling = text.id();
        let known = self.spelled.get(&spelling).is_some_and(|spelled| spelled.card == *id);
        if !known && card.spellings >= SPELLINGS_PER_CARD {
            return;
        }
        card.spellings += usize::from(!known);
        self.spelled.insert(spelling, Spelled { text: text.clone(), card: id.clone() });
        let mut names = Name::readings(text);
        names.retain(|name| !card.names.contains(name));
        card.names.extend(names.iter().cloned());
        for name in &names {
            self.list(name, id);
        }
    }

    /// A text came with these picks, but says not with which of them.
    pub(super) fn spell(&mut self, picks: &[TitleId], text: &TitleText) {
        let card = self.find_text(Among::These(picks), text, &[]).cloned();
        if let Some(card) = card {
            self.pick(&card, Some(text));
        }
    }

    /// A member's picks were these, and are those now.
    pub(super) fn count(&mut self, were: &[TitleId], are: &[TitleId]) {
        for id in are {
            if let Some(card) = self.cards.get_mut(id) {
                card.picked_by += 1;
            }
        }
        for id in were {
            if let Some(card) = self.cards.get_mut(id) {
                card.picked_by = card.picked_by.saturating_sub(1);
            }
        }
    }

    /// What nobody picks any more is no card, if it is one of these. Texts that no card is written as any more come back.
    pub(super) fn forget_unpicked(&mut self, perhaps: &[TitleId]) -> Vec<TitleId> {
        let mut gone = false;
        for id in perhaps {
            if !self.is_picked(id) {
                gone |= self.forget(id);
            }
        }
        if !gone {
            return Vec::new();
        }
        let lost: Vec<TitleId> = self
            .spelled
            .iter()
            .filter(|(_, spelled)| !self.is_picked(&spelled.card))
            .map(|(id, _)| id.clone())
            .collect();
        // A text stays tied to a card that is gone while another one could be taken for it: a command that takes it away, sent again, must
        // not take the other one.
        let mut tied = 0;
        for id in &lost {
            let stays = self
                .spelled
                .get(id)
                .is_some_and(|spelled| !self.fitting(Among::All, &spelled.text).is_empty());
            tied += usize::from(stays);
            if !stays || tied > LOST_SPELLINGS {
                self.spelled.remove(id);
            }
        }
        lost
    }

    fn forget(&mut self, id: &TitleId) -> bool {
        let Some(card) = self.cards.remove(id) else { return false };
        for name in &card.names {
            unlist(&mut self.exact, name.name.key(), id);
            unlist(&mut self.loose, &name.loose, id);
        }
        true
    }

    /// Whether a title is among somebody's picks.
    pub(super) fn is_picked(&self, id: &TitleId) -> bool {
        self.cards.get(id).is_some_and(|card| card.picked_by > 0)
    }

    /// Whether a card that somebody picks was written as the text of this id.
    pub(super) fn is_spelling(&self, id: &TitleId) -> bool {
        self.spelled.get(id).is_some_and(|spelled| self.is_picked(&spelled.card))
    }

    /// What picking this title comes to, in a room with these cards.
    pub(super) fn resolve(&self, title: &TitleRef) -> Resolved {
        let found = self.find(title).cloned();
        let (id, text) = match (title, found) {
            (TitleRef::Catalogue(id), _) | (TitleRef::Known { title: Some(id), .. }, None) => {
                (id.clone(), None)
            }
            (TitleRef::Text(text) | TitleRef::Known { text, .. }, found) => {
                let id = found.unwrap_or_else(|| text.id());
                let typed = id == text.id() || self.cards.get(&id).is_some_and(|card| !card.names.is_empty());
                (id, typed.then(|| text.clone()))
            }
        };
        Resolved { id, text }
    }

    /// As much of it as matters for what these titles come to.
    pub(super) fn about(&self, wanted: &[TitleRef]) -> Self {
        let mut part = Self { seen: self.seen, ..Self::default() };
        let mut cards: BTreeSet<&TitleId> = BTreeSet::new();
        for title in wanted {
            let text = match title {
                TitleRef::Catalogue(id) => {
                    cards.insert(id);
                    continue;
                }
                TitleRef::Text(text) => text,
                TitleRef::Known { text, title, alike } => {
                    cards.extend(title.iter().chain(alike));
                    text
                }
            };
            if let Some((id, spelled)) = self.spelled.get_key_value(&text.id()) {
                cards.insert(&spelled.card);
                part.spelled.insert(id.clone(), spelled.clone());
            }
            for name in Name::readings(text) {
                let exact = self.exact.get(name.key(Sameness::Exactly));
                let loose = self.loose.get(name.key(Sameness::ButForAnArticle));
                cards.extend(exact.into_iter().chain(loose).flatten());
            }
        }
        for (id, card) in cards.into_iter().filter_map(|id| self.cards.get_key_value(id)) {
            for name in &card.names {
                part.list(name, id);
            }
            part.cards.insert(id.clone(), card.clone());
        }
        part
    }

    fn list(&mut self, name: &Name, id: &TitleId) {
        self.exact.entry(name.name.key().to_owned()).or_default().insert(id.clone());
        self.loose.entry(name.loose.clone()).or_default().insert(id.clone());
    }

    /// Which of a member's own picks a title means, however it is written. Asked again once that pick is gone, it is none.
    pub(super) fn find_own<'a>(
        &'a self,
        picks: &'a [TitleId],
        title: &TitleRef,
    ) -> Result<Option<&'a TitleId>, Ambiguous> {
        let own = |id: &TitleId| picks.iter().find(|pick| *pick == id);
        let spelled = |id: &TitleId| self.spelled.get(id).map(|spelled| &spelled.card);
        let (text, itself, alike): (_, _, &[TitleId]) = match title {
            TitleRef::Catalogue(id) => return Ok(own(id).or_else(|| own(spelled(id)?))),
            TitleRef::Text(text) => (text, None, &[]),
            TitleRef::Known { text, title, alike } => (text, title.as_ref(), alike),
        };
        if let Some(pick) = itself.and_then(own) {
            return Ok(Some(pick));
        }
        if let Some(card) = spelled(&text.id()) {
            return Ok(own(card));
        }
        let fitting = self.fitting(Among::These(picks), text);
        let meant = picks.iter().filter(|pick| fitting.contains(pick) || alike.contains(pick));
        match meant.collect::<Vec<_>>().as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            _ => Err(Ambiguous),
        }
    }

    /// Those of these cards that a text could mean.
    fn fitting<'a>(&'a self, among: Among<'a>, text: &TitleText) -> BTreeSet<&'a TitleId> {
        let readings = Name::readings(text);
        let named = readings.iter().flat_map(|reading| {
            let named = self.named(among, reading, Sameness::ButForAnArticle);
            named.into_iter().filter(|named| named.may_be_of(reading.name.year()))
        });
        named.map(|named| named.card).collect()
    }

    /// Which card a title means.
    pub(super) fn find<'a>(&'a self, title: &TitleRef) -> Option<&'a TitleId> {
        let card = |id: &TitleId| self.cards.get_key_value(id).map(|(id, _)| id);
        match title {
            TitleRef::Catalogue(id) => card(id),
            TitleRef::Text(text) => self.find_text(Among::All, text, &[]),
            TitleRef::Known { text, title, alike } => {
                title.as_ref().and_then(card).or_else(|| self.find_text(Among::All, text, alike))
            }
        }
    }

    /// `alike` are the catalogue's titles that it may mean as well.
    fn find_text<'a>(&'a self, among: Among<'a>, text: &TitleText, alike: &[TitleId]) -> Option<&'a TitleId> {
        // A text means the card that it was picked as, for as long as that is there.
        let before = self.spelled.get(&text.id()).and_then(|spelled| self.place_among(among, &spelled.card));
        if let Some((_, same)) = before {
            return Some(same);
        }
        let names = Name::readings(text);
        let exactly = names.iter().find_map(|name| self.find_name(among, name, Sameness::Exactly));
        let listed = alike.iter().filter_map(|id| self.place_among(among, id)).min();
        let roughly = || names.iter().find_map(|name| self.find_name(among, name, Sameness::ButForAnArticle));
        match (exactly, listed) {
            // Whichever was picked first.
            (Some(typed), Some(listed)) => Some(typed.min(listed)),
            (Some(found), None) | (None, Some(found)) => Some(found),
            (None, None) => roughly(),
        }
        .map(|(_, card)| card)
    }

    /// The first of these cards that a name means, and its place.
    fn find_name<'a>(&'a self, among: Among<'a>, name: &Name, how: Sameness) -> Option<(u64, &'a TitleId)> {
        let named = self.named(among, name, how);
        let first = match name.name.year() {
            None => named.first(),
            Some(year) => named
                .iter()
                .find(|named| named.years.contains(&year))
                .or_else(|| named.iter().find(|named| named.years.is_empty())),
        };
        first.map(|named| (named.place, named.card))
    }

    /// Those of these cards that have a name, in their order.
    fn named<'a>(&'a self, among: Among<'a>, name: &Name, how: Sameness) -> Vec<Named<'a>> {
        let index = match how {
            Sameness::Exactly => &self.exact,
            Sameness::ButForAnArticle => &self.loose,
        };
        let Some(cards) = index.get(name.key(how)) else { return Vec::new() };
        let named = |(place, card): (u64, &'a TitleId)| {
            let names = self.cards.get(card).map_or(&[][..], |card| &card.names);
            let same = names.iter().filter(|its| its.key(how) == name.key(how));
            Named { place, card, years: same.filter_map(|its| its.name.year()).collect() }
        };
        let mut found: Vec<Named<'a>> = match among {
            Among::All => cards.iter().filter_map(|id| self.place_among(among, id)).map(named).collect(),
            Among::These(picks) => {
                let places = (0..).zip(picks).filter(|(_, pick)| cards.contains(pick));
                places.map(named).collect()
            }
        };
        found.sort_by_key(|named| named.place);
        found
    }

    /// A card's place among these, if it is one of them.
    fn place_among<'a>(&'a self, among: Among<'a>, id: &TitleId) -> Option<(u64, &'a TitleId)> {
        match among {
            Among::All => self.cards.get_key_value(id).map(|(id, card)| (card.place, id)),
            Among::These(picks) => (0..).zip(picks).find(|(_, pick)| *pick == id),
        }
    }
}

fn unlist(index: &mut Index, key: &str, id: &TitleId) {
    if let Some(cards) = index.get_mut(key) {
        cards.remove(id);
        if cards.is_empty() {
            index.remove(key);
        }
    }
}
