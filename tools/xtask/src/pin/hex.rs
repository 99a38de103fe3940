//! Digests and commits: numbers in hexadecimal letters.

/// Whether it is a number of this many letters.
pub(super) fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
