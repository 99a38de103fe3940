//! Answers to what people ask: callbacks, inline queries, Mini App queries, prepared messages.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    content,
    keyboards::{self, Place},
    params::Params,
    refusal::Refusal,
};
use crate::{
    text::utf16,
    world::{
        World,
        callbacks::CALLBACK_LIFETIME,
        ids::UserId,
        messages::Body,
        offered::{Answer, Offered, Prepared},
    },
};

/// For so many seconds a prepared message can be sent.
const PREPARED_LIFETIME: i64 = 600;

const TOO_OLD: &str = "query is too old and response timeout expired or query ID is invalid";

pub(super) fn answer_callback(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let text = params.text("text").unwrap_or_default();
    if utf16(text) > 200 {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    let id = params.text("callback_query_id").unwrap_or_default();
    let callback = world
        .callbacks
        .get_mut(id)
        .filter(|query| query.answer.is_none() && query.asked.elapsed() < CALLBACK_LIFETIME)
        .ok_or_else(|| Refusal::bad(TOO_OLD))?;
    callback.answer = Some(json!({
        "text": params.filled("text"),
        "show_alert": params.flag("show_alert"),
        "url": params.filled("url"),
    }));
    world.touch();
    Ok(json!(true))
}

pub(super) fn answer_inline(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let results = params.list("results").map(Vec::as_slice).unwrap_or_default();
    if results.len() > 50 {
        return Err(Refusal::bad("RESULTS_TOO_MUCH"));
    }
    let mut seen = BTreeSet::new();
    let mut offered = Vec::new();
    for result in results {
        let result = offer(result)?;
        if !seen.insert(result.id.clone()) {
            return Err(Refusal::bad("RESULT_ID_DUPLICATE"));
        }
        offered.push(result);
    }
    let button = params.get("button").cloned();
    if let Some(button) = &button {
        check_button(button)?;
    }
    let id = params.text("inline_query_id").unwrap_or_default();
    let query = world
        .inline_queries
        .get_mut(id)
        .filter(|query| query.answer.is_none() && query.asked.elapsed() < CALLBACK_LIFETIME)
        .ok_or_else(|| Refusal::bad(TOO_OLD))?;
    query.answer = Some(Answer {
        results: offered,
        button,
        next_offset: params.text("next_offset").unwrap_or_default().to_owned(),
        cache_time: params.int("cache_time").unwrap_or(300),
        is_personal: params.flag("is_personal"),
    });
    world.touch();
    Ok(json!(true))
}

fn check_button(button: &Value) -> Result<(), Refusal> {
    let text = button.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() {
        return Err(Refusal::bad("can't parse inline query results button: Can't find field \"text\""));
    }
    match (button.get("start_parameter").and_then(Value::as_str), button.pointer("/web_app/url")) {
        (Some(param), None) if !param.is_empty() && crate::world::links::good_parameter(param, 64) => Ok(()),
        (Some(_), None) => Err(Refusal::bad("START_PARAM_INVALID")),
        (None, Some(url)) => keyboards::web_app(url.as_str().unwrap_or_default()),
        _ => Err(Refusal::bad(
            "can't parse inline query results button: exactly one of the optional fields must be used",
        )),
    }
}

pub(super) fn save_prepared(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let user = UserId(params.int("user_id").unwrap_or_default());
    if world.user(user).is_none() {
        return Err(Refusal::bad("USER_ID_INVALID"));
    }
    let offered = offer(params.get("result").unwrap_or(&Value::Null))?;
    let allows = |name: &str| params.flag(name);
    let (to_bots, to_groups) = (allows("allow_bot_chats"), allows("allow_group_chats"));
    if !(to_bots || to_groups || allows("allow_user_chats") || allows("allow_channel_chats")) {
        return Err(Refusal::bad("PEER_TYPES_INVALID"));
    }
    let id = world.token("prepared_");
    let until = crate::clock::now() + PREPARED_LIFETIME;
    world.prepared.insert(id.clone(), Prepared { user, offered, until, to_bots, to_groups });
    Ok(json!({"id": id, "expiration_date": until}))
}

pub(super) fn answer_web_app(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let offered = offer(params.get("result").unwrap_or(&Value::Null))?;
    let id = params.text("web_app_query_id").unwrap_or_default();
    let (user, chat) = world.web_app_queries.remove(id).ok_or_else(|| Refusal::bad(TOO_OLD))?;
    let (_, inline_id) =
        world.send_via(chat, user, &offered).map_err(|error| Refusal::bad(error.to_string()))?;
    Ok(match inline_id {
        Some(id) => json!({"inline_message_id": id}),
        None => json!({}),
    })
}

/// One result: an article or a photo, with what it becomes when it is chosen.
fn offer(result: &Value) -> Result<Offered, Refusal> {
    let field = |name: &str| result.get(name).and_then(Value::as_str);
    let need = |name: &str| {
        field(name).filter(|text| !text.is_empty()).ok_or_else(|| {
            Refusal::bad(format!("can't parse inline query result: Can't find field \"{name}\""))
        })
    };
    let kind = need("type")?;
    let id = need("id")?;
    if id.len() > 64 {
        return Err(Refusal::bad("RESULT_ID_INVALID"));
    }
    let markup = match result.get("reply_markup") {
        Some(markup) => keyboards::inline(markup, Place::Inline)?,
        None => None,
    };
    let given = result.get("input_message_content");
    let body = match kind {
        "article" => {
            need("title")?;
            input_text(given.ok_or_else(|| {
                Refusal::bad("can't parse inline query result: Can't find field \"input_message_content\"")
            })?)?
        }
        "photo" => {
            let photo = content::photo_address(need("photo_url")?)
                .ok_or_else(|| Refusal::bad("WEBDOCUMENT_URL_INVALID"))?;
            need("thumbnail_url")?;
            if let Some(given) = given {
                input_text(given)?
            } else {
                let entities = result.get("caption_entities").and_then(Value::as_array);
                let caption = content::caption(field("caption"), field("parse_mode"), entities)?;
                let above = result.get("show_caption_above_media") == Some(&json!(true));
                Body::Photo { photo, caption: caption.text, entities: caption.entities, above }
            }
        }
        other => {
            return Err(Refusal::bad(format!("inline results of type {other} are not simulated")));
        }
    };
    let shown = json!({
        "id": id,
        "type": kind,
        "title": field("title"),
        "description": field("description"),
        "thumbnail_url": field("thumbnail_url"),
    });
    Ok(Offered { id: id.to_owned(), shown, body, markup })
}

fn input_text(given: &Value) -> Result<Body, Refusal> {
    let field = |name: &str| given.get(name).and_then(Value::as_str);
    if field("message_text").is_none() {
        return Err(Refusal::bad("can't parse input message content: only texts are simulated"));
    }
    let entities = given.get("entities").and_then(Value::as_array);
    let text = content::text(field("message_text"), field("parse_mode"), entities, "MESSAGE_TOO_LONG")?;
    let preview = content::preview(given.get("link_preview_options"))?;
    Ok(Body::Text { text: text.text, entities: text.entities, preview })
}
