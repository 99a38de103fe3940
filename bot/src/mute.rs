//! The button below each private message about a room that ends them, or lets them come again.
//!
//! What a tap says is never believed alone: whoever taps must have been in the room, which the database knows, also after its end.

use sovpalo_domain::{ids::RoomCode, language::Language};
use teloxide::types::InlineKeyboardButton;

use crate::texts::say;

const MUTE: &str = "mute:";
const UNMUTE: &str = "unmute:";

/// What a tap asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Of which room.
    pub(crate) room: RoomCode,
    /// Whether to be silent about it.
    pub(crate) mute: bool,
}

/// The button, as it is while the room is muted or not.
pub(crate) fn button(room: RoomCode, muted: bool, language: Language) -> InlineKeyboardButton {
    let (label, data) = if muted { ("bot-button-unmute", UNMUTE) } else { ("bot-button-mute", MUTE) };
    InlineKeyboardButton::callback(say(language, label), format!("{data}{}", room.as_str()))
}

/// Reads a tap's data; `None` for what no button of ours says.
pub(crate) fn read(data: &str) -> Option<Asked> {
    let asked = |mute| move |code: &str| Some(Asked { room: code.parse().ok()?, mute });
    let muting = data.strip_prefix(MUTE).and_then(asked(true));
    let asked = muting.or_else(|| data.strip_prefix(UNMUTE).and_then(asked(false)))?;
    // Codes are read generously where people type them; a button has but one spelling.
    (data.ends_with(asked.room.as_str()) && data.len() <= UNMUTE.len() + asked.room.as_str().len())
        .then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_button_says_is_read() {
        let room: RoomCode = "R00M0001".parse().unwrap();
        for (muted, mute) in [(false, true), (true, false)] {
            let button = serde_json::to_value(button(room, muted, Language::En)).unwrap();
            let data = button["callback_data"].as_str().unwrap();
            assert_eq!(read(data), Some(Asked { room, mute }));
            assert!(data.len() <= 64, "Telegram takes no more");
        }
        for forged in [
            "",
            "mute:",
            "mute",
            "mute:R00M",
            "mute:r00m0001",
            "MUTE:R00M0001",
            "mute:R00M0001 ",
            "mute: R00M0001",
            "x",
        ] {
            assert_eq!(read(forged), None, "from {forged:?}");
        }
    }
}
