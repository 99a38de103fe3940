//! The fifth law: SQL holds what the log says, as far as it has been carried over, and all that SQL keeps has been.

use sovpalo_domain::{
    ids::TitleId,
    room::{Room, Standing},
};

use super::{
    history::{History, MatchRow, Place},
    law::Law,
    violation::Findings,
    wire::Phase,
};

/// Checks the law.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let Some(row) = &history.rows.room else {
        findings.room(Law::SqlAgrees, None, "SQL has never heard of the room");
        return;
    };
    let Place { epoch, seq } = row.projected;
    let carried = usize::try_from(seq.get()).unwrap_or(usize::MAX);
    if epoch != history.epoch || carried > history.log.len() {
        let what = format!("SQL holds {} of the log of epoch {:08x}", row.projected, history.epoch.get());
        findings.room(Law::SqlAgrees, None, what);
        return;
    }
    if let Some(left) = history.log.iter().skip(carried).position(|entry| entry.event.is_durable()) {
        let what = format!("SQL stands at seq {seq} and has not heard of what follows");
        findings.room(Law::SqlAgrees, Some((carried + left) as u64 + 1), what);
        return;
    }
    let Ok(room) = Room::replay(&history.log[..carried]) else {
        findings.room(Law::SqlAgrees, None, "SQL stands before the beginning of the log");
        return;
    };
    rows_as_logged(history, &room, findings);
}

/// Whether everything that SQL keeps has been carried over, and whoever erased themselves is taken out of the log.
pub(crate) fn caught_up(history: &History) -> bool {
    history.rows.room.as_ref().is_some_and(|row| {
        let carried = usize::try_from(row.projected.seq.get()).unwrap_or(usize::MAX);
        row.projected.epoch == history.epoch
            && !history.log.iter().skip(carried).any(|entry| entry.event.is_durable())
            && history.rows.erasures == 0
    })
}

fn rows_as_logged(history: &History, room: &Room, findings: &mut Findings<'_>) {
    let rows = &history.rows;
    let mut compare = |what: &str, stored: String, logged: String| {
        if stored != logged {
            let seq = rows.room.as_ref().map(|row| row.projected.seq.get());
            findings.room(Law::SqlAgrees, seq, format!("{what}: SQL has {stored}, the log {logged}"));
        }
    };
    if let Some(row) = &rows.room {
        let logged = (Phase::from(room.phase()), room.round(), room.host());
        compare(
            "phase, round and host",
            format!("{:?}", (row.phase, row.round, row.host)),
            format!("{logged:?}"),
        );
        let logged = (room.present_members().count(), room.matches().len());
        compare(
            "members and matches",
            format!("{:?}", (row.member_count, row.match_count)),
            format!("{logged:?}"),
        );
    }
    let mut stored: Vec<(i64, &str, &[TitleId])> =
        rows.members.iter().map(|row| (row.member.get(), row.standing.as_str(), &row.picks[..])).collect();
    stored.sort_unstable();
    let mut logged: Vec<(i64, &str, &[TitleId])> = room
        .members()
        .iter()
        .map(|member| (member.id.get(), word(member.standing), room.picks_of(member.id)))
        .collect();
    logged.sort_unstable();
    compare("everybody", format!("{stored:?}"), format!("{logged:?}"));
    let mut stored: Vec<&MatchRow> = rows.matches.iter().collect();
    stored.sort_unstable_by_key(|row| row.number);
    let stored: Vec<_> = stored.iter().map(|row| (row.number, row.round.get(), &row.title)).collect();
    let logged: Vec<_> = room.matches().iter().map(|m| (m.number, m.round.get(), &m.title)).collect();
    compare("matches", format!("{stored:?}"), format!("{logged:?}"));
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Here => "here",
        Standing::Away => "away",
        Standing::Left => "left",
        Standing::Removed => "removed",
    }
}
