//! What kind of file system a folder lies on, as far as the system tells: for words to the operator, never for a decision.

use std::path::Path;

/// `ext4`, `nfs4`, `cifs`, `fuse.sshfs` and so on. `None` where the system does not say.
pub(crate) fn of(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    // Linux. What it lists is bounded by the mounts of this machine.
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    within(&mounts, &folder)
}

/// The kind of the innermost mount that has the folder; of several in one place, the last is on top.
/// <https://www.kernel.org/doc/html/latest/filesystems/proc.html#proc-pid-mountinfo-information-about-mounts>
fn within(mounts: &str, folder: &Path) -> Option<String> {
    let mounts = mounts.lines().filter_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let place = place.split(' ').nth(4)?.replace("\\040", " ");
        let depth = Path::new(&place).components().count();
        folder.starts_with(&place).then(|| (depth, kind.split(' ').next().unwrap_or_default().to_owned()))
    });
    mounts.max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// Whether files there are another machine's, or come by way of another program: locks and shared memory, which SQLite needs,
/// are then not to be relied on.
pub(crate) fn is_far(kind: &str) -> bool {
    ["nfs", "cifs", "smb", "9p", "ceph", "gluster", "afs", "vboxsf", "fuse.", "virtiofs"]
        .iter()
        .any(|far| kind.starts_with(far))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:20 / /proc rw - proc proc rw
30 21 0:40 / /srv rw,relatime shared:5 master:2 - xfs /dev/sdb1 rw
31 30 0:41 / /srv/my\\040films rw,relatime - nfs4 nas:/films rw,vers=4.2
32 21 0:42 / /mnt rw - ext4 /dev/sdc1 rw
33 21 0:43 / /mnt rw - fuse.sshfs anna@nas:/ rw
";

    #[test]
    fn the_innermost_mount_says_what_kind_a_folder_lies_on() {
        for (folder, kind) in [
            ("/home/anna/data", "ext4"),
            ("/srv/data", "xfs"),
            ("/srv/my films/data", "nfs4"),
            ("/srv/my", "xfs"),
            ("/mnt/data", "fuse.sshfs"),
            ("/mntx", "ext4"),
        ] {
            assert_eq!(within(MOUNTS, Path::new(folder)).as_deref(), Some(kind), "{folder}");
        }
        assert_eq!(within("nonsense\n", Path::new("/srv")), None);
    }

    #[test]
    fn folders_of_other_machines_are_known() {
        assert!(["nfs4", "cifs", "smb3", "9p", "fuse.sshfs"].into_iter().all(is_far));
        assert!(!["ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "apfs"].into_iter().any(is_far));
    }
}
