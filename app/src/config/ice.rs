//! Judging where the servers are that help phones to reach each other in a voice chat.

use super::{Ice, Secret};
use crate::strength;

/// Addresses in `STUN_URLS` and in `TURN_URLS`: with more, browsers take longer to find a way. Another one is a mistake that ends the start.
pub(crate) const MOST_ICE_URLS: usize = 4;
/// Public servers that say what a phone's address looks like from outside, and learn nothing else.
const USUAL_STUN: &str = "stun:stun.cloudflare.com:3478,stun:stun.l.google.com:19302";

/// Judges the settings together; one that is empty is not there. each mistake goes to `wrong`; none of them quotes the secret.
pub(super) fn judge(
    (stun, turn, secret): (Option<&str>, Option<&str>, Option<&str>),
    wrong: &mut impl FnMut(String),
) -> Ice {
    let stun = match stun.unwrap_or(USUAL_STUN) {
        "off" => Vec::new(),
        list => urls("STUN_URLS", list, &["stun", "stuns"], "stun:stun.example.org:3478", wrong),
    };
    let turn = turn.map_or_else(Vec::new, |list| {
        urls("TURN_URLS", list, &["turn", "turns"], "turns:turn.example.org:443?transport=tcp", wrong)
    });
    if secret.is_some() == turn.is_empty() {
        wrong("TURN_URLS and TURN_SECRET go together: set both, or neither".into());
    }
    if let Some(Err(why)) = secret.map(|secret| strength::strong(secret, strength::LEAST_TURN_SECRET)) {
        wrong(format!("TURN_SECRET {why}"));
    }
    Ice { stun, turn, turn_secret: secret.map(|secret| Secret(secret.to_owned())) }
}

fn urls(name: &str, list: &str, schemes: &[&str], like: &str, wrong: &mut impl FnMut(String)) -> Vec<String> {
    let urls: Vec<String> = list.split(',').map(|url| url.trim().to_owned()).collect();
    if let Some(place) = urls.iter().position(|url| !is_url(url, schemes)) {
        wrong(format!("{name} is a list of addresses like {like}; number {} is none", place + 1));
    }
    if urls.len() > MOST_ICE_URLS {
        wrong(format!("{name} has more than {MOST_ICE_URLS} addresses"));
    }
    urls
}

/// RFC 7064 and 7065: a scheme, a host, perhaps a port, and for TURN perhaps the transport.
fn is_url(url: &str, schemes: &[&str]) -> bool {
    let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| schemes.contains(scheme)) else {
        return false;
    };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let transport = match query {
        None => true,
        Some(query) => scheme.starts_with("turn") && matches!(query, "transport=udp" | "transport=tcp"),
    };
    // What is right for HTTP is right here: a host, and perhaps a port.
    let parsed = url::Url::parse(&format!("http://{place}"));
    transport
        && !place.is_empty()
        && !place.contains(['/', '@', '#', '\\'])
        && parsed.is_ok_and(|parsed| parsed.host().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "k3cdefQz8vT1mW6xYr4hB9nLpJ7sDg0a";

    fn judged(stun: &'static str, turn: &'static str, secret: &'static str) -> (Ice, Vec<String>) {
        let mut mistakes = Vec::new();
        let set = |value: &'static str| Some(value).filter(|value| !value.is_empty());
        let ice = judge((set(stun), set(turn), set(secret)), &mut |mistake| mistakes.push(mistake));
        (ice, mistakes)
    }

    #[test]
    fn without_settings_phones_ask_public_servers_and_nothing_is_passed_on() {
        let (ice, mistakes) = judged("", "", "");
        assert_eq!((ice.stun.len(), ice.turn.len(), mistakes), (2, 0, vec![]));
        assert!(judged("off", "", "").0.stun.is_empty());
    }

    #[test]
    fn addresses_are_those_of_the_rfcs() {
        let good = "turn:turn.example.org, turn:203.0.113.5:3478?transport=udp,turns:[2001:db8::1]:443?transport=tcp";
        let (ice, mistakes) = judged("stun:stun.example.org,stuns:stun.example.org:5349", good, SECRET);
        assert_eq!((ice.stun.len(), ice.turn.len(), mistakes), (2, 3, vec![]));
        for bad in [
            "turn.example.org",
            "stun:turn.example.org",
            "turn:",
            "turn:a b",
            "turn://host",
            "turn:host:port",
            "turn:user@host",
            "turn:host?transport=sctp",
            "turn:host,,",
            "turn:a,turn:b,turn:c,turn:d,turn:e",
        ] {
            let (_, mistakes) = judged("off", bad, SECRET);
            assert!(mistakes.iter().any(|mistake| mistake.contains("TURN_URLS")), "{bad}: {mistakes:?}");
        }
        let (_, mistakes) = judged("stun:host?transport=udp", "", "");
        assert!(mistakes[0].contains("STUN_URLS"), "{mistakes:?}");
    }

    #[test]
    fn addresses_and_secret_go_together_and_the_secret_is_strong_and_never_shown() {
        for (turn, secret, says) in [
            ("turn:host", "", "go together"),
            ("", SECRET, "go together"),
            ("turn:host", "hunter2", "TURN_SECRET"),
        ] {
            let (ice, mistakes) = judged("off", turn, secret);
            assert!(mistakes[0].contains(says), "{mistakes:?}");
            let shown = format!("{mistakes:?} {ice:?}");
            assert!(!shown.contains("hunter2") && !shown.contains(SECRET), "{shown}");
        }
    }
}
