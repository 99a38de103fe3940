//! The typed titles of a room: which of them are in use, and who picked them.

use std::sync::Arc;

use super::{People, Swiping, cards::Resolved};
use crate::{
    ids::{Seq, TitleId, UserId},
    room::bounds::LEFT_TEXTS,
    title::{TitleRef, TitleText},
};

impl Swiping {
    /// The card that is there already for what somebody typed.
    pub(in crate::room) fn card_of(&self, text: &TitleText) -> Option<&TitleId> {
        self.known.find(&TitleRef::Text(text.clone()))
    }

    /// What picking all of these comes to: one of them may be what came before it in the list.
    pub(in crate::room) fn resolve_all(&self, wanted: &[TitleRef]) -> Vec<Resolved> {
        let mut known = self.known.about(wanted);
        let resolve = |title| {
            let resolved = known.resolve(title);
            known.pick(&resolved.id, resolved.text.as_ref());
            resolved
        };
        wanted.iter().map(resolve).collect()
    }

    pub(super) fn pick(
        &mut self,
        people: &People,
        member: UserId,
        title: &TitleId,
        text: Option<&TitleText>,
        seq: Seq,
    ) {
        self.learn(text, seq);
        let known = Arc::make_mut(&mut self.known);
        known.pick(title, self.texts.get(title));
        known.pick(title, text);
        known.count(&[], std::slice::from_ref(title));
        if people.member(member).is_some() {
            let choice = self.choice_mut(member);
            choice.picks.push(title.clone());
            choice.changed = seq;
        } else {
            self.forget_unpicked(std::slice::from_ref(title), seq);
        }
        self.drop_texts(text.map(TitleText::id), seq);
    }

    /// A member's picks are these, all of which are known.
    pub(super) fn set_picks(&mut self, people: &People, member: UserId, picks: &[TitleId], seq: Seq) {
        if people.member(member).is_none() || (picks.is_empty() && self.picks_of(member).is_empty()) {
            return;
        }
        let choice = self.choice_mut(member);
        choice.changed = seq;
        let before = std::mem::replace(&mut choice.picks, picks.to_vec());
        Arc::make_mut(&mut self.known).count(&before, picks);
        self.forget_unpicked(&before, seq);
    }

    fn forget_unpicked(&mut self, perhaps: &[TitleId], seq: Seq) {
        let lost = Arc::make_mut(&mut self.known).forget_unpicked(perhaps);
        self.drop_texts(perhaps.iter().cloned().chain(lost), seq);
    }

    pub(super) fn learn<'a>(&mut self, texts: impl IntoIterator<Item = &'a TitleText>, seq: Seq) {
        for text in texts {
            // The first spelling stays: it is on somebody's phone already.
            let id = text.id();
            if !self.texts.contains_key(&id) {
                Arc::make_mut(&mut self.texts).insert(id, text.clone());
                self.texts_changed = seq;
            }
        }
    }

    /// Of these titles the texts stay that are in use.
    pub(super) fn drop_texts(&mut self, perhaps: impl IntoIterator<Item = TitleId>, seq: Seq) {
        for id in perhaps {
            if self.texts.contains_key(&id) && !self.uses(&id) {
                if let Some(text) = Arc::make_mut(&mut self.texts).remove(&id) {
                    let left = Arc::make_mut(&mut self.left_texts);
                    left.push_back((id, text));
                    if left.len() > LEFT_TEXTS {
                        left.pop_front();
                    }
                }
                self.texts_changed = seq;
            }
        }
    }

    /// Whether a title is picked by somebody, in the deck, or matched; or is another way to write what is picked.
    fn uses(&self, id: &TitleId) -> bool {
        self.known.is_picked(id)
            || self.known.is_spelling(id)
            || self.matched.contains(id)
            || self.play().is_some_and(|play| play.place(id).is_some())
    }

    /// These are picked; some of them may be written differently here.
    pub(super) fn note_picks(&mut self, picks: &[TitleId], texts: &[TitleText]) {
        let known = Arc::make_mut(&mut self.known);
        for pick in picks {
            known.pick(pick, self.texts.get(pick));
        }
        for text in texts {
            known.spell(picks, text);
        }
    }

    /// The text of a title that was typed in this room.
    pub(in crate::room) fn text_of(&self, title: &TitleId) -> Option<&TitleText> {
        let left = || self.left_texts.iter().rev().find(|(id, _)| id == title).map(|(_, text)| text);
        self.texts.get(title).or_else(left)
    }

    /// Every typed title that is in use here, and the other ways in which those that are picked were written.
    pub(in crate::room) fn texts(&self) -> impl Iterator<Item = &TitleText> {
        self.texts.values()
    }

    /// With which entry of the log the texts became what they are.
    pub(in crate::room) fn texts_changed(&self) -> Seq {
        self.texts_changed
    }
}
