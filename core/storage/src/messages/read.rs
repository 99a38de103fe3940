//! The timeline by pages.

use sovpalo_domain::{ids::RoomCode, talk::Message};

use super::{
    super::{Db, DbError, within},
    column,
    row::{MessageRow, select_messages, with_reactions},
};

/// A page has at most this many messages, whatever is asked for.
pub const PAGE: usize = 100;

/// Which messages of a room are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessagePage {
    /// From where.
    pub range: Range,
    /// How many at most; [`PAGE`] where it is more.
    pub limit: usize,
}

/// From where a page goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Range {
    /// The newest ones.
    #[default]
    Newest,
    /// The last ones before this number.
    Before(u64),
    /// The first ones after this number.
    After(u64),
    /// Those that changed after this change, in the order of their changes.
    ChangedSince(u64),
}

/// Some messages of a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Oldest first; those that [changed](Range::ChangedSince) in the order of their changes.
    pub items: Vec<Message>,
    /// Whether there are more in the same direction.
    pub more: bool,
}

impl Db {
    /// A page of a room's timeline.
    pub async fn messages(&self, room: RoomCode, page: MessagePage) -> Result<Page, DbError> {
        let limit = page.limit.clamp(1, PAGE);
        // What no column can hold is after everything.
        let (sql, bound) = match page.range {
            Range::Newest => (BEFORE, i64::MAX),
            Range::Before(number) => (BEFORE, column(number)),
            Range::After(number) => (AFTER, column(number)),
            Range::ChangedSince(change) => (CHANGED_SINCE, column(change)),
        };
        let mut tx = self.snapshot().await?;
        let mut rows: Vec<MessageRow> = within!(&mut tx, |conn| sqlx::query_as(sql)
            .bind(room.as_str())
            .bind(bound)
            // One more says whether there are more.
            .bind(column(limit as u64 + 1))
            .fetch_all(conn))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        if matches!(page.range, Range::Newest | Range::Before(_)) {
            rows.reverse();
        }
        Ok(Page { items: with_reactions(&mut tx, room, rows).await?, more })
    }
}

const BEFORE: &str = select_messages!("WHERE room = $1 AND number < $2 ORDER BY number DESC LIMIT $3");
const AFTER: &str = select_messages!("WHERE room = $1 AND number > $2 ORDER BY number LIMIT $3");
const CHANGED_SINCE: &str = select_messages!("WHERE room = $1 AND change > $2 ORDER BY change LIMIT $3");
