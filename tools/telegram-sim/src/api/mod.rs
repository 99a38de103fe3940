//! The Bot API over HTTP, as strict as Telegram's.
//!
//! A call goes: token → method → body → table of parameters → faults a test asked for → the
//! method. Every call is logged for `/sim/requests`. Errors carry Telegram's own texts, because
//! clients tell them apart by those.

mod body;
mod calls;
mod chats;
mod content;
mod editing;
pub(crate) mod files;
mod keyboards;
mod offers;
mod params;
mod polling;
mod profile;
mod refusal;
mod sending;
mod table;
mod webhook;

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use self::params::Params;
pub(crate) use self::refusal::Refusal;
use crate::{
    sim::Sim,
    world::requests::{Fault, Request as Logged},
};

/// `/bot<token>/<method>` and `/file/bot<token>/<path>`; anything else is not found.
pub(crate) async fn serve(State(sim): State<Arc<Sim>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if let Some(rest) = path.strip_prefix("/file/bot") {
        return files::download(&sim, rest);
    }
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return answer(&Err(Refusal::new(404, "Not Found")));
    };
    let token = percent_encoding::percent_decode_str(token).decode_utf8_lossy();
    if token != sim.settings.token {
        return answer(&Err(Refusal::new(401, "Unauthorized")));
    }
    let Some(spec) = table::find(method) else {
        return answer(&Err(Refusal::new(404, "Not Found: method not found")));
    };
    let read = body::read(request).await;
    let (logged, unknown, result) = match read {
        Err(refusal) => (Value::Null, Vec::new(), Err(refusal)),
        Ok(mut params) => {
            let unknown = spec.unknown(&params);
            let logged = params.logged();
            let result = match spec.check(&mut params) {
                Ok(()) => run(&sim, spec.name, params).await,
                Err(refusal) => Err(refusal),
            };
            (logged, unknown, result)
        }
    };
    let (status, response) = envelope(&result);
    // An idle long poll is no news.
    let idle = spec.name == "getUpdates" && response["result"] == json!([]);
    if !idle {
        sim.with(|world| {
            world.requests.record(Logged {
                number: 0,
                at: crate::clock::now(),
                method: spec.name.to_owned(),
                parameters: logged,
                unknown,
                status: status.as_u16(),
                response: response.clone(),
            });
            world.touch();
        });
    }
    (status, Json(response)).into_response()
}

async fn run(sim: &Arc<Sim>, method: &str, params: Params) -> Result<Value, Refusal> {
    let fault = sim.with(|world| world.requests.fault(method));
    if let Some(delay) = fault.as_ref().map(|fault| fault.delay_ms).filter(|delay| *delay > 0) {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    match fault {
        Some(fault) if fault.status != 0 && !fault.after => Err(injected(&fault)),
        Some(fault) if fault.status != 0 => {
            calls::run(sim, method, params).await?;
            Err(injected(&fault))
        }
        _ => calls::run(sim, method, params).await,
    }
}

fn injected(fault: &Fault) -> Refusal {
    let mut refusal = match (fault.status, fault.retry_after) {
        (429, wait) => Refusal::too_many(wait.unwrap_or(1)),
        (500.., _) => Refusal::new(fault.status, "Internal Server Error"),
        (403, _) => Refusal::new(403, "Forbidden: bot was blocked by the user"),
        (status, _) => Refusal::new(status, "Bad Request: a fault was asked for"),
    };
    if let Some(description) = &fault.description {
        refusal.description.clone_from(description);
    }
    refusal
}

fn envelope(result: &Result<Value, Refusal>) -> (StatusCode, Value) {
    match result {
        Ok(value) => (StatusCode::OK, json!({"ok": true, "result": value})),
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, refusal.to_json())
        }
    }
}

fn answer(result: &Result<Value, Refusal>) -> Response {
    let (status, body) = envelope(result);
    (status, Json(body)).into_response()
}
