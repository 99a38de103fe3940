//! When a title matches, when a round is over, and who came nearest.
//!
//! Who counts: members who are *here*. Somebody *away* blocks nobody, but a like they gave still
//! is one. A match is something between people, so `Unanimous` and `Majority` want two likes at
//! least; otherwise the last person in a room would match with themselves. `AtLeast(k)` is
//! obeyed to the letter, also with `k` = 1. A title that somebody vetoed matches no more, however many like it.

use super::{
    Member, People, Phase, Ranked, Standing, Swiping, SwipingEvent, Verdict,
    layout::Card,
    play::{Play, Votes},
};
use crate::{
    ids::{Timestamp, TitleId, UserId},
    room::Rule,
};

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

impl Swiping {
    fn tally(people: &People, play: &Play, card: Card) -> Tally {
        Tally { here: people.here(), votes: play.votes(card) }
    }

    /// How many like a title of the round that is played.
    pub(super) fn likes_of(&self, people: &People, title: &TitleId) -> usize {
        let Some(play) = self.play() else { return 0 };
        play.place(title).map_or(0, |card| Self::tally(people, play, card).likes())
    }

    /// A card's likes as they are counted, of those who are here and of those who are away, and whether it has matched.
    #[cfg(test)]
    pub(in crate::room) fn counted(&self, title: &TitleId) -> Option<([usize; 2], bool)> {
        let play = self.play()?;
        let card = play.place(title)?;
        let votes = play.votes(card);
        Some(([votes.here_likes, votes.away_likes], play.has_matched(card)))
    }

    /// What follows from the room as it is: matches nobody announced yet, and the end of the round. When its time is up, only that.
    pub(in crate::room) fn consequences(&self, people: &People, now: Timestamp) -> Vec<SwipingEvent> {
        let Phase::Swiping(play) = &self.phase else { return Vec::new() };
        if self.is_time_up(now) {
            return vec![SwipingEvent::Finished];
        }
        let found =
            (0..play.deck().len()).filter(|card| self.newly_matches(people, play, *card, None)).collect();
        self.announce(people, play, found, None)
    }

    /// What follows if a member swipes a card: the same, without looking at the other cards.
    pub(super) fn consequences_of_swipe(
        &self,
        people: &People,
        member: UserId,
        card: Card,
        verdict: Verdict,
    ) -> Vec<SwipingEvent> {
        let Phase::Swiping(play) = &self.phase else { return Vec::new() };
        let liked = verdict.is_like().then_some(member);
        let matches = verdict != Verdict::Veto && self.newly_matches(people, play, card, liked);
        let found = if matches { vec![card] } else { Vec::new() };
        self.announce(people, play, found, Some((member, card)))
    }

    /// Whether a card matches that has not before; `liking` is about to like it.
    fn newly_matches(&self, people: &People, play: &Play, card: Card, liking: Option<UserId>) -> bool {
        let mut tally = Self::tally(people, play, card);
        match liking.map(|id| people.standing(id)) {
            Some(Standing::Here) => tally.votes.here_likes += 1,
            Some(Standing::Away) => tally.votes.away_likes += 1,
            _ => {}
        }
        tally.matches(self.settings.rule) && !play.has_matched(card) && !play.is_vetoed(card)
    }

    fn announce(
        &self,
        people: &People,
        play: &Play,
        found: Vec<Card>,
        swiping: Option<(UserId, Card)>,
    ) -> Vec<SwipingEvent> {
        let wanted = self.settings.goal.wants();
        let already = self.matches_of_round().len();
        let mut events: Vec<SwipingEvent> = found
            .into_iter()
            .take(wanted.saturating_sub(already))
            .map(|card| SwipingEvent::Matched { title: play.deck()[card].clone() })
            .collect();
        if already + events.len() >= wanted || Self::all_swiped(people, play, swiping) {
            events.push(SwipingEvent::Finished);
        }
        events
    }

    /// Whether nobody who is here has a card left. One person alone does not end a round for those
    /// who are away: they may come back to it, or the host ends it.
    fn all_swiped(people: &People, play: &Play, swiping: Option<(UserId, Card)>) -> bool {
        let done = |member: &&Member| {
            let swiped = match swiping {
                Some((who, card)) if who == member.id => play.swiped_with(who, card),
                _ => play.swiped(member.id),
            };
            swiped >= play.deck().len()
        };
        let mut here = people.present().filter(|member| member.standing == Standing::Here).peekable();
        here.peek().is_some()
            && here.all(|member| done(&member))
            && people.present().filter(done).count() >= people.present().count().min(2)
    }

    /// The deck by likes of those who belong to the room, most liked first, then in the deck's order. What was vetoed is not in it.
    pub(super) fn rank(people: &People, play: &Play) -> Vec<Ranked> {
        let mut results: Vec<Ranked> = play
            .deck()
            .iter()
            .enumerate()
            .filter(|(card, _)| !play.is_vetoed(*card) || play.has_matched(*card))
            .map(|(card, title)| Ranked {
                title: title.clone(),
                likes: u32::try_from(Self::tally(people, play, card).likes()).unwrap_or(u32::MAX),
            })
            .collect();
        results.sort_by_key(|ranked| std::cmp::Reverse(ranked.likes));
        results
    }
}
