//! When a title matches, when a round is over, and who came nearest.
//!
//! Who counts: members who are *here*. Somebody *away* blocks nobody, but a like they gave still
//! is one. A match is something between people, so `Unanimous` and `Majority` want two likes at
//! least; otherwise the last person in a room would match with themselves. `AtLeast(k)` is
//! obeyed to the letter, also with `k` = 1.

use super::{
    Member, Phase, Ranked, Room, Rule, Standing, Verdict,
    event::Event,
    layout::Card,
    play::{Play, Votes},
};
use crate::ids::{TitleId, UserId};

/// One card's votes, and how many people they are of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    /// Members who are here.
    here: usize,
    votes: Votes,
}

impl Tally {
    pub(super) fn likes(self) -> usize {
        self.votes.here_likes + self.votes.away_likes
    }

    fn needed(self, rule: Rule) -> usize {
        match rule {
            Rule::Unanimous => (self.here + self.votes.away_likes).max(2),
            Rule::Majority => (self.here / 2 + 1).max(2),
            Rule::AtLeast(likes) => usize::from(likes),
        }
    }

    fn matches(self, rule: Rule) -> bool {
        self.here > 0 && self.likes() >= self.needed(rule)
    }
}

impl Room {
    pub(super) fn tally(&self, play: &Play, card: Card) -> Tally {
        Tally { here: self.here, votes: play.votes(card) }
    }

    /// How many like a title of the round that is played.
    pub(super) fn likes_of(&self, title: &TitleId) -> usize {
        let Some(play) = self.play() else { return 0 };
        play.place(title).map_or(0, |card| self.tally(play, card).likes())
    }

    /// What follows from the room as it is: matches nobody announced yet, and the end of the round.
    pub(super) fn consequences(&self) -> Vec<Event> {
        let Phase::Swiping(play) = &self.phase else { return Vec::new() };
        let found = (0..play.deck().len()).filter(|card| self.newly_matches(play, *card, None)).collect();
        self.announce(play, found, None)
    }

    /// What follows if a member swipes a card: the same, without looking at the other cards.
    pub(super) fn consequences_of_swipe(&self, member: UserId, card: Card, verdict: Verdict) -> Vec<Event> {
        let Phase::Swiping(play) = &self.phase else { return Vec::new() };
        let liked = (verdict == Verdict::Like).then_some(member);
        let found = if self.newly_matches(play, card, liked) { vec![card] } else { Vec::new() };
        self.announce(play, found, Some(member))
    }

    /// Whether a card matches that has not before; `liking` is about to like it.
    fn newly_matches(&self, play: &Play, card: Card, liking: Option<UserId>) -> bool {
        let mut tally = self.tally(play, card);
        match liking.and_then(|id| self.member(id)).map(|member| member.standing) {
            Some(Standing::Here) => tally.votes.here_likes += 1,
            Some(Standing::Away) => tally.votes.away_likes += 1,
            _ => {}
        }
        tally.matches(self.settings.rule) && !play.has_matched(card)
    }

    fn announce(&self, play: &Play, found: Vec<Card>, swiping: Option<UserId>) -> Vec<Event> {
        let wanted = self.settings.goal.wants();
        let already = self.matches_of_round().len();
        let mut events: Vec<Event> = found
            .into_iter()
            .take(wanted.saturating_sub(already))
            .map(|card| Event::Matched { title: play.deck()[card].clone() })
            .collect();
        if already + events.len() >= wanted || self.all_swiped(play, swiping) {
            events.push(Event::Finished);
        }
        events
    }

    /// Whether nobody who is here has a card left. One person alone does not end a round for those
    /// who are away: they may come back to it, or the host ends it.
    fn all_swiped(&self, play: &Play, swiping: Option<UserId>) -> bool {
        let done = |member: &&Member| {
            play.swiped(member.id) + usize::from(swiping == Some(member.id)) >= play.deck().len()
        };
        let mut here = self.present_members().filter(|member| member.standing == Standing::Here).peekable();
        here.peek().is_some()
            && here.all(|member| done(&member))
            && self.present_members().filter(done).count() >= self.present_members().count().min(2)
    }

    /// The deck by likes of those who belong to the room, most liked first, then in the deck's order.
    pub(super) fn rank(&self, play: &Play) -> Vec<Ranked> {
        let mut results: Vec<Ranked> = play
            .deck()
            .iter()
            .enumerate()
            .map(|(card, title)| Ranked {
                title: title.clone(),
                likes: u32::try_from(self.tally(play, card).likes()).unwrap_or(u32::MAX),
            })
            .collect();
        results.sort_by_key(|ranked| std::cmp::Reverse(ranked.likes));
        results
    }
}
