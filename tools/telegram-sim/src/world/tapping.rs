//! A person taps a button under a message.

use std::time::Instant;

use serde_json::{Value, json};

use super::{
    World,
    callbacks::Callback,
    ids::{ChatId, MessageId, UserId},
    saying::Cannot,
};

/// Which button is meant.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(untagged)]
pub(crate) enum Which {
    /// Row and column, from 0.
    At { row: usize, column: usize },
    /// Its text, or a part of it; or its callback data.
    Named(String),
}

/// What a tap leads to.
#[derive(Debug)]
pub(crate) enum Tapped {
    Callback(String),
    Url(String),
    WebApp(String),
    SwitchInline { query: String, here: bool },
    Copy(String),
}

impl World {
    /// Finds the button and what it leads to; a callback button asks the bot at once.
    pub(crate) fn tap(
        &mut self,
        chat: ChatId,
        message: MessageId,
        user: UserId,
        which: &Which,
        chat_instance: &str,
    ) -> Result<Tapped, Cannot> {
        let found = self.chats.get(&chat).ok_or(Cannot::NoSuchChat)?;
        if !found.members.contains(&user) {
            return Err(Cannot::NotAMember);
        }
        let shown = found.message(message).ok_or(Cannot::NoSuchMessage)?;
        let button =
            shown.markup.as_ref().and_then(|markup| find(markup, which)).ok_or(Cannot::NoSuchButton)?;
        let text = |key: &str| button.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(data) = text("callback_data") {
            return Ok(Tapped::Callback(self.ask(chat, message, user, &data, chat_instance)));
        }
        if let Some(url) = text("url") {
            return Ok(Tapped::Url(url));
        }
        if let Some(url) = button.pointer("/web_app/url").and_then(Value::as_str) {
            return Ok(Tapped::WebApp(url.to_owned()));
        }
        if let Some(query) = text("switch_inline_query") {
            return Ok(Tapped::SwitchInline { query, here: false });
        }
        if let Some(query) = text("switch_inline_query_current_chat") {
            return Ok(Tapped::SwitchInline { query, here: true });
        }
        if let Some(copied) = button.pointer("/copy_text/text").and_then(Value::as_str) {
            return Ok(Tapped::Copy(copied.to_owned()));
        }
        if let Some(chosen) = button.get("switch_inline_query_chosen_chat") {
            let query = chosen.get("query").and_then(Value::as_str).unwrap_or_default();
            return Ok(Tapped::SwitchInline { query: query.to_owned(), here: false });
        }
        Err(Cannot::Other("a tap on this kind of button is not simulated".to_owned()))
    }

    fn ask(
        &mut self,
        chat: ChatId,
        message: MessageId,
        user: UserId,
        data: &str,
        chat_instance: &str,
    ) -> String {
        let id = self.number();
        let mut query = json!({
            "id": id,
            "from": self.author(user),
            "chat_instance": chat_instance,
            "data": data,
        });
        let inline = self.chats[&chat].messages.get(&message).and_then(|m| m.inline_message_id.clone());
        match inline {
            Some(inline) => query["inline_message_id"] = json!(inline),
            None => query["message"] = json!(self.message_api(chat, message)),
        }
        self.callbacks.insert(id.clone(), Callback { asked: Instant::now(), answer: None });
        self.push_update("callback_query", query);
        id
    }
}

fn find<'a>(markup: &'a Value, which: &Which) -> Option<&'a Value> {
    let rows = markup.get("inline_keyboard")?.as_array()?;
    match which {
        Which::At { row, column } => rows.get(*row)?.get(*column),
        Which::Named(name) => {
            let buttons = || rows.iter().filter_map(Value::as_array).flatten();
            let is =
                |button: &&Value, key: &str| button.get(key).and_then(Value::as_str) == Some(name.as_str());
            buttons().find(|button| is(button, "text") || is(button, "callback_data")).or_else(|| {
                buttons().find(|button| {
                    let text = button.get("text").and_then(Value::as_str);
                    text.is_some_and(|text| text.contains(name.as_str()))
                })
            })
        }
    }
}
