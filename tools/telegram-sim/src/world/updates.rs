//! The bot's updates: numbered, filtered by `allowed_updates`, kept until confirmed, given to one
//! poller or to the webhook, never to both.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};

/// What Telegram leaves out unless it is asked for.
const NOT_BY_DEFAULT: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// Telegram keeps an update this long (seconds).
const KEPT: i64 = 24 * 60 * 60;

/// Where updates are posted to.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) secret: Option<String>,
    pub(crate) max_connections: i64,
    pub(crate) last_error: Option<(i64, String)>,
    /// Tells a new webhook from the one before it.
    pub(crate) generation: u64,
}

#[derive(Debug, Clone)]
struct Update {
    id: i64,
    at: i64,
    value: Value,
}

/// The queue.
#[derive(Debug)]
pub(crate) struct Updates {
    queue: VecDeque<Update>,
    next: i64,
    allowed: Option<BTreeSet<String>>,
    /// Who polls now: a newer poller ends the older one.
    pub(crate) poller: u64,
    pub(crate) webhook: Option<Webhook>,
}

impl Default for Updates {
    fn default() -> Self {
        Self { queue: VecDeque::new(), next: 740_000_001, allowed: None, poller: 0, webhook: None }
    }
}

impl Updates {
    fn wanted(&self, kind: &str) -> bool {
        match &self.allowed {
            Some(allowed) => allowed.contains(kind),
            None => !NOT_BY_DEFAULT.contains(&kind),
        }
    }

    /// Remembers `allowed_updates`; an empty list means the default.
    pub(crate) fn allow(&mut self, kinds: &[Value]) {
        let kinds: BTreeSet<String> = kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        self.allowed = if kinds.is_empty() { None } else { Some(kinds) };
    }

    pub(crate) fn allowed(&self) -> Option<Vec<String>> {
        self.allowed.as_ref().map(|kinds| kinds.iter().cloned().collect())
    }

    /// Confirms everything before `offset`; a negative one keeps only the last `-offset`.
    pub(crate) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            while self.queue.len() > keep {
                self.queue.pop_front();
            }
        } else {
            while self.queue.front().is_some_and(|update| update.id < offset) {
                self.queue.pop_front();
            }
        }
    }

    /// The oldest updates, at most `limit`.
    pub(crate) fn pending(&mut self, limit: usize) -> Vec<Value> {
        let old = crate::clock::now() - KEPT;
        while self.queue.front().is_some_and(|update| update.at < old) {
            self.queue.pop_front();
        }
        self.queue.iter().take(limit).map(|update| update.value.clone()).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn clear(&mut self) {
        self.queue.clear();
    }

    /// Queues an update, if the bot asked for this kind; tells whether it did.
    pub(super) fn push(&mut self, kind: &str, value: Value) -> bool {
        if !self.wanted(kind) {
            return false;
        }
        let mut update = json!({});
        update[kind] = value;
        self.push_raw(update);
        true
    }

    /// Queues an update of any kind; its number is put into it.
    pub(super) fn push_raw(&mut self, mut value: Value) -> i64 {
        let id = self.next;
        self.next += 1;
        value["update_id"] = json!(id);
        self.queue.push_back(Update { id, at: crate::clock::now(), value });
        id
    }
}
