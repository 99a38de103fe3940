//! What SQL must do, as sentences. Each one runs on SQLite and on PostgreSQL, in a database of its own.

mod cards;
mod carried_over;
mod chat_budget;
mod connect;
mod due_rounds;
mod histories;
mod jobs;
mod kept_titles;
mod messages;
mod notices;
mod own_titles;
#[cfg(unix)]
mod pgbouncer;
mod private_messages;
mod reports;
mod room_history;
mod room_list;
mod rooms;
mod rooms_to_find;
mod sessions;
mod stats;
mod titles;
mod unmatched_rounds;
mod updates;
mod users;

use crate::{
    contract,
    testing::{
        Bench, NAMES, at, lease, on_empty_postgres, on_postgres, on_sqlite, server_url, story, tamper,
        tell_all, user,
    },
};
