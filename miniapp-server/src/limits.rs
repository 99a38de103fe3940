//! How much anybody may ask for.
//!
//! What is counted over all nodes goes through the hot layer. Room commands are counted here, per user and per node: a swipe
//! must not cost a second round trip.
//!
//! While the hot layer is away, calls are not counted, since there is little that they could do; signing in is refused,
//! since guessing must never be free.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota as Pace, clock::Clock as _};
use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_live::{
    hot::{HotError, Quota, RateLimit, Spent},
    rates::Rates,
};

use crate::{listen::address::Neighbourhood, lobby::LobbyPace, problem::Refused, wire::Command};

const MINUTE: Duration = Duration::from_secs(60);
/// A household shares one address, and each of its phones has an allowance of its own.
const PER_ADDRESS: u32 = 10;
/// Room commands per user and second.
const COMMANDS: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Passwords that one person tries at one room in ten minutes; and ten times as many from one address, at whatever rooms. Beyond it `too_many`, right or wrong.
pub(crate) const PASSWORDS: u32 = 10;
/// Reports of rooms by one person in an hour; beyond it `too_many`.
pub(crate) const REPORTS: u32 = 10;
/// Matches that one person has prepared for sharing in ten minutes: each is a call to Telegram. Beyond it `too_many`.
pub(crate) const SHARES: u32 = 20;
/// Lists that one person brings along in ten minutes; beyond it `too_many`.
pub(crate) const IMPORTS: u32 = 60;
/// Devices of one person that are new, or new in a room, in an hour; beyond it `too_many`, and devices that are known go on.
pub(crate) const DEVICES: u32 = 100;
/// Reactions to messages and messages taken back, of one person in a minute and on this node; beyond it a socket is read more slowly, and HTTP is `too_many`.
pub(crate) const REACTIONS: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Read marks of one person in a minute and on this node; beyond it the same.
pub(crate) const READ_MARKS: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Questions for updates per user and second, and at most so many at once.
const POLLS: NonZeroU32 = NonZeroU32::new(5).unwrap();
const POLLS_AT_ONCE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Once so many users are remembered, the idle ones are forgotten.
const REMEMBERED: usize = 10_000;
/// And not more often than this.
const FORGET_EVERY: Duration = Duration::from_secs(1);

/// Something that is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Allowance {
    /// Any call.
    Api,
    /// Signing in by a launch that nobody has seen before.
    Auth,
    /// Staying in: refreshing, and signing in again by the same launch. Some clients load the page every few seconds.
    Again,
    /// Making rooms.
    Rooms,
    /// Joining them.
    Joins,
    /// Trying the password of one.
    Passwords,
    /// Saying something against them.
    Reports,
    /// Sharing what matched in them.
    Shares,
    /// Saying something in them, or saying it otherwise.
    Messages,
    /// Reading a list that somebody brings along.
    Imports,
    /// Using a device that is not known, or not in a room: that it is used is kept for an hour.
    Devices,
}

impl Allowance {
    fn key(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Auth => "auth",
            Self::Again => "again",
            Self::Rooms => "rooms",
            Self::Joins => "joins",
            Self::Passwords => "passwords",
            Self::Reports => "reports",
            Self::Shares => "shares",
            Self::Messages => "messages",
            Self::Imports => "imports",
            Self::Devices => "devices",
        }
    }

    fn quota(self, rates: &Rates) -> Quota {
        match self {
            Self::Api => Quota { uses: rates.calls_per_minute, per: MINUTE },
            Self::Auth => Quota { uses: 10, per: MINUTE },
            Self::Again => Quota { uses: 120, per: MINUTE },
            Self::Rooms => rates.rooms(),
            Self::Joins => Quota { uses: 20, per: MINUTE },
            Self::Passwords => Quota { uses: PASSWORDS, per: 10 * MINUTE },
            Self::Reports => Quota { uses: REPORTS, per: 60 * MINUTE },
            Self::Shares => Quota { uses: SHARES, per: 10 * MINUTE },
            Self::Messages => Quota { uses: rates.messages_per_minute, per: MINUTE },
            Self::Imports => Quota { uses: IMPORTS, per: 10 * MINUTE },
            Self::Devices => Quota { uses: DEVICES, per: 60 * MINUTE },
        }
    }
}

/// What is done to messages beside saying something. It says little, but goes to SQL and to all phones.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Marking {
    /// A reaction, or a message taken back.
    Reaction,
    /// How far somebody has read.
    Read,
}

impl Marking {
    /// What a command is of these; `None`: something else.
    pub(crate) fn of(command: &Command) -> Option<Self> {
        match command {
            Command::React { .. } | Command::Unsay { .. } => Some(Self::Reaction),
            Command::Read { .. } => Some(Self::Read),
            _ => None,
        }
    }
}

/// The counters.
pub(crate) struct Limits {
    /// What all nodes share, and how much that is; `None`: everything is granted.
    shared: Option<(Arc<dyn RateLimit>, Rates)>,
    commands: DefaultKeyedRateLimiter<UserId>,
    polls: DefaultKeyedRateLimiter<UserId>,
    reactions: DefaultKeyedRateLimiter<UserId>,
    read_marks: DefaultKeyedRateLimiter<UserId>,
    forgot: Mutex<Instant>,
    lobby: LobbyPace,
}

impl Limits {
    /// Without rates everything is granted.
    pub(crate) fn new(shared: Arc<dyn RateLimit>, rates: Option<Rates>) -> Self {
        Self {
            shared: rates.map(|rates| (shared, rates)),
            commands: DefaultKeyedRateLimiter::keyed(Pace::per_second(COMMANDS)),
            polls: DefaultKeyedRateLimiter::keyed(Pace::per_second(POLLS).allow_burst(POLLS_AT_ONCE)),
            reactions: DefaultKeyedRateLimiter::keyed(Pace::per_minute(REACTIONS)),
            read_marks: DefaultKeyedRateLimiter::keyed(Pace::per_minute(READ_MARKS)),
            forgot: Mutex::new(Instant::now()),
            lobby: LobbyPace::new(),
        }
    }

    /// Takes one use for a user.
    pub(crate) async fn user(&self, what: Allowance, user: UserId) -> Result<(), Refused> {
        let Some((shared, rates)) = &self.shared else { return Ok(()) };
        let spent = match what {
            // The bot makes rooms too, and there is one allowance.
            Allowance::Rooms => rates.spend_room(&**shared, user).await,
            _ => shared.spend(&format!("{}:u{user}", what.key()), what.quota(rates)).await,
        };
        granted(what, spent)
    }

    /// Takes one try of a room's password, for the person and then for their address: who has no more for this room takes nothing of what
    /// others at their address have.
    pub(crate) async fn password(&self, user: UserId, room: RoomCode, ip: IpAddr) -> Result<(), Refused> {
        let what = Allowance::Passwords;
        self.spend(what, format!("{}:u{user}:{room}", what.key()), 1).await?;
        self.address(what, ip).await
    }

    /// Takes one use for an address, which many may share.
    pub(crate) async fn address(&self, what: Allowance, ip: IpAddr) -> Result<(), Refused> {
        self.around(what, what.key(), ip, PER_ADDRESS).await
    }

    /// Takes one use for an address that has just failed to prove who it is.
    pub(crate) async fn failure(&self, ip: IpAddr) -> Result<(), Refused> {
        let what = Allowance::Auth;
        self.around(what, "failed", ip, 1).await
    }

    /// Takes one room command; says how long to wait if there is none.
    pub(crate) fn command(&self, user: UserId) -> Result<(), Duration> {
        self.pace(&self.commands, user)
    }

    /// Takes one reaction or read mark; says how long to wait if there is none.
    pub(crate) fn marking(&self, user: UserId, marking: Marking) -> Result<(), Duration> {
        match marking {
            Marking::Reaction => self.pace(&self.reactions, user),
            Marking::Read => self.pace(&self.read_marks, user),
        }
    }

    /// Takes a person's share of what may be said in lobbies; says how long to wait if there is none.
    pub(crate) fn lobby_of_person(&self, user: UserId, weight: NonZeroU32) -> Result<(), Duration> {
        if self.shared.is_none() { Ok(()) } else { self.lobby.person(user, weight) }
    }

    /// Takes of what may be said in one room's lobby; says how long to wait if there is none.
    pub(crate) fn lobby_of_room(&self, room: RoomCode, weight: NonZeroU32) -> Result<(), Duration> {
        if self.shared.is_none() { Ok(()) } else { self.lobby.room(room, weight) }
    }

    /// Takes one question for updates; says how long to wait if there is none.
    pub(crate) fn poll(&self, user: UserId) -> Result<(), Duration> {
        self.pace(&self.polls, user)
    }

    fn pace(&self, limiter: &DefaultKeyedRateLimiter<UserId>, user: UserId) -> Result<(), Duration> {
        if self.shared.is_none() {
            return Ok(());
        }
        if limiter.len() > REMEMBERED {
            self.forget(limiter);
        }
        let now = governor::clock::DefaultClock::default().now();
        limiter.check_key(&user).map_err(|not_until| not_until.wait_time_from(now))
    }

    /// Forgets the idle ones, though not for each call: there may be more that are not.
    fn forget(&self, limiter: &DefaultKeyedRateLimiter<UserId>) {
        let Ok(mut forgot) = self.forgot.try_lock() else { return };
        if forgot.elapsed() >= FORGET_EVERY {
            limiter.retain_recent();
            *forgot = Instant::now();
        }
    }

    /// Takes one use for an address, and one of the ten times as many that all of its IPv6 /48 have.
    async fn around(&self, what: Allowance, key: &str, ip: IpAddr, shares: u32) -> Result<(), Refused> {
        let place = Neighbourhood::of(ip);
        let spend =
            |place: Neighbourhood| self.spend(what, format!("{key}:{place}"), shares * place.shares());
        match place.wider() {
            None => spend(place).await,
            Some(wider) => {
                let (narrow, wide) = tokio::join!(spend(place), spend(wider));
                narrow.and(wide)
            }
        }
    }

    /// Takes one use of as many as so many people have.
    async fn spend(&self, what: Allowance, key: String, people: u32) -> Result<(), Refused> {
        let Some((shared, rates)) = &self.shared else { return Ok(()) };
        let Quota { uses, per } = what.quota(rates);
        let quota = Quota { uses: uses.saturating_mul(people), per };
        granted(what, shared.spend(&key, quota).await)
    }
}

fn granted(what: Allowance, spent: Result<Spent, HotError>) -> Result<(), Refused> {
    match (spent, what) {
        (Ok(Spent::Granted), _) | (Err(_), Allowance::Api) => Ok(()),
        (Ok(Spent::Exhausted { retry_after }), _) => Err(Refused::TooMany { retry_after }),
        (
            Err(error),
            Allowance::Auth
            | Allowance::Again
            | Allowance::Rooms
            | Allowance::Joins
            | Allowance::Passwords
            | Allowance::Reports
            | Allowance::Shares
            | Allowance::Messages
            | Allowance::Imports
            | Allowance::Devices,
        ) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;

    struct Granting;

    #[async_trait]
    impl RateLimit for Granting {
        async fn spend(&self, _: &str, _: Quota) -> Result<Spent, HotError> {
            Ok(Spent::Granted)
        }
    }

    #[test]
    fn reactions_and_read_marks_have_a_pace_of_their_own_for_each_person() {
        let (anna, ben) = (UserId::new(1).unwrap(), UserId::new(2).unwrap());
        let limits = Limits::new(Arc::new(Granting), Some(Rates::USUAL));
        let taken = |user, marking| (0..500).take_while(|_| limits.marking(user, marking).is_ok()).count();
        assert!((60..=65).contains(&taken(anna, Marking::Reaction)));
        assert!((120..=125).contains(&taken(anna, Marking::Read)), "reactions took of what reading has");
        assert!((60..=65).contains(&taken(ben, Marking::Reaction)), "somebody else took of it");
        let free = Limits::new(Arc::new(Granting), None);
        assert!((0..500).all(|_| free.marking(anna, Marking::Reaction).is_ok()), "LIMITS=off");
    }
}
