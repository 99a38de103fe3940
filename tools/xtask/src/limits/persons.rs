//! Limits of what one person or one phone may cause beyond what is counted as a call.

use super::limit::{Limit, row};

/// What a person or a phone may cause.
pub(super) const PERSONS: &[Limit] = &[
    row(
        "data frames and bytes of a socket with `LIMITS=off`",
        "miniapp-server/src/socket/budget.rs",
        "WIDER_WITHOUT_LIMITS",
        "times as many",
        "close code 4429",
    ),
    row(
        "cards that a phone gets in advance",
        "core/domain/src/room/view.rs",
        "UPCOMING",
        "cards",
        "the others come as they are swiped",
    ),
    row(
        "devices of a person that are new, or new in a room",
        "miniapp-server/src/limits.rs",
        "DEVICES",
        "an hour",
        "429 with `Retry-After`; those that are known go on",
    ),
    row(
        "matches that a person shares through a message of the bot",
        "miniapp-server/src/limits.rs",
        "SHARES",
        "in ten minutes",
        "429 with `Retry-After`; the room's link can be shared",
    ),
    row(
        "people removed from a room who are named to its host",
        "core/domain/src/room/bounds.rs",
        "REMOVED_NAMED",
        "people",
        "the others are left out",
    ),
    row(
        "reactions of a person, and messages taken back",
        "miniapp-server/src/limits.rs",
        "REACTIONS",
        "a minute",
        "a socket waits; 429 by HTTP",
    ),
    row(
        "read marks of a person",
        "miniapp-server/src/limits.rs",
        "READ_MARKS",
        "a minute",
        "a socket waits; 429 by HTTP",
    ),
    row(
        "lists that a person imports",
        "miniapp-server/src/limits.rs",
        "IMPORTS",
        "in ten minutes",
        "429 with `Retry-After`",
    ),
    row("file that is imported", "miniapp-server/src/extract.rs", "MAX_FILE", "bytes", "413"),
    row("waiting for a file that is imported", "miniapp-server/src/extract.rs", "FILE_WITHIN", "", "408"),
    row(
        "lists that are read at once on a node",
        "miniapp-server/src/imports.rs",
        "READ_AT_ONCE",
        "lists",
        "others wait for their turn",
    ),
    row(
        "lines of a list that is imported",
        "core/catalogue/src/exports/bounds.rs",
        "MOST_LINES",
        "lines",
        "the others are not read, and the answer says so",
    ),
    row(
        "what an archive that is imported becomes when it is unpacked",
        "core/catalogue/src/exports/bounds.rs",
        "MOST_UNPACKED",
        "bytes",
        "refused",
    ),
    row(
        "files of an archive that is imported",
        "core/catalogue/src/exports/bounds.rs",
        "MOST_FILES",
        "files",
        "refused",
    ),
    row(
        "titles that a person marked",
        "core/storage/src/own_titles.rs",
        "OWN_TITLES",
        "titles",
        "another one is refused",
    ),
    row(
        "titles that are marked by one request",
        "miniapp-server/src/routes/own_titles.rs",
        "MARKED_AT_ONCE",
        "titles",
        "refused",
    ),
    row(
        "titles of a deck of which it is asked whether somebody has seen them",
        "core/storage/src/own_titles.rs",
        "SEEN_ASKED",
        "titles",
        "further ones count as not seen",
    ),
];
