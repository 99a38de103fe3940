//! The client that production uses understands every answer.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{ANNA, BEN, GROUP, Sim, TOKEN};
use teloxide::{
    ApiError, RequestError,
    prelude::*,
    types::{
        AllowedUpdate, BotCommand, ChatKind, InlineKeyboardButton, InlineKeyboardMarkup, InputFile,
        LinkPreviewOptions, MenuButton, ParseMode, UpdateKind,
    },
};

fn bot(sim: &Sim) -> Bot {
    Bot::new(TOKEN).set_api_url(sim.url.parse().expect("a url"))
}

#[tokio::test]
async fn it_reads_itself_chats_and_members() {
    let sim = Sim::start().await;
    let bot = bot(&sim);
    let me = bot.get_me().await.expect("getMe");
    assert_eq!(me.username(), "sovpalo_bot");
    assert!(me.supports_inline_queries);
    let chat = bot.get_chat(ChatId(GROUP)).await.expect("getChat");
    assert!(matches!(chat.kind, teloxide::types::ChatFullInfoKind::Public(_)), "{chat:?}");
    let member = bot.get_chat_member(ChatId(GROUP), UserId(ANNA.unsigned_abs())).await;
    assert!(member.expect("getChatMember").is_owner());
    let other = bot.get_chat_member(ChatId(GROUP), UserId(BEN.unsigned_abs())).await;
    assert!(!other.expect("getChatMember").is_privileged());
    assert_eq!(bot.get_chat_member_count(ChatId(GROUP)).await.expect("a count"), 4);
    let admins = bot.get_chat_administrators(ChatId(GROUP)).await.expect("administrators");
    assert_eq!(admins.len(), 1);
}

#[tokio::test]
async fn it_sends_edits_and_reads_back_a_card() {
    let sim = Sim::start().await;
    let bot = bot(&sim);
    let url = "https://t.me/sovpalo_bot/app?startapp=K7QX2M9P".parse().expect("a url");
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::url("Join", url)]]);
    let preview = LinkPreviewOptions {
        is_disabled: false,
        url: Some("https://example.com/poster.jpg".to_owned()),
        prefer_small_media: false,
        prefer_large_media: true,
        show_above_text: true,
    };
    let sent = bot
        .send_message(ChatId(GROUP), "<b>Movie night</b>")
        .parse_mode(ParseMode::Html)
        .link_preview_options(preview)
        .reply_markup(keyboard.clone())
        .await
        .expect("sendMessage");
    assert_eq!(sent.text(), Some("Movie night"));
    let edited = bot
        .edit_message_text(ChatId(GROUP), sent.id, "Movie night: 3 people")
        .reply_markup(keyboard.clone())
        .await
        .expect("editMessageText");
    assert_eq!(edited.text(), Some("Movie night: 3 people"));
    let again =
        bot.edit_message_text(ChatId(GROUP), sent.id, "Movie night: 3 people").reply_markup(keyboard).await;
    assert!(matches!(again, Err(RequestError::Api(ApiError::MessageNotModified))), "{again:?}");
    let png = InputFile::memory(&b"\x89PNG\r\n\x1a\n and so on"[..]).file_name("poster.png");
    let photo = bot.send_photo(ChatId(GROUP), png).caption("poster").await.expect("sendPhoto");
    assert_eq!(photo.caption(), Some("poster"));
    let url = InputFile::url("https://example.com/poster.jpg".parse().expect("a url"));
    bot.send_photo(ChatId(GROUP), url).await.expect("sendPhoto by address");
    bot.delete_message(ChatId(GROUP), photo.id).await.expect("deleteMessage");
}

#[tokio::test]
async fn it_tells_refusals_apart() {
    let sim = Sim::start().await;
    let bot = bot(&sim);
    let nobody = bot.send_message(ChatId(77), "x").await;
    assert!(matches!(nobody, Err(RequestError::Api(ApiError::ChatNotFound))), "{nobody:?}");
    let bad = bot.send_message(ChatId(GROUP), "<b>").parse_mode(ParseMode::Html).await;
    assert!(matches!(bad, Err(RequestError::Api(ApiError::CantParseEntities(_)))), "{bad:?}");
    let long = bot.send_message(ChatId(GROUP), "x".repeat(5000)).await;
    assert!(matches!(long, Err(RequestError::Api(ApiError::MessageIsTooLong))), "{long:?}");
    sim.post("/faults", json!({"method": "sendMessage", "status": 429, "retry_after": 3})).await;
    let fast = bot.send_message(ChatId(GROUP), "x").await;
    assert!(matches!(fast, Err(RequestError::RetryAfter(wait)) if wait.seconds() == 3));
    sim.post(&format!("/chats/{GROUP}/bot"), json!({"standing": "kicked"})).await;
    let kicked = bot.send_message(ChatId(GROUP), "x").await;
    let error = RequestError::Api(ApiError::BotKickedFromSupergroup);
    assert_eq!(format!("{:?}", kicked.expect_err("kicked")), format!("{error:?}"));
}

#[tokio::test]
async fn it_sets_its_profile_and_its_menu() {
    let sim = Sim::start().await;
    let bot = bot(&sim);
    bot.set_my_commands([BotCommand::new("new", "A new room")]).await.expect("setMyCommands");
    let commands = bot.get_my_commands().await.expect("getMyCommands");
    assert_eq!(commands, [BotCommand::new("new", "A new room")]);
    bot.set_my_description().description("Decide together").await.expect("setMyDescription");
    let description = bot.get_my_description().await.expect("getMyDescription");
    assert_eq!(description.description, "Decide together");
    let button = MenuButton::WebApp {
        text: "Open".to_owned(),
        web_app: teloxide::types::WebAppInfo { url: "https://a.example/".parse().expect("a url") },
    };
    bot.set_chat_menu_button().menu_button(button).await.expect("setChatMenuButton");
    let launch = sim.post(&format!("/users/{ANNA}/menu"), json!({})).await;
    assert_eq!(launch["kind"], json!("mini_app"), "{launch}");
}

#[tokio::test]
async fn it_understands_every_update() {
    let sim = Sim::start().await;
    let bot = bot(&sim);
    let allowed = [
        AllowedUpdate::Message,
        AllowedUpdate::MyChatMember,
        AllowedUpdate::InlineQuery,
        AllowedUpdate::ChosenInlineResult,
        AllowedUpdate::CallbackQuery,
    ];
    bot.get_updates().allowed_updates(allowed).await.expect("getUpdates");
    sim.say(ANNA, ANNA, "/start K7QX2M9P").await;
    sim.say(GROUP, ANNA, "/new@sovpalo_bot").await;
    sim.leave(GROUP, BEN).await;
    sim.post(&format!("/chats/{GROUP}/bot"), json!({"standing": "administrator"})).await;
    sim.post(&format!("/chats/{GROUP}/bot"), json!({"standing": "kicked"})).await;
    sim.post(&format!("/chats/{GROUP}/bot"), json!({"standing": "member"})).await;
    let poll = bot.get_updates().timeout(10);
    let updates = tokio::time::timeout(Duration::from_secs(20), poll.send())
        .await
        .expect("in time")
        .expect("getUpdates");
    let wrong: Vec<_> = updates.iter().filter(|update| matches!(update.kind, UpdateKind::Error(_))).collect();
    assert!(wrong.is_empty(), "teloxide did not understand {wrong:?}");
    let kinds = |wanted: fn(&UpdateKind) -> bool| updates.iter().filter(|u| wanted(&u.kind)).count();
    assert_eq!(kinds(|kind| matches!(kind, UpdateKind::MyChatMember(_))), 3);
    assert_eq!(kinds(|kind| matches!(kind, UpdateKind::Message(_))), 4, "{updates:?}");
    let UpdateKind::Message(first) = &updates[0].kind else { panic!("{updates:?}") };
    assert!(matches!(first.chat.kind, ChatKind::Private(_)));
}
