//! Messages: commands in private and in groups.
//!
//! In groups the bot speaks only when it is spoken to. In private it always answers something, and a room's code is as good as its
//! link, however it was pasted: also in a forwarded card, whose button has it. A command below a picture is a command. One
//! that comes after a long time (Telegram or the bot was away) makes no card for an evening that is over; that is said once.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{RoomCode, Timestamp},
    language::Language,
    pasted::Pasted,
};
use sovpalo_storage::{Card, Place, User};

use super::{
    Trouble, UpdateHandler,
    command::{self, Command},
    new_room::{Made, Once},
    sender::{self, Sender},
    too_many,
};
use crate::{
    cards::Placed,
    incoming::{Chat, ChatKind, Message as Incoming},
    outgoing::{Address, Message},
    texts::say,
};

/// An older `/new` or `/watch` makes no card. A restart or a short network outage takes less than this.
const LATE: Duration = Duration::from_secs(15 * 60);
/// At most one reply per chat and period says that commands arrived late.
const LATE_AGAIN: Duration = Duration::from_secs(3600);
/// The pictures of an album come within this time.
const ALBUM: Duration = Duration::from_secs(3600);

/// A message that somebody wrote to us.
pub(super) struct Asked {
    pub(super) user: User,
    /// Where an answer goes.
    pub(super) to: Address,
    /// Whether they are alone with us.
    pub(super) private: bool,
    /// The message's number, if it has one.
    pub(super) number: Option<i32>,
    /// The update that brought it.
    update: i64,
    /// Whether it was written long ago.
    late: bool,
}

impl Asked {
    /// What this wish is known by.
    pub(super) fn once(&self) -> Once<'static> {
        match self.number {
            Some(number) => Once::Message { chat: self.to.chat, number },
            None => Once::Update(self.update),
        }
    }
}

impl UpdateHandler {
    pub(super) async fn message(self: &Arc<Self>, update: i64, message: &Incoming) -> Result<(), Trouble> {
        if let Some(to) = message.migrate_to_chat_id {
            return self.moved(message.chat.id, to).await;
        }
        if let Some(from) = message.migrate_from_chat_id {
            return self.moved(from, message.chat.id).await;
        }
        if message.new_chat_members.iter().any(|member| member.id == self.id) {
            return self.hello(&message.chat, message.from.as_ref()).await;
        }
        let Some(words) = words_for_us(message) else { return Ok(()) };
        let command = command_in(message, words, &self.username);
        let private = message.chat.is_private();
        if !private && !is_for_us(command) {
            return Ok(());
        }
        let late = message.date().is_some_and(|written| self.is_late(written));
        let user = match sender::of(message) {
            Sender::Person(user) => user,
            Sender::Hidden
                if matches!(command, Some(Command::New(_) | Command::Start(_) | Command::Watch(_)))
                    && !late =>
            {
                return self.ask_for_a_name(message).await;
            }
            Sender::Hidden | Sender::Nobody => return Ok(()),
        };
        let to = address(message);
        let user = match self.see(&user).await {
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
            if self.is_rest_of_an_album(message, words).await? {
                return Ok(());
            }
        }
        let language = user.language;
        let asked = Asked { user, to, private, number: message.number(), update, late };
        let outcome = self.answer(&asked, command, message, words).await;
        if let Err(Trouble::Room(_)) = &outcome {
            self.say(to, &Message::text(say(language, "bot-unavailable"))).await?;
        }
        outcome
    }

    fn is_late(&self, written: i64) -> bool {
        self.now().since(Timestamp::from_millis(written.saturating_mul(1000))) > LATE
    }

    /// Of an album's pictures without words, each of which is a message, the first is answered.
    async fn is_rest_of_an_album(&self, message: &Incoming, words: &str) -> Result<bool, Trouble> {
        let Some(album) = &message.media_group_id else { return Ok(false) };
        let key = format!("album:{}:{album}", message.chat.id);
        Ok(!self.first_time(&key, ALBUM).await? && words.is_empty())
    }

    async fn answer(
        &self,
        asked: &Asked,
        command: Option<Command<'_>>,
        message: &Incoming,
        words: &str,
    ) -> Result<(), Trouble> {
        match command {
            Some(Command::Start(parameter)) => self.start(asked, parameter).await,
            Some(Command::New(name)) => self.new_room(asked, name).await,
            Some(Command::Watch(words)) => self.watch(asked, message, words).await,
            Some(Command::Matches) => self.matches(asked).await,
            None => {
                let all: Vec<&str> = message.addresses().chain([words]).collect();
                self.pasted(asked, &all.join("\n")).await
            }
            Some(Command::Help | Command::Unknown { .. } | Command::ForAnother) => self.help(asked).await,
        }
    }

    async fn new_room(&self, asked: &Asked, name: &str) -> Result<(), Trouble> {
        if self.is_over(asked).await? {
            return Ok(());
        }
        match self.make_room(&asked.user, name, asked.once()).await? {
            // A card that is there already is this very message's, which came twice.
            Made::Room(room) => self.place(asked, room.code()).await.map(drop),
            Made::TooMany(retry_after) => self.refuse_room(asked, retry_after).await,
        }
    }

    /// Whether a request is too old to be served; the chat gets an answer that says so, once in a while.
    pub(super) async fn is_over(&self, asked: &Asked) -> Result<bool, Trouble> {
        if asked.late && self.first_time(&format!("late:{}", asked.to.chat), LATE_AGAIN).await? {
            let text = Message::text(say(asked.user.language, "bot-late"));
            self.say(answering(asked), &text).await?;
        }
        Ok(asked.late)
    }

    /// Says that somebody makes too many rooms.
    pub(super) async fn refuse_room(&self, asked: &Asked, retry_after: Duration) -> Result<(), Trouble> {
        let text = too_many(asked.user.language, retry_after);
        self.say(answering(asked), &Message::text(text)).await
    }

    /// Brings a room into a group: its card, or a hint to where the card is. Only somebody of the room may, since the card
    /// tells who is in.
    pub(super) async fn bring(&self, asked: &Asked, pasted: &[Pasted]) -> Result<(), Trouble> {
        let member = asked.user.person.id;
        match self.first_room(pasted).await? {
            Some(room) if room.read(|room| room.has_member(member)) => {
                match self.place(asked, room.code()).await? {
                    Some(card) => self.point_at(asked, &card).await,
                    None => Ok(()),
                }
            }
            _ => self.invite(asked, pasted).await,
        }
    }

    /// Sees to it that the chat has the room's card; comes back with the one it had already.
    pub(super) async fn place(&self, asked: &Asked, room: RoomCode) -> Result<Option<Card>, Trouble> {
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
        self.say(Address { reply_to: message.number(), ..address(message) }, &text).await
    }
}

/// Where nobody can be asked, the chat's title tells what is read there.
fn language_of(chat: &Chat) -> Language {
    let cyrillic = |c: char| matches!(c, '\u{0400}'..='\u{04FF}');
    if chat.title.as_ref().is_some_and(|title| title.contains(cyrillic)) {
        Language::Ru
    } else {
        Language::En
    }
}

/// What somebody wrote, or sent, for the bot to read. In private that is everything that is not said by the bot itself, also what
/// has no words; in a group it is what somebody wrote here and now: not forwarded, not sent through a bot.
fn words_for_us(message: &Incoming) -> Option<&str> {
    let through_a_bot = message.via_bot.is_some();
    if message.chat.is_private() {
        let ours = through_a_bot && !message.is_forwarded();
        let words = message.words().or((!message.is_service).then_some(""));
        return words.filter(|_| !ours);
    }
    if through_a_bot || message.is_forwarded() || message.chat.kind == ChatKind::Channel {
        return None;
    }
    message.words()
}

/// A command is obeyed only where it was written.
fn command_in<'a>(message: &Incoming, words: &'a str, username: &str) -> Option<Command<'a>> {
    if message.is_forwarded() { None } else { command::read(words, username) }
}

fn is_for_us(command: Option<Command<'_>>) -> bool {
    !matches!(command, None | Some(Command::ForAnother | Command::Unknown { to_us: false }))
}

fn address(message: &Incoming) -> Address {
    Address { chat: message.chat.id, thread: message.topic(), reply_to: None }
}

/// In a group an answer hangs on the question.
pub(super) fn answering(asked: &Asked) -> Address {
    Address { reply_to: asked.number.filter(|_| !asked.private), ..asked.to }
}
