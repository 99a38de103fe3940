//! What people see of the bot before they write to it: its commands, its description, its menu button.
//!
//! Set at every start, but only where it differs: Telegram counts these calls, and phones fetch the lists anew.
//! It never keeps the bot from working: what Telegram does not take is logged and left.

use std::time::Duration;

use futures::future::join_all;
use sovpalo_domain::language::Language;
use teloxide::{
    Bot, RequestError,
    payloads::{
        GetMyCommandsSetters, SetChatMenuButtonSetters, SetMyCommandsSetters, SetMyDescriptionSetters,
        SetMyShortDescriptionSetters,
    },
    requests::Requester,
    types::{BotCommand, BotCommandScope, MenuButton, WebAppInfo},
};
use tokio::time::sleep;

use crate::{backoff::Backoff, failure::Failure, links::Links, texts::say};

/// Telegram's language tag and ours; without a tag is what everybody else sees.
const LANGUAGES: [(Option<&str>, Language); 2] = [(None, Language::En), (Some("ru"), Language::Ru)];
/// What the menu button says, in every language.
const MENU: &str = "Sovpalo";
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Sets everything that differs, each side by side with the others: what Telegram makes wait, or refuses, holds up nothing else.
/// Goes on as long as Telegram is away.
pub(crate) async fn run(bot: &Bot, links: &Links) {
    let in_languages = LANGUAGES.map(|(tag, language)| async move {
        tokio::join!(
            patiently("private commands", || commands(bot, tag, language, BotCommandScope::AllPrivateChats)),
            patiently("group commands", || commands(bot, tag, language, BotCommandScope::AllGroupChats)),
            patiently("description", || description(bot, tag, language)),
            patiently("short description", || short_description(bot, tag, language)),
        );
    });
    tokio::join!(join_all(in_languages), patiently("menu button", || menu_button(bot, links)));
}

/// Tries until it is done or refused.
async fn patiently<F: Future<Output = Result<(), Failure>>>(what: &str, attempt: impl Fn() -> F) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    while let Err(failure) = attempt().await {
        let Some(wait) = failure.retry_after() else {
            tracing::warn!(%failure, "the bot's {what} could not be set");
            return;
        };
        tracing::debug!(%failure, "the bot's {what} is set later");
        sleep(wait.max(backoff.wait())).await;
    }
}

/// What is set now; `None` if Telegram describes it in a way that we cannot read, and so otherwise than we would.
fn readable<T>(answer: Result<T, RequestError>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(RequestError::InvalidJson { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn commands(
    bot: &Bot,
    tag: Option<&str>,
    language: Language,
    scope: BotCommandScope,
) -> Result<(), Failure> {
    let wanted = vec![
        BotCommand::new("new", say(language, "bot-command-new")),
        BotCommand::new("watch", say(language, "bot-command-watch")),
        BotCommand::new("matches", say(language, "bot-command-matches")),
        BotCommand::new("help", say(language, "bot-command-help")),
    ];
    let mut get = bot.get_my_commands().scope(scope.clone());
    get.language_code = tag.map(ToOwned::to_owned);
    if readable(get.await)?.as_ref() != Some(&wanted) {
        let mut set = bot.set_my_commands(wanted).scope(scope);
        set.language_code = tag.map(ToOwned::to_owned);
        set.await?;
    }
    Ok(())
}

async fn description(bot: &Bot, tag: Option<&str>, language: Language) -> Result<(), Failure> {
    let wanted = say(language, "bot-about");
    let mut get = bot.get_my_description();
    get.language_code = tag.map(ToOwned::to_owned);
    if readable(get.await)?.is_none_or(|set| set.description != wanted) {
        let mut set = bot.set_my_description().description(wanted);
        set.language_code = tag.map(ToOwned::to_owned);
        set.await?;
    }
    Ok(())
}

async fn short_description(bot: &Bot, tag: Option<&str>, language: Language) -> Result<(), Failure> {
    let wanted = say(language, "bot-about-short");
    let mut get = bot.get_my_short_description();
    get.language_code = tag.map(ToOwned::to_owned);
    if readable(get.await)?.is_none_or(|set| set.short_description != wanted) {
        let mut set = bot.set_my_short_description().short_description(wanted);
        set.language_code = tag.map(ToOwned::to_owned);
        set.await?;
    }
    Ok(())
}

async fn menu_button(bot: &Bot, links: &Links) -> Result<(), Failure> {
    let wanted = match links.web_app() {
        Some(url) => MenuButton::WebApp { text: MENU.to_owned(), web_app: WebAppInfo { url } },
        None => MenuButton::Commands,
    };
    if readable(bot.get_chat_menu_button().await)?.as_ref() != Some(&wanted) {
        bot.set_chat_menu_button().menu_button(wanted).await?;
    }
    Ok(())
}
