//! The program of today, on the stores of then.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// The bot's.
pub(crate) const TOKEN: &str = "4242424242:simulated-token-of-a-simulated-bot";
/// The older version signed its tokens with this.
pub(crate) const SECRET: &str = "older-version-signs-with-this-9f3c1b7a5e2d";
/// Whatever is waited for comes sooner, or does not come.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// A running program; dropped, it is killed.
pub(crate) struct Program {
    pub(crate) url: String,
    _child: Child,
}

impl Program {
    pub(crate) async fn start(telegram: &str, settings: Vec<(&'static str, String)>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sovpalo"))
            .env_clear()
            .env("BOT_TOKEN", TOKEN)
            .env("JWT_SECRET", SECRET)
            .env("TELEGRAM_API_URL", telegram)
            .env("MINI_APP_NAME", "app")
            .env("PUBLIC_URL", "https://sovpalo.example")
            .env("LISTEN", "127.0.0.1:0")
            .env("METRICS_LISTEN", "off")
            .envs(settings)
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let url = loop {
            let line = tokio::time::timeout(SOON, log.next_line()).await.expect("it says nothing").unwrap();
            let line = line.unwrap_or_else(|| panic!("it ended:\n{said}"));
            if let Some((_, url)) = line.split_once("listens on ") {
                break url.trim().to_owned();
            }
            said.push_str(&line);
            said.push('\n');
        };
        // So that it never waits for whoever reads its log.
        tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
        Self { url, _child: child }
    }
}

/// Looks until something is there.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(since.elapsed() < SOON, "still not so: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
