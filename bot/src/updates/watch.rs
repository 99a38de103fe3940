//! `/watch`: something to watch, put on in the chat's room, or a place to put it on.
//!
//! The bot acts for the person who asks, with their permissions: a room is taken only if they are in it or may simply join, and may control what
//! is shown. A round that is being swiped is never disturbed, and nor is a film that plays: what is asked for comes after it. Where no room is to be had, there is a new one.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    film_link::{FilmLink, NoFilm, film_link},
    ids::{RoomCode, UserId},
    room::{
        Command, Control, FilmTime, ItemId, PeopleCommand, PhaseName, Refusal, Room, Screen, ScreenAction,
        WatchingCommand,
    },
};
use sovpalo_live::rooms::{LiveRoom, RoomError};
use sovpalo_storage::User;

use super::{
    Trouble, UpdateHandler,
    chat::{Asked, answering},
    new_room::{self, Made, Once},
    sender,
};
use crate::{
    captions::film,
    html::Shown,
    incoming::Message as Incoming,
    outgoing::Message,
    texts::{Value, say, say_with},
};

/// So many of a chat's rooms are tried for one to watch in, the newest first; where none takes it, a new one is made.
const ROOMS_TRIED: usize = 5;
/// A room in which nothing has happened for so long is another evening's.
const SAME_EVENING: Duration = Duration::from_secs(12 * 3600);

/// With what the names of the items begin that the bot puts into a playlist.
const ITEM: &str = "bot";

/// What came of a wish to watch.
pub(super) enum Watched {
    /// It is on in this room, or can be put on there.
    Now(Arc<LiveRoom>),
    /// It was put on in this room before: the wish came twice, and what is on may have changed since.
    Before(Arc<LiveRoom>),
    /// There were too many rooms; the next one after so long.
    TooMany(Duration),
}

impl UpdateHandler {
    /// `/watch`, perhaps with a link, which may also be behind its words or in the message that it answers.
    pub(super) async fn watch(&self, asked: &Asked, message: &Incoming, words: &str) -> Result<(), Trouble> {
        if self.is_over(asked).await? {
            return Ok(());
        }
        let link = match self.link_in(message, words) {
            Ok(link) => Some(link),
            Err(NoFilm::NoAddress) if words.is_empty() => None,
            Err(no) => return self.refuse_link(asked, no).await,
        };
        let chat = asked.to.chat;
        match self.put_on_once(&asked.user, Some(chat), link.as_ref(), asked.once()).await? {
            Watched::Now(room) => match self.place(asked, room.code()).await? {
                // The new card says it all.
                None => Ok(()),
                // One that is far up in the chat says nothing to who asks now.
                Some(_) => self.say(answering(asked), &self.way_in(asked, &room, link.as_ref())).await,
            },
            Watched::Before(room) => self.place(asked, room.code()).await.map(drop),
            Watched::TooMany(retry_after) => self.refuse_room(asked, retry_after).await,
        }
    }

    /// Puts something on, or only finds a room for it: one of the chat's, else a new one. Once, however often this is asked for with the
    /// same `once`.
    pub(super) async fn put_on_once(
        &self,
        user: &User,
        chat: Option<i64>,
        link: Option<&FilmLink>,
        once: Once<'_>,
    ) -> Result<Watched, Trouble> {
        if let Some(room) = new_room::watched(&self.rooms, once).await? {
            return Ok(Watched::Before(room));
        }
        let of_chat = match chat {
            Some(chat) => self.room_of_chat(user, chat, link, once).await?,
            None => None,
        };
        let room = match of_chat {
            Some(room) => room,
            None => match self.make_room(user, "", once).await? {
                Made::Room(room) => {
                    self.put_on(&room, user, link, once).await?;
                    room
                }
                Made::TooMany(retry_after) => return Ok(Watched::TooMany(retry_after)),
            },
        };
        new_room::note_watched(&self.rooms, once, room.code()).await?;
        Ok(Watched::Now(room))
    }

    /// What there is to watch in what somebody typed or answered; the Mini App itself is no film.
    pub(super) fn film_in(&self, typed: &str) -> Result<FilmLink, NoFilm> {
        film_link(typed, self.links.web_app().as_ref())
    }

    fn link_in(&self, message: &Incoming, words: &str) -> Result<FilmLink, NoFilm> {
        let typed = self.film_in(words);
        if typed != Err(NoFilm::NoAddress) {
            return typed;
        }
        let mut behind = message.addresses().chain(message.answers());
        behind.find_map(|words| self.film_in(words).ok()).ok_or(NoFilm::NoAddress)
    }

    /// The newest of the chat's rooms that takes it.
    async fn room_of_chat(
        &self,
        user: &User,
        chat: i64,
        link: Option<&FilmLink>,
        once: Once<'_>,
    ) -> Result<Option<Arc<LiveRoom>>, Trouble> {
        let since = self.now().minus(SAME_EVENING);
        for code in self.db().rooms_in_chat(chat, since, ROOMS_TRIED).await? {
            let Some(room) = self.room_that_is_free(code, user.person.id).await? else { continue };
            match self.put_on(&room, user, link, once).await {
                Ok(()) => return Ok(Some(room)),
                // Its rules, which may have changed in this moment.
                Err(Trouble::Room(RoomError::Refused(_))) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(None)
    }

    async fn room_that_is_free(
        &self,
        code: RoomCode,
        user: UserId,
    ) -> Result<Option<Arc<LiveRoom>>, Trouble> {
        let Some(room) = self.find_room(code).await? else { return Ok(None) };
        self.rooms.catch_up(&room).await?;
        let is_free = room.read(|room| is_free_for(room, user));
        Ok(is_free.then_some(room))
    }

    /// Joins the room and puts on what there is to put on. Where it already is so, nothing happens.
    async fn put_on(
        &self,
        room: &LiveRoom,
        user: &User,
        link: Option<&FilmLink>,
        once: Once<'_>,
    ) -> Result<(), Trouble> {
        let who = user.person.id;
        let mut commands = Vec::new();
        if !self.rooms.has_member(room, who).await? {
            commands.push(Command::from(PeopleCommand::Join(sender::profile(user))));
        }
        if let Some(link) = link {
            let actions = actions(room.read(Room::screen).as_ref(), link, once)?;
            commands.extend(actions.into_iter().map(|action| WatchingCommand::from(action).into()));
        }
        for command in commands {
            self.rooms.execute(room, who, &command).await?;
        }
        Ok(())
    }

    /// The way to what is on, or to where it can be put on.
    fn way_in(&self, asked: &Asked, room: &LiveRoom, link: Option<&FilmLink>) -> Message {
        let language = asked.user.language;
        match link {
            Some(FilmLink { media, .. }) => {
                let is_next = room.read(Room::screen).is_some_and(|screen| screen.media.url() != media.url());
                let text = if is_next { "bot-watch-next" } else { "bot-watch-on" };
                Message::text(say_with(language, text, [("film", Value::from(film(media)))]))
                    .link(say(language, "bot-button-watch"), self.links.cinema(room.code()))
            }
            None => Message::text(say(language, "bot-watch-nothing"))
                .link(say(language, "bot-button-cinema"), self.links.cinema(room.code())),
        }
    }

    async fn refuse_link(&self, asked: &Asked, no: NoFilm) -> Result<(), Trouble> {
        let why = [("why", Value::from(Shown::ours(no.code())))];
        let text = say_with(asked.user.language, "bot-watch-refused", why);
        self.say(answering(asked), &Message::text(text)).await
    }
}

/// What has to be done for a film to be on from the moment that its link names, or to come after the one that plays.
fn actions(screen: Option<&Screen>, link: &FilmLink, once: Once<'_>) -> Result<Vec<ScreenAction>, RoomError> {
    let FilmLink { media, start } = link;
    match screen {
        Some(screen) if screen.media.url() == media.url() => Ok(Vec::new()),
        Some(screen) if screen.playing => {
            let item = ItemId::new("item", &once.key(ITEM)).map_err(|no| Refusal::Invalid(vec![no]))?;
            Ok(vec![ScreenAction::Enqueue { item, media: media.clone() }])
        }
        _ => {
            let show = ScreenAction::Show(Some(media.clone()));
            let seek = (*start != FilmTime::ZERO).then_some(ScreenAction::Seek(*start));
            Ok([Some(show), seek].into_iter().flatten().collect())
        }
    }
}

/// Whether something can be put on without disturbing a round, by a member who may, or by somebody who needs nothing to become one.
fn is_free_for(room: &Room, user: UserId) -> bool {
    let access = room.access();
    let may = room.may_control(user)
        || (!room.has_member(user) && access.password.is_none() && access.control == Control::Everyone);
    may && room.phase() != PhaseName::Swiping
}
