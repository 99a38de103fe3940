//! What is said to Redis, as its client wants it, and what is to be said of an answer that makes no sense.

use std::time::Duration;

use fred::types::Value;

use crate::hot::HotError;

pub(super) fn bytes(bytes: Vec<u8>) -> Value {
    Value::Bytes(bytes.into())
}

pub(super) fn number(number: u64) -> Result<Value, HotError> {
    i64::try_from(number).map(Value::Integer).map_err(HotError::unreadable)
}

pub(super) fn millis(duration: Duration) -> Value {
    Value::Integer(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

pub(super) fn nonsense(what: &str) -> HotError {
    HotError::unreadable(format_args!("Redis answers nonsense about {what}"))
}
