//! All that the stores hold, to look for words in: whole files, whole tables, every key and value.

use std::{
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
};

use fred::{clients::Client, interfaces::LuaInterface};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tracing_subscriber::fmt::MakeWriter;

/// A piece of what is stored, and where.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) place: String,
    bytes: Vec<u8>,
}

impl Stored {
    /// Whether a word is in it, in whatever case.
    pub(crate) fn has(&self, word: &str) -> bool {
        let word = word.to_ascii_lowercase().into_bytes();
        self.bytes.to_ascii_lowercase().windows(word.len()).any(|window| window == word)
    }
}

/// The files of a folder, with their write-ahead logs.
pub(super) fn files(folder: &Path) -> Vec<Stored> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|file| file.is_file())
        .map(|file| Stored {
            place: file.file_name().unwrap().to_string_lossy().into_owned(),
            bytes: std::fs::read(&file).unwrap(),
        })
        .collect()
}

/// The rows of every table.
pub(super) async fn rows(url: &str) -> Vec<Stored> {
    let mut db = PgConnection::connect(url).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&mut db)
            .await
            .unwrap();
    let mut all = Vec::new();
    for table in tables {
        let select = format!("SELECT t::text FROM {table} t");
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(select)).fetch_all(&mut db).await.unwrap();
        all.push(Stored { place: table, bytes: rows.join("\n").into_bytes() });
    }
    all
}

/// All of a value, whatever kind it is of.
const WHOLE_VALUE: &str = "
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'string' then return {redis.call('GET', KEYS[1])}
elseif kind == 'list' then return redis.call('LRANGE', KEYS[1], 0, -1)
elseif kind == 'set' then return redis.call('SMEMBERS', KEYS[1])
elseif kind == 'zset' then return redis.call('ZRANGE', KEYS[1], 0, -1)
elseif kind == 'hash' then return redis.call('HGETALL', KEYS[1])
elseif kind == 'none' then return {}
end
error('nobody looks into a ' .. kind)";

/// Every key of a test's own, and what is in it.
pub(super) async fn values(client: &Client, prefix: &str) -> Vec<Stored> {
    let pattern = format!("{prefix}:*");
    let keys: Vec<fred::types::Key> =
        client.scan_buffered(pattern, Some(1000), None).try_collect().await.unwrap();
    let mut all = Vec::new();
    for key in keys {
        let name = String::from_utf8_lossy(key.as_bytes()).into_owned();
        let mut bytes: Vec<u8> = key.as_bytes().to_vec();
        let parts: Vec<Vec<u8>> = client.eval(WHOLE_VALUE, vec![key], Vec::<String>::new()).await.unwrap();
        bytes.extend(parts.concat());
        all.push(Stored { place: name, bytes });
    }
    all
}

/// What is logged while a test runs, by everything on its thread.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Listens from now on, until the guard goes.
    pub(crate) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn so_far(&self) -> Stored {
        Stored { place: "the log".into(), bytes: self.0.lock().unwrap().clone() }
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
