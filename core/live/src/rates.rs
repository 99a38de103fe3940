//! How often one person may do what costs others something.

use std::time::Duration;

use sovpalo_domain::ids::UserId;

use crate::hot::{HotError, Quota, RateLimit, Spent};

/// Calls of the API by one person in a minute, unless the operator sets another number; beyond it they are told when the next one is taken.
pub const CALLS_PER_MINUTE: u32 = 100;
/// Messages of one person in a minute, new and edited, in all rooms and on all nodes together; beyond it they are told when the next one is taken.
pub const MESSAGES_PER_MINUTE: u32 = 30;
/// Rooms made by one person in an hour, in the Mini App and by the bot together; beyond it they are told when they may make the next one.
pub const ROOMS_PER_HOUR: u32 = 10;

/// What an operator sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    pub calls_per_minute: u32,
    pub messages_per_minute: u32,
    pub rooms_per_hour: u32,
}

impl Rates {
    /// Unless the operator sets others.
    pub const USUAL: Self = Self {
        calls_per_minute: CALLS_PER_MINUTE,
        messages_per_minute: MESSAGES_PER_MINUTE,
        rooms_per_hour: ROOMS_PER_HOUR,
    };

    /// The rooms that one person may make.
    pub fn rooms(&self) -> Quota {
        Quota { uses: self.rooms_per_hour, per: Duration::from_secs(3600) }
    }

    /// Takes one of them, in the Mini App or by the bot.
    pub async fn spend_room(&self, limits: &dyn RateLimit, person: UserId) -> Result<Spent, HotError> {
        limits.spend(&format!("rooms:u{person}"), self.rooms()).await
    }
}
