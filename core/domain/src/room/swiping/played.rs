//! Which titles rounds of a room have had, so that the next deck has others first.
//!
//! Only what a deck can be filled up with is remembered, and no typed title: nothing of it has to be erased.

use std::collections::BTreeMap;

use crate::{
    ids::{Round, TitleId},
    room::bounds::PLAYED_REMEMBERED,
    title::TitleText,
};

/// Titles, and the last round that had each.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Played(BTreeMap<TitleId, Round>);

impl Played {
    /// A round has these titles. Of too many the ones that were played longest ago are forgotten.
    pub(super) fn note<'a>(&mut self, round: Round, deck: impl IntoIterator<Item = &'a TitleId>) {
        let deck = deck.into_iter().filter(|title| !TitleText::may_be_of_text(title));
        self.0.extend(deck.map(|title| (title.clone(), round)));
        let more = self.0.len().saturating_sub(PLAYED_REMEMBERED);
        if more > 0 {
            let mut rounds: Vec<(Round, TitleId)> =
                self.0.iter().map(|(title, round)| (*round, title.clone())).collect();
            rounds.sort_unstable();
            for (_, title) in rounds.into_iter().take(more) {
                self.0.remove(&title);
            }
        }
    }

    /// The last round that had a title, as far as is remembered.
    pub(super) fn last(&self, title: &TitleId) -> Option<Round> {
        self.0.get(title).copied()
    }
}
