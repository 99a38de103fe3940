//! What is published to rooms, for the sockets of this node.
//!
//! Each room that some socket follows has one feed here, whatever the number of sockets: one subscription, and the last messages in the
//! order of their changes, from which each phone is told what it has not been told yet. The hot layer tells at most once, and not always
//! in order: a feed sees a hole in the changes, and fetches what is missing from SQL, once for all.

mod batch;
mod feed;
mod timeline;

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use dashmap::DashMap;
use futures::{StreamExt, stream};
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::Event,
    room::PeopleEvent,
};
use sovpalo_live::hot::{Change, HotError, Published, Subscribe};
use sovpalo_storage::{Db, MessagePage, PAGE, Range};
use tokio::{
    sync::{Semaphore, SemaphorePermit, broadcast::error::RecvError},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use self::batch::Batch;
pub(super) use self::{
    feed::{Feed, Interest},
    timeline::{Message, Next},
};
use super::mailbox::Mailbox;
use crate::database::Database;

/// How long a message that is missing between others may still come by itself.
const LATE_BY: Duration = Duration::from_millis(100);
/// What was written and never published is looked for every so many beats.
pub(crate) const BEATS_PER_LOOK: u32 = 5;
/// Rooms that are looked at at the same time for what was written and never published.
const LOOKED_AT_ONCE: usize = 4;
/// Between two tries to fetch what is missing.
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// Sockets of this node whose unread messages are counted in SQL at the same time. Beyond it they wait: many come at once after a restart.
pub(crate) const COUNTED_AT_ONCE: usize = 8;

/// The feeds of this node.
#[derive(Debug)]
pub(crate) struct Feeds {
    rooms: DashMap<RoomCode, Arc<Feed>>,
    next: AtomicU64,
    counting: Semaphore,
    /// Signals that are about to be passed on.
    batch: Batch,
}

impl Default for Feeds {
    fn default() -> Self {
        let (rooms, next, batch) = (DashMap::new(), AtomicU64::new(0), Batch::default());
        Self { rooms, next, counting: Semaphore::new(COUNTED_AT_ONCE), batch }
    }
}

/// Held for as long as a socket follows a room.
pub(super) struct Following {
    feeds: Arc<Feeds>,
    pub(super) feed: Arc<Feed>,
    number: u64,
    is_receiving: Arc<AtomicBool>,
}

impl Feeds {
    /// Follows a room from `now` on: when this comes back, whatever is published later reaches the mailbox. Signals that were sent before
    /// `now` do not, however late they come.
    pub(super) async fn follow(
        self: &Arc<Self>,
        hot: &dyn Subscribe,
        room: RoomCode,
        mailbox: &Arc<Mailbox>,
        interest: Interest,
        now: Timestamp,
    ) -> Result<Following, HotError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (feed, is_receiving) = {
            let entry = self.rooms.entry(room).or_insert_with(|| Arc::new(Feed::new(room)));
            // While nobody else can take it away.
            let is_receiving = entry.add(number, Arc::clone(mailbox), interest, now);
            (Arc::clone(&entry), is_receiving)
        };
        let following = Following { feeds: Arc::clone(self), feed, number, is_receiving };
        following.feed.listen(hot).await?;
        Ok(following)
    }

    /// Waits for a turn to count in SQL.
    pub(super) async fn count_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.counting.acquire().await.ok()
    }

    /// Passes on what is published, and looks now and then for what never was, until the node goes.
    pub(crate) async fn run(
        self: &Arc<Self>,
        hot: &dyn Subscribe,
        database: &Database,
        db: &Db,
        every: Duration,
        stop: &CancellationToken,
    ) {
        let looking = async {
            loop {
                sleep(every).await;
                self.look(database, db).await;
            }
        };
        tokio::select! {
            () = self.follow_changes(hot, database, db, stop) => {}
            () = looking => {}
            () = self.batch.deliver_all() => {}
        }
    }

    /// A writer may have died before it told anybody.
    async fn look(&self, database: &Database, db: &Db) {
        let feeds: Vec<_> = self.rooms.iter().map(|feed| Arc::clone(&feed)).collect();
        let look = async |feed: Arc<Feed>| {
            feed.doubt();
            if let Some(_mending) = feed.begin_to_mend() {
                fetch_missing(&feed, database, db).await;
            }
        };
        stream::iter(feeds).for_each_concurrent(LOOKED_AT_ONCE, look).await;
    }

    async fn follow_changes(
        &self,
        hot: &dyn Subscribe,
        database: &Database,
        db: &Db,
        stop: &CancellationToken,
    ) {
        let mut changes = hot.changes();
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => return,
                change = changes.recv() => change,
            };
            match change {
                Ok(Change::Published { room, what }) => {
                    let Some(feed) = self.rooms.get(&room).map(|feed| Arc::clone(&feed)) else { continue };
                    if Batch::takes(&what) {
                        self.batch.push(feed, what);
                        continue;
                    }
                    feed.deliver(&what);
                    mend(&feed, database, db);
                }
                Ok(Change::Appended { room, entries, .. }) => {
                    let Some(feed) = self.rooms.get(&room).map(|feed| Arc::clone(&feed)) else { continue };
                    for member in gone(entries.iter().map(|entry| &entry.event)) {
                        feed.left(member);
                    }
                }
                Ok(Change::Missed) | Err(RecvError::Lagged(_)) => {
                    let feeds: Vec<_> = self.rooms.iter().map(|feed| Arc::clone(&feed)).collect();
                    for feed in feeds {
                        feed.missed();
                        mend(&feed, database, db);
                    }
                }
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    /// Somebody opened a room, whose messages stood at this change after they had begun to follow it.
    pub(super) fn opened(feed: &Arc<Feed>, change: u64, database: &Database, db: &Db) {
        feed.stands_at(change);
        mend(feed, database, db);
    }

    /// A signal of a room that nobody on another node follows.
    pub(super) fn signal(&self, room: RoomCode, signal: Published) {
        if let Some(feed) = self.rooms.get(&room).map(|feed| Arc::clone(&feed)) {
            let signal = Arc::new(signal);
            if Batch::takes(&signal) { self.batch.push(feed, signal) } else { feed.deliver(&signal) }
        }
    }

    /// A message was written through this node: nobody here has to wait for it to be published.
    pub(crate) fn written(
        &self,
        room: RoomCode,
        message: sovpalo_domain::talk::Message,
        database: &Database,
        db: &Db,
    ) {
        if let Some(feed) = self.rooms.get(&room).map(|feed| Arc::clone(&feed)) {
            feed.deliver(&Arc::new(Published::Message(Arc::new(message))));
            mend(&feed, database, db);
        }
    }
}

/// Who is no member any more after these events. They may be a whole log that was put back, in which somebody left and came again.
fn gone<'a>(events: impl Iterator<Item = &'a Event>) -> HashSet<UserId> {
    let mut gone = HashSet::new();
    for event in events {
        match event {
            Event::People(
                PeopleEvent::Left { member }
                | PeopleEvent::Removed { member }
                | PeopleEvent::Erased { member, .. },
            ) => {
                gone.insert(*member);
            }
            Event::People(PeopleEvent::Joined { member, .. }) => {
                gone.remove(member);
            }
            _ => {}
        }
    }
    gone
}

/// Fetches what a feed is missing, if it is missing anything and nobody does so yet.
fn mend(feed: &Arc<Feed>, database: &Database, db: &Db) {
    let Some(mut mending) = feed.begin_to_mend() else { return };
    let (feed, database, db) = (Arc::clone(feed), database.clone(), db.clone());
    tokio::spawn(async move {
        loop {
            sleep(LATE_BY).await;
            fetch_missing(&feed, &database, &db).await;
            drop(mending);
            // Something may have been found missing meanwhile. What nobody follows is begun anew by whoever does next.
            match feed.begin_to_mend().filter(|_| feed.is_followed()) {
                Some(again) => mending = again,
                None => return,
            }
        }
    });
}

async fn fetch_missing(feed: &Feed, database: &Database, db: &Db) {
    while let Some(since) = feed.missing_since().filter(|_| feed.is_followed()) {
        let page = MessagePage { range: Range::ChangedSince(since), limit: PAGE };
        match database.ask(db.messages(feed.room(), page)).await {
            // Nothing newer: what came early was taken back, or is not to be seen yet.
            Ok(page) if page.items.is_empty() => {
                feed.fetched(page);
                return;
            }
            Ok(page) => feed.fetched(page),
            Err(_) => {
                sleep(BETWEEN_TRIES).await;
                database.back().await;
            }
        }
    }
}

impl Following {
    /// Whether this socket is still to be told of the room: whoever has left is not.
    pub(super) fn tells(&self) -> bool {
        self.is_receiving.load(Ordering::Acquire)
    }

    /// The first message that changed after this change.
    pub(super) fn next_after(&self, change: u64) -> Next {
        self.feed.next_after(self.number, change)
    }

    /// The first news about read marks after this place: its own place, who, and up to which message.
    pub(super) fn mark_after(&self, news: u64) -> Option<(u64, UserId, u64)> {
        self.feed.mark_after(self.number, news)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.feed.remove(self.number);
        self.feeds.rooms.remove_if(&self.feed.room(), |_, feed| !feed.is_followed());
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::room::Profile;

    use super::*;

    fn left(member: i64) -> Event {
        Event::People(PeopleEvent::Left { member: UserId::new(member).unwrap() })
    }

    fn joined(member: i64) -> Event {
        let profile = Profile { name: "Somebody".into(), photo_url: None };
        Event::People(PeopleEvent::Joined { member: UserId::new(member).unwrap(), profile })
    }

    #[test]
    fn whoever_came_again_in_a_log_that_is_put_back_is_still_told() {
        let log = [joined(1), joined(2), left(1), left(2), joined(1)];
        assert_eq!(gone(log.iter()), HashSet::from([UserId::new(2).unwrap()]));
    }
}
