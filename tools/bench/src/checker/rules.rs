//! When a title matches and when a round is over, worked out from the rules as people read them.
//!
//! Who is *here* counts. Who is *away* (gone for ten minutes) blocks nobody, and a like they gave is one. A match is
//! something between people: `unanimous` and `majority` want two likes at least, `at_least` is obeyed to the letter.

use sovpalo_domain::{
    ids::{TitleId, UserId},
    room::Standing,
};

use super::{
    fold::Fold,
    told::{Goal, Phase, Rule, Verdict},
};

/// The titles that match and have not been announced, in the deck's order; no more than the round still wants.
pub(crate) fn due(room: &Fold) -> Vec<TitleId> {
    if room.phase != Phase::Swiping {
        return Vec::new();
    }
    let matched = room.matched();
    let wanted = wanted(room).saturating_sub(matched.len());
    let fresh = room.deck.iter().filter(|title| !matched.contains(title) && matches(room, title));
    fresh.take(wanted).cloned().collect()
}

/// Whether a round that is being swiped has nothing left to do.
pub(crate) fn over(room: &Fold) -> bool {
    if room.phase != Phase::Swiping {
        return false;
    }
    if room.matched().len() >= wanted(room) {
        return true;
    }
    // One person alone ends no round for those who are away.
    let done = |id: &UserId| room.swiped(*id) >= room.deck.len();
    let people = room.belonging().count();
    let finished = room.belonging().filter(done).count();
    let here: Vec<UserId> = here(room).collect();
    !here.is_empty() && here.iter().all(done) && finished >= people.min(2)
}

/// Whether enough people like a title.
fn matches(room: &Fold, title: &TitleId) -> bool {
    let here: Vec<UserId> = here(room).collect();
    let everybody = here.iter().all(|id| room.verdict(*id, title) == Some(Verdict::Like));
    let likes = room.likes(title);
    let enough = match room.rule {
        Rule::Unanimous => everybody && likes >= 2,
        Rule::Majority => 2 * likes > here.len() && likes >= 2,
        Rule::AtLeast { likes: wanted } => likes >= wanted,
    };
    !here.is_empty() && enough
}

fn here(room: &Fold) -> impl Iterator<Item = UserId> {
    room.members.iter().filter(|(_, member)| member.standing == Standing::Here).map(|(id, _)| *id)
}

fn wanted(room: &Fold) -> usize {
    match room.goal {
        Goal::WholeDeck => usize::MAX,
        Goal::FirstMatch => 1,
        Goal::Matches { count } => count,
    }
}
