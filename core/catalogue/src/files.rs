//! File names that people paste instead of a name: `The.Matrix.1999.1080p.BluRay.x264-GROUP.mkv`.
//!
//! What is about the file and not the film (its quality, its source, who made it, which episode it is) begins somewhere and
//! never ends before the name does, so the name is what comes before the first of it.

use std::ops::RangeInclusive;

/// What a film's file name ends with.
const ENDINGS: [&str; 20] = [
    "mkv", "mp4", "avi", "mov", "m4v", "webm", "wmv", "mpg", "mpeg", "flv", "m2ts", "ts", "vob", "3gp",
    "ogm", "srt", "ass", "iso", "torrent", "divx",
];

/// Words that only a file has in its name.
const CERTAIN: [&str; 23] = [
    "bluray", "bdrip", "brrip", "bdremux", "remux", "webrip", "webdl", "webdlrip", "hdrip", "dvdrip",
    "dvdscr", "hdtv", "hdtvrip", "satrip", "camrip", "hdcam", "x264", "x265", "h264", "h265", "hevc", "xvid",
    "uhd",
];

/// Words that a name could have, but for the company they are in.
const LIKELY: [&str; 33] = [
    "web",
    "dl",
    "blu",
    "dvd",
    "bd",
    "cam",
    "ts",
    "hdr",
    "sdr",
    "4k",
    "8k",
    "3d",
    "10bit",
    "aac",
    "ac3",
    "dts",
    "divx",
    "extended",
    "unrated",
    "uncut",
    "remastered",
    "limited",
    "internal",
    "proper",
    "repack",
    "imax",
    "amzn",
    "nf",
    "dub",
    "dubbed",
    "subs",
    "rus",
    "eng",
];

/// When films were made that have file names. A bound rather than today's year, which nobody here knows.
const YEARS: RangeInclusive<u16> = 1890..=2040;

/// The longest name there is; the rest of it says no more.
const MAX_NAME: usize = 100;

/// The name in a file's name, with its year if that is there; nothing if the text is no file's name.
pub(super) fn name_in(text: &str) -> Option<String> {
    let text = text.trim();
    let stem = without_ending(text);
    let words = words_of(without_group(file_of(stem.unwrap_or(text), stem.is_some())));
    let certain = stem.is_some() || words.iter().any(|word| is_certain(word));
    let end = words.iter().skip(1).position(|word| is_about_the_file(word)).map_or(words.len(), |at| at + 1);
    let name = name_and_year(without_episode(&words[..end]), str::to_owned)?;
    certain.then_some(name)
}

/// `Name (1999)` of these words: the last year but a first word ends the name.
pub(super) fn name_and_year(words: &[&str], write: fn(&str) -> String) -> Option<String> {
    let year = words.iter().rposition(|word| is_year(word)).filter(|at| *at > 0);
    let name: Vec<String> = words[..year.unwrap_or(words.len())].iter().map(|word| write(word)).collect();
    let name: String = name.join(" ").chars().take(MAX_NAME - " (1999)".len()).collect();
    let name = name.trim();
    match year {
        _ if !name.chars().any(char::is_alphanumeric) => None,
        Some(at) => Some(format!("{name} ({})", words[at])),
        None => Some(name.to_owned()),
    }
}

pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse().is_ok_and(|year| YEARS.contains(&year))
}

fn without_ending(text: &str) -> Option<&str> {
    let (stem, ending) = text.rsplit_once('.')?;
    (!stem.is_empty() && ENDINGS.contains(&ending.to_lowercase().as_str())).then_some(stem)
}

/// Without the folders that it lies in.
fn file_of(text: &str, is_file: bool) -> &str {
    let file = text.rsplit(['/', '\\']).next().unwrap_or(text);
    if is_file && !file.is_empty() { file } else { text }
}

/// Without `[Group]` before the name.
fn without_group(text: &str) -> &str {
    let after = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(_, after)| after);
    after.filter(|after| after.contains(char::is_alphanumeric)).unwrap_or(text)
}

/// The words, and the dashes between them.
fn words_of(text: &str) -> Vec<&str> {
    let separates =
        |c: char| c.is_whitespace() || matches!(c, '.' | '_' | '[' | ']' | '(' | ')' | '{' | '}' | ',');
    text.split(separates).filter(|word| !word.is_empty()).collect()
}

/// Without the ` - 01` of an episode, or a dash that nothing follows.
fn without_episode<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let is_number =
        |word: &str| word.len() <= 4 && !is_year(word) && word.bytes().all(|b| b.is_ascii_digit());
    match words {
        [name @ .., "-" | "–" | "—", number] if !name.is_empty() && is_number(number) => name,
        [name @ .., "-" | "–" | "—"] if !name.is_empty() => name,
        _ => words,
    }
}

fn is_certain(word: &str) -> bool {
    let lower = word.to_lowercase();
    // `x264-GROUP`, `WEB-DL`, `Blu-ray`.
    let joined = lower.replace('-', "");
    let first = lower.split('-').next().unwrap_or_default();
    CERTAIN.contains(&joined.as_str())
        || CERTAIN.contains(&first)
        || is_resolution(first)
        || is_episode(&lower)
}

fn is_about_the_file(word: &str) -> bool {
    let lower = word.to_lowercase();
    let first = lower.split('-').next().unwrap_or_default();
    is_certain(word) || LIKELY.contains(&first)
}

/// `1080p`.
fn is_resolution(word: &str) -> bool {
    let lines = word.strip_suffix(['p', 'i']).unwrap_or_default();
    (3..=4).contains(&lines.len()) && lines.bytes().all(|b| b.is_ascii_digit())
}

/// `s01e02`, `s01`.
fn is_episode(word: &str) -> bool {
    let two = |number: &str| (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    match word.strip_prefix('s').map(|rest| rest.split_once('e').ok_or(rest)) {
        Some(Ok((season, episode))) => two(season) && two(episode),
        Some(Err(season)) => season.len() == 2 && two(season),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_name_holds_a_name_and_perhaps_a_year() {
        let pairs = [
            ("The.Matrix.1999.1080p.BluRay.x264-GROUP.mkv", "The Matrix (1999)"),
            ("Matrix_1999_[1080p].mp4", "Matrix (1999)"),
            ("Солярис.1972.BDRip.avi", "Солярис (1972)"),
            ("breaking.bad.s01e02.720p.web.mkv", "breaking bad"),
            ("Breaking Bad S01E02", "Breaking Bad"),
            ("[Group] Title - 01 (1080p).mkv", "Title"),
            ("Матрица.avi", "Матрица"),
            ("Blade.Runner.2049.2017.2160p.UHD.BluRay.x265-GRP.mkv", "Blade Runner 2049 (2017)"),
            ("2001.A.Space.Odyssey.1968.mkv", "2001 A Space Odyssey (1968)"),
            ("1917.1080p.mkv", "1917"),
            ("1917.2019.WEB-DL.mkv", "1917 (2019)"),
            (r"C:\Films\Inception (2010)\Inception.2010.mkv", "Inception (2010)"),
            ("/home/anna/Up.2009.mkv", "Up (2009)"),
            ("WALL-E.2008.Blu-ray.mkv", "WALL-E (2008)"),
            ("Матрица 1080p", "Матрица"),
            ("Web.of.Lies.2019.WEB.mkv", "Web of Lies (2019)"),
        ];
        for (file, name) in pairs {
            assert_eq!(name_in(file).as_deref(), Some(name), "{file}");
        }
    }

    #[test]
    fn a_name_is_no_file_name() {
        let names = [
            "",
            "The Matrix",
            "Mr. Robot",
            "Vol. 2",
            "S.W.A.T.",
            "T-34",
            "Face/Off",
            "The Limited",
            "[REC]",
            "Extended",
            ".mkv",
            "1080",
            "s",
            "Матрица (1999)",
            "E.T. the Extra-Terrestrial",
            "Cam",
        ];
        for name in names {
            assert_eq!(name_in(name), None, "{name:?} was read as a file's name");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in any::<String>(), words in "[a-zа-я0-9 ._\\[\\]()/-]{0,60}") {
            for text in [text.clone(), format!("{text}.mkv"), format!("{words}.mkv"), format!("{words} 1080p")] {
                let name = name_in(&text);
                prop_assert!(name.is_none_or(|name| name.chars().count() <= MAX_NAME && !name.trim().is_empty()));
            }
        }
    }
}
