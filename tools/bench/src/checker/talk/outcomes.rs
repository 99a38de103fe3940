//! What was acknowledged is what SQL has in the end, unless the same person overtook it; and what SQL has, somebody asked
//! for.

use std::collections::BTreeSet;

use sovpalo_domain::{
    ids::UserId,
    talk::{Emoji, MessageKind, TalkCommand},
};

use super::{
    super::{
        history::{History, Moment},
        law::Law,
        violation::Findings,
    },
    committed::Committed,
    history::Received,
    message::Message,
    operations::{Invoked, all},
};

/// Checks every operation, and every row.
pub(super) fn check(
    history: &History,
    committed: &Committed<'_>,
    erased: &BTreeSet<UserId>,
    findings: &mut Findings<'_>,
) {
    for invoked in all(history).filter(|invoked| !erased.contains(&invoked.user())) {
        if invoked.acknowledged_at().is_some() {
            is_kept(history, &invoked, committed, findings);
        }
    }
    for row in committed.rows() {
        is_asked_for(history, row, findings);
    }
    said_in_order(history, committed, findings);
    read_marks(history, erased, findings);
}

/// What somebody said, by its author and key.
fn said_as<'a>(committed: &Committed<'a>, author: UserId, key: &str) -> Option<&'a Message> {
    committed.rows().find(|row| row.author == Some(author) && row.key.as_deref() == Some(key))
}

/// An acknowledged operation, against what SQL has.
fn is_kept(history: &History, done: &Invoked<'_>, committed: &Committed<'_>, findings: &mut Findings<'_>) {
    let user = done.user();
    let mut lost = |law: Law, number: Option<u64>, what: String| {
        let what = format!("{:?} was acknowledged, and {what}", done.command());
        findings.message(law, Some(done.phone), number, what);
    };
    let overtaken = |explains: &dyn Fn(&TalkCommand) -> bool| {
        all(history).any(|other| {
            other.user() == user && other.is_possible() && explains(other.command()) && other.may_follow(done)
        })
    };
    if let TalkCommand::Say { key, reply_to, .. } = done.command() {
        match said_as(committed, user, key.as_str()) {
            None => lost(Law::MessageLost, done.number(), "SQL does not have it".into()),
            Some(row) if row.reply_to != *reply_to => {
                lost(
                    Law::MessageChangeLost,
                    Some(row.number),
                    format!("SQL has it as a reply to {:?}", row.reply_to),
                );
            }
            Some(_) => {}
        }
        return;
    }
    let Some(number) = done.number() else { return };
    let Some(row) = committed.numbered(number) else {
        lost(Law::MessageLost, Some(number), format!("SQL has no message {number}"));
        return;
    };
    match done.command() {
        TalkCommand::Edit { text, .. } if !row.deleted && row.text != text.as_str() => {
            let by_another = |command: &TalkCommand| matches!(command, TalkCommand::Edit { number: of, text } if *of == number && text.as_str() == row.text);
            if !overtaken(&by_another) {
                lost(Law::MessageChangeLost, Some(number), format!("SQL's text is {:?}", row.text));
            }
        }
        TalkCommand::Unsay { .. } if !row.deleted => {
            lost(Law::MessageChangeLost, Some(number), "SQL has it still".into());
        }
        TalkCommand::React { emoji, .. } if !row.deleted => {
            let now = row.reaction_of(user);
            let wanted = emoji.as_ref().map(Emoji::as_str);
            let by_another = |command: &TalkCommand| matches!(command, TalkCommand::React { number: of, emoji } if *of == number && emoji.as_ref().map(Emoji::as_str) == now);
            if now != wanted && !overtaken(&by_another) {
                lost(Law::MessageChangeLost, Some(number), format!("SQL's reaction is {now:?}"));
            }
        }
        _ => {}
    }
}

/// A row, against what people asked for. What a row of somebody erased says is for another law.
fn is_asked_for(history: &History, row: &Message, findings: &mut Findings<'_>) {
    let number = row.number;
    let by_somebody = |who: UserId, explains: &dyn Fn(&TalkCommand) -> bool| {
        all(history).any(|op| op.user() == who && op.is_possible() && explains(op.command()))
    };
    let mut invented =
        |what: String| findings.message(Law::MessageInvented, None, Some(number), format!("SQL has {what}"));
    if let (Some(author), true) = (row.author, row.kind != MessageKind::System) {
        let said = |command: &TalkCommand| matches!(command, TalkCommand::Say { key, .. } if Some(key.as_str()) == row.key.as_deref());
        let in_these_words = |command: &TalkCommand| match command {
            TalkCommand::Say { text, .. } => said(command) && text.as_str() == row.text,
            TalkCommand::Edit { number: of, text } => *of == number && text.as_str() == row.text,
            _ => false,
        };
        let taken_back =
            |command: &TalkCommand| matches!(command, TalkCommand::Unsay { number: of } if *of == number);
        if !by_somebody(author, &said) {
            invented(format!("message {number} of {author}, who never said it"));
        } else if row.deleted && !by_somebody(author, &taken_back) {
            invented(format!("message {number} taken back, and {author} did not"));
        } else if row.deleted && !(row.text.is_empty() && row.reactions.is_empty()) {
            invented(format!("something left of message {number}, which was taken back"));
        } else if !row.deleted && !by_somebody(author, &in_these_words) {
            invented(format!("{:?} as message {number}, which {author} never wrote", row.text));
        }
    }
    for (emoji, who) in &row.reactions {
        for member in who {
            let reacted = |command: &TalkCommand| matches!(command, TalkCommand::React { number: of, emoji: Some(with) } if *of == number && with.as_str() == emoji);
            if !by_somebody(*member, &reacted) {
                invented(format!("{emoji} of {member} under message {number}, who never reacted so"));
            }
        }
    }
}

/// What was acknowledged before something else was first said has the smaller number.
fn said_in_order(history: &History, committed: &Committed<'_>, findings: &mut Findings<'_>) {
    let mut said: Vec<(u64, Invoked<'_>)> = all(history)
        .filter_map(|op| match op.command() {
            TalkCommand::Say { key, .. } => {
                said_as(committed, op.user(), key.as_str()).map(|row| (row.number, op))
            }
            _ => None,
        })
        .collect();
    said.sort_by_key(|(number, _)| *number);
    let mut later: Option<(Moment, u64)> = None;
    for (number, op) in said.into_iter().rev() {
        if let Some((answered, after)) = later
            && answered < op.operation.invoked_at
        {
            let what = format!("message {number} was first said after message {after} had been acknowledged");
            findings.message(Law::MessageOrder, Some(op.phone), Some(number), what);
        }
        if let Some(at) = op.acknowledged_at()
            && later.is_none_or(|(answered, _)| at < answered)
        {
            later = Some((at, number));
        }
    }
}

/// An acknowledged read mark is kept, and nobody was told of one that SQL never had. Who says something has read it.
fn read_marks(history: &History, erased: &BTreeSet<UserId>, findings: &mut Findings<'_>) {
    let mark = |member: UserId| history.rows.talk.marks.get(&member).copied().unwrap_or_default();
    for op in all(history).filter(|op| op.acknowledged_at().is_some() && !erased.contains(&op.user())) {
        let read = match op.command() {
            TalkCommand::Say { .. } | TalkCommand::Read { .. } => op.number().unwrap_or_default(),
            _ => 0,
        };
        let stands = mark(op.user());
        if read > stands {
            let what = format!("{:?} was acknowledged, and SQL's mark is {stands}", op.command());
            findings.message(Law::MessageChangeLost, Some(op.phone), Some(read), what);
        }
    }
    for phone in &history.phones {
        for received in &phone.talk.received {
            if let Received::Read { member, number } = received
                && !erased.contains(member)
                && *number > mark(*member)
            {
                let what = format!(
                    "it was told that {member} has read up to {number}, and SQL's mark is {}",
                    mark(*member)
                );
                findings.message(Law::MessageUncommitted, Some(phone), Some(*number), what);
            }
        }
    }
}
