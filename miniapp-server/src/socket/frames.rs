//! From the text of a client's frame to what it asks for.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use crate::{
    extract::parse,
    wire::{ClockFrame, CloseFrame, OpenFrame, RoomCommandFrame, SignalFrame},
};

/// What a client asks for.
#[derive(Debug)]
pub(super) enum Asked {
    Open(OpenFrame),
    Close(CloseFrame),
    Command(RoomCommandFrame),
    Clock(ClockFrame),
    Signal(SignalFrame),
    /// A signal of a kind that is not known here, which a newer client may send: dropped, as signals are.
    OtherSignal,
    /// A frame of ours, of which something cannot be: refused.
    Invalid {
        id: u64,
        room: Option<String>,
        reason: String,
    },
    /// No frame of ours.
    NotOurs {
        id: Option<u64>,
        reason: String,
    },
}

/// What tells the frames apart.
#[derive(Deserialize)]
struct Outline {
    id: Option<Value>,
    room: Option<Value>,
    open: Option<IgnoredAny>,
    close: Option<IgnoredAny>,
    clock: Option<IgnoredAny>,
    signal: Option<Value>,
    #[serde(rename = "type")]
    kind: Option<IgnoredAny>,
}

/// Reads a frame.
pub(super) fn read(text: &str) -> Asked {
    let outline = match parse::<Outline>(text.as_bytes()) {
        Ok(outline) => outline,
        Err(invalid) => return Asked::NotOurs { id: None, reason: invalid.reason.into() },
    };
    let id = outline.id.as_ref().and_then(Value::as_u64);
    let room = outline.room.as_ref().and_then(Value::as_str).map(str::to_owned);
    let read = if outline.open.is_some() {
        parse(text.as_bytes()).map(Asked::Open)
    } else if outline.close.is_some() {
        parse(text.as_bytes()).map(Asked::Close)
    } else if outline.clock.is_some() {
        parse(text.as_bytes()).map(Asked::Clock)
    } else if let Some(signal) = &outline.signal {
        match parse(text.as_bytes()) {
            // Nobody waits for an answer where there is no id.
            Err(_) if id.is_none() && room.is_some() && signal["type"].is_string() => Ok(Asked::OtherSignal),
            read => read.map(Asked::Signal),
        }
    } else if outline.kind.is_some() {
        parse(text.as_bytes()).map(Asked::Command)
    } else {
        return Asked::NotOurs { id, reason: "it asks for nothing that is known here".into() };
    };
    match (read, id) {
        (Ok(asked), _) => asked,
        (Err(invalid), Some(id)) => Asked::Invalid { id, room, reason: invalid.reason.into() },
        (Err(invalid), None) => Asked::NotOurs { id: None, reason: invalid.reason.into() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_invalid(text: &str) -> bool {
        matches!(read(text), Asked::Invalid { id: 7, .. })
    }

    #[test]
    fn each_frame_is_told_by_what_it_asks_for() {
        assert!(matches!(read(r#"{"id":1,"open":"ABCDEFGH"}"#), Asked::Open(_)));
        assert!(matches!(read(r#"{"id":1,"close":"ABCDEFGH"}"#), Asked::Close(_)));
        assert!(matches!(read(r#"{"id":1,"clock":true}"#), Asked::Clock(_)));
        assert!(matches!(read(r#"{"id":1,"room":"ABCDEFGH","type":"start"}"#), Asked::Command(_)));
        assert!(matches!(read(r#"{"room":"ABCDEFGH","signal":{"type":"typing"}}"#), Asked::Signal(_)));
        assert!(matches!(read(r#"{"room":"ABCDEFGH","signal":{"type":"wave"}}"#), Asked::OtherSignal));
    }

    #[test]
    fn what_is_unknown_but_has_an_id_is_refused_and_no_offence() {
        assert!(is_invalid(r#"{"id":7,"room":"ABCDEFGH","type":"fly"}"#));
        assert!(is_invalid(r#"{"id":7,"type":"start"}"#), "a command without a room");
        assert!(is_invalid(r#"{"id":7,"room":"ABCDEFGH","type":"swipe"}"#), "a command without its card");
        assert!(is_invalid(r#"{"id":7,"open":5}"#));
        assert!(is_invalid(r#"{"id":7,"room":"ABCDEFGH","signal":{"type":"wave"}}"#));
    }

    #[test]
    fn how_long_a_question_about_the_clock_took_may_be_a_fraction() {
        for took in ["12", "12.75", "-1", "null", "1e300"] {
            let text = format!(r#"{{"id":1,"clock":true,"rtt_ms":{took}}}"#);
            assert!(matches!(read(&text), Asked::Clock(_)), "browsers measure it in fractions: {text}");
        }
    }

    #[test]
    fn what_is_no_frame_of_ours_is_told_apart() {
        for text in [
            "",
            "5",
            "{}",
            "[]",
            r#"{"id":7}"#,
            r#"{"type":"start"}"#,
            r#"{"open":"ABCDEFGH"}"#,
            r#"{"room":"ABCDEFGH","signal":5}"#,
            r#"{"room":"ABCDEFGH","signal":{}}"#,
            r#"{"signal":{"type":"typing"}}"#,
        ] {
            assert!(matches!(read(text), Asked::NotOurs { .. }), "{text}");
        }
    }
}
