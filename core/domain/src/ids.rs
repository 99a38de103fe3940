//! One newtype for every id, so that the compiler catches a swapped argument.
//!
//! None of them converts from a bare number or string without a check or an explicit name.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A Telegram user, by Telegram's own number (positive, at most 52 bits).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(i64);

impl UserId {
    /// Telegram promises that its ids fit in 52 bits
    /// (<https://core.telegram.org/bots/api#user>).
    pub const MAX: i64 = (1 << 52) - 1;

    /// Accepts what Telegram could have sent.
    pub fn new(id: i64) -> Result<Self, InvalidId> {
        if (1..=Self::MAX).contains(&id) { Ok(Self(id)) } else { Err(InvalidId("user id")) }
    }

    /// The number itself.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "u{}", self.0)
    }
}

/// An id that is not what its kind allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(&'static str);

/// A room's invite code: 8 characters of Crockford base32, always upper case inside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomCode([u8; 8]);

/// Crockford's alphabet (<https://www.crockford.com/base32.html>): no I, L, O, U.
pub(crate) const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl RoomCode {
    /// A code from 40 of the given random bits.
    pub fn from_bits(bits: u64) -> Self {
        Self(std::array::from_fn(|i| CROCKFORD[(bits >> (5 * i) & 31) as usize]))
    }

    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        // Every constructor takes its bytes from CROCKFORD, which is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for RoomCode {
    type Err = InvalidId;

    /// Lower case and the look-alikes (`o` for 0, `i` and `l` for 1) are accepted, as Crockford asks.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let bytes: &[u8; 8] = text.as_bytes().try_into().map_err(|_| InvalidId("room code"))?;
        let mut code = [0; 8];
        for (to, from) in code.iter_mut().zip(bytes) {
            *to = match from.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other if CROCKFORD.contains(&other) => other,
                _ => return Err(InvalidId("room code")),
            };
        }
        Ok(Self(code))
    }
}

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for RoomCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RoomCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A title, by its id: 1 to 32 characters of `A-Za-z0-9_-`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TitleId(Arc<str>);

impl TitleId {
    /// Checks length and alphabet.
    pub fn new(id: &str) -> Result<Self, InvalidId> {
        check_name(id, "title id").map(|()| Self(id.into()))
    }

    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for TitleId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for TitleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TitleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A curated deck, by its id: 1 to 32 characters of `A-Za-z0-9_-`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DeckId(Arc<str>);

impl DeckId {
    /// Checks length and alphabet.
    pub fn new(id: &str) -> Result<Self, InvalidId> {
        check_name(id, "deck id").map(|()| Self(id.into()))
    }

    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for DeckId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for DeckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DeckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_name(text: &str, what: &'static str) -> Result<(), InvalidId> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if (1..=32).contains(&text.len()) && text.bytes().all(allowed) { Ok(()) } else { Err(InvalidId(what)) }
}

/// Which history of a room a sequence number counts in. A room whose log could not be proved
/// the same after a loss goes on under a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(u32);

impl Epoch {
    /// An epoch is drawn at random, so that two nodes never choose the same by counting.
    pub fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The number itself.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// How many events a log holds: the first event has seq 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(u64);

impl Seq {
    /// Before the first event.
    pub const ZERO: Self = Self(0);

    /// A seq by its number.
    pub fn new(seq: u64) -> Self {
        Self(seq)
    }

    /// The number itself.
    pub fn get(self) -> u64 {
        self.0
    }

    /// The seq of the event after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The seq of the event before this one; before the first there is none.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The seq in a log that begins after `first`: how many events later it is.
    #[must_use]
    pub fn since(self, first: Self) -> Self {
        Self(self.0.saturating_sub(first.0))
    }

    /// The seq `count` events later.
    #[must_use]
    pub fn after(self, count: usize) -> Self {
        Self(self.0 + count as u64)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A round of a room; the first is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Round(u32);

impl Round {
    /// The round a room begins with.
    pub const FIRST: Self = Self(1);

    /// A round by its number.
    pub fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number itself.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The round after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// A moment from milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    pub fn since(self, earlier: Self) -> std::time::Duration {
        std::time::Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This moment less a duration.
    #[must_use]
    pub fn minus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This moment plus a duration.
    #[must_use]
    pub fn plus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// Where a log stands: its history and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Which history.
    pub epoch: Epoch,
    /// How many entries.
    pub seq: Seq,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code: RoomCode = "7kq2m0ol".parse().unwrap();
        assert_eq!(code.as_str(), "7KQ2M001");
    }

    #[test]
    fn a_code_of_another_length_or_alphabet_is_refused() {
        for bad in ["", "1234567", "123456789", "1234567U", "1234567é", "1234 678", "'; DROP--"] {
            assert!(bad.parse::<RoomCode>().is_err(), "{bad:?} was taken for a room code");
        }
    }

    #[test]
    fn every_random_code_can_be_read_back() {
        for bits in [0, 1, u64::MAX, 0x0123_4567_89AB_CDEF] {
            let code = RoomCode::from_bits(bits);
            assert_eq!(code.as_str().parse(), Ok(code));
        }
    }

    #[test]
    fn ids_with_spaces_nul_or_markup_are_refused() {
        for bad in ["", "a b", "a\0", "<b>", "é", &"x".repeat(33)] {
            assert!(TitleId::new(bad).is_err(), "{bad:?} was taken for a title id");
        }
    }

    #[test]
    fn user_ids_are_positive_and_fit_52_bits() {
        assert!(UserId::new(0).is_err());
        assert!(UserId::new(-5).is_err());
        assert!(UserId::new(UserId::MAX).is_ok());
        assert!(UserId::new(UserId::MAX + 1).is_err());
    }
}
