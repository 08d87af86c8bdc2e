//! The way to disk: all of it or nothing.
//!
//! A set of artifacts is written into a temporary folder beside its target, made durable, and takes the target's place
//! in one rename. Whatever goes wrong before that rename leaves what was there untouched, and the temporary folder is
//! removed. A target is only ever replaced when it is empty or holds nothing but what an earlier run wrote, which the
//! `artifacts` list of its `report.json` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::REPORT;

/// A set of files: path within the folder (`/` between parts) and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How much of a foreign target is named in the message.
const NAMED: usize = 3;

/// Why nothing was written. The target is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The target is something else than a folder.
    #[error("{} exists and is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The target holds files, and no report of ours among them.
    #[error("{} holds something else: it has no {REPORT} of tailnet's in it", .0.display())]
    Foreign(PathBuf),
    /// The target is ours, and somebody has put files of their own into it.
    #[error("{} holds files that tailnet did not write: {}", .0.display(), .1.join(", "))]
    ForeignFiles(PathBuf, Vec<String>),
    /// The target has no parent folder.
    #[error("{} cannot be made: its parent folder does not exist", .0.display())]
    NoParent(PathBuf),
    /// The system refused.
    #[error("cannot {what} {}: {error}", .path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// Its answer.
        error: io::Error,
    },
}

/// Writes `files` as the folder `target`, replacing artifacts of an earlier run in one step.
///
/// # Errors
/// When the target is not ours to replace or the system refuses; the target is untouched then.
pub fn replace(target: &Path, files: &Files) -> Result<(), Error> {
    let target = &resolve(target)?;
    let exists = judge(target)?;
    let parent = parent(target);
    let staging = tempfile::Builder::new()
        .prefix(&staging_prefix(target))
        .rand_bytes(8)
        .tempdir_in(&parent)
        .map_err(|error| Error::Io {
            what: "make a folder in",
            path: parent.clone(),
            error,
        })?;
    open_to_all(staging.path())?;
    fill(staging.path(), files)?;
    sync(staging.path())?;
    if exists {
        swap(staging.path(), target)?;
        // From here on `staging` holds what was there before; it is removed when dropped.
    } else {
        fs::rename(staging.path(), target).map_err(|error| Error::Io {
            what: "rename the artifacts to",
            path: target.clone(),
            error,
        })?;
    }
    // The rename itself is durable once the parent is; a file system that cannot do that has still renamed.
    let _ = File::open(&parent).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Writes `files` as the new folder `target`, without a temporary name: for a builder that owns exactly that path, as
/// Nix's builders do. What was written is removed when it fails.
///
/// # Errors
/// When the target exists or the system refuses.
pub fn create(target: &Path, files: &Files) -> Result<(), Error> {
    fs::create_dir(target).map_err(|error| Error::Io {
        what: "make the folder",
        path: target.to_owned(),
        error,
    })?;
    fill(target, files).inspect_err(|_| {
        let _ = fs::remove_dir_all(target);
    })
}

/// Follows symbolic links, so that the folder is replaced and not the link to it.
fn resolve(target: &Path) -> Result<PathBuf, Error> {
    match fs::canonicalize(target) {
        Ok(path) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !target.is_symlink() => {
            match fs::metadata(parent(target)) {
                Ok(metadata) if metadata.is_dir() => Ok(target.to_owned()),
                Ok(_) => Err(Error::NotAFolder(parent(target))),
                Err(_) => Err(Error::NoParent(target.to_owned())),
            }
        }
        Err(error) => Err(Error::Io {
            what: "reach",
            path: target.to_owned(),
            error,
        }),
    }
}

/// The folder that holds `target`.
fn parent(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => target.to_owned(),
    }
}

/// `.NAME.tailnet-`, hidden and recognisable should a power cut leave it behind.
fn staging_prefix(target: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    prefix.push(".tailnet-");
    prefix
}

/// Whether there is something at `target`; an error when it is not ours to replace.
fn judge(target: &Path) -> Result<bool, Error> {
    let metadata = match fs::metadata(target) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => {
            return Err(Error::Io {
                what: "reach",
                path: target.to_owned(),
                error,
            });
        }
    };
    if !metadata.is_dir() {
        return Err(Error::NotAFolder(target.to_owned()));
    }
    let mut found = BTreeSet::new();
    list(target, "", &mut found).map_err(|error| Error::Io {
        what: "list",
        path: target.to_owned(),
        error,
    })?;
    if found.is_empty() {
        return Ok(true);
    }
    let Some(manifest) = manifest(&target.join(REPORT)) else {
        return Err(Error::Foreign(target.to_owned()));
    };
    let foreign: Vec<String> = found.difference(&manifest).take(NAMED).cloned().collect();
    if foreign.is_empty() {
        Ok(true)
    } else {
        Err(Error::ForeignFiles(target.to_owned(), foreign))
    }
}

/// What a report of an earlier run says that it wrote; `None` when the file is no such report.
fn manifest(report: &Path) -> Option<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Report {
        generator: String,
        artifacts: BTreeSet<String>,
    }
    let text = fs::read(report).ok()?;
    let mut report: Report = serde_json::from_slice(&text).ok()?;
    if report.generator != super::GENERATOR {
        return None;
    }
    report.artifacts.insert(REPORT.to_owned());
    Some(report.artifacts)
}

/// Every path below `folder` that is no folder, and every folder that is empty, as a manifest would name it. Depth and
/// number are bounded by stopping at what no artifact has: more than two folders deep is foreign as it stands.
fn list(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> io::Result<()> {
    let mut empty = true;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        empty = false;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() && name.matches('/').count() < 2 {
            list(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name);
        }
    }
    if empty && !prefix.is_empty() {
        found.insert(prefix.to_owned());
    }
    Ok(())
}

/// `tempfile` makes folders for the owner only; nothing in here is secret, and other users' services read it.
fn open_to_all(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(|error| Error::Io {
            what: "open to all",
            path: folder.to_owned(),
            error,
        })?;
    }
    Ok(())
}

/// Writes every file below `folder`.
fn fill(folder: &Path, files: &Files) -> Result<(), Error> {
    let mut made = BTreeSet::new();
    for (name, content) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent().filter(|parent| *parent != folder)
            && made.insert(parent.to_owned())
        {
            fs::create_dir_all(parent).map_err(|error| Error::Io {
                what: "make the folder",
                path: parent.to_owned(),
                error,
            })?;
        }
        File::create_new(&path)
            .and_then(|mut file| file.write_all(content))
            .map_err(|error| Error::Io {
                what: "write",
                path,
                error,
            })?;
    }
    Ok(())
}

/// Waits until everything below `folder` is on the disk: one barrier however many files there are, since thousands of
/// single ones would take minutes. Reports a full disk that was only noticed when the data left the cache.
fn sync(folder: &Path) -> Result<(), Error> {
    let handle = File::open(folder).map_err(|error| Error::Io {
        what: "open",
        path: folder.to_owned(),
        error,
    })?;
    #[cfg(target_os = "linux")]
    let synced = rustix::fs::syncfs(&handle).map_err(io::Error::from);
    #[cfg(not(target_os = "linux"))]
    let synced = handle.sync_all();
    synced.map_err(|error| Error::Io {
        what: "write out",
        path: folder.to_owned(),
        error,
    })
}

/// Puts `new` in the place of `old`, and `old` in the place of `new`.
fn swap(new: &Path, old: &Path) -> Result<(), Error> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            // A file system that cannot exchange: two renames.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
            Err(error) => {
                return Err(Error::Io {
                    what: "replace",
                    path: old.to_owned(),
                    error: error.into(),
                });
            }
        }
    }
    swap_in_steps(new, old)
}

/// The same by renaming aside. Between the two renames `old` does not exist; when the second fails the first is undone.
fn swap_in_steps(new: &Path, old: &Path) -> Result<(), Error> {
    let mut aside = new.as_os_str().to_owned();
    aside.push(".old");
    let aside = PathBuf::from(aside);
    let replace = |error| Error::Io {
        what: "replace",
        path: old.to_owned(),
        error,
    };
    fs::rename(old, &aside).map_err(replace)?;
    if let Err(error) = fs::rename(new, old) {
        let _ = fs::rename(&aside, old);
        return Err(replace(error));
    }
    // `new` is the name that gets cleaned up; the replacing itself is done, so this cannot fail it any more.
    if fs::rename(&aside, new).is_err() {
        let _ = fs::remove_dir_all(&aside);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        let mut files: Files = list
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
        let names: Vec<&String> = files.keys().collect();
        let report = serde_json::json!({"generator": super::super::GENERATOR, "artifacts": names});
        files.insert(REPORT.to_owned(), report.to_string().into_bytes());
        files
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut found = BTreeSet::new();
        list(folder, "", &mut found).unwrap();
        found.into_iter().collect()
    }

    #[test]
    fn a_new_folder_an_empty_one_and_one_of_ours_are_taken() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("out");
        replace(&target, &files(&[("a", "1"), ("nodes/x.json", "{}")])).unwrap();
        assert_eq!(names(&target), ["a", "nodes/x.json", REPORT]);
        replace(&target, &files(&[("b", "2")])).unwrap();
        assert_eq!(names(&target), ["b", REPORT]);
        let empty = root.path().join("empty");
        fs::create_dir(&empty).unwrap();
        replace(&empty, &files(&[("c", "3")])).unwrap();
        assert_eq!(names(&empty), ["c", REPORT]);
        // Nothing is left beside the targets.
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2);
    }

    #[test]
    fn somebody_elses_folder_or_file_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("out");
        fs::write(&target, "x").unwrap();
        assert!(matches!(replace(&target, &files(&[])), Err(Error::NotAFolder(_))));
        assert_eq!(fs::read(&target).unwrap(), b"x");
        let other = root.path().join("other");
        fs::create_dir_all(other.join("deep/deeper/deepest")).unwrap();
        assert!(matches!(replace(&other, &files(&[])), Err(Error::Foreign(_))));
        // A report.json of somebody else's is no manifest.
        fs::write(other.join(REPORT), r#"{"generator": "x", "artifacts": ["deep/"]}"#).unwrap();
        assert!(matches!(replace(&other, &files(&[])), Err(Error::Foreign(_))));
        let missing = root.path().join("no/such/folder");
        assert!(matches!(replace(&missing, &files(&[])), Err(Error::NoParent(_))));
    }

    #[test]
    fn a_file_put_among_ours_is_not_thrown_away() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("out");
        replace(&target, &files(&[("a", "1")])).unwrap();
        fs::write(target.join("notes.txt"), "mine").unwrap();
        let error = replace(&target, &files(&[("a", "2")])).unwrap_err();
        assert!(error.to_string().ends_with("did not write: notes.txt"), "{error}");
        assert_eq!(fs::read(target.join("a")).unwrap(), b"1");
    }

    #[test]
    fn without_an_exchange_two_renames_do() {
        let root = tempfile::tempdir().unwrap();
        let (new, old) = (root.path().join("new"), root.path().join("old"));
        for (folder, text) in [(&new, "new"), (&old, "old")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("x"), text).unwrap();
        }
        swap_in_steps(&new, &old).unwrap();
        assert_eq!(fs::read(old.join("x")).unwrap(), b"new");
        assert_eq!(fs::read(new.join("x")).unwrap(), b"old");
        // When the new one is gone, the old one stays where it was.
        fs::remove_dir_all(&new).unwrap();
        assert!(swap_in_steps(&new, &old).is_err());
        assert_eq!(fs::read(old.join("x")).unwrap(), b"new");
    }

    #[test]
    fn a_link_to_a_folder_stays_a_link() {
        let root = tempfile::tempdir().unwrap();
        let real = root.path().join("real");
        fs::create_dir(&real).unwrap();
        let link = root.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace(&link, &files(&[("a", "1")])).unwrap();
        assert!(link.is_symlink());
        assert_eq!(names(&real), ["a", REPORT]);
    }

    #[test]
    fn create_leaves_nothing_behind_when_it_fails() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("out");
        // A file cannot be a folder at the same time.
        let broken = Files::from([("a".to_owned(), vec![]), ("a/b".to_owned(), vec![])]);
        assert!(create(&target, &broken).is_err());
        assert!(!target.exists());
        assert!(replace(&target, &broken).is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        create(&target, &files(&[("a", "1")])).unwrap();
        assert_eq!(names(&target), ["a", REPORT]);
    }
}
