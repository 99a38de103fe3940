//! What Telegram recognises without markup: commands, mentions, hashtags, links.

use serde_json::{Value, json};

use super::utf16;

/// Entities of plain text, in order.
pub(crate) fn autodetect(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut offset = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if let Some((kind, skip, length)) = classify(word) {
            found.push(json!({
                "type": kind,
                "offset": offset + skip,
                "length": length,
            }));
        }
        offset += utf16(piece);
    }
    found
}

/// Kind, how many units to skip, and how many it takes.
fn classify(word: &str) -> Option<(&'static str, usize, usize)> {
    let lead: usize = word.chars().take_while(|c| "([{«\"'".contains(*c)).map(char::len_utf8).sum();
    let skip = utf16(&word[..lead]);
    let word = &word[lead..];
    if let Some(rest) = word.strip_prefix('/') {
        let name = length_of(rest, 32);
        if name == 0 {
            return None;
        }
        let mut length = 1 + name;
        if let Some(bot) = rest[name..].strip_prefix('@') {
            let bot = length_of(bot, 32);
            if bot >= 3 {
                length += 1 + bot;
            }
        }
        return Some(("bot_command", skip, length));
    }
    if let Some(rest) = word.strip_prefix('@') {
        let name = length_of(rest, 32);
        return (name >= 3).then_some(("mention", skip, 1 + name));
    }
    if let Some(rest) = word.strip_prefix('#') {
        let tag: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        return (!tag.is_empty()).then(|| ("hashtag", skip, 1 + utf16(&tag)));
    }
    let lower = word.to_ascii_lowercase();
    let link = ["http://", "https://", "t.me/", "tg://"].iter().any(|p| lower.starts_with(p));
    if link {
        let trimmed = word.trim_end_matches(['.', ',', '!', '?', ')', ':', ';', '»', '"', '\'']);
        return Some(("url", skip, utf16(trimmed)));
    }
    None
}

fn length_of(text: &str, most: usize) -> usize {
    text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').take(most).count()
}
