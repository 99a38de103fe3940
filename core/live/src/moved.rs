//! Word of a person's rooms to all of that person's sockets, on every node: they came into a room, or are in it no more.
//!
//! A socket that does not have a room open hears nothing else of it. The word follows the commit that makes them a member in SQL, so that
//! whoever hears it finds them there; and it comes from the projector, so that it is the same whoever brought them: the Mini App or the
//! bot. It comes at most once. Who misses it learns of the room when they connect again.

use sovpalo_domain::{
    ids::RoomCode,
    talk::{SystemNote, SystemWhat},
};

use crate::hot::{Announcement, Moved, Publish};

/// What a note of the room's timeline says of who came or went; most say nothing.
fn moved(room: RoomCode, note: &SystemNote) -> Option<Moved> {
    let came = match note.what {
        SystemWhat::Joined => true,
        SystemWhat::Left | SystemWhat::Removed => false,
        SystemWhat::Started
        | SystemWhat::Matched
        | SystemWhat::Finished
        | SystemWhat::Restarted
        | SystemWhat::HostChanged => return None,
    };
    Some(Moved { member: note.member?, room, came })
}

/// Tells every node of whoever came or went by this note.
pub(crate) async fn tell(hot: &(impl Publish + ?Sized), room: RoomCode, note: &SystemNote) {
    let Some(moved) = moved(room, note) else { return };
    if let Err(error) = hot.announce(&Announcement::Moved(moved)).await {
        tracing::debug!(%error, %room, "who came or went could not be published; their sockets learn it when they reconnect");
    }
}
