//! What a stranger without an account can do to the program: fill its memory, its log, its descriptors. Each test prints what it measured.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

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
            .env("BOT_TOKEN", "12345:a-token-that-nobody-ever-gave-out")
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

    /// Its memory, in kilobytes.
    fn memory(&self) -> u64 {
        let status =
            fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status")).unwrap();
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

#[test]
fn two_thousand_idle_connections_do_not_hold_up_the_health_check() {
    let program = Program::start("on");
    let began = Instant::now();
    let mut worst = Duration::ZERO;
    for said in ["", "GET /api/health HTTP/1.1\r\nHo", &get("/api/nothing")] {
        let held: Vec<_> = (0..2_000)
            .map(|_| {
                let mut stream = program.connect();
                // Those that had to make room already are of no interest.
                let _ = stream.write_all(said.as_bytes());
                stream
            })
            .collect();
        for n in 0..21 {
            let asked = Instant::now();
            let mut stream = BufReader::new(program.connect());
            stream.get_mut().write_all(get("/api/health").as_bytes()).unwrap();
            let (status, _) = answer(&mut stream).expect("closed unanswered");
            // Asking is counted too.
            assert!(matches!(status, 200 | 429), "{status}");
            // The first one waits until all that was really asked before it has been answered.
            if n > 0 {
                worst = worst.max(asked.elapsed());
            }
        }
        drop(held);
    }
    println!("health: {} ms at worst, {:?} in all", worst.as_millis(), began.elapsed());
    // Sooner than any deadline could have helped, on a machine that has more to do; the figure is what is printed.
    assert!(worst < Duration::from_secs(5), "{worst:?}");
}
