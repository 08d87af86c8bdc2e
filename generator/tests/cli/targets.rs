//! Where commands write: what cannot be written leaves what was there, whole. (Folders of artifacts: `tests/render`.)

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::{Ran, tailnet_in};

const UGLY: &str = "{\"acls\":[{\"action\":\"accept\",\"src\":[\"*\"],\"dst\":[\"*:*\"]}]}";
/// A name of before 2022, which `check --fix` and `port` mend.
const OLD: &str = "{\"acls\":[{\"action\":\"accept\",\"users\":[\"*\"],\"ports\":[\"*:*\"]}]}";

/// What a folder holds, by name.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut all: Vec<_> = entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    all.sort();
    all
}

fn refused(ran: &Ran, words: &str) {
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains(words), "{words}: {ran:?}");
    assert!(!ran.err.contains("panicked"), "{ran:?}");
}

#[test]
fn a_target_that_takes_no_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.hujson"), OLD).unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    let before = content(folder.path());
    let mut targets = vec!["folder", "policy.hujson/below", "no/such/folder"];
    if cfg!(target_os = "linux") {
        // Takes no file, whoever asks.
        targets.push("/proc/tailnet.hujson");
    }
    for target in targets {
        for format in ["human", "json"] {
            let ran = tailnet_in(
                folder.path(),
                &["port", "policy.hujson", "--out", target, "--format", format],
            );
            refused(&ran, "cannot write");
            assert_eq!(ran.out, "", "half an answer");
            assert_eq!(content(folder.path()), before);
        }
    }
}

/// A disk that is full: what stood there stays, and nothing else is left. Needs the right to mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let Some(_mounted) = Tmpfs::mount(&disk) else {
        // Past the harness, which shows what a passing test prints to nobody.
        use std::io::Write;
        writeln!(
            std::io::stderr(),
            "skipped: writing to a full disk: a small tmpfs cannot be mounted here (needs root)"
        )
        .unwrap();
        return;
    };
    fs::write(disk.join("ugly.hujson"), UGLY).unwrap();
    fs::write(disk.join("old.hujson"), OLD).unwrap();
    assert!(fs::write(disk.join("ballast"), vec![0; 1 << 20]).is_err());
    let before = content(&disk);
    for (arguments, words) in [
        (&["fmt", "ugly.hujson"][..], "cannot write \"ugly.hujson\""),
        (&["check", "--fix", "old.hujson"], "cannot write \"old.hujson\""),
        (
            &["port", "old.hujson", "--out", "new.hujson"],
            "cannot write \"new.hujson\"",
        ),
        (
            &["port", "old.hujson", "--out", "old.hujson"],
            "cannot write \"old.hujson\"",
        ),
    ] {
        let ran = tailnet_in(&disk, arguments);
        refused(&ran, words);
        assert!(ran.err.contains("No space left"), "{arguments:?}: {ran:?}");
        assert_eq!(ran.out, "", "{arguments:?}");
        assert!(content(&disk) == before, "{arguments:?}");
    }
}

/// A file system of its own, as long as this lives.
#[cfg(target_os = "linux")]
struct Tmpfs(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl Tmpfs {
    fn mount(at: &Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(at)
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then(|| Self(at.to_owned()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}
