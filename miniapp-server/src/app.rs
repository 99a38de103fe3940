//! What every handler has at hand, and the few things that several of them do.

use std::sync::{Arc, OnceLock};

use sovpalo_catalogue::SharedCatalogue;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    language::Language,
    room::{Command, Pass, PeopleCommand, Refusal, Standing},
};
use sovpalo_live::{
    hot::Hot,
    projector,
    rooms::{LiveRoom, NumberedEvent, RoomError, Rooms, Terms},
    talk::Talk,
};
use sovpalo_storage::{Db, TalkSummary, User};

use crate::{
    Config,
    batch::Batch,
    caller::Caller,
    clocks::Clocks,
    database::Database,
    idempotency::{KeyedRequest, Place, RoomNames},
    imports::Imports,
    limits::Limits,
    pages::files::Made,
    passwords::{Knock, Passwords},
    posters::Posters,
    present::{self, Here, Presenter},
    problem::Refused,
    sessions::Sessions,
    sharing::Sharing,
    socket::{Hub, feeds::Feeds},
    stores_health::LastHealth,
    visits::Visits,
    wire,
};

/// The server's parts.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) rooms: Rooms,
    pub(crate) timelines: Talk,
    /// What is published to rooms, for this node's sockets.
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) database: Database,
    /// Where timelines stand for people, asked for many at once.
    pub(crate) standings: Arc<Batch<(RoomCode, UserId), TalkSummary>>,
    /// Which rooms people belong to, asked for many at once.
    pub(crate) memberships: Arc<Batch<UserId, Vec<RoomCode>>>,
    pub(crate) titles: SharedCatalogue,
    /// Whom to ask for titles that are not in the catalogue.
    pub(crate) tmdb: Option<sovpalo_tmdb::Client>,
    pub(crate) sessions: Sessions,
    pub(crate) limits: Limits,
    pub(crate) passwords: Passwords,
    pub(crate) imports: Imports,
    pub(crate) clocks: Clocks,
    pub(crate) room_names: RoomNames,
    pub(crate) posters: Posters,
    pub(crate) hub: Arc<Hub>,
    /// Who is in which room by HTTP.
    pub(crate) visits: Arc<Visits>,
    /// Whether the stores answered a moment ago.
    pub(crate) health: LastHealth,
    /// What prepares messages to share; nothing where nobody does.
    pub(crate) sharing: OnceLock<Box<dyn Sharing>>,
    /// The OpenAPI description, as it is sent.
    pub(crate) description: Made,
}

impl App {
    pub(crate) fn new(
        config: Config,
        rooms: Rooms,
        titles: SharedCatalogue,
        description: &utoipa::openapi::OpenApi,
    ) -> Self {
        let database = Database::new(rooms.db().clone());
        let hub: Arc<Hub> = Arc::default();
        let (hot, db, clock) = (rooms.hot(), rooms.db().clone(), rooms.clock().clone());
        let tmdb = config.tmdb.clone().and_then(|settings| {
            let client = sovpalo_tmdb::Client::new(settings);
            client.inspect_err(|error| tracing::error!(%error, "TMDB cannot be asked")).ok()
        });
        Self {
            sessions: Sessions::new(
                Arc::clone(hot) as _,
                Arc::clone(hot) as _,
                db,
                database.clone(),
                clock,
                &config.jwt_secret,
                config.init_data_max_age,
            ),
            limits: Limits::new(Arc::clone(rooms.hot()) as _, config.limits),
            passwords: Passwords::default(),
            imports: Imports::default(),
            clocks: Clocks::default(),
            room_names: RoomNames::new(&config.jwt_secret),
            posters: Posters::new(
                &config.data_dir,
                config.tmdb.as_ref().and_then(|tmdb| tmdb.images.clone()),
                config.tmdb.is_some(),
            ),
            tmdb,
            visits: Arc::new(Visits::new(config.patience.linger, hub.stopping().clone())),
            hub,
            health: LastHealth::default(),
            sharing: OnceLock::new(),
            description: Made::new(serde_json::to_vec(description).unwrap_or_default()),
            config,
            timelines: Talk::new(rooms.db().clone(), Arc::clone(rooms.hot()) as _),
            feeds: Arc::default(),
            standings: Arc::default(),
            memberships: Arc::default(),
            rooms,
            database,
            titles,
        }
    }

    /// To be asked through [`Database`], so that nobody waits while it is away.
    pub(crate) fn db(&self) -> &Db {
        self.rooms.db()
    }

    pub(crate) fn hot(&self) -> &dyn Hot {
        &**self.rooms.hot()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.rooms.clock().now()
    }

    /// The room of a code.
    pub(crate) async fn open(&self, code: RoomCode) -> Result<Arc<LiveRoom>, RoomError> {
        // Only a room that nobody has open, and whose log has ended, is asked of the database.
        self.database.perhaps(self.rooms.open(code)).await
    }

    /// Where the room is, or will be, that a request with a key names.
    pub(crate) async fn place(&self, request: &KeyedRequest) -> Result<Place, Refused> {
        self.room_names.place(request, self.now(), |code| self.open(code)).await
    }

    /// Who is asking, as the database knows them; while it is away, as their session does.
    pub(crate) async fn known(&self, caller: &Caller) -> Result<User, Refused> {
        match self.database.ask(self.db().user(caller.user)).await {
            Ok(known) => known.ok_or(Refused::Unauthenticated),
            Err(error) if error.is_unavailable() => Ok(caller.account.clone()),
            Err(error) => Err(error.into()),
        }
    }

    /// A room as a member sees it, but for its messages; `None` for anybody else.
    pub(crate) fn show(&self, live: &LiveRoom, viewer: UserId, language: Language) -> Option<wire::Room> {
        let catalogue = self.titles.current();
        let presenter = Presenter { catalogue: &catalogue, posters: &self.posters, language };
        let here = Here::of(live);
        let invite_url = self.invite_url(live.code());
        live.read(|room| presenter.room(room, viewer, &here, invite_url))
    }

    /// Something that happened in a room, as a member sees it: on a socket and by HTTP alike.
    pub(crate) fn happened(
        &self,
        live: &LiveRoom,
        viewer: UserId,
        language: Language,
        event: &NumberedEvent,
    ) -> wire::Happened {
        let catalogue = self.titles.current();
        let presenter = Presenter { catalogue: &catalogue, posters: &self.posters, language };
        let here = Here::of(live);
        let seen = event.views.seen_by(viewer);
        wire::Happened {
            seq: event.seq.get(),
            at: wire::moment(event.entry.at),
            event: live.read(|room| presenter.event(room, viewer, &here, seen)),
        }
    }

    /// The link that brings others to a room.
    pub(crate) fn invite_url(&self, code: RoomCode) -> Option<String> {
        let bot = self.config.bot_username.borrow();
        present::invite_url(bot.as_deref(), &self.config.mini_app_name, code)
    }

    /// Makes somebody a member who says a password; where the room has none, it needs none.
    pub(crate) async fn join_knocking(
        &self,
        live: &LiveRoom,
        user: &User,
        knock: Knock,
        until: Option<Timestamp>,
    ) -> Result<(), Refused> {
        let id = user.person.id;
        let wanted = live.read(|room| {
            let may = matches!(room.member(id).map(|member| member.standing), None | Some(Standing::Left));
            room.access().password.clone().filter(|_| may)
        });
        let Some(hash) = wanted else { return Ok(self.join(live, user, until).await?) };
        if !self.knows(knock, live.code(), hash.clone()).await? {
            return Err(Refused::Room(Refusal::WrongPassword));
        }
        let profile = present::profile(&user.person);
        let enter = PeopleCommand::Enter { profile, pass: Pass::Password(hash) };
        Ok(self.become_member(live, id, enter, until).await?)
    }

    /// Makes somebody a member, by then or not at all.
    pub(crate) async fn join(
        &self,
        live: &LiveRoom,
        user: &User,
        until: Option<Timestamp>,
    ) -> Result<(), RoomError> {
        let join = PeopleCommand::Join(present::profile(&user.person));
        self.become_member(live, user.person.id, join, until).await
    }

    async fn become_member(
        &self,
        live: &LiveRoom,
        user: UserId,
        join: PeopleCommand,
        until: Option<Timestamp>,
    ) -> Result<(), RoomError> {
        let joins = live.read(|room| !room.has_member(user));
        let terms = Terms { until, ..Terms::default() };
        self.rooms.execute_on(terms, live, user, &Command::People(join)).await?;
        if joins {
            self.carry_over(live).await;
        }
        Ok(())
    }

    /// Whether somebody is a member: see [`Rooms::has_member`].
    pub(crate) async fn has_member(&self, live: &LiveRoom, user: UserId) -> Result<bool, RoomError> {
        self.rooms.has_member(live, user).await
    }

    /// Writes a room to SQL now instead of soon, so that it is in its new member's list, and their sockets hear
    /// of it, at once. Holds nobody up.
    pub(crate) async fn carry_over(&self, live: &LiveRoom) {
        // Otherwise the projector does it later.
        if self.database.away() {
            return;
        }
        let carried = projector::project_held(self.hot(), self.db(), live, self.now());
        if let Err(error) = self.database.perhaps(carried).await {
            tracing::debug!(%error, room = %live.code(), "a room was not written at once");
        }
    }
}
