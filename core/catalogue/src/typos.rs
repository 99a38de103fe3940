//! How many slips of the finger lie between what was typed and a word.
//!
//! A slip is a letter too many, too few or wrong, or two neighbours exchanged (optimal string alignment distance). The
//! word may go on after what was typed, since people look while they are still typing; that is why this is not simply
//! `strsim`, which also knows no budget to stop at.

/// How many slips are forgiven in a word of so many letters, of which so many are different: from `aaaaaaa` nothing can
/// be guessed.
pub(super) fn forgiven(letters: usize, different: u32) -> u8 {
    let by_length = match letters {
        0..=3 => 0,
        4..=7 => 1,
        8..=11 => 2,
        _ => 3,
    };
    u8::try_from(different / 2).map_or(by_length, |few| by_length.min(few))
}

/// Out of reach of every budget.
const FAR: u8 = u8::MAX;

/// Reusable rows of the table.
#[derive(Default)]
pub(super) struct Slips {
    before: Vec<u8>,
    above: Vec<u8>,
    row: Vec<u8>,
}

impl Slips {
    /// The number of slips, if it is within the budget. With `unfinished` the end of the word may be missing.
    pub(super) fn between(
        &mut self,
        typed: &[char],
        word: &[char],
        budget: u8,
        unfinished: bool,
    ) -> Option<u8> {
        let (end, reach) = (typed.len(), usize::from(budget));
        for row in [&mut self.before, &mut self.above, &mut self.row] {
            row.clear();
            row.resize(end + 1, FAR);
        }
        for (slips, cell) in (0..=budget).zip(&mut self.above) {
            *cell = slips;
        }
        let mut best = self.above[end];
        for (y, letter) in word.iter().enumerate() {
            // Further from the diagonal lie only cells beyond the budget.
            let (from, to) = ((y + 1).saturating_sub(reach), (y + 1 + reach).min(end));
            if from > end {
                break;
            }
            if let Some(left) = from.checked_sub(1) {
                self.row[left] = FAR;
            } else {
                self.row[0] = u8::try_from(y + 1).unwrap_or(FAR);
            }
            let mut least = if from == 0 { self.row[0] } else { FAR };
            for x in from.max(1)..=to {
                let key = typed[x - 1];
                let wrong = self.above[x - 1].saturating_add(u8::from(key != *letter));
                let missing = self.above[x].saturating_add(1);
                let extra = self.row[x - 1].saturating_add(1);
                let mut slips = wrong.min(missing).min(extra);
                if x > 1 && y > 0 && key == word[y - 1] && typed[x - 2] == *letter {
                    slips = slips.min(self.before[x - 2].saturating_add(1));
                }
                self.row[x] = slips;
                least = least.min(slips);
            }
            if let Some(right) = self.row.get_mut(to + 1) {
                *right = FAR;
            }
            let reached = if to == end { self.row[end] } else { FAR };
            best = if unfinished { best.min(reached) } else { reached };
            if least > budget {
                // Slips only ever become more.
                return (unfinished && best <= budget).then_some(best);
            }
            std::mem::swap(&mut self.before, &mut self.above);
            std::mem::swap(&mut self.above, &mut self.row);
        }
        let all_read = unfinished || word.len() <= end + reach;
        (all_read && best <= budget).then_some(best)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slips(typed: &str, word: &str, unfinished: bool) -> Option<u8> {
        within(3, typed, word, unfinished)
    }

    fn within(budget: u8, typed: &str, word: &str, unfinished: bool) -> Option<u8> {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        let mut slips = Slips::default();
        // Rows that were used before.
        slips.between(&letters("previous"), &letters("pervious"), 2, true);
        slips.between(&letters(typed), &letters(word), budget, unfinished)
    }

    #[test]
    fn two_exchanged_letters_are_one_slip() {
        assert_eq!(slips("matirx", "matrix", false), Some(1));
        assert_eq!(slips("matrix", "matrix", false), Some(0));
    }

    #[test]
    fn a_word_that_is_still_being_typed_may_end_early() {
        assert_eq!(slips("термена", "терминатор", true), Some(1));
        assert_eq!(slips("термена", "терминатор", false), None);
    }

    #[test]
    fn what_is_too_far_away_is_not_counted() {
        assert_eq!(slips("alien", "predator", false), None);
    }

    proptest! {
        #[test]
        fn whole_words_are_as_far_apart_as_strsim_says(
            typed in "[abc]{0,9}", word in "[abc]{0,12}", budget in 0_u8..=3,
        ) {
            let far = strsim::osa_distance(&typed, &word);
            let expected = u8::try_from(far).ok().filter(|far| *far <= budget);
            prop_assert_eq!(within(budget, &typed, &word, false), expected);
        }

        #[test]
        fn an_unfinished_word_is_as_far_as_its_nearest_beginning(
            typed in "[abc]{0,7}", word in "[abc]{0,12}", budget in 0_u8..=3,
        ) {
            let far = (0..=word.len()).map(|end| strsim::osa_distance(&typed, &word[..end])).min().unwrap();
            let expected = u8::try_from(far).ok().filter(|far| *far <= budget);
            prop_assert_eq!(within(budget, &typed, &word, true), expected);
        }
    }
}
