//! What members do to the timeline of their room: written to SQL first, told afterwards.
//!
//! Nothing is told that is not committed. A crash in between loses what would have been told, never what was written: whoever reads sees
//! the gap in the room's changes with the next one, or when it is told where the room stands, and fetches.
//!
//! Rooms go on while SQL is away; only this does not.

use std::sync::Arc;

use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    talk::{Message, TalkCommand},
};
use sovpalo_storage::{Db, TalkDone, TalkError};

use crate::{
    hot::{Publish, Published},
    moved,
};

/// So many messages are told one by one when a room notes much at once; of more, the last ones. The others are found by the gap.
pub const PUBLISHED_AT_ONCE: usize = 20;

/// The timelines of all rooms. Cheap to clone.
#[derive(Clone)]
pub struct Talk {
    db: Db,
    hot: Arc<dyn Publish>,
}

impl Talk {
    /// Over these stores.
    pub fn new(db: Db, hot: Arc<dyn Publish>) -> Self {
        Self { db, hot }
    }

    /// Does what a member of a room asks for, and tells everybody who listens to it. Whether they are a member is for the caller to know.
    pub async fn execute(
        &self,
        room: RoomCode,
        member: UserId,
        command: &TalkCommand,
        now: Timestamp,
    ) -> Result<TalkDone, TalkError> {
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is("tell-early") {
            return self.tell_early(room, member, command, now).await;
        }
        let done = self.db.talk(room, member, command, now).await?;
        if let Some(message) = done.message.as_ref().filter(|_| done.changed) {
            tell(&*self.hot, room, &Published::Message(Arc::new(message.clone()))).await;
        }
        if let Some((member, number)) = done.read {
            tell(&*self.hot, room, &Published::Read { member, number }).await;
        }
        Ok(done)
    }

    /// Tells whoever shows these rooms that somebody's messages have been blanked in them.
    pub async fn tell_erased(&self, changed: Vec<(RoomCode, Message)>) {
        for (room, last) in changed {
            tell(&*self.hot, room, &Published::Message(Arc::new(last))).await;
        }
    }
}

/// Tells what a room has noted, and whoever came or went that they did.
pub(crate) async fn tell_noted(hot: &(impl Publish + ?Sized), room: RoomCode, noted: Vec<Message>) {
    for note in noted.iter().filter_map(|message| message.system.as_ref()) {
        moved::tell(hot, room, note).await;
    }
    let passed_over = noted.len().saturating_sub(PUBLISHED_AT_ONCE);
    for message in noted.into_iter().skip(passed_over) {
        tell(hot, room, &Published::Message(Arc::new(message))).await;
    }
}

async fn tell(hot: &(impl Publish + ?Sized), room: RoomCode, what: &Published) {
    if let Err(error) = hot.publish(room, what).await {
        tracing::debug!(%error, %room, "a change could not be published; readers find the gap");
    }
}

/// Bugs to be planted, so that the checker of histories can show that it finds them. Never in a build for people.
#[cfg(feature = "planted-bugs")]
mod planted {
    use super::{
        Arc, Message, Published, RoomCode, Talk, TalkCommand, TalkDone, TalkError, Timestamp, UserId, tell,
    };

    impl Talk {
        /// What somebody says is told before it is committed, under the number that it will have if all goes well.
        pub(super) async fn tell_early(
            &self,
            room: RoomCode,
            member: UserId,
            command: &TalkCommand,
            now: Timestamp,
        ) -> Result<TalkDone, TalkError> {
            if let TalkCommand::Say { key, text, reply_to } = command {
                let stands = self.db.talk_summary(room, member).await?;
                let message = Message {
                    number: stands.last + 1,
                    change: stands.change + 1,
                    author: Some(member),
                    kind: text.kind(),
                    text: text.as_str().to_owned(),
                    system: None,
                    reply_to: *reply_to,
                    reactions: Vec::new(),
                    at: now,
                    edited_at: None,
                    deleted: false,
                    key: Some(key.clone()),
                };
                tell(&*self.hot, room, &Published::Message(Arc::new(message))).await;
            }
            self.db.talk(room, member, command, now).await
        }
    }
}
