//! What Telegram recognises in a text without markup: commands, mentions, hashtags, cashtags, links, e-mails, telephone and card numbers.
//!
//! The rules are those of Telegram's servers and clients as far as they are public. Where the real ones ask a list that changes (the
//! top-level domains, the telephone plans) this is stricter: what merely looks like a link or a number is one, so that a bot whose texts
//! hold nothing that is found here is safe with Telegram's lists of any year.

use std::ops::Range;

use serde_json::{Value, json};
use url::Host;

use super::formatted::utf16;

/// Telegram's longest bot command, without its slash.
const COMMAND: usize = 64;
/// The longest username.
const USERNAME: usize = 32;
/// The longest hashtag.
const HASHTAG: usize = 256;
/// So many digits may be a bank card's.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// So many digits may be a telephone's.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Finds what begins at a character; says what it is and how many characters it takes.
type Rule = fn(&[char], usize) -> Option<(&'static str, Range<usize>)>;

/// The first rule that finds something at a place wins.
const RULES: [Rule; 7] = [link_with_scheme, command, hashtag, cashtag, domain, mention, number];

/// Entities of plain text, in order.
pub fn autodetect(text: &str) -> Vec<Value> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut units, mut counted) = (0, 0, 0);
    while at < chars.len() {
        let Some((kind, range)) = RULES.iter().find_map(|rule| rule(&chars, at)) else {
            at += 1;
            continue;
        };
        units += length(&chars[counted..range.start]);
        let size = length(&chars[range.clone()]);
        found.push(json!({ "type": kind, "offset": units, "length": size }));
        units += size;
        counted = range.end;
        at = range.end;
    }
    found
}

fn length(chars: &[char]) -> usize {
    utf16(&chars.iter().collect::<String>())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_tag(c: char) -> bool {
    is_word(c) || matches!(c, '\u{200C}' | '\u{B7}' | '\u{D80}'..='\u{DFF}')
}

/// General punctuation ends a link, except for joiners and dashes.
fn is_of_link(c: char) -> bool {
    match c {
        '\u{2000}'..='\u{206F}' => matches!(c, '\u{200C}' | '\u{200D}' | '\u{2010}'..='\u{2015}'),
        _ => !c.is_whitespace(),
    }
}

fn is_of_path(c: char) -> bool {
    is_of_link(c) && !matches!(c, '<' | '>' | '"' | '«' | '»')
}

fn is_of_domain(c: char) -> bool {
    match c {
        '\0'..='\u{BF}' => c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~'),
        _ => is_of_link(c),
    }
}

fn before(chars: &[char], at: usize) -> Option<char> {
    at.checked_sub(1).map(|before| chars[before])
}

/// How many characters from a place on are of a kind.
fn run(chars: &[char], from: usize, is: impl Fn(char) -> bool) -> usize {
    chars[from.min(chars.len())..].iter().take_while(|c| is(**c)).count()
}

/// The end of a link's port and path, if it has any.
fn end_of_path(chars: &[char], mut end: usize) -> usize {
    if chars.get(end) == Some(&':') {
        let port = run(chars, end + 1, |c| c.is_ascii_digit());
        end += if (1..=5).contains(&port) { 1 + port } else { 0 };
    }
    if matches!(chars.get(end), Some('/' | '?' | '#')) {
        let mut last = end + 1 + run(chars, end + 1, is_of_path);
        while last > end + 1 && ".:;,('?!`".contains(chars[last - 1]) {
            last -= 1;
        }
        end = last;
    }
    end
}

/// `https://a`, `tg://a`: with a scheme whatever follows is a link.
fn link_with_scheme(chars: &[char], at: usize) -> Option<(&'static str, Range<usize>)> {
    let scheme = ["http", "https", "ftp", "tg", "ton", "tonsite"].into_iter().find(|scheme| {
        let end = at + scheme.len();
        let same =
            chars.get(at..end).is_some_and(|it| it.iter().collect::<String>().eq_ignore_ascii_case(scheme));
        same && chars.get(end..end + 3) == Some(&[':', '/', '/'])
    })?;
    let host = at + scheme.len() + 3;
    let size = run(chars, host, |c| is_of_domain(c) || matches!(c, '@' | ':'));
    let mut end = host + size;
    while end > host && matches!(chars[end - 1], '.' | ':') {
        end -= 1;
    }
    (end > host).then(|| ("url", at..end_of_path(chars, end)))
}

/// `/word`, `/word@bot`
fn command(chars: &[char], at: usize) -> Option<(&'static str, Range<usize>)> {
    let alone = !before(chars, at).is_some_and(|c| is_word(c) || matches!(c, '/' | '<' | '>'));
    if chars[at] != '/' || !alone {
        return None;
    }
    let name = run(chars, at + 1, is_name);
    let mut end = at + 1 + name;
    if chars.get(end) == Some(&'@') {
        let bot = run(chars, end + 1, is_name);
        end += if (3..=USERNAME).contains(&bot) { 1 + bot } else { 0 };
    }
    let ends = !chars.get(end).is_some_and(|c| is_word(*c) || matches!(c, '/' | '<' | '>'));
    ((1..=COMMAND).contains(&name) && ends).then_some(("bot_command", at..end))
}

/// `@a`: shorter ones than Telegram gives count as well.
fn mention(chars: &[char], at: usize) -> Option<(&'static str, Range<usize>)> {
    if chars[at] != '@' || before(chars, at).is_some_and(is_word) {
        return None;
    }
    let name = run(chars, at + 1, is_name);
    let ends = !chars.get(at + 1 + name).is_some_and(|c| is_word(*c));
    ((1..=USERNAME).contains(&name) && ends).then_some(("mention", at..at + 1 + name))
}

/// `#word`, `#word@channel`
fn hashtag(chars: &[char], at: usize) -> Option<(&'static str, Range<usize>)> {
    if chars[at] != '#' || before(chars, at).is_some_and(is_tag) {
        return None;
    }
    let size = run(chars, at + 1, is_tag);
    let end = at + 1 + size.min(HASHTAG);
    let has_letter = chars[at + 1..end].iter().any(|c| c.is_alphabetic());
    if !has_letter || chars.get(at + 1 + size) == Some(&'#') {
        return None;
    }
    Some(("hashtag", at..with_channel(chars, end)))
}

/// `$USD`, `$USD@channel`
fn cashtag(chars: &[char], at: usize) -> Option<(&'static str, Range<usize>)> {
    if chars[at] != '$' || before(chars, at).is_some_and(|c| is_tag(c) || c == '$') {
        return None;
    }
    let name: String = chars[at + 1..].iter().take(5).collect();
    let size = if name == "1INCH" { 5 } else { run(chars, at + 1, |c| c.is_ascii_uppercase()) };
    let end = at + 1 + size;
    let ends = !chars.get(end).is_some_and(|c| is_tag(*c) || *c == '$');
    ((1..=8).contains(&size) && ends).then(|| ("cashtag", at..with_channel(chars, end)))
}

fn with_channel(chars: &[char], end: usize) -> usize {
    if chars.get(end) != Some(&'@') {
        return end;
    }
    let channel = run(chars, end + 1, is_name);
    if (3..=USERNAME).contains(&channel) { end + 1 + channel } else { end }
}

/// `evil.example`, `кино.рф/path`, `1.2.3.4`, and `somebody@evil.example`, which is an e-mail.
fn domain(chars: &[char], at: usize) -> Option<(&'static str, Range<usize>)> {
    if !is_of_domain(chars[at]) || before(chars, at).is_some_and(|c| is_of_domain(c) || c == '@') {
        return None;
    }
    let first = run(chars, at, is_of_domain);
    if chars.get(at + first) == Some(&'@') {
        return end_of_domain(chars, at + first + 1).map(|end| ("email", at..end));
    }
    let end = end_of_domain(chars, at)?;
    let start = at + run(chars, at, |c| !c.is_alphanumeric());
    Some(("url", start..end_of_path(chars, end)))
}

/// Where the domain that begins here ends, if it is one.
fn end_of_domain(chars: &[char], from: usize) -> Option<usize> {
    let mut end = from + run(chars, from, is_of_domain);
    while end > from && !chars[end - 1].is_alphanumeric() {
        end -= 1;
    }
    let name: String = chars[from..end].iter().collect();
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (host, top) = name.rsplit_once('.')?;
    let is_top = top.chars().count() >= 2 && (top.starts_with("xn--") || !top.contains(char::is_numeric));
    let is_address = matches!(Host::parse(name), Ok(Host::Ipv4(_))) && name.matches('.').count() == 3;
    let has_host = host.contains(char::is_alphanumeric);
    (has_host && (is_address || is_top)).then_some(end)
}

/// `+7 (912) 345-67-89`, `4276 1234 5678 9012`
fn number(chars: &[char], at: usize) -> Option<(&'static str, Range<usize>)> {
    let begins = chars[at] == '+' || chars[at].is_ascii_digit();
    if !begins || before(chars, at).is_some_and(|c| is_word(c) || matches!(c, '+' | '-' | '.' | ',')) {
        return None;
    }
    let mut end = at + 1 + run(chars, at + 1, |c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')'));
    while end > at + 1 && !chars[end - 1].is_ascii_digit() {
        end -= 1;
    }
    let digits = chars[at..end].iter().filter(|c| c.is_ascii_digit()).count();
    if chars.get(end).is_some_and(|c| is_word(*c)) {
        return None;
    }
    match digits {
        _ if chars[at] != '+' && CARD_DIGITS.contains(&digits) => Some(("bank_card", at..end)),
        _ if PHONE_DIGITS.contains(&digits) => Some(("phone_number", at..end)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let entities = autodetect(text);
        let part = |entity: &Value| {
            let at = usize::try_from(entity["offset"].as_u64().unwrap()).unwrap();
            let size = usize::try_from(entity["length"].as_u64().unwrap()).unwrap();
            let kind = entity["type"].as_str().unwrap().to_owned();
            (kind, String::from_utf16(&units[at..at + size]).unwrap())
        };
        entities.iter().map(part).collect()
    }

    #[test]
    fn what_telegram_makes_clickable_is_found() {
        for (text, kind, part) in [
            ("see https://evil.example/login, now", "url", "https://evil.example/login"),
            ("HTTP://EVIL", "url", "HTTP://EVIL"),
            ("😀 evil.com!", "url", "evil.com"),
            ("(evil.com/a?b=c).", "url", "evil.com/a?b=c)"),
            ("кино.рф", "url", "кино.рф"),
            ("xn--e1afmkfd.xn--p1ai", "url", "xn--e1afmkfd.xn--p1ai"),
            ("t.me/spam", "url", "t.me/spam"),
            ("see tg://resolve?domain=spam", "url", "tg://resolve?domain=spam"),
            ("1.2.3.4:80/x", "url", "1.2.3.4:80/x"),
            ("hi @durov!", "mention", "@durov"),
            ("(@a)", "mention", "@a"),
            ("/start", "bot_command", "/start"),
            ("a /start@some_bot b", "bot_command", "/start@some_bot"),
            ("#тег", "hashtag", "#тег"),
            ("x,#tag@channel", "hashtag", "#tag@channel"),
            ("buy $USD", "cashtag", "$USD"),
            ("a.b@mail.example", "email", "a.b@mail.example"),
            ("call +7 (912) 345-67-89 now", "phone_number", "+7 (912) 345-67-89"),
            ("4276 1234 5678 9012", "bank_card", "4276 1234 5678 9012"),
        ] {
            assert_eq!(found(text), [(kind.to_owned(), part.to_owned())], "in {text:?}");
        }
    }

    #[test]
    fn what_only_resembles_it_is_left_alone() {
        for text in [
            "1. Write it. Then wait...",
            "Solaris (1972) ★ 8.1 · 2 h 46 min",
            "50/50 and/or 24/7",
            "C# a#b $5 $ # @ / :",
            "2001: A Space Odyssey",
            "12 Angry Men, 1957",
            "#1 #2021",
            "@\u{2060}durov evil.\u{2060}com /\u{2060}start #\u{2060}tag",
            "https:\u{2060}/\u{2060}/\u{2060}evil",
        ] {
            assert_eq!(found(text), [], "in {text:?}");
        }
    }
}
