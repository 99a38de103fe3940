//! Redis's own account of what it did, and a command as it was seen by it.

use std::{
    fmt,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use machine::services::Redis;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// Rooms that `redis-benchmark` draws from: as many as it can, so that it hardly ever draws one twice.
const ROOMS: &str = "2147483647";
/// `redis-benchmark` sends so many commands over each of its connections before it waits.
const PIPELINED: &str = "32";
const CONNECTIONS: &str = "8";

/// All turns of one of the two.
#[derive(Default)]
pub(super) struct Measured {
    appends: f64,
    took: Duration,
    /// Of Redis.
    cpu: Duration,
}

impl Measured {
    /// One more turn.
    pub(super) async fn add(
        &mut self,
        server: &Redis,
        appends: u32,
        work: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let (before, began) = (cpu(server)?, Instant::now());
        work.await?;
        self.took += began.elapsed();
        self.cpu += cpu(server)?.saturating_sub(before);
        self.appends += f64::from(appends);
        Ok(())
    }

    /// Appends for a second of Redis's processor time.
    pub(super) fn for_each_cpu_second(&self) -> f64 {
        self.appends / self.cpu.as_secs_f64()
    }

    /// Appends in a second.
    pub(super) fn pace(&self) -> f64 {
        self.appends / self.took.as_secs_f64()
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} appends for each CPU second of Redis, {:.0}/s",
            self.for_each_cpu_second(),
            self.pace()
        )
    }
}

fn cpu(server: &Redis) -> anyhow::Result<Duration> {
    let info = server.say("INFO cpu")?;
    let seconds = ["used_cpu_user:", "used_cpu_sys:"].map(|field| {
        let line = info.lines().find_map(|line| line.strip_prefix(field))?;
        line.trim().parse::<f64>().ok()
    });
    let [Some(user), Some(system)] = seconds else { anyhow::bail!("Redis does not tell its processor time") };
    Ok(Duration::from_secs_f64(user + system))
}

/// A command, word by word, with a random room in the place of the one it was about.
pub(super) struct Command {
    words: Vec<String>,
}

impl Command {
    /// The script call that `work` makes Redis do, as Redis saw it.
    pub(super) async fn seen(
        server: &Redis,
        work: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<Self> {
        let address = server.url().replace("redis://", "");
        let mut lines = BufReader::new(TcpStream::connect(address).await?).lines();
        lines.get_mut().write_all(b"MONITOR\r\n").await?;
        lines.next_line().await?.context("Redis does not say what it does")?;
        work.await?;
        loop {
            let line = lines.next_line().await?.context("Redis says no more")?;
            let mut words = words(&line);
            let Some(call) = words.iter().position(|word| word.eq_ignore_ascii_case("evalsha")) else {
                continue;
            };
            words.drain(..call);
            // The first of its keys is `…:log:<room>`.
            let room = words.get(3).and_then(|key| key.rsplit(':').next()).context("no room")?.to_owned();
            for word in &mut words {
                *word = word.replace(&room, "__rand_int__");
            }
            return Ok(Self { words });
        }
    }

    /// `redis-benchmark` says it so often.
    pub(super) async fn repeat(&self, server: &Redis, times: u32) -> anyhow::Result<()> {
        let port = server.url().rsplit(':').next().unwrap_or_default().to_owned();
        let said = tokio::process::Command::new("redis-benchmark")
            .args(["-p", &port, "-n", &times.to_string(), "-c", CONNECTIONS, "-P", PIPELINED])
            .args(["-r", ROOMS, "-q"])
            .args(&self.words)
            .stdin(Stdio::null())
            .output()
            .await
            .context("redis-benchmark, which comes with Redis's tools")?;
        let text = String::from_utf8_lossy(&said.stdout);
        ensure!(said.status.success() && !text.contains("rror"), "redis-benchmark: {text}");
        // Only if it did the same work is it something to compare with.
        let logs: u32 = server.say("DBSIZE")?.trim_start_matches(':').trim().parse()?;
        ensure!(logs > times / 100 * 99, "redis-benchmark began only {logs} logs with {times} commands");
        Ok(())
    }
}

/// The quoted words of a line of `MONITOR`. Arguments of a program cannot hold every byte: an unprintable one becomes a letter.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = line.chars();
    while letters.by_ref().any(|letter| letter == '"') {
        let mut word = String::new();
        while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
            match letter {
                '\\' => match letters.next() {
                    Some('x') => {
                        letters.nth(1);
                        word.push('x');
                    }
                    Some(escaped @ ('"' | '\\')) => word.push(escaped),
                    _ => word.push('x'),
                },
                letter => word.push(letter),
            }
        }
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_monitor_is_read_word_by_word() {
        let line = r#"1.5 [0 127.0.0.1:1] "EVALSHA" "ab" "" "a\x00\xffb" "say \"hi\"\r""#;
        assert_eq!(words(line), ["EVALSHA", "ab", "", "axxb", "say \"hi\"x"]);
    }
}
