//! `tailnet lock`: the artifacts beside the declaration, and whether they are still what it makes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::make::KEYSTONE;

fn lock(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tailnet"))
        .arg("lock")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn report(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(folder.join("report.json")).unwrap()).unwrap()
}

/// What `nix eval --json` prints is one line of JSON.
fn handed_over() -> String {
    let declaration: serde_json::Value = json5::from_str(KEYSTONE).unwrap();
    serde_json::json!({ "declaration": declaration, "files": {} }).to_string()
}

#[test]
fn a_declaration_is_locked_beside_itself_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cluster.json5"), KEYSTONE).unwrap();
    let locked = lock(folder.path(), &["cluster.json5"], "");
    assert!(locked.status.success(), "{}", String::from_utf8_lossy(&locked.stderr));
    assert!(out(&locked).starts_with("cluster.lock: "), "{}", out(&locked));
    assert!(folder.path().join("cluster.lock/nodes/primer.json").is_file());

    let fresh = lock(folder.path(), &["cluster.json5", "--check"], "");
    assert_eq!(
        (fresh.status.code(), &*out(&fresh)),
        (Some(0), "cluster.lock is up to date\n")
    );

    let changed = KEYSTONE.replace("9.9.9.9", "9.9.9.10");
    assert_ne!(changed, KEYSTONE);
    std::fs::write(folder.path().join("cluster.json5"), changed).unwrap();
    std::fs::remove_file(folder.path().join("cluster.lock/derp.json")).unwrap();
    let stale = lock(folder.path(), &["cluster.json5", "--check"], "");
    assert_eq!(stale.status.code(), Some(1));
    for line in ["derp.json is missing", "dns.json differs", "report.json differs"] {
        assert!(out(&stale).contains(line), "{}", out(&stale));
    }
    assert!(!out(&stale).contains("policy.hujson"), "{}", out(&stale));
}

/// The same declaration from Nix gives the same artifacts and the same hash as from a file.
#[test]
fn what_nix_hands_over_is_locked_as_the_file_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cluster.json5"), KEYSTONE).unwrap();
    assert!(
        lock(folder.path(), &["cluster.json5", "--out", "a"], "")
            .status
            .success()
    );
    let nix = lock(folder.path(), &["-", "--out", "b"], &handed_over());
    assert!(nix.status.success(), "{}", String::from_utf8_lossy(&nix.stderr));
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    assert_eq!(report(&a)["declaration"], report(&b)["declaration"]);
    assert_eq!(
        std::fs::read(a.join("nodes/primer.json")).unwrap(),
        std::fs::read(b.join("nodes/primer.json")).unwrap()
    );
}

#[test]
fn a_wrong_declaration_is_not_locked() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = handed_over().replace("https://headscale.example.org", "http://headscale.example.org");
    let refused = lock(folder.path(), &["-", "--out", "x"], &wrong);
    assert_eq!(refused.status.code(), Some(1));
    let err = String::from_utf8_lossy(&refused.stderr);
    assert!(
        err.contains("TN302") && err.contains("nothing was written to x"),
        "{err}"
    );
    assert!(!folder.path().join("x").exists());
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = lock(folder.path(), &["-"], &handed_over());
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("--out is needed"));
    let nothing = lock(folder.path(), &["-", "--out", "x", "--check"], &handed_over());
    assert_eq!(nothing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("nothing to compare with"));
}
