//! Whether this machine's clock agrees with Telegram's, by the `date` header of the Bot API's answers.
//!
//! Telegram dates launch data, and our clock judges it: where they differ by minutes, people cannot sign in. So every process that knows
//! a Bot API server asks it now and then for nothing but the time, and says what it finds ([`Skew`]). The token is not in these
//! requests.

use std::time::Duration;

use sovpalo_domain::ids::Timestamp;
use sovpalo_storage::{clock::Clock, skew::Skew};
use teloxide::Bot;
use tokio::time::{sleep, timeout};

/// Between two looks: a machine that slept is noticed before long.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// After a look that saw nothing.
const AGAIN: Duration = Duration::from_secs(60);
/// An answer that takes longer tells no time.
const PATIENCE: Duration = Duration::from_secs(10);

/// Compares the clocks for as long as it is polled.
pub async fn follow_clock(bot: Bot, clock: Clock) {
    let skew = Skew::measured_by("bot_api");
    loop {
        let seen = look(&bot, &clock).await;
        if let Some(Look { theirs, ours }) = seen {
            skew.seen(theirs, ours);
        }
        sleep(if seen.is_some() { EVERY } else { AGAIN }).await;
    }
}

/// What both clocks showed at the same time, to within a second or so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    theirs: Timestamp,
    ours: Timestamp,
}

async fn look(bot: &Bot, clock: &Clock) -> Option<Look> {
    let before = clock.now();
    // Any answer will do, also "not found": whoever answers says what time it is.
    let answer = timeout(PATIENCE, bot.client().get(bot.api_url()).send()).await.ok()?.ok()?;
    let after = clock.now();
    let date = httpdate::parse_http_date(answer.headers().get("date")?.to_str().ok()?).ok()?;
    let theirs = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    let theirs = Timestamp::from_millis(i64::try_from(theirs.as_millis()).ok()?);
    let ours = before.plus(after.since(before) / 2);
    Some(Look { theirs, ours })
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::Uri, response::IntoResponse};
    use tokio::net::TcpListener;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    /// A Bot API server whose answers carry this date; it fails at any address that carries a token.
    async fn dated(date: &'static str) -> Bot {
        let answer = async move |uri: Uri| {
            assert_eq!(uri.path(), "/", "the token was sent for nothing");
            [("date", date)].into_response()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Bot::new("1:secret").set_api_url(url.parse().unwrap())
    }

    #[tokio::test]
    async fn the_header_of_any_answer_says_what_time_it_is() {
        // Two minutes after what the clock here shows.
        let bot = dated("Mon, 21 Sep 2026 14:15:20 GMT").await;
        let seen = look(&bot, &Clock::manual(NOW)).await.expect("a date was not understood");
        assert_eq!((seen.theirs, seen.ours), (NOW.plus(Duration::from_secs(120)), NOW));
    }

    #[tokio::test]
    async fn an_answer_without_a_time_says_nothing() {
        for date in ["", "soon", "0", "Thu, 01 Jan 1600 00:00:00 GMT"] {
            assert_eq!(look(&dated(date).await, &Clock::manual(NOW)).await, None, "{date}");
        }
    }
}
