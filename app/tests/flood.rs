//! What a stranger without an account can do to the program: fill its memory, its log, its descriptors; and what one socket can cost. Each
//! test prints what it measured, and has the machine to itself (`.config/nextest.toml`).
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod launch;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::TcpSocket,
    time::{interval, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use self::launch::{TOKEN, launch};

/// Whatever a test waits for comes sooner.
const SOON: Duration = Duration::from_secs(30);

/// The program, with its log in a file.
struct Program {
    child: Child,
    data: tempfile::TempDir,
    address: String,
}

impl Program {
    fn start(limits: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_sovpalo"));
        command
            .env_clear()
            .current_dir(data.path())
            // Nobody listens on the discard port: Telegram cannot be reached.
            .env("TELEGRAM_API_URL", "http://127.0.0.1:9")
            .env("BOT_TOKEN", TOKEN)
            .env("LISTEN", "127.0.0.1:0")
            .env("METRICS_LISTEN", "127.0.0.1:0")
            .env("LIMITS", limits)
            .env("DATA_DIR", data.path().join("data"))
            .stderr(Stdio::from(File::create(data.path().join("log")).unwrap()));
        let child = command.spawn().unwrap();
        let mut program = Self { child, data, address: String::new() };
        let began = Instant::now();
        program.address = loop {
            let log = program.log();
            if let Some((_, rest)) = log.split_once("listens on http://") {
                break rest.split_whitespace().next().unwrap().to_owned();
            }
            assert!(began.elapsed() < SOON, "it does not start: {log}");
            std::thread::sleep(Duration::from_millis(10));
        };
        program
    }

    fn log(&self) -> String {
        fs::read_to_string(self.data.path().join("log")).unwrap()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream
    }

    /// The same from another address of this machine.
    async fn connect_from(&self, address: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(address.parse().unwrap(), 0)).unwrap();
        let stream = socket.connect(self.address.parse().unwrap()).await.unwrap().into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream
    }

    /// What the system says of its process.
    fn process(&self, file: &str) -> String {
        fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join(file)).unwrap()
    }

    /// The processor time that it has used.
    fn processor_time(&self) -> Duration {
        let stat = self.process("stat");
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks = |place: usize| fields[place].parse::<u64>().unwrap();
        // proc(5): utime and stime, in hundredths of a second.
        Duration::from_millis(10 * (ticks(11) + ticks(12)))
    }

    /// Its memory, in kilobytes.
    fn memory(&self) -> u64 {
        let status = self.process("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks these one after another, on as few connections as the program lets; how many were answered with this status.
fn ask(program: &Program, requests: impl Iterator<Item = String>, status: u16) -> usize {
    let mut stream = BufReader::new(program.connect());
    let mut counted = 0;
    for request in requests {
        loop {
            if stream.get_mut().write_all(request.as_bytes()).is_ok()
                && let Some((answer, closes)) = answer(&mut stream)
            {
                counted += usize::from(answer == status);
                if closes {
                    stream = BufReader::new(program.connect());
                }
                break;
            }
            stream = BufReader::new(program.connect());
        }
    }
    counted
}

/// The status of the next answer, and whether it was the last one.
fn answer(stream: &mut BufReader<TcpStream>) -> Option<(u16, bool)> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let before = head.len();
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
        let line = head[before..].to_ascii_lowercase();
        if let Some(said) = line.strip_prefix("content-length: ") {
            length = said.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length]).ok()?;
    Some((head.split(' ').nth(1)?.parse().ok()?, head.to_ascii_lowercase().contains("connection: close")))
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")
}

#[test]
fn eight_thousand_made_up_methods_leave_nothing_in_memory() {
    let program = Program::start("on");
    let odd = |n: usize, size: usize| format!("M{n:07}{} / HTTP/1.1\r\nHost: test\r\n\r\n", "A".repeat(size));
    // What a process takes for good with its first requests is none of theirs.
    ask(&program, (0..200).map(|n| odd(n, 31_000)), 405);
    let before = program.memory();
    let refused = ask(&program, (1_000..9_000).map(|n| odd(n, 31_000)), 405);
    let after = program.memory();
    println!("memory: {before} kB before, {after} kB after 8,000 made-up methods of 31,000 bytes");
    assert_eq!(refused, 8_000);
    assert!(after < before + 5_000, "{before} kB before, {after} kB after");
}

#[test]
fn a_flood_of_refusals_is_no_flood_of_lines() {
    for limits in ["on", "off"] {
        let program = Program::start(limits);
        let before = program.log().lines().count();
        let began = Instant::now();
        let paths = ["/api/me", "/api/posters/x", "/api/nothing", "/api/decks"];
        ask(&program, paths.iter().cycle().take(3_000).map(|path| get(path)), 401);
        let written = program.log().lines().count() - before;
        // Ten a second of each kind, one of those over a limit, and one in a hundred.
        let most = 30 + 3_000 / 100 + 11 * usize::try_from(began.elapsed().as_secs() + 1).unwrap();
        println!("log: {written} lines for 3,000 requests with LIMITS={limits}");
        assert!(written > 0 && written <= most, "{written} lines, LIMITS={limits}:\n{}", program.log());
    }
}

#[tokio::test]
async fn two_thousand_idle_connections_do_not_hold_up_the_health_check() {
    /// A debug build is some times slower.
    const AT_ONCE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 100 });
    let program = Program::start("on");
    let began = Instant::now();
    let mut worst = Duration::ZERO;
    for said in ["", "GET /api/health HTTP/1.1\r\nHo", &get("/api/nothing")] {
        let mut held: Vec<_> = (0..2_000)
            .map(|_| {
                let mut stream = program.connect();
                // Those that had to make room already are of no interest.
                let _ = stream.write_all(said.as_bytes());
                stream
            })
            .collect();
        if said.ends_with("\r\n\r\n") {
            // They are idle once they have been answered, or had to make room.
            let _ = held.last_mut().unwrap().read(&mut [0; 1]);
        }
        for _ in 0..21 {
            let asked = Instant::now();
            // Elsewhere than those who hold them: what they ask is not counted for it.
            let mut stream = BufReader::new(program.connect_from("127.0.0.2").await);
            stream.get_mut().write_all(get("/api/health").as_bytes()).unwrap();
            let (status, _) = answer(&mut stream).expect("closed unanswered");
            assert_eq!(status, 200);
            worst = worst.max(asked.elapsed());
        }
        drop(held);
    }
    println!("health: {} ms at worst, {:?} in all", worst.as_millis(), began.elapsed());
    assert!(worst < AT_ONCE, "{worst:?}");
}

/// The socket of somebody who is signed in.
async fn socket(program: &Program, id: i64) -> WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>> {
    let (at, init_data) = (&program.address, launch(id));
    let signing_in = reqwest::Client::new().post(format!("http://{at}/api/auth/telegram"));
    let answer = signing_in.json(&json!({ "init_data": init_data })).send().await.unwrap();
    let tokens: Value = answer.json().await.unwrap();
    let token = tokens["access_token"].as_str().unwrap();
    let url = format!("ws://{at}/api/socket?device=phone-of-somebody-{id}");
    let mut request = url.into_client_request().unwrap();
    let offer = format!("sovpalo.v2, token.{token}").parse().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", offer);
    let (mut socket, _) = connect_async(request).await.unwrap();
    let hello = timeout(SOON, socket.next()).await.unwrap().unwrap().unwrap();
    assert!(hello.is_text(), "{hello:?}");
    socket
}

/// A tenth of a processor, for as long as this takes.
fn a_tenth_of(lasted: Duration) -> Duration {
    lasted.max(Duration::from_secs(1)) / 10
}

#[tokio::test]
async fn pings_of_one_socket_cost_less_than_a_tenth_of_a_processor_however_fast_they_come() {
    let program = Program::start("on");

    // What the budget lets through.
    let mut paced = socket(&program, 1).await;
    let (before, began) = (program.processor_time(), Instant::now());
    let mut pace = interval(Duration::from_secs(1) / 45);
    for _ in 0..3 * 45 {
        pace.tick().await;
        paced.send(Message::Ping(Vec::new().into())).await.unwrap();
        while !timeout(SOON, paced.next())
            .await
            .unwrap()
            .expect("closed within the budget")
            .unwrap()
            .is_pong()
        {}
    }
    let (used, lasted) = (program.processor_time().saturating_sub(before), began.elapsed());
    println!("pings: 135 at 45 a second: {used:?} of processor time in {lasted:?}");
    assert!(used < a_tenth_of(lasted), "{used:?} in {lasted:?}");

    // What it does not.
    let (mut sends, mut hears) = socket(&program, 2).await.split();
    let (before, began) = (program.processor_time(), Instant::now());
    let flood = tokio::spawn(async move {
        let mut sent = 0_u64;
        while sends.send(Message::Ping(Vec::new().into())).await.is_ok() {
            sent += 1;
        }
        sent
    });
    let mut pongs = 0_u64;
    while let Some(Ok(frame)) = timeout(SOON, hears.next()).await.expect("it goes on for ever") {
        pongs += u64::from(frame.is_pong());
    }
    let sent = timeout(SOON, flood).await.expect("it goes on for ever").unwrap();
    let (used, lasted) = (program.processor_time().saturating_sub(before), began.elapsed());
    println!("pings: {sent} at once, {pongs} answered: {used:?} of processor time in {lasted:?}");
    assert!(pongs <= 100 + 50 * (lasted.as_secs() + 1), "{pongs} of {sent} were answered in {lasted:?}");
    assert!(used < a_tenth_of(lasted), "{used:?} in {lasted:?}");
}
