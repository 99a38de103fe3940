//! The client's address from `X-Forwarded-For`, as our own reverse proxy reports it.
//!
//! A proxy appends the address of its peer to the list, so only the last element can be trusted; a client may have sent
//! those before it. An element that is no address (`unknown`, `_hidden`, garbage) names nobody, and the
//! caller falls back to the address of the connection: never to an earlier element.
//!
//! The standard `Forwarded` header (RFC 7239) is not read: no common proxy writes it by default, and one that does not
//! remove it would let everybody choose an address.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

/// The longest address with brackets, zone and port; whatever is longer is none.
const LONGEST: usize = 100;

/// The last address of the list. Several header lines are one list; empty elements do not count (RFC 9110, 5.6.1).
pub(crate) fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let mut elements = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let last = elements.find_map(|element| Some(element.trim_ascii()).filter(|it| !it.is_empty()))?;
    address(std::str::from_utf8(last).ok().filter(|last| last.len() <= LONGEST)?)
}

/// One element as proxies write it: with or without a port, brackets, quotes or a zone.
fn address(element: &str) -> Option<IpAddr> {
    let unquoted = element.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(element);
    let ip = if let Some(bracketed) = unquoted.strip_prefix('[') {
        let (ip, port) = bracketed.split_once(']')?;
        IpAddr::V6(without_zone(ip).parse().ok().filter(|_: &Ipv6Addr| port.is_empty() || is_port(port))?)
    } else {
        match unquoted.split_once(':') {
            None => IpAddr::V4(unquoted.parse().ok()?),
            // One colon begins a port, several are IPv6.
            Some((ip, port)) if !port.contains(':') => {
                IpAddr::V4(ip.parse().ok().filter(|_| is_number(port))?)
            }
            Some(_) => IpAddr::V6(without_zone(unquoted).parse().ok()?),
        }
    };
    Some(ip.to_canonical())
}

/// The name of a network card of that machine means nothing here.
fn without_zone(ip: &str) -> &str {
    ip.split_once('%').map_or(ip, |(ip, _)| ip)
}

fn is_port(with_colon: &str) -> bool {
    with_colon.strip_prefix(':').is_some_and(is_number)
}

fn is_number(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn seen(lines: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line).unwrap());
        }
        forwarded_for(&headers).map(|ip| ip.to_string())
    }

    #[test]
    fn an_address_is_read_in_every_form_that_proxies_write() {
        for (written, meant) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:4711", "203.0.113.7"),
            (" \t203.0.113.7:4711 ", "203.0.113.7"),
            ("\"203.0.113.7:4711\"", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]:80", "fe80::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("[::ffff:203.0.113.7]:4711", "203.0.113.7"),
            ("198.51.100.1, 203.0.113.7:4711", "203.0.113.7"),
            ("unknown, [2001:db8::1]:4711", "2001:db8::1"),
            ("198.51.100.1,203.0.113.7,", "203.0.113.7"),
            ("203.0.113.7, ,, ", "203.0.113.7"),
        ] {
            assert_eq!(seen(&[written.as_bytes()]).as_deref(), Some(meant), "{written}");
        }
    }

    #[test]
    fn what_is_no_address_names_nobody_and_never_an_earlier_element() {
        for written in [
            "",
            " , ",
            "unknown",
            "_hidden",
            "198.51.100.1, unknown",
            "198.51.100.1, _SEVKISEK:4711",
            "198.51.100.1, 203.0.113.7:port",
            "198.51.100.1, 203.0.113.7:70000",
            "198.51.100.1, 203.0.113.7:+80",
            "198.51.100.1, [203.0.113.7]:80",
            "198.51.100.1, [2001:db8::1",
            "198.51.100.1, [2001:db8::1]4711",
            "198.51.100.1, 2001:db8::1]:4711",
            "198.51.100.1, 203.0.113",
            "198.51.100.1, 203.0.113.7 4711",
            "198.51.100.1, films.example.org",
        ] {
            assert_eq!(seen(&[written.as_bytes()]), None, "{written}");
        }
        assert_eq!(seen(&[]), None, "there is no such header");
        assert_eq!(seen(&[b"198.51.100.1, \xff\xfe"]), None);
    }

    #[test]
    fn what_a_client_wrote_before_the_proxy_cannot_hide_the_proxys_own_word() {
        assert_eq!(seen(&[b"\xff\xfe garbage, 203.0.113.7"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen(&[b"198.51.100.1", b"203.0.113.7:1"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen(&[b"203.0.113.7", b"", b" , "]).as_deref(), Some("203.0.113.7"));
        let long = "198.51.100.1, ".repeat(800) + "203.0.113.7:9";
        assert_eq!(seen(&[long.as_bytes()]).as_deref(), Some("203.0.113.7"));
        let endless = "1".repeat(10_000);
        assert_eq!(seen(&[endless.as_bytes()]), None);
    }
}
