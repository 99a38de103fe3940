//! What every handler has at hand, and the few things that several of them do.

use std::sync::Arc;

use bytes::Bytes;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::{Command, Refusal},
};
use sovpalo_storage::{
    db::{Db, User},
    projector,
    rooms::{LiveRoom, RoomError, Rooms},
    titles::{Language, SharedCatalogue},
};

use crate::{
    Config,
    limits::Limits,
    posters::Posters,
    sessions::Sessions,
    socket::Hub,
    speak::{self, Voice},
    wire,
};

/// The server's parts.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) rooms: Rooms,
    pub(crate) titles: SharedCatalogue,
    pub(crate) sessions: Sessions,
    pub(crate) limits: Limits,
    pub(crate) posters: Posters,
    pub(crate) hub: Arc<Hub>,
    /// The OpenAPI description, as it is sent.
    pub(crate) description: Bytes,
}

impl App {
    pub(crate) fn new(
        config: Config,
        rooms: Rooms,
        titles: SharedCatalogue,
        description: &utoipa::openapi::OpenApi,
    ) -> Self {
        Self {
            sessions: Sessions::new(Arc::clone(rooms.hot()), rooms.clock().clone(), &config.jwt_secret),
            limits: Limits::new(rooms.hot(), config.limits),
            posters: Posters::new(&config.data_dir),
            hub: Arc::default(),
            description: serde_json::to_vec(description).unwrap_or_default().into(),
            config,
            rooms,
            titles,
        }
    }

    pub(crate) fn db(&self) -> &Db {
        self.rooms.db()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.rooms.clock().now()
    }

    /// A room as a member sees it; `None` for anybody else.
    pub(crate) fn show(&self, live: &LiveRoom, viewer: UserId, language: Language) -> Option<wire::Room> {
        let catalogue = self.titles.current();
        let voice = Voice { catalogue: &catalogue, language };
        let online = live.online();
        let invite_url = self.invite_url(live.code());
        live.read(|room| voice.room(room, viewer, &online, invite_url))
    }

    /// The link that brings others to a room.
    pub(crate) fn invite_url(&self, code: RoomCode) -> Option<String> {
        let bot = self.config.bot_username.borrow();
        speak::invite_url(bot.as_deref(), &self.config.mini_app_name, code)
    }

    /// Makes somebody a member.
    pub(crate) async fn join(&self, live: &LiveRoom, user: &User) -> Result<(), RoomError> {
        let joins = live.read(|room| !room.has_member(user.person.id));
        let profile = speak::profile(&user.person);
        self.rooms.execute(live, user.person.id, &Command::Join(profile)).await?;
        if joins {
            self.carry_over(live.code()).await;
        }
        Ok(())
    }

    /// Whether somebody is a member. A no is only said after a look at the log: they may have joined through another node.
    pub(crate) async fn has_member(&self, live: &LiveRoom, user: UserId) -> Result<bool, RoomError> {
        if live.read(|room| room.has_member(user)) {
            return Ok(true);
        }
        match self.rooms.execute(live, user, &Command::Back).await {
            Ok(_) => Ok(true),
            Err(RoomError::Refused(Refusal::NotAMember)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes a room to SQL now instead of soon, so that it is in its new member's list at once.
    pub(crate) async fn carry_over(&self, code: RoomCode) {
        let carried = projector::project(&**self.rooms.hot(), self.db(), code, self.now()).await;
        if let Err(error) = carried {
            // The projector does it later.
            tracing::warn!(%error, room = %code, "a room was not written at once");
        }
    }
}
