//! `parse_mode=HTML`, by <https://core.telegram.org/bots/api#html-style>.

use serde_json::{Value, json};

use super::formatted::{Builder, Formatted};

struct Open {
    tag: String,
    start: usize,
    entity: Value,
}

/// Parses HTML. The error says what is wrong and at which byte.
pub(super) fn parse(text: &str) -> Result<Formatted, String> {
    let mut out = Builder::default();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '&' => {
                if let Some((decoded, length)) = character(&text[at..]) {
                    out.push(decoded);
                    at += length;
                } else {
                    out.push('&');
                    at += 1;
                }
            }
            '<' => {
                let end =
                    text[at..].find('>').ok_or_else(|| format!("Unclosed start tag at byte offset {at}"))?;
                let inside = &text[at + 1..at + end];
                if let Some(name) = inside.strip_prefix('/') {
                    close_tag(name, at, &mut open, &mut out)?;
                } else {
                    open_tag(inside, at, &mut open, &out)?;
                }
                at += end + 1;
            }
            other => {
                out.push(other);
                at += other.len_utf8();
            }
        }
    }
    if let Some(last) = open.last() {
        return Err(format!("Can't find end tag corresponding to start tag \"{}\"", last.tag));
    }
    Ok(out.finish())
}

fn open_tag(inside: &str, at: usize, open: &mut Vec<Open>, out: &Builder) -> Result<(), String> {
    let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let tag = name.to_ascii_lowercase();
    let entity = match tag.as_str() {
        "b" | "strong" => json!({"type": "bold"}),
        "i" | "em" => json!({"type": "italic"}),
        "u" | "ins" => json!({"type": "underline"}),
        "s" | "strike" | "del" => json!({"type": "strikethrough"}),
        "tg-spoiler" => json!({"type": "spoiler"}),
        "span" if attribute(attributes, "class").as_deref() == Some("tg-spoiler") => {
            json!({"type": "spoiler"})
        }
        "span" => {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}"));
        }
        "a" => json!({"type": "text_link", "url": attribute(attributes, "href")}),
        "code" => {
            let language = attribute(attributes, "class")
                .and_then(|class| class.strip_prefix("language-").map(str::to_owned));
            if let (Some(language), Some(pre)) = (language, open.last_mut())
                && pre.tag == "pre"
                && pre.start == out.length
            {
                pre.entity["language"] = json!(language);
            }
            json!({"type": "code"})
        }
        "pre" => json!({"type": "pre"}),
        "blockquote" if has_flag(attributes, "expandable") => {
            json!({"type": "expandable_blockquote"})
        }
        "blockquote" => json!({"type": "blockquote"}),
        "tg-emoji" => match attribute(attributes, "emoji-id") {
            Some(id) => json!({"type": "custom_emoji", "custom_emoji_id": id}),
            None => {
                return Err(format!("Tag \"tg-emoji\" must have attribute \"emoji-id\" at byte offset {at}"));
            }
        },
        _ => return Err(format!("Unsupported start tag \"{tag}\" at byte offset {at}")),
    };
    open.push(Open { tag, start: out.length, entity });
    Ok(())
}

fn close_tag(name: &str, at: usize, open: &mut Vec<Open>, out: &mut Builder) -> Result<(), String> {
    let name = name.trim().to_ascii_lowercase();
    let Some(top) = open.pop() else {
        return Err(format!("Unexpected end tag at byte offset {at}"));
    };
    if !name.is_empty() && name != top.tag {
        return Err(format!(
            "Unmatched end tag at byte offset {at}, expected \"</{}>\", found \"</{name}>\"",
            top.tag
        ));
    }
    let inside_pre =
        top.tag == "code" && open.last().is_some_and(|outer| outer.tag == "pre" && outer.start == top.start);
    if inside_pre {
        return Ok(());
    }
    if top.tag == "a" {
        // Without an address, or with one that is no link, only the text remains.
        let link = top.entity.get("url").and_then(Value::as_str);
        let good = link.is_some_and(|link| {
            url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "tg" | "ton"))
        });
        if !good {
            return Ok(());
        }
    }
    out.close(top.start, top.entity);
    Ok(())
}

/// A character reference at the start of `text`: what it stands for and its length in bytes.
fn character(text: &str) -> Option<(char, usize)> {
    let end = text.get(1..)?.find(';').filter(|end| *end <= 10)? + 1;
    let name = &text[1..end];
    let decoded = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')?
        }
    };
    Some((decoded, end + 1))
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes.trim();
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.split_whitespace().last().unwrap_or_default();
        let after = after.trim_start();
        let (value, left) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote)?,
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(decode(value));
        }
        rest = left.trim_start();
    }
    None
}

fn has_flag(attributes: &str, name: &str) -> bool {
    attributes.split_whitespace().any(|word| word.eq_ignore_ascii_case(name))
}

fn decode(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let reference = if c == '&' { character(&text[at..]) } else { None };
        let (decoded, length) = reference.unwrap_or((c, c.len_utf8()));
        out.push(decoded);
        at += length;
    }
    out
}
