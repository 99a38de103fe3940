//! Limits of what people watch together.

use super::limit::{Limit, row};

const ROOM: &str = "core/domain/src/room/bounds.rs";
const TIME: &str = "core/domain/src/room/watching/time.rs";
const MEDIA: &str = "core/domain/src/room/watching/media.rs";

/// The screen of a room.
pub(super) const WATCHING: &[Limit] = &[
    row(
        "characters of an address of something to watch",
        "core/domain/src/room/watching/address.rs",
        "MAX_ADDRESS",
        "characters",
        "refused",
    ),
    row("characters of its title", MEDIA, "MAX_MEDIA_TITLE", "characters", "the rest is cut"),
    row("characters of the name of an item of a playlist", MEDIA, "MAX_ITEM_ID", "characters", "refused"),
    row("things in a playlist", ROOM, "PLAYLIST_ITEMS", "items", "another one is refused"),
    row(
        "addresses and titles of a playlist together",
        ROOM,
        "PLAYLIST_BYTES",
        "bytes",
        "another one is refused",
    ),
    row(
        "items that were in a playlist and that a room still knows",
        ROOM,
        "GONE_ITEMS",
        "items",
        "the oldest is forgotten, and could be added again",
    ),
    row(
        "events with a film that is shown",
        ROOM,
        "LOG_EVENTS_WITH_FILM",
        "events",
        "the screen stays as it is (`room_worn_out`)",
    ),
    row("a film is as long as", TIME, "MAX_FILM", "", "a position beyond it is refused"),
    row(
        "a command for the screen takes effect after, at least",
        TIME,
        "LEAST_LEAD",
        "",
        "twice the round trip of the slowest phone, where that is more",
    ),
    row(
        "a phone's round trip counts for at most",
        TIME,
        "MAX_ROUND_TRIP",
        "",
        "a slower phone is not waited for",
    ),
    row(
        "a room that nobody follows on another node is taken for such for",
        "core/live/src/hot/redis/subscriptions.rs",
        "KNOWN_TO_BE_ALONE",
        "",
        "its signals are published, as those of any other room",
    ),
    row(
        "a slow phone's round trip is remembered for",
        "miniapp-server/src/round_trips.rs",
        "KEPT",
        "",
        "it is forgotten",
    ),
    row(
        "between two notes of a socket's round trip",
        "miniapp-server/src/round_trips.rs",
        "BETWEEN_NOTES",
        "",
        "what it says sooner is not noted",
    ),
    row(
        "a phone that has said that it watches counts as watching for",
        "core/live/src/rooms/watchers.rs",
        "WATCHES_FOR",
        "",
        "what it watches does not count until it says so again",
    ),
    row(
        "between two looks at what a room watches",
        "core/live/src/rooms/watched.rs",
        "LOOK_EVERY",
        "",
        "a pause in between is not seen",
    ),
    row(
        "a film whose length is not known counts as time watched up to",
        "core/live/src/rooms/watched.rs",
        "LONGEST_UNKNOWN_FILM",
        "",
        "nothing more counts",
    ),
    row(
        "minutes of time watched that wait for the database",
        "core/live/src/rooms/ledger.rs",
        "MINUTES_KEPT",
        "minutes",
        "the oldest are lost",
    ),
    row(
        "a film that can be seen to its end is at least as long as",
        "core/storage/src/stats/watched.rs",
        "LEAST_FILM",
        "",
        "it counts as time watched only",
    ),
    row(
        "between the giving of an achievement and the bot's message about it, at least",
        "core/storage/src/stats/notices.rs",
        "ACHIEVEMENT_SENT_AFTER",
        "",
        "all of an evening become one message, and there is one a day",
    ),
    row(
        "nobody who may control what is shown is seen for",
        "core/domain/src/room/mod.rs",
        "CONTROL_PASSES_AFTER",
        "",
        "it is lent to somebody who is there",
    ),
    row(
        "a host is not seen for",
        "core/domain/src/room/mod.rs",
        "AWAY_AFTER",
        "",
        "somebody else becomes host until they are back",
    ),
    row(
        "a film that plays and that nobody watches plays on in lists for",
        "core/live/src/rooms/playing.rs",
        "PLAYS_UNSEEN",
        "",
        "lists say that it stands",
    ),
];
