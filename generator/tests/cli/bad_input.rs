//! Bad input: a clear error with exit 1 or 2, no panic, no partial output, soon.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::run::{Ran, command};

/// A machine under load is no mistake of the command; a quadratic one would take minutes.
const SOON: Duration = Duration::from_secs(120);

/// Runs `arguments` in `folder` and expects a refusal.
fn refused(folder: &Path, arguments: &[&str]) -> Ran {
    let begun = Instant::now();
    let ran: Ran = command(arguments).current_dir(folder).output().unwrap().into();
    let took = begun.elapsed();
    assert!(matches!(ran.code, Some(1 | 2)), "{arguments:?}: {ran:?}");
    assert!(took < SOON, "{arguments:?} took {took:?}");
    // Where the answer has a form of its own, what hinders is said beside it.
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("error"), "{arguments:?}: {ran:?}");
    assert!(said.len() < 100_000, "{arguments:?}: {} bytes", said.len());
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains("panicked"), "{text}");
    }
    ran
}

/// Every command that reads a policy or a declaration, which is `FILE`.
const COMMANDS: [&[&str]; 11] = [
    &["fmt", "FILE"],
    &["check", "FILE"],
    &["check", "--fix", "FILE"],
    &["check", "FILE", "--format", "json"],
    &["test", "FILE"],
    &["reach", "FILE", "a", "b", "--format", "json"],
    &["matrix", "FILE"],
    &["compile", "FILE"],
    &["diff", "FILE", "FILE"],
    &["port", "FILE"],
    &["port", "FILE", "--out", "FILE"],
];

/// All of them, with `name` for `FILE`.
fn commands(name: &str) -> Vec<Vec<&str>> {
    let named = |argument: &&'static str| if *argument == "FILE" { name } else { *argument };
    COMMANDS
        .iter()
        .map(|command| command.iter().map(named).collect())
        .collect()
}

fn refused_by_all(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    for arguments in commands(name) {
        refused(folder.path(), &arguments);
        assert!(
            fs::read(&path).unwrap() == bytes,
            "{arguments:?} changed what it refused"
        );
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "{arguments:?} left something"
        );
    }
}

#[test]
fn cut_off() {
    let whole =
        "{\n  // all\n  \"acls\": [{\"action\": \"accept\", \"src\": [\"a@\"], \"dst\": [\"*:*\"]}], /* x */\n}\n";
    for end in [1, 10, 20, 30, 45, 60, 72, 80, whole.len() - 3] {
        refused_by_all("policy.hujson", &whole.as_bytes()[..end]);
    }
    refused_by_all("policy.hujson", b" \n// nothing\n");
}

#[test]
fn binary() {
    let bytes: Vec<u8> = (0..200_000u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    refused_by_all("policy.hujson", &bytes);
    refused_by_all("cluster.json5", &bytes);
    refused_by_all("policy.hujson", &[0; 5000]);
    refused_by_all("policy.hujson", b"\xff\xfe{\0}\0");
}

#[test]
fn two_million_opening_brackets() {
    for bracket in ["[", "{\"a\":", "{", "[{\"a\":["] {
        refused_by_all("policy.hujson", bracket.repeat(2_000_000).as_bytes());
        refused_by_all("cluster.json5", bracket.repeat(2_000_000).as_bytes());
    }
}

#[test]
fn a_string_of_a_hundred_megabytes_that_does_not_end() {
    // Unoptimised the command reads some 3 MB a second.
    let size = if cfg!(debug_assertions) {
        10_000_000
    } else {
        100_000_000
    };
    let mut bytes = b"{\"acls\": \"".to_vec();
    bytes.resize(size, b'x');
    refused_by_all("policy.hujson", &bytes);
}

#[test]
fn a_directory_and_a_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("policy.hujson")).unwrap();
    for name in ["policy.hujson", "missing.hujson"] {
        for arguments in commands(name) {
            let ran = refused(folder.path(), &arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn wrong_types_and_unknown_names_everywhere() {
    let values = [
        "null",
        "true",
        "-1e999",
        "\"x\"",
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "[null]",
        "{\"x\": 1}",
        "[\"\", 7, {}]",
    ];
    let sections = [
        "groups",
        "hosts",
        "tagOwners",
        "acls",
        "grants",
        "nodeAttrs",
        "autoApprovers",
        "ssh",
        "tests",
        "sshTests",
        "randomizeClientPort",
        "derpMap",
        "",
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.hujson");
    for value in values {
        let members: Vec<String> = sections.iter().map(|name| format!("\"{name}\": {value}")).collect();
        fs::write(&path, format!("{{{}}}", members.join(", "))).unwrap();
        for arguments in [
            &["check", "policy.hujson"][..],
            &["check", "policy.hujson", "--format", "json"],
        ] {
            refused(folder.path(), arguments);
        }
        fs::write(&path, value).unwrap();
        if value != "{}" && value != "null" {
            refused(folder.path(), &["check", "policy.hujson"]);
        }
    }
}

#[test]
fn many_findings_are_counted_and_the_first_shown() {
    let folder = tempfile::tempdir().unwrap();
    let rules =
        "{\"action\": \"accept\", \"src\": [\"tag:nope\"], \"dst\": [\"group:no:*\"], \"sorce\": []},".repeat(2_000);
    fs::write(folder.path().join("policy.hujson"), format!("{{\"acls\": [{rules}]}}")).unwrap();
    let ran = refused(folder.path(), &["check", "policy.hujson"]);
    assert!(ran.out.contains(" more (`--format json` lists all)\n"), "{}", ran.out);
}
