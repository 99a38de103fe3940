//! The words of all names: which begin like this, and which were probably meant.
//!
//! Sorted, so that a beginning is a range. For slips of the finger every word carries a mask of its letters; one look at
//! the mask rules out nearly all words, and only the rest is compared letter by letter. Everything lies in a few flat
//! arrays, since a catalogue is searched at every key stroke and held for the life of the process.

use std::{borrow::Cow, ops::Range};

use super::typos::{Slips, forgiven};

pub(super) struct Vocabulary {
    words: Texts,
    letters: Vec<Letters>,
    /// Which names each word is in, one word after the other.
    names: Vec<u32>,
    ends: Vec<u32>,
}

/// What is known of a word without reading it.
#[derive(Clone, Copy)]
struct Letters {
    /// A bit for every letter; the Russian alphabet fits as well as the English.
    mask: u32,
    count: u16,
}

impl Vocabulary {
    /// Of words and the numbers of the names that they are in.
    pub(super) fn new(mut words_in_names: Vec<(Cow<'_, str>, u32)>) -> Self {
        words_in_names.sort_unstable();
        words_in_names.dedup();
        let mut vocabulary =
            Self { words: Texts::default(), letters: Vec::new(), names: Vec::new(), ends: Vec::new() };
        for same in words_in_names.chunk_by(|one, other| one.0 == other.0) {
            let word = &same[0].0;
            vocabulary.words.push(word);
            vocabulary.letters.push(Letters::of(word.chars()));
            vocabulary.names.extend(same.iter().map(|(_, name)| *name));
            vocabulary.ends.push(count(vocabulary.names.len()));
        }
        vocabulary
    }

    /// The names that a word is in, ascending.
    pub(super) fn names_with(&self, word: usize) -> &[u32] {
        let start = if word == 0 { 0 } else { self.ends[word - 1] };
        &self.names[start as usize..self.ends[word] as usize]
    }

    /// The word that is written exactly like this.
    pub(super) fn exactly(&self, typed: &str) -> Option<usize> {
        let at = self.words.partition_point(0..self.words.len(), |word| word < typed);
        (at < self.words.len() && self.words.get(at) == typed).then_some(at)
    }

    /// The words that begin like this; the first of them is this one, if it is there.
    pub(super) fn beginning_with(&self, typed: &str) -> Range<usize> {
        let start = self.words.partition_point(0..self.words.len(), |word| word < typed);
        let end = self.words.partition_point(start..self.words.len(), |word| word.starts_with(typed));
        start..end
    }

    /// The words that are within the budget of slips from what was typed, with how many they are.
    pub(super) fn misspelt(&self, typed: &str, unfinished: bool, mut found: impl FnMut(usize, u8)) {
        let keys: Vec<char> = typed.chars().collect();
        let pressed = Letters::of(keys.iter().copied());
        let budget = forgiven(keys.len(), pressed.mask.count_ones());
        if budget == 0 {
            return;
        }
        let (mut slips, mut word) = (Slips::default(), Vec::new());
        for (at, letters) in self.letters.iter().enumerate() {
            if !letters.may_be(pressed, budget, unfinished) {
                continue;
            }
            word.clear();
            // What comes after can only be the end that is not yet typed.
            let reach = keys.len() + usize::from(budget) + 1;
            word.extend(self.words.get(at).chars().take(reach));
            if let Some(cost) = slips.between(&keys, &word, budget, unfinished) {
                found(at, cost);
            }
        }
    }
}

impl Letters {
    fn of(word: impl Iterator<Item = char>) -> Self {
        word.fold(Self { mask: 0, count: 0 }, |letters, c| Self {
            mask: letters.mask | 1 << (u32::from(c) % 32),
            count: letters.count.saturating_add(1),
        })
    }

    /// False if more slips than the budget are certain: one slip adds or takes one letter.
    fn may_be(self, pressed: Self, budget: u8, unfinished: bool) -> bool {
        let budget = u32::from(budget);
        let unknown = (pressed.mask & !self.mask).count_ones();
        let left_out = (self.mask & !pressed.mask).count_ones();
        let (count, typed) = (u32::from(self.count), u32::from(pressed.count));
        unknown <= budget
            && count + budget >= typed
            && (unfinished || (left_out <= budget && count <= typed + budget))
    }
}

/// Many short texts in one allocation, a line each.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<u32>,
}

const END: char = '\n';

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push(END);
        self.ends.push(count(self.text.len()));
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start as usize..self.ends[at] as usize - END.len_utf8()]
    }

    /// Those that hold this somewhere. All of them are searched in one go, which is what makes it quick.
    pub(super) fn containing(&self, part: &str) -> impl Iterator<Item = usize> {
        let places = self.text.match_indices(part).map(|(place, _)| count(place));
        let mut last = None;
        places.filter_map(move |place| {
            let at = self.ends.partition_point(|end| *end <= place);
            (last.replace(at) != Some(at)).then_some(at)
        })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// The first in a range for which `before` is false, if the range is sorted by that.
    fn partition_point(&self, range: Range<usize>, before: impl Fn(&str) -> bool) -> usize {
        let (mut from, mut to) = (range.start, range.end);
        while from < to {
            let middle = from.midpoint(to);
            if before(self.get(middle)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }
}

/// No catalogue has four thousand million letters.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(words: &[String]) -> Vocabulary {
        Vocabulary::new(words.iter().zip(0..).map(|(word, number)| (word.into(), number)).collect())
    }

    fn misspelt(words: &[String], typed: &str, unfinished: bool) -> Vec<String> {
        let vocabulary = of(words);
        let mut found = Vec::new();
        vocabulary.misspelt(typed, unfinished, |at, _| found.push(vocabulary.words.get(at).to_owned()));
        found
    }

    #[test]
    fn a_word_knows_every_name_it_is_in() {
        let vocabulary =
            Vocabulary::new(vec![("b".into(), 2), ("a".into(), 1), ("b".into(), 0), ("b".into(), 2)]);
        assert_eq!(vocabulary.exactly("b").map(|word| vocabulary.names_with(word)), Some(&[0, 2][..]));
        assert_eq!(vocabulary.exactly("a").map(|word| vocabulary.names_with(word)), Some(&[1][..]));
        assert_eq!(vocabulary.exactly("c"), None);
    }

    #[test]
    fn an_empty_vocabulary_finds_nothing() {
        let nothing = of(&[]);
        assert_eq!(nothing.beginning_with(""), 0..0);
        assert_eq!(nothing.exactly(""), None);
        assert!(misspelt(&[], "матрица", true).is_empty());
    }

    proptest! {
        #[test]
        fn a_beginning_is_the_words_that_begin_so(words in proptest::collection::vec("[abж]{0,4}", 0..30), typed in "[abж]{0,3}") {
            let vocabulary = of(&words);
            let range = vocabulary.beginning_with(&typed);
            for at in 0..vocabulary.words.len() {
                let word = vocabulary.words.get(at);
                prop_assert_eq!(range.contains(&at), word.starts_with(&typed), "{} and {}", word, typed);
            }
        }

        #[test]
        fn the_mask_never_rules_out_a_word_that_is_near_enough(
            words in proptest::collection::vec("[а-д]{3,9}", 0..40),
            typed in "[а-д]{3,9}",
        ) {
            let different: std::collections::BTreeSet<char> = typed.chars().collect();
            let budget = usize::from(forgiven(typed.chars().count(), count(different.len())));
            let near: Vec<String> = of(&words).words.iter()
                .filter(|word| budget > 0 && strsim::osa_distance(&typed, word) <= budget)
                .map(ToOwned::to_owned)
                .collect();
            prop_assert_eq!(misspelt(&words, &typed, false), near);
        }
    }
}
