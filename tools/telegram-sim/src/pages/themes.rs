//! Telegram's theme parameters, light and dark, as Telegram for Android ships them.

use serde_json::{Value, json};

/// `tgWebAppThemeParams` of a phone.
pub(crate) fn params(dark: bool) -> Value {
    if dark {
        json!({
            "bg_color": "#212d3b", "secondary_bg_color": "#151e27",
            "section_bg_color": "#1d2733", "header_bg_color": "#242d39",
            "bottom_bar_bg_color": "#151e27", "section_separator_color": "#0d1218",
            "text_color": "#ffffff", "hint_color": "#7d8b99", "subtitle_text_color": "#7b8790",
            "link_color": "#5eabe1", "accent_text_color": "#64b5ef",
            "section_header_text_color": "#79c4fc", "destructive_text_color": "#ee686f",
            "button_color": "#50a8eb", "button_text_color": "#ffffff",
        })
    } else {
        json!({
            "bg_color": "#ffffff", "secondary_bg_color": "#f0f0f0",
            "section_bg_color": "#ffffff", "header_bg_color": "#527da3",
            "bottom_bar_bg_color": "#f0f0f0", "section_separator_color": "#d9d9d9",
            "text_color": "#222222", "hint_color": "#a8a8a8", "subtitle_text_color": "#82868a",
            "link_color": "#2678b6", "accent_text_color": "#1c93e3",
            "section_header_text_color": "#3a95d5", "destructive_text_color": "#cc2929",
            "button_color": "#50a8eb", "button_text_color": "#ffffff",
        })
    }
}
