//! Limits of connections and requests, before anybody knows whose they are.

use super::limit::{Limit, row};

const BOUNDS: &str = "miniapp-server/src/listen/bounds.rs";

/// Connections, requests, heads and bodies, from the outside in.
pub(super) const CONNECTIONS: &[Limit] = &[
    row(
        "connections of an address (an IPv6 /64) without a session; ten times as many of a /48",
        BOUNDS,
        "PER_ADDRESS",
        "connections",
        "the one that was silent longest is closed; while all are busy, a new one waits in line",
    ),
    row(
        "connections of an address that wait in line",
        BOUNDS,
        "IN_LINE",
        "connections",
        "the one that was silent longest is closed, or else the new one",
    ),
    row("a connection waits in that line", BOUNDS, "LINE_WITHIN", "", "it is closed"),
    row(
        "a connection that is asked for nothing is left alone for",
        BOUNDS,
        "SILENT",
        "",
        "it may be closed for another one",
    ),
    row(
        "connections of a person",
        BOUNDS,
        "PER_PERSON",
        "connections",
        "the one that was silent longest is closed, or else 429",
    ),
    row(
        "all connections, and fewer than the descriptors",
        BOUNDS,
        "MOST_CONNECTIONS",
        "connections",
        "a silent one of whoever has most is closed, or else the new one",
    ),
    row(
        "connections that the system keeps until they are accepted",
        "miniapp-server/src/listen/mod.rs",
        "BACKLOG",
        "connections",
        "the client tries again",
    ),
    row(
        "requests under way of an address behind a trusted proxy",
        BOUNDS,
        "REQUESTS_PER_ADDRESS",
        "requests",
        "they wait in line",
    ),
    row("requests that wait in that line", BOUNDS, "REQUESTS_IN_LINE", "requests", "429 with `Retry-After`"),
    row(
        "a request waits in that line",
        "miniapp-server/src/listen/front.rs",
        "LINE",
        "",
        "429 with `Retry-After`",
    ),
    row(
        "requests of an address",
        "miniapp-server/src/listen/rates.rs",
        "RATE",
        "a second",
        "429 with `Retry-After`",
    ),
    row(
        "requests of an address at once",
        "miniapp-server/src/listen/rates.rs",
        "BURST",
        "requests",
        "429 with `Retry-After`",
    ),
    row(
        "addresses that are told apart",
        "miniapp-server/src/listen/rates.rs",
        "MOST_REMEMBERED",
        "addresses",
        "new ones share one rate",
    ),
    row("waiting for the first head of a connection", BOUNDS, "FIRST_HEAD_WITHIN", "", "it is closed"),
    row(
        "waiting for any other head, and a connection that is not used",
        BOUNDS,
        "HEAD_WITHIN",
        "",
        "the connection is closed",
    ),
    row("head of a request", BOUNDS, "MAX_HEAD", "bytes", "431"),
    row("body of a request", "miniapp-server/src/extract.rs", "MAX_BODY", "bytes", "413"),
    row("waiting for the body of a request", "miniapp-server/src/extract.rs", "BODY_WITHIN", "", "408"),
    row(
        "any body to arrive, also one that no handler waits for",
        BOUNDS,
        "ANY_BODY_WITHIN",
        "",
        "reading it fails",
    ),
    row(
        "body of an update from Telegram",
        "bot/src/webhook/route.rs",
        "LARGEST",
        "bytes",
        "200, and it is passed over: anything else Telegram would send again",
    ),
    row("rest of a body that nobody asked for", BOUNDS, "MAX_DRAIN", "bytes", "the connection is closed"),
    row("reading that rest", BOUNDS, "DRAIN_WITHIN", "", "the connection is closed"),
    row(
        "the peer takes nothing of what is written to it",
        BOUNDS,
        "WRITE_WITHIN",
        "",
        "the connection is closed",
    ),
    row("finishing requests when a server ends", BOUNDS, "FINISH_WITHIN", "", "they are cut off"),
];
