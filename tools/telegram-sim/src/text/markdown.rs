//! `parse_mode=MarkdownV2` and the legacy `Markdown`, by
//! <https://core.telegram.org/bots/api#markdownv2-style>.

use serde_json::{Value, json};

use super::formatted::{Builder, Formatted};

const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

struct Open {
    mark: &'static str,
    byte: usize,
    start: usize,
}

fn entity(mark: &str) -> (Value, &'static str) {
    match mark {
        "*" => (json!({"type": "bold"}), "Bold"),
        "_" => (json!({"type": "italic"}), "Italic"),
        "__" => (json!({"type": "underline"}), "Underline"),
        "~" => (json!({"type": "strikethrough"}), "Strikethrough"),
        "||" => (json!({"type": "spoiler"}), "Spoiler"),
        _ => (json!({"type": "text_link"}), "TextUrl"),
    }
}

/// Parses MarkdownV2.
pub(super) fn parse(text: &str) -> Result<Formatted, String> {
    let mut out = Builder::default();
    let mut open: Vec<Open> = Vec::new();
    let mut quote: Option<usize> = None;
    let mut at = 0;
    let mut line_start = true;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if std::mem::take(&mut line_start) {
            if rest.starts_with('>') {
                quote.get_or_insert(out.length);
                at += 1;
                continue;
            }
            if let Some(start) = quote.take() {
                out.close(start, json!({"type": "blockquote"}));
            }
        }
        match c {
            '\\' if rest[1..].starts_with(|next: char| next.is_ascii() && next != '\n') => {
                let next = rest[1..].chars().next().unwrap_or('\\');
                out.push(next);
                at += 1 + next.len_utf8();
            }
            '`' => at += code(rest, at, &mut out)?,
            '*' | '_' | '~' | '|' => {
                let mark = match c {
                    '*' => "*",
                    '~' => "~",
                    '_' if rest.starts_with("__") => "__",
                    '_' => "_",
                    _ if rest.starts_with("||") => "||",
                    _ => return Err(reserved(c)),
                };
                if open.last().is_some_and(|top| top.mark == mark) {
                    if let Some(top) = open.pop() {
                        out.close(top.start, entity(mark).0);
                    }
                } else {
                    open.push(Open { mark, byte: at, start: out.length });
                }
                at += mark.len();
            }
            '[' => {
                open.push(Open { mark: "[", byte: at, start: out.length });
                at += 1;
            }
            ']' => {
                let Some(top) = open.pop_if(|top| top.mark == "[") else { return Err(reserved(c)) };
                at += 1 + address(&rest[1..], &top, &mut out)?;
            }
            '\n' => {
                out.push(c);
                at += 1;
                line_start = true;
            }
            c if RESERVED.contains(c) => return Err(reserved(c)),
            c => {
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
    if let Some(top) = open.last() {
        return Err(unclosed(entity(top.mark).1, top.byte));
    }
    if let Some(start) = quote {
        out.close(start, json!({"type": "blockquote"}));
    }
    Ok(out.finish())
}

fn reserved(c: char) -> String {
    format!("Character '{c}' is reserved and must be escaped with the preceding '\\'")
}

fn unclosed(what: &str, byte: usize) -> String {
    format!("Can't find end of {what} entity at byte offset {byte}")
}

/// `(address)` after a link's text; returns how many bytes it took.
fn address(rest: &str, top: &Open, out: &mut Builder) -> Result<usize, String> {
    if !rest.starts_with('(') {
        return Ok(0);
    }
    let mut link = String::new();
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => {
                link.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            ')' => {
                if url::Url::parse(&link).is_ok() {
                    out.close(top.start, json!({"type": "text_link", "url": link}));
                }
                return Ok(index + 1);
            }
            c => link.push(c),
        }
    }
    Err("Can't find end of a URL at byte offset ".to_owned() + &top.byte.to_string())
}

/// Code in single or triple backticks; returns how many bytes it took.
fn code(rest: &str, at: usize, out: &mut Builder) -> Result<usize, String> {
    let (fence, name) = if rest.starts_with("```") { ("```", "Pre") } else { ("`", "Code") };
    let body = &rest[fence.len()..];
    let mut end = None;
    let mut escaped = false;
    for (index, c) in body.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if body[index..].starts_with(fence) {
            end = Some(index);
            break;
        }
    }
    let end = end.ok_or_else(|| unclosed(name, at))?;
    let mut inside = &body[..end];
    let mut kind = json!({"type": if fence == "`" { "code" } else { "pre" }});
    if fence == "```"
        && let Some((first, after)) = inside.split_once('\n')
        && first.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    {
        if !first.is_empty() {
            kind["language"] = json!(first);
        }
        inside = after;
    }
    let start = out.length;
    let mut escaped = false;
    for c in inside.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            out.push(c);
        }
    }
    out.close(start, kind);
    Ok(fence.len() * 2 + end)
}

/// Parses the legacy Markdown: no nesting, no escapes inside entities.
pub(super) fn parse_legacy(text: &str) -> Result<Formatted, String> {
    let mut out = Builder::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        match c {
            '\\' if rest[1..].starts_with(['_', '*', '`', '[']) => {
                out.push(rest[1..].chars().next().unwrap_or('\\'));
                at += 2;
            }
            '*' | '_' => {
                let mark = if c == '*' { "*" } else { "_" };
                let (kind, name) = entity(mark);
                let end = rest[1..].find(c).ok_or_else(|| unclosed(name, at))?;
                let start = out.length;
                rest[1..=end].chars().for_each(|c| out.push(c));
                out.close(start, kind);
                at += end + 2;
            }
            '`' => at += code(rest, at, &mut out)?,
            '[' => {
                let end = rest.find(']').ok_or_else(|| unclosed("TextUrl", at))?;
                let top = Open { mark: "[", byte: at, start: out.length };
                rest[1..end].chars().for_each(|c| out.push(c));
                at += end + 1 + address(&rest[end + 1..], &top, &mut out)?;
            }
            c => {
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
    Ok(out.finish())
}
