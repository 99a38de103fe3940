//! Takes people who erased themselves out of a log, by appending that they are gone and then putting a log without them in its place.

use std::time::Duration;

use sovpalo_domain::{
    ids::{Epoch, RoomCode, Seq, Timestamp, UserId},
    room::{
        Command, Entry, Event, PeopleCommand, PeopleEvent, RestoredMember, Room, Standing,
        erase::{self, Due, blanked, blanked_until},
    },
};
use sovpalo_storage::{Db, DbError, Erasure};

use crate::{
    hot::{Appended, ExpectedHead, HeadHash, HotError, Log, Tail},
    project_error::ProjectError,
};

/// A log that never comes to rest is left to the next look.
const ATTEMPTS: usize = 100;
/// A request that was under way when its author was erased is done within this time: what it says is theirs, not somebody new's.
pub const UNDER_WAY: Duration = Duration::from_secs(60);

/// Somebody who has to be taken out of a log, with all they did until then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gone {
    who: UserId,
    until: Timestamp,
    /// When they erased themselves.
    at: Timestamp,
}

/// Whether a room still holds something of somebody who has erased themselves.
pub(crate) async fn has_erased(db: &Db, room: &Room) -> Result<bool, DbError> {
    let people: Vec<UserId> = room.remembered_people().collect();
    Ok(!db.erased_among(&people).await?.is_empty())
}

/// Who has to be taken out of a log.
pub(crate) async fn due_in(db: &Db, room: &Room, log: &[Entry]) -> Result<Vec<Gone>, DbError> {
    let people: Vec<UserId> = room.remembered_people().collect();
    let erased = db.erased_among(&people).await?.into_iter();
    let gone = erased.map(|(who, at)| Gone { who, until: at.plus(UNDER_WAY), at });
    let mut due: Vec<_> = gone.filter(|gone| erase::due(log, gone.who, gone.until) != Due::Nothing).collect();
    // It is in the log that they were erased, and what they did before that is there as well: whoever began this was ended halfway.
    if due.is_empty() && blanked(log, &[]).is_some() {
        due.extend(log.iter().filter_map(|entry| match &entry.event {
            Event::People(PeopleEvent::Erased { member, .. }) => {
                Some(Gone { who: *member, until: entry.at, at: entry.at })
            }
            _ => None,
        }));
    }
    Ok(due)
}

/// The projector has found somebody in a log who is to be there no more.
pub(crate) async fn take_out(
    hot: &(impl Log + ?Sized),
    db: &Db,
    code: RoomCode,
    gone: &[Gone],
    now: Timestamp,
) -> Result<(), ProjectError> {
    let erasures = gone.iter().map(|gone| Erasure { room: code, member: gone.who, at: gone.at });
    db.note_erasures(&erasures.collect::<Vec<_>>()).await?;
    rewrite(hot, db, code, Whom::Found, now).await
}

/// Who a log is to be without.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whom {
    /// This person, with all they did until then.
    One(UserId, Timestamp),
    /// Everybody who is [due](due_in) in the log as it stands. It is asked of SQL after each reading of the log: who has come back before
    /// that is somebody new, and nothing that they did is in a log of which SQL still says that they are erased.
    Found,
}

impl Whom {
    async fn in_log(self, db: &Db, log: &[Entry]) -> Result<Vec<(UserId, Timestamp)>, ProjectError> {
        match self {
            Self::One(who, until) => Ok(vec![(who, until)]),
            Self::Found => {
                let gone = due_in(db, &Room::replay(log)?, log).await?;
                Ok(gone.into_iter().map(|gone| (gone.who, gone.until)).collect())
            }
        }
    }

    /// A log without them, where a room's log is lost and SQL still knows them as its members: its beginning.
    async fn beginning(self, db: &Db, code: RoomCode) -> Result<Option<Vec<Event>>, ProjectError> {
        // Those who were found are noted in SQL, and come back here one by one.
        let Self::One(who, _) = self else { return Ok(None) };
        // A room that was only just made, and lost, comes back with whoever holds it; the projector sees it then.
        let Some(remembered) = db.remembered_room(code).await? else { return Ok(None) };
        let events = remembered.beginning(Epoch::from_bits(rand::random()));
        let belongs = |member: &RestoredMember| {
            member.id == who && matches!(member.standing, Standing::Here | Standing::Away)
        };
        let is_in = |event: &Event| matches!(event, Event::Restored(restored) if restored.members.iter().any(belongs));
        Ok(events.first().is_some_and(is_in).then_some(events))
    }
}

/// Gives a room a log without what these people did.
pub(super) async fn rewrite(
    hot: &(impl Log + ?Sized),
    db: &Db,
    code: RoomCode,
    whom: Whom,
    now: Timestamp,
) -> Result<(), ProjectError> {
    for _ in 0..ATTEMPTS {
        let done = match hot.read(code, Seq::ZERO).await? {
            Some(tail) => match next_step(&tail, &whom.in_log(db, &tail.entries).await?, now)? {
                Step::Done => return pruned(db, &tail).await,
                Step::Append(events) => {
                    hot.append(code, Some(stands(&tail)), &entries(events, now), true).await?
                }
                Step::Replace(log) => hot.replace(code, stands(&tail), &log).await?,
            },
            None => match whom.beginning(db, code).await? {
                Some(events) => hot.append(code, None, &entries(events, now), true).await?,
                None => return Ok(()),
            },
        };
        match done {
            Appended::At(_) | Appended::Conflict(_) | Appended::Fenced => {}
            Appended::NotYet(wait) => tokio::time::sleep(wait.min(Duration::from_millis(100))).await,
        }
    }
    Err(HotError::busy("a room's log does not come to rest").into())
}

fn entries(events: Vec<Event>, at: Timestamp) -> Vec<Entry> {
    events.into_iter().map(|event| Entry { at, event }).collect()
}

/// What brings a log nearer to being without somebody.
enum Step {
    Done,
    Append(Vec<Event>),
    Replace(Vec<Entry>),
}

fn next_step(tail: &Tail, who: &[(UserId, Timestamp)], now: Timestamp) -> Result<Step, ProjectError> {
    let log = &tail.entries;
    for (member, at) in who {
        match erase::due(log, *member, *at) {
            Due::Nothing => {}
            Due::EraseBefore => return Ok(Step::Replace(renewed(blanked_until(log, *member, *at)))),
            Due::Erase => {
                let events = Room::replay(log)?
                    .decide(*member, &Command::People(PeopleCommand::Erase), now)
                    .unwrap_or_default();
                if !events.is_empty() {
                    return Ok(Step::Append(events));
                }
            }
        }
    }
    Ok(blanked(log, &[]).map_or(Step::Done, |log| Step::Replace(renewed(log))))
}

/// The same log as another history.
fn renewed(mut log: Vec<Entry>) -> Vec<Entry> {
    if let Some(first) = log.first_mut() {
        first.event = first.event.clone().under(Epoch::from_bits(rand::random()));
    }
    log
}

fn stands(tail: &Tail) -> ExpectedHead {
    ExpectedHead { at: tail.at, head_hash: tail.entries.last().map_or(HeadHash::NONE, HeadHash::of) }
}

/// What SQL knows of typed titles goes with them.
async fn pruned(db: &Db, tail: &Tail) -> Result<(), ProjectError> {
    Ok(db.prune_texts(&Room::replay(&tail.entries)?).await?)
}
