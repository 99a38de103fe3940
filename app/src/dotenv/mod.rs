//! The file `.env`: settings as lines `NAME=value`, for whoever does not want to set environment variables.
//!
//! What is written is what is meant: nothing is put in for a `$`, and a backslash is a backslash except in double quotes. Every
//! mistake is reported at once, by line and name. **No part of a line after its name is ever shown**, nor a name that is not one of
//! ours: either may be a secret that was pasted into the wrong place.
//!
//! The file is looked for in the folder where the program is started, then in the one that holds the program; never above them, where
//! it could be anybody's. Nor is it read if it is another user's, or everybody may write to it: it says where the bot's token is sent. Names that are no settings are left alone, since other
//! programs may read the same file; one that looks like a slip is hinted at. The environment wins over the file.

mod line;
mod names;
mod text;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use self::line::{Line, Note};

const FILE: &str = ".env";
/// A file of settings has a few hundred bytes; the Bot API's token is not at the end of something that has more than this.
const LONGEST: u64 = 64 * 1024;
/// Of more than so many mistakes of one file the rest says nothing new.
const MOST: usize = 20;

/// What the file says. Not `Debug`: it holds secrets.
#[derive(Default)]
pub(crate) struct DotEnv {
    values: BTreeMap<String, Entry>,
    /// What keeps the program from starting.
    pub(crate) mistakes: Vec<Mistake>,
    /// What an operator should know although the program starts.
    pub(crate) warnings: Vec<String>,
    /// What may explain a mistake.
    pub(crate) hints: Vec<String>,
    /// What is nearly the name of a setting, and the setting.
    slips: Vec<(String, String)>,
}

struct Entry {
    value: String,
    line: usize,
}

/// Something that is wrong, in words, and the setting that it concerns.
pub(crate) struct Mistake {
    pub(crate) name: Option<String>,
    pub(crate) says: String,
}

/// The environment, as far as it matters here: the value of a name.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl DotEnv {
    /// Reads the file of the folder where the program is started, else the one beside the program. `known` are the names of settings.
    pub(crate) fn find(known: &[&str], environment: Environment<'_>) -> Self {
        let beside = || Some(std::env::current_exe().ok()?.canonicalize().ok()?.parent()?.to_owned());
        // Where nobody is, there is no file.
        let folders: Vec<PathBuf> = std::env::current_dir().ok().into_iter().chain(beside()).collect();
        Self::first_of(&folders, known, environment)
    }

    fn first_of(folders: &[PathBuf], known: &[&str], environment: Environment<'_>) -> Self {
        let there = |folder: &&PathBuf| fs::symlink_metadata(folder.join(FILE)).is_ok();
        let Some(folder) = folders.iter().find(there) else {
            return Self::none(folders);
        };
        let path = folder.join(FILE);
        let shown = if folders.first() == Some(folder) { FILE.into() } else { path.display().to_string() };
        match bytes(&path) {
            Ok(bytes) => Self::read(&bytes, &shown, known, environment),
            Err(why) => {
                let mistake = Mistake { name: None, says: format!("{shown} cannot be read: {why}") };
                Self { mistakes: vec![mistake], ..Self::default() }
            }
        }
    }

    /// There is no file; what looks like one may explain a mistake.
    fn none(folders: &[PathBuf]) -> Self {
        let mut none = Self::default();
        let Some(here) = folders.first() else { return none };
        if here.join(".env.txt").is_file() {
            none.hints
                .push("there is a file .env.txt here, which is not read: its name has to be .env".into());
        }
        if let Some(above) =
            here.ancestors().skip(1).map(|folder| folder.join(FILE)).find(|file| file.is_file())
        {
            none.hints.push(format!(
                "{} is not read, since it lies above the folder where the program is started: start it there",
                above.display()
            ));
        }
        none
    }

    pub(crate) fn read(bytes: &[u8], file: &str, known: &[&str], environment: Environment<'_>) -> Self {
        let mut read = Self::default();
        match text::decoded(bytes) {
            Ok(text) => read.lines(&text, file, known),
            Err(why) => read.mistakes.push(Mistake { name: None, says: format!("{file}{why}") }),
        }
        read.compare(file, environment);
        read
    }

    fn lines(&mut self, text: &str, file: &str, known: &[&str]) {
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let place = format!("{file}, line {}", at + 1);
            match line::parse(line, known) {
                Line::Nothing => {}
                Line::Foreign { value } => {
                    at += line::goes_on_for(value, lines.get(at + 1..).unwrap_or_default());
                }
                Line::Slip { written, meant } => {
                    let says = format!(
                        "{place}: {written} is no setting, so it does nothing; did you mean {meant}?"
                    );
                    self.slips.push((meant.to_owned(), says));
                }
                Line::Elsewhere { name } => self.warnings.push(format!(
                    "{place}: {name} is read from the environment only: in this file it does nothing"
                )),
                Line::Wrong { name, why } => {
                    let named = name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
                    self.mistake(name, format!("{place}: {named}{why}"));
                }
                Line::Setting { name, value, notes } => self.setting(name, value, &notes, at + 1, file),
            }
            at += 1;
        }
        if self.mistakes.len() > MOST {
            let more = self.mistakes.len() - MOST;
            self.mistakes.truncate(MOST);
            self.mistake(None, format!("{file}: and {more} more lines like these"));
        }
    }

    fn setting(&mut self, name: &str, value: String, notes: &[Note], line: usize, file: &str) {
        if let Some(first) = self.values.get(name) {
            let empty = if first.value.is_empty() { ", empty" } else { "" };
            let says = format!(
                "{file}, line {line}: {name} is there twice, in line {} too{empty}: keep one",
                first.line
            );
            self.mistake(Some(name.to_owned()), says);
            return;
        }
        for note in notes {
            self.warnings.push(format!("{file}, line {line}: {name}: {}", note.words()));
        }
        self.values.insert(name.to_owned(), Entry { value, line });
    }

    fn mistake(&mut self, name: Option<String>, says: String) {
        self.mistakes.push(Mistake { name, says });
    }

    /// What is in the file and does not count, because it is empty, misspelt, or set otherwise in the environment.
    fn compare(&mut self, file: &str, environment: Environment<'_>) {
        for (meant, says) in std::mem::take(&mut self.slips) {
            // Where the setting is given too, this may well be a name of another program.
            if self.get(&meant).is_none() && environment(&meant).is_none() {
                self.warnings.push(says);
            }
        }
        for (name, Entry { value, line }) in &self.values {
            let outside = environment(name);
            if value.is_empty() && outside.is_none() {
                self.hints.push(format!("{file}, line {line}: {name} is empty, as if it were not there"));
            }
            if !value.is_empty() && outside.is_some_and(|outside| outside.trim().is_empty()) {
                self.hints.push(format!(
                    "{file}, line {line}: {name} is set to nothing in the environment, which wins"
                ));
            }
        }
    }

    /// The value of a setting.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|entry| entry.value.as_str())
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let why = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => "it is a link to nothing".to_owned(),
        ErrorKind::PermissionDenied => "this user may not".to_owned(),
        kind => kind.to_string(),
    };
    let found = fs::metadata(path).map_err(why)?;
    if found.is_dir() {
        return Err("it is a folder (Docker makes one where the file that it was to mount is missing)".into());
    }
    if !found.is_file() {
        return Err("it is a pipe or a device".into());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(why)?;
    trusted(&file.metadata().map_err(why)?)?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(why)?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("it is larger than {} KB, which no file of settings is", LONGEST / 1024));
    }
    Ok(bytes)
}

/// A user who can write this file can redirect the bot's token to a server of their own.
#[cfg(unix)]
fn trusted(found: &fs::Metadata) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;
    trusted_by(nix::unistd::geteuid().as_raw(), found.uid(), found.mode())
}

#[cfg(unix)]
fn trusted_by(user: u32, owner: u32, mode: u32) -> Result<(), String> {
    if owner != user && owner != 0 {
        return Err(
            "it belongs to another user, who could have the bot's token sent anywhere: chown it".into()
        );
    }
    if mode & 0o002 != 0 {
        return Err("everybody on this machine may write to it: chmod o-w".into());
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "there are owners elsewhere")]
fn trusted(_: &fs::Metadata) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests;
