//! Opening what keeps the rooms: a folder, or PostgreSQL and Redis.

use std::{
    fmt::Display,
    fs::{File, TryLockError},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use sovpalo_live::{
    folder,
    hot::{
        Hot,
        redis::{Redis, RedisConfig},
    },
};
use sovpalo_storage::{Db, DbConfig, DbTarget, clock::Clock, file_modes, start::Patience};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, Stores},
    filesystem,
};

/// How long whoever waits for one store goes on once the other is known to be unusable.
const MOMENT: Duration = Duration::from_secs(2);

/// The open stores, and what must be held as long as they.
pub(crate) struct Opened {
    pub(crate) db: Db,
    pub(crate) hot: Arc<dyn Hot>,
    pub(crate) _lock: Option<File>,
}

/// Opens the stores that the configuration names, for a process of this role. Everything that is wrong with them is told at once.
pub(crate) async fn open(config: &Config, role: &str, clock: &Clock) -> anyhow::Result<Opened> {
    match &config.stores {
        Stores::Embedded => embedded(&config.data_dir, clock).await,
        Stores::Production { database, redis } => {
            let target = DbTarget::Postgres { url: database.reveal().to_owned() };
            let database = DbConfig { target, connections: config.database_connections };
            let redis = RedisConfig { node: node(config, role), ..RedisConfig::new(redis.reveal()) };
            Box::pin(production(database, redis, clock)).await
        }
    }
}

/// The name of this process among all that share the stores. It has the same one after a restart, as far as one can tell.
fn node(config: &Config, role: &str) -> Option<String> {
    // Any free port is another one each time.
    let host = whoami::hostname().ok().filter(|_| config.listen.port() != 0)?;
    Some(format!("{role}@{host}:{}", config.listen.port()))
}

async fn embedded(data_dir: &Path, clock: &Clock) -> anyhow::Result<Opened> {
    let lock = lock(data_dir)?;
    let (db, hot) = folder::open(data_dir, clock).await.context("DATA_DIR")?;
    Ok(Opened { db, hot: Arc::new(hot), _lock: Some(lock) })
}

async fn production(database: DbConfig, redis: RedisConfig, clock: &Clock) -> anyhow::Result<Opened> {
    let redis = RedisConfig { starting: Patience::default(), ..redis };
    let broken = CancellationToken::new();
    let (db, hot) = tokio::join!(
        unless_the_other_is(&broken, MOMENT, Db::connect_once_up(&database, Patience::default())),
        unless_the_other_is(&broken, MOMENT, Redis::connect(redis, clock.clone())),
    );
    match (db, hot) {
        (Ok(db), Ok(hot)) => Ok(Opened { db, hot: Arc::new(hot), _lock: None }),
        (db, hot) => {
            let mistakes = [
                db.err().map(|error| format!("\n  DATABASE_URL: {error}")),
                hot.err().map(|error| format!("\n  REDIS_URL: {error}")),
            ];
            bail!("The stores cannot be used:{}", mistakes.into_iter().flatten().collect::<String>())
        }
    }
}

/// Opens a store. Waiting for one that is starting is of no use once the other cannot be opened; the moment after that is for whatever
/// else can be said at once.
async fn unless_the_other_is<T, E: Display>(
    broken: &CancellationToken,
    moment: Duration,
    opening: impl Future<Output = Result<T, E>>,
) -> Result<T, String> {
    let give_up = async {
        broken.cancelled().await;
        tokio::time::sleep(moment).await;
    };
    let opened = tokio::select! {
        opened = opening => opened.map_err(|error| error.to_string()),
        () = give_up => return Err("it is not there yet".into()),
    };
    if opened.is_err() {
        broken.cancel();
    }
    opened
}

/// The embedded mode's files have one process. The lock lasts as long as the file handle.
fn lock(data_dir: &Path) -> anyhow::Result<File> {
    file_modes::create_folder(data_dir)
        .with_context(|| format!("DATA_DIR: {} cannot be made", data_dir.display()))?;
    let path = data_dir.join("lock");
    if std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
        bail!("DATA_DIR: {} is a link, and what it points to is not touched: remove it", path.display());
    }
    // A link that is put there after that check is an error, too: it cannot be written.
    let file =
        file_modes::open(&path).with_context(|| format!("DATA_DIR: {} cannot be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            if let Some(kind) = filesystem::of(data_dir).filter(|kind| filesystem::is_far(kind)) {
                tracing::warn!(
                    "DATA_DIR lies on a network folder or the like ({kind}): SQLite may lose data there; a disk of this machine is safe"
                );
            }
            if file_modes::is_open(data_dir) {
                let folder = data_dir.display();
                tracing::warn!("DATA_DIR: others on this machine can look into {folder}: chmod 700 {folder}");
            }
            Ok(file)
        }
        Err(why) => bail!("DATA_DIR: {}", not_locked(data_dir, &why, filesystem::of(data_dir).as_deref())),
    }
}

/// Why there is no lock, and what to do. `filesystem` is the kind of the one that the folder lies on, where that is known.
fn not_locked(data_dir: &Path, why: &TryLockError, filesystem: Option<&str>) -> String {
    let folder = data_dir.display();
    match why {
        TryLockError::WouldBlock => format!("another sovpalo is running in {folder}"),
        TryLockError::Error(error) => {
            let kind = filesystem.map(|kind| format!(" ({kind})")).unwrap_or_default();
            format!(
                "{folder} cannot be locked: {error}. The file system there{kind} has no file locks, as is so with many network folders \
                 and mounts. SQLite needs them too: choose a folder on a disk of this machine, or use DATABASE_URL and REDIS_URL"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_locks_is_told_from_one_that_is_in_use() {
        let folder = Path::new("/srv/films");
        let taken = not_locked(folder, &TryLockError::WouldBlock, Some("ext4"));
        assert_eq!(taken, "another sovpalo is running in /srv/films");
        // What flock says on NFS without its lock service, on SMB and FUSE mounts, and where it may not.
        for error in [
            std::io::ErrorKind::Unsupported.into(),
            std::io::ErrorKind::PermissionDenied.into(),
            std::io::Error::from_raw_os_error(37),
            std::io::Error::from_raw_os_error(95),
        ] {
            let said = not_locked(folder, &TryLockError::Error(error), Some("nfs4"));
            for words in ["/srv/films cannot be locked", "(nfs4)", "network folders", "DATABASE_URL"] {
                assert!(said.contains(words), "{words}: {said}");
            }
            assert!(!said.contains("another sovpalo"), "{said}");
        }
    }

    #[test]
    fn a_folder_that_is_in_use_is_free_again_once_its_process_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let first = lock(home.path()).unwrap();
        let refused = lock(home.path()).unwrap_err().to_string();
        assert!(refused.contains("another sovpalo is running"), "{refused}");
        drop(first);
        lock(home.path()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_the_lock_is_refused_by_name_and_its_target_keeps_what_is_in_it() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("precious");
        std::fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, home.path().join("lock")).unwrap();
        let refused = lock(home.path()).unwrap_err().to_string();
        assert!(refused.contains("lock is a link"), "{refused}");
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "kept");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn everything_in_a_new_data_folder_is_this_users_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let _opened = embedded(&data, &Clock::system()).await.unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data), 0o700);
        let files: Vec<_> = std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= 3, "lock and two databases: {files:?}");
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }

    #[tokio::test]
    async fn a_store_that_is_starting_is_not_waited_for_once_the_other_is_known_to_be_wrong() {
        let broken = CancellationToken::new();
        let (one, other) = tokio::join!(
            unless_the_other_is(&broken, Duration::ZERO, async { Err::<(), _>("wrong password") }),
            unless_the_other_is(&broken, Duration::ZERO, std::future::pending::<Result<(), String>>()),
        );
        assert_eq!(one, Err("wrong password".to_owned()));
        assert_eq!(other, Err("it is not there yet".to_owned()));
    }
}
