//! Bad targets: a clear error, exit 2, and what was there stays as it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::make::KEYSTONE;

/// A folder with a declaration in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(declaration: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cluster.json5"), declaration).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn render(&self, out: &Path) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tailnet"))
            .arg("render")
            .arg(self.path("cluster.json5"))
            .arg("--out")
            .arg(out)
            .output()
            .unwrap()
    }

    fn write(&self, declaration: &str) {
        fs::write(self.path("cluster.json5"), declaration).unwrap();
    }
}

#[track_caller]
fn refused(output: &Output, code: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

/// Every file below `folder`, with its content.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => all.push((path.clone(), fs::read(&path).unwrap())),
            }
        }
    }
    all.sort();
    all
}

#[test]
fn a_second_run_replaces_the_first_as_a_whole() {
    let place = Place::new(KEYSTONE);
    let out = place.path("out");
    let output = place.render(&out);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(out.join("nodes/laptop.json").exists());
    let summary = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(summary.contains("policy.hujson"), "{summary}");
    assert!(summary.contains("8443/tcp"), "{summary}");
    place.write(&KEYSTONE.replace("    laptop: { owner: \"alice\", acceptRoutes: true },\n", ""));
    let output = place.render(&out);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!out.join("nodes/laptop.json").exists());
    // No temporary folder is left: the declaration and the artifacts are all there is.
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 2);
}

#[test]
fn a_wrong_declaration_leaves_what_was_there() {
    let place = Place::new(KEYSTONE);
    let out = place.path("out");
    assert!(place.render(&out).status.success());
    let before = content(&out);
    place.write(&KEYSTONE.replace("https://headscale.example.org", "http://headscale.example.org"));
    refused(&place.render(&out), 1, "TN302");
    assert_eq!(content(&out), before);
    place.write("{");
    refused(&place.render(&out), 1, "error");
    assert_eq!(content(&out), before);
    fs::remove_file(place.path("cluster.json5")).unwrap();
    refused(&place.render(&out), 2, "cluster.json5");
    assert_eq!(content(&out), before);
}

#[test]
fn what_is_not_ours_is_not_replaced() {
    let place = Place::new(KEYSTONE);
    let file = place.path("file");
    fs::write(&file, "mine").unwrap();
    refused(&place.render(&file), 2, "is not a folder");
    assert_eq!(fs::read(&file).unwrap(), b"mine");

    let folder = place.path("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("thesis.tex"), "mine").unwrap();
    refused(&place.render(&folder), 2, "holds something else");
    assert_eq!(content(&folder).len(), 1);

    let out = place.path("out");
    assert!(place.render(&out).status.success());
    fs::write(out.join("nodes/notes.txt"), "mine").unwrap();
    refused(&place.render(&out), 2, "nodes/notes.txt");
    assert!(out.join("nodes/notes.txt").exists());

    refused(&place.render(&place.path("no/such/folder")), 2, "does not exist");
    refused(&place.render(&file.join("below")), 2, "file");
    // Only what was put there is there.
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 4);
}

/// `/proc` takes no folders, whoever asks.
#[test]
#[cfg(target_os = "linux")]
fn where_nothing_can_be_written_nothing_is() {
    let place = Place::new(KEYSTONE);
    refused(&place.render(Path::new("/proc/tailnet")), 2, "/proc");
    refused(&place.render(Path::new("/dev/full")), 2, "is not a folder");
}

/// A disk that fills up while the second run writes: the first run's artifacts stay, whole.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_what_was_there() {
    let place = Place::new(KEYSTONE);
    let disk = place.path("disk");
    fs::create_dir(&disk).unwrap();
    let Some(_mounted) = Tmpfs::mount(&disk, "200k") else {
        println!("skipped: a small tmpfs cannot be mounted here (needs root)");
        return;
    };
    let out = disk.join("out");
    let output = place.render(&out);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let before = content(&out);
    assert!(fs::write(disk.join("ballast"), vec![0; 1 << 20]).is_err());
    let output = place.render(&out);
    refused(&output, 2, "No space left");
    assert_eq!(content(&out), before);
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 2, "a temporary folder was left");
}

/// A file system of its own, as long as this lives.
#[cfg(target_os = "linux")]
struct Tmpfs(PathBuf);

#[cfg(target_os = "linux")]
impl Tmpfs {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
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

#[test]
fn machines_get_the_same_as_json() {
    let place = Place::new(KEYSTONE);
    let output = Command::new(env!("CARGO_BIN_EXE_tailnet"))
        .args(["render", "--format", "json"])
        .arg(place.path("cluster.json5"))
        .arg("--out")
        .arg(place.path("out"))
        .output()
        .unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["ok"], true);
    let artifacts = answer["artifacts"].as_array().unwrap();
    assert_eq!(artifacts.len(), content(&place.path("out")).len());
    let primer = answer["underlay"]
        .as_array()
        .unwrap()
        .iter()
        .find(|host| host["node"] == "primer")
        .unwrap();
    assert_eq!(primer["addresses"][0], "203.0.113.10");
    assert!(
        primer["ports"]
            .as_array()
            .unwrap()
            .iter()
            .any(|port| port["port"] == 3478)
    );
}
