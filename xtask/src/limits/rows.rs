//! The rows of the table of limits. Add one beside the constant that it reads, and run `cargo xtask limits`.

use super::Limit;

const fn row(
    what: &'static str,
    file: &'static str,
    name: &'static str,
    unit: &'static str,
    beyond: &'static str,
) -> Limit {
    Limit { what, file, name, unit, beyond }
}

/// Everything that has a bound, from the outside in.
pub(super) const LIMITS: &[Limit] = &[
    // Connections and requests.
    row(
        "waiting for the head of a request",
        "miniapp-server/src/listen.rs",
        "HEAD_WITHIN",
        "",
        "the connection is closed",
    ),
    row(
        "head of a request",
        "miniapp-server/src/listen.rs",
        "MAX_HEAD",
        "bytes",
        "431, or the connection is closed",
    ),
    row("body of a request", "miniapp-server/src/extract.rs", "MAX_BODY", "bytes", "413"),
    row("waiting for the body of a request", "miniapp-server/src/extract.rs", "BODY_WITHIN", "", "408"),
    row("body of an update from Telegram", "bot/src/webhook/route.rs", "LARGEST", "bytes", "413"),
    row(
        "finishing requests when a server ends",
        "miniapp-server/src/listen.rs",
        "FINISH_WITHIN",
        "",
        "they are cut off",
    ),
    // How often.
    row(
        "calls of a person",
        "miniapp-server/src/limits.rs",
        "Self::Api",
        "a minute",
        "429 with `Retry-After`",
    ),
    row(
        "new launches signed in with",
        "miniapp-server/src/limits.rs",
        "Self::Auth",
        "a minute",
        "429 with `Retry-After`",
    ),
    row(
        "staying signed in",
        "miniapp-server/src/limits.rs",
        "Self::Again",
        "a minute",
        "429 with `Retry-After`",
    ),
    row("joining rooms", "miniapp-server/src/limits.rs", "Self::Joins", "a minute", "429 with `Retry-After`"),
    row(
        "all of these from one address",
        "miniapp-server/src/limits.rs",
        "PER_ADDRESS",
        "times as many",
        "429 with `Retry-After`",
    ),
    row(
        "commands of a person to rooms",
        "miniapp-server/src/limits.rs",
        "COMMANDS",
        "a second",
        "the next one waits",
    ),
    row(
        "questions for updates of a person",
        "miniapp-server/src/limits.rs",
        "POLLS",
        "a second",
        "429 with `Retry-After`",
    ),
    // Who you are.
    row("launch data", "miniapp-server/src/init_data.rs", "MAX_LENGTH", "bytes", "401"),
    row(
        "an access token is good for",
        "miniapp-server/src/sessions/mod.rs",
        "ACCESS_FOR",
        "",
        "401; it is refreshed",
    ),
    row(
        "a session without use is good for",
        "miniapp-server/src/sessions/mod.rs",
        "REFRESH_FOR",
        "",
        "it ends",
    ),
    row(
        "pages that a session is refreshed in",
        "miniapp-server/src/sessions/chains.rs",
        "MOST_CHAINS",
        "pages",
        "the oldest has to sign in again",
    ),
    row(
        "least length of `WEBHOOK_SECRET`",
        "app/src/secrets.rs",
        "LEAST_WEBHOOK_SECRET",
        "bytes",
        "a shorter or guessable one is refused at the start",
    ),
    row(
        "least length of `JWT_SECRET`",
        "app/src/secrets.rs",
        "LEAST_JWT_SECRET",
        "bytes",
        "a shorter or guessable one is refused at the start",
    ),
    row("a file with a secret", "app/src/secrets.rs", "MAX_SECRET_FILE", "bytes", "refused at the start"),
    // Sockets.
    row(
        "frame of a client",
        "miniapp-server/src/socket/conversation.rs",
        "MAX_FRAME",
        "bytes",
        "close code 4413",
    ),
    row(
        "frames that are no commands",
        "miniapp-server/src/socket/conversation.rs",
        "BAD_FRAMES",
        "frames",
        "close code 4422",
    ),
    row(
        "questions that wait, of one person",
        "miniapp-server/src/visits.rs",
        "MOST_WAITING",
        "questions",
        "429 with `Retry-After`",
    ),
    // Rooms.
    row("members of a room", "domain/src/room/settings.rs", "MAX_MEMBERS", "people", "`room_full`"),
    row("picks of a member", "domain/src/room/settings.rs", "MAX_PICKS", "titles", "refused"),
    row(
        "titles of a list that the host chose",
        "domain/src/room/settings.rs",
        "MAX_CURATED",
        "titles",
        "refused",
    ),
    row("name of a room", "domain/src/room/settings.rs", "MAX_NAME", "characters", "refused"),
    row("a title that somebody typed", "domain/src/title/mod.rs", "MAX_TEXT", "characters", "refused"),
    row(
        "titles found by a search",
        "storage/src/titles/search.rs",
        "MAX_LIMIT",
        "titles",
        "the others are left out",
    ),
    row(
        "rooms in a person's list",
        "miniapp-server/src/routes/rooms.rs",
        "LISTED",
        "rooms",
        "the oldest are left out",
    ),
    // Posters and files.
    row("a poster", "miniapp-server/src/posters.rs", "MAX_BYTES", "bytes", "there is none"),
    row("fetching a poster", "miniapp-server/src/posters.rs", "WITHIN", "", "there is none for now"),
    row(
        "posters fetched at the same time",
        "miniapp-server/src/posters.rs",
        "AT_ONCE",
        "posters",
        "others wait",
    ),
    row("a file of titles to import", "app/src/import.rs", "MOST_BYTES", "bytes", "refused"),
    row("the file `.env`", "app/src/dotenv/mod.rs", "LONGEST", "bytes", "refused at the start"),
    // The bot.
    row(
        "notices that are sent at the same time",
        "bot/src/notices.rs",
        "SENT_AT_ONCE",
        "notices",
        "others wait",
    ),
    row("tries to send a notice", "bot/src/notices.rs", "ATTEMPTS", "tries", "it is given up"),
    row(
        "a call to Telegram",
        "bot/src/outgoing.rs",
        "PATIENCE",
        "",
        "it failed, and is tried again where that is safe",
    ),
    // Operating.
    row(
        "`sovpalo health` waits for an answer",
        "app/src/health.rs",
        "WITHIN",
        "",
        "the process counts as one that does not answer",
    ),
];
