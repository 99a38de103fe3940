//! What files of cells have in common, whoever wrote them: encodings, Excel's hint, quotes, and the lines of an editor.

use std::borrow::Cow;

/// It begins as UTF-16 does, and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotUtf16;

/// The file as UTF-8. Bytes that are none are left to the line they are in.
pub(super) fn decode(file: &[u8]) -> Result<Cow<'_, [u8]>, NotUtf16> {
    let from = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = bytes.as_chunks::<2>();
        let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
        match text {
            Ok(text) if odd.is_empty() => Ok(Cow::Owned(text.into_bytes())),
            _ => Err(NotUtf16),
        }
    };
    match file {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok(Cow::Borrowed(rest)),
        [0xFF, 0xFE, rest @ ..] => from(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => from(rest, u16::from_be_bytes),
        // A header is ASCII: in UTF-16 every other byte of it is zero.
        [1..=255, 0, 1..=255, 0, ..] => from(file, u16::from_le_bytes),
        [0, 1..=255, 0, 1..=255, ..] => from(file, u16::from_be_bytes),
        _ => Ok(Cow::Borrowed(file)),
    }
}

/// Excel may begin a file with `sep=;`, which is no line of the table.
pub(super) fn after_hint(text: &[u8]) -> (Option<u8>, &[u8]) {
    let end = text.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(text.len());
    let hint = text[..end].trim_ascii();
    let hint = hint.strip_prefix(b"\"").and_then(|hint| hint.strip_suffix(b"\"")).unwrap_or(hint);
    match hint {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] if separator.is_ascii() => {
            (Some(*separator), &text[end..])
        }
        // `sep=` and a tab, trimmed.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] => (Some(b'\t'), &text[end..]),
        _ => (None, text),
    }
}

/// Where a record begins, in bytes.
pub(super) fn byte_of(position: Option<&csv::Position>) -> usize {
    position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default()
}

/// Where a quote begins that nothing closes.
pub(super) fn open_quote(body: &[u8], separator: u8) -> Option<usize> {
    let mut opened = None;
    let mut begins = true;
    let mut bytes = body.iter().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        if opened.is_some() {
            let escaped = *byte == b'"' && bytes.next_if(|(_, next)| **next == b'"').is_some();
            if *byte == b'"' && !escaped {
                opened = None;
                begins = false;
            }
        } else if *byte == b'"' && begins {
            opened = Some(at);
        } else {
            begins = *byte == separator || matches!(byte, b'\r' | b'\n');
        }
    }
    opened
}

/// Counts lines as an editor does.
pub(super) struct Editor<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Editor<'a> {
    pub(super) fn at_the_start_of(text: &'a [u8]) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of the record that begins at this byte or after the blank lines there. Bytes come in ascending order.
    pub(super) fn line_of(&mut self, byte: usize) -> u64 {
        while let Some(here) = self.text.get(self.at) {
            let is_break = matches!(here, b'\r' | b'\n');
            if self.at >= byte && !is_break {
                break;
            }
            let crlf = *here == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(is_break && !crlf);
            self.at += 1;
        }
        self.line
    }
}
