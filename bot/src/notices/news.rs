//! A message that tells of matches: of one with all that is known about it, of several in a line each.

use sovpalo_domain::{
    ids::{RoomCode, TitleId},
    room::Room,
};
use sovpalo_storage::{
    db::{Notice, NoticeKind},
    titles::{Catalogue, Language},
};

use crate::{
    captions::Captions,
    html::{NAME, Shown, TITLE, line, shown},
    links::Links,
    outgoing::Message,
    texts::{number, say, say_with},
};

/// So many matches are named in one message; further ones are counted.
pub(super) const NAMED: usize = 20;
/// So many rooms get a button in one message.
const BUTTONS: usize = 8;

/// Words matches in one language.
#[derive(Clone, Copy)]
pub(super) struct News<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) links: &'a Links,
    pub(super) language: Language,
}

/// One match, worded.
pub(super) struct Item {
    room: RoomCode,
    /// The room's name, for its button.
    name: String,
    short: Shown,
    long: String,
    poster: Option<String>,
}

impl News<'_> {
    /// A match of a room.
    pub(super) fn item(&self, room: &Room, title: &TitleId) -> Item {
        let captions = Captions { room: Some(room), catalogue: self.catalogue, language: self.language };
        Item {
            room: room.code(),
            name: line(room.settings().name.as_str(), TITLE),
            short: captions.short(title),
            long: captions.long(title),
            poster: captions.poster(title),
        }
    }

    /// A message about these, under a heading. With several rooms each line says which one it is about.
    pub(super) fn message(&self, heading: &str, items: &[Item]) -> Message {
        let rooms = rooms_of(items);
        let mut message = match items {
            [only] => {
                let mut message = Message::text(format!("{heading}\n\n{}", only.long));
                message.poster.clone_from(&only.poster);
                message
            }
            several => Message::text(format!("{heading}\n\n{}", self.lines(several, rooms.len() > 1))),
        };
        let of_one = rooms.len() <= 1;
        for (room, name) in rooms.into_iter().take(BUTTONS) {
            let label = if of_one { say(self.language, "bot-button-room") } else { format!("🍿 {name}") };
            message = message.link(label, self.links.room(room));
        }
        message.rings = true;
        message
    }

    fn lines(&self, items: &[Item], of_several_rooms: bool) -> String {
        let mut lines: Vec<String> = items
            .iter()
            .take(NAMED)
            .map(|item| {
                let room = of_several_rooms.then(|| format!(" <i>· {}</i>", shown(&item.name, NAME)));
                format!("💚 {}{}", item.short, room.unwrap_or_default())
            })
            .collect();
        if let Some(more) = items.len().checked_sub(NAMED).filter(|more| *more > 0) {
            lines.push(say_with(self.language, "bot-match-more", [("count", number(more))]));
        }
        lines.join("\n")
    }
}

/// Which rooms these are about, in the order of their first match.
pub(super) fn rooms_of(items: &[Item]) -> Vec<(RoomCode, String)> {
    let mut rooms: Vec<(RoomCode, String)> = Vec::new();
    for item in items {
        if !rooms.iter().any(|(room, _)| *room == item.room) {
            rooms.push((item.room, item.name.clone()));
        }
    }
    rooms
}

/// The title of a match.
pub(super) fn title_of(notice: &Notice) -> Option<&TitleId> {
    match &notice.what {
        NoticeKind::Match { title, .. } => Some(title),
        _ => None,
    }
}
