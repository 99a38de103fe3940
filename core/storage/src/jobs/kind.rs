//! The kinds of jobs.

use tokio::sync::Notify;

/// The kinds of jobs there are. Each has its own order, its own workers and its own bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message that the bot sends.
    Notice,
    /// An achievement that the bot sends to its owner.
    Achievement,
    /// What Telegram sent.
    Update,
    /// What has to be done once in a while.
    Chore,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Notice, Self::Achievement, Self::Update, Self::Chore];

    /// What it is called in the table, in the log and in the metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Achievement => "achievement",
            Self::Update => "update",
            Self::Chore => "chore",
        }
    }

    /// Notified whenever this process may have made a job of the kind due.
    pub(super) fn news(self) -> &'static Notify {
        static NOTICES: Notify = Notify::const_new();
        static ACHIEVEMENTS: Notify = Notify::const_new();
        static UPDATES: Notify = Notify::const_new();
        static CHORES: Notify = Notify::const_new();
        match self {
            Self::Notice => &NOTICES,
            Self::Achievement => &ACHIEVEMENTS,
            Self::Update => &UPDATES,
            Self::Chore => &CHORES,
        }
    }
}
