//! The unit in which addresses are counted.
//!
//! An IPv4 address counts for itself. Of IPv6 a provider gives everybody a /64 at least, so a /64 is what an IPv4 address is; and
//! often a /48 to whoever asks, so all of a /48 together have ten times as much as one /64.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};

/// How much more the addresses of a /48 have together than those of one /64.
pub(crate) const WIDER_BY: u32 = 10;

/// Addresses that count as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Neighbourhood {
    /// One IPv4 address.
    V4(Ipv4Addr),
    /// A /64: the first 64 bits of its addresses.
    Net64(u64),
    /// A /48: the first 48 bits of its addresses.
    Net48(u64),
}

impl Neighbourhood {
    /// The narrowest one that this address belongs to.
    pub(crate) fn of(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(ip) => Self::V4(ip),
            IpAddr::V6(ip) => Self::Net64((ip.to_bits() >> 64) as u64),
        }
    }

    /// The one around this one, which may use [`WIDER_BY`] times as much.
    pub(crate) fn wider(self) -> Option<Self> {
        match self {
            Self::Net64(bits) => Some(Self::Net48(bits >> 16)),
            Self::V4(_) | Self::Net48(_) => None,
        }
    }

    /// How many times one address's share it has.
    pub(crate) fn shares(self) -> u32 {
        if matches!(self, Self::Net48(_)) { WIDER_BY } else { 1 }
    }

    /// This one, and the wider one if there is one.
    pub(crate) fn all(self) -> impl Iterator<Item = Self> {
        [Some(self), self.wider()].into_iter().flatten()
    }
}

impl fmt::Display for Neighbourhood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(ip) => ip.fmt(f),
            Self::Net64(bits) => {
                let part = |n: u32| (bits >> (48 - 16 * n)) & 0xFFFF;
                write!(f, "{:x}:{:x}:{:x}:{:x}::/64", part(0), part(1), part(2), part(3))
            }
            Self::Net48(bits) => {
                write!(f, "{:x}:{:x}:{:x}::/48", (bits >> 32) & 0xFFFF, (bits >> 16) & 0xFFFF, bits & 0xFFFF)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ip: &str) -> Neighbourhood {
        Neighbourhood::of(ip.parse().unwrap())
    }

    #[test]
    fn an_ipv6_address_counts_with_its_64_and_with_its_48() {
        let names = |ip| of(ip).all().map(|it| it.to_string()).collect::<Vec<_>>();
        assert_eq!(names("2001:db8:1:2:3:4:5:6"), ["2001:db8:1:2::/64", "2001:db8:1::/48"]);
        assert_eq!(names("2001:db8:1:ff:ffff::1"), ["2001:db8:1:ff::/64", "2001:db8:1::/48"]);
        assert_eq!(names("203.0.113.7"), ["203.0.113.7"]);
        assert_eq!(names("::ffff:203.0.113.7"), ["203.0.113.7"], "the same address by another name");
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
    }
}
