//! `/start`, `/help` and invitations.

use sovpalo_domain::room::{PhaseName, Room};
use teloxide::types::{InlineKeyboardButton, WebAppInfo};

use super::{
    Desk, Trouble,
    chat::{Asked, answering},
};
use crate::{
    html::{NAME, TITLE, shown},
    outgoing::Message,
    texts::{Value, number, say, say_with},
};

impl Desk {
    /// `/start`, alone or with a room's code.
    pub(super) async fn start(&self, asked: &Asked, code: &str) -> Result<(), Trouble> {
        match (asked.private, code) {
            // `startgroup=new` is what our own "add me" button says.
            (false, "" | "new") => self.help(asked).await,
            (false, code) => self.bring(asked, code).await,
            (true, "") => self.greet(asked).await,
            (true, code) => self.invite(asked, code).await,
        }
    }

    async fn greet(&self, asked: &Asked) -> Result<(), Trouble> {
        let language = asked.user.language;
        let name = Value::from(shown(&asked.user.person.first_name, NAME));
        let message = Message::text(say_with(language, "bot-start", [("name", name)]))
            .button(self.app_button(asked))
            .link(say(language, "bot-button-add-to-group"), self.links.add_to_group());
        self.say(asked.to, &message).await
    }

    /// `/help`, and what everything else in private gets.
    pub(super) async fn help(&self, asked: &Asked) -> Result<(), Trouble> {
        let bot = Value::from(self.username.as_str());
        let message = Message::text(say_with(asked.user.language, "bot-help", [("bot", bot)]))
            .button(self.app_button(asked));
        self.say(answering(asked), &message).await
    }

    /// A room, shown to somebody who has its code.
    pub(super) async fn invite(&self, asked: &Asked, code: &str) -> Result<(), Trouble> {
        let language = asked.user.language;
        let message = match self.find_room(code).await? {
            None => Message::text(say(language, "bot-invite-unknown")),
            Some(room) => {
                let (text, label) = room.read(|room| invitation(room, asked));
                Message::text(text).link(say(language, label), self.links.room(room.code()))
            }
        };
        self.say(answering(asked), &message).await
    }

    /// Opens the Mini App: in private inside the chat where that is possible, else by its link.
    fn app_button(&self, asked: &Asked) -> InlineKeyboardButton {
        let label = say(asked.user.language, "bot-button-app");
        match self.links.web_app().filter(|_| asked.private) {
            Some(url) => InlineKeyboardButton::web_app(label, WebAppInfo { url }),
            None => InlineKeyboardButton::url(label, self.links.home()),
        }
    }
}

/// The text, and what its button says. No more than the Mini App shows to a stranger with the link: whose room it is, how
/// many are in.
fn invitation(room: &Room, asked: &Asked) -> (String, &'static str) {
    let language = asked.user.language;
    let name = Value::from(shown(room.settings().name.as_str(), TITLE));
    let people = say_with(language, "bot-invite-people", [("count", number(room.present_members().count()))]);
    if room.has_member(asked.user.person.id) {
        let heading = say_with(language, "bot-invite-member", [("room", name)]);
        return (format!("🍿 {heading}\n\n👥 {people}."), "bot-button-room");
    }
    let host = room.member(room.host()).map(|host| shown(&host.profile.name, NAME));
    let host = Value::from(host.unwrap_or_else(|| "…".to_owned()));
    let heading = say_with(language, "bot-invite", [("host", host), ("room", name)]);
    let (hint, label) = match room.phase() {
        PhaseName::Lobby => ("bot-invite-lobby", "bot-button-join"),
        PhaseName::Swiping => ("bot-invite-swiping", "bot-button-join"),
        PhaseName::Finished => ("bot-invite-finished", "bot-button-results"),
    };
    (format!("🍿 {heading}\n\n👥 {people}. {}", say(language, hint)), label)
}
