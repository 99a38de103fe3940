//! Takes a person out of picks, deck and swipes.

use std::{collections::BTreeSet, sync::Arc};

use super::{People, Phase, Swiping};
use crate::{
    ids::{Seq, TitleId, UserId},
    title::TitleText,
};

impl Swiping {
    /// Their picks and swipes are gone, and the titles that only they had. `texts` are of titles that stay.
    pub(in crate::room) fn erase(&mut self, people: &People, who: UserId, texts: &[TitleText], seq: Seq) {
        self.set_picks(people, who, &[], seq);
        self.erase_nudges(who);
        let kept: BTreeSet<TitleId> = self.kept_titles().cloned().collect();
        let lost: BTreeSet<TitleId> =
            self.texts.keys().filter(|title| !kept.contains(title)).cloned().collect();
        match &mut self.phase {
            Phase::Lobby => {}
            Phase::Swiping(play) => play.erase(who, &lost),
            Phase::Finished(play, results) => {
                play.erase(who, &lost);
                results.retain(|ranked| !lost.contains(&ranked.title));
            }
        }
        if !lost.is_empty() {
            Arc::make_mut(&mut self.texts).retain(|title, _| kept.contains(title));
            self.texts_changed = seq;
        }
        self.learn(texts.iter().filter(|text| kept.contains(&text.id())), seq);
        for text in texts.iter().filter(|text| kept.contains(&text.id())) {
            Arc::make_mut(&mut self.known).pick(&text.id(), Some(text));
        }
    }

    /// Titles that somebody picks or that have matched.
    fn kept_titles(&self) -> impl Iterator<Item = &TitleId> {
        let picked = self.choices.values().flat_map(|choice| &choice.picks);
        picked.chain(self.matches.iter().map(|found| &found.title))
    }
}
