//! How long people watch: what this node's sockets see of screens that play, added up and written to SQL once a minute.
//!
//! It samples all screens every few seconds, and neither the log nor any phone gets any of it. A person counts once, on however many
//! phones and in however many rooms. What is written names its minute, so that writing it again changes nothing, and two nodes count the
//! same minute of the same person once (see [`Db::count_watched`](sovpalo_storage::Db::count_watched)). A node that dies takes with it at
//! most a minute of what its people watched.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
    time::Duration,
};

use sha1::{Digest, Sha1};
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::{Room, Screen},
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
    lasts: Option<Duration>,
}

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
        let mut audiences: BTreeMap<RoomCode, BTreeSet<UserId>> = BTreeMap::new();
        for attending in &self.shared.attending {
            let (room, member) = *attending.value();
            audiences.entry(room).or_default().insert(member);
        }
        let mut ledger = self.shared.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let last = ledger.look(now);
        let mut counted = BTreeSet::new();
        for (code, audience) in audiences {
            let Some(live) = self.held(code) else { continue };
            let Some(playing) = live.playing(now) else { continue };
            let online = live.online();
            for member in audience {
                let together = online.iter().any(|other| *other != member);
                // On two phones in two rooms as well, somebody watches one film.
                if counted.insert(member) {
                    let seen = Seen { together, lasts: playing.lasts };
                    let key = (member, code, playing.film.clone());
                    ledger.add(&key, last.max(playing.since), now, seen);
                }
            }
        }
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
        (!is_over).then_some(Playing { film, since: screen.at, lasts })
    }
}

/// What makes it that film, without saying where it is: an address that somebody brought is nobody else's to keep.
fn film_key(screen: &Screen) -> String {
    hex::encode(&Sha1::digest(screen.media.url())[..8])
}
