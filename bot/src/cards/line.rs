//! The rooms of a chat that wait to edit their cards: first come, first served.
//!
//! A chat's budget says no more than when to ask again. Without an order whoever happens to ask first would win each time; with it the
//! budget that is left goes round among the rooms. Each draws its card when its turn has come, so that what waits is always the
//! latest state and never a row of old ones. A room that does not come when it was expected loses its place.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sovpalo_domain::ids::RoomCode;
use sovpalo_storage::{Place, Sending};
use tokio::time::Instant;

/// How late a room may come to its turn.
const LATE: Duration = Duration::from_secs(2);
/// Between the turns of two rooms that wait, at the soonest.
const APART: Duration = Duration::from_millis(500);

/// The lines of all chats: one for each kind of edit.
#[derive(Default)]
pub(super) struct Line(Mutex<HashMap<(String, Sending), VecDeque<Waiting>>>);

struct Waiting {
    room: RoomCode,
    /// When it asks again.
    until: Instant,
}

impl Line {
    /// Whether a room may ask for the chat's permit; else after how long it should come again.
    pub(super) fn ask(
        &self,
        chat: &str,
        what: Sending,
        room: RoomCode,
        now: Instant,
    ) -> Result<(), Duration> {
        let mut lines = self.lines();
        let Some(line) = lines.get_mut(&(chat.to_owned(), what)) else { return Ok(()) };
        line.retain(|waiting| waiting.room == room || waiting.until + LATE > now);
        if line.front().is_none_or(|first| first.room == room) {
            return Ok(());
        }
        let place = line.iter().position(|waiting| waiting.room == room).unwrap_or_else(|| {
            line.push_back(Waiting { room, until: now });
            line.len() - 1
        });
        let until = line[place - 1].until.max(now) + APART;
        line[place].until = until;
        Err(until.saturating_duration_since(now))
    }

    /// A room asked and has to wait: it keeps its place, or takes the last one.
    pub(super) fn wait(&self, chat: &str, what: Sending, room: RoomCode, until: Instant) {
        let mut lines = self.lines();
        let line = lines.entry((chat.to_owned(), what)).or_default();
        match line.iter_mut().find(|waiting| waiting.room == room) {
            Some(waiting) => waiting.until = until,
            None => line.push_back(Waiting { room, until }),
        }
    }

    /// A room's turn has come.
    pub(super) fn leave(&self, chat: &str, what: Sending, room: RoomCode) {
        let mut lines = self.lines();
        let key = (chat.to_owned(), what);
        if let Some(line) = lines.get_mut(&key) {
            line.retain(|waiting| waiting.room != room);
            if line.is_empty() {
                lines.remove(&key);
            }
        }
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<(String, Sending), VecDeque<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a place is called in here, and wherever cards are told apart by their places.
pub(super) fn name_of(place: &Place) -> String {
    match place {
        Place::Chat { chat, .. } => chat.to_string(),
        Place::Inline { message } => message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: &str = "-5";

    fn room(number: usize) -> RoomCode {
        format!("R00M000{number}").parse().unwrap()
    }

    #[test]
    fn a_budget_that_lets_one_through_at_a_time_goes_round() {
        let (line, start) = (Line::default(), Instant::now());
        let mut come_at = [start; 3];
        let mut served = Vec::new();
        // One permit every five seconds; each room wants another as soon as it had one.
        let mut free_at = start + Duration::from_secs(5);
        while served.len() < 9 {
            let next = (0..3).min_by_key(|number| come_at[*number]).unwrap();
            let now = come_at[next];
            come_at[next] = match line.ask(CHAT, Sending::Progress, room(next), now) {
                Err(wait) => now + wait,
                Ok(()) if now < free_at => {
                    line.wait(CHAT, Sending::Progress, room(next), free_at);
                    free_at
                }
                Ok(()) => {
                    line.leave(CHAT, Sending::Progress, room(next));
                    served.push(next);
                    free_at = now + Duration::from_secs(5);
                    now + Duration::from_secs(1)
                }
            };
        }
        for round in served.chunks(3) {
            let mut round = round.to_vec();
            round.sort_unstable();
            assert_eq!(round, [0, 1, 2], "in {served:?}");
        }
    }

    #[test]
    fn a_room_that_does_not_come_holds_up_nobody() {
        let (line, now) = (Line::default(), Instant::now());
        line.wait(CHAT, Sending::Progress, room(1), now);
        assert!(line.ask(CHAT, Sending::Progress, room(2), now).is_err(), "it may still come");
        assert_eq!(line.ask(CHAT, Sending::Progress, room(2), now + LATE + APART), Ok(()));
    }

    #[test]
    fn other_chats_and_other_kinds_wait_in_lines_of_their_own() {
        let (line, now) = (Line::default(), Instant::now());
        line.wait(CHAT, Sending::Progress, room(1), now);
        assert_eq!(line.ask("-6", Sending::Progress, room(2), now), Ok(()));
        assert_eq!(line.ask(CHAT, Sending::Change, room(2), now), Ok(()));
    }
}
