//! Inline mode: a person types the bot's name and a query in any chat, the bot offers results, the
//! person chooses one, and it is sent *via* the bot, also where the bot is not a member.

use std::time::Instant;

use serde_json::json;

use super::{
    World,
    chats::Kind,
    ids::{ChatId, MessageId, UserId},
    offered::{InlineQuery, Offered},
    saying::Cannot,
};

impl World {
    /// A person types `@bot query` in a chat; the bot is asked.
    pub(crate) fn ask_inline(
        &mut self,
        chat: ChatId,
        user: UserId,
        query: &str,
        offset: &str,
    ) -> Result<String, Cannot> {
        let person = self.users.get(&user).ok_or(Cannot::NoSuchUser)?.to_api();
        let found = self.chats.get(&chat).ok_or(Cannot::NoSuchChat)?;
        if !found.members.contains(&user) {
            return Err(Cannot::NotAMember);
        }
        let chat_type = match found.kind {
            Kind::Private => "sender",
            other => other.name(),
        };
        if query.chars().count() > 256 {
            return Err(Cannot::Other("an inline query has at most 256 characters".to_owned()));
        }
        let id = self.number();
        self.inline_queries.insert(
            id.clone(),
            InlineQuery { user, chat, query: query.to_owned(), asked: Instant::now(), answer: None },
        );
        let update = json!({
            "id": id, "from": person, "query": query, "offset": offset, "chat_type": chat_type,
        });
        self.push_update("inline_query", update);
        Ok(id)
    }

    /// The person chooses a result; it appears in the chat and the bot hears of it.
    pub(crate) fn choose_inline(&mut self, query: &str, result: &str) -> Result<(ChatId, MessageId), Cannot> {
        let asked = self.inline_queries.get(query).ok_or(Cannot::NoSuchResult)?;
        let (user, chat, text) = (asked.user, asked.chat, asked.query.clone());
        let offered = asked
            .answer
            .iter()
            .flat_map(|answer| &answer.results)
            .find(|offered| offered.id == result)
            .cloned()
            .ok_or(Cannot::NoSuchResult)?;
        let (message, inline_id) = self.send_via(chat, user, &offered)?;
        let mut chosen = json!({
            "result_id": offered.id, "from": self.author(user), "query": text,
        });
        if let Some(id) = inline_id {
            chosen["inline_message_id"] = json!(id);
        }
        self.push_update("chosen_inline_result", chosen);
        Ok((chat, message))
    }

    /// Sends what the bot offered, as the person, via the bot. Only a message with a keyboard gets
    /// an `inline_message_id`: that is what makes it editable.
    pub(crate) fn send_via(
        &mut self,
        chat: ChatId,
        user: UserId,
        offered: &Offered,
    ) -> Result<(MessageId, Option<String>), Cannot> {
        let found = self.chats.get(&chat).ok_or(Cannot::NoSuchChat)?;
        if !found.members.contains(&user) {
            return Err(Cannot::NotAMember);
        }
        let inline_id = offered.markup.as_ref().map(|_| self.token("AgAAA"));
        let message = self
            .add_message(chat, user, offered.body.clone(), |message| {
                message.via_bot = true;
                message.markup.clone_from(&offered.markup);
                message.inline_message_id.clone_from(&inline_id);
            })
            .ok_or(Cannot::NoSuchChat)?;
        if let Some(id) = &inline_id {
            self.inline_messages.insert(id.clone(), (chat, message));
        }
        if self.bot_receives(chat, message)
            && let Some(sent) = self.message_api(chat, message)
        {
            self.push_update("message", sent);
        }
        Ok((message, inline_id))
    }
}
