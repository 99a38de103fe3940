//! Taking people who erased themselves out of the logs of their rooms.
//!
//! SQL says who has to be taken out of which room, from the transaction on in which somebody is erased until it is done
//! (`core/storage/src/erasures.rs`); so nothing that is away in between loses it. Here the event is appended that tells everybody
//! ([`PeopleCommand::Erase`](sovpalo_domain::room::PeopleCommand::Erase)), and then the log is replaced, under a new epoch, by [the same log without
//! them](sovpalo_domain::room::erase). Both go onto the log as it stands, or are tried again: what others do meanwhile is not lost.
//!
//! The projector looks at every log it carries over as well. So whoever comes into a log after they were erased is taken out again:
//! by a request that was under way, or by a replica that put back what Redis had lost.

pub(crate) mod log;

use std::time::Duration;

use sovpalo_domain::ids::Timestamp;
use sovpalo_storage::{Db, Erasure, clock::Clock, outage::Outage};
use tokio_util::sync::CancellationToken;

pub use self::log::UNDER_WAY;
use self::log::Whom;
use crate::{
    hot::HotError,
    project_error::ProjectError,
    projector::{Source, project},
    unreadable::UnreadableRooms,
};

/// How often the rooms are looked for that somebody has still to be taken out of. Usually the request to be erased has done it.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// So many are taken from SQL at once; the others come after them.
pub const ERASURES_AT_ONCE: usize = 64;

/// Does what is due until it is told to stop.
pub(crate) async fn run(hot: &(impl Source + ?Sized), db: &Db, clock: &Clock, stop: &CancellationToken) {
    let outage = Outage::of("the store of rooms to forget somebody in", "it is done when that is back");
    let unreadable = UnreadableRooms::new("somebody is still named in it");
    while !stop.is_cancelled() {
        if let Err(error) = look(hot, db, clock, stop, &unreadable).await {
            outage.began(&error);
        } else {
            outage.over();
        }
        let _ = stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await;
    }
}

async fn look(
    hot: &(impl Source + ?Sized),
    db: &Db,
    clock: &Clock,
    stop: &CancellationToken,
    unreadable: &UnreadableRooms,
) -> Result<(), ProjectError> {
    all_due(hot, db, clock, stop, unreadable).await?;
    // Also of who was in no room, and where somebody was reading the file.
    if db.erased_since(clock.now().minus(UNDER_WAY)).await? {
        db.leave_no_trace().await?;
    }
    Ok(())
}

async fn all_due(
    hot: &(impl Source + ?Sized),
    db: &Db,
    clock: &Clock,
    stop: &CancellationToken,
    unreadable: &UnreadableRooms,
) -> Result<(), ProjectError> {
    let mut last = None;
    loop {
        let due = db.due_erasures(last.as_ref(), ERASURES_AT_ONCE).await?;
        for erasure in &due {
            if stop.is_cancelled() {
                return Ok(());
            }
            match carry_out(hot, db, erasure, clock.now()).await {
                Ok(()) => unreadable.read(erasure.room),
                Err(error) if is_the_rooms_own(&error) => drop(unreadable.found(erasure.room, &error)),
                Err(error) => return Err(error),
            }
        }
        last = due.last().copied();
        if last.is_none() {
            return Ok(());
        }
    }
}

/// Whether other rooms can still be done.
fn is_the_rooms_own(error: &ProjectError) -> bool {
    match error {
        ProjectError::Hot(error) => error.is_unreadable(),
        ProjectError::Db(error) => !error.is_unavailable(),
        ProjectError::Log(_) => true,
    }
}

/// Takes somebody out of one room, tells SQL, and notes that it is done.
pub async fn carry_out(
    hot: &(impl Source + ?Sized),
    db: &Db,
    erasure: &Erasure,
    now: Timestamp,
) -> Result<(), ProjectError> {
    log::rewrite(hot, db, erasure.room, Whom::One(erasure.member, erasure.at), now).await?;
    project(hot, db, erasure.room, now).await?;
    if !db.leave_no_trace().await? {
        return Err(HotError::busy("somebody reads the file").into());
    }
    db.erasure_done(erasure).await?;
    Ok(())
}
