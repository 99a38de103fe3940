//! The outbox: what the bot is to tell, written in the same transaction as what it tells of.
//!
//! Notices are [jobs](super::jobs). A match is told once to each: its key stays when it is done, so that repeating a projection adds
//! nothing. A room's stale card is one job for ever, which every change makes due again; a change that comes while somebody is at work on
//! it keeps it due.
//!
//! What a room has to tell of one kind to one target is a lane of its own: only the oldest that is not done can be taken, so that news
//! arrive in their order and one slow chat holds up nobody.

use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::{RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    room::{Match, Member, Room},
};
use sqlx::QueryBuilder;

use super::{
    Db, DbError, Lease, Tx,
    column::user_id,
    jobs::{Again, Job, Kind, NewJob, Taken},
    lease::{FEW_PEOPLE, push_ids},
    run, within,
};

/// Something the bot is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// For [`Jobs::done`](super::Jobs::done).
    pub id: i64,
    /// The room it is about.
    pub room: RoomCode,
    pub what: NoticeKind,
    /// Whom.
    pub to: Target,
    /// How often it was tried before, in vain.
    pub attempts: u32,
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum NoticeKind {
    /// The room changed: its cards show something old.
    CardStale,
    /// Совпало!
    Match {
        /// From 1, over all rounds of the room.
        number: u32,
        /// The round.
        round: Round,
        /// The title.
        title: TitleId,
    },
    /// A round is over.
    Finished { round: Round },
    /// Somebody was nudged: cards of this round wait for them.
    Nudge { round: Round },
}

impl NoticeKind {
    fn of_match(found: &Match) -> Self {
        Self::Match { number: found.number, round: found.round, title: found.title.clone() }
    }
}

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Every card of the room. Of a match only older programs have left this; see [`Db::spread_notice`].
    Cards,
    /// One chat, by Telegram's id.
    Chat(i64),
    /// One person, who allowed it.
    Member(UserId),
}

/// A notice as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    room: RoomCode,
    #[serde(flatten)]
    what: NoticeKind,
    to: Target,
}

impl Job for Payload {
    const KIND: Kind = Kind::Notice;

    fn key(&self) -> String {
        let lane = self.lane();
        match &self.what {
            NoticeKind::CardStale => lane,
            NoticeKind::Match { number, round, title } => format!("{lane}/{}/{number}/{title}", round.get()),
            NoticeKind::Finished { round } | NoticeKind::Nudge { round } => {
                format!("{lane}/{}", round.get())
            }
        }
    }

    fn lane(&self) -> String {
        let room = self.room;
        match (&self.what, self.to) {
            (NoticeKind::CardStale, _) => format!("cards/{room}"),
            (NoticeKind::Finished { .. }, _) => format!("finished/{room}"),
            (NoticeKind::Nudge { .. }, Target::Member(member)) => format!("nudge/{member}/{room}"),
            // Nobody else is nudged.
            (NoticeKind::Nudge { .. }, Target::Cards | Target::Chat(_)) => format!("nudge/{room}"),
            (NoticeKind::Match { .. }, Target::Cards) => format!("match/{room}"),
            (NoticeKind::Match { .. }, Target::Chat(chat)) => format!("{}{room}", lanes_of_chat(chat)),
            (NoticeKind::Match { .. }, Target::Member(member)) => lane_of_member(room, member),
        }
    }

    fn member(&self) -> Option<UserId> {
        match self.to {
            Target::Member(member) => Some(member),
            Target::Cards | Target::Chat(_) => None,
        }
    }
}

/// What the lanes of one chat begin with. Its rooms follow.
fn lanes_of_chat(chat: i64) -> String {
    format!("chat/{chat}/")
}

/// Where the matches of one room wait for one person.
pub(super) fn lane_of_member(room: RoomCode, member: UserId) -> String {
    format!("member/{member}/{room}")
}

/// All that begins with this prefix, which ends in `/`, comes before this, and all else does not.
fn after(prefix: &str) -> String {
    // The character after the slash.
    format!("{}0", prefix.trim_end_matches('/'))
}

impl Payload {
    fn of(job: &Taken) -> Result<Self, DbError> {
        job.read()
    }
}

impl Notice {
    /// What a job asks to tell.
    pub fn of(job: &Taken) -> Result<Self, DbError> {
        let Payload { room, what, to } = Payload::of(job)?;
        Ok(Self { id: job.id, room, what, to, attempts: job.attempts()? })
    }
}

/// The title of a match that waits for somebody.
pub(super) fn title_of(payload: &str) -> Result<TitleId, DbError> {
    let corrupt = |cause: &dyn std::fmt::Display| DbError::corrupt("jobs.payload", cause);
    match serde_json::from_str(payload).map_err(|error| corrupt(&error))? {
        Payload { what: NoticeKind::Match { title, .. }, .. } => Ok(title),
        other => Err(corrupt(&format_args!("{other:?} is no match"))),
    }
}

/// How often members are told of the matches of one round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Often {
    EveryMatch,
    OnceARound,
}

impl Db {
    /// Takes the notices that are due, at most `limit`. One that a newer program wrote waits for it, and holds up nobody.
    pub async fn due_notices(&self, limit: usize, lease: Lease) -> Result<Vec<Notice>, DbError> {
        let taken = self.jobs(Kind::Notice).take(limit, lease).await?;
        Ok(taken.iter().filter_map(readable).collect())
    }

    /// A match that an older program left for all the room's cards becomes one for each group that has a card now, and is done.
    pub async fn spread_notice(&self, notice: &Notice, now: Timestamp) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        tx.notify_groups(notice.room, &notice.what, now).await?;
        tx.job_done(notice.id).await?;
        tx.commit().await?;
        self.jobs(Kind::Notice).say_news();
        Ok(())
    }

    /// Every match that a group is still to be told of, of all rooms, the oldest first, taken with this lease: for who tells
    /// them together. What another worker has is left to it.
    pub async fn matches_for_chat(&self, chat: i64, lease: Lease) -> Result<Vec<Notice>, DbError> {
        let prefix = lanes_of_chat(chat);
        let taken = self.jobs(Kind::Notice).take_between(&prefix, &after(&prefix), lease).await?;
        Ok(taken.iter().filter_map(readable).collect())
    }

    /// Somebody has to look at the room's cards: what was to be shown on them may not be. Nothing, for a room that is not
    /// projected yet: its projection will say so by itself.
    pub async fn cards_are_stale(&self, room: RoomCode, now: Timestamp) -> Result<(), DbError> {
        let known: Option<i64> =
            run!(self, |pool| sqlx::query_scalar("SELECT round FROM rooms WHERE code = $1")
                .bind(room.as_str())
                .fetch_optional(pool))?;
        if known.is_none() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        tx.card_is_stale(room, now).await?;
        tx.commit().await?;
        self.jobs(Kind::Notice).say_news();
        Ok(())
    }
}

/// A notice, unless a newer program wrote it.
fn readable(job: &Taken) -> Option<Notice> {
    let unreadable = |error: &DbError| tracing::error!(notice = job.id, %error, "a notice is left alone");
    Notice::of(job).inspect_err(unreadable).ok()
}

impl Tx {
    /// The room's cards show something old.
    pub(super) async fn card_is_stale(&mut self, room: RoomCode, now: Timestamp) -> Result<(), DbError> {
        let stale = Payload { room, what: NoticeKind::CardStale, to: Target::Cards };
        self.enqueue(&[stale.row()?], Again::Always, now).await
    }

    /// Enqueues notices of a match that is news: one for each group that has a card now, and one for each member who swiped in its round and
    /// wants notices. A card that comes later shows it. Members who only picked something get a notice of the first match of each round.
    /// A match that one person made alone is not announced.
    pub(super) async fn announce_match(
        &mut self,
        room: &Room,
        found: &Match,
        now: Timestamp,
    ) -> Result<(), DbError> {
        if !room.is_news(found) {
            return Ok(());
        }
        self.notify_groups(room.code(), &NoticeKind::of_match(found), now).await?;
        let ids =
            |members: &mut dyn Iterator<Item = &Member>| members.map(|member| member.id.get()).collect();
        let swiped: Vec<i64> = ids(&mut room.who_swiped(found.round));
        let picked: Vec<i64> = ids(&mut room.who_only_picked(found.round));
        self.notify_members(room, found, &swiped, Often::EveryMatch, now).await?;
        self.notify_members(room, found, &picked, Often::OnceARound, now).await
    }

    /// Each group that has a card of the room. Private chats are left out: their owner gets the notice as a member.
    async fn notify_groups(
        &mut self,
        room: RoomCode,
        what: &NoticeKind,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let groups: Vec<i64> = within!(&mut *self, |conn| {
            sqlx::query_scalar("SELECT chat FROM room_cards WHERE room = $1 AND chat < 0 ORDER BY id")
                .bind(room.as_str())
                .fetch_all(conn)
        })?;
        let jobs =
            groups.into_iter().map(|chat| Payload { room, what: what.clone(), to: Target::Chat(chat) }.row());
        let jobs: Vec<NewJob> = jobs.collect::<Result<_, _>>()?;
        self.enqueue(&jobs, Again::Never, now).await
    }

    /// As far as they want to hear of it.
    async fn notify_members(
        &mut self,
        room: &Room,
        found: &Match,
        members: &[i64],
        often: Often,
        now: Timestamp,
    ) -> Result<(), DbError> {
        if members.is_empty() {
            return Ok(());
        }
        let mut whom = self.who_wants_notices(room.code(), members).await?;
        if often == Often::OnceARound {
            let notified = self.who_was_notified(room.code(), &whom, found.round).await?;
            whom.retain(|member| !notified.contains(&member.get()));
        }
        let what = NoticeKind::of_match(found);
        let jobs = whom.into_iter().map(|member| {
            Payload { room: room.code(), what: what.clone(), to: Target::Member(member) }.row()
        });
        let jobs: Vec<NewJob> = jobs.collect::<Result<_, _>>()?;
        self.enqueue(&jobs, Again::Never, now).await
    }

    async fn who_wants_notices(&mut self, room: RoomCode, members: &[i64]) -> Result<Vec<UserId>, DbError> {
        let ids: Vec<i64> = within!(self, async |conn| {
            let mut select = QueryBuilder::new(
                "SELECT u.id FROM room_members m JOIN users u ON u.id = m.member
                 WHERE u.writes_allowed AND u.notifications
                     AND NOT EXISTS (SELECT 1 FROM room_mutes x WHERE x.room = m.room AND x.member = m.member)
                     AND m.room = ",
            );
            select.push_bind(room.as_str()).push(" AND u.id IN (");
            push_ids(&mut select, members);
            select.build_query_scalar().persistent(members.len() <= FEW_PEOPLE).fetch_all(conn).await
        })?;
        ids.into_iter().map(|id| user_id(id, "users.id")).collect()
    }

    /// Who of these was, or is to be, told of any match of this round.
    async fn who_was_notified(
        &mut self,
        room: RoomCode,
        members: &[UserId],
        round: Round,
    ) -> Result<Vec<i64>, DbError> {
        if members.is_empty() {
            return Ok(Vec::new());
        }
        Ok(within!(self, async |conn| {
            let mut select = QueryBuilder::new("SELECT DISTINCT member FROM jobs WHERE kind = ");
            select.push_bind(Kind::Notice.name()).push(" AND (");
            let mut keys = select.separated(" OR ");
            for member in members {
                let prefix = format!("{}/{}/", lane_of_member(room, *member), round.get());
                keys.push("(key >= ");
                keys.push_bind_unseparated(prefix.clone());
                keys.push_unseparated(" AND key < ");
                keys.push_bind_unseparated(after(&prefix));
                keys.push_unseparated(")");
            }
            select.push(")");
            select.build_query_scalar().persistent(false).fetch_all(conn).await
        })?)
    }

    /// Notices to those who were nudged after this entry of the log, as far as they want any: one for each person and round. Whether they are still
    /// waited for is asked again when it is sent.
    pub(super) async fn announce_nudges(
        &mut self,
        room: &Room,
        after: Seq,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let nudged: Vec<i64> =
            room.nudges().filter(|nudge| nudge.seq > after).map(|nudge| nudge.member.get()).collect();
        if nudged.is_empty() {
            return Ok(());
        }
        let (code, round) = (room.code(), room.round());
        let whom = self.who_wants_notices(code, &nudged).await?;
        let jobs = whom.into_iter().map(|member| {
            Payload { room: code, what: NoticeKind::Nudge { round }, to: Target::Member(member) }.row()
        });
        let jobs: Vec<NewJob> = jobs.collect::<Result<_, _>>()?;
        self.enqueue(&jobs, Again::Never, now).await
    }

    /// A round is over: once to the room's cards.
    pub(super) async fn announce_finish(
        &mut self,
        room: RoomCode,
        round: Round,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let finished = Payload { room, what: NoticeKind::Finished { round }, to: Target::Cards };
        self.enqueue(&[finished.row()?], Again::Never, now).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn notice(what: NoticeKind, to: Target) -> Payload {
        Payload { room: "R00M0001".parse().unwrap(), what, to }
    }

    fn matched(to: Target) -> Payload {
        let title = TitleId::new("tmdb-movie-603").unwrap();
        notice(NoticeKind::Match { number: 12, round: Round::new(2), title }, to)
    }

    /// What was written once has to be read for ever: change nothing here, add to it.
    #[test]
    fn a_notice_is_stored_as_it_always_was() {
        let member = Target::Member(UserId::new(7).unwrap());
        let stale = notice(NoticeKind::CardStale, Target::Cards);
        let finished = notice(NoticeKind::Finished { round: Round::new(2) }, Target::Cards);
        let of_match = |to: Value| json!({"room": "R00M0001", "what": "match", "number": 12, "round": 2, "title": "tmdb-movie-603", "to": to});
        for (payload, stored, lane, key) in [
            (
                stale,
                json!({"room": "R00M0001", "what": "card_stale", "to": "cards"}),
                "cards/R00M0001",
                "cards/R00M0001",
            ),
            (
                finished,
                json!({"room": "R00M0001", "what": "finished", "round": 2, "to": "cards"}),
                "finished/R00M0001",
                "finished/R00M0001/2",
            ),
            (
                notice(NoticeKind::Nudge { round: Round::new(2) }, member),
                json!({"room": "R00M0001", "what": "nudge", "round": 2, "to": {"member": 7}}),
                "nudge/7/R00M0001",
                "nudge/7/R00M0001/2",
            ),
            (
                matched(Target::Cards),
                of_match(json!("cards")),
                "match/R00M0001",
                "match/R00M0001/2/12/tmdb-movie-603",
            ),
            (
                matched(Target::Chat(-5)),
                of_match(json!({"chat": -5})),
                "chat/-5/R00M0001",
                "chat/-5/R00M0001/2/12/tmdb-movie-603",
            ),
            (
                matched(member),
                of_match(json!({"member": 7})),
                "member/7/R00M0001",
                "member/7/R00M0001/2/12/tmdb-movie-603",
            ),
        ] {
            let row = payload.row().unwrap();
            assert_eq!(serde_json::from_str::<Value>(&row.payload).unwrap(), stored);
            assert_eq!(serde_json::from_value::<Payload>(stored).unwrap(), payload);
            assert_eq!((row.lane.as_str(), row.key.as_str()), (lane, key));
        }
    }

    #[test]
    fn the_lanes_of_a_chat_are_a_range_with_nothing_else_in_it() {
        let (first, end) = (lanes_of_chat(-5), after(&lanes_of_chat(-5)));
        for (chat, within) in [(-5, true), (-50, false), (-4, false), (-6, false), (5, false)] {
            let lane = matched(Target::Chat(chat)).lane();
            assert_eq!(first <= lane && lane < end, within, "{lane}");
        }
        let member = matched(Target::Member(UserId::new(5).unwrap())).lane();
        assert!(member >= end || member < first);
    }
}
