//! Telegram's links: what `t.me/…` and `tg://…` mean to a phone.

use url::Url;

/// What a link asks the phone to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    /// The private chat with the bot; with a parameter, `/start <parameter>` is sent.
    Bot { start: Option<String> },
    /// Add the bot to a group.
    StartGroup { param: String },
    /// A Mini App of the bot, by name or (none) its main one.
    App { name: Option<String>, start_param: Option<String> },
    /// "Share": a text for a chat that the person chooses.
    Share { text: String },
    /// Telegram, but not this bot.
    Elsewhere,
    /// Not a link of Telegram at all.
    Web,
}

/// Reads a link. `bot` is the bot's username.
pub(crate) fn read(link: &str, bot: &str) -> Link {
    let link =
        link.strip_prefix("t.me/").map_or_else(|| link.to_owned(), |rest| format!("https://t.me/{rest}"));
    let Ok(url) = Url::parse(&link) else { return Link::Web };
    let value =
        |key: &str| url.query_pairs().find(|(found, _)| found == key).map(|(_, value)| value.into_owned());
    let (domain, app) = match (url.scheme(), url.host_str()) {
        ("tg", Some("resolve")) => (value("domain"), value("appname")),
        ("tg", Some("msg_url")) => return share(value("url"), value("text")),
        ("http" | "https", Some("t.me" | "telegram.me")) => {
            let mut path = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
            let (first, second) = (path.next(), path.next());
            if (first, second) == (Some("share"), Some("url")) {
                return share(value("url"), value("text"));
            }
            (first.map(str::to_owned), second.map(str::to_owned))
        }
        _ => return Link::Web,
    };
    if !domain.is_some_and(|domain| domain.eq_ignore_ascii_case(bot)) {
        return Link::Elsewhere;
    }
    let start_app = value("startapp").map(|param| if param.is_empty() { None } else { Some(param) });
    match (app, start_app) {
        (Some(name), start_param) => Link::App { name: Some(name), start_param: start_param.flatten() },
        (None, Some(start_param)) => Link::App { name: None, start_param },
        (None, None) => match value("startgroup") {
            Some(param) => Link::StartGroup { param },
            None => Link::Bot { start: value("start").filter(|param| !param.is_empty()) },
        },
    }
}

fn share(url: Option<String>, text: Option<String>) -> Link {
    let parts: Vec<String> = [url, text].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    Link::Share { text: parts.join("\n") }
}

/// What Telegram lets through as a start parameter.
pub(crate) fn good_parameter(param: &str, most: usize) -> bool {
    param.len() <= most && param.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
