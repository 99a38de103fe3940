//! The rows of voice chats.

use super::limit::{Limit, row};

/// What bounds voice chats, and what helps phones to reach each other.
pub(super) const VOICE: &[Limit] = &[
    row(
        "members in a room's voice chat",
        "core/live/src/hot/presence.rs",
        "MOST_VOICES",
        "members",
        "`room_full` until somebody leaves",
    ),
    row(
        "coming into a voice chat and leaving it, of one socket",
        "miniapp-server/src/socket/calls.rs",
        "VOICE_CHANGES",
        "a second",
        "`too_many`",
    ),
    row(
        "the same, at once",
        "miniapp-server/src/socket/calls.rs",
        "VOICE_CHANGES_AT_ONCE",
        "changes",
        "`too_many`",
    ),
    row(
        "`rtc` signals of one socket",
        "miniapp-server/src/socket/calls.rs",
        "RTC",
        "a second",
        "dropped without a word; the phones begin anew",
    ),
    row(
        "the same, at once",
        "miniapp-server/src/socket/calls.rs",
        "RTC_AT_ONCE",
        "signals",
        "dropped without a word; the phones begin anew",
    ),
    row("an `rtc` signal", "miniapp-server/src/socket/calls.rs", "RTC_BYTES", "bytes", "`invalid`"),
    row(
        "what a socket asked for in voice chats and is not done yet",
        "miniapp-server/src/socket/calls.rs",
        "CALLS_WAITING",
        "signals",
        "`rtc` is dropped, `voice` is `too_many`",
    ),
    row(
        "signals for one person alone that wait for one phone",
        "miniapp-server/src/socket/mailbox.rs",
        "DIRECT_SIGNALS_KEPT",
        "signals",
        "the oldest is dropped",
    ),
    row(
        "refusals of signals that wait for one phone",
        "miniapp-server/src/socket/mailbox.rs",
        "REFUSALS_KEPT",
        "refusals",
        "the oldest is dropped",
    ),
    row(
        "how long TURN credentials are good",
        "miniapp-server/src/ice.rs",
        "CREDENTIALS_LAST",
        "",
        "TURN refuses them; a phone asks for new ones before",
    ),
    row(
        "addresses in `STUN_URLS`, and in `TURN_URLS`",
        "app/src/config/ice.rs",
        "MOST_ICE_URLS",
        "addresses",
        "refused at the start",
    ),
    row(
        "least length of `TURN_SECRET`",
        "app/src/strength.rs",
        "LEAST_TURN_SECRET",
        "bytes",
        "a shorter or guessable one is refused at the start",
    ),
];
