//! Replicas and logs that have come apart are brought together again.
//!
//! Usually a replica is only behind, and reads what it missed. But Redis may come back empty, or be replaced by a copy that
//! has not heard of the end; then the replica is what is left of the log. The rule, whatever happened: *an entry that a
//! replica holds was acknowledged, and has to be in the log*.
//!
//! - The log is gone, or is the beginning of ours: what it lacks is put back, as it was.
//! - The log has grown another end: both are laid together by their times ([`Room::reunite`]), and the room goes on
//!   under a new epoch, which sends every phone for the whole room.
//! - The log is what another node read back from SQL, and SQL knew no more of our history than we do: ours comes
//!   first, what was added to the other is asked for once more.
//! - Somebody was erased in one of them: what they did before is in neither, when they are compared.
//! - Anything else is a newer history than ours: it is taken.
//! - A log that cannot be read is left as it is, and our replica is no replica of it any more.

use sovpalo_domain::{
    ids::{Epoch, Seq},
    room::{BrokenLog, Entry, Event, Room, erase::blanked},
};
use sovpalo_storage::measure;

use super::{ATTEMPTS, LiveRoom, RoomError, Rooms};
use crate::hot::{Appended, ExpectedHead, HeadHash, HotError};

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
    /// Brings a replica to where the log stands, and the log to what the replica holds. If the log cannot be read, the replica is
    /// [closed](LiveRoom::closed): it is older than the log, and nothing of it may be put back any more.
    pub async fn catch_up(&self, live: &LiveRoom) -> Result<(), RoomError> {
        let outcome = self.bring_together(live).await;
        if let Err(RoomError::Hot(error @ HotError::Unreadable { .. })) = &outcome {
            self.close(live, error);
        }
        outcome
    }

    /// The room is another node's, if one understands its log. Sockets go there, and this node holds nothing of it.
    fn close(&self, live: &LiveRoom, error: &HotError) {
        live.close();
        self.shared.loaded.remove_if(&live.code(), |_, cell| {
            cell.get().is_some_and(|held| std::ptr::eq(&raw const **held, live))
        });
        self.shared.unreadable.found(live.code(), error);
    }

    async fn bring_together(&self, live: &LiveRoom) -> Result<(), RoomError> {
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
        Err(HotError::busy("a room's log does not come to rest").into())
    }

    /// `false`: the log moved meanwhile; look again.
    async fn mend(&self, live: &LiveRoom) -> Result<bool, RoomError> {
        let _one_at_a_time = live.mending().await;
        let code = live.code();
        if live.closed().is_cancelled() {
            return Err(HotError::unreadable("it holds more than is known here").of(code).into());
        }
        let (stood, mine) = live.log();
        let tail = self.hot().read(code, Seq::ZERO).await?;
        let Some(tail) = tail else {
            let put_back = self.hot().put_back(code, None, &mine).await?;
            return Ok(settled(live, "was gone and is put back", put_back));
        };
        let theirs = tail.entries;
        let stands =
            ExpectedHead { at: tail.at, head_hash: theirs.last().map_or(HeadHash::NONE, HeadHash::of) };
        let broken = |broken: BrokenLog| HotError::unreadable(broken).of(code);
        let remedy = remedy(&mine, &theirs, || Epoch::from_bits(rand::random()));
        let (what, appended, log) = match remedy.map_err(broken)? {
            Remedy::Adopt => {
                return live.replace(stood, theirs).await.map_err(|error| broken(error).into());
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
        Ok(settled(live, what, appended) && live.replace(stood, log).await.map_err(broken)?)
    }
}

/// Whether it was done, which is worth a line in the log.
fn settled(live: &LiveRoom, what: &str, appended: Appended) -> bool {
    let settled = matches!(appended, Appended::At(_));
    if settled {
        tracing::warn!(room = %live.code(), "a room's log {what}");
        measure::count("sovpalo_rooms_mended_total", []);
    }
    settled
}

/// Judges two histories of one room that are not simply one longer than the other in the log's favour.
fn remedy(mine: &[Entry], theirs: &[Entry], new_epoch: impl Fn() -> Epoch) -> Result<Remedy, BrokenLog> {
    let epoch = |log: &[Entry]| log.first().and_then(|first| first.event.begins()).ok_or(BrokenLog);
    if epoch(mine)? == epoch(theirs)? {
        // Whoever rewrites a log begins another history with it.
        return compare(mine, theirs, new_epoch);
    }
    let (my_blank, their_blank) = (blanked(mine, theirs), blanked(theirs, mine));
    let changed = my_blank.is_some();
    let found =
        compare(my_blank.as_deref().unwrap_or(mine), their_blank.as_deref().unwrap_or(theirs), &new_epoch)?;
    Ok(match (found, their_blank) {
        (Remedy::Adopt, Some(blank)) => Remedy::Replace(under(new_epoch(), &blank, &[])),
        (Remedy::Extend(more), Some(blank)) => Remedy::Replace(under(new_epoch(), &blank, &more)),
        (Remedy::Replace(log), _) if changed => Remedy::Replace(under(new_epoch(), &log, &[])),
        (found, _) => found,
    })
}

/// The same for two histories that need nobody taken out.
fn compare(mine: &[Entry], theirs: &[Entry], new_epoch: impl Fn() -> Epoch) -> Result<Remedy, BrokenLog> {
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
        if !ours_is_more {
            return Ok(Remedy::Adopt);
        }
        let redone = Room::replay(mine)?.redo(Room::begin(their_first)?, &theirs[1..]);
        return Ok(Remedy::Replace(under(new_epoch(), mine, &redone)));
    }
    let shared = 1 + mine[1..].iter().zip(&theirs[1..]).take_while(|(mine, theirs)| mine == theirs).count();
    let (common, my_end, their_end) = (&mine[..shared], &mine[shared..], &theirs[shared..]);
    if my_end.is_empty() {
        return Ok(Remedy::Adopt);
    }
    let same_epoch = my_epoch == their_epoch;
    if their_end.is_empty() {
        return Ok(if same_epoch { Remedy::PutBack(shared) } else { Remedy::Replace(mine.to_vec()) });
    }
    let end = || Ok(Room::replay(common)?.reunite(my_end, their_end));
    if same_epoch {
        return Ok(Remedy::Replace(under(new_epoch(), common, &end()?)));
    }
    // Somebody has mended it already, perhaps without what we hold.
    if my_end.iter().all(|entry| their_end.contains(entry)) {
        return Ok(Remedy::Adopt);
    }
    let end = end()?;
    Ok(match end.strip_prefix(their_end) {
        Some([]) => Remedy::Adopt,
        Some(more) => Remedy::Extend(more.to_vec()),
        None => Remedy::Replace(under(new_epoch(), common, &end)),
    })
}

/// A history and what comes after it, under this epoch.
fn under(epoch: Epoch, log: &[Entry], end: &[Entry]) -> Vec<Entry> {
    let mut log = [log, end].concat();
    if let Some(first) = log.first_mut() {
        first.event = first.event.clone().under(epoch);
    }
    log
}
