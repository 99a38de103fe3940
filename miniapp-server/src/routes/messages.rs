//! A room's messages by pages.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use sovpalo_domain::room::Refusal;
use sovpalo_storage::{MessagePage, PAGE, Range};

use crate::{
    App,
    extract::{Caller, Code, Params},
    problem::{AnyProblem, Refused},
    wire,
};

/// Which messages are wanted. At most one of `before`, `after` and `changed_since`; none of them: the newest.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The last ones before this number.
    before: Option<u64>,
    /// The first ones after this number.
    after: Option<u64>,
    /// Those that are new or changed after this change, in the order of their changes.
    changed_since: Option<u64>,
    /// How many at most; 100 where it is absent or more.
    limit: Option<u64>,
}

impl Wanted {
    fn page(&self) -> Result<MessagePage, Refused> {
        let range = match (self.before, self.after, self.changed_since) {
            (None, None, None) => Range::Newest,
            (Some(number), None, None) => Range::Before(number),
            (None, Some(number), None) => Range::After(number),
            (None, None, Some(change)) => Range::ChangedSince(change),
            _ => return Err(Refused::invalid("before", "only one of before, after and changed_since")),
        };
        let limit = match self.limit {
            Some(0) => return Err(Refused::invalid("limit", "is at least 1")),
            limit => limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE),
        };
        Ok(MessagePage { range, limit })
    }
}

/// Messages of a room, for its members: oldest first, at most 100.
#[utoipa::path(get, path = "/api/rooms/{code}/messages", tag = "rooms",
    params(("code" = String, Path, description = "The invite code"), Wanted),
    responses((status = 200, body = wire::MessagePage), AnyProblem))]
pub(crate) async fn messages(
    State(app): State<Arc<App>>,
    caller: Caller,
    Code(code): Code,
    Params(wanted): Params<Wanted>,
) -> Result<Json<wire::MessagePage>, Refused> {
    let page = wanted.page()?;
    let live = app.open(code).await?;
    if !app.has_member(&live, caller.user).await? {
        return Err(Refused::Room(Refusal::NotAMember));
    }
    app.page_of(&live, caller.user, caller.language, page).await.map(Json)
}
