//! One room's log, folded, into rows: the only writer of rooms, members and matches.
//!
//! All of it is one transaction, and doing it again writes the same rows and tells nobody anything twice.
//! What is older than what is stored changes nothing: fewer entries of the same history, or a history that
//! another one has replaced.
//!
//! Only what changed since the last projection is written: members by the entry that changed them, matches by their number,
//! texts as the difference to what is stored. So a projection costs what happened, not what the room has behind it.

use std::collections::{BTreeMap, BTreeSet};

use futures::TryFutureExt;
use sovpalo_domain::{
    facts::{Fact, FactKind},
    ids::{Seq, Timestamp, TitleId},
    room::{Match, Member, PhaseName, Ranked, Room},
    talk::Message,
};
use sqlx::{QueryBuilder, types::Json};

use super::{
    Db, DbError, NewNote, Tx,
    column::{moment, phase, plain, plain_option, seq, seq_from, standing},
    jobs::Kind,
    rooms_to_find::searched,
    within,
};

/// Rows in one statement: with at most eight values each, far below what either database takes.
const BATCH: usize = 500;

impl Db {
    /// Carries a room over. A crash before its end leaves nothing, and the next projection does it all.
    pub async fn project(&self, room: &Room, now: Timestamp) -> Result<(), DbError> {
        self.project_noting(room, &[], &|_| Vec::new(), now).await.map(drop)
    }

    /// The same, and writes into the timeline what of `notes` is not carried over yet. Those come back as messages, for readers to be told.
    /// `facts` gives the facts in the log after what is projected already; they are counted in the same transaction.
    pub async fn project_noting(
        &self,
        room: &Room,
        notes: &[NewNote],
        facts: &(dyn Fn(Seq) -> Vec<Fact> + Sync),
        now: Timestamp,
    ) -> Result<Vec<Message>, DbError> {
        let mut tx = self.begin().await?;
        let stored = stored(&mut tx, room).await?;
        if !write_room(&mut tx, room, now).await? {
            drop(tx);
            self.pass_over(room).await?;
            return Ok(Vec::new());
        }
        // Once it is stored, its epoch is, too: both were written in one transaction.
        if stored.seq == Seq::ZERO {
            write_epoch(&mut tx, room).await?;
        }
        let members_changed = write_members(&mut tx, room, stored).await?;
        if room.texts_changed() > stored.seq {
            write_texts(&mut tx, room).await?;
        }
        let found = write_matches(&mut tx, room, stored).await?;
        tx.card_is_stale(room.code(), now).await?;
        if members_changed {
            tx.tell_nothing_to_who_left(room.code()).await?;
        }
        for found in found {
            tx.announce_match(room, found, now).await?;
        }
        tx.announce_nudges(room, stored.seq, now).await?;
        if room.phase() == PhaseName::Finished {
            tx.announce_finish(room.code(), room.round(), now).await?;
        }
        let facts = new_facts(stored, facts);
        tx.keep_known(&people(&facts)).await?;
        let later = notes.partition_point(|note| note.seq <= stored.seq);
        let noted = tx.note(room.code(), &notes[later..]).await?;
        tx.count(room.code(), &facts, now).await?;
        tx.commit().await?;
        self.jobs(Kind::Notice).say_news();
        Ok(noted)
    }

    /// What is stored is at least as new. That is usual; a history that was replaced and still lives is not.
    async fn pass_over(&self, room: &Room) -> Result<(), DbError> {
        if self.projected(room.code()).await?.is_some_and(|stored| stored.epoch != room.epoch()) {
            tracing::warn!(room = %room.code(), "a history that was replaced is not projected");
        }
        Ok(())
    }
}

/// How much of this history is stored already. Somebody else may store more of it meanwhile, but never less: if it is replaced by
/// another history, [`write_room`] refuses this one.
#[derive(Debug, Clone, Copy, Default)]
struct Stored {
    seq: Seq,
    matches: usize,
    /// Of any history.
    is_known: bool,
}

async fn stored(tx: &mut Tx, room: &Room) -> Result<Stored, DbError> {
    let stands: Option<(i64, i64, i64)> = within!(tx, |conn| sqlx::query_as(
        "SELECT epoch, projected_seq, match_count FROM rooms WHERE code = $1"
    )
    .bind(room.code().as_str())
    .fetch_optional(conn))?;
    let is_known = stands.is_some();
    match stands {
        Some((epoch, projected, matches)) if epoch == i64::from(room.epoch().get()) => Ok(Stored {
            seq: seq_from(projected)?,
            matches: usize::try_from(matches).unwrap_or_default(),
            is_known,
        }),
        _ => Ok(Stored { is_known, ..Stored::default() }),
    }
}

/// What counts and is not carried over yet. Who made a room counted with its first projection: a log that took the place of another names
/// them again, also where they have erased themselves since.
fn new_facts(stored: Stored, facts: &(dyn Fn(Seq) -> Vec<Fact> + Sync)) -> Vec<Fact> {
    let mut facts = facts(stored.seq);
    facts.retain(|fact| !stored.is_known || fact.what != FactKind::RoomMade);
    facts
}

fn people(facts: &[Fact]) -> Vec<i64> {
    let people: BTreeSet<i64> = facts.iter().map(|fact| fact.member.get()).collect();
    people.into_iter().collect()
}

/// Writes the room's own row and thereby locks it until the commit; says whether it was older.
async fn write_room(tx: &mut Tx, room: &Room, now: Timestamp) -> Result<bool, DbError> {
    let (code, settings, access) = (room.code(), room.settings(), room.access());
    let results: Option<Json<&[Ranked]>> = room.results().map(Json);
    let screen = room.screen();
    let title = screen.as_ref().and_then(|screen| screen.media.title());
    let written: Option<String> = within!(tx, |conn| {
        sqlx::query_scalar(
            "INSERT INTO rooms (code, name, settings, seed, host, phase, round, results, member_count,
             match_count, epoch, projected_seq, created_at, updated_at, access, listed, capacity, searched,
             screen_title, screen_playing, leave_out_seen, veto, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22, $23)
         ON CONFLICT (code) DO UPDATE SET
             name = excluded.name, settings = excluded.settings, seed = excluded.seed, host = excluded.host,
             phase = excluded.phase, round = excluded.round, results = excluded.results,
             member_count = excluded.member_count, match_count = excluded.match_count, epoch = excluded.epoch,
             projected_seq = excluded.projected_seq, updated_at = excluded.updated_at,
             access = excluded.access, listed = excluded.listed, capacity = excluded.capacity,
             searched = excluded.searched, screen_title = excluded.screen_title,
             screen_playing = excluded.screen_playing, leave_out_seen = excluded.leave_out_seen,
             veto = excluded.veto, ends_at = excluded.ends_at
         WHERE CASE WHEN rooms.epoch = excluded.epoch THEN rooms.projected_seq < excluded.projected_seq
             ELSE NOT EXISTS (SELECT 1 FROM room_epochs e
                 WHERE e.room = excluded.code AND e.epoch = excluded.epoch) END
         RETURNING code",
        )
        .bind(code.as_str())
        .bind(plain(settings.name.as_str()))
        .bind(Json(settings))
        .bind(room.seed().cast_signed())
        .bind(room.host().get())
        .bind(phase(room.phase()))
        .bind(i64::from(room.round().get()))
        .bind(results)
        .bind(i64::try_from(room.present_members().count()).unwrap_or(i64::MAX))
        .bind(i64::try_from(room.matches().len()).unwrap_or(i64::MAX))
        .bind(i64::from(room.epoch().get()))
        .bind(seq(room.seq()))
        .bind(moment(room.created_at()))
        .bind(moment(now))
        .bind(Json(access))
        .bind(access.listed)
        .bind(i64::from(access.capacity))
        .bind(searched(&[settings.name.as_str(), title.unwrap_or_default()]))
        .bind(title.map(plain))
        .bind(screen.as_ref().map(|screen| screen.playing))
        .bind(room.leaves_out_seen())
        .bind(room.allows_veto())
        .bind(room.ends_at().map(moment))
        .fetch_optional(conn)
    })?;
    Ok(written.is_some())
}

/// Remembers the histories a room had, so that one that was replaced never comes back.
async fn write_epoch(tx: &mut Tx, room: &Room) -> Result<(), DbError> {
    within!(tx, |conn| sqlx::query(
        "INSERT INTO room_epochs (room, epoch) VALUES ($1, $2) ON CONFLICT (room, epoch) DO NOTHING"
    )
    .bind(room.code().as_str())
    .bind(i64::from(room.epoch().get()))
    .execute(conn)
    .map_ok(drop))?;
    Ok(())
}

/// Writes the members whose row would change, and nobody's name who has been erased since the log was
/// written. Says whether there were any.
async fn write_members(tx: &mut Tx, room: &Room, stored: Stored) -> Result<bool, DbError> {
    let places = (0..).zip(room.members().iter().map(|member| &**member));
    let members: Vec<(i64, &Member)> =
        places.filter(|(_, member)| room.changed(member) > stored.seq).collect();
    if members.is_empty() {
        return Ok(false);
    }
    keep_from_being_erased(tx, &members).await?;
    for batch in members.chunks(BATCH) {
        within!(tx, async |conn| {
            let mut insert = QueryBuilder::new(
                "INSERT INTO room_members (room, member, position, name, photo_url, standing, picks,
                 moderator) ",
            );
            insert.push_values(batch, |mut row, (position, member)| {
                row.push_bind(room.code().as_str())
                    .push_bind(member.id.get())
                    .push_bind(*position)
                    .push_bind(plain(&member.profile.name))
                    .push_bind(plain_option(member.profile.photo_url.as_deref()))
                    .push_bind(standing(member.standing))
                    .push_bind(Json(room.picks_of(member.id)))
                    .push_bind(member.moderator);
            });
            insert.push(
                " ON CONFLICT (room, member) DO UPDATE SET
                     position = excluded.position, name = excluded.name, photo_url = excluded.photo_url,
                     standing = excluded.standing, picks = excluded.picks,
                     moderator = excluded.moderator
                 WHERE room_members.position <> excluded.position
                     OR room_members.name <> excluded.name
                     OR room_members.photo_url IS DISTINCT FROM excluded.photo_url
                     OR room_members.standing <> excluded.standing
                     OR room_members.picks <> excluded.picks
                     OR room_members.moderator <> excluded.moderator",
            );
            // One alone is usual, and then always the same statement.
            insert.build().persistent(batch.len() == 1).execute(conn).await.map(drop)
        })?;
    }
    within!(tx, |conn| sqlx::query(
        "UPDATE room_members SET name = '', photo_url = NULL, picks = '[]'
         WHERE room = $1 AND member IN (SELECT id FROM erased_users)",
    )
    .bind(room.code().as_str())
    .execute(conn)
    .map_ok(drop))?;
    Ok(true)
}

/// Waits for erasures of these people that are under way, and makes later ones wait for the commit: either this transaction sees that
/// somebody is erased, or their erasure sees the rows that it writes. SQLite has one writer at a time anyway.
async fn keep_from_being_erased(tx: &mut Tx, members: &[(i64, &Member)]) -> Result<(), DbError> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    for batch in members.chunks(BATCH) {
        let ids: Vec<i64> = batch.iter().map(|(_, member)| member.id.get()).collect();
        sqlx::query("SELECT id FROM users WHERE id = ANY($1) ORDER BY id FOR KEY SHARE")
            .bind(ids)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Makes the stored texts those that are in use: what is new is written, what is in no use any more is deleted.
async fn write_texts(tx: &mut Tx, room: &Room) -> Result<(), DbError> {
    let code = room.code();
    let stored: Vec<(String, String)> = within!(tx, |conn| {
        sqlx::query_as("SELECT title, text FROM room_texts WHERE room = $1")
            .bind(code.as_str())
            .fetch_all(conn)
    })?;
    let mut surplus: BTreeMap<String, String> = stored.into_iter().collect();
    let mut new: Vec<(TitleId, &str)> = Vec::new();
    for text in room.texts() {
        let id = text.id();
        if surplus.remove(id.as_str()).is_none_or(|stored| stored != plain(text.as_str())) {
            new.push((id, text.as_str()));
        }
    }
    for batch in new.chunks(BATCH) {
        within!(tx, async |conn| {
            let mut insert = QueryBuilder::new("INSERT INTO room_texts (room, title, text) ");
            insert.push_values(batch, |mut row, (title, text)| {
                row.push_bind(room.code().as_str()).push_bind(title.as_str()).push_bind(plain(text));
            });
            insert.push(" ON CONFLICT (room, title) DO UPDATE SET text = excluded.text");
            insert.build().persistent(false).execute(conn).await.map(drop)
        })?;
    }
    let surplus: Vec<String> = surplus.into_keys().collect();
    for batch in surplus.chunks(BATCH) {
        within!(tx, async |conn| {
            let mut delete = QueryBuilder::new("DELETE FROM room_texts WHERE room = ");
            delete.push_bind(room.code().as_str()).push(" AND title IN (");
            let mut titles = delete.separated(", ");
            for title in batch {
                titles.push_bind(title.as_str());
            }
            delete.push(")");
            delete.build().persistent(false).execute(conn).await.map(drop)
        })?;
    }
    Ok(())
}

/// Writes the matches; the ones that were not there before come back, in order. A number that has another
/// title under a new history is one of them, unless that title only had another number before: people have heard of it.
async fn write_matches<'a>(tx: &mut Tx, room: &'a Room, stored: Stored) -> Result<Vec<&'a Match>, DbError> {
    let mut numbers: Vec<i64> = Vec::new();
    // Those of one history are only ever added to.
    let later = room.matches().get(stored.matches..).unwrap_or_default();
    if later.is_empty() {
        return Ok(Vec::new());
    }
    let announced = if stored.matches == 0 { known_matches(tx, room).await? } else { BTreeSet::new() };
    for batch in later.chunks(BATCH) {
        let new: Vec<i64> = within!(tx, async |conn| {
            let mut insert = QueryBuilder::new("INSERT INTO room_matches (room, number, round, title, at) ");
            insert.push_values(batch, |mut row, found| {
                row.push_bind(room.code().as_str())
                    .push_bind(i64::from(found.number))
                    .push_bind(i64::from(found.round.get()))
                    .push_bind(found.title.as_str())
                    .push_bind(moment(found.at));
            });
            insert.push(
                " ON CONFLICT (room, number) DO UPDATE SET
                     round = excluded.round, title = excluded.title, at = excluded.at
                 WHERE room_matches.title <> excluded.title
                 RETURNING number",
            );
            insert.build_query_scalar().persistent(batch.len() == 1).fetch_all(conn).await
        })?;
        numbers.extend(new);
    }
    let is_new = |found: &&Match| {
        numbers.contains(&i64::from(found.number))
            && !announced.contains(&(i64::from(found.round.get()), found.title.as_str().to_owned()))
    };
    Ok(later.iter().filter(is_new).collect())
}

/// The matches that are stored of a room, whatever their numbers: each by its round and title.
async fn known_matches(tx: &mut Tx, room: &Room) -> Result<BTreeSet<(i64, String)>, DbError> {
    let known: Vec<(i64, String)> =
        within!(tx, |conn| sqlx::query_as("SELECT round, title FROM room_matches WHERE room = $1")
            .bind(room.code().as_str())
            .fetch_all(conn))?;
    Ok(known.into_iter().collect())
}
