//! Launches, signed here by a second, plain implementation of what Telegram's page describes.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sovpalo_domain::ids::Timestamp;

use super::{InitDataKey, NotGenuine, Untimely, check};

const TOKEN: &str = "7342037359:AAHI25ES9xCOMPokpYoz-p8XVrZUdygo2J4";
const NOW: i64 = 1_790_000_000;
const HOUR: Duration = Duration::from_secs(3600);

fn sign(token: &str, fields: &[(&str, &str)]) -> String {
    let mac = |key: &[u8], message: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let mut lines: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={v}")).collect();
    lines.sort();
    hex::encode(mac(&mac(b"WebAppData", token), &lines.join("\n")))
}

fn encode(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields).finish()
}

fn signed(fields: &[(&str, &str)]) -> String {
    format!("{}&hash={}", encode(fields), sign(TOKEN, fields))
}

fn fields<'a>(user: &'a str, auth_date: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("user", user),
        ("chat_instance", "-3788475317572404878"),
        ("chat_type", "private"),
        ("auth_date", auth_date),
        ("signature", "6fbdaab833d39f54518bd5c3eb3f511d035e68cb6KyHn"),
    ]
}

fn judge(raw: &str) -> Result<super::Launch, NotGenuine> {
    check(raw, &InitDataKey::from_bot_token(TOKEN))
}

const ANNA: &str = r#"{"id":6000000001,"first_name":"Anna","last_name":"","language_code":"ru","allows_write_to_pm":true,"photo_url":"https:\/\/t.me\/i\/userpic\/320\/a.svg"}"#;

#[test]
fn a_genuine_launch_says_who_came_and_from_which_link() {
    let now = NOW.to_string();
    let mut said = fields(ANNA, &now);
    said.push(("start_param", "7KQ2M0X1"));
    let launch = judge(&signed(&said)).expect("a genuine launch was refused");
    assert_eq!(launch.person.id.get(), 6_000_000_001);
    assert_eq!(launch.person.first_name, "Anna");
    assert_eq!(launch.person.last_name, None, "an empty last name is none");
    assert_eq!(launch.person.photo_url.as_deref(), Some("https://t.me/i/userpic/320/a.svg"));
    assert_eq!(launch.language.as_deref(), Some("ru"));
    assert_eq!(launch.start_param.as_deref(), Some("7KQ2M0X1"));
    assert!(launch.writes_allowed);
}

/// Strings that Telegram's own clients were given, published with their tokens in the documentation of the "Telegram Mini
/// Apps" libraries: one from before there was a `signature`, one with it.
#[test]
fn strings_that_telegram_itself_signed_are_genuine() {
    let before = "query_id=AAHdF6IQAAAAAN0XohDhrOrc\
        &user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name%22%3A%22Kibenko%22%2C\
        %22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D\
        &auth_date=1662771648\
        &hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2";
    let since = "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C\
        %22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C\
        %22is_premium%22%3Atrue%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me\
        %5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2F4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D\
        &chat_instance=8134722200314281151&chat_type=private&auth_date=1733509682\
        &signature=TYJxVcisqbWjtodPepiJ6ghziUL94-KNpG8Pau-X7oNNLNBM72APCpi_RKiUlBvcqo5L-LAxIc3dnTzcZX_PDg\
        &hash=a433d8f9847bd6addcc563bff7cc82c89e97ea0d90c11fe5729cae6796a36d73";
    let judge = |raw, token, at: i64| {
        let launch =
            check(raw, &InitDataKey::from_bot_token(token)).expect("a string of Telegram's own was refused");
        assert_eq!(launch.is_timely(Timestamp::from_millis(at * 1000), HOUR), Ok(()));
        launch
    };
    let launch = judge(before, "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8", 1_662_771_700);
    assert_eq!(launch.person.first_name, "Vladislav");
    let launch = judge(since, TOKEN, 1_733_509_700);
    assert_eq!(launch.person.first_name, "Vladislav + - ? /");
    assert_eq!(launch.person.username.as_deref(), Some("vdkfrost"));
}

#[test]
fn names_with_every_awkward_character_come_through() {
    for name in ["Zoë & Co = 100%", "a+b c", "\\/\"quoted\"", "Аня 🎬", "\u{202E}rtl", "line\nbreak"] {
        let user = serde_json::json!({ "id": 1, "first_name": name }).to_string().replace('/', "\\/");
        let now = NOW.to_string();
        let launch = judge(&signed(&fields(&user, &now))).unwrap_or_else(|bad| panic!("{name:?}: {bad:?}"));
        assert_eq!(launch.person.first_name, name);
    }
}

#[test]
fn a_plus_is_a_space() {
    let now = NOW.to_string();
    let said = fields(r#"{"id": 1, "first_name": "a b"}"#, &now);
    let raw = signed(&said);
    assert!(raw.contains('+'), "the test's own encoding writes spaces as pluses");
    assert_eq!(judge(&raw.replace('+', "%20")).unwrap(), judge(&raw).unwrap());
}

#[test]
fn anything_changed_added_or_taken_away_is_refused() {
    let now = NOW.to_string();
    let raw = signed(&fields(ANNA, &now));
    for forged in [
        raw.replace("6000000001", "6000000002"),
        raw.replace("chat_type=private", "chat_type=group"),
        raw.replace("signature=6f", "signature=7f"),
        format!("{raw}&start_param=7KQ2M0X1"),
        raw.replace("&chat_type=private", ""),
        raw.split("&signature").next().unwrap().to_owned() + &raw[raw.find("&hash").unwrap()..],
        raw.replace("&hash=", "&hash=0"),
        raw[..raw.len() - 2].to_owned(),
        raw.split("&hash=").next().unwrap().to_owned(),
        format!("{}&hash=", raw.split("&hash=").next().unwrap()),
    ] {
        assert_eq!(judge(&forged).err(), Some(NotGenuine), "taken for genuine: {forged}");
    }
}

#[test]
fn another_bots_launch_is_refused() {
    let now = NOW.to_string();
    let said = fields(ANNA, &now);
    let raw = format!("{}&hash={}", encode(&said), sign("1:another", &said));
    assert_eq!(judge(&raw).err(), Some(NotGenuine));
}

#[test]
fn a_key_that_is_said_twice_is_refused_even_if_the_signature_could_hold() {
    let now = NOW.to_string();
    let raw = signed(&fields(ANNA, &now));
    for twice in [
        format!("{raw}&auth_date={now}"),
        format!("auth_date=1&{raw}"),
        format!("{raw}&hash=00"),
        format!("{raw}&%61uth_date={now}"),
    ] {
        assert_eq!(judge(&twice).err(), Some(NotGenuine), "{twice}");
    }
}

#[test]
fn an_old_launch_has_expired_and_one_from_the_future_says_that_clocks_differ() {
    let at = |auth_date: i64| {
        let launch = judge(&signed(&fields(ANNA, &auth_date.to_string()))).expect("it is genuine");
        launch.is_timely(Timestamp::from_millis(NOW * 1000), HOUR)
    };
    assert_eq!(at(NOW - 3600), Ok(()));
    assert_eq!(at(NOW - 3601), Err(Untimely::Expired));
    assert_eq!(at(NOW + 300), Ok(()), "Telegram's clock may be a little ahead");
    assert_eq!(at(NOW + 301), Err(Untimely::ClockDiffers));
    assert_eq!(at(i64::MAX), Err(Untimely::ClockDiffers));
    assert_eq!(at(i64::MIN), Err(Untimely::Expired));
}

#[test]
fn a_launch_is_told_from_others_by_its_hash_which_no_log_shows() {
    let launch = |auth_date: i64| judge(&signed(&fields(ANNA, &auth_date.to_string()))).unwrap();
    assert_eq!(launch(NOW).hash, launch(NOW).hash);
    assert_ne!(launch(NOW).hash, launch(NOW + 1).hash);
    let raw = signed(&fields(ANNA, &NOW.to_string()));
    let hash = raw.split("&hash=").nth(1).unwrap();
    // The same fields in another order are the same launch.
    let turned = format!("hash={hash}&{}", raw.split("&hash=").next().unwrap());
    assert_eq!(judge(&turned).unwrap().hash, launch(NOW).hash);
    assert!(!format!("{:?}", launch(NOW)).contains(hash));
}

#[test]
fn a_launch_without_a_person_is_refused() {
    let now = NOW.to_string();
    let nobody: Vec<_> = fields(ANNA, &now).into_iter().filter(|(key, _)| *key != "user").collect();
    assert_eq!(judge(&signed(&nobody)).err(), Some(NotGenuine));
    for user in [
        "",
        "null",
        "{}",
        "[1]",
        r#"{"id":0,"first_name":"x"}"#,
        r#"{"id":-5,"first_name":"x"}"#,
        r#"{"id":4503599627370496,"first_name":"x"}"#,
        r#"{"id":"1","first_name":"x"}"#,
        r#"{"id":1,"first_name":"x","is_bot":true}"#,
        r#"{"id":1}"#,
    ] {
        assert_eq!(judge(&signed(&fields(user, &now))).err(), Some(NotGenuine), "{user}");
    }
}

#[test]
fn a_picture_is_taken_only_from_https() {
    let now = NOW.to_string();
    let long = format!("https://t.me/{}", "x".repeat(600));
    for url in ["http://t.me/a.jpg", "javascript:alert(1)", "", long.as_str()] {
        let user = serde_json::json!({ "id": 1, "first_name": "x", "photo_url": url }).to_string();
        let launch = judge(&signed(&fields(&user, &now))).unwrap();
        assert_eq!(launch.person.photo_url, None, "{url} was taken");
    }
}

#[test]
fn garbage_is_refused_and_never_panics() {
    let long = "a=b&".repeat(2000);
    for garbage in [
        "",
        "&",
        "=",
        "a",
        "a=b",
        "hash=",
        "hash=zz",
        "%",
        "%zz=%",
        "%ff=%ff&hash=00",
        "\0",
        "🎬=🎬",
        long.as_str(),
    ] {
        assert_eq!(judge(garbage).err(), Some(NotGenuine), "{garbage:?}");
    }
}
