//! The rooms that anybody can find: those whose hosts want it, that can be joined, and where something has happened lately.
//!
//! It takes two queries, however many rooms there are. Fullest first: where people are is where one wants to be. What a room is searched by
//! is written with it by the projector, in the form that [`searched`] gives it, since SQLite changes the case of ASCII only.

use std::time::Duration;

use sovpalo_domain::{
    ids::{Timestamp, UserId},
    room::Access,
};
use sqlx::types::Json;

use super::{
    Db, DbError,
    column::{ago, limit as rows},
    room_list::{Listed, ListedMember, RoomInList, by_room},
    within,
};

/// A room in which nothing happened for so long is not listed.
pub const IDLE_IS_LISTED: Duration = Duration::from_secs(24 * 3600);
/// One whose round is over and in which nothing is shown is listed for so long only: most likely everybody has gone.
pub const FINISHED_IS_LISTED: Duration = Duration::from_secs(3600);

/// What somebody looks for.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// Part of a room's name, or of what is shown in it; empty: all.
    pub text: &'a str,
    /// So many of the fullest are left out: they were on an earlier page.
    pub skip: usize,
    pub limit: usize,
}

/// A room that anybody can find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomToFind {
    /// As any list shows it; without its people if it has a password, which are nobody's business before.
    pub listed: RoomInList,
    pub access: Access,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    listed: Listed,
    access: Option<Json<Access>>,
}

/// Text in the form in which it is searched: lower case, with one spelling of ё and of a space. `parts` are on a line each.
pub(super) fn searched(parts: &[&str]) -> String {
    let lines = parts.iter().map(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        words.join(" ").to_lowercase().replace('ё', "е").replace('\0', "")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A pattern that fits whatever has this text in it, and in which nothing that was typed is a wildcard.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in searched(&[text]).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Selects the rooms that `$1` can find: `select_found!("columns", "joins")`. `$2` and `$3` are the moments after which something has to have
/// happened, `$4` is the pattern, `$5` and `$6` are the page.
macro_rules! select_found {
    ($columns:literal, $joins:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM rooms r ",
            $joins,
            " WHERE r.listed AND NOT r.hidden AND r.member_count > 0 AND r.member_count < r.capacity
                 AND r.updated_at > $2
                 AND (r.phase <> 'finished' OR r.screen_playing IS NOT NULL OR r.updated_at > $3)
                 AND r.searched LIKE $4 ESCAPE '\\'
                 AND NOT EXISTS (SELECT 1 FROM room_members x
                     WHERE x.room = r.code AND x.member = $1 AND x.standing = 'removed')
             ORDER BY r.member_count DESC, r.updated_at DESC, r.code LIMIT $5 OFFSET $6"
        )
    };
}

impl Db {
    /// The rooms that somebody can find and join, the fullest first.
    pub async fn rooms_to_find(
        &self,
        who: UserId,
        search: Search<'_>,
        now: Timestamp,
    ) -> Result<Vec<RoomToFind>, DbError> {
        let (idle, finished) = (ago(IDLE_IS_LISTED, now), ago(FINISHED_IS_LISTED, now));
        let pattern = pattern(search.text);
        let mut tx = self.snapshot().await?;
        let found: Vec<Found> = within!(&mut tx, |conn| sqlx::query_as(select_found!(
            "r.code, r.name, r.phase, r.round, r.host, r.member_count, r.match_count, r.created_at,
             r.updated_at, r.screen_title, r.screen_playing, r.access, f.title AS last_title,
             t.text AS last_text",
            "LEFT JOIN room_matches f ON f.room = r.code AND f.number = r.match_count
             LEFT JOIN room_texts t ON t.room = f.room AND t.title = f.title"
        ))
        .bind(who.get())
        .bind(idle)
        .bind(finished)
        .bind(&pattern)
        .bind(rows(search.limit))
        .bind(rows(search.skip))
        .fetch_all(conn))?;
        let members: Vec<ListedMember> = within!(&mut tx, |conn| sqlx::query_as(concat!(
            "SELECT p.room, p.member, p.name, p.photo_url FROM room_members p
             WHERE p.room IN (",
            select_found!("r.code", ""),
            ") AND p.standing IN ('here', 'away')
                 AND NOT EXISTS (SELECT 1 FROM erased_users e WHERE e.id = p.member)
                 AND NOT (p.name = '' AND EXISTS (SELECT 1 FROM room_erasures d
                     WHERE d.room = p.room AND d.member = p.member))
             ORDER BY p.room, p.position"
        ))
        .bind(who.get())
        .bind(idle)
        .bind(finished)
        .bind(&pattern)
        .bind(rows(search.limit))
        .bind(rows(search.skip))
        .fetch_all(conn))?;
        let mut people = by_room(members)?;
        let shown = found.into_iter().map(|Found { listed, access }| {
            let access = access.map(|access| access.0).unwrap_or_default();
            let mut listed = listed.room(&mut people)?;
            if access.password.is_some() {
                listed.members.clear();
            }
            Ok(RoomToFind { listed, access })
        });
        shown.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_a_wildcard() {
        assert_eq!(pattern(r"50%_\ Ёлки"), r"%50\%\_\\ елки%");
        assert_eq!(pattern("  "), "%%", "nothing but spaces finds all");
    }
}
