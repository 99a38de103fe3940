//! Opening a room for a phone: everything that asks a store, done in a task while the connection goes on.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Refusal,
};
use sovpalo_live::rooms::{Attendance, LiveRoom};
use tokio::time::sleep;

use super::{
    devices::Registered,
    feeds::{Following, Interest},
    mailbox::Mailbox,
    phone::Viewer,
};
use crate::{
    App,
    commands::Terms,
    limits::{Allowance, Marking},
    lobby,
    problem::Refused,
    wire,
};

/// A room that somebody is in.
pub(super) struct Entered {
    pub(super) live: Arc<LiveRoom>,
    pub(super) held: Held,
    pub(super) messages: Standing,
}

/// What a socket holds for as long as it has a room open.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) attendance: Arc<Attendance>,
    pub(super) following: Arc<Following>,
}

/// Where a room's messages stand.
pub(super) struct Standing {
    /// `None`: SQL does not say so now.
    pub(super) summary: Option<wire::Messages>,
    /// Up to where news of read marks are in that.
    pub(super) marks: u64,
}

impl Held {
    /// On which terms its owner asks for something.
    pub(super) fn terms(&self, user: UserId) -> Terms {
        Terms { user, fence: self.attendance.fence(), until: None, patience: Duration::ZERO }
    }
}

impl Entered {
    /// Looks where the messages stand, after the phone has begun to follow them.
    pub(super) async fn of(app: &App, viewer: Viewer, live: Arc<LiveRoom>, held: Held) -> Self {
        let marks = held.following.feed.marks_stand_at();
        let summary = app.messages_of(&live, viewer.user).await;
        Self { live, held, messages: Standing { summary, marks } }
    }
}

/// Opens a room, and says that its member is here.
pub(super) async fn enter(
    app: Arc<App>,
    viewer: Viewer,
    registered: Arc<Registered>,
    mailbox: Arc<Mailbox>,
    code: RoomCode,
) -> Result<Entered, Refused> {
    wait_until(|| app.limits.command(viewer.user)).await;
    let entered = enter_counted(&app, viewer, &registered, &mailbox, code).await;
    if matches!(entered, Err(Refused::RoomNotFound | Refused::Room(Refusal::NotAMember))) {
        app.limits.user(Allowance::Api, viewer.user).await?;
    }
    entered
}

async fn enter_counted(
    app: &App,
    viewer: Viewer,
    registered: &Registered,
    mailbox: &Arc<Mailbox>,
    code: RoomCode,
) -> Result<Entered, Refused> {
    // An older socket must not take the word back from a newer one.
    let known = app.rooms.newest_connection(code, viewer.user, viewer.device);
    let (newest, opened, known) = tokio::join!(registered.is_newest(app.hot()), app.open(code), known);
    if !newest? {
        registered.superseded.cancel();
        return Err(Refused::Fenced);
    }
    let live = opened?;
    if !app.has_member(&live, viewer.user).await? {
        return Err(Refused::Room(Refusal::NotAMember));
    }
    if known?.is_none() {
        app.limits.user(Allowance::Devices, viewer.user).await?;
    }
    let interest = Interest::Open(viewer.user);
    let following = app.feeds.follow(app.hot(), code, mailbox, interest, app.now()).await?;
    let attendance = app.rooms.attend(&live, viewer.user, Some(viewer.device)).await?;
    let held = Held { attendance: Arc::new(attendance), following: Arc::new(following) };
    Ok(Entered::of(app, viewer, live, held).await)
}

/// What a command counts for beside being one.
#[derive(Debug, Clone, Copy)]
pub(super) struct CountsAs {
    lobby: Option<NonZeroU32>,
    marking: Option<Marking>,
}

impl CountsAs {
    pub(super) fn of(command: &wire::Command) -> Self {
        Self { lobby: lobby::weight(command), marking: Marking::of(command) }
    }
}

/// Waits for a command's share: of its person's commands, and of what may be said in a lobby or done to messages.
pub(super) async fn pace(app: Arc<App>, user: UserId, room: RoomCode, counts_as: CountsAs) {
    wait_until(|| app.limits.command(user)).await;
    if let Some(weight) = counts_as.lobby {
        wait_until(|| app.limits.lobby_of_person(user, weight)).await;
        wait_until(|| app.limits.lobby_of_room(room, weight)).await;
    }
    if let Some(marking) = counts_as.marking {
        wait_until(|| app.limits.marking(user, marking)).await;
    }
}

async fn wait_until(granted: impl Fn() -> Result<(), Duration>) {
    while let Err(wait) = granted() {
        sleep(wait).await;
    }
}
