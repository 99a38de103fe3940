//! The history of a room that stays for a regular group: what matched in it, which of that was watched together and how it was, and what
//! is never to be dealt there again.
//!
//! What matched the projector writes; what people say of it afterwards is written here. A face goes with who gave it: whoever erases
//! themselves takes theirs along. That a title is never dealt is the room's, and says nothing of who wished it.

use chrono::{DateTime, Utc};
use futures::TryFutureExt;
use sovpalo_domain::{
    face::Face,
    ids::{RoomCode, Round, Timestamp, TitleId, UserId},
};
use sqlx::QueryBuilder;

use super::{
    Db, DbError, Tx,
    column::{count, limit as rows, moment, round, timestamp, title_id, user_id},
    run, within,
};

/// A page of a room's history has at most so many matches.
pub const HISTORY_PAGE: usize = 50;
/// So many titles are never dealt in one room at most.
pub const NEVER_PER_ROOM: usize = 200;

/// A match of a room, and what its people said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMatch {
    /// From 1, over all rounds of the room.
    pub number: u32,
    /// The round it was found in.
    pub round: Round,
    pub title: TitleId,
    /// How the title was typed in that room, if it was.
    pub text: Option<String>,
    pub at: Timestamp,
    pub mark: RoomMark,
}

/// What the people of a room say of a title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoomMark {
    /// When they said that they had watched it together.
    pub watched_at: Option<Timestamp>,
    /// Whether it is dealt in no deck of the room.
    pub never: bool,
    /// How those liked it who are in the room, in the order in which they said so.
    pub faces: Vec<(UserId, Face)>,
}

/// What somebody says of a title; what is `None` stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MarkChange {
    /// Whether it was watched together.
    pub watched: Option<bool>,
    /// Whether it is never dealt again.
    pub never: Option<bool>,
    /// How they liked it, which says that it was watched; `Some(None)`: they do not say any more.
    pub face: Option<Option<Face>>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkedInRoom {
    /// It is so.
    Done(RoomMark),
    /// SQL does not know such a room.
    NoRoom,
    /// Who says so is not known any more.
    NoPerson,
    /// The room has [`NEVER_PER_ROOM`] such titles already.
    TooManyNever,
}

#[derive(sqlx::FromRow)]
struct PastMatchRow {
    number: i64,
    round: i64,
    title: String,
    text: Option<String>,
    at: DateTime<Utc>,
    watched_at: Option<DateTime<Utc>>,
    never: Option<bool>,
}

impl PastMatchRow {
    fn past_match(self) -> Result<PastMatch, DbError> {
        Ok(PastMatch {
            number: count(self.number, "room_matches.number")?,
            round: round(self.round, "room_matches.round")?,
            title: title_id(&self.title, "room_matches.title")?,
            text: self.text,
            at: timestamp(self.at),
            mark: RoomMark {
                watched_at: self.watched_at.map(timestamp),
                never: self.never.unwrap_or_default(),
                faces: Vec::new(),
            },
        })
    }
}

#[derive(sqlx::FromRow)]
struct FaceRow {
    title: String,
    member: i64,
    face: String,
}

impl Db {
    /// What matched in a room before the match of this number (`None`: up to now), the newest first, at most `limit` and [`HISTORY_PAGE`];
    /// and whether there is more before it.
    pub async fn room_history(
        &self,
        room: RoomCode,
        before: Option<u32>,
        limit: usize,
    ) -> Result<(Vec<PastMatch>, bool), DbError> {
        let limit = limit.min(HISTORY_PAGE);
        let mut tx = self.snapshot().await?;
        let found: Vec<PastMatchRow> = within!(&mut tx, |conn| sqlx::query_as(
            "SELECT f.number, f.round, f.title, t.text, f.at, k.watched_at, k.never
             FROM room_matches f
             LEFT JOIN room_texts t ON t.room = f.room AND t.title = f.title
             LEFT JOIN room_marks k ON k.room = f.room AND k.title = f.title
             WHERE f.room = $1 AND f.number < $2 ORDER BY f.number DESC LIMIT $3"
        )
        .bind(room.as_str())
        .bind(before.map_or(i64::MAX, i64::from))
        .bind(rows(limit.saturating_add(1)))
        .fetch_all(conn))?;
        let more = found.len() > limit;
        let mut page: Vec<PastMatch> =
            found.into_iter().take(limit).map(PastMatchRow::past_match).collect::<Result<_, _>>()?;
        let titles: Vec<TitleId> = page.iter().map(|past| past.title.clone()).collect();
        for (title, face) in faces_of(&mut tx, room, &titles).await? {
            // A title may have matched in several rounds.
            for past in page.iter_mut().filter(|past| past.title == title) {
                past.mark.faces.push(face);
            }
        }
        Ok((page, more))
    }

    /// The titles that are never dealt in a room, each with how it was typed there, if it was; at most [`NEVER_PER_ROOM`].
    pub async fn never_dealt(&self, room: RoomCode) -> Result<Vec<(TitleId, Option<String>)>, DbError> {
        let never: Vec<(String, Option<String>)> = run!(self, |pool| sqlx::query_as(
            "SELECT k.title, t.text FROM room_marks k
             LEFT JOIN room_texts t ON t.room = k.room AND t.title = k.title
             WHERE k.room = $1 AND k.never ORDER BY k.title LIMIT $2"
        )
        .bind(room.as_str())
        .bind(rows(NEVER_PER_ROOM))
        .fetch_all(pool))?;
        never.into_iter().map(|(title, text)| Ok((title_id(&title, "room_marks.title")?, text))).collect()
    }

    /// Somebody in a room says something of a title. Saying it again changes nothing.
    pub async fn mark_title(
        &self,
        room: RoomCode,
        title: &TitleId,
        by: UserId,
        change: MarkChange,
        now: Timestamp,
    ) -> Result<MarkedInRoom, DbError> {
        let mut tx = self.begin().await?;
        // One after the other in each room, so that the number of titles has its bound; a projection takes the same locks in this order.
        let known: Option<String> = within!(&mut tx, |conn| sqlx::query_scalar(
            "UPDATE rooms SET hidden = hidden WHERE code = $1 RETURNING code"
        )
        .bind(room.as_str())
        .fetch_optional(conn))?;
        if known.is_none() {
            return Ok(MarkedInRoom::NoRoom);
        }
        if tx.keep_known(&[by.get()]).await?.is_empty() {
            return Ok(MarkedInRoom::NoPerson);
        }
        let marking = Marking { room, title, now };
        marking.begin(&mut tx).await?;
        if let Some(never) = change.never {
            if never && marking.others_never_dealt(&mut tx).await? >= rows(NEVER_PER_ROOM) {
                return Ok(MarkedInRoom::TooManyNever);
            }
            marking.set_never(&mut tx, never).await?;
        }
        if let Some(face) = change.face {
            marking.set_face(&mut tx, by, face).await?;
        }
        let was_seen = matches!(change.face, Some(Some(_))).then_some(true);
        if let Some(watched) = change.watched.or(was_seen) {
            marking.set_watched(&mut tx, watched).await?;
        }
        let mark = marking.end(&mut tx).await?;
        tx.commit().await?;
        Ok(MarkedInRoom::Done(mark))
    }
}

/// What is being said of one title.
struct Marking<'a> {
    room: RoomCode,
    title: &'a TitleId,
    now: Timestamp,
}

impl Marking<'_> {
    async fn begin(&self, tx: &mut Tx) -> Result<(), DbError> {
        within!(tx, |conn| sqlx::query(
            "INSERT INTO room_marks (room, title) VALUES ($1, $2) ON CONFLICT (room, title) DO NOTHING"
        )
        .bind(self.room.as_str())
        .bind(self.title.as_str())
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }

    async fn others_never_dealt(&self, tx: &mut Tx) -> Result<i64, DbError> {
        Ok(within!(tx, |conn| sqlx::query_scalar(
            "SELECT count(*) FROM room_marks WHERE room = $1 AND never AND title <> $2"
        )
        .bind(self.room.as_str())
        .bind(self.title.as_str())
        .fetch_one(conn))?)
    }

    async fn set_never(&self, tx: &mut Tx, never: bool) -> Result<(), DbError> {
        within!(tx, |conn| sqlx::query("UPDATE room_marks SET never = $3 WHERE room = $1 AND title = $2")
            .bind(self.room.as_str())
            .bind(self.title.as_str())
            .bind(never)
            .execute(conn)
            .map_ok(drop))?;
        Ok(())
    }

    async fn set_watched(&self, tx: &mut Tx, watched: bool) -> Result<(), DbError> {
        within!(tx, |conn| sqlx::query(
            "UPDATE room_marks SET watched_at = CASE WHEN $4 THEN COALESCE(watched_at, $3) END
             WHERE room = $1 AND title = $2"
        )
        .bind(self.room.as_str())
        .bind(self.title.as_str())
        .bind(moment(self.now))
        .bind(watched)
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }

    async fn set_face(&self, tx: &mut Tx, by: UserId, face: Option<Face>) -> Result<(), DbError> {
        let Some(face) = face else {
            within!(tx, |conn| sqlx::query(
                "DELETE FROM room_faces WHERE room = $1 AND title = $2 AND member = $3"
            )
            .bind(self.room.as_str())
            .bind(self.title.as_str())
            .bind(by.get())
            .execute(conn)
            .map_ok(drop))?;
            return Ok(());
        };
        within!(tx, |conn| sqlx::query(
            "INSERT INTO room_faces (room, title, member, face, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (room, title, member) DO UPDATE SET face = excluded.face"
        )
        .bind(self.room.as_str())
        .bind(self.title.as_str())
        .bind(by.get())
        .bind(face.id())
        .bind(moment(self.now))
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }

    /// The mark as it is now; one that says nothing is not kept.
    async fn end(&self, tx: &mut Tx) -> Result<RoomMark, DbError> {
        within!(&mut *tx, |conn| sqlx::query(
            "DELETE FROM room_marks WHERE room = $1 AND title = $2 AND watched_at IS NULL AND NOT never"
        )
        .bind(self.room.as_str())
        .bind(self.title.as_str())
        .execute(conn)
        .map_ok(drop))?;
        let mark: Option<(Option<DateTime<Utc>>, bool)> = within!(&mut *tx, |conn| sqlx::query_as(
            "SELECT watched_at, never FROM room_marks WHERE room = $1 AND title = $2"
        )
        .bind(self.room.as_str())
        .bind(self.title.as_str())
        .fetch_optional(conn))?;
        let (watched_at, never) = mark.unwrap_or_default();
        let faces = faces_of(tx, self.room, std::slice::from_ref(self.title)).await?;
        Ok(RoomMark {
            watched_at: watched_at.map(timestamp),
            never,
            faces: faces.into_iter().map(|(_, face)| face).collect(),
        })
    }
}

/// The faces that those who are in a room gave to these titles.
async fn faces_of(
    tx: &mut Tx,
    room: RoomCode,
    titles: &[TitleId],
) -> Result<Vec<(TitleId, (UserId, Face))>, DbError> {
    if titles.is_empty() {
        return Ok(Vec::new());
    }
    let faces: Vec<FaceRow> = within!(tx, async |conn| {
        let mut select = QueryBuilder::new(
            "SELECT c.title, c.member, c.face FROM room_faces c
             JOIN room_members m ON m.room = c.room AND m.member = c.member
             WHERE m.standing IN ('here', 'away') AND c.room = ",
        );
        select.push_bind(room.as_str()).push(" AND c.title IN (");
        let mut wanted = select.separated(", ");
        for title in titles {
            wanted.push_bind(title.as_str());
        }
        select.push(") ORDER BY c.at, c.member");
        select.build_query_as().persistent(titles.len() == 1).fetch_all(conn).await
    })?;
    let face = |row: FaceRow| {
        let unknown = || DbError::corrupt("room_faces.face", format_args!("it is {:?}", row.face));
        let face = Face::of(&row.face).ok_or_else(unknown)?;
        let title = title_id(&row.title, "room_faces.title")?;
        Ok((title, (user_id(row.member, "room_faces.member")?, face)))
    };
    faces.into_iter().map(face).collect()
}
