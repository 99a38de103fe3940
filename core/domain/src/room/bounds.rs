//! How much a room may hold: every list of it has a most, and its log has one too.
//!
//! What happens where the log is full is said in `worn_out`.

use std::time::Duration;

/// A room's log has at most this many events that can be refused; beyond it whatever is said in the lobby is
/// `room_worn_out`. An evening has a few hundred.
pub const LOG_EVENTS: u64 = 20_000;
/// The same for what the events hold, in bytes: names, titles and texts.
pub const LOG_BYTES: u64 = 4 * 1024 * 1024;
/// A round that began before may go on until the log has this many events; beyond it swipes are `room_worn_out` too, and the host can
/// only finish.
pub const LOG_EVENTS_WITH_ROUND: u64 = 120_000;
/// A film that is shown by then is watched until the log has this many events; beyond it the screen is `room_worn_out` too. Three hours
/// with a pause each minute are a few hundred.
pub const LOG_EVENTS_WITH_FILM: u64 = 40_000;
/// The end of a timed round is at most so far ahead when its host puts it off; a later one is `invalid`.
pub const MOST_TIME_LEFT: Duration = Duration::from_secs(20 * 60);
/// And at most so long after the round began; a later one is `invalid`.
pub const LONGEST_ROUND: Duration = Duration::from_secs(60 * 60);
/// In one round a member takes back as many swipes as the deck has cards, and so many more; beyond it `undo` is `room_worn_out`.
pub const UNDONE_BEYOND_DECK: usize = 50;
/// So many different people are ever in one room; beyond it somebody new is refused as `room_worn_out`. Who was there before may come
/// back.
pub const EVER_MEMBERS: usize = 2_000;
/// The host's view of a room lists at most so many removed people, the newest first, to let them in again; the others are left out.
pub const REMOVED_NAMED: usize = 100;
/// A typed card remembers so many ways in which it was written; further ones are compared with those.
pub const SPELLINGS_PER_CARD: usize = 8;
/// A room still knows so many texts that went out of use, so that who took a title away can take it back by its id; older ones are
/// forgotten.
pub const LEFT_TEXTS: usize = 100;
/// So many texts stay tied to cards that nobody picks any more; further ones are forgotten.
pub const LOST_SPELLINGS: usize = 200;
/// So many things may come next in a playlist; a further one is `invalid`.
pub const PLAYLIST_ITEMS: usize = 100;
/// Their addresses, titles and names have at most so many bytes together, since each change of the screen tells all of it to everybody; what is
/// more is `invalid`.
pub const PLAYLIST_BYTES: usize = 32 * 1024;
/// A room still knows so many items that were in its playlist, so that one that is sent again is not put there again; older ones are
/// forgotten.
pub const GONE_ITEMS: usize = 200;
/// A room still knows so many titles that were in its decks, so that the next deck has others first; those that were played longest ago are
/// forgotten.
pub const PLAYED_REMEMBERED: usize = 2_000;
