//! Addresses inside Telegram.
//!
//! `https://t.me/<bot>/<app>?startapp=<code>` opens the Mini App in a room, from any chat, by an ordinary url button
//! (<https://core.telegram.org/bots/webapps#direct-link-mini-apps>). A bot whose Mini App has no short name opens its
//! main one: `https://t.me/<bot>?startapp=<code>`.

use sovpalo_domain::ids::RoomCode;
use url::Url;

/// What the app is told to open its page for a new room. No room code is this short.
const NEW_ROOM: &str = "new";

/// What follows a room's code where the cinema is to open, whether or not anything is on: `miniapp-ui/src/watching/Watching.tsx` reads it.
const CINEMA: &str = "_watch";

/// The addresses of one bot.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    bot: Url,
    app: Url,
    web_app: Option<Url>,
}

impl Links {
    /// The links of a bot; `app` is the Mini App's short name, or empty for the main one. `public_url` is the Mini
    /// App's own address.
    pub(crate) fn new(bot: &str, app: &str, public_url: Option<&Url>) -> Self {
        let mut bot_url = Self::telegram();
        bot_url.set_path(bot);
        let mut app_url = bot_url.clone();
        if !app.is_empty() {
            app_url.set_path(&format!("{bot}/{app}"));
        }
        // Telegram takes nothing but https here: https://core.telegram.org/bots/api#webappinfo
        let web_app = public_url.filter(|url| url.scheme() == "https").cloned();
        Self { bot: bot_url, app: app_url, web_app }
    }

    fn telegram() -> Url {
        // Parsing a constant.
        Url::parse("https://t.me").unwrap_or_else(|_| unreachable!("it is an address"))
    }

    /// The Mini App in a room.
    pub(crate) fn room(&self, code: RoomCode) -> Url {
        self.app_with(code.as_str())
    }

    /// The Mini App in a room's cinema.
    pub(crate) fn cinema(&self, code: RoomCode) -> Url {
        self.app_with(&format!("{code}{CINEMA}"))
    }

    /// The Mini App on its page for a new room.
    pub(crate) fn new_room(&self) -> Url {
        self.app_with(NEW_ROOM)
    }

    /// The Mini App where it begins.
    pub(crate) fn home(&self) -> Url {
        if self.app == self.bot { self.app_with("home") } else { self.app.clone() }
    }

    /// The Mini App's own address, for buttons that take one (private chats only).
    pub(crate) fn web_app(&self) -> Option<Url> {
        self.web_app.clone()
    }

    /// Telegram's page that adds the bot to a group.
    pub(crate) fn add_to_group(&self) -> Url {
        let mut url = self.bot.clone();
        url.set_query(Some("startgroup=new"));
        url
    }

    fn app_with(&self, start: &str) -> Url {
        let mut url = self.app.clone();
        url.query_pairs_mut().append_pair("startapp", start);
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(app: &str, public_url: &str) -> Links {
        Links::new("sovpalo_bot", app, Some(&public_url.parse().unwrap()))
    }

    #[test]
    fn a_room_opens_by_its_direct_link() {
        let code = "7KQ2M001".parse().unwrap();
        let url = links("app", "https://example.org").room(code);
        assert_eq!(url.as_str(), "https://t.me/sovpalo_bot/app?startapp=7KQ2M001");
    }

    #[test]
    fn a_link_to_a_rooms_cinema_names_the_room_as_well() {
        let code = "7KQ2M001".parse().unwrap();
        let url = links("app", "https://example.org").cinema(code);
        assert_eq!(url.as_str(), "https://t.me/sovpalo_bot/app?startapp=7KQ2M001_watch");
        let read = sovpalo_domain::pasted::codes_of_start("7KQ2M001_watch");
        assert_eq!(
            read.first().map(|pasted| pasted.code),
            Some(code),
            "whoever follows it is let into the room"
        );
    }

    #[test]
    fn an_app_without_a_short_name_opens_as_the_main_one() {
        let code = "7KQ2M001".parse().unwrap();
        let links = links("", "https://example.org");
        assert_eq!(links.room(code).as_str(), "https://t.me/sovpalo_bot?startapp=7KQ2M001");
        assert_eq!(links.home().as_str(), "https://t.me/sovpalo_bot?startapp=home");
    }

    #[test]
    fn only_an_https_address_goes_into_a_web_app_button() {
        assert!(links("app", "https://example.org").web_app().is_some());
        assert!(links("app", "http://127.0.0.1:8080").web_app().is_none());
    }
}
