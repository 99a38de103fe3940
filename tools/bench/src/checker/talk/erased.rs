//! Nothing is left of the words of somebody who was erased: not what they said, nor how they reacted, nor how far they
//! had read.

use std::collections::BTreeSet;

use sovpalo_domain::{
    ids::UserId,
    room::{Event, PeopleEvent},
    talk::{MessageKind, TalkCommand},
};

use super::{
    super::{history::History, law::Law, violation::Findings},
    committed::Committed,
    operations::all,
};

/// Who was erased and did not come back as somebody new.
pub(super) fn erased(history: &History) -> BTreeSet<UserId> {
    let told = history.phones.iter().filter(|phone| phone.talk.erased_at.is_some()).map(|phone| phone.user);
    let mut erased: BTreeSet<UserId> = told.collect();
    for entry in &history.log {
        match &entry.event {
            Event::People(PeopleEvent::Erased { member, .. }) => drop(erased.insert(*member)),
            Event::People(PeopleEvent::Joined { member, .. }) => {
                let for_good = history
                    .phones
                    .iter()
                    .any(|phone| phone.user == *member && phone.talk.erased_at.is_some());
                if !for_good {
                    erased.remove(member);
                }
            }
            _ => {}
        }
    }
    erased
}

/// Checks the law.
pub(super) fn check(
    history: &History,
    committed: &Committed<'_>,
    erased: &BTreeSet<UserId>,
    findings: &mut Findings<'_>,
) {
    let mut left = |number: Option<u64>, what: String| {
        findings.message(Law::ErasedWords, None, number, what);
    };
    for row in committed.rows() {
        if row.kind == MessageKind::System {
            continue;
        }
        match row.author {
            Some(author) if erased.contains(&author) => {
                left(Some(row.number), format!("message {} is still {author}'s, who was erased", row.number));
            }
            None if !row.deleted
                || !row.text.is_empty()
                || row.key.is_some()
                || !row.reactions.is_empty() =>
            {
                left(Some(row.number), format!("message {} is nobody's, and not blank", row.number));
            }
            _ => {}
        }
        for who in row.reactions.values().flatten().filter(|who| erased.contains(who)) {
            left(Some(row.number), format!("{who}, who was erased, reacts to message {}", row.number));
        }
    }
    for who in history.rows.talk.marks.keys().filter(|who| erased.contains(who)) {
        left(None, format!("{who}, who was erased, has a read mark"));
    }
    for said in all(history).filter(|op| erased.contains(&op.user())) {
        if let (TalkCommand::Say { .. }, Some(number)) = (said.command(), said.number())
            && committed.numbered(number).is_none()
        {
            left(Some(number), format!("the place of message {number} is gone, whose author was erased"));
        }
    }
}
