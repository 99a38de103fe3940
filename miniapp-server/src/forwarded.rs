//! The client's address behind a proxy of ours, from `X-Forwarded-For`.
//!
//! A proxy appends the address of its peer to the list, and a client may have sent anything before. So the header is believed only if the
//! peer is a proxy that the operator named ([`TrustedProxies`]), and the list is read from its end: what is itself such a proxy is a hop of
//! ours, and the first element that is not is the client. An element that is no address (`unknown`, `_hidden`, garbage)
//! names nobody: then it is the last hop that is known, never an earlier element.
//!
//! The standard `Forwarded` header (RFC 7239) is not read: no common proxy writes it by default, and one that does not
//! remove it would let everybody choose an address.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;
use ipnet::IpNet;

/// The longest address with brackets, zone and port; whatever is longer is none.
const LONGEST: usize = 100;
/// So many elements are read from the end of the list at the most. Beyond it the last one read is the client.
pub(crate) const MOST_HOPS: usize = 16;
/// Loopback, private and link-local networks: where proxies on this machine or its network are.
const PRIVATE: [&str; 8] = [
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
];

/// The networks of those whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Nobody is believed.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whoever connects from this machine or a private network.
    pub fn private() -> Self {
        Self(PRIVATE.iter().filter_map(|network| network.parse().ok()).collect())
    }

    /// These networks, written `203.0.113.0/24` or, of a single address, `203.0.113.7`; with commas between them. The error is
    /// which of them is none, counted from 1.
    pub fn read(list: &str) -> Result<Self, usize> {
        let networks = list.split(',').map(str::trim).enumerate().map(|(n, network)| {
            let address = || network.parse().map(|ip: IpAddr| IpNet::from(ip.to_canonical()));
            network.parse().or_else(|_| address()).map_err(|_| n + 1)
        });
        networks.collect::<Result<Vec<IpNet>, usize>>().map(Self)
    }

    /// Whether this is one of them.
    pub(crate) fn trusts(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|network| network.contains(&ip))
    }

    /// Whose request this is that came from `peer`.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        for element in elements(headers).take(MOST_HOPS) {
            match element {
                Some(hop) => client = hop,
                None => break,
            }
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

/// The list from its end; `None` for what is no address. Several header lines are one list; empty elements do not count (RFC 9110, 5.6.1).
fn elements(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let elements = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    elements
        .map(<[u8]>::trim_ascii)
        .filter(|element| !element.is_empty())
        .map(|element| address(std::str::from_utf8(element).ok().filter(|element| element.len() <= LONGEST)?))
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

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn seen(lines: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line).unwrap());
        }
        let client = TrustedProxies::private().client(PROXY, &headers);
        (client != PROXY).then(|| client.to_string())
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
            ("2001:db8::1%eth0", "2001:db8::1"),
            ("[2001:db8::1%25eth0]:80", "2001:db8::1"),
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

    #[test]
    fn hops_of_ours_are_passed_over_and_nobody_elses() {
        let trusted = TrustedProxies::read("203.0.113.0/24, 2001:db8:1::/48,192.0.2.1").unwrap();
        let client = |peer: &str, list: &'static str| {
            let headers =
                HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), HeaderValue::from_static(list))]);
            trusted.client(peer.parse().unwrap(), &headers).to_string()
        };
        for (peer, list, meant) in [
            ("203.0.113.9", "198.51.100.1, 203.0.113.7, 2001:db8:1::9", "198.51.100.1"),
            ("2001:db8:1::9", "9.9.9.9, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
            ("203.0.113.9", "9.9.9.9, 192.0.2.2", "192.0.2.2"),
            ("::ffff:203.0.113.9", "198.51.100.1", "198.51.100.1"),
            // Whoever is none of them is believed nothing.
            ("192.0.2.2", "198.51.100.1", "192.0.2.2"),
            ("127.0.0.1", "198.51.100.1", "127.0.0.1"),
            // All are ours: the first hop asks for itself.
            ("203.0.113.9", "203.0.113.1, 203.0.113.2", "203.0.113.1"),
            ("203.0.113.9", "198.51.100.1, unknown, 203.0.113.2", "203.0.113.2"),
        ] {
            assert_eq!(client(peer, list), meant, "{peer}: {list}");
        }
        assert_eq!(TrustedProxies::read("10.0.0.0/8, nonsense/3"), Err(2));
        assert_eq!(TrustedProxies::none().client(PROXY, &HeaderMap::new()), PROXY);
    }

    #[test]
    fn a_list_without_end_is_read_to_a_bound() {
        let list = "10.0.0.1, ".repeat(2_000) + "10.0.0.2";
        let headers = HeaderMap::from_iter([(
            "x-forwarded-for".parse().unwrap(),
            HeaderValue::from_str(&list).unwrap(),
        )]);
        assert_eq!(TrustedProxies::private().client(PROXY, &headers).to_string(), "10.0.0.1");
    }
}
