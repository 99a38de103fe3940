//! Which refresh tokens of a session are good.
//!
//! A session has one chain of refresh tokens for each time that its launch signed in, so that two pages with the same launch data
//! never spend each other's tokens. Generations are counted over all chains: no two tokens of a session are alike.
//!
//! A session keeps at most [`MOST_CHAINS`]. A page that is loaded again and again where nothing can be stored begins a new one each
//! time; the chain that was used longest ago then makes room, since its page is gone.

use std::time::Duration;

use sovpalo_domain::ids::Timestamp;
use sovpalo_storage::Chain;

use super::copy::Alive;

/// So many pages with the same launch data may be open at the same time.
const MOST_CHAINS: usize = 32;

/// What a refresh token of a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presented {
    /// The good one of its chain, or one that the store has not heard of yet, which we made.
    Good,
    /// The last of its chain that was spent, not long ago: its answer may have been lost. It was replaced so.
    JustSpent(Chain),
    /// Spent before: somebody else may have it, too.
    Reused,
}

impl Alive {
    /// One more page signs in. Says the generation of its refresh token.
    pub(super) fn begin_chain(&mut self, now: Timestamp) -> u32 {
        let mut chains = self.chains();
        let current = self.next_generation(0, now);
        if chains.len() >= MOST_CHAINS
            && let Some(oldest) = (0..chains.len()).min_by_key(|at| chains[*at].rotated_at)
        {
            chains.remove(oldest);
        }
        chains.push(Chain { current, spent: None, rotated_at: now });
        self.chains = chains;
        current
    }

    /// What the token of a generation is, `now`.
    pub(super) fn judge(&self, generation: u32, now: Timestamp, grace: Duration) -> Presented {
        let chains = self.chains();
        if generation > self.generation || chains.iter().any(|chain| chain.current == generation) {
            return Presented::Good;
        }
        match chains.into_iter().find(|chain| chain.spent == Some(generation)) {
            Some(chain) if now.since(chain.rotated_at) <= grace => Presented::JustSpent(chain),
            _ => Presented::Reused,
        }
    }

    /// Replaces a [good](Presented::Good) token. Says the generation of the one that is good now.
    pub(super) fn rotate(&mut self, spent: u32, now: Timestamp) -> u32 {
        let mut chains = self.chains();
        let current = self.next_generation(spent, now);
        let next = Chain { current, spent: Some(spent), rotated_at: now };
        match chains.iter_mut().find(|chain| chain.current == spent) {
            Some(chain) => *chain = next,
            // The store was behind: what it knew is older than this, of whichever chain.
            None => chains = vec![next],
        }
        self.chains = chains;
        current
    }

    fn next_generation(&mut self, above: u32, now: Timestamp) -> u32 {
        self.generation = self.generation.max(above).saturating_add(1);
        self.rotated_at = now;
        self.generation
    }

    /// A session that an older version wrote has one chain, and names it by its generation alone.
    fn chains(&self) -> Vec<Chain> {
        if self.chains.iter().any(|chain| chain.current == self.generation) {
            return self.chains.clone();
        }
        let (current, rotated_at) = (self.generation, self.rotated_at);
        vec![Chain { current, spent: current.checked_sub(1), rotated_at }]
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::{ids::UserId, language::Language};
    use sovpalo_storage::{Person, User};

    use super::*;

    const GRACE: Duration = Duration::from_secs(30);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_790_000_000_000 + 1000 * seconds)
    }

    /// As signing in opens it, at the beginning.
    fn opened() -> Alive {
        let id = UserId::new(7).unwrap();
        let person =
            Person { id, first_name: "Anna".into(), last_name: None, username: None, photo_url: None };
        let owner =
            User { person, language: Language::En, notifications: true, writes_allowed: false, region: None };
        Alive {
            owner,
            generation: 0,
            rotated_at: at(0),
            chains: vec![Chain { current: 0, spent: None, rotated_at: at(0) }],
            created_at: at(0),
            ip: String::new(),
            user_agent: String::new(),
            expires_at: at(1000),
        }
    }

    #[test]
    fn pages_with_the_same_launch_do_not_spend_each_others_tokens() {
        let mut session = opened();
        let other = session.begin_chain(at(1));
        let first = session.rotate(0, at(2));
        let second = session.rotate(other, at(500));
        for generation in [first, second] {
            assert_eq!(session.judge(generation, at(999), GRACE), Presented::Good, "token {generation}");
        }
        let lost = session.judge(other, at(529), GRACE);
        assert!(matches!(lost, Presented::JustSpent(Chain { current, .. }) if current == second), "{lost:?}");
        assert_eq!(session.judge(0, at(529), GRACE), Presented::Reused, "the first page's, spent long ago");
    }

    #[test]
    fn a_token_newer_than_what_is_known_leaves_nothing_older_good() {
        let mut session = opened();
        let other = session.begin_chain(at(1));
        assert_eq!(session.judge(9, at(2), GRACE), Presented::Good);
        let next = session.rotate(9, at(2));
        assert_eq!(next, 10);
        for older in [0, other] {
            assert_eq!(session.judge(older, at(3), GRACE), Presented::Reused);
        }
    }

    #[test]
    fn the_chain_that_was_used_longest_ago_makes_room() {
        let mut session = opened();
        for page in 0..MOST_CHAINS {
            session.begin_chain(at(10 + i64::try_from(page).unwrap()));
        }
        assert_eq!(session.chains.len(), MOST_CHAINS);
        assert_eq!(session.judge(0, at(99), GRACE), Presented::Reused);
        assert_eq!(session.judge(1, at(99), GRACE), Presented::Good);
    }

    #[test]
    fn a_session_of_an_older_version_goes_on() {
        let legacy = Alive { generation: 4, rotated_at: at(5), chains: vec![], ..opened() };
        assert_eq!(legacy.judge(4, at(6), GRACE), Presented::Good);
        assert!(matches!(legacy.judge(3, at(6), GRACE), Presented::JustSpent(Chain { current: 4, .. })));
        assert_eq!(legacy.judge(2, at(6), GRACE), Presented::Reused);
        // An older node refreshed what a newer one had written, and left the chains as they were.
        let passed_over = Alive { generation: 4, rotated_at: at(5), ..opened() };
        assert_eq!(passed_over.judge(4, at(6), GRACE), Presented::Good);
        assert_eq!(passed_over.judge(0, at(6), GRACE), Presented::Reused);
    }
}
