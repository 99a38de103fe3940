//! Who wrote, as far as Telegram says.

use sovpalo_domain::{
    ids::UserId,
    room::Profile,
    visible::{MAX_PERSON_NAME, person_name},
};
use sovpalo_storage::{Person, User as KnownUser};

use crate::incoming::{Message, User};

/// The account through which Telegram itself speaks, and posts of linked channels come.
const TELEGRAM: i64 = 777_000;

/// Who stands behind a message.
pub(super) enum Sender {
    /// A person.
    Person(User),
    /// An administrator who hides, or a channel: a person whom we cannot know.
    Hidden,
    /// A bot, or nobody: not to be answered.
    Nobody,
}

/// Tells who stands behind a message.
pub(super) fn of(message: &Message) -> Sender {
    if message.sender_chat.is_some() {
        return Sender::Hidden;
    }
    match &message.from {
        Some(user) if !user.is_bot && user.id != TELEGRAM => Sender::Person(user.clone()),
        // In private it can be nobody else.
        None if message.chat.is_private() => Sender::Person(User::unknown(message.chat.id)),
        _ => Sender::Nobody,
    }
}

/// Telegram's user as ours; `None` for a number that Telegram promised never to give.
pub(super) fn person(user: &User) -> Option<Person> {
    let short = |name: &str| name.chars().take(MAX_PERSON_NAME).collect::<String>();
    Some(Person {
        id: UserId::new(user.id).ok()?,
        first_name: short(&user.first_name),
        last_name: user.last_name.as_deref().map(short),
        username: user.username.as_deref().map(short),
        photo_url: None,
    })
}

/// How somebody is shown in a room. The name is empty if nothing of it can be seen: readers are shown a stand-in.
pub(super) fn profile(user: &KnownUser) -> Profile {
    let Person { first_name, last_name, username, photo_url, .. } = &user.person;
    let name = person_name(first_name, last_name.as_deref(), username.as_deref());
    Profile { name: name.unwrap_or_default(), photo_url: photo_url.clone() }
}
