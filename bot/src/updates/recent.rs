//! `/matches`: somebody's own latest ones in private, the chat's in a group.

use sovpalo_storage::MatchRow;

use super::{
    Trouble, UpdateHandler,
    chat::{Asked, answering},
};
use crate::{
    captions::{Captions, bold},
    html::{TITLE, shown},
    outgoing::Message,
    texts::{Value, say, say_with},
};

/// How many are told.
const LATEST: usize = 10;

impl UpdateHandler {
    pub(super) async fn matches(&self, asked: &Asked) -> Result<(), Trouble> {
        let language = asked.user.language;
        let (heading, found) = if asked.private {
            ("bot-matches", self.db().matches_of(asked.user.person.id, LATEST).await?)
        } else {
            ("bot-matches-chat", self.db().matches_in_chat(asked.to.chat, LATEST).await?)
        };
        if found.is_empty() {
            return self.say(answering(asked), &Message::text(say(language, "bot-matches-none"))).await;
        }
        let mut lines = vec![say(language, heading), String::new()];
        lines.extend(found.iter().map(|row| self.line(asked, row)));
        let latest = found.first().map(|row| row.room);
        let mut message = Message::text(lines.join("\n"));
        if let Some(room) = latest {
            message = message.link(say(language, "bot-button-room"), self.links.room(room));
        }
        self.say(answering(asked), &message).await
    }

    fn line(&self, asked: &Asked, row: &MatchRow) -> String {
        let catalogue = self.titles.current();
        let language = asked.user.language;
        let title = match &row.text {
            Some(typed) => bold(typed),
            None => Captions { room: None, catalogue: &catalogue, language }.short(&row.title),
        };
        let values = [("title", Value::from(title)), ("room", Value::from(shown(&row.room_name, TITLE)))];
        say_with(language, "bot-matches-line", values)
    }
}
