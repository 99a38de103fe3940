//! Achievements: what somebody has earned by what they did with others.
//!
//! Each is one rule over counted facts ([`Stats`]). Facts only grow, so that what is earned stays earned. They are small presents on the
//! way, and no task: none asks for something that spoils an evening (skipping fast, talking much in little time, inviting strangers).

/// Counted facts about one person, over all of their rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Seconds for which they watched a film that played.
    pub seconds_watched: u64,
    /// Films that they have seen with somebody to the end.
    pub films_finished: u32,
    /// The most of these in one room.
    pub films_in_one_room: u32,
    pub rooms_created: u32,
    /// Rooms of others that they came into.
    pub rooms_joined: u32,
    /// Messages that they wrote, also those that are forgotten since.
    pub messages: u32,
    /// Cards that they swiped in rounds that are over.
    pub swipes: u32,
    /// Matches of titles that they liked.
    pub matches: u32,
    /// The most people who liked one of these.
    pub largest_match: u32,
}

/// What can be earned, in the order in which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Achievement {
    /// The first match.
    FirstMatch,
    /// Ten matches.
    OneMind,
    /// Fifty matches.
    MindReader,
    /// A match of five people or more.
    FullHouse,
    /// Two hundred cards swiped.
    Connoisseur,
    /// The first film that was seen together to the end.
    EndCredits,
    /// Two films in one room.
    DoubleFeature,
    /// Ten films.
    FilmClub,
    /// A day and a night of films.
    DayAndNight,
    /// Five rooms made.
    Host,
    /// Five rooms of others.
    WelcomeGuest,
    /// A hundred messages.
    Storyteller,
}

const DAY: u64 = 24 * 3600;

impl Achievement {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::FirstMatch,
        Self::OneMind,
        Self::MindReader,
        Self::FullHouse,
        Self::Connoisseur,
        Self::EndCredits,
        Self::DoubleFeature,
        Self::FilmClub,
        Self::DayAndNight,
        Self::Host,
        Self::WelcomeGuest,
        Self::Storyteller,
    ];

    /// What it is called where people do not read it. Stored, and part of the contract: it never changes.
    pub fn id(self) -> &'static str {
        match self {
            Self::FirstMatch => "first_match",
            Self::OneMind => "one_mind",
            Self::MindReader => "mind_reader",
            Self::FullHouse => "full_house",
            Self::Connoisseur => "connoisseur",
            Self::EndCredits => "end_credits",
            Self::DoubleFeature => "double_feature",
            Self::FilmClub => "film_club",
            Self::DayAndNight => "day_and_night",
            Self::Host => "host",
            Self::WelcomeGuest => "welcome_guest",
            Self::Storyteller => "storyteller",
        }
    }

    /// The one of this id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|achievement| achievement.id() == id)
    }

    /// The rule: how much of what has been done, and how much it takes.
    fn progress(self, stats: &Stats) -> (u64, u64) {
        let (done, needed): (u32, u32) = match self {
            Self::FirstMatch => (stats.matches, 1),
            Self::OneMind => (stats.matches, 10),
            Self::MindReader => (stats.matches, 50),
            Self::FullHouse => (stats.largest_match, 5),
            Self::Connoisseur => (stats.swipes, 200),
            Self::EndCredits => (stats.films_finished, 1),
            Self::DoubleFeature => (stats.films_in_one_room, 2),
            Self::FilmClub => (stats.films_finished, 10),
            Self::DayAndNight => return (stats.seconds_watched, DAY),
            Self::Host => (stats.rooms_created, 5),
            Self::WelcomeGuest => (stats.rooms_joined, 5),
            Self::Storyteller => (stats.messages, 100),
        };
        (done.into(), needed.into())
    }

    /// Whether these facts earn it.
    pub fn is_earned_by(self, stats: &Stats) -> bool {
        let (done, needed) = self.progress(stats);
        done >= needed
    }

    /// Whether any is earned by exactly so many messages: who counts one more need not ask about every one of them.
    pub fn is_due_at_message(messages: u32) -> bool {
        let only = |messages| Stats { messages, ..Stats::default() };
        let earned = |achievement: Self, messages| achievement.is_earned_by(&only(messages));
        let before = messages.saturating_sub(1);
        Self::ALL.into_iter().any(|each| earned(each, messages) && !earned(each, before))
    }
}

/// What these facts earn.
pub fn earned(stats: &Stats) -> impl Iterator<Item = Achievement> {
    Achievement::ALL.into_iter().filter(|achievement| achievement.is_earned_by(stats))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Facts that are one short of an achievement, and facts that earn it.
    fn edges() -> [(Achievement, Stats, Stats); 12] {
        let none = Stats::default();
        let matches = |matches| Stats { matches, ..none };
        let films = |films_finished| Stats { films_finished, ..none };
        let people = |largest_match| Stats { largest_match, ..none };
        let swipes = |swipes| Stats { swipes, ..none };
        let in_one_room = |films_in_one_room| Stats { films_in_one_room, ..none };
        let seconds = |seconds_watched| Stats { seconds_watched, ..none };
        let made = |rooms_created| Stats { rooms_created, ..none };
        let joined = |rooms_joined| Stats { rooms_joined, ..none };
        let messages = |messages| Stats { messages, ..none };
        [
            (Achievement::FirstMatch, none, matches(1)),
            (Achievement::OneMind, matches(9), matches(10)),
            (Achievement::MindReader, matches(49), matches(50)),
            (Achievement::FullHouse, people(4), people(5)),
            (Achievement::Connoisseur, swipes(199), swipes(200)),
            (Achievement::EndCredits, none, films(1)),
            (Achievement::DoubleFeature, in_one_room(1), in_one_room(2)),
            (Achievement::FilmClub, films(9), films(10)),
            (Achievement::DayAndNight, seconds(86_399), seconds(86_400)),
            (Achievement::Host, made(4), made(5)),
            (Achievement::WelcomeGuest, joined(4), joined(5)),
            (Achievement::Storyteller, messages(99), messages(100)),
        ]
    }

    #[test]
    fn each_achievement_is_earned_by_its_number_and_not_by_one_less() {
        for (achievement, short, enough) in edges() {
            assert!(!achievement.is_earned_by(&short), "{achievement:?} is earned too early");
            assert!(achievement.is_earned_by(&enough), "{achievement:?} is not earned");
        }
        let tried: BTreeSet<_> = edges().into_iter().map(|(achievement, ..)| achievement).collect();
        assert_eq!(tried.len(), Achievement::ALL.len(), "each of them is tried");
    }

    #[test]
    fn who_has_done_nothing_has_earned_nothing() {
        assert_eq!(earned(&Stats::default()).count(), 0);
    }

    #[test]
    fn each_achievement_has_an_id_of_its_own_by_which_it_is_found() {
        for achievement in Achievement::ALL {
            assert_eq!(Achievement::of_id(achievement.id()), Some(achievement));
        }
        assert_eq!(Achievement::of_id("no_such_thing"), None);
    }

    #[test]
    fn messages_are_due_where_a_rule_asks_for_so_many_and_nowhere_else() {
        let due: Vec<u32> = (0..1000).filter(|many| Achievement::is_due_at_message(*many)).collect();
        assert_eq!(due, [100]);
    }
}
