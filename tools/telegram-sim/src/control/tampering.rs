//! What a test does to the network and to Telegram itself.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Problem};
use crate::{sim::Sim, world::requests::Fault};

/// Faults that still wait for their calls.
pub(super) async fn list(State(sim): State<Arc<Sim>>) -> Json<Vec<Fault>> {
    Json(sim.with(|world| world.requests.faults.clone()))
}

/// The next calls of a method go wrong.
pub(super) async fn add(State(sim): State<Arc<Sim>>, Json(fault): Json<Fault>) -> Answer {
    if fault.times == 0 || (fault.status == 0 && fault.delay_ms == 0) {
        return Err(Problem::bad("a fault has a status or a delay, and happens at least once"));
    }
    sim.with(|world| world.requests.faults.push(fault));
    Ok(Json(json!({"ok": true})))
}

/// Nothing goes wrong from now on.
pub(super) async fn clear(State(sim): State<Arc<Sim>>) -> Json<Value> {
    sim.with(|world| world.requests.faults.clear());
    Json(json!({"ok": true}))
}

#[derive(Debug, Deserialize)]
pub(super) struct Limits {
    on: bool,
    /// How many seconds a refusal asks to wait at least.
    #[serde(default)]
    flood_wait: u32,
}

/// Rate limits on or off; either way everything is counted anew.
pub(super) async fn limits(State(sim): State<Arc<Sim>>, Json(limits): Json<Limits>) -> Json<Value> {
    sim.with(|world| world.limits.set(limits.on, limits.flood_wait));
    Json(json!({"on": limits.on}))
}

/// What was sent and edited since, by chat: how much, the most in any sliding minute, and how much was refused.
pub(super) async fn counted(State(sim): State<Arc<Sim>>) -> Json<Value> {
    Json(sim.with(|world| json!({"on": world.limits.is_on(), "chats": world.limits.counted()})))
}

/// An update exactly as given, for what the simulator cannot make happen.
pub(super) async fn update(State(sim): State<Arc<Sim>>, Json(update): Json<Value>) -> Answer {
    if !update.is_object() {
        return Err(Problem::bad("an update is an object"));
    }
    let id = sim.with(|world| world.push_raw_update(update));
    Ok(Json(json!({"update_id": id})))
}
