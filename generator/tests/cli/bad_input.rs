//! Bad input, to every command that reads something: a clear error with exit 1 or 2, no panic, nothing written or left.
//! How long it takes and how much memory is measured, not tested: `tests/README.md`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Ran, command};

/// Runs `arguments` in `folder` and expects a refusal.
fn refused(folder: &Path, arguments: &[&str]) -> Ran {
    let ran: Ran = command(arguments).current_dir(folder).output().unwrap().into();
    assert!(matches!(ran.code, Some(1 | 2)), "{arguments:?}: {ran:?}");
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
const COMMANDS: [&[&str]; 15] = [
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
    &["render", "FILE", "--out", "out"],
    &["render", "FILE", "--out", "out", "--format", "json"],
    // As the tailnet of a policy that is right.
    &["compile", "../good.hujson", "--topology", "FILE"],
    &["check", "../good.hujson", "--topology", "FILE", "--format", "json"],
];

/// All of them, with `name` for `FILE`.
fn commands(name: &str) -> Vec<Vec<&str>> {
    let named = |argument: &&'static str| if *argument == "FILE" { name } else { *argument };
    COMMANDS
        .iter()
        .map(|command| command.iter().map(named).collect())
        .collect()
}

/// A folder, and in it one to work in, beside a policy that is right.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.hujson"), "{\"acls\": []}").unwrap();
    let inner = folder.path().join("here");
    fs::create_dir(&inner).unwrap();
    (folder, inner)
}

fn refused_by_one(arguments: &[&str], name: &str, bytes: &[u8]) {
    let (_outer, folder) = place();
    fs::write(folder.join(name), bytes).unwrap();
    refused(&folder, arguments);
}

fn refused_by_all(name: &str, bytes: &[u8]) {
    let (_outer, folder) = place();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    for arguments in commands(name) {
        refused(&folder, &arguments);
        assert!(
            fs::read(&path).unwrap() == bytes,
            "{arguments:?} changed what it refused"
        );
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
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
    // Unoptimised the command reads some 2 million a second.
    let many = if cfg!(debug_assertions) { 100_000 } else { 2_000_000 };
    for bracket in ["[", "{\"a\":", "{", "[{\"a\":["] {
        refused_by_all("policy.hujson", bracket.repeat(many).as_bytes());
        refused_by_all("cluster.json5", bracket.repeat(many).as_bytes());
    }
    let all = "[".repeat(2_000_000);
    refused_by_one(&["check", "policy.hujson"], "policy.hujson", all.as_bytes());
    refused_by_one(&["check", "cluster.json5"], "cluster.json5", all.as_bytes());
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
    let (_outer, folder) = place();
    fs::create_dir(folder.join("policy.hujson")).unwrap();
    for name in ["policy.hujson", "missing.hujson"] {
        for arguments in commands(name) {
            let ran = refused(&folder, &arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        }
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
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

/// What a declaration and a topology may not be, whatever stands where.
const VALUES: [&str; 9] = [
    "null",
    "true",
    "-1e999",
    "'x'",
    "[]",
    "{}",
    "[[]]",
    "[{}, 7]",
    "{x: {x: [1]}}",
];

#[test]
fn a_declaration_of_wrong_types() {
    let keystone = include_str!("../../examples/keystone.json5");
    let options = [
        "name",
        "baseDomain",
        "controlServer",
        "users",
        "nodes",
        "policy",
        "access",
        "derp",
        "dns",
        "k3s",
        "keys",
        "monitoring",
        "prefixes",
        "headscaleVersion",
    ];
    let (_outer, folder) = place();
    let path = folder.join("cluster.json5");
    for value in VALUES {
        let members: Vec<String> = options.iter().map(|name| format!("{name}: {value}")).collect();
        fs::write(&path, format!("{{{}}}", members.join(", "))).unwrap();
        refused(&folder, &["check", "cluster.json5"]);
        refused(&folder, &["render", "cluster.json5", "--out", "out"]);
        fs::write(&path, value).unwrap();
        refused(&folder, &["check", "cluster.json5", "--format", "json"]);
        // One at a time, in a declaration that is right otherwise.
        for option in ["users", "nodes", "controlServer", "policy"] {
            let wrong = keystone.replacen(
                &format!("\n  {option}: "),
                &format!("\n  {option}: 7, was{option}: "),
                1,
            );
            assert_ne!(wrong, keystone, "{option}");
            fs::write(&path, wrong).unwrap();
            let ran = refused(&folder, &["render", "cluster.json5", "--out", "out"]);
            assert!(
                ran.out.contains(option) || ran.err.contains(option),
                "{option}: {ran:?}"
            );
        }
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn an_empty_declaration_and_unknown_keys() {
    refused_by_all("cluster.json5", b"// nothing\n");
    // Of no bytes at all a policy is none, which headscale takes: not so a declaration or a tailnet.
    let (_outer, empty) = place();
    fs::write(empty.join("cluster.json5"), "").unwrap();
    for arguments in commands("cluster.json5")
        .iter()
        .filter(|arguments| arguments[0] != "port")
    {
        refused(&empty, arguments);
    }
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 1);
    let keystone = include_str!("../../examples/keystone.json5");
    let wrong = keystone.replacen("\n  baseDomain:", "\n  basedomein:", 1);
    assert_ne!(wrong, keystone);
    let (_outer, folder) = place();
    fs::write(folder.join("cluster.json5"), wrong).unwrap();
    for arguments in [
        &["check", "cluster.json5"][..],
        &["matrix", "cluster.json5"],
        &["render", "cluster.json5", "--out", "out"],
    ] {
        let ran = refused(&folder, arguments);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(
            said.contains("basedomein") && said.contains("baseDomain"),
            "{arguments:?}: {said}"
        );
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_topology_of_wrong_types() {
    let (_outer, folder) = place();
    for value in VALUES {
        for text in [
            value.to_owned(),
            format!("{{users: {value}, nodes: {value}}}"),
            format!("{{users: [{{id: {value}, name: {value}}}], nodes: {{a: {value}}}}}"),
            format!(
                "[{{id: {value}, given_name: {value}, user: {value}, ip_addresses: {value}, approved_routes: {value}}}]"
            ),
        ] {
            // Some of these say nothing, which is a tailnet without nodes.
            fs::write(folder.join("nodes.json"), &text).unwrap();
            let ran: Ran = command(&["compile", "../good.hujson", "--topology", "nodes.json"])
                .current_dir(&folder)
                .output()
                .unwrap()
                .into();
            assert!(matches!(ran.code, Some(0 | 1)), "{text}: {ran:?}");
            assert!(!ran.err.contains("panicked"), "{text}: {ran:?}");
            assert_eq!(
                ran.code == Some(0),
                ran.out.starts_with("{\"ok\":true"),
                "{text}: {ran:?}"
            );
        }
    }
    for text in ["7", "'x'", "{users: 7, nodes: {}}", "{users: [], nodes: {a: 7}}"] {
        fs::write(folder.join("nodes.json"), text).unwrap();
        refused(&folder, &["compile", "../good.hujson", "--topology", "nodes.json"]);
    }
}
