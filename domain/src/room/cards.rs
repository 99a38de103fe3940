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

use super::{Member, Room};
use crate::{
    ids::TitleId,
    title::{NormalName, TitleRef, TitleText},
};

/// What a room knows of the titles that its members picked.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Known {
    /// In the order in which they were first picked.
    picked: Vec<TitleId>,
    /// Every way in which the typed ones were written.
    names: BTreeMap<TitleId, Vec<NormalName>>,
    /// Which card a text was picked as, by the id that the text would have as a card of its own.
    spelled: BTreeMap<TitleId, Spelled>,
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
pub(super) struct Resolved {
    pub(super) id: TitleId,
    /// What was typed, if it is a typed card.
    pub(super) text: Option<TitleText>,
}

impl Known {
    /// A title is among somebody's picks.
    pub(super) fn pick(&mut self, id: &TitleId, text: Option<&TitleText>) {
        if !self.picked.contains(id) {
            self.picked.push(id.clone());
        }
        let Some(text) = text else { return };
        self.spelled.insert(text.id(), Spelled { text: text.clone(), card: id.clone() });
        let names = self.names.entry(id.clone()).or_default();
        for name in NormalName::readings(text.as_str()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }

    /// A text came with these picks, but says not with which of them.
    pub(super) fn spell(&mut self, picks: &[TitleId], text: &TitleText) {
        let card = self.find_text(picks, text, &[]).cloned();
        if let Some(card) = card {
            self.pick(&card, Some(text));
        }
    }

    /// What nobody picks any more is no card.
    pub(super) fn forget_unpicked(&mut self, members: &[Member]) {
        let picked: BTreeSet<&TitleId> = members.iter().flat_map(|member| &member.picks).collect();
        self.picked.retain(|id| picked.contains(id));
        self.names.retain(|id, _| picked.contains(id));
        // A text stays tied to a card that is gone while another one could be taken for it: a command that takes it away, sent again, must
        // not take the other one.
        let tied: BTreeSet<TitleId> = self
            .spelled
            .iter()
            .filter(|(_, spelled)| {
                picked.contains(&spelled.card) || self.fitting(&self.picked, &spelled.text).next().is_some()
            })
            .map(|(id, _)| id.clone())
            .collect();
        self.spelled.retain(|id, _| tied.contains(id));
    }

    /// What picking this title comes to, in a room with these cards.
    pub(super) fn resolve(&self, title: &TitleRef) -> Resolved {
        let found = self.find(&self.picked, title).cloned();
        let (id, text) = match (title, found) {
            (TitleRef::Catalogue(id), _) | (TitleRef::Known { title: Some(id), .. }, None) => {
                (id.clone(), None)
            }
            (TitleRef::Text(text) | TitleRef::Known { text, .. }, found) => {
                let id = found.unwrap_or_else(|| text.id());
                let typed = id == text.id() || self.names.contains_key(&id);
                (id, typed.then(|| text.clone()))
            }
        };
        Resolved { id, text }
    }

    /// Which of a member's own picks a title means, however it is written. Asked again once that pick is gone, it is none.
    pub(super) fn find_own<'a>(
        &self,
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
        let fitting: Vec<&TitleId> = self.fitting(picks, text).collect();
        let meant = picks.iter().filter(|pick| fitting.contains(pick) || alike.contains(pick));
        match meant.collect::<Vec<_>>().as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            _ => Err(Ambiguous),
        }
    }

    /// Those of these cards that a text could mean.
    fn fitting<'a>(&self, cards: &'a [TitleId], text: &TitleText) -> impl Iterator<Item = &'a TitleId> {
        let names = NormalName::readings(text.as_str());
        cards.iter().filter(move |card| {
            let one = std::slice::from_ref(*card);
            names.iter().any(|name| self.find_name(one, name, NormalName::same_but_for_an_article).is_some())
        })
    }

    /// Which of these cards a title means.
    fn find<'a>(&self, cards: &'a [TitleId], title: &TitleRef) -> Option<&'a TitleId> {
        match title {
            TitleRef::Catalogue(id) => cards.iter().find(|card| *card == id),
            TitleRef::Text(text) => self.find_text(cards, text, &[]),
            TitleRef::Known { text, title, alike } => {
                let itself = title.as_ref().and_then(|id| cards.iter().find(|card| *card == id));
                itself.or_else(|| self.find_text(cards, text, alike))
            }
        }
    }

    /// `alike` are the catalogue's titles that it may mean as well.
    fn find_text<'a>(
        &self,
        cards: &'a [TitleId],
        text: &TitleText,
        alike: &[TitleId],
    ) -> Option<&'a TitleId> {
        // A text means the card that it was picked as, for as long as that is there.
        let before = self.spelled.get(&text.id()).map(|spelled| &spelled.card);
        if let Some(same) = cards.iter().find(|card| before == Some(*card)) {
            return Some(same);
        }
        let names = NormalName::readings(text.as_str());
        let exactly = names.iter().find_map(|name| self.find_name(cards, name, NormalName::same_name));
        let listed = || cards.iter().find(|card| alike.contains(card));
        let roughly =
            || names.iter().find_map(|name| self.find_name(cards, name, NormalName::same_but_for_an_article));
        match (exactly, listed()) {
            // Whichever was picked first.
            (Some(typed), Some(listed)) => cards.iter().find(|card| *card == typed || *card == listed),
            (Some(typed), None) => Some(typed),
            (None, Some(listed)) => Some(listed),
            (None, None) => roughly(),
        }
    }

    fn find_name<'a>(
        &self,
        cards: &'a [TitleId],
        name: &NormalName,
        same: impl Fn(&NormalName, &NormalName) -> bool,
    ) -> Option<&'a TitleId> {
        let years_of = |card: &TitleId| -> Option<Vec<u16>> {
            let names = self.names.get(card)?.iter().filter(|its| same(its, name));
            let years: Vec<Option<u16>> = names.map(NormalName::year).collect();
            (!years.is_empty()).then(|| years.into_iter().flatten().collect())
        };
        let named = || cards.iter().filter_map(|card| Some((card, years_of(card)?)));
        let first = match name.year() {
            None => named().next(),
            Some(year) => named()
                .find(|(_, years)| years.contains(&year))
                .or_else(|| named().find(|(_, years)| years.is_empty())),
        };
        first.map(|(card, _)| card)
    }
}

impl Room {
    /// The card that is there already for what somebody typed.
    pub fn card_of(&self, text: &TitleText) -> Option<&TitleId> {
        self.known.find(&self.known.picked, &TitleRef::Text(text.clone()))
    }

    /// What picking all of these comes to: one of them may be what came before it in the list.
    pub(super) fn resolve_all(&self, wanted: &[TitleRef]) -> Vec<Resolved> {
        let mut known = self.known.clone();
        let resolve = |title| {
            let resolved = known.resolve(title);
            known.pick(&resolved.id, resolved.text.as_ref());
            resolved
        };
        wanted.iter().map(resolve).collect()
    }
}
