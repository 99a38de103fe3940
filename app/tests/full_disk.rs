//! A disk that takes nothing more, and then does again. The system's limit on the size of files stands for it: a write beyond it
//! fails in the middle of whatever the program does, as one on a full disk.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod launch;

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use self::launch::{TOKEN, launch};

/// A running server; dropped, it is killed.
struct Running {
    child: Child,
    address: String,
    _home: tempfile::TempDir,
}

impl Running {
    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        // A write beyond the limit is to be an error and not the end, as on a full disk.
        let mut child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\"", env!("CARGO_BIN_EXE_sovpalo")])
            .current_dir(home.path())
            .env("BOT_TOKEN", TOKEN)
            .env("TELEGRAM_API_URL", "http://127.0.0.1:9")
            .env("LISTEN", "127.0.0.1:0")
            .env("METRICS_LISTEN", "off")
            .env("DATA_DIR", home.path().join("data"))
            .env("LIMITS", "off")
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let line = log.find(|line| line.contains("listens on ")).expect("it ended");
        // Nobody reads the rest, and it must not wait for somebody.
        std::thread::spawn(move || log.for_each(drop));
        let address = line.split_once("listens on ").unwrap().1.trim().to_owned();
        Self { child, address, _home: home }
    }

    /// How large a file may be from now on.
    fn disk_holds(&self, bytes: &str) {
        let (process, limit) = (self.child.id().to_string(), format!("--fsize={bytes}:unlimited"));
        assert!(Command::new("prlimit").args(["--pid", &process, &limit]).status().unwrap().success());
    }

    async fn health(&self) -> Value {
        reqwest::get(format!("{}/api/health", self.address)).await.unwrap().json().await.unwrap()
    }

    async fn signs_in(&self, id: i64) -> reqwest::StatusCode {
        let request = reqwest::Client::new()
            .post(format!("{}/api/auth/telegram", self.address))
            .json(&json!({ "init_data": launch(id) }));
        request.send().await.unwrap().status()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Both stores are on the disk, and whichever meets it first says so.
fn is_away(health: &Value) -> bool {
    health["database"] != "ok" || health["hot"] != "ok"
}

#[tokio::test]
async fn a_full_disk_is_said_and_everything_goes_on_once_there_is_room() {
    let running = Running::start();
    assert_eq!(running.signs_in(1).await, 200);
    assert_eq!(running.health().await["database"], "ok");

    running.disk_holds("0");
    assert_eq!(running.signs_in(2).await, 503, "nothing may be said to be so that is not on disk");
    // That all is well is believed for a second.
    let said = async {
        loop {
            let health = running.health().await;
            if health["status"] == "degraded" && is_away(&health) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), said).await.expect("nobody is told that the disk is full");
    // It is still full however often one looks.
    assert_eq!(running.signs_in(3).await, 503);
    assert!(is_away(&running.health().await));

    running.disk_holds("unlimited");
    let back = async {
        while running.signs_in(2).await != 200 || is_away(&running.health().await) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), back).await.expect("it does not go on by itself");
}
