//! Replicas and logs that have come apart are brought together again.
//!
//! Usually a replica is only behind, and reads what it missed. But Redis may come back empty, or be replaced by a copy that
//! has not heard of the end; then the replica is what is left of the log. The rule, whatever happened: *an entry that a
//! replica holds was acknowledged, and has to be in the log*.
//!
//! - The log is gone, or is the beginning of ours: what it lacks is put back, as it was.
//! - The log has grown another end: its entries stay, ours are asked for once more ([`Room::redo`]), and the room goes on
//!   under a new epoch, which sends every phone for the whole room.
//! - The log is what another node read back from SQL, and SQL knew no more of our history than we do: ours comes
//!   first, what was added to the other is asked for once more.
//! - Anything else is a newer history than ours: it is taken.

use sovpalo_domain::{
    ids::{Epoch, Seq, Timestamp},
    room::{BrokenLog, Entry, Event, Room},
};

use super::{ATTEMPTS, LiveRoom, RoomError, Rooms};
use crate::hot::{Appended, HotError, Onto, Tip};

/// What has to be done about a replica and a log that is not its continuation.
#[derive(Debug, PartialEq)]
enum Remedy {
    /// The log is right: take it.
    Adopt,
    /// The log lacks our entries from this place on.
    PutBack(usize),
    /// The log is right, and these are missing at its end.
    Extend(Vec<Entry>),
    /// This is what the log has to be.
    Replace(Vec<Entry>),
}

impl Rooms {
    /// Brings a replica to where the log stands, and the log to what the replica holds.
    pub async fn catch_up(&self, live: &LiveRoom) -> Result<(), RoomError> {
        for _ in 0..ATTEMPTS {
            // From the last entry we know, to see that it is the same one.
            let known = live.position().seq.before();
            if let Some(tail) = self.hot().read(live.code(), known).await?
                && live.follow(&tail)
            {
                return Ok(());
            }
            if self.mend(live).await? {
                return Ok(());
            }
        }
        Err(HotError::because("a room's log does not come to rest").into())
    }

    /// `false`: the log moved meanwhile; look again.
    async fn mend(&self, live: &LiveRoom) -> Result<bool, RoomError> {
        let _one_at_a_time = live.mending().await;
        let code = live.code();
        let (stood, mine) = live.log();
        let tail = self.hot().read(code, Seq::ZERO).await?;
        let Some(tail) = tail else {
            let put_back = self.hot().put_back(code, None, &mine).await?;
            return Ok(settled(live, "was gone and is put back", put_back));
        };
        let theirs = tail.entries;
        let stands = Onto { at: tail.at, tip: theirs.last().map_or(Tip::NONE, Tip::of) };
        let broken = |broken: BrokenLog| HotError::because(format_args!("room {code}: {broken}"));
        let remedy = remedy(&mine, &theirs, self.clock().now(), || Epoch::from_bits(rand::random()));
        let (what, appended, log) = match remedy.map_err(broken)? {
            Remedy::Adopt => {
                return live.replace(stood, &theirs).map_err(|error| broken(error).into());
            }
            Remedy::PutBack(from) => {
                let put_back = self.hot().put_back(code, Some(stands), &mine[from..]).await?;
                return Ok(settled(live, "had lost its end, which is put back", put_back));
            }
            Remedy::Extend(entries) => {
                let extended = self.hot().put_back(code, Some(stands), &entries).await?;
                ("lacked what is added now", extended, [theirs, entries].concat())
            }
            Remedy::Replace(log) => {
                let replaced = self.hot().replace(code, stands, &log).await?;
                ("had two ends, and goes on under a new epoch", replaced, log)
            }
        };
        Ok(settled(live, what, appended) && live.replace(stood, &log).map_err(broken)?)
    }
}

/// Whether it was done, which is worth a line in the log.
fn settled(live: &LiveRoom, what: &str, appended: Appended) -> bool {
    let settled = matches!(appended, Appended::At(_));
    if settled {
        tracing::warn!(room = %live.code(), "a room's log {what}");
        metrics::counter!("sovpalo_rooms_mended_total").increment(1);
    }
    settled
}

/// Judges two histories of one room that are not simply one longer than the other in the log's favour.
fn remedy(
    mine: &[Entry],
    theirs: &[Entry],
    now: Timestamp,
    new_epoch: impl FnOnce() -> Epoch,
) -> Result<Remedy, BrokenLog> {
    let (my_first, their_first) = (mine.first().ok_or(BrokenLog)?, theirs.first().ok_or(BrokenLog)?);
    let my_epoch = my_first.event.begins().ok_or(BrokenLog)?;
    let their_epoch = their_first.event.begins().ok_or(BrokenLog)?;
    let same_beginning =
        my_first.at == their_first.at && my_first.event == their_first.event.clone().under(my_epoch);
    if !same_beginning {
        let known = match &their_first.event {
            Event::Restored(restored) => restored.known,
            _ => return Ok(Remedy::Adopt),
        };
        let ours_is_more = known.0 == my_epoch && known.1.get() <= mine.len() as u64;
        return if ours_is_more {
            Ok(Remedy::Replace(joined(mine, theirs, 1, now, new_epoch())?))
        } else {
            Ok(Remedy::Adopt)
        };
    }
    let shared = 1 + mine[1..].iter().zip(&theirs[1..]).take_while(|(mine, theirs)| mine == theirs).count();
    if shared == mine.len() {
        return Ok(Remedy::Adopt);
    }
    if my_epoch != their_epoch {
        // Somebody has mended it already, perhaps without what we hold.
        let redone = redone(theirs, mine, shared, now)?;
        return Ok(if redone.is_empty() { Remedy::Adopt } else { Remedy::Extend(redone) });
    }
    if shared == theirs.len() {
        return Ok(Remedy::PutBack(shared));
    }
    Ok(Remedy::Replace(joined(theirs, mine, shared, now, new_epoch())?))
}

/// A history under a new epoch, with the end of another one from this place on.
fn joined(
    log: &[Entry],
    other: &[Entry],
    from: usize,
    now: Timestamp,
    epoch: Epoch,
) -> Result<Vec<Entry>, BrokenLog> {
    let mut log = log.to_vec();
    if let Some(first) = log.first_mut() {
        first.event = first.event.clone().under(epoch);
    }
    let redone = redone(&log, other, from, now)?;
    log.extend(redone);
    Ok(log)
}

fn redone(log: &[Entry], other: &[Entry], from: usize, now: Timestamp) -> Result<Vec<Entry>, BrokenLog> {
    let (known, lost) = other.split_at(from);
    let events = Room::replay(log)?.redo(lost, Room::replay(known)?.round(), now);
    Ok(events.into_iter().map(|event| Entry { at: now, event }).collect())
}
