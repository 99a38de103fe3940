//! Limits of what people say, and of the socket that it goes through.

use super::limit::{Limit, row};

/// What people say, and a phone's socket.
pub(super) const TALK: &[Limit] = &[
    row("characters of a message", "core/domain/src/talk/mod.rs", "MESSAGE_CHARS", "characters", "refused"),
    row(
        "emoji of a message of emoji",
        "core/domain/src/talk/mod.rs",
        "EMOJI_PER_MESSAGE",
        "emoji",
        "refused",
    ),
    row(
        "characters of the key of a message",
        "core/domain/src/talk/mod.rs",
        "KEY_CHARS",
        "characters",
        "refused",
    ),
    row(
        "different emoji under a message",
        "core/domain/src/talk/mod.rs",
        "EMOJI_UNDER_MESSAGE",
        "emoji",
        "another one is refused",
    ),
    row("a message can be changed for", "core/domain/src/talk/mod.rs", "EDITABLE_FOR", "", "`not_allowed`"),
    row("messages of a person", "miniapp-server/src/limits.rs", "MESSAGES", "a minute", "`too_many`"),
    row("messages of one page", "core/storage/src/messages/read.rs", "PAGE", "messages", "there is `more`"),
    row(
        "unread messages that are counted",
        "core/storage/src/messages/reading.rs",
        "UNREAD_COUNTED",
        "messages",
        "it is said that there are that many",
    ),
    row(
        "messages of a room that is over are kept after its last one for",
        "core/storage/src/messages/upkeep.rs",
        "IDLE_ROOM",
        "",
        "they are deleted",
    ),
    row(
        "bytes of a frame from a phone",
        "miniapp-server/src/socket/connection.rs",
        "MAX_FRAME",
        "bytes",
        "the socket is closed with 4413",
    ),
    row(
        "rooms that are open on a socket",
        "miniapp-server/src/socket/connection.rs",
        "MOST_ROOMS",
        "rooms",
        "`too_many`",
    ),
    row(
        "commands under way in a line",
        "miniapp-server/src/socket/line.rs",
        "MOST_UNDER_WAY",
        "commands",
        "`too_many`",
    ),
    row(
        "events that a phone gets when it opens a room again",
        "miniapp-server/src/socket/room.rs",
        "MOST_EVENTS",
        "events",
        "it gets the whole room",
    ),
    row(
        "messages that a phone gets when it opens a room again",
        "miniapp-server/src/socket/messages.rs",
        "MOST_MESSAGES",
        "messages",
        "`messages_gap`: it fetches the others",
    ),
    row(
        "between two frames of presence",
        "miniapp-server/src/socket/presence.rs",
        "BETWEEN_PRESENCE",
        "",
        "changes become one frame",
    ),
    row("signals of a socket", "miniapp-server/src/socket/signals.rs", "SIGNALS", "a second", "dropped"),
    row(
        "signals that wait for a slow phone",
        "miniapp-server/src/socket/mailbox.rs",
        "SIGNALS_KEPT",
        "signals",
        "the oldest are dropped",
    ),
    row(
        "rooms of a person whose unread messages are counted",
        "miniapp-server/src/socket/unread.rs",
        "MOST_COUNTED",
        "rooms",
        "older ones are not told of",
    ),
];
