//! What the bot asked for, and what a test wants to go wrong.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The log keeps this many calls.
const KEPT: usize = 5000;

/// One call of the bot.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Request {
    pub(crate) number: u64,
    pub(crate) at: i64,
    pub(crate) method: String,
    pub(crate) parameters: Value,
    /// Parameters that this method does not have; Telegram ignores them in silence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unknown: Vec<String>,
    pub(crate) status: u16,
    pub(crate) response: Value,
}

/// A fault to inject: the next `times` calls of `method` fail like this.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// A method's name; `*` is every method but getUpdates.
    pub(crate) method: String,
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// The answer's status; 0 or absent: the call works, after the delay.
    #[serde(default)]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) retry_after: Option<u32>,
    #[serde(default)]
    pub(crate) delay_ms: u64,
    /// The call is carried out, and only its answer is lost: what a broken connection looks like.
    #[serde(default)]
    pub(crate) after: bool,
}

fn once() -> u32 {
    1
}

/// Log and faults.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    log: VecDeque<Request>,
    next: u64,
    pub(crate) faults: Vec<Fault>,
}

impl Requests {
    pub(crate) fn record(&mut self, mut request: Request) {
        self.next += 1;
        request.number = self.next;
        self.log.push_back(request);
        if self.log.len() > KEPT {
            self.log.pop_front();
        }
    }

    /// Calls after a number, of one method if given.
    pub(crate) fn after(&self, number: u64, method: Option<&str>) -> Vec<Request> {
        self.log
            .iter()
            .filter(|request| request.number > number)
            .filter(|request| method.is_none_or(|method| request.method == method))
            .cloned()
            .collect()
    }

    /// Uses up one fault for this call, if there is one.
    pub(crate) fn fault(&mut self, method: &str) -> Option<Fault> {
        let at = self.faults.iter().position(|fault| {
            fault.method.eq_ignore_ascii_case(method) || (fault.method == "*" && method != "getUpdates")
        })?;
        let fault = self.faults.get_mut(at)?;
        let used = fault.clone();
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            self.faults.remove(at);
        }
        Some(used)
    }
}
