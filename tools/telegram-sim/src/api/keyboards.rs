//! Keyboards under messages, refused where Telegram refuses them.

use serde_json::Value;
use url::{Host, Url};

use super::{params::Params, refusal::Refusal};

/// Where a keyboard is to appear; `web_app` buttons work in private chats only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Private,
    Group,
    Inline,
}

const ACTIONS: [&str; 10] = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];

/// The `reply_markup` of a call that sends: an inline keyboard or one of the others.
pub(super) fn sent(params: &Params, place: Place) -> Result<Option<Value>, Refusal> {
    let Some(markup) = params.get("reply_markup") else { return Ok(None) };
    if markup.get("inline_keyboard").is_some() {
        return inline(markup, place);
    }
    let others = ["keyboard", "remove_keyboard", "force_reply"];
    if others.iter().any(|kind| markup.get(kind).is_some()) {
        return Ok(Some(markup.clone()));
    }
    if markup.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(None);
    }
    Err(Refusal::bad("object expected as reply markup"))
}

/// The `reply_markup` of a call that edits: an inline keyboard or nothing.
pub(super) fn edited(params: &Params, place: Place) -> Result<Option<Value>, Refusal> {
    match params.get("reply_markup") {
        None => Ok(None),
        Some(markup) if markup.get("inline_keyboard").is_some() => inline(markup, place),
        Some(markup) if markup.as_object().is_some_and(serde_json::Map::is_empty) => Ok(None),
        Some(_) => Err(Refusal::bad("inline keyboard expected")),
    }
}

/// Checks an inline keyboard; an empty one is none.
pub(super) fn inline(markup: &Value, place: Place) -> Result<Option<Value>, Refusal> {
    let rows = markup
        .get("inline_keyboard")
        .and_then(Value::as_array)
        .ok_or_else(|| Refusal::bad("field \"inline_keyboard\" must be of type Array"))?;
    let mut count = 0;
    for row in rows {
        let row = row
            .as_array()
            .ok_or_else(|| Refusal::bad("can't parse inline keyboard: expected an Array of Array"))?;
        for button in row {
            check(button, place, count == 0)?;
            count += 1;
        }
    }
    if count > 100 {
        return Err(Refusal::bad("REPLY_MARKUP_TOO_LONG"));
    }
    Ok((count > 0).then(|| markup.clone()))
}

fn check(button: &Value, place: Place, first: bool) -> Result<(), Refusal> {
    let broken = |why: &str| Refusal::bad(format!("can't parse inline keyboard button: {why}"));
    let fields = button.as_object().ok_or_else(|| broken("Object expected"))?;
    let text = fields.get("text").and_then(Value::as_str);
    if text.ok_or_else(|| broken("Can't find field \"text\""))?.trim().is_empty() {
        return Err(broken("Button text must be non-empty"));
    }
    let mut actions = ACTIONS.iter().filter(|action| fields.contains_key(**action));
    let (Some(action), None) = (actions.next(), actions.next()) else {
        return Err(if ACTIONS.iter().any(|action| fields.contains_key(*action)) {
            broken("Exactly one of the optional fields must be used to specify type of the button")
        } else {
            broken("Text buttons are unallowed in the inline keyboard")
        });
    };
    let value = &fields[*action];
    match *action {
        "url" => link(value.as_str().ok_or_else(|| broken("Field \"url\" must be of type String"))?),
        "callback_data" => match value.as_str() {
            Some(data) if (1..=64).contains(&data.len()) => Ok(()),
            _ => Err(Refusal::bad("BUTTON_DATA_INVALID")),
        },
        "web_app" if place != Place::Private => Err(Refusal::bad("BUTTON_TYPE_INVALID")),
        "web_app" => {
            let url = value.get("url").and_then(Value::as_str);
            web_app(url.ok_or_else(|| broken("Can't find field \"url\""))?)
        }
        "copy_text" => match value.get("text").and_then(Value::as_str) {
            Some(text) if (1..=256).contains(&text.chars().count()) => Ok(()),
            _ => Err(Refusal::bad("BUTTON_COPY_TEXT_INVALID")),
        },
        "switch_inline_query" | "switch_inline_query_current_chat" if !value.is_string() => {
            Err(broken("the query must be of type String"))
        }
        "pay" | "callback_game" if !first => Err(Refusal::bad("BUTTON_POS_INVALID")),
        _ => Ok(()),
    }
}

fn link(address: &str) -> Result<(), Refusal> {
    let wrong = |why: &str| Refusal::bad(format!("inline keyboard button URL '{address}' is invalid: {why}"));
    let full = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let url = Url::parse(&full).map_err(|_| wrong("Wrong HTTP URL"))?;
    match (url.scheme(), url.host()) {
        ("http" | "https", Some(Host::Domain(name))) if !name.contains('.') => Err(wrong("Wrong HTTP URL")),
        ("tg" | "ton" | "tonsite", _) | ("http" | "https", Some(_)) => Ok(()),
        _ => Err(wrong("Unsupported URL protocol")),
    }
}

/// A Mini App's address: HTTPS, or this machine, as Telegram's own test servers allow.
pub(super) fn web_app(address: &str) -> Result<(), Refusal> {
    let wrong =
        |why: &str| Refusal::bad(format!("inline keyboard button Web App URL '{address}' is invalid: {why}"));
    let url = Url::parse(address).map_err(|_| wrong("Wrong HTTP URL"))?;
    let here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if here => Ok(()),
        _ => Err(wrong("Only HTTPS links are allowed")),
    }
}
