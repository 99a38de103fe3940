//! Opening a room: from memory, else from its log, else from what SQL remembers of it.

use std::sync::Arc;

use sovpalo_domain::{
    ids::{Epoch, RoomCode, Seq, UserId},
    room::Entry,
};

use super::{ATTEMPTS, LiveRoom, RoomError, Rooms, pause, replica::Replica};
use crate::hot::{Appended, HotError, Listening};

impl Rooms {
    /// The replica of a room, as new as its log when this was asked: from memory, else from the log, else from what SQL remembers.
    pub async fn open(&self, code: RoomCode) -> Result<Arc<LiveRoom>, RoomError> {
        let cell = Arc::clone(&self.shared.loaded.entry(code).or_default());
        let opened = match cell.get() {
            // Whoever asks may have been told by another node of more than has been heard of here.
            Some(live) => self.catch_up(live).await.map(|()| Arc::clone(live)).map_err(RoomError::from),
            None => cell.get_or_try_init(|| self.load(code)).await.cloned(),
        };
        match opened {
            Ok(live) => {
                live.touch(self.clock().now());
                // No node may have been there when its time was up.
                Box::pin(self.end_round_if_due(&live)).await;
                Ok(live)
            }
            Err(error) => {
                // A stranger's guesses leave nothing behind.
                self.shared.loaded.remove_if(&code, |_, cell| !cell.initialized());
                if let RoomError::Hot(unreadable @ HotError::Unreadable { .. }) = &error {
                    self.shared.unreadable.found(code, unreadable);
                }
                Err(error)
            }
        }
    }

    /// The rooms this node holds that somebody is or was in, also those that SQL has not heard of yet.
    pub fn held_with(&self, member: UserId) -> Vec<RoomCode> {
        let held = self.shared.loaded.iter().filter_map(|cell| cell.get().cloned());
        held.filter(|live| live.read(|room| room.member(member).is_some())).map(|live| live.code()).collect()
    }

    async fn load(&self, code: RoomCode) -> Result<Arc<LiveRoom>, RoomError> {
        // Before the log is read, so that nothing falls between the two.
        let listening = self.hot().listen(code).await?;
        for _ in 0..ATTEMPTS {
            if let Some(tail) = self.hot().read(code, Seq::ZERO).await? {
                return self.live(code, tail.entries, listening).await;
            }
            let Some(remembered) = self.db().remembered_room(code).await? else {
                // One that was only just made may be put back by whoever made it.
                let wait = self.hot().recovering(code).await?.ok_or(RoomError::NotFound)?;
                pause(wait).await;
                continue;
            };
            let entries = self.entries(remembered.beginning(Epoch::from_bits(rand::random())));
            match self.hot().append(code, None, &entries, true).await? {
                Appended::At(_) => {
                    tracing::info!(room = %code, "a room came back from SQL");
                    return self.live(code, entries, listening).await;
                }
                // Another node was quicker.
                Appended::Conflict(_) | Appended::Fenced => {}
                // Whoever holds more of the room than SQL has the first word.
                Appended::NotYet(wait) => pause(wait).await,
            }
        }
        Err(HotError::busy("a room's log does not come to rest").into())
    }

    pub(super) async fn live(
        &self,
        code: RoomCode,
        log: Vec<Entry>,
        listening: Listening,
    ) -> Result<Arc<LiveRoom>, RoomError> {
        let replica = Replica::replay(log).await.map_err(|broken| HotError::unreadable(broken).of(code))?;
        self.shared.unreadable.read(code);
        Ok(Arc::new(LiveRoom::of(code, replica, listening, self.clock().now())))
    }
}
