//! Rooms as SQL knows them: lists for people, and all that a room needs to come back.

use chrono::{DateTime, Utc};
use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Round, Timestamp, TitleId, UserId},
    room::{Access, Event, Match, PhaseName, Profile, Ranked, Restored, RestoredMember, Room, Settings},
    title::TitleText,
};
use sqlx::{QueryBuilder, types::Json};

use super::{
    Db, DbError,
    column::{
        count, epoch, limit as rows, phase_from, room_code, round, seq_from, standing_from, timestamp,
        title_id, user_id,
    },
    run, within,
};

/// A room in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomRow {
    /// Its code.
    pub code: RoomCode,
    /// Its name.
    pub name: String,
    /// Where its round is.
    pub phase: PhaseName,
    /// The round.
    pub round: Round,
    /// Its host.
    pub host: UserId,
    /// How many belong to it.
    pub members: u32,
    /// How many matches it has seen, in all rounds.
    pub matches: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last projected.
    pub updated_at: Timestamp,
}

/// A match in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchRow {
    /// The room.
    pub room: RoomCode,
    /// Its name.
    pub room_name: String,
    /// From 1, over all rounds of the room.
    pub number: u32,
    /// The round.
    pub round: Round,
    /// The title.
    pub title: TitleId,
    /// How the title was typed in that room, if it was.
    pub text: Option<String>,
    pub at: Timestamp,
}

/// A room as SQL remembers it: all of [`Restored`] but its epoch, who gets in, who is what, and the settings that it knows nothing of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    restored: Restored,
    access: Access,
    moderators: Vec<UserId>,
    leave_out_seen: bool,
    veto: bool,
}

impl Remembered {
    /// The first event of the room's new log.
    pub fn under(self, epoch: Epoch) -> Restored {
        Restored { epoch, ..self.restored }
    }

    /// What the room's new log begins with.
    pub fn beginning(self, epoch: Epoch) -> Vec<Event> {
        let mut again = Room::people_again(self.access.clone(), self.moderators.clone());
        again.extend(Room::settings_again(self.leave_out_seen, self.veto));
        std::iter::once(Event::Restored(Box::new(self.under(epoch)))).chain(again).collect()
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct ListedRoom {
    code: String,
    name: String,
    phase: String,
    round: i64,
    host: i64,
    member_count: i64,
    match_count: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl ListedRoom {
    pub(super) fn row(self) -> Result<RoomRow, DbError> {
        Ok(RoomRow {
            code: room_code(&self.code, "rooms.code")?,
            name: self.name,
            phase: phase_from(&self.phase)?,
            round: round(self.round, "rooms.round")?,
            host: user_id(self.host, "rooms.host")?,
            members: count(self.member_count, "rooms.member_count")?,
            matches: count(self.match_count, "rooms.match_count")?,
            created_at: timestamp(self.created_at),
            updated_at: timestamp(self.updated_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct ListedMatch {
    room: String,
    room_name: String,
    number: i64,
    round: i64,
    title: String,
    text: Option<String>,
    at: DateTime<Utc>,
}

impl ListedMatch {
    fn row(self) -> Result<MatchRow, DbError> {
        Ok(MatchRow {
            room: room_code(&self.room, "room_matches.room")?,
            room_name: self.room_name,
            number: count(self.number, "room_matches.number")?,
            round: round(self.round, "room_matches.round")?,
            title: title_id(&self.title, "room_matches.title")?,
            text: self.text,
            at: timestamp(self.at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct StoredRoom {
    epoch: i64,
    projected_seq: i64,
    created_at: DateTime<Utc>,
    host: i64,
    seed: i64,
    settings: Json<Settings>,
    round: i64,
    results: Option<Json<Vec<Ranked>>>,
    access: Option<Json<Access>>,
    leave_out_seen: bool,
    veto: bool,
}

#[derive(sqlx::FromRow)]
struct StoredMember {
    member: i64,
    name: String,
    photo_url: Option<String>,
    standing: String,
    picks: Json<Vec<TitleId>>,
    moderator: bool,
}

impl StoredMember {
    fn restored(self) -> Result<RestoredMember, DbError> {
        Ok(RestoredMember {
            id: user_id(self.member, "room_members.member")?,
            profile: Profile { name: self.name, photo_url: self.photo_url },
            standing: standing_from(&self.standing)?,
            picks: self.picks.0,
        })
    }
}

#[derive(sqlx::FromRow)]
struct StoredMatch {
    number: i64,
    round: i64,
    title: String,
    at: DateTime<Utc>,
}

impl StoredMatch {
    fn restored(self) -> Result<Match, DbError> {
        Ok(Match {
            number: count(self.number, "room_matches.number")?,
            round: round(self.round, "room_matches.round")?,
            title: title_id(&self.title, "room_matches.title")?,
            at: timestamp(self.at),
        })
    }
}

impl Db {
    /// The rooms somebody belongs to, the newest first.
    pub async fn rooms_of(&self, user: UserId, limit: usize) -> Result<Vec<RoomRow>, DbError> {
        let listed: Vec<ListedRoom> = run!(self, |pool| {
            sqlx::query_as(
                "SELECT r.code, r.name, r.phase, r.round, r.host, r.member_count, r.match_count,
                 r.created_at, r.updated_at
             FROM room_members m JOIN rooms r ON r.code = m.room
             WHERE m.member = $1 AND m.standing IN ('here', 'away')
             ORDER BY r.created_at DESC, r.code
             LIMIT $2",
            )
            .bind(user.get())
            .bind(rows(limit))
            .fetch_all(pool)
        })?;
        listed.into_iter().map(ListedRoom::row).collect()
    }

    /// The rooms that each of these people belongs to, the newest first. At most `limit` for each.
    pub async fn room_codes_of(
        &self,
        users: &[UserId],
        limit: usize,
    ) -> Result<Vec<(UserId, RoomCode)>, DbError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let listed: Vec<(i64, String)> = run!(self, |pool| async {
            let mut select = QueryBuilder::new(
                "SELECT member, room FROM (
                     SELECT m.member, m.room, row_number() OVER (
                         PARTITION BY m.member ORDER BY r.created_at DESC, r.code) AS place
                     FROM room_members m JOIN rooms r ON r.code = m.room
                     WHERE m.standing IN ('here', 'away') AND m.member IN (",
            );
            let mut places = select.separated(", ");
            for user in users {
                places.push_bind(user.get());
            }
            select
                .push(")) AS placed WHERE place <= ")
                .push_bind(rows(limit))
                .push(" ORDER BY member, place");
            // A statement is kept for the usual question: one person.
            select.build_query_as().persistent(users.len() == 1).fetch_all(pool).await
        })?;
        let code = |(member, room): (i64, String)| {
            Ok((user_id(member, "room_members.member")?, room_code(&room, "room_members.room")?))
        };
        listed.into_iter().map(code).collect()
    }

    /// One room as a list would show it.
    pub async fn room_row(&self, code: RoomCode) -> Result<Option<RoomRow>, DbError> {
        let listed: Option<ListedRoom> = run!(self, |pool| sqlx::query_as(
            "SELECT code, name, phase, round, host, member_count, match_count, created_at, updated_at
             FROM rooms WHERE code = $1",
        )
        .bind(code.as_str())
        .fetch_optional(pool))?;
        listed.map(ListedRoom::row).transpose()
    }

    /// How far a room's log has been carried over; `None`: SQL has never heard of the room.
    pub async fn projected(&self, code: RoomCode) -> Result<Option<Position>, DbError> {
        let stands: Option<(i64, i64)> =
            run!(self, |pool| sqlx::query_as("SELECT epoch, projected_seq FROM rooms WHERE code = $1")
                .bind(code.as_str())
                .fetch_optional(pool))?;
        stands.map(|(at, seq)| Ok(Position { epoch: epoch(at)?, seq: seq_from(seq)? })).transpose()
    }

    /// The latest matches of the rooms somebody belongs to, the newest first.
    pub async fn matches_of(&self, user: UserId, limit: usize) -> Result<Vec<MatchRow>, DbError> {
        let listed: Vec<ListedMatch> = run!(self, |pool| sqlx::query_as(
            "SELECT f.room, r.name AS room_name, f.number, f.round, f.title, t.text, f.at
             FROM room_members m
             JOIN room_matches f ON f.room = m.room
             JOIN rooms r ON r.code = m.room
             LEFT JOIN room_texts t ON t.room = f.room AND t.title = f.title
             WHERE m.member = $1 AND m.standing IN ('here', 'away')
             ORDER BY f.at DESC, f.room, f.number DESC
             LIMIT $2",
        )
        .bind(user.get())
        .bind(rows(limit))
        .fetch_all(pool))?;
        listed.into_iter().map(ListedMatch::row).collect()
    }

    /// The latest matches of the rooms that have a card in a chat, the newest first.
    pub async fn matches_in_chat(&self, chat: i64, limit: usize) -> Result<Vec<MatchRow>, DbError> {
        let listed: Vec<ListedMatch> = run!(self, |pool| sqlx::query_as(
            "SELECT f.room, r.name AS room_name, f.number, f.round, f.title, t.text, f.at
             FROM room_cards c
             JOIN room_matches f ON f.room = c.room
             JOIN rooms r ON r.code = c.room
             LEFT JOIN room_texts t ON t.room = f.room AND t.title = f.title
             WHERE c.chat = $1
             ORDER BY f.at DESC, f.room, f.number DESC
             LIMIT $2",
        )
        .bind(chat)
        .bind(rows(limit))
        .fetch_all(pool))?;
        listed.into_iter().map(ListedMatch::row).collect()
    }

    /// All that a room needs to begin a new log, as of one moment.
    pub async fn remembered_room(&self, code: RoomCode) -> Result<Option<Remembered>, DbError> {
        let mut tx = self.snapshot().await?;
        let room: Option<StoredRoom> = within!(&mut tx, |conn| {
            sqlx::query_as(
                "SELECT epoch, projected_seq, created_at, host, seed, settings, round, results,
             access, leave_out_seen, veto FROM rooms WHERE code = $1",
            )
            .bind(code.as_str())
            .fetch_optional(conn)
        })?;
        let Some(room) = room else { return Ok(None) };
        let members: Vec<StoredMember> = within!(&mut tx, |conn| {
            sqlx::query_as(
                "SELECT member, name, photo_url, standing, picks, moderator FROM room_members
             WHERE room = $1 ORDER BY position",
            )
            .bind(code.as_str())
            .fetch_all(conn)
        })?;
        let matches: Vec<StoredMatch> = within!(&mut tx, |conn| sqlx::query_as(
            "SELECT number, round, title, at FROM room_matches WHERE room = $1 ORDER BY number"
        )
        .bind(code.as_str())
        .fetch_all(conn))?;
        let texts: Vec<String> = within!(&mut tx, |conn| sqlx::query_scalar(
            "SELECT text FROM room_texts WHERE room = $1 ORDER BY title"
        )
        .bind(code.as_str())
        .fetch_all(conn))?;
        let moderators = members.iter().filter(|member| member.moderator);
        let moderators = moderators
            .map(|member| user_id(member.member, "room_members.member"))
            .collect::<Result<_, _>>()?;
        let restored = Restored {
            code,
            epoch: epoch(room.epoch)?,
            created_at: timestamp(room.created_at),
            host: user_id(room.host, "rooms.host")?,
            seed: room.seed.cast_unsigned(),
            settings: room.settings.0,
            round: round(room.round, "rooms.round")?,
            members: members.into_iter().map(StoredMember::restored).collect::<Result<_, _>>()?,
            texts: texts.iter().map(|text| typed(text)).collect::<Result<_, _>>()?,
            matches: matches.into_iter().map(StoredMatch::restored).collect::<Result<_, _>>()?,
            results: room.results.map(|results| results.0),
            known: (epoch(room.epoch)?, seq_from(room.projected_seq)?),
        };
        let access = room.access.map(|access| access.0).unwrap_or_default();
        let (leave_out_seen, veto) = (room.leave_out_seen, room.veto);
        Ok(Some(Remembered { restored, access, moderators, leave_out_seen, veto }))
    }
}

fn typed(text: &str) -> Result<TitleText, DbError> {
    TitleText::new(text).map_err(|e| DbError::corrupt("room_texts.text", e))
}
