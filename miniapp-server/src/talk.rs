//! The timelines of rooms, as their members use them: over HTTP and on sockets alike.
//!
//! Only members come this far, by the room's log and not by SQL. While SQL is away the answer is `unavailable`, and rooms go on.

use std::{collections::HashMap, time::Duration};

use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    language::Language,
    room::Refusal,
    talk::{Message, TalkCommand},
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::TalkDone;
use tokio::time::timeout;

use crate::{
    App,
    limits::Allowance,
    present::{self, Presenter},
    problem::Refused,
    wire,
};

/// A room is shown without its messages if SQL has not said where they stand within this time.
const SHOWN_WITHIN: Duration = Duration::from_millis(500);

/// Rooms of one person whose unread messages are counted: the newest. Of others nothing is told until they are opened.
pub(crate) const MOST_COUNTED: usize = 50;

impl App {
    /// Does what somebody asks for, if they are a member, before `until` or not at all. Who says much waits.
    pub(crate) async fn talk(
        &self,
        live: &LiveRoom,
        user: UserId,
        command: &TalkCommand,
        until: Option<Timestamp>,
    ) -> Result<TalkDone, Refused> {
        if !self.has_member(live, user).await? {
            return Err(Refused::Room(Refusal::NotAMember));
        }
        if let TalkCommand::Say { .. } | TalkCommand::Edit { .. } = command {
            self.limits.user(Allowance::Messages, user).await?;
        }
        let now = self.now();
        if until.is_some_and(|until| now > until) {
            return Err(Refused::Unavailable);
        }
        Ok(self.database.ask(self.timelines.execute(live.code(), user, command, now)).await?)
    }

    /// Where a room's messages stand for a member. `None`: SQL does not say so in time.
    pub(crate) async fn messages_of(&self, live: &LiveRoom, viewer: UserId) -> Option<wire::Messages> {
        let (database, db) = (self.database.clone(), self.db().clone());
        let ask = move |asked: Vec<_>| {
            let (database, db) = (database.clone(), db.clone());
            async move { database.ask(db.talk_summaries_of(&asked)).await.ok() }
        };
        let summary = self.standings.ask((live.code(), viewer), ask);
        let summary = timeout(SHOWN_WITHIN, summary).await.ok()??;
        Some(live.read(|room| present::messages(room, &summary)))
    }

    /// The rooms that somebody belongs to, the newest first, as far as their messages are counted. `None`: SQL does not say so now.
    pub(crate) async fn counted_rooms_of(&self, user: UserId) -> Option<Vec<RoomCode>> {
        let (database, db) = (self.database.clone(), self.db().clone());
        let ask = move |users: Vec<UserId>| {
            let (database, db) = (database.clone(), db.clone());
            async move {
                let rooms = database.ask(db.room_codes_of(&users, MOST_COUNTED)).await.ok()?;
                let mut theirs: HashMap<UserId, Vec<RoomCode>> = HashMap::new();
                for (user, room) in rooms {
                    theirs.entry(user).or_default().push(room);
                }
                Some(users.iter().map(|user| theirs.get(user).cloned().unwrap_or_default()).collect())
            }
        };
        self.memberships.ask(user, ask).await
    }

    /// A room as a member sees it, its messages included; `None` for anybody else.
    pub(crate) async fn show_whole(
        &self,
        live: &LiveRoom,
        viewer: UserId,
        language: Language,
    ) -> Option<wire::Room> {
        // First: what is shown is no older than what is said of its messages.
        let messages = self.messages_of(live, viewer).await;
        let room = self.show(live, viewer, language)?;
        Some(wire::Room { messages, ..room })
    }

    /// Messages as a member sees them.
    pub(crate) fn show_messages(
        &self,
        live: &LiveRoom,
        viewer: UserId,
        language: Language,
        messages: &[Message],
    ) -> Vec<wire::Message> {
        let catalogue = self.titles.current();
        let presenter = Presenter { catalogue: &catalogue, posters: &self.posters, language };
        live.read(|room| messages.iter().map(|message| presenter.message(room, viewer, message)).collect())
    }

    /// A page of a room's messages, as a member sees it.
    pub(crate) async fn page_of(
        &self,
        live: &LiveRoom,
        viewer: UserId,
        language: Language,
        page: sovpalo_storage::MessagePage,
    ) -> Result<wire::MessagePage, Refused> {
        let sovpalo_storage::Page { items, more } =
            self.database.ask(self.db().messages(live.code(), page)).await?;
        Ok(wire::MessagePage { items: self.show_messages(live, viewer, language, &items), more })
    }
}
