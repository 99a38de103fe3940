//! Messages: commands in private and in groups.
//!
//! In groups the bot speaks only when it is spoken to. In private it always answers something, and a room's code alone is as
//! good as its link.

use sovpalo_domain::ids::RoomCode;
use sovpalo_storage::{
    db::{Card, Place, User},
    titles::Language,
};
use teloxide::types::{Chat, MediaKind, Message as Incoming, MessageId, MessageKind, ThreadId};

use super::{
    Desk, Trouble,
    command::{self, Command},
    new_room::{Made, Once},
    sender::{self, Sender},
    too_many,
};
use crate::{
    cards::Placed,
    outgoing::{Address, Message},
    texts::say,
};

/// A message that somebody wrote to us.
pub(super) struct Asked {
    /// Who.
    pub(super) user: User,
    /// Where an answer goes.
    pub(super) to: Address,
    /// Whether they are alone with us.
    pub(super) private: bool,
    /// The message's number.
    pub(super) number: i32,
}

impl Desk {
    pub(super) async fn message(&self, message: &Incoming) -> Result<(), Trouble> {
        if let Some(to) = message.migrate_to_chat_id() {
            self.outgoing.follow_move(message.chat.id.0, to.0).await;
            return Ok(());
        }
        let Some(text) = own_words(message) else { return Ok(()) };
        let command = command::read(text, &self.username);
        let private = message.chat.is_private();
        if !private && !is_for_us(command) {
            return Ok(());
        }
        let user = match sender::of(message) {
            Sender::Person(user) => user,
            Sender::Hidden if matches!(command, Some(Command::New(_) | Command::Start(_))) => {
                return self.ask_for_a_name(message).await;
            }
            Sender::Hidden | Sender::Nobody => return Ok(()),
        };
        let to = address(message);
        let user = match self.see(user).await {
            Ok(Some(user)) => user,
            Ok(None) => return Ok(()),
            Err(error) => {
                let language = Language::from_tag(user.language_code.as_deref().unwrap_or("en"));
                self.say(to, &Message::text(say(language, "bot-unavailable"))).await?;
                return Err(error.into());
            }
        };
        if private {
            // Whoever writes to the bot lets the bot write to them.
            self.db().allow_writes(user.person.id, true, self.now()).await?;
        }
        let language = user.language;
        let asked = Asked { user, to, private, number: message.id.0 };
        let outcome = self.answer(&asked, command, text).await;
        if let Err(Trouble::Room(_)) = &outcome {
            self.say(to, &Message::text(say(language, "bot-unavailable"))).await?;
        }
        outcome
    }

    async fn answer(&self, asked: &Asked, command: Option<Command<'_>>, text: &str) -> Result<(), Trouble> {
        match command {
            Some(Command::Start(code)) => self.start(asked, code).await,
            Some(Command::New(name)) => self.new_room(asked, name).await,
            Some(Command::Matches) => self.matches(asked).await,
            // Somebody may paste or type a room's code.
            None if text.trim().parse::<RoomCode>().is_ok() => self.invite(asked, text.trim()).await,
            Some(Command::Help | Command::Unknown { .. } | Command::ForAnother) | None => {
                self.help(asked).await
            }
        }
    }

    async fn new_room(&self, asked: &Asked, name: &str) -> Result<(), Trouble> {
        let once = Once::Message { chat: asked.to.chat, number: asked.number };
        match self.make_room(&asked.user, name, once).await? {
            // A card that is there already is this very message's, which came twice.
            Made::Room(room) => self.place(asked, room.code()).await.map(drop),
            Made::TooMany(retry_after) => {
                let text = too_many(asked.user.language, retry_after);
                self.say(answering(asked), &Message::text(text)).await
            }
        }
    }

    /// Brings a room into a group: its card, or a hint to where the card is. Only somebody of the room may, since the card
    /// tells who is in.
    pub(super) async fn bring(&self, asked: &Asked, code: &str) -> Result<(), Trouble> {
        let member = asked.user.person.id;
        match self.find_room(code).await? {
            Some(room) if room.read(|room| room.has_member(member)) => {
                match self.place(asked, room.code()).await? {
                    Some(card) => self.point_at(asked, &card).await,
                    None => Ok(()),
                }
            }
            _ => self.invite(asked, code).await,
        }
    }

    /// Sees to it that the chat has the room's card; comes back with the one it had already.
    async fn place(&self, asked: &Asked, room: RoomCode) -> Result<Option<Card>, Trouble> {
        let place = Place::Chat { chat: asked.to.chat, thread: asked.to.thread, message: None };
        match self.cards.place(room, place).await? {
            Placed::Settled => Ok(None),
            Placed::Already(card) => Ok(Some(card)),
            Placed::NotYet => Err(Trouble::Stopping),
        }
    }

    async fn point_at(&self, asked: &Asked, card: &Card) -> Result<(), Trouble> {
        let Place::Chat { message: Some(number), .. } = card.place else { return Ok(()) };
        let text = Message::text(say(asked.user.language, "bot-card-is-here"));
        self.say(Address { reply_to: Some(number), ..asked.to }, &text).await
    }

    /// A room needs somebody whose room it is.
    async fn ask_for_a_name(&self, message: &Incoming) -> Result<(), Trouble> {
        let language = language_of(&message.chat);
        let text = Message::text(say(language, "bot-anonymous"))
            .link(say(language, "bot-button-new"), self.links.new_room());
        self.say(Address { reply_to: Some(message.id.0), ..address(message) }, &text).await
    }
}

/// Where nobody can be asked, the chat's title tells what is read there.
fn language_of(chat: &Chat) -> Language {
    let cyrillic = |c: char| matches!(c, '\u{0400}'..='\u{04FF}');
    if chat.title().is_some_and(|title| title.contains(cyrillic)) { Language::Ru } else { Language::En }
}

/// The text of a message that somebody wrote here and now: not forwarded, not sent through a bot.
fn own_words(message: &Incoming) -> Option<&str> {
    if message.via_bot.is_some() || message.forward_origin().is_some() || message.chat.is_channel() {
        return None;
    }
    match &message.kind {
        MessageKind::Common(common) => match &common.media_kind {
            MediaKind::Text(text) => Some(&text.text),
            // In private, something that is no text is answered as well.
            _ if message.chat.is_private() => Some(""),
            _ => None,
        },
        _ => None,
    }
}

fn is_for_us(command: Option<Command<'_>>) -> bool {
    !matches!(command, None | Some(Command::ForAnother | Command::Unknown { to_us: false }))
}

fn address(message: &Incoming) -> Address {
    // Outside of topics Telegram gives threads of replies numbers too, in which nobody can be written to.
    let thread = message.thread_id.filter(|_| message.is_topic_message);
    Address { chat: message.chat.id.0, thread: thread.map(|ThreadId(MessageId(id))| id), reply_to: None }
}

/// In a group an answer hangs on the question.
pub(super) fn answering(asked: &Asked) -> Address {
    Address { reply_to: (!asked.private).then_some(asked.number), ..asked.to }
}
