//! `/start`, `/help` and invitations.

use sovpalo_domain::{
    pasted::{Pasted, codes, codes_of_start},
    room::{PhaseName, Room},
};
use teloxide::types::{InlineKeyboardButton, WebAppInfo};

use super::{
    Trouble, UpdateHandler,
    chat::{Asked, answering},
    sender,
};
use crate::{
    html::{Shown, TITLE, person, shown},
    outgoing::Message,
    texts::{Value, number, say, say_with},
};

impl UpdateHandler {
    /// `/start`, alone or with a room's code.
    pub(super) async fn start(&self, asked: &Asked, parameter: &str) -> Result<(), Trouble> {
        match (asked.private, parameter) {
            // `startgroup=new` is what our own "add me" button says.
            (false, "" | "new") => self.help(asked).await,
            (false, parameter) => self.bring(asked, &codes_of_start(parameter)).await,
            (true, "") => self.greet(asked).await,
            (true, parameter) => self.invite(asked, &codes_of_start(parameter)).await,
        }
    }

    /// What is no command, in private: somebody may have pasted a room's link or code.
    pub(super) async fn pasted(&self, asked: &Asked, words: &str) -> Result<(), Trouble> {
        let pasted = codes(words);
        if pasted.iter().any(|pasted| pasted.sure) || self.first_room(&pasted).await?.is_some() {
            self.invite(asked, &pasted).await
        } else {
            self.help(asked).await
        }
    }

    async fn greet(&self, asked: &Asked) -> Result<(), Trouble> {
        let language = asked.user.language;
        let name = Value::from(person(&sender::profile(&asked.user).name, language));
        let message = Message::text(say_with(language, "bot-start", [("name", name)]))
            .button(self.app_button(asked))
            .link(say(language, "bot-button-add-to-group"), self.links.add_to_group());
        self.say(asked.to, &message).await
    }

    /// `/help`, and what everything else in private gets.
    pub(super) async fn help(&self, asked: &Asked) -> Result<(), Trouble> {
        let bot = Value::from(Shown::ours(self.username.as_str()));
        let message = Message::text(say_with(asked.user.language, "bot-help", [("bot", bot)]))
            .button(self.app_button(asked));
        self.say(answering(asked), &message).await
    }

    /// A room, shown to somebody who has its code: the first that there is.
    pub(super) async fn invite(&self, asked: &Asked, pasted: &[Pasted]) -> Result<(), Trouble> {
        let language = asked.user.language;
        let message = match self.first_room(pasted).await? {
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
    // Whoever has left, or was erased, is not named to strangers.
    let host = room.member(room.host()).filter(|host| host.belongs());
    let heading = match host {
        Some(host) => {
            let host = Value::from(person(&host.profile.name, language));
            say_with(language, "bot-invite", [("host", host), ("room", name)])
        }
        None => say_with(language, "bot-invite-nobody", [("room", name)]),
    };
    let (hint, label) = match room.phase() {
        PhaseName::Lobby | PhaseName::Finished if room.screen().is_some() => {
            ("bot-invite-watching", "bot-button-watch")
        }
        PhaseName::Lobby => ("bot-invite-lobby", "bot-button-join"),
        PhaseName::Swiping => ("bot-invite-swiping", "bot-button-join"),
        PhaseName::Finished => ("bot-invite-finished", "bot-button-results"),
    };
    // The way in is in the Mini App, whatever it asks for.
    let hint = if room.access().password.is_some() {
        "bot-invite-password"
    } else if room.present_members().count() >= usize::from(room.access().capacity) {
        "bot-invite-full"
    } else {
        hint
    };
    (format!("🍿 {heading}\n\n👥 {people}. {}", say(language, hint)), label)
}
