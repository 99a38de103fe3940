//! The posters on this node's disk: as many as fit into a budget, those that were shown lately.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use sovpalo_storage::file_modes;
use tokio::{io::AsyncWriteExt, sync::Mutex, task::spawn_blocking};

/// Posters take so many bytes of the disk; beyond it those that were shown longest ago are deleted.
pub(crate) const BUDGET: u64 = 512 * 1024 * 1024;
/// That a poster was shown is noted once in this time.
const NOTED_EVERY: Duration = Duration::from_secs(24 * 3_600);

pub(super) struct Disk {
    folder: PathBuf,
    budget: u64,
    /// About how many bytes there are; `u64::MAX`: nobody has counted yet.
    taken: AtomicU64,
    sweeping: Mutex<()>,
}

impl Disk {
    pub(super) fn new(folder: PathBuf, budget: u64) -> Self {
        Self { folder, budget, taken: AtomicU64::new(u64::MAX), sweeping: Mutex::new(()) }
    }

    fn file(&self, address: &str) -> PathBuf {
        self.folder.join(hex::encode(Sha256::digest(address)))
    }

    /// What is kept of an address.
    pub(super) async fn read(&self, address: &str) -> Option<Bytes> {
        let file = self.file(address);
        spawn_blocking(move || read_and_note(&file).ok()).await.ok().flatten()
    }

    /// Keeps what was fetched, and makes room for it. Written beside and moved into place: nobody ever reads half of one.
    pub(super) async fn keep(&self, address: &str, bytes: &[u8]) -> io::Result<()> {
        file_modes::create_folder(&self.folder)?;
        let beside = self.folder.join(format!("{:032x}.part", rand::random::<u128>()));
        let mut part = tokio::fs::OpenOptions::from(file_modes::new_file()).open(&beside).await?;
        part.write_all(bytes).await?;
        part.flush().await?;
        drop(part);
        tokio::fs::rename(&beside, self.file(address)).await?;
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let taken = self.taken.fetch_update(Relaxed, Relaxed, |taken| Some(taken.saturating_add(more)));
        if taken.unwrap_or(u64::MAX).saturating_add(more) > self.budget {
            self.sweep().await?;
        }
        Ok(())
    }

    /// Counts what there is, and deletes what was shown longest ago until a tenth of the budget is free.
    async fn sweep(&self) -> io::Result<()> {
        let Ok(_alone) = self.sweeping.try_lock() else { return Ok(()) };
        let (folder, budget) = (self.folder.clone(), self.budget);
        let swept = spawn_blocking(move || sweep(&folder, budget)).await.map_err(io::Error::other)?;
        self.taken.store(swept?, Relaxed);
        Ok(())
    }
}

fn read_and_note(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    (&file).read_to_end(&mut bytes)?;
    let shown = file.metadata()?.modified()?;
    let now = SystemTime::now();
    if now.duration_since(shown).is_ok_and(|age| age > NOTED_EVERY) {
        // If that cannot be noted, the poster is deleted a little early.
        let _ = file.set_modified(now);
    }
    Ok(bytes.into())
}

/// How many bytes are left.
fn sweep(folder: &Path, budget: u64) -> io::Result<u64> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // One that has gone meanwhile takes no room.
        let Ok(meta) = entry.metadata() else { continue };
        if meta.is_file() {
            files.push((meta.modified()?, meta.len(), entry.path()));
        }
    }
    let mut taken: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    if taken <= budget {
        return Ok(taken);
    }
    files.sort();
    let enough = budget - budget / 10;
    for (_, bytes, path) in files {
        if taken <= enough {
            break;
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => taken = taken.saturating_sub(bytes),
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_days_ago(disk: &Disk, address: &str, days: u64) {
        let file = File::options().write(true).open(disk.file(address)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(days * 24 * 3_600)).unwrap();
    }

    #[tokio::test]
    async fn beyond_the_budget_what_was_shown_longest_ago_goes() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::new(dir.path().join("posters"), 1_000);
        for (address, days) in [("a", 9), ("b", 5), ("c", 7)] {
            disk.keep(address, &[1; 300]).await.unwrap();
            shown_days_ago(&disk, address, days);
        }
        assert_eq!(disk.read("a").await.unwrap().len(), 300, "it is shown again");
        disk.keep("d", &[1; 300]).await.unwrap();
        assert_eq!(disk.read("c").await, None);
        for address in ["a", "b", "d"] {
            assert!(disk.read(address).await.is_some(), "{address} is gone");
        }
    }

    #[tokio::test]
    async fn what_an_earlier_process_left_counts() {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..20 {
            let disk = Disk::new(dir.path().to_owned(), 1_000);
            disk.keep(&format!("poster {n}"), &[1; 300]).await.unwrap();
        }
        let left: u64 =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
        assert!(left <= 1_000, "{left} bytes");
    }
}
