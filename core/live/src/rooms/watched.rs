//! How long people watch: what this node's sockets see of screens that play, added up and written to SQL once a minute.
//!
//! It samples all screens every few seconds, and neither the log nor any phone gets any of it. Somebody watches whose phone says so: an
//! open room alone is no film. A person counts once, on however many phones and in however many rooms. What is written names its minute, so that writing it again changes nothing, and two nodes count the
//! same minute of the same person once (see [`Db::count_watched`](sovpalo_storage::Db::count_watched)). A node that dies takes with it at
//! most a minute of what its people watched.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
    time::Duration,
};

use sha1::{Digest, Sha1};
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::{Rate, Room, Screen},
};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::{LiveRoom, Rooms, ledger::Seen};

/// How often a node looks at what its rooms watch. A pause between two looks is not seen.
pub const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A film whose length no phone has said counts up to here, so that a screen that nobody looks at any more does not count for ever.
pub const LONGEST_UNKNOWN_FILM: Duration = Duration::from_secs(6 * 3600);
/// A node that stops waits no longer for what its people have watched to be written.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// A screen that plays.
struct Playing {
    film: String,
    since: Timestamp,
    rate: Rate,
    lasts: Option<Duration>,
}

/// The people of a room with sockets on this node, and whether they watch.
type Audience = BTreeMap<UserId, bool>;

impl Rooms {
    /// Adds up what people watch until `stop`.
    pub(super) async fn count_watching(&self, stop: &CancellationToken) {
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = looks.tick() => self.look_at_screens().await,
            }
        }
        let now = self.clock().now();
        self.see_screens(now);
        // As if the minute were over: what another node adds to it is compared with this.
        let end = now.plus(Duration::from_secs(60));
        if timeout(LAST_WRITE, self.write_watched(end)).await.is_err() {
            tracing::debug!("what was watched in the last minute could not be written");
        }
    }

    /// One look at what this node's sockets watch; [`Rooms::run`] does it every [`LOOK_EVERY`]. Writes each minute that is over.
    pub async fn look_at_screens(&self) {
        let now = self.clock().now();
        self.see_screens(now);
        self.write_watched(now).await;
    }

    fn see_screens(&self, now: Timestamp) {
        let audiences = self.audiences(now);
        let mut ledger = self.shared.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let last = ledger.look(now);
        let mut counted = BTreeSet::new();
        for (live, audience) in audiences {
            let Some(Playing { film, since, rate, lasts }) = live.playing(now) else { continue };
            let online = live.online();
            // What phones on another node watch is not known here: who is only there is taken to watch.
            let watches = |who: &UserId| audience.get(who).copied().unwrap_or(true);
            let watching: BTreeSet<UserId> = online.iter().copied().filter(watches).collect();
            for member in audience.iter().filter_map(|(member, watches)| watches.then_some(*member)) {
                let together = watching.iter().any(|other| *other != member);
                // On two phones in two rooms as well, somebody watches one film.
                if counted.insert(member) {
                    let key = (member, live.code(), film.clone());
                    ledger.add(&key, last.max(since), now, Seen { together, rate, lasts });
                }
            }
        }
    }

    /// Who has sockets on this node, room by room.
    fn audiences(&self, now: Timestamp) -> Vec<(Arc<LiveRoom>, Audience)> {
        let mut audiences: BTreeMap<RoomCode, (Arc<LiveRoom>, Audience)> = BTreeMap::new();
        for attending in &self.shared.attending {
            let (room, member) = *attending.value();
            let Some(live) = self.held(room) else { continue };
            let watches = live.watchers().has(*attending.key(), now);
            let (_, audience) = audiences.entry(room).or_insert_with(|| (live, Audience::new()));
            *audience.entry(member).or_default() |= watches;
        }
        audiences.into_values().collect()
    }

    /// Writes each minute that is over by then. What cannot be written now waits.
    async fn write_watched(&self, over_by: Timestamp) {
        loop {
            let oldest = {
                let ledger = self.shared.watched.lock().unwrap_or_else(PoisonError::into_inner);
                ledger.oldest(over_by)
            };
            let Some((number, watched)) = oldest else { return };
            if let Err(error) = self.db().count_watched(number, &watched, self.clock().now()).await {
                tracing::debug!(%error, "what was watched is written later");
                return;
            }
            self.shared.watched.lock().unwrap_or_else(PoisonError::into_inner).written(number);
        }
    }
}

impl LiveRoom {
    /// What plays now, unless the film is over.
    fn playing(&self, now: Timestamp) -> Option<Playing> {
        let screen = self.read(Room::screen)?;
        if !screen.playing || screen.at >= now {
            return None;
        }
        let film = film_key(&screen);
        let lasts = self.film_length().of(&screen.media);
        let position = Duration::from_secs_f64(screen.position_at(now).seconds());
        let is_over = position >= lasts.unwrap_or(LONGEST_UNKNOWN_FILM);
        (!is_over).then_some(Playing { film, since: screen.at, rate: screen.rate, lasts })
    }
}

/// What makes it that film, without saying where it is: an address that somebody brought is nobody else's to keep.
fn film_key(screen: &Screen) -> String {
    hex::encode(&Sha1::digest(screen.media.url())[..8])
}
