//! Finds the first address in a text: as it stands, in a sentence, or in a piece of HTML.

use url::Url;

/// So many characters of a text are looked at; an address that begins later is not found.
const LOOKED_AT: usize = 8_192;
/// Ends of names that people type without `https://`; another word with a dot in it is no address.
const USUAL_ENDS: [&str; 9] = ["com", "be", "tv", "ru", "org", "net", "io", "me", "рф"];
const USUAL_BEGINNINGS: [&str; 2] = ["www.", "m."];

pub(super) fn address_in(pasted: &str) -> Option<Url> {
    let text: String = pasted.chars().take(LOOKED_AT).collect();
    let text = text.trim();
    match whole(text) {
        Some(address) => read(without_tail(&address.replace("&amp;", "&"))),
        None if is_typed_by_hand(text) => read(&format!("https://{text}")),
        None => None,
    }
}

fn read(address: &str) -> Option<Url> {
    Url::parse(address).ok().filter(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

/// `https://…` and its kind, up to what ends it.
fn whole(text: &str) -> Option<&str> {
    text.match_indices("://").find_map(|(at, between)| {
        let begins = scheme_before(&text[..at])?;
        let rest = &text[at + between.len()..];
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>');
        let length = rest.find(ends).unwrap_or(rest.len());
        (length > 0).then(|| &text[begins..at + between.len() + length])
    })
}

/// Where the scheme begins that this text ends with.
fn scheme_before(text: &str) -> Option<usize> {
    let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
    let begins = text
        .rfind(|c| !is_of_scheme(c))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let mut before = text[..begins].chars().next_back();
    for (at, c) in text[begins..].char_indices() {
        let is_in_a_word = before.is_some_and(|before| before.is_ascii_alphanumeric() || before == '_');
        if c.is_ascii_alphabetic() && !is_in_a_word {
            return Some(begins + at);
        }
        before = Some(c);
    }
    None
}

/// Without the punctuation of the sentence around it.
fn without_tail(address: &str) -> &str {
    let bare = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '…', '»', '”']);
    match bare.strip_suffix(')') {
        Some(inner) if !bare.contains('(') => inner,
        _ => bare,
    }
}

/// `youtu.be/…`: a name with a path, or with a usual beginning or end, and nothing else.
fn is_typed_by_hand(text: &str) -> bool {
    let (authority, path) =
        text.split_once('/').map_or((text, None), |(authority, path)| (authority, Some(path)));
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let Some((names, end)) = host.rsplit_once('.') else { return false };
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c.is_ascii_digit() || c == '-')
    };
    let is_host =
        names.split('.').all(is_name) && end.chars().count() >= 2 && end.chars().all(char::is_alphabetic);
    let is_port = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    let is_path = path.is_none_or(|path| !path.contains(char::is_whitespace));
    let lower = host.to_lowercase();
    let is_usual = path.is_some()
        || USUAL_BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning))
        || (port.is_none() && USUAL_ENDS.iter().any(|usual| lower.rsplit('.').next() == Some(usual)));
    is_host && is_port && is_path && is_usual
}
