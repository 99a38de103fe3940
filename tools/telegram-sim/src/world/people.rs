//! People and the bot.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ids::UserId;
use crate::language::Language;

/// Above 2^31: code that keeps an id in 32 bits fails here and not in production.
pub(crate) const FIRST_USER: i64 = 5_000_000_101;

/// What `POST /sim/users` and the default world say about a person.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct NewUser {
    pub(crate) first_name: String,
    #[serde(default)]
    pub(crate) last_name: Option<String>,
    #[serde(default)]
    pub(crate) username: Option<String>,
    #[serde(default)]
    pub(crate) language_code: Option<String>,
    #[serde(default)]
    pub(crate) photo_url: Option<String>,
    #[serde(default)]
    pub(crate) is_premium: bool,
    /// A given id; otherwise the next free one.
    #[serde(default)]
    pub(crate) id: Option<i64>,
}

/// A person.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) first_name: String,
    pub(crate) last_name: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) language_code: Option<String>,
    pub(crate) photo_url: Option<String>,
    pub(crate) is_premium: bool,
    /// The bot may write first: `/start` was sent or write access was granted.
    pub(crate) reachable: bool,
    pub(crate) blocked_bot: bool,
}

impl User {
    /// The person as Bot API's `User`.
    pub(crate) fn to_api(&self) -> Value {
        let mut user = json!({
            "id": self.id, "is_bot": false, "first_name": self.first_name,
        });
        if let Some(name) = &self.last_name {
            user["last_name"] = json!(name);
        }
        if let Some(name) = &self.username {
            user["username"] = json!(name);
        }
        if let Some(code) = &self.language_code {
            user["language_code"] = json!(code);
        }
        if self.is_premium {
            user["is_premium"] = json!(true);
        }
        user
    }

    /// The person as the page and tests see them.
    pub(crate) fn to_sim(&self) -> Value {
        let mut user = self.to_api();
        user["photo_url"] = json!(self.photo_url);
        user["reachable"] = json!(self.reachable);
        user["blocked_bot"] = json!(self.blocked_bot);
        user
    }
}

/// The one bot.
#[derive(Debug)]
pub(crate) struct Bot {
    pub(crate) id: UserId,
    pub(crate) username: String,
    pub(crate) default_name: String,
    /// Name, description and short description by language ("" is the default).
    pub(crate) texts: BTreeMap<(&'static str, String), String>,
    /// Commands by scope (its JSON) and language.
    pub(crate) commands: BTreeMap<(String, String), Value>,
    pub(crate) menu_button: Value,
    pub(crate) menu_buttons: BTreeMap<UserId, Value>,
    /// Privacy mode: in groups the bot hears only what is meant for it.
    pub(crate) privacy: bool,
}

impl Bot {
    pub(crate) fn new(id: UserId, username: &str) -> Self {
        Self {
            id,
            username: username.to_owned(),
            default_name: "Sovpalo".to_owned(),
            texts: BTreeMap::new(),
            commands: BTreeMap::new(),
            menu_button: json!({"type": "commands"}),
            menu_buttons: BTreeMap::new(),
            privacy: true,
        }
    }

    /// The name that people see, for their language.
    pub(crate) fn name(&self, language: &str) -> &str {
        self.text("name", language).unwrap_or(&self.default_name)
    }

    /// A text for a language, else the default one.
    pub(crate) fn text(&self, what: &'static str, language: &str) -> Option<&str> {
        self.texts
            .get(&(what, language.to_owned()))
            .or_else(|| self.texts.get(&(what, String::new())))
            .map(String::as_str)
    }

    pub(crate) fn menu_for(&self, user: UserId) -> &Value {
        self.menu_buttons.get(&user).unwrap_or(&self.menu_button)
    }

    /// The bot as Bot API's `User`.
    pub(crate) fn to_api(&self) -> Value {
        json!({"id": self.id, "is_bot": true, "first_name": self.name(""), "username": self.username})
    }
}

/// The three friends of the default world.
pub(crate) fn friends(language: Language) -> Vec<NewUser> {
    let person = |first: &str, last: Option<&str>, username: &str, code: &str| NewUser {
        first_name: first.to_owned(),
        last_name: last.map(str::to_owned),
        username: Some(username.to_owned()),
        language_code: Some(code.to_owned()),
        photo_url: None,
        is_premium: false,
        id: None,
    };
    match language {
        Language::Ru => vec![
            person("Аня", Some("Соколова"), "anya_sokolova", "ru"),
            person("Ben", None, "ben_in_berlin", "en"),
            person("Вера", Some("Ким"), "verakim", "ru"),
        ],
        Language::En => vec![
            person("Anna", Some("Sokolova"), "anya_sokolova", "en"),
            person("Ben", None, "ben_in_berlin", "en"),
            person("Vera", Some("Kim"), "verakim", "ru"),
        ],
    }
}
