//! Which names fit what was typed.
//!
//! The index knows words and names, nothing of titles but their number. A name fits when every typed word found one of
//! its words. It is built once and never changes.

use std::borrow::Cow;

use super::{
    fold::{letter_count, same_letters, without_article},
    numbers::{digits, roman, roman_letter},
    vocabulary::{Texts, Vocabulary},
};

/// How well a name fits; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The whole name was typed.
    Exact,
    /// Whole words that the name begins with.
    Opening,
    /// The name begins with it.
    Beginning,
    /// All words are in the name.
    Words,
    /// All words are in the name, as far as they were typed.
    Unfinished,
    /// It is somewhere inside.
    Inside,
    /// So many slips away. What lacks a number that was typed does not fit, but is near: one slip further away. Of two that
    /// are as far, it comes first, since it has a letter more of what was typed.
    Guess { slips: u8, fits: bool },
}

impl Fit {
    /// Every word, but not the number.
    pub(super) const NEAREST: Self = Self::Guess { slips: 1, fits: false };
}

/// Words that people add about a title although they are not in its name; folded, so there is no `й`.
const ABOUT: [&str; 15] = [
    "film",
    "movie",
    "season",
    "series",
    "watch",
    "кино",
    "мультик",
    "мультфильм",
    "онлаин",
    "про",
    "сезон",
    "сериал",
    "серия",
    "смотреть",
    "фильм",
];

/// Past this many words a query says no more.
const MAX_WORDS: usize = 8;

/// A word of fewer letters that others follow is whole: the `dr` of `dr house` is not `dragon`.
const ENOUGH_TO_GO_ON: u16 = 3;

/// Of fewer letters nothing is guessed.
const ENOUGH_TO_GUESS: u16 = 3;

pub(super) struct Index {
    /// Every way to write a title, folded, without its article.
    names: Texts,
    /// What each name is the name of, and how many letters it has.
    of: Vec<(u32, u16)>,
    vocabulary: Vocabulary,
}

/// A name, the year that people add to tell it from another, and the title's number.
pub(super) struct Written {
    pub(super) name: String,
    pub(super) year: Option<u16>,
    pub(super) title: u32,
}

impl Index {
    pub(super) fn new(written: impl IntoIterator<Item = Written>) -> Self {
        let mut names = Texts::default();
        let (mut of, mut years) = (Vec::new(), Vec::new());
        for Written { name, year, title } in written {
            let name = without_article(&name);
            if !name.is_empty() {
                names.push(name);
                of.push((title, letter_count(name)));
                years.push(year);
            }
        }
        let mut words: Vec<(Cow<'_, str>, u32)> = Vec::new();
        for ((name, number), year) in names.iter().zip(0..).zip(years) {
            words.extend(name.split(' ').map(|word| (word.into(), number)));
            words.extend(year.map(|year| (year.to_string().into(), number)));
        }
        let vocabulary = Vocabulary::new(words);
        Self { names, of, vocabulary }
    }

    /// Titles with a name that has every word typed.
    pub(super) fn literally(&self, typed: &str, found: &mut dyn FnMut(u32, Fit)) {
        let typed = without_article(typed);
        let words = words_of(typed);
        let mut scores = Scores::over(self.names.len());
        for (position, word) in words.iter().enumerate() {
            let whole = self.vocabulary.exactly(word);
            let last = position + 1 == words.len();
            let whole_only = (!last && letters_of(word) < ENOUGH_TO_GO_ON) || is_number(word, position);
            let begun = if whole_only { 0..0 } else { self.vocabulary.beginning_with(word) };
            for at in whole.into_iter().chain(begun) {
                scores.found(self.vocabulary.names_with(at), u8::from(whole != Some(at)));
            }
            self.written_apart(word, &mut scores);
            scores.next_after(word);
        }
        let letters = words.iter().map(|word| letters_of(word)).sum();
        for (name, score) in scores.with_at_least(letters) {
            let fit = match after(self.names.get(name), typed) {
                Some("") => Fit::Exact,
                Some(rest) if rest.starts_with(' ') => Fit::Opening,
                Some(_) => Fit::Beginning,
                None if score.slips == 0 => Fit::Words,
                None => Fit::Unfinished,
            };
            found(self.of[name].0, fit);
        }
        let letters = letter_count(typed);
        let as_long = self.of.iter().enumerate().filter(|(_, (_, its))| *its == letters);
        for (name, (title, _)) in as_long {
            if same_letters(self.names.get(name), typed) {
                found(*title, Fit::Exact);
            }
        }
    }

    /// Titles with a name that holds what was typed anywhere, as scripts without spaces need it.
    pub(super) fn inside(&self, typed: &str, found: &mut dyn FnMut(u32)) {
        if typed.chars().nth(1).is_some() {
            self.names.containing(typed).for_each(|name| found(self.of[name].0));
        }
    }

    /// Titles with a name that was probably meant: it has most of what was typed, in so many slips. A word that is missing
    /// from it counts as many slips as it has letters. Numbers are left out: they are not misspelt.
    pub(super) fn roughly(&self, typed: &str, found: &mut dyn FnMut(u32, u8)) {
        let mut words = words_of(without_article(typed));
        words.retain(|word| digits(word).is_none());
        if words.iter().map(|word| letters_of(word)).sum::<u16>() < ENOUGH_TO_GUESS {
            return;
        }
        if !words.iter().all(|word| ABOUT.contains(word)) {
            words.retain(|word| !ABOUT.contains(word));
        }
        let mut scores = Scores::over(self.names.len());
        for (position, word) in words.iter().enumerate() {
            let unfinished = position + 1 == words.len();
            let whole = self.vocabulary.exactly(word);
            let begun = self.vocabulary.beginning_with(word).filter(|_| unfinished);
            for at in whole.into_iter().chain(begun) {
                scores.found(self.vocabulary.names_with(at), 0);
            }
            self.vocabulary.misspelt(word, unfinished, |at, slips| {
                scores.found(self.vocabulary.names_with(at), slips);
            });
            scores.next_after(word);
        }
        let letters = words.iter().map(|word| letters_of(word)).sum();
        for (name, score) in scores.with_at_least(most_of(letters)) {
            let missing = u8::try_from(letters - score.letters).unwrap_or(u8::MAX);
            found(self.of[name].0, score.slips.saturating_add(missing));
        }
    }

    /// `spiderman` is in the names that have `spider man`.
    fn written_apart(&self, word: &str, scores: &mut Scores) {
        for (end, _) in word.char_indices().skip(1) {
            let (left, right) = word.split_at(end);
            let Some(at) = self.vocabulary.exactly(left) else { continue };
            let apart = format!("{left} {right}");
            let names = self.vocabulary.names_with(at).iter();
            let with_both = names.filter(|name| self.names.get(**name as usize).contains(&apart));
            with_both.for_each(|name| scores.found(std::slice::from_ref(name), 0));
        }
    }
}

/// What the typed words cost each name, word by word.
struct Scores {
    of: Vec<Score>,
    /// The least that the present word costs each name, and the names that have it.
    cheapest: Vec<u8>,
    touched: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Score {
    /// How many letters of what was typed are in words that it has.
    letters: u16,
    slips: u8,
}

impl Scores {
    fn over(names: usize) -> Self {
        Self { of: vec![Score::default(); names], cheapest: vec![u8::MAX; names], touched: Vec::new() }
    }

    fn found(&mut self, names: &[u32], cost: u8) {
        for name in names {
            let cheapest = &mut self.cheapest[*name as usize];
            if *cheapest == u8::MAX {
                self.touched.push(*name);
            }
            *cheapest = cost.min(*cheapest);
        }
    }

    fn next_after(&mut self, word: &str) {
        for name in self.touched.drain(..).map(|name| name as usize) {
            let score = &mut self.of[name];
            score.letters += letters_of(word);
            score.slips = score.slips.saturating_add(self.cheapest[name]);
            self.cheapest[name] = u8::MAX;
        }
    }

    /// The names that have so many of the letters typed.
    fn with_at_least(&self, letters: u16) -> impl Iterator<Item = (usize, Score)> {
        let enough = move |score: &Score| score.letters >= letters.max(1);
        self.of.iter().copied().enumerate().filter(move |(_, score)| enough(score))
    }
}

/// What follows what was typed at the start of a name, wherever the spaces are: `e t` begins with `et`.
fn after<'a>(name: &'a str, typed: &str) -> Option<&'a str> {
    let mut rest = name;
    for letter in typed.chars().filter(|c| *c != ' ') {
        rest = rest.trim_start_matches(' ').strip_prefix(letter)?;
    }
    Some(rest)
}

fn words_of(typed: &str) -> Vec<&str> {
    typed.split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS).collect()
}

/// A folded text is short, and so are its words.
fn letters_of(word: &str) -> u16 {
    u16::try_from(word.chars().count()).unwrap_or(u16::MAX)
}

/// Seven letters in ten: `breaking bed` is Breaking Bad, but not every queen is Queen Margot.
fn most_of(letters: u16) -> u16 {
    (letters * 7).div_ceil(10)
}

/// People do not misspell a year by one; `1` does not mean every title since 1900, and `ii` not `iii`.
fn is_number(word: &str, position: usize) -> bool {
    digits(word).is_some() || (position > 0 && (roman(word).is_some() || roman_letter(word).is_some()))
}
