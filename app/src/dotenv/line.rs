//! One line of the file.

use super::names;

/// What a line says.
pub(super) enum Line<'l> {
    /// Nothing, or a remark.
    Nothing,
    /// The value of one of our settings.
    Setting { name: &'l str, value: String, notes: Vec<Note> },
    /// Something of another program, with the rest of its line.
    Foreign { value: &'l str },
    /// Something of another program, or a slip: it is nearly one of ours.
    Slip { written: &'l str, meant: &'l str },
    /// Something that counts in the environment only.
    Elsewhere { name: &'static str },
    /// A mistake. The name is always one of our own.
    Wrong { name: Option<String>, why: String },
}

/// Something about a value that is not wrong, and may not be what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    Dollar,
    Cut,
}

impl Note {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Dollar => {
                "the $ is taken as it is written, and nothing is put in for it (in single quotes this is not said again)"
            }
            Self::Cut => {
                "what comes after the # is not part of the value; if it should be, put quotes around all of it"
            }
        }
    }
}

/// Reads a line. `known` are the names of settings.
pub(super) fn parse<'l>(line: &'l str, known: &[&'l str]) -> Line<'l> {
    let line = trimmed(line);
    if line.is_empty() || line.starts_with('#') {
        return Line::Nothing;
    }
    let line = match line.strip_prefix("export") {
        Some(rest) if rest.starts_with(char::is_whitespace) => trimmed(rest),
        _ => line,
    };
    match line.find(['=', ':']).map(|at| (trimmed(&line[..at]), &line[at..])) {
        Some((name, value)) if value.starts_with('=') => assignment(line, name, &value[1..], known),
        Some((name, _)) => match names::same(name, known) {
            Some(name) => wrong(name, format!("a colon follows the name: write {name}=…")),
            None => no_assignment(line, known),
        },
        None => no_assignment(line, known),
    }
}

fn assignment<'l>(line: &'l str, written: &'l str, value: &'l str, known: &[&'l str]) -> Line<'l> {
    if written.is_empty() {
        return Line::Wrong { name: None, why: "there is no name before the =".into() };
    }
    if let Some(name) = known.iter().copied().find(|name| *name == written) {
        return match read(value) {
            Ok((value, notes)) => Line::Setting { name, value, notes },
            Err(why) => wrong(name, why.to_owned()),
        };
    }
    if let Some(name) = names::same(written, known) {
        return wrong(name, format!("the name is not spelt like this: write {name}=…"));
    }
    if let Some(name) = names::of_a_library(written) {
        return Line::Elsewhere { name };
    }
    if !names::is_one(written) {
        return no_assignment(line, known);
    }
    match names::near(written, known) {
        Some(meant) => Line::Slip { written, meant },
        None => Line::Foreign { value },
    }
}

/// `set BOT_TOKEN=…`, `$env:BOT_TOKEN = …`, `BOT_TOKEN …`, or anything else.
fn no_assignment<'l>(line: &str, known: &[&'l str]) -> Line<'l> {
    let before = line.split('=').next().unwrap_or_default();
    let mut words = before.split(|letter: char| letter.is_whitespace() || letter == ':');
    match words.find_map(|word| names::same(word, known)) {
        Some(name) => wrong(
            name,
            format!("write {name}=…, with nothing before the name and nothing between it and the ="),
        ),
        None => Line::Wrong { name: None, why: "this is not NAME=value (a remark begins with #)".into() },
    }
}

fn wrong(name: &str, why: String) -> Line<'static> {
    Line::Wrong { name: Some(name.to_owned()), why }
}

const OPEN: &str = "the quote before the value is not closed on this line";
const CLOSED_ONLY: &str = "there is a quote at the end of the value and none before it";
const AFTER_QUOTE: &str = "something follows the closing quote: begin a remark with #";
const WORDS: &str =
    "words follow the value: put a # before a remark, or quotes around all of it if they belong to it";
const TYPOGRAPHIC: &str = "these quotes are typographic ones: use \" or ', or none";
const HASH_FIRST: &str = "the value begins with #: put quotes around it, or a space before a remark";
const CONTROL: &str = "there is a character in the value that cannot be seen";

type Value = (String, Vec<Note>);

/// Reads what comes after the `=`.
fn read(raw: &str) -> Result<Value, &'static str> {
    let value = trimmed(raw);
    let (value, notes) = match value.chars().next() {
        Some('\'') => single_quoted(&value[1..])?,
        Some('"') => double_quoted(&value[1..])?,
        Some('#') => remark_or_value(raw, value)?,
        Some(first) if is_typographic(first) => return Err(TYPOGRAPHIC),
        _ => bare(value)?,
    };
    if value.chars().any(char::is_control) { Err(CONTROL) } else { Ok((value, notes)) }
}

/// Everything is as it is written.
fn single_quoted(rest: &str) -> Result<Value, &'static str> {
    let (value, after) = rest.split_once('\'').ok_or(OPEN)?;
    nothing_follows(after)?;
    Ok((value.to_owned(), Vec::new()))
}

/// `\"`, `\\` and `\$` stand for what is after the backslash; another backslash (`C:\films`) for itself.
fn double_quoted(rest: &str) -> Result<Value, &'static str> {
    let (mut value, mut notes) = (String::new(), Vec::new());
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                nothing_follows(&rest[at + 1..])?;
                return Ok((value, notes));
            }
            '\\' => {
                let escaped = letters.next_if(|(_, next)| matches!(next, '"' | '\\' | '$'));
                value.push(escaped.map_or('\\', |(_, letter)| letter));
            }
            letter => {
                if notes.is_empty() && begins_substitution(&rest[at..]) {
                    notes.push(Note::Dollar);
                }
                value.push(letter);
            }
        }
    }
    Err(OPEN)
}

fn nothing_follows(after: &str) -> Result<(), &'static str> {
    let after = trimmed(after);
    if after.is_empty() || after.starts_with('#') { Ok(()) } else { Err(AFTER_QUOTE) }
}

/// `NAME= # remark`; but `NAME=#1a2b` may be either.
fn remark_or_value(raw: &str, value: &str) -> Result<Value, &'static str> {
    let apart = raw.starts_with(char::is_whitespace);
    let worded = value[1..].starts_with(char::is_whitespace) || value.len() == 1;
    if apart || worded { Ok((String::new(), Vec::new())) } else { Err(HASH_FIRST) }
}

/// A `#` after a space begins a remark; inside a word it is part of it.
fn bare(value: &str) -> Result<Value, &'static str> {
    let remark =
        value.match_indices('#').map(|(at, _)| at).find(|at| value[..*at].ends_with(char::is_whitespace));
    let (value, remark) = remark.map_or((value, ""), |at| (trimmed(&value[..at]), &value[at + 1..]));
    if value.contains(char::is_whitespace) {
        return Err(WORDS);
    }
    if value.ends_with(['"', '\'']) {
        return Err(CLOSED_ONLY);
    }
    if value.ends_with(is_typographic) {
        return Err(TYPOGRAPHIC);
    }
    let mut notes = Vec::new();
    if value.match_indices('$').any(|(at, _)| begins_substitution(&value[at..])) {
        notes.push(Note::Dollar);
    }
    // "#def" rather than "# mine".
    if remark.starts_with(|first: char| !first.is_whitespace() && first != '#') {
        notes.push(Note::Cut);
    }
    Ok((value.to_owned(), notes))
}

/// Whether other readers of such files would put something in here.
fn begins_substitution(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|rest| {
        rest.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '_' | '{' | '('))
    })
}

fn is_typographic(letter: char) -> bool {
    matches!(
        letter,
        '“' | '”'
            | '„'
            | '‟'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '`'
            | '´'
            | '″'
            | '′'
            | '＂'
            | '＇'
    )
}

/// Without the blanks around it, also those that cannot be seen and come along when text is copied from a page.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| {
        letter.is_whitespace()
            || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
    })
}

/// How many more lines a value of another program takes, which has a quote that is closed on a later one.
pub(super) fn goes_on_for(value: &str, next: &[&str]) -> usize {
    let value = trimmed(value);
    let Some(quote) = value.chars().next().filter(|first| matches!(first, '"' | '\'')) else { return 0 };
    if value[1..].contains(quote) {
        return 0;
    }
    let end = next.iter().position(|line| line.contains(quote));
    // A quote in the middle of a line is the beginning of another value, not the end of this one.
    let closes =
        |at: &usize| next[*at].split_once(quote).is_some_and(|(_, after)| nothing_follows(after).is_ok());
    end.filter(closes).map_or(0, |at| at + 1)
}
