//! Files and folders that only this user can read: rooms, names and sessions are in them.
//!
//! What is made here has mode 0600 (0700 for a folder) whatever the umask is, and a link is never followed. Files of ours that are open
//! to others, because an older version made them, are closed. A folder that was there before may hold other people's things: it stays as
//! it is, and [`is_open`] tells. On Windows a folder's own permissions hold.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    path::Path,
};

/// Makes a folder and those above it, unless it is there.
pub fn create_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER);
    builder.create(path)
}

/// Opens a file, or makes an empty one. What is in it stays. Where a link is in its place, that is an error.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = new_file();
    let file = options.create_new(false).create(true).truncate(false).read(true).open(path)?;
    close_to_others(&file.metadata()?, |closed| file.set_permissions(closed));
    Ok(file)
}

/// How a new file is made that must not be there yet.
pub fn new_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(FILE).custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits());
    }
    options
}

/// Prepares a SQLite file and what lies beside it: SQLite gives the latter the mode of the former. What is there is not opened, since
/// closing a file would give up this process's locks on it. A link that an operator made to another disk is left to them.
pub fn prepare_database(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = Path::new(&name);
        match fs::symlink_metadata(file) {
            Ok(found) if found.is_file() => {
                close_to_others(&found, |closed| fs::set_permissions(file, closed));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if suffix.is_empty() {
                    new_file().open(file)?;
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether others than this user can look into a folder.
pub fn is_open(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & OTHERS != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

#[cfg(unix)]
const FOLDER: u32 = 0o700;
#[cfg(unix)]
const FILE: u32 = 0o600;
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Takes from others what they may do with a file.
#[cfg(unix)]
fn close_to_others(found: &fs::Metadata, set: impl FnOnce(fs::Permissions) -> io::Result<()>) {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = found.permissions();
    let mode = permissions.mode();
    if mode & OTHERS != 0 {
        permissions.set_mode(mode & !OTHERS);
        // Some network folders have one mode for all files, which is said of the folder.
        let _ = set(permissions);
    }
}

#[cfg(not(unix))]
fn close_to_others(_: &fs::Metadata, _: impl FnOnce(fs::Permissions) -> io::Result<()>) {}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_this_users_alone() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a/b");
        create_folder(&folder).unwrap();
        assert_eq!((mode(&folder), mode(&home.path().join("a"))), (0o700, 0o700));
        let file = folder.join("lock");
        drop(open(&file).unwrap());
        assert_eq!(mode(&file), 0o600);
        assert!(new_file().open(&file).is_err(), "it is there already");
    }

    #[test]
    fn a_file_that_was_open_to_others_is_closed_and_keeps_what_is_in_it() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("lock");
        fs::write(&file, "kept").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        drop(open(&file).unwrap());
        assert_eq!((mode(&file), fs::read_to_string(&file).unwrap().as_str()), (0o600, "kept"));
    }

    #[test]
    fn a_database_that_an_older_version_left_open_is_closed_with_what_lies_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let files =
            ["rooms.sqlite", "rooms.sqlite-wal", "rooms.sqlite-shm"].map(|name| home.path().join(name));
        for file in &files {
            fs::write(file, "kept").unwrap();
            fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        }
        prepare_database(&files[0]).unwrap();
        for file in &files {
            assert_eq!((mode(file), fs::read_to_string(file).unwrap().as_str()), (0o600, "kept"));
        }
        let new = home.path().join("new.sqlite");
        prepare_database(&new).unwrap();
        assert_eq!(mode(&new), 0o600);
    }

    #[test]
    fn a_link_is_not_followed_and_its_target_stays_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let (target, link, nothing) = ["target", "link", "nothing"].map(|name| home.path().join(name)).into();
        fs::write(&target, "precious").unwrap();
        symlink(&target, &link).unwrap();
        assert!(open(&link).is_err() && new_file().open(&link).is_err());
        assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
        fs::remove_file(&link).unwrap();
        symlink(&nothing, &link).unwrap();
        assert!(open(&link).is_err() && !nothing.exists(), "nothing is made where a link points");
    }

    #[test]
    fn a_folder_that_was_there_is_looked_at_and_left_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        create_folder(home.path()).unwrap();
        assert!(is_open(home.path()));
        assert_eq!(mode(home.path()), 0o755, "it may be a folder that others need");
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!is_open(home.path()));
    }
}
