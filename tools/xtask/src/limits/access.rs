//! Limits of who gets into rooms, and of how they are found.

use super::limit::{Limit, row};

/// Passwords, and rooms that anybody can find.
pub(super) const ACCESS: &[Limit] = &[
    row(
        "passwords that a person tries at one room",
        "miniapp-server/src/limits.rs",
        "PASSWORDS",
        "in ten minutes",
        "429 with `Retry-After`, right or wrong",
    ),
    row(
        "passwords that are worked out at once on a node",
        "miniapp-server/src/passwords.rs",
        "HASHES_AT_ONCE",
        "",
        "the next one waits",
    ),
    row(
        "reports of rooms by a person",
        "miniapp-server/src/limits.rs",
        "REPORTS",
        "an hour",
        "429 with `Retry-After`",
    ),
    row("a room's password", "miniapp-server/src/parse.rs", "PASSWORD", "characters", "`invalid`"),
    row("a report of a room", "miniapp-server/src/parse.rs", "REASON", "characters", "`invalid`"),
    row(
        "reports of a room that no operator has seen to",
        "core/storage/src/reports.rs",
        "REPORTS_PER_ROOM",
        "",
        "taken and not kept",
    ),
    row("a page of rooms to find", "miniapp-server/src/routes/rooms.rs", "MOST_FOUND", "rooms", "`invalid`"),
    row(
        "rooms to find that are passed over",
        "miniapp-server/src/routes/rooms.rs",
        "MOST_SKIPPED",
        "rooms",
        "`invalid`",
    ),
    row(
        "a room in which nothing happens is to be found",
        "core/storage/src/rooms_to_find.rs",
        "IDLE_IS_LISTED",
        "",
        "it is not listed",
    ),
    row(
        "a room whose round is over is to be found",
        "core/storage/src/rooms_to_find.rs",
        "FINISHED_IS_LISTED",
        "",
        "it is not listed",
    ),
    row(
        "rooms in a person's list",
        "miniapp-server/src/routes/rooms.rs",
        "LISTED",
        "rooms",
        "the oldest are left out",
    ),
    row(
        "rounds that no node was there to end, in one search of a node",
        "core/live/src/rooms/round_clock.rs",
        "UNENDED_AT_ONCE",
        "rooms",
        "they end with the next search, a second later",
    ),
    row(
        "rounds without a match in a page of a room's history",
        "core/storage/src/unmatched_rounds.rs",
        "UNMATCHED_ROUNDS",
        "rounds",
        "the oldest are left out",
    ),
    row(
        "a page of a room's history",
        "core/storage/src/room_history.rs",
        "HISTORY_PAGE",
        "matches",
        "`invalid`",
    ),
    row(
        "titles that are never dealt in a room",
        "core/storage/src/room_history.rs",
        "NEVER_PER_ROOM",
        "titles",
        "`invalid`",
    ),
];
