//! Texts as Telegram reads them: formatted ones are parsed with Telegram's own refusals, and all
//! lengths and offsets count UTF-16 code units.

mod detect;
mod formatted;
mod html;
mod markdown;

use serde_json::{Value, json};

pub use self::detect::autodetect;
pub(crate) use self::formatted::{Formatted, utf16};

/// Parses a text in a parse mode. The error is Telegram's, without its "Bad Request: " prefix.
pub(crate) fn parse(text: &str, mode: Option<&str>) -> Result<Formatted, String> {
    let mut formatted = match mode.map(str::to_ascii_lowercase).as_deref() {
        None | Some("") => Formatted { text: text.to_owned(), entities: Vec::new() },
        Some("html") => html::parse(text).map_err(cannot)?,
        Some("markdownv2") => markdown::parse(text).map_err(cannot)?,
        Some("markdown") => markdown::parse_legacy(text).map_err(cannot)?,
        Some(_) => return Err("unsupported parse_mode".to_owned()),
    };
    trim_end(&mut formatted);
    add_detected(&mut formatted);
    Ok(formatted)
}

fn cannot(why: impl std::fmt::Display) -> String {
    format!("can't parse entities: {why}")
}

/// A text with entities given as such.
pub(crate) fn with_entities(text: &str, given: &[Value]) -> Result<Formatted, String> {
    let length = utf16(text);
    for entity in given {
        let number =
            |key: &str| entity.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let kind = entity.get("type").and_then(Value::as_str);
        let (Some(offset), Some(size), Some(kind)) = (number("offset"), number("length"), kind) else {
            return Err("can't parse MessageEntity: wrong type, offset or length".to_owned());
        };
        if !KINDS.contains(&kind) {
            return Err(format!("can't parse MessageEntity: type \"{kind}\" is unknown"));
        }
        if size == 0 || offset + size > length {
            return Err(format!(
                "entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {}",
                offset + size
            ));
        }
        if kind == "text_link" && entity.get("url").and_then(Value::as_str).is_none() {
            return Err("can't parse MessageEntity: field \"url\" is required".to_owned());
        }
    }
    let mut formatted = Formatted { text: text.to_owned(), entities: given.to_vec() };
    trim_end(&mut formatted);
    add_detected(&mut formatted);
    Ok(formatted)
}

const KINDS: [&str; 20] = [
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];

fn span(entity: &Value) -> (usize, usize) {
    let number = |key: &str| {
        entity
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or_default()
    };
    (number("offset"), number("length"))
}

/// Telegram drops white space at the end; entities do not reach beyond it.
fn trim_end(formatted: &mut Formatted) {
    formatted.text.truncate(formatted.text.trim_end().len());
    let length = utf16(&formatted.text);
    formatted.entities.retain_mut(|entity| {
        let (offset, size) = span(entity);
        if offset >= length {
            return false;
        }
        if offset + size > length {
            entity["length"] = json!(length - offset);
        }
        true
    });
}

fn add_detected(formatted: &mut Formatted) {
    for found in autodetect(&formatted.text) {
        let (offset, size) = span(&found);
        let taken = formatted.entities.iter().any(|entity| {
            let (start, length) = span(entity);
            let exclusive = matches!(
                entity.get("type").and_then(Value::as_str),
                Some(
                    "code"
                        | "pre"
                        | "text_link"
                        | "url"
                        | "email"
                        | "mention"
                        | "bot_command"
                        | "hashtag"
                        | "cashtag"
                        | "phone_number"
                        | "bank_card"
                )
            );
            exclusive && offset < start + length && start < offset + size
        });
        if !taken {
            formatted.entities.push(found);
        }
    }
    formatted.entities.sort_by_key(|entity| {
        let (offset, size) = span(entity);
        (offset, std::cmp::Reverse(size))
    });
}
