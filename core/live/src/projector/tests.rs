//! From the log to the rows, with everything that can be away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use sovpalo_domain::{
    ids::Position,
    room::Entry,
    talk::{MessageKey, MessageText, SystemWhat, TalkCommand},
};
use sovpalo_storage::{
    Db, DbConfig, DbTarget, Place,
    clock::Clock,
    contract,
    testing::{
        Bench, at, eventually, lease, on_postgres,
        story::{Story, room},
        user,
    },
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    hot::{
        Appended, Change, ExpectedHead, HeadHash, Hot, Published,
        embedded::{Embedded, file},
    },
    projector,
    rooms::Rooms,
    talk::Talk,
};

contract!(
    rooms_are_carried_over_as_they_change,
    two_projectors_carry_each_match_over_once,
    a_log_that_cannot_be_read_holds_up_nobody,
    a_log_that_is_gone_is_not_looked_for_again,
    what_happens_in_a_room_is_noted_once_in_its_timeline_and_told,
    what_is_said_is_told_after_it_is_written_and_only_once,
);

/// A hot layer, which is none of the database's business.
struct Logs {
    hot: Arc<dyn Hot>,
    pool: sqlx::SqlitePool,
    clock: Clock,
    _dir: tempfile::TempDir,
}

impl Logs {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::manual(at(1));
        let pool = file::open(&dir.path().join("hot.sqlite")).await.unwrap();
        Self { hot: Arc::new(Embedded::start(pool.clone(), clock.clone())), pool, clock, _dir: dir }
    }

    /// Appends what a story has told since.
    async fn append(&self, story: &Story, told: usize) {
        let expected = story.log[..told].last().map(|last| ExpectedHead {
            at: Position { epoch: story.room.epoch(), seq: sovpalo_domain::ids::Seq::ZERO.after(told) },
            head_hash: HeadHash::of(last),
        });
        let entries: &[Entry] = &story.log[told..];
        let appended = self.hot.append(story.room.code(), expected, entries, true).await.unwrap();
        assert!(matches!(appended, Appended::At(_)), "{appended:?}");
    }

    fn project(&self, db: &Db) -> Running {
        let stop = CancellationToken::new();
        let rooms = Rooms::new(db.clone(), Arc::clone(&self.hot), self.clock.clone());
        let run = projector::run(rooms, stop.clone());
        Running { task: tokio::spawn(run), stop }
    }
}

struct Running {
    task: JoinHandle<()>,
    stop: CancellationToken,
}

impl Running {
    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

async fn carried_over(db: &Db, story: &Story) {
    let (code, seq) = (story.room.code(), story.room.seq());
    eventually("the room stands in SQL where its log stands", || async {
        db.projected(code).await.unwrap().is_some_and(|stored| stored.seq == seq)
    })
    .await;
}

async fn rooms_are_carried_over_as_they_change(bench: Bench) {
    let (db, logs) = (bench.db().await, Logs::new().await);
    let running = logs.project(&db);
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    logs.append(&story, 0).await;
    carried_over(&db, &story).await;
    let told = story.log.len();
    story.match_on("a");
    logs.append(&story, told).await;
    carried_over(&db, &story).await;
    assert_eq!(db.matches_of(user(1), 9).await.unwrap().len(), 1);
    running.stop().await;
    assert_eq!(logs.hot.dirty(9, Duration::ZERO).await.unwrap(), [], "nothing is left to do");
}

async fn two_projectors_carry_each_match_over_once(bench: Bench) {
    let (db, logs) = (bench.db().await, Logs::new().await);
    let running = [logs.project(&db), logs.project(&db)];
    let mut stories: Vec<Story> =
        (0..20).map(|n| Story::swiping(&format!("R00M00{n:02}"), 2, &["a", "b"])).collect();
    for story in &mut stories {
        let group = Place::Chat { chat: -5, thread: None, message: None };
        db.want_card(story.room.code(), &group).await.unwrap();
        logs.append(story, 0).await;
        let told = story.log.len();
        story.match_on("a");
        logs.append(story, told).await;
    }
    for story in &stories {
        carried_over(&db, story).await;
    }
    for running in running {
        running.stop().await;
    }
    assert_eq!(db.matches_of(user(1), 99).await.unwrap().len(), 20);
    let due = db.due_notices(999, lease(at(9))).await.unwrap();
    assert_eq!(due.len(), 40, "one stale card and one match each");
}

async fn a_log_that_cannot_be_read_holds_up_nobody(bench: Bench) {
    let (db, logs) = (bench.db().await, Logs::new().await);
    let (garbled, headless) = (Story::of("R00M0001", 0), Story::of("R00M0002", 0));
    for story in [&garbled, &headless] {
        logs.append(story, 0).await;
    }
    for damage in [
        "UPDATE hot_log SET entry = x'FF00' WHERE room = 'R00M0001'",
        "DELETE FROM hot_log WHERE room = 'R00M0002' AND seq = 1",
    ] {
        sqlx::query(damage).execute(&logs.pool).await.unwrap();
    }
    let fine = Story::of("R00M0003", 0);
    logs.append(&fine, 0).await;
    let running = logs.project(&db);
    carried_over(&db, &fine).await;
    let later = Story::of("R00M0004", 0);
    logs.append(&later, 0).await;
    carried_over(&db, &later).await;
    running.stop().await;
    logs.clock.advance(Duration::from_secs(60));
    let mut marked = logs.hot.dirty(9, Duration::ZERO).await.unwrap();
    marked.sort();
    assert_eq!(marked, [room("R00M0001"), room("R00M0002")], "they wait for a program that can");
    assert_eq!(db.projected(room("R00M0001")).await.unwrap(), None);
}

async fn a_log_that_is_gone_is_not_looked_for_again(bench: Bench) {
    let (db, logs) = (bench.db().await, Logs::new().await);
    let gone = projector::project(&*logs.hot, &db, room("R00M0001"), at(0)).await.unwrap();
    assert!(!gone, "there is no log");
    logs.append(&Story::of("R00M0001", 0), 0).await;
    assert!(projector::project(&*logs.hot, &db, room("R00M0001"), at(0)).await.unwrap());
    assert_eq!(logs.hot.dirty(9, Duration::ZERO).await.unwrap(), []);
}

/// A cable between the program and the server, which can be cut.
struct Cable {
    port: u16,
    cut: Arc<AtomicBool>,
    refused: Arc<AtomicUsize>,
    now: tokio::sync::watch::Sender<bool>,
}

impl Cable {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new(AtomicBool::new(false));
        let refused = Arc::new(AtomicUsize::new(0));
        let (now, cutting) = tokio::sync::watch::channel(false);
        tokio::spawn({
            let (cut, refused) = (Arc::clone(&cut), Arc::clone(&refused));
            async move {
                loop {
                    let Ok((mut here, _)) = listener.accept().await else { return };
                    if cut.load(Ordering::SeqCst) {
                        refused.fetch_add(1, Ordering::SeqCst);
                        continue;
                    }
                    let (server, mut cutting) = (server.clone(), cutting.clone());
                    tokio::spawn(async move {
                        let mut there = TcpStream::connect(server).await.unwrap();
                        tokio::select! {
                            _ = tokio::io::copy_bidirectional(&mut here, &mut there) => {}
                            _ = cutting.wait_for(|cut| *cut) => {}
                        }
                    });
                }
            }
        });
        Self { port, cut, refused, now }
    }

    fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::SeqCst);
        self.now.send_replace(cut);
    }
}

#[tokio::test]
async fn a_postgres_that_was_away_gets_everything_when_it_is_back() {
    on_postgres(async |bench: Bench| {
        let DbTarget::Postgres { url } = &bench.config.target else { unreachable!("it is PostgreSQL") };
        let mut url = url::Url::parse(url).unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let cable = Cable::to(server).await;
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(cable.port)).unwrap();
        let target = DbTarget::Postgres { url: url.into() };
        let behind_the_cable = Db::connect(&DbConfig { target, connections: 2 }).await.unwrap();

        let (db, logs) = (bench.db().await, Logs::new().await);
        let running = logs.project(&behind_the_cable);
        let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
        logs.append(&story, 0).await;
        carried_over(&db, &story).await;
        cable.cut(true);
        let told = story.log.len();
        story.match_on("a");
        logs.append(&story, told).await;
        let other = Story::swiping("R00M0002", 2, &["a"]);
        logs.append(&other, 0).await;
        eventually("it has tried several times", || async { cable.refused.load(Ordering::SeqCst) >= 4 })
            .await;
        assert!(behind_the_cable.ping().await.unwrap_err().is_unavailable());
        assert_eq!(db.matches_of(user(1), 9).await.unwrap(), []);
        cable.cut(false);
        carried_over(&db, &story).await;
        carried_over(&db, &other).await;
        assert_eq!(db.matches_of(user(1), 9).await.unwrap().len(), 1);
        running.stop().await;
        assert_eq!(logs.hot.dirty(9, Duration::ZERO).await.unwrap(), [], "nothing is left to do");
    })
    .await;
}

async fn what_happens_in_a_room_is_noted_once_in_its_timeline_and_told(bench: Bench) {
    use SystemWhat::{Finished, Joined, Matched, Started};
    let (db, logs) = (bench.db().await, Logs::new().await);
    let mut changes = logs.hot.changes();
    let mut story = Story::swiping("R00M0001", 2, &["c1"]);
    logs.append(&story, 0).await;
    let carried_over =
        async |now| projector::project(&*logs.hot, &db, story.room.code(), at(now)).await.unwrap();
    assert!(carried_over(1).await);
    assert!(carried_over(2).await, "also a second time");
    let told = story.log.len();
    story.match_on("c1");
    logs.append(&story, told).await;
    let running = logs.project(&db);
    let mut noted = Vec::new();
    while noted.len() < 5 {
        if let Ok(Change::Published { what, .. }) = changes.recv().await
            && let Published::Message(message) = &*what
        {
            noted.push((message.number, message.system.as_ref().unwrap().what));
        }
    }
    running.stop().await;
    assert_eq!(noted, [(1, Joined), (2, Joined), (3, Started), (4, Matched), (5, Finished)]);
    assert_eq!(db.talk_summary(story.room.code(), user(1)).await.unwrap().last, 5);
}

async fn what_is_said_is_told_after_it_is_written_and_only_once(bench: Bench) {
    let (db, logs) = (bench.db().await, Logs::new().await);
    let mut changes = logs.hot.changes();
    let talk = Talk::new(db.clone(), Arc::clone(&logs.hot) as _);
    let (code, text) = (room("R00M0001"), MessageText::new("Solaris?").unwrap());
    let say =
        |key| TalkCommand::Say { key: MessageKey::new(key).unwrap(), text: text.clone(), reply_to: None };
    let mut expected = Vec::new();
    for key in ["a", "a", "b", "a"] {
        let done = talk.execute(code, user(1), &say(key), at(1)).await.unwrap();
        let message = done.message.unwrap();
        if done.changed {
            expected.push(Published::Message(Arc::new(message.clone())));
            expected.push(Published::Read { member: user(1), number: message.number });
        }
    }
    let refused = talk.execute(code, user(2), &TalkCommand::Unsay { number: 1 }, at(1)).await;
    assert!(refused.is_err(), "it is not theirs");
    let read = talk.execute(code, user(2), &TalkCommand::Read { number: 1 }, at(1)).await.unwrap();
    expected.push(Published::Read { member: user(2), number: read.read.unwrap().1 });
    for expected in expected {
        let Ok(Change::Published { what, .. }) = changes.try_recv() else {
            panic!("{expected:?} was not told")
        };
        assert_eq!(*what, expected);
    }
    assert!(changes.try_recv().is_err(), "nothing else was told");
}
