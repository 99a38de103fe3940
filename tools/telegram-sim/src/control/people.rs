//! People and their phones.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Problem};
use crate::{
    phones::Network,
    sim::Sim,
    world::{ids::UserId, people::NewUser, saying::Cannot},
};

/// A new person.
pub(super) async fn create(State(sim): State<Arc<Sim>>, Json(new): Json<NewUser>) -> Answer {
    sim.with(|world| {
        if new.id.is_some_and(|id| id <= 0 || world.user(UserId(id)).is_some()) {
            return Err(Problem::bad("that id is taken or not one of a person"));
        }
        let id = world.add_user(new);
        Ok(Json(json!(world.user(id).map(crate::world::people::User::to_sim))))
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Change {
    first_name: Option<String>,
    language_code: Option<String>,
    photo_url: Option<String>,
    blocked_bot: Option<bool>,
    /// Whether the bot may write first (`/start`, or write access granted in the app).
    reachable: Option<bool>,
}

/// Changes a person: name, language, photo, blocking, write access.
pub(super) async fn change(
    State(sim): State<Arc<Sim>>,
    Path(user): Path<i64>,
    Json(change): Json<Change>,
) -> Answer {
    let id = UserId(user);
    sim.with(|world| {
        let allowed = {
            let person = world.users.get_mut(&id).ok_or(Cannot::NoSuchUser)?;
            if let Some(name) = change.first_name {
                person.first_name = name;
            }
            if let Some(code) = change.language_code {
                person.language_code = Some(code);
            }
            if let Some(url) = change.photo_url {
                person.photo_url = Some(url);
            }
            let newly = change.reachable == Some(true) && !person.reachable;
            if let Some(reachable) = change.reachable {
                person.reachable = reachable;
            }
            newly
        };
        if allowed {
            let chat = id.private_chat();
            world.service(chat, id, json!({"write_access_allowed": {"from_request": true}}));
        }
        if let Some(blocked) = change.blocked_bot {
            world.set_blocked(id, blocked);
        }
        world.touch_world();
        Ok(Json(json!(world.user(id).map(crate::world::people::User::to_sim))))
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct SetNetwork {
    mode: Network,
}

/// Cuts or restores a phone's network. When this returns, it is done.
pub(super) async fn network(
    State(sim): State<Arc<Sim>>,
    Path(user): Path<i64>,
    Json(set): Json<SetNetwork>,
) -> Answer {
    let user = known(&sim, user)?;
    sim.phones.set_network(user, set.mode).map_err(Problem::bad)?;
    sim.with(crate::world::World::touch_world);
    Ok(Json(json!({"user": user, "mode": set.mode})))
}

#[derive(Debug, Deserialize)]
pub(super) struct SetTheme {
    dark: bool,
}

/// Turns a phone light or dark.
pub(super) async fn theme(
    State(sim): State<Arc<Sim>>,
    Path(user): Path<i64>,
    Json(set): Json<SetTheme>,
) -> Answer {
    let user = known(&sim, user)?;
    sim.phones.set_dark(user, set.dark).map_err(Problem::bad)?;
    sim.with(crate::world::World::touch_world);
    Ok(Json(json!({"user": user, "dark": set.dark})))
}

fn known(sim: &Sim, user: i64) -> Result<UserId, Problem> {
    let user = UserId(user);
    sim.with(|world| world.user(user).map(|_| user)).ok_or_else(|| Cannot::NoSuchUser.into())
}

/// A phone as the page and tests see it.
pub(super) fn phone(sim: &Sim, user: UserId) -> Value {
    json!({
        "user": user,
        "network": sim.phones.network(user),
        "dark": sim.phones.dark(user),
    })
}
