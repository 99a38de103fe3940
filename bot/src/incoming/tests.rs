//! Updates with anything in them that this version has never heard of.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Every field of a message in Bot API 10.2 that the bot does not need for an answer, and some that nobody has yet.
const ELSEWHERE: &[&str] = &[
    "direct_messages_topic",
    "sender_boost_count",
    "sender_business_bot",
    "sender_tag",
    "receiver_user",
    "ephemeral_message_id",
    "guest_query_id",
    "business_connection_id",
    "is_automatic_forward",
    "reply_to_message",
    "external_reply",
    "quote",
    "reply_to_story",
    "reply_to_checklist_task_id",
    "reply_to_poll_option_id",
    "guest_bot_caller_user",
    "guest_bot_caller_chat",
    "edit_date",
    "has_protected_content",
    "is_from_offline",
    "is_paid_post",
    "media_group_id",
    "author_signature",
    "paid_star_count",
    "entities",
    "link_preview_options",
    "suggested_post_info",
    "effect_id",
    "rich_message",
    "animation",
    "audio",
    "document",
    "live_photo",
    "paid_media",
    "photo",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
    "caption",
    "caption_entities",
    "checklist",
    "contact",
    "dice",
    "game",
    "poll",
    "venue",
    "location",
    "invoice",
    "gift",
    "unique_gift",
    "giveaway",
    "new_chat_members",
    "pinned_message",
    "chat_background_set",
    "suggested_post_paid",
    "web_app_data",
    "reply_markup",
    "message_id",
    "message_thread_id",
    "is_topic_message",
    "date",
    "something_of_next_year",
];

/// What stands where something else was expected.
fn strange() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5e300),
        json!(u64::MAX),
        json!("hologram"),
        json!([]),
        json!([[[]], 7, null, {"type": "hologram", "offset": -3, "length": "x"}]),
        json!({}),
        json!({"type": "hologram", "id": {"id": 1}, "inline_keyboard": [[7, {"url": 8}], "x", null]}),
    ]
}

fn asked() -> Value {
    json!({"update_id": 1, "message": {
        "message_id": 7, "date": 1_790_000_000, "text": "/new Friday",
        "chat": {"id": -5, "type": "supergroup", "title": "T", "accent_color_id": {"new": true}},
        "from": {"id": 9, "is_bot": false, "first_name": "Anna", "rating": [1]},
        "entities": [{"type": "bot_command", "offset": 0, "length": 4}],
    }})
}

fn message_in(update: &Value) -> Message {
    match read(&update.to_string()) {
        Ok(Update::Message(message)) => *message,
        other => panic!("{update} was read as {other:?}"),
    }
}

fn is_understood(update: &Value) -> bool {
    let message = message_in(update);
    let from = message.from.as_ref().map(|user| (user.id, user.first_name.as_str()));
    message.words() == Some("/new Friday") && message.chat.id == -5 && from == Some((9, "Anna"))
}

#[test]
fn whatever_stands_in_another_field_of_a_message_its_command_is_read() {
    for field in ELSEWHERE {
        for strange in strange() {
            let mut update = asked();
            update["message"][*field] = strange;
            assert!(is_understood(&update), "{update}");
        }
    }
}

#[test]
fn whatever_a_person_or_a_chat_is_said_to_be_more_they_are_known() {
    for strange in strange() {
        for field in ["title", "type", "is_forum", "username", "something_new"] {
            let mut update = asked();
            update["message"]["chat"][field] = strange.clone();
            assert!(is_understood(&update), "{update}");
        }
        for field in ["is_bot", "last_name", "username", "language_code", "something_new"] {
            let mut update = asked();
            update["message"]["from"][field] = strange.clone();
            assert!(is_understood(&update), "{update}");
        }
    }
}

#[test]
fn a_standing_of_a_new_kind_is_neither_present_nor_absent() {
    let standing = |status: &str, is_member: Value| -> Option<bool> {
        let member: ChatMember =
            serde_json::from_value(json!({"status": status, "user": 7, "is_member": is_member})).unwrap();
        member.is_present()
    };
    assert_eq!(standing("administrator", Value::Null), Some(true));
    assert_eq!(standing("restricted", json!(true)), Some(true));
    assert_eq!(standing("restricted", json!("who knows")), Some(false));
    assert_eq!(standing("kicked", Value::Null), Some(false));
    assert_eq!(standing("hologram", Value::Null), None);
}

#[test]
fn entities_and_buttons_that_cannot_be_read_leave_the_others() {
    let update = json!({"message": {
        "chat": {"id": 5}, "text": "come",
        "entities": [7, {"type": "date_time"}, {"type": "text_link", "url": "https://t.me/b?start=7KQ2M0X1"}],
        "reply_markup": {"inline_keyboard": [[{"text": "x", "hologram": {}}, {"text": "y", "url": "https://t.me/c"}], null]},
    }});
    let message = message_in(&update);
    let addresses: Vec<&str> = message.addresses().collect();
    assert_eq!(addresses, ["https://t.me/b?start=7KQ2M0X1", "https://t.me/c"]);
}

#[test]
fn a_command_is_read_in_a_caption_and_in_rich_text() {
    let with = |field: &str, value: Value| {
        let mut update = json!({"message": {"chat": {"id": 5}, "photo": []}});
        update["message"][field] = value;
        message_in(&update).words().map(ToOwned::to_owned)
    };
    assert_eq!(with("caption", json!("/new Poster")).as_deref(), Some("/new Poster"));
    let command = json!({"type": "bot_command", "text": "/new", "bot_command": "/new"});
    let rich = json!({"blocks": [{"type": "paragraph", "text": [command, " ", {"type": "bold", "text": "Friday"}]}]});
    assert_eq!(with("rich_message", rich).as_deref(), Some("/new Friday"));
}

#[test]
fn what_only_says_that_something_happened_is_told_from_what_has_no_words() {
    let is_service =
        |field: &str| message_in(&json!({"message": {"chat": {"id": 5}, (field): {}}})).is_service;
    assert!(is_service("pinned_message") && is_service("gift") && is_service("forum_topic_created"));
    assert!(!is_service("photo") && !is_service("hologram"));
}

#[test]
fn what_cannot_be_read_is_named_by_its_kind_and_nothing_else() {
    for (update, kind) in [
        (json!({"message": null}), "message"),
        (json!({"message": {"text": "/new"}}), "message"),
        (json!({"message": {"chat": {"id": "x"}, "text": "/new"}}), "message"),
        (json!({"message": {"chat": {"id": 0}, "text": "/new"}}), "message"),
        (json!({"inline_query": {"id": "1", "from": 7}}), "inline_query"),
        (json!({"chosen_inline_result": []}), "chosen_inline_result"),
        (json!({"callback_query": {"id": 1}}), "callback_query"),
        (json!({"my_chat_member": {"chat": {"id": -5}}}), "my_chat_member"),
    ] {
        assert_eq!(read(&update.to_string()).unwrap_err(), Unreadable(kind), "{update}");
    }
    assert_eq!(read("{").unwrap_err(), Unreadable("not JSON"));
    assert!(matches!(read(r#"{"update_id": 1, "hologram": {}}"#), Ok(Update::Other)));
}

#[test]
fn what_happens_in_a_chat_stands_in_its_lane_and_the_rest_in_its_senders() {
    let lane_of = |update: Value| lane_and_sender(&update.to_string()).0;
    let user = json!({"id": 7, "is_bot": false, "first_name": "A"});
    assert_eq!(lane_of(asked()), -5);
    assert_eq!(lane_of(json!({"inline_query": {"id": "0", "from": user, "query": "", "offset": ""}})), 7);
    assert_eq!(lane_of(json!({"callback_query": {"id": "0", "from": user, "chat_instance": "1"}})), 7);
    assert_eq!(lane_of(json!({"something_new": {}})), 0);
}

#[test]
fn whoever_sent_an_update_is_known_by_it_also_in_a_group() {
    let sender_of = |update: Value| lane_and_sender(&update.to_string()).1.map(UserId::get);
    let user = json!({"id": 7, "is_bot": false, "first_name": "A"});
    let chat = json!({"id": -5, "type": "group", "title": "G"});
    let message = json!({"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "/new"});
    assert_eq!(sender_of(json!({"message": message})), Some(7));
    assert_eq!(
        sender_of(json!({"inline_query": {"id": "0", "from": user, "query": "", "offset": ""}})),
        Some(7)
    );
    assert_eq!(sender_of(json!({"something_new": {}})), None);
}

/// Any JSON, not too deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(
                prop_oneof!["[a-z_]{1,12}", Just("type".into()), Just("url".into())],
                inner,
                0..4
            )
            .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_command_is_understood_among_any_values_in_any_fields(
        more in prop::collection::vec((prop::sample::select(ELSEWHERE), any_json()), 0..6),
        of_chat in any_json(), of_person in any_json(),
    ) {
        let mut update = asked();
        for (field, value) in more {
            update["message"][field] = value;
        }
        update["message"]["chat"]["something"] = of_chat;
        update["message"]["from"]["something"] = of_person;
        prop_assert!(is_understood(&update), "{update}");
    }

    #[test]
    fn any_json_is_read_or_named_and_never_a_panic(kind in "message|inline_query|callback_query|my_chat_member|x", value in any_json()) {
        let update = json!({"update_id": 1, (kind): value}).to_string();
        let _ = (read(&update), lane_and_sender(&update));
    }
}
