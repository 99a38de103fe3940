//! Inline mode: `@bot` in any chat offers a new room, or to watch the link that was typed, and the open rooms of the person who types.
//!
//! A new room is made when it was *chosen*, never while somebody types: an offer that nobody takes leaves nothing behind.
//! Telegram tells of the choice if inline feedback is on (BotFather, `/setinlinefeedback`, 100 %); the message that was sent then
//! becomes the room's card, with the room's link. Without feedback its button opens the Mini App's page for a new
//! room (`startapp=new`), so that it works all the same.

use std::time::Duration;

use sovpalo_domain::{
    film_link::FilmLink,
    ids::RoomCode,
    language::Language,
    pasted,
    room::{PhaseName, Room},
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::{Place, RoomInList, Sending, User};
use teloxide::types::InlineQueryResult;

use super::{
    Trouble, UpdateHandler,
    new_room::{Made, Once},
    room_name, too_many,
    watch::Watched,
};
use crate::{
    captions::{Captions, film, plain_film},
    card,
    cards::Placed,
    html::{NAME, Shown, TITLE, line, plain, shown},
    incoming::{ChosenInlineResult, InlineQuery},
    outgoing::Message,
    texts::{Value, number, say, say_with},
};

/// What the offer of a new room is called; rooms are called by their codes, which are longer.
const NEW: &str = "new";
/// What the offer to watch what was typed is called.
const FILM: &str = "watch";
/// How many rooms are offered.
const ROOMS: usize = 10;
/// An offered room names so many who are in it.
const NAMED: usize = 3;
/// How many of somebody's latest rooms are looked through for open ones.
const LOOKED_THROUGH: usize = 30;

impl UpdateHandler {
    pub(super) async fn inline_query(&self, query: &InlineQuery) -> Result<(), Trouble> {
        let Some(user) = self.see(&query.from).await? else { return Ok(()) };
        let mut offers = match self.film_in(&query.query) {
            Ok(link) => vec![self.offer_film(&user, &link)],
            Err(_) => vec![self.offer_new(&user, &query.query)],
        };
        offers.extend(self.offer_rooms(&user, &query.query).await?);
        Ok(self.outgoing.offer(&query.id, offers).await?)
    }

    /// Somebody sent one of the offers.
    pub(super) async fn inline_result(&self, chosen: &ChosenInlineResult) -> Result<(), Trouble> {
        let Some(message) = &chosen.inline_message_id else { return Ok(()) };
        let Some(user) = self.see(&chosen.from).await? else { return Ok(()) };
        if chosen.result_id == FILM {
            let Ok(link) = self.film_in(&chosen.query) else { return Ok(()) };
            return match self.put_on_once(&user, None, Some(&link), Once::Inline(message)).await? {
                Watched::Now(room) | Watched::Before(room) => self.place_inline(room.code(), message).await,
                Watched::TooMany(retry_after) => self.refuse_inline(&user, message, retry_after).await,
            };
        }
        if chosen.result_id != NEW {
            if let Ok(code) = chosen.result_id.parse()
                && let Some(room) = self.find_room(code).await?
                && room.read(|room| room.has_member(user.person.id))
            {
                self.place_inline(room.code(), message).await?;
            }
            return Ok(());
        }
        match self.make_room(&user, &chosen.query, Once::Inline(message)).await? {
            Made::Room(room) => self.place_inline(room.code(), message).await,
            Made::TooMany(retry_after) => self.refuse_inline(&user, message, retry_after).await,
        }
    }

    async fn refuse_inline(&self, user: &User, message: &str, retry_after: Duration) -> Result<(), Trouble> {
        let text = Message::text(too_many(user.language, retry_after));
        let permit = self.outgoing.permit_inline(message, Sending::Answer).await?;
        Ok(self.outgoing.edit_inline(message, &text, permit).await?)
    }

    /// The message that was sent is a card of the room from now on.
    async fn place_inline(&self, room: RoomCode, message: &str) -> Result<(), Trouble> {
        match self.cards.place(room, Place::Inline { message: message.to_owned() }).await? {
            Placed::Settled | Placed::Already(_) => Ok(()),
            Placed::NotYet => Err(Trouble::Stopping),
        }
    }

    fn offer_new(&self, user: &User, typed: &str) -> InlineQueryResult {
        let language = user.language;
        let name = room_name(typed, language);
        let title = if typed.trim().is_empty() {
            say(language, "bot-inline-new")
        } else {
            say_with(language, "bot-inline-new-named", [("name", Value::from(plain(name.as_str(), TITLE)))])
        };
        let heading = format!("🍿 <b>{}</b>", shown(name.as_str(), TITLE));
        let message = Message::text(format!("{heading}\n\n{}", say(language, "bot-inline-new-text")))
            .link(say(language, "bot-button-app"), self.links.new_room());
        message.article(NEW, title, say(language, "bot-inline-new-about"))
    }

    fn offer_film(&self, user: &User, link: &FilmLink) -> InlineQueryResult {
        let language = user.language;
        let title = say_with(language, "bot-inline-film", [("film", Value::from(plain_film(&link.media)))]);
        let film = say_with(language, "bot-card-paused", [("film", Value::from(film(&link.media)))]);
        let heading = format!("🍿 <b>{}</b>", shown(room_name("", language).as_str(), TITLE));
        let hint = say(language, "bot-card-watch-hint");
        let message = Message::text(format!("{heading}\n\n{film}\n\n{hint}"))
            .link(say(language, "bot-button-watch"), self.links.new_room());
        message.article(FILM, title, say(language, "bot-inline-film-about"))
    }

    async fn offer_rooms(&self, user: &User, typed: &str) -> Result<Vec<InlineQueryResult>, Trouble> {
        let rooms = self.db().room_list(user.person.id, LOOKED_THROUGH).await?;
        let pasted = pasted::codes(typed);
        let named = |code| pasted.iter().any(|pasted| pasted.code == code);
        let is_open = |room: &&RoomInList| room.row.phase != PhaseName::Finished || room.screen.is_some();
        let is_meant = |room: &&RoomInList| named(room.row.code) || matches(&room.row.name, typed);
        let mut open: Vec<&RoomInList> = rooms.iter().filter(is_open).filter(is_meant).collect();
        // The room in which a film is on is most likely the one that is wanted.
        open.sort_by_key(|room| room.screen.is_none());
        let mut offers = Vec::new();
        for room in open.into_iter().take(ROOMS) {
            if let Ok(live) = self.rooms.open(room.row.code).await {
                offers.push(self.offer_room(&live, user));
            }
        }
        Ok(offers)
    }

    fn offer_room(&self, live: &LiveRoom, user: &User) -> InlineQueryResult {
        let language = user.language;
        let catalogue = self.titles.current();
        live.read(|room| {
            let captions = Captions { room: Some(room), catalogue: &catalogue, language };
            let message = card::draw(room, captions, &self.links);
            let name = line(room.settings().name.as_str(), TITLE);
            message.article(room.code().as_str(), name, about(room, user))
        })
    }
}

/// What tells rooms of one name apart: how far each is, and who is in it.
fn about(room: &Room, user: &User) -> String {
    let others = room.present_members().filter(|member| member.id != user.person.id);
    let named: Vec<_> = others.take(NAMED).map(|member| plain(&member.profile.name, NAME)).collect();
    let stands = stands(room, user.language);
    if named.is_empty() { stands } else { format!("{stands} · {}", Shown::joined(named, ", ")) }
}

fn stands(room: &Room, language: Language) -> String {
    let people = number(room.present_members().count());
    if let Some(screen) = room.screen() {
        let film = Value::from(plain_film(&screen.media));
        let how = if screen.playing { "bot-inline-room-playing" } else { "bot-inline-room-paused" };
        return say_with(language, how, [("film", film), ("count", people)]);
    }
    let count = [("count", people)];
    match room.phase() {
        PhaseName::Swiping => say_with(language, "bot-inline-room-swiping", count),
        PhaseName::Lobby | PhaseName::Finished => say_with(language, "bot-inline-room-lobby", count),
    }
}

/// Whether what somebody typed is part of a room's name.
fn matches(name: &str, typed: &str) -> bool {
    let typed = typed.trim();
    typed.is_empty() || name.to_lowercase().contains(&typed.to_lowercase())
}
