//! A message that tells of matches: of one with all that is known about it, of several in a line each.

use sovpalo_catalogue::Catalogue;
use sovpalo_domain::{
    ids::{RoomCode, TitleId},
    language::Language,
    room::Room,
};
use sovpalo_storage::{Notice, NoticeKind};

use crate::{
    captions::Captions,
    html::{NAME, Shown, TITLE, line, shown},
    links::Links,
    outgoing::Message,
    texts::{number, say, say_with},
};

/// At most so many matches are named in one message; further ones are counted. Each has two entities, and Telegram takes 100.
pub(super) const NAMED: usize = 40;
/// So long the lines of one message may be, of Telegram's 4096 characters; matches that do not fit are counted.
const LENGTH: usize = 3_800;
/// Up to so many rooms get a button each; of more rooms each match links its own.
const BUTTONS: usize = 4;

/// Words matches in one language.
#[derive(Clone, Copy)]
pub(crate) struct News<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) links: &'a Links,
    pub(crate) language: Language,
}

/// One match, worded.
pub(crate) struct Item {
    room: RoomCode,
    /// The room's name, for its button.
    name: String,
    /// The room's name in a line, as a link to it.
    link: String,
    short: Shown,
    long: String,
    poster: Option<String>,
}

impl News<'_> {
    /// A match of a room.
    pub(crate) fn item(&self, room: &Room, title: &TitleId) -> Item {
        let captions = Captions { room: Some(room), catalogue: self.catalogue, language: self.language };
        let url = self.links.room(room.code());
        let name = shown(room.settings().name.as_str(), NAME);
        Item {
            room: room.code(),
            link: format!("<a href=\"{}\">{name}</a>", url.as_str().replace('&', "&amp;")),
            name: line(room.settings().name.as_str(), TITLE),
            short: captions.short(title),
            long: captions.long(title),
            poster: captions.poster(title),
        }
    }

    /// A message about these, under a heading. With several rooms each line says which one it is about.
    pub(crate) fn message(&self, heading: &str, items: &[Item]) -> Message {
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
        if rooms.len() <= BUTTONS {
            for (room, name) in rooms {
                let label =
                    if of_one { say(self.language, "bot-button-room") } else { format!("🍿 {name}") };
                message = message.link(label, self.links.room(room));
            }
        }
        message.rings = true;
        message
    }

    fn lines(&self, items: &[Item], of_several_rooms: bool) -> String {
        let mut lines = Vec::new();
        let mut length = 0;
        for item in items.iter().take(NAMED) {
            let room = if of_several_rooms { format!(" · {}", item.link) } else { String::new() };
            let line = format!("💚 {}{room}", item.short);
            length += 1 + visible_length(&line);
            if length > LENGTH {
                break;
            }
            lines.push(line);
        }
        if let Some(more) = items.len().checked_sub(lines.len()).filter(|more| *more > 0) {
            lines.push(say_with(self.language, "bot-match-more", [("count", number(more))]));
        }
        lines.join("\n")
    }
}

/// How long a text is without its tags, at most, as Telegram counts: in units of UTF-16.
fn visible_length(html: &str) -> usize {
    let mut in_tag = false;
    let mut length = 0;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => {}
            c => length += c.len_utf16(),
        }
    }
    length
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

#[cfg(test)]
mod tests {
    use super::*;

    fn items(count: usize, title: &str) -> Vec<Item> {
        let room = |n: usize| format!("R00M{n:04}").parse().unwrap();
        (0..count)
            .map(|n| Item {
                room: room(n),
                name: format!("Room {n}"),
                link: format!("<a href=\"https://t.me/bot/app?startapp=R00M{n:04}\">Room {n}</a>"),
                short: shown(&format!("{n}. {title}"), TITLE),
                long: String::new(),
                poster: None,
            })
            .collect()
    }

    fn message(items: &[Item]) -> Message {
        let links = Links::new("bot", "app", None);
        let catalogue = Catalogue::builtin();
        let news = News { catalogue: &catalogue, links: &links, language: Language::En };
        news.message("🎉", items)
    }

    #[test]
    fn however_many_matches_wait_the_message_is_one_that_telegram_takes() {
        for title in ["Film", &"&".repeat(500), &"😀".repeat(500)] {
            for count in [2, 3, 39, 40, 41, 500] {
                let message = message(&items(count, title));
                let html = &message.html;
                assert!(visible_length(html) <= 4_096, "{count} of {title:.9}: {}", visible_length(html));
                assert!(html.matches('<').count() / 2 + NAMED <= 100, "too many entities");
                let named = html.matches("💚").count();
                assert!(named == count || html.ends_with(&format!("{} more", count - named)), "{html}");
                assert!(message.buttons.len() <= BUTTONS);
            }
        }
    }

    #[test]
    fn each_of_several_rooms_matches_links_its_room() {
        let html = message(&items(20, "Film")).html;
        for n in 0..20 {
            let line =
                format!("💚 {n}. Film · <a href=\"https://t.me/bot/app?startapp=R00M{n:04}\">Room {n}</a>");
            assert!(html.contains(&line), "{html}");
        }
    }
}
