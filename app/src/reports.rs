//! `sovpalo reports`: what people say against rooms, and hiding one of them from the rooms to find.

use anyhow::{Context, bail};
use sovpalo_domain::ids::RoomCode;
use sovpalo_storage::{Db, ReportedRoom};

use crate::{
    chore,
    config::{Config, ReportOptions},
};

/// So many rooms are listed, the most reported first.
const LISTED: usize = 50;

/// Lists them, or does what is asked with one.
pub(crate) async fn see_to(config: Config, options: &ReportOptions) -> anyhow::Result<()> {
    let db = chore::open(config).await?;
    match (&options.hide, &options.show) {
        (Some(code), _) => set(&db, code, true).await,
        (None, Some(code)) => set(&db, code, false).await,
        (None, None) => {
            let reported = db.reported_rooms(LISTED).await.context("the reports cannot be read")?;
            if reported.is_empty() {
                println!("Nothing is reported.");
            }
            for room in &reported {
                println!("{}", line(room));
            }
            Ok(())
        }
    }
}

async fn set(db: &Db, code: &str, hidden: bool) -> anyhow::Result<()> {
    let room: RoomCode = code.parse().ok().with_context(|| format!("{code:?} is no room's code"))?;
    if !db.hide_room(room, hidden).await.context("the room cannot be changed")? {
        bail!("there is no room {room}");
    }
    println!("{room} {}; its reports are seen to.", if hidden { "is hidden" } else { "may be found" });
    Ok(())
}

/// One line, whatever people wrote: neither a name nor a reason has a line break or a sign that a terminal obeys.
fn line(room: &ReportedRoom) -> String {
    let ReportedRoom { room, name, hidden, reports, last_reason, .. } = room;
    let hidden = if *hidden { ", hidden" } else { "" };
    format!("{room}  reports: {reports}{hidden}  {}: {}", name.escape_debug(), last_reason.escape_debug())
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::ids::Timestamp;

    use super::*;

    #[test]
    fn a_report_is_one_line_and_moves_no_cursor() {
        let room = ReportedRoom {
            room: "R00M0001".parse().unwrap(),
            name: "Киновечер".to_owned(),
            hidden: true,
            reports: 2,
            last_reason: "spam\u{1b}[2J\nmore".to_owned(),
            last_at: Timestamp::default(),
        };
        assert_eq!(line(&room), r"R00M0001  reports: 2, hidden  Киновечер: spam\u{1b}[2J\nmore");
    }
}
