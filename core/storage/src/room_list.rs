//! The list of somebody's rooms, with who is in each and what it matched last.
//!
//! It takes two queries, however many rooms there are: one for the rooms, one for everybody in them. Both see the same moment.

use std::collections::HashMap;

use sovpalo_domain::{
    ids::{RoomCode, TitleId, UserId},
    room::Profile,
};

use super::{
    Db, DbError,
    column::{limit as rows, room_code, title_id, user_id},
    rooms::{ListedRoom, RoomRow},
    within,
};

/// A room in the list of one of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomInList {
    /// The room itself.
    pub row: RoomRow,
    /// Who is in it, in the order in which they came. Nobody who left, was removed or erased themselves.
    pub members: Vec<(UserId, Profile)>,
    /// Its newest match.
    pub last_match: Option<LastMatch>,
    /// What is shown in it; `None`: nothing is.
    pub screen: Option<ListedScreen>,
}

/// What is shown in a room of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedScreen {
    /// What it is called, if that is known.
    pub title: Option<String>,
    pub playing: bool,
}

/// A room's newest match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastMatch {
    /// The title.
    pub title: TitleId,
    /// How the title was typed in that room, if it was.
    pub text: Option<String>,
}

/// Selects what is in the list of the member `$1`, at most `$2` rooms, the newest first: `select_mine!("columns", "joins")`.
macro_rules! select_mine {
    ($columns:literal, $joins:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM room_members m JOIN rooms r ON r.code = m.room ",
            $joins,
            " WHERE m.member = $1 AND m.standing IN ('here', 'away')
             ORDER BY r.created_at DESC, r.code LIMIT $2"
        )
    };
}

#[derive(sqlx::FromRow)]
pub(super) struct Listed {
    #[sqlx(flatten)]
    room: ListedRoom,
    last_title: Option<String>,
    last_text: Option<String>,
    screen_title: Option<String>,
    screen_playing: Option<bool>,
}

impl Listed {
    pub(super) fn room(self, people: &mut People) -> Result<RoomInList, DbError> {
        let row = self.room.row()?;
        let last_match = match self.last_title {
            Some(title) => {
                Some(LastMatch { title: title_id(&title, "room_matches.title")?, text: self.last_text })
            }
            None => None,
        };
        let screen = self.screen_playing.map(|playing| ListedScreen { title: self.screen_title, playing });
        Ok(RoomInList { members: people.remove(&row.code).unwrap_or_default(), row, last_match, screen })
    }
}

pub(super) type People = HashMap<RoomCode, Vec<(UserId, Profile)>>;

#[derive(sqlx::FromRow)]
pub(super) struct ListedMember {
    room: String,
    member: i64,
    name: String,
    photo_url: Option<String>,
}

impl Db {
    /// The rooms somebody belongs to, the newest first, as a list shows them.
    pub async fn room_list(&self, user: UserId, limit: usize) -> Result<Vec<RoomInList>, DbError> {
        let mut tx = self.snapshot().await?;
        let listed: Vec<Listed> = within!(&mut tx, |conn| sqlx::query_as(select_mine!(
            "r.code, r.name, r.phase, r.round, r.host, r.member_count, r.match_count, r.created_at,
             r.updated_at, r.screen_title, r.screen_playing, f.title AS last_title, t.text AS last_text",
            "LEFT JOIN room_matches f ON f.room = r.code AND f.number = r.match_count
             LEFT JOIN room_texts t ON t.room = f.room AND t.title = f.title"
        ))
        .bind(user.get())
        .bind(rows(limit))
        .fetch_all(conn))?;
        // Somebody who erased themselves is in a room's log for a little longer, without a name.
        let members: Vec<ListedMember> = within!(&mut tx, |conn| sqlx::query_as(concat!(
            "SELECT p.room, p.member, p.name, p.photo_url FROM room_members p
             WHERE p.room IN (",
            select_mine!("r.code", ""),
            ") AND p.standing IN ('here', 'away')
                 AND NOT EXISTS (SELECT 1 FROM erased_users e WHERE e.id = p.member)
                 AND NOT (p.name = '' AND EXISTS (SELECT 1 FROM room_erasures d
                     WHERE d.room = p.room AND d.member = p.member))
             ORDER BY p.room, p.position"
        ))
        .bind(user.get())
        .bind(rows(limit))
        .fetch_all(conn))?;
        let mut people = by_room(members)?;
        listed.into_iter().map(|listed| listed.room(&mut people)).collect()
    }
}

pub(super) fn by_room(members: Vec<ListedMember>) -> Result<People, DbError> {
    let mut people = People::new();
    for member in members {
        let profile = Profile { name: member.name, photo_url: member.photo_url };
        let of_room = people.entry(room_code(&member.room, "room_members.room")?).or_default();
        of_room.push((user_id(member.member, "room_members.member")?, profile));
    }
    Ok(people)
}
