//! What lists of rooms say of films: one plays where somebody may watch it. Phones that just close stop no film, so that SQL alone would
//! have it play for ever.

use std::time::Duration;

use futures::future::join_all;
use sovpalo_domain::ids::RoomCode;
use sovpalo_storage::RoomInList;

use super::Rooms;

/// In lists a film plays on for so long after the last phone of its room was seen, or something happened in it; beyond it the list says that
/// it does not play.
pub const PLAYS_UNSEEN: Duration = Duration::from_secs(120);

impl Rooms {
    /// Says of rooms of a list that nothing plays where nobody was there for long. All are asked for at once: a list has a bound.
    pub async fn note_unwatched<'a>(&self, listed: impl Iterator<Item = &'a mut RoomInList>) {
        let now = self.clock().now();
        let playing =
            listed.filter(|room| now.since(room.row.updated_at) >= PLAYS_UNSEEN).filter_map(|room| {
                let code = room.row.code;
                room.screen.as_mut().filter(|screen| screen.playing).map(|screen| (code, screen))
            });
        let playing: Vec<_> = playing.collect();
        let watched = join_all(playing.iter().map(|(code, _)| self.is_watched(*code))).await;
        for ((_, screen), watched) in playing.into_iter().zip(watched) {
            screen.playing = watched;
        }
    }

    /// Where the hot layer does not say who was seen, somebody may have been.
    async fn is_watched(&self, room: RoomCode) -> bool {
        let Ok(presence) = self.hot().presence(room).await else { return true };
        let now = self.clock().now();
        presence.iter().any(|p| p.online || now.since(p.last_seen) < PLAYS_UNSEEN)
    }
}
