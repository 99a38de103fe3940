//! What is refused, what is understood, and that no secret is shown.

use std::time::Duration;

use clap::Parser as _;
use sovpalo_server::TrustedProxies;

use super::*;

const TOKEN: &str = "12345:abcdefghijklmnopqrstuvwxyz";

fn with_token() -> Settings {
    Settings { bot_token: Some(TOKEN.into()), ..Settings::default() }
}

#[test]
fn a_token_is_enough() {
    let config = with_token().judge(None).unwrap();
    assert_eq!(config.stores, Stores::Embedded);
    assert_eq!(config.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.limits, Some(Rates::USUAL));
}

#[test]
fn every_mistake_is_named_at_once_and_no_secret_is_shown() {
    let settings = Settings {
        bot_token: Some("hunter2hunter2".into()),
        public_url: Some("ftp://x".into()),
        listen: Some("8080".into()),
        limits: Some("maybe".into()),
        jwt_secret: Some("short".into()),
        redis_url: Some("redis://:secret@host".into()),
        admin_ids: Some("1,two".into()),
        ..Settings::default()
    };
    let said = settings.judge(None).unwrap_err().to_string();
    for name in ["BOT_TOKEN", "PUBLIC_URL", "LISTEN", "LIMITS", "JWT_SECRET", "DATABASE_URL", "ADMIN_IDS"] {
        assert!(said.contains(name), "{name} is not named in:\n{said}");
    }
    for secret in ["hunter2", "secret@", "short\""] {
        assert!(!said.contains(secret), "{secret} is shown in:\n{said}");
    }
}

#[test]
fn rates_are_what_the_operator_sets_within_reason() {
    let with = |calls: &str, rooms: &str| Settings {
        calls_per_minute: Some(calls.into()),
        rooms_per_hour: Some(rooms.into()),
        ..with_token()
    };
    let rates = Rates { calls_per_minute: 250, rooms_per_hour: 3, ..Rates::USUAL };
    assert_eq!(with(" 250 ", "3").judge(None).unwrap().limits, Some(rates));
    assert_eq!(with("", "").judge(None).unwrap().limits, Some(Rates::USUAL), "an empty one is not set");
    for wrong in ["0", "-1", "1.5", "100001", "many"] {
        let said = with(wrong, wrong).judge(None).unwrap_err().to_string();
        for name in ["CALLS_PER_MINUTE", "ROOMS_PER_HOUR"] {
            assert!(said.contains(&format!("{name} is not a number from 1 to 100000")), "{wrong}: {said}");
        }
    }
    let off = Settings { limits: Some("off".into()), ..with("250", "3") };
    assert_eq!(off.judge(None).unwrap().limits, None);
}

#[test]
fn a_single_role_without_its_stores_is_refused() {
    let said = with_token().judge(Some(&Role::Server)).unwrap_err().to_string();
    assert!(said.contains("DATABASE_URL") && said.contains("REDIS_URL"), "{said}");
}

#[test]
fn a_webhook_needs_an_address_that_telegram_takes() {
    let with = |public_url: Option<&str>, secret: &str| Settings {
        webhook_secret: Some(secret.into()),
        public_url: public_url.map(Into::into),
        ..with_token()
    };
    assert!(with(Some("https://films.example"), "Wq3-hV9_kT2mZ7xB").judge(None).unwrap().webhook.is_some());
    let said = with(None, "Wq3-hV9_kT2mZ7xB").judge(None).unwrap_err().to_string();
    assert!(said.contains("PUBLIC_URL"), "{said}");
    let said = with(Some("https://films.example"), "hunter2 hunter2").judge(None).unwrap_err().to_string();
    assert!(said.contains("WEBHOOK_SECRET") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_secret_that_can_be_guessed_is_refused_by_name_beside_all_other_mistakes() {
    let settings = Settings {
        webhook_secret: Some("x".into()),
        public_url: Some("https://films.example".into()),
        jwt_secret: Some("hunter2".repeat(8)),
        limits: Some("maybe".into()),
        ..with_token()
    };
    let said = settings.judge(None).unwrap_err().to_string();
    for name in ["WEBHOOK_SECRET is shorter than 16", "JWT_SECRET could be guessed", "LIMITS"] {
        assert!(said.contains(name), "{name} is not said in:\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn the_token_is_not_sent_through_other_peoples_networks_in_the_clear() {
    let with = |api: &str| Settings { telegram_api_url: Some(api.into()), ..with_token() }.judge(None);
    for fine in
        ["http://127.0.0.1:8081", "http://[::1]:8081", "http://bot-api:8081", "https://api.example.org"]
    {
        assert!(with(fine).is_ok(), "{fine}");
    }
    for wrong in
        ["http://api.example.org", "http://203.0.113.7:8081", "http://[2001:db8::1]", "ftp://127.0.0.1", "x"]
    {
        let said = with(wrong).unwrap_err().to_string();
        assert!(said.contains("TELEGRAM_API_URL"), "{wrong}: {said}");
    }
}

#[test]
fn a_number_of_connections_is_one_that_can_be() {
    for wrong in ["0", "1", "1001", "many", "-3"] {
        let settings = Settings { database_connections: Some(wrong.into()), ..with_token() };
        let said = settings.judge(None).unwrap_err().to_string();
        assert!(said.contains("DATABASE_CONNECTIONS"), "{wrong}: {said}");
    }
}

#[test]
fn messages_are_kept_for_a_day_to_ten_years() {
    let kept = |days: &str| Settings { messages_kept: Some(days.into()), ..with_token() }.judge(None);
    for wrong in ["0", "3651", "-1", "1.5", "a year"] {
        let said = kept(wrong).unwrap_err().to_string();
        assert!(said.contains("MESSAGES_KEPT"), "{wrong}: {said}");
    }
    for (days, seconds) in [("1", 86_400), ("", 365 * 86_400), ("3650", 3_650 * 86_400)] {
        assert_eq!(kept(days).unwrap().messages_kept, Duration::from_secs(seconds));
    }
}

#[test]
fn a_proxy_that_is_none_is_named_and_its_password_is_not_shown() {
    let with = |proxy: &str| Settings { telegram_proxy: Some(proxy.into()), ..with_token() }.judge(None);
    let said = with("socks9://anna:hunter2@proxy.example").unwrap_err().to_string();
    assert!(said.contains("TELEGRAM_PROXY") && !said.contains("hunter2"), "{said}");
    let config = with("socks5h://anna:hunter2@proxy.example:1080").unwrap();
    assert!(config.telegram_proxy.is_some() && !format!("{config:?}").contains("hunter2"), "{config:?}");
}

#[test]
fn proxies_are_off_or_on_or_networks() {
    let with = |proxies: &str| Settings { trusted_proxy: Some(proxies.into()), ..with_token() }.judge(None);
    for (written, meant) in [
        ("off", TrustedProxies::none()),
        ("", TrustedProxies::none()),
        ("on", TrustedProxies::private()),
        (" 203.0.113.0/24, 2001:db8::/48 ", TrustedProxies::read("203.0.113.0/24,2001:db8::/48").unwrap()),
        ("203.0.113.7", TrustedProxies::read("203.0.113.7/32").unwrap()),
    ] {
        assert_eq!(with(written).unwrap().trusted_proxies, meant, "{written}");
    }
    for wrong in ["yes", "203.0.113.0/33", "203.0.113.0/24;10.0.0.0/8", "10.0.0.0/8,", "films.example.org"] {
        let said = with(wrong).unwrap_err().to_string();
        assert!(said.contains("TRUSTED_PROXY") && !said.contains(wrong), "{wrong}: {said}");
    }
}

#[test]
fn an_empty_variable_is_not_set() {
    let settings = Settings { redis_url: Some(String::new()), ..with_token() };
    assert_eq!(settings.judge(None).unwrap().stores, Stores::Embedded);
}

#[test]
fn importing_titles_needs_no_token() {
    let cli = Cli::try_parse_from(["sovpalo", "import-titles", "titles.csv"]).unwrap();
    assert!(Settings::default().judge(cli.command.as_ref()).is_ok());
}

#[test]
fn a_configuration_can_be_printed_without_telling_its_secrets() {
    let shown = format!("{:?}", with_token().judge(None).unwrap());
    assert!(!shown.contains(TOKEN), "{shown}");
}
