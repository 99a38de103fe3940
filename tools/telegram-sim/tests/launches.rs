//! Launch data, checked by somebody who shares no code with what made it.

mod support;

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use support::{ANNA, BEN, GROUP, Sim, TOKEN};
use url::{Url, form_urlencoded};

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn fields(init_data: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(init_data.as_bytes()).into_owned().collect()
}

fn lines(fields: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
    lines.join("\n")
}

/// Checks hash and signature by the book and returns the fields.
async fn verified(sim: &Sim, init_data: &str) -> BTreeMap<String, String> {
    let all = fields(init_data);
    let mut checked = all.clone();
    let hash = checked.remove("hash").expect("a hash");
    let secret = mac(b"WebAppData", TOKEN);
    assert_eq!(hex::encode(mac(&secret, &lines(&checked))), hash, "hash of {init_data}");
    let signature = checked.remove("signature").expect("a signature");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url without padding");
    let key = sim.get("/world").await["signature_public_key"].as_str().map(hex::decode);
    let key: [u8; 32] = key.expect("a key").expect("hex").try_into().expect("32 bytes");
    let message = format!("4242424242:WebAppData\n{}", lines(&checked));
    VerifyingKey::from_bytes(&key)
        .expect("a key")
        .verify_strict(message.as_bytes(), &Signature::from_slice(&signature).expect("64 bytes"))
        .expect("the Ed25519 signature is right");
    all
}

fn fragment(url: &Value) -> BTreeMap<String, String> {
    let url = Url::parse(url.as_str().expect("a url")).expect("a url");
    fields(url.fragment().expect("launch data is in the fragment"))
}

#[tokio::test]
async fn a_direct_link_in_a_group_opens_the_app_with_signed_data_and_no_chat_id() {
    let sim = Sim::start().await;
    let name = json!({"first_name": "А/Б \"&=+%\\", "username": "a_b", "language_code": "ru"});
    let person = sim.post("/users", name).await;
    let id = person["id"].as_i64().expect("an id");
    sim.post(&format!("/chats/{GROUP}/members"), json!({"user": id})).await;
    let link = "https://t.me/sovpalo_bot/app?startapp=K7QX2M9P";
    let markup = json!({"inline_keyboard": [[{"text": "Open", "url": link}]]});
    let card = sim.ok("sendMessage", json!({"chat_id": GROUP, "text": "card", "reply_markup": markup})).await;
    let path = format!("/chats/{GROUP}/messages/{}/tap", card["message_id"]);
    let launch = sim.post(&path, json!({"user": id, "button": "Open"})).await;
    assert_eq!(launch["kind"], json!("mini_app"), "{launch}");
    assert_eq!(launch["start_param"], json!("K7QX2M9P"));
    let fragment = fragment(&launch["url"]);
    assert_eq!(fragment["tgWebAppVersion"], "9.1");
    assert_eq!(fragment["tgWebAppPlatform"], "android");
    assert_eq!(fragment["tgWebAppStartParam"], "K7QX2M9P");
    let theme: Value = serde_json::from_str(&fragment["tgWebAppThemeParams"]).expect("JSON");
    assert_eq!(theme["bg_color"], json!("#ffffff"));
    assert_eq!(json!(fragment["tgWebAppData"]), launch["init_data"]);

    let data = verified(&sim, &fragment["tgWebAppData"]).await;
    assert!(data["user"].contains("А\\/Б"), "slashes are escaped: {}", data["user"]);
    let user: Value = serde_json::from_str(&data["user"]).expect("JSON");
    assert_eq!(user["id"], json!(id));
    assert_eq!(user["first_name"], json!("А/Б \"&=+%\\"));
    assert_eq!(data["chat_type"], "supergroup");
    assert_eq!(data["start_param"], "K7QX2M9P");
    assert!(data["chat_instance"].parse::<i64>().is_ok(), "a number, perhaps negative");
    assert!(!data.contains_key("chat") && !data.contains_key("query_id"), "{data:?}");
}

#[tokio::test]
async fn a_web_app_button_in_private_brings_a_query_id_that_can_be_answered_once() {
    let sim = Sim::start().await;
    sim.say(ANNA, ANNA, "/start").await;
    let markup = json!({"inline_keyboard": [[{"text": "Open", "web_app": {"url": "https://films.example/rooms?x=1"}}]]});
    let card = sim.ok("sendMessage", json!({"chat_id": ANNA, "text": "card", "reply_markup": markup})).await;
    let path = format!("/chats/{ANNA}/messages/{}/tap", card["message_id"]);
    let launch = sim.post(&path, json!({"user": ANNA})).await;
    let url = Url::parse(launch["url"].as_str().expect("a url")).expect("a url");
    assert_eq!((url.path(), url.query()), ("/rooms", Some("x=1")));
    let data = verified(&sim, launch["init_data"].as_str().expect("text")).await;
    let user: Value = serde_json::from_str(&data["user"]).expect("JSON");
    assert_eq!(user["allows_write_to_pm"], json!(true), "she has started the bot");
    let result = json!({"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "done"}});
    let answer = json!({"web_app_query_id": data["query_id"], "result": result});
    sim.ok("answerWebAppQuery", answer.clone()).await;
    sim.refused("answerWebAppQuery", answer).await;
}

#[tokio::test]
async fn launch_data_can_be_made_by_hand_also_in_the_past() {
    let sim = Sim::start().await;
    let launch = sim
        .post("/launch", json!({"user": BEN, "auth_date": 1_700_000_000, "start_param": "X", "chat": GROUP}))
        .await;
    let data = verified(&sim, launch["init_data"].as_str().expect("text")).await;
    assert_eq!(data["auth_date"], "1700000000");
    assert_eq!(data["chat_type"], "supergroup");
}

#[tokio::test]
async fn links_lead_where_telegram_leads_them() {
    let sim = Sim::start().await;
    let open = |url: &'static str| sim.post("/users/5000000101/open", json!({"url": url}));
    let started = open("https://t.me/sovpalo_bot?start=K7QX2M9P").await;
    assert_eq!(started["message"]["text"], json!("/start K7QX2M9P"), "{started}");
    assert_eq!(open("t.me/sovpalo_bot").await["kind"], json!("chat"));
    assert_eq!(
        open("tg://resolve?domain=sovpalo_bot&appname=app&startapp=A").await["start_param"],
        json!("A")
    );
    assert_eq!(open("https://t.me/sovpalo_bot?startapp").await["kind"], json!("mini_app"));
    assert_eq!(open("https://t.me/sovpalo_bot?startgroup=x").await["kind"], json!("start_group"));
    assert_eq!(
        open("https://t.me/share/url?url=https%3A%2F%2Fa.b&text=c").await["text"],
        json!("https://a.b\nc")
    );
    assert_eq!(open("https://example.com/").await["kind"], json!("link"));
    assert!(open("https://t.me/sovpalo_bot/other?startapp=A").await["error"].is_string());
    assert!(open("https://t.me/sovpalo_bot/app?startapp=a%20b").await["error"].is_string());
}
