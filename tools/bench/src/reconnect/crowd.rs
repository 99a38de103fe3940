//! Thousands of people in rooms of a few, each room in the middle of a round.

use std::net::SocketAddr;

use anyhow::Context;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use sovpalo_domain::ids::{RoomCode, UserId};

use super::phone::Phone;
use crate::phone::Session;

const POST: Method = Method::POST;
/// So many people share a room.
const PER_ROOM: usize = 4;
/// So many questions by HTTP at once.
pub(super) const AT_ONCE: usize = 48;
/// The first user's id.
const FIRST_USER: i64 = 5_000_000;

#[derive(serde::Deserialize)]
struct Made {
    code: RoomCode,
}

/// Signs everybody in and puts them into rooms.
pub(super) async fn gather(
    phones: usize,
    node: SocketAddr,
    http: &reqwest::Client,
) -> anyhow::Result<Vec<Phone>> {
    let rooms = phones.div_ceil(PER_ROOM);
    let filled = stream::iter(0..rooms).map(|room| {
        let people = PER_ROOM.min(phones - room * PER_ROOM);
        fill(room, people, node, http)
    });
    filled.buffer_unordered(AT_ONCE).try_concat().await
}

async fn fill(
    room: usize,
    people: usize,
    node: SocketAddr,
    http: &reqwest::Client,
) -> anyhow::Result<Vec<Phone>> {
    let first = FIRST_USER + i64::try_from(room * PER_ROOM)?;
    let mut sessions = Vec::new();
    for user in (first..).take(people) {
        sessions.push(Session::of(UserId::new(user)?, http.clone()));
    }
    let Some(host) = sessions.first_mut() else { return Ok(Vec::new()) };
    let Made { code } = host.insist(node, POST, "rooms", &json!({ "deck": "everybody-agrees" })).await?;
    for guest in sessions.iter_mut().skip(1) {
        let _: Value = guest.insist(node, POST, &format!("rooms/{code}/join"), &Value::Null).await?;
    }
    let commands = format!("rooms/{code}/commands");
    let host = &mut sessions[0];
    let started: Value = host.insist(node, POST, &commands, &json!({ "type": "start" })).await?;
    let card = started.pointer("/room/queue/0/id").context("a round without cards")?;
    let _: Value = host
        .insist(node, POST, &commands, &json!({ "type": "swipe", "title": card, "verdict": "like" }))
        .await?;
    // Every second room's phones will have missed the swipe.
    let behind = room % 2 == 1;
    let phones = sessions
        .into_iter()
        .enumerate()
        .map(|(place, session)| Phone::new(session, code, room * PER_ROOM + place, behind));
    Ok(phones.collect())
}
