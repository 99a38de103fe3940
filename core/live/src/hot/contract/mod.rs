//! What every engine of the hot layer must do, as sentences. Each engine runs all of them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures::future::join_all;
use sovpalo_domain::{
    ids::{DeckId, Epoch, Position, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    room::{
        Created, DeckChoice, Entry, Event, Goal, Match, PeopleEvent, Profile, Ranked, Restored,
        RestoredMember, RoomName, Rule, Settings, Standing, SwipingEvent, Verdict,
    },
    talk::{Emoji, Message, MessageKey, MessageKind, SystemNote, SystemWhat},
    title::{Filter, FilterFields, TitleKind, TitleText},
};
use sovpalo_storage::{SessionId, clock::Clock};

use super::{
    Announcement, Appended, Change, Device, DirtyRooms as _, ExpectedHead, FencingToken, HeadHash, Hot,
    Log as _, MOST_VOICES, Moved, Published, Quota, SIGNAL_BYTES, SocketId, Spent, VoiceChanged, codec,
    embedded::{Embedded, file},
    redis::{Redis, RedisConfig, own::OwnRedis},
};

/// An engine under test, its clock, and whatever must live as long as it.
pub(crate) struct Bench {
    pub(crate) hot: Arc<dyn Hot>,
    pub(crate) clock: Clock,
    raw: Raw,
    pub(crate) _keep: Box<dyn std::any::Any + Send>,
}

/// The engine itself, into which another program may have written.
enum Raw {
    Embedded(Arc<Embedded>),
    Redis(Arc<Redis>),
}

impl Bench {
    async fn append_raw(&self, room: RoomCode, entry: &[u8]) {
        match &self.raw {
            Raw::Embedded(hot) => hot.append_raw(room, entry).await,
            Raw::Redis(hot) => hot.append_raw(room, entry).await,
        }
    }

    async fn mark_raw(&self, name: &str) {
        match &self.raw {
            Raw::Embedded(hot) => hot.mark_raw(name).await,
            Raw::Redis(hot) => hot.mark_raw(name).await,
        }
    }
}

const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const MINUTE: Duration = Duration::from_secs(60);

async fn embedded() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::manual(START);
    let pool = file::open(&dir.path().join("hot.sqlite")).await.unwrap();
    let hot = Arc::new(Embedded::start(pool, clock.clone()));
    Bench { hot: Arc::clone(&hot) as _, clock, raw: Raw::Embedded(hot), _keep: Box::new(dir) }
}

/// A Redis that several tests share, each under a prefix of its own.
async fn redis() -> Bench {
    let url = std::env::var("TEST_REDIS_URL")
        .expect("TEST_REDIS_URL is not set: run `cargo xtask test`, which starts Redis");
    on_redis(url, Box::new(())).await
}

/// A cluster of one node: it refuses what would not lie on one node of a larger one.
async fn redis_cluster() -> Bench {
    let server = OwnRedis::cluster().await;
    on_redis(server.url(), Box::new(server)).await
}

async fn on_redis(url: String, keep: Box<dyn std::any::Any + Send>) -> Bench {
    let clock = Clock::manual(START);
    let prefix = format!("test-{}", uuid::Uuid::new_v4().simple());
    let config = RedisConfig { prefix, recovery: Duration::ZERO, ..RedisConfig::new(url) };
    let hot = Arc::new(Redis::connect(config, clock.clone()).await.unwrap());
    Bench { hot: Arc::clone(&hot) as _, clock, raw: Raw::Redis(hot), _keep: keep }
}

/// Runs every sentence on every engine.
macro_rules! contract {
    ($($engine:ident),* => $sentences:tt) => { contract!(@each [$($engine)*] $sentences); };
    (@each [$($engine:ident)*] $sentences:tt) => { $(contract!(@engine $engine $sentences);)* };
    (@engine $engine:ident [$($sentence:ident),* $(,)?]) => {
        mod $engine {
            $(
                #[tokio::test]
                async fn $sentence() {
                    super::$sentence(super::super::$engine().await).await;
                }
            )*
        }
    };
}

// A module for each port, of the port's name, and two for what is written.
mod dirty;
mod fence;
mod format;
mod format_people;
mod format_swiping;
mod format_version2;
mod health;
mod key_value;
mod log;
mod presence;
mod publish;
mod rate_limit;
mod recovery;
mod subscribe;
pub(crate) mod unreadable;

async fn begun(bench: &Bench, n: u64) -> RoomCode {
    let room = room(n);
    bench.hot.append(room, None, &[created(room, 7)], true).await.unwrap();
    room
}

/// Where the log of [`begun`] stands.
fn begun_at(room: RoomCode) -> ExpectedHead {
    ExpectedHead { at: at(7, 1), head_hash: HeadHash::of(&created(room, 7)) }
}

/// Where a log stands after one more entry.
fn after(expected: ExpectedHead, entry: &Entry) -> ExpectedHead {
    let at = Position { seq: expected.at.seq.next(), ..expected.at };
    ExpectedHead { at, head_hash: HeadHash::of(entry) }
}

async fn dirty(bench: &Bench) -> BTreeSet<RoomCode> {
    bench.hot.dirty(10, MINUTE).await.unwrap().into_iter().collect()
}

fn room(n: u64) -> RoomCode {
    RoomCode::from_bits(n)
}

fn user(n: i64) -> UserId {
    UserId::new(5_500_000_000 + n).unwrap()
}

fn token(member: i64, device: &str, socket: u128) -> FencingToken {
    FencingToken { member: user(member), device: Device::named(device), socket: SocketId(socket) }
}

fn title(n: u32) -> TitleId {
    TitleId::new(&format!("c{n}")).unwrap()
}

fn at(epoch: u32, seq: u64) -> Position {
    Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(seq) }
}

fn entry(event: Event) -> Entry {
    Entry { at: START, event }
}

fn swipe(n: u32) -> Entry {
    entry(Event::Swiping(SwipingEvent::Swiped {
        member: user(i64::from(n)),
        title: title(n),
        verdict: Verdict::Like,
    }))
}

fn created(room: RoomCode, epoch: u32) -> Entry {
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
    let epoch = Epoch::from_bits(epoch);
    entry(Event::Created(Box::new(Created { code: room, epoch, host: user(1), seed: 42, settings })))
}
