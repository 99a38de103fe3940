//! Telegram's sending limits as token buckets: about one message a second in a chat (with a short
//! burst), twenty a minute in a group, thirty a second in all. Edits count.

use std::{collections::HashMap, time::Instant};

use super::ids::ChatId;

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    capacity: f64,
    per_second: f64,
    at: Instant,
}

impl Bucket {
    fn new(capacity: f64, per_second: f64, now: Instant) -> Self {
        Self { tokens: capacity, capacity, per_second, at: now }
    }

    /// Seconds until a token is there; 0 when one is.
    fn wait(&mut self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.capacity);
        self.at = now;
        if self.tokens >= 1.0 { 0.0 } else { (1.0 - self.tokens) / self.per_second }
    }
}

/// How many messages a chat takes at once before the one-per-second pace applies.
const BURST: f64 = 5.0;

/// All buckets.
#[derive(Debug)]
pub(crate) struct Limits {
    on: bool,
    all: Bucket,
    chats: HashMap<String, Bucket>,
    groups: HashMap<ChatId, Bucket>,
}

/// What a message is counted against.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Private(ChatId),
    Group(ChatId),
    Inline(String),
}

impl Limits {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on,
            all: Bucket::new(30.0, 30.0, Instant::now()),
            chats: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    pub(crate) fn set(&mut self, on: bool) {
        *self = Self::new(on);
    }

    /// Takes one message's worth from every bucket, or says how many whole seconds to wait.
    pub(crate) fn take(&mut self, target: &Target, now: Instant) -> Result<(), u32> {
        if !self.on {
            return Ok(());
        }
        let key = match target {
            Target::Private(chat) | Target::Group(chat) => chat.to_string(),
            Target::Inline(id) => id.clone(),
        };
        let chat = self.chats.entry(key).or_insert_with(|| Bucket::new(BURST, 1.0, now));
        let mut wait = chat.wait(now).max(self.all.wait(now));
        let group = match target {
            Target::Group(id) => {
                Some(self.groups.entry(*id).or_insert_with(|| Bucket::new(20.0, 20.0 / 60.0, now)))
            }
            Target::Private(_) | Target::Inline(_) => None,
        };
        let mut taken = vec![chat, &mut self.all];
        if let Some(group) = group {
            wait = wait.max(group.wait(now));
            taken.push(group);
        }
        if wait > 0.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 60")]
            return Err(wait.ceil().max(1.0) as u32);
        }
        for bucket in taken {
            bucket.tokens -= 1.0;
        }
        Ok(())
    }
}
