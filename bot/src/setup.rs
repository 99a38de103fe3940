//! What people see of the bot before they write to it: its commands, its description, its menu button.
//!
//! Set at every start, but only where it differs: Telegram counts these calls, and phones fetch the lists anew.
//! It never keeps the bot from working: what Telegram does not take is logged and left.

use std::time::Duration;

use sovpalo_storage::titles::Language;
use teloxide::{
    Bot,
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

/// Sets everything that differs. Waits as long as Telegram is away.
pub(crate) async fn run(bot: &Bot, links: &Links) {
    for (tag, language) in LANGUAGES {
        for scope in [BotCommandScope::AllPrivateChats, BotCommandScope::AllGroupChats] {
            patiently("commands", || commands(bot, tag, language, scope.clone())).await;
        }
        patiently("description", || description(bot, tag, language)).await;
        patiently("short description", || short_description(bot, tag, language)).await;
    }
    patiently("menu button", || menu_button(bot, links)).await;
}

/// Tries until it is done or refused.
async fn patiently<F: Future<Output = Result<(), Failure>>>(what: &str, attempt: impl Fn() -> F) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    while let Err(failure) = attempt().await {
        let Some(wait) = failure.retry_after() else {
            tracing::warn!(%failure, "the bot's {what} could not be set");
            return;
        };
        sleep(wait.max(backoff.wait())).await;
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
        BotCommand::new("matches", say(language, "bot-command-matches")),
        BotCommand::new("help", say(language, "bot-command-help")),
    ];
    let mut get = bot.get_my_commands().scope(scope.clone());
    get.language_code = tag.map(ToOwned::to_owned);
    if get.await? != wanted {
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
    if get.await?.description != wanted {
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
    if get.await?.short_description != wanted {
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
    if bot.get_chat_menu_button().await? != wanted {
        bot.set_chat_menu_button().menu_button(wanted).await?;
    }
    Ok(())
}
