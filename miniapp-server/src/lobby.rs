//! How fast a lobby may be talked in: a slower pace beside the one of all commands, for each person and for each room.
//!
//! A swipe says little and is soon over. What is said in a lobby is kept for as long as the room is, and is carried over to SQL, so that it
//! may be said quickly for a moment and slowly for long; also if several people say it together. Counted here, on this node:
//! a command must not cost a second round trip.

use std::{hash::Hash, num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota as Pace, clock::Clock as _};
use sovpalo_domain::ids::{RoomCode, UserId};

use crate::wire::Command;

/// Lobby commands per person and second, for long; beyond it a socket is read more slowly, and HTTP is `too_many`.
pub(crate) const PER_PERSON: NonZeroU32 = NonZeroU32::new(2).unwrap();
/// So many at once, after a while without any: somebody who ticks titles as fast as they can notices nothing.
pub(crate) const PER_PERSON_AT_ONCE: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// The same for all people of one room together, per second.
pub(crate) const PER_ROOM: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// And at once.
pub(crate) const PER_ROOM_AT_ONCE: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// So many titles of one selection count as one more command.
pub(crate) const TITLES_PER_COMMAND: usize = 5;
/// Once so many people or rooms are remembered, the idle ones are forgotten.
const REMEMBERED: usize = 10_000;

/// What one command counts for; `None`: it is not of the lobby.
pub(crate) fn weight(command: &Command) -> Option<NonZeroU32> {
    match command {
        Command::Swipe { .. }
        | Command::Undo { .. }
        | Command::Finish
        | Command::Leave
        // Messages have a pace of their own.
        | Command::Say { .. }
        | Command::Edit { .. }
        | Command::Unsay { .. }
        | Command::React { .. }
        | Command::Read { .. } => None,
        Command::Ready { .. }
        | Command::Pick { .. }
        | Command::Unpick { .. }
        | Command::Configure(_)
        | Command::Start
        | Command::Restart { .. }
        | Command::Extend { .. }
        | Command::Nudge { .. }
        | Command::Remove { .. }
        | Command::LetIn { .. }
        | Command::Role { .. }
        | Command::HandOver { .. }
        | Command::Show { .. }
        | Command::Play { .. }
        | Command::Pause { .. }
        | Command::Seek { .. }
        | Command::Rate { .. }
        | Command::Enqueue { .. }
        | Command::Dequeue { .. }
        | Command::Next { .. } => Some(NonZeroU32::MIN),
    }
}

/// What so many titles at once count for.
pub(crate) fn weight_of_selection(titles: usize) -> NonZeroU32 {
    let more = u32::try_from(titles.div_ceil(TITLES_PER_COMMAND)).unwrap_or(u32::MAX);
    NonZeroU32::MIN.saturating_add(more).min(PER_PERSON_AT_ONCE)
}

/// The counters.
pub(crate) struct LobbyPace {
    people: DefaultKeyedRateLimiter<UserId>,
    rooms: DefaultKeyedRateLimiter<RoomCode>,
}

impl LobbyPace {
    pub(crate) fn new() -> Self {
        Self {
            people: DefaultKeyedRateLimiter::keyed(
                Pace::per_second(PER_PERSON).allow_burst(PER_PERSON_AT_ONCE),
            ),
            rooms: DefaultKeyedRateLimiter::keyed(Pace::per_second(PER_ROOM).allow_burst(PER_ROOM_AT_ONCE)),
        }
    }

    /// Takes a person's share; says how long to wait if there is none.
    pub(crate) fn person(&self, person: UserId, weight: NonZeroU32) -> Result<(), Duration> {
        take(&self.people, &person, weight)
    }

    /// Takes of what all people of a room share. Asked after [`LobbyPace::person`], so that nobody uses up the others' share.
    pub(crate) fn room(&self, room: RoomCode, weight: NonZeroU32) -> Result<(), Duration> {
        take(&self.rooms, &room, weight)
    }
}

fn take<K: Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
    weight: NonZeroU32,
) -> Result<(), Duration> {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
    }
    let now = governor::clock::DefaultClock::default().now();
    match limiter.check_key_n(key, weight) {
        Ok(granted) => granted.map_err(|not_until| not_until.wait_time_from(now)),
        // More than there ever is at once; no weight is.
        Err(_) => Err(Duration::from_secs(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_titles_that_can_be_selected_have_a_weight_that_can_be_granted() {
        for titles in [0, 1, 50, 200, usize::MAX] {
            let pace = LobbyPace::new();
            let weight = weight_of_selection(titles);
            let person = UserId::new(1).unwrap();
            assert_eq!(pace.person(person, weight), Ok(()), "{titles} titles");
            assert_eq!(pace.room(RoomCode::from_bits(1), weight), Ok(()), "{titles} titles");
        }
        assert!(weight_of_selection(50) > weight_of_selection(5));
    }

    #[test]
    fn one_person_runs_out_before_their_room_does() {
        let pace = LobbyPace::new();
        let (person, room) = (UserId::new(1).unwrap(), RoomCode::from_bits(1));
        let granted = (0..100).take_while(|_| pace.person(person, NonZeroU32::MIN).is_ok()).count();
        assert!((30..=32).contains(&granted), "{granted}");
        let granted = (0..1_000).take_while(|_| pace.room(room, NonZeroU32::MIN).is_ok()).count();
        assert!((200..=220).contains(&granted), "{granted}");
        assert!(pace.room(RoomCode::from_bits(2), NonZeroU32::MIN).is_ok(), "another room has its own");
    }
}
