//! What has to be done about a replica and a log that have come apart: worked out from the two alone.

use sovpalo_domain::{
    ids::Epoch,
    room::{BrokenLog, Entry, Event, Room, erase::blanked, redo},
};

/// What has to be done about a replica and a log that is not its continuation.
#[derive(Debug, PartialEq)]
pub(super) enum Remedy {
    /// The log is right: take it.
    Adopt,
    /// The log lacks our entries from this place on.
    PutBack(usize),
    /// The log is right, and these are missing at its end.
    Extend(Vec<Entry>),
    /// This is what the log has to be.
    Replace(Vec<Entry>),
}

/// Compares what a replica holds (`mine`) with its log (`theirs`), which is more than the replica's continuation.
pub(super) fn remedy(
    mine: &[Entry],
    theirs: &[Entry],
    new_epoch: impl Fn() -> Epoch,
) -> Result<Remedy, BrokenLog> {
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
        let (began, more) = theirs.split_at(Room::beginning(theirs));
        let redone = Room::replay(mine)?.redo(Room::replay(began)?, more);
        return Ok(Remedy::Replace(under(new_epoch(), mine, &redone)));
    }
    let shared = 1 + mine[1..].iter().zip(&theirs[1..]).take_while(|(mine, theirs)| mine == theirs).count();
    let (my_end, their_end) = (&mine[shared..], &theirs[shared..]);
    if my_end.is_empty() {
        return Ok(Remedy::Adopt);
    }
    let same_epoch = my_epoch == their_epoch;
    if their_end.is_empty() {
        return Ok(if same_epoch { Remedy::PutBack(shared) } else { Remedy::Replace(mine.to_vec()) });
    }
    let whole = 1 + redo::shared(&mine[1..], &theirs[1..]);
    let shared = if whole < Room::beginning(mine) { shared } else { whole };
    let (common, my_end, their_end) = (&mine[..shared], &mine[shared..], &theirs[shared..]);
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
