//! How slow the slowest phone of a room is, over all nodes, so that what is done to the screen waits for it.
//!
//! Only phones that need more than [`LEAST_LEAD`] are noted at all, in one value of the hot layer for each
//! room: the worst of them, which is forgotten [a minute](KEPT) after it was last said. A faster one than that is not noted beside it, and comes
//! in its place when it has been forgotten.

use std::time::Duration;

use sovpalo_domain::{
    ids::RoomCode,
    room::{Command, LEAST_LEAD, Lead, MAX_ROUND_TRIP, WatchingCommand},
};
use sovpalo_live::hot::KeyValue;

/// What a phone said of its round trip counts for so long; afterwards it is forgotten.
pub(crate) const KEPT: Duration = Duration::from_secs(60);
/// One socket's round trip is noted so often at most; what it says in between is not.
pub(crate) const BETWEEN_NOTES: Duration = Duration::from_secs(5);

fn key(room: RoomCode) -> String {
    format!("round-trip:{room}")
}

/// A round trip as a phone says it, if a room would have to wait for it.
pub(crate) fn worth_noting(ms: f64) -> Option<Duration> {
    let most = MAX_ROUND_TRIP.as_secs_f64() * 1_000.0;
    let round_trip = Duration::from_secs_f64(if ms >= 0.0 { ms.min(most) / 1_000.0 } else { 0.0 });
    (round_trip * 2 > LEAST_LEAD).then_some(round_trip)
}

/// Notes a round trip, unless a worse one is known. One that cannot be noted now is said again soon.
pub(crate) async fn note(hot: &(impl KeyValue + ?Sized), room: RoomCode, round_trip: Duration) {
    let key = key(room);
    let Ok(known) = hot.get(&key).await else { return };
    if known.as_deref().and_then(read).is_none_or(|known| known <= round_trip) {
        let millis = u16::try_from(round_trip.as_millis()).unwrap_or(u16::MAX);
        // Where somebody else was quicker, theirs counts for now.
        hot.swap(&key, known.as_deref(), &millis.to_be_bytes(), KEPT).await.ok();
    }
}

/// A command about the screen, to take effect when all phones of its room can begin together; another command stays as it is.
pub(crate) async fn with_lead(
    hot: &(impl KeyValue + ?Sized),
    room: RoomCode,
    command: &Command,
) -> Option<Command> {
    let Command::Watching(command) = command else { return None };
    // Where that cannot be said, the usual lead has to do.
    let known = hot.get(&key(room)).await.ok().flatten();
    let worst = known.as_deref().and_then(read).unwrap_or_default();
    Some(WatchingCommand { lead: Lead::for_round_trip(worst), ..command.clone() }.into())
}

fn read(stored: &[u8]) -> Option<Duration> {
    let millis = u16::from_be_bytes(stored.try_into().ok()?);
    Some(Duration::from_millis(millis.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_round_trips_that_a_room_would_wait_for_are_noted_and_none_is_waited_for_beyond_the_most() {
        for quick in [f64::NAN, f64::NEG_INFINITY, -5.0, 0.0, 20.0, 150.0] {
            assert_eq!(worth_noting(quick), None, "{quick}");
        }
        assert_eq!(worth_noting(400.0), Some(Duration::from_millis(400)));
        for slow in [2_000.0, 60_000.0, f64::INFINITY, f64::MAX] {
            assert_eq!(worth_noting(slow), Some(MAX_ROUND_TRIP), "{slow}");
        }
    }
}
