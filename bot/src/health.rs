//! Whether Telegram can be reached: published to whoever asks, and logged once per change.

use std::{fmt, sync::Mutex};

use tokio::sync::watch;

use crate::failure::Failure;

/// How the bot is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BotHealth {
    /// It has not reached Telegram yet.
    #[default]
    Starting,
    /// Telegram answers.
    Online,
    /// Telegram does not, or cannot bring updates; the bot goes on trying.
    Offline {
        /// Why, in words that hold no secret.
        reason: String,
    },
}

impl BotHealth {
    /// Whether Telegram answers.
    pub fn is_online(&self) -> bool {
        *self == Self::Online
    }
}

impl fmt::Display for BotHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starting => f.write_str("starting"),
            Self::Online => f.write_str("online"),
            Self::Offline { reason } => write!(f, "offline: {reason}"),
        }
    }
}

/// Where health is published.
#[derive(Debug)]
pub(crate) struct Reporter {
    health: watch::Sender<BotHealth>,
    // Changes are published one at a time, so that the log has them in their order.
    turn: Mutex<()>,
}

impl Reporter {
    pub(crate) fn new(health: watch::Sender<BotHealth>) -> Self {
        Self { health, turn: Mutex::new(()) }
    }

    /// Telegram answered.
    pub(crate) fn online(&self) {
        if self.change(BotHealth::Online) {
            tracing::info!("Telegram answers");
        }
    }

    /// It did not. A token that is refused, or another process that takes the updates, counts as such.
    pub(crate) fn offline(&self, failure: &Failure) {
        if self.change(BotHealth::Offline { reason: failure.to_string() }) {
            tracing::warn!(%failure, "the bot has no Telegram and goes on trying");
        }
    }

    fn change(&self, to: BotHealth) -> bool {
        let _turn = self.turn.lock();
        self.health.send_if_modified(|health| {
            let changed = *health != to;
            *health = to;
            changed
        })
    }
}
