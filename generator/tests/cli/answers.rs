//! What the commands that ask a tailnet say, in every form that they have.

use std::fs;

use insta::assert_snapshot;

use crate::run::{Ran, tailnet_in};

const POLICY: &str = r#"{
  "groups": { "group:ops": ["alice@example.org"] },
  "hosts": { "db": "10.0.0.5" },
  "tagOwners": { "tag:web": ["group:ops"], "tag:router": [] },
  "acls": [
    // Everybody may look.
    { "action": "accept", "proto": "tcp", "src": ["autogroup:member"], "dst": ["tag:web:443"] },
  ],
  "grants": [
    { "src": ["group:ops"], "dst": ["tag:web"], "ip": ["tcp:22"] },
    { "src": ["tag:web"], "dst": ["db"], "ip": ["tcp:5432"] },
  ],
  "ssh": [
    { "action": "accept", "src": ["group:ops"], "dst": ["tag:web"], "users": ["root"] },
  ],
  "tests": [
    { "src": "alice@example.org", "accept": ["tag:web:22"], "deny": ["db:5432"] },
  ],
  "sshTests": [
    { "src": "alice@example.org", "dst": ["tag:web"], "accept": ["root"] },
  ],
}
"#;

/// bob may do more, alice less, and a test fails.
const OTHER: &str = r#"{
  "groups": { "group:ops": ["bob@"] },
  "tagOwners": { "tag:web": ["group:ops"], "tag:router": [] },
  "acls": [
    { "action": "accept", "proto": "tcp", "src": ["autogroup:member"], "dst": ["tag:web:443"] },
  ],
  "grants": [
    { "src": ["group:ops"], "dst": ["tag:web"], "ip": ["tcp:22"] },
  ],
  "tests": [
    { "src": "alice@example.org", "accept": ["tag:web:22", "tag:web:443"] },
  ],
}
"#;

const TOPOLOGY: &str = r#"{
  "users": [
    { "id": 1, "name": "alice", "email": "alice@example.org" },
    { "id": 2, "name": "bob", "email": "" },
  ],
  "nodes": {
    "laptop": { "id": 1, "user": "alice", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1" },
    "desk": { "id": 2, "user": "bob", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2" },
    "web": { "id": 3, "tags": ["tag:web"], "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3" },
    "router": {
      "id": 4,
      "tags": ["tag:router"],
      "ipv4": "100.64.0.4",
      "ipv6": "fd7a:115c:a1e0::4",
      "routable_ips": ["10.0.0.0/24"],
      "approved_routes": ["10.0.0.0/24"],
    },
  },
}
"#;

/// Runs a command beside the files above.
fn ask(arguments: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("policy.hujson", POLICY),
        ("other.hujson", OTHER),
        ("nodes.json", TOPOLOGY),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    tailnet_in(folder.path(), &[arguments, &["--topology", "nodes.json"]].concat())
}

/// The answer with the exit code and what is said beside it.
fn said(arguments: &[&str]) -> String {
    let ran = ask(arguments);
    let code = ran.code.unwrap();
    format!("exit {code}\n{}--- standard error\n{}", ran.out, ran.err)
}

#[test]
fn compile() {
    assert_snapshot!(said(&[
        "compile",
        "policy.hujson",
        "--node",
        "web",
        "--server-url",
        "https://hs.example.org"
    ]));
    let all = ask(&["compile", "policy.hujson"]);
    assert_eq!(all.out, ask(&["compile", "policy.hujson", "--format", "json"]).out);
    // Its tests fail: headscale would take no such policy from anybody, but start with it.
    assert_snapshot!("compile-refused", said(&["compile", "other.hujson"]));
    assert_eq!(ask(&["compile", "other.hujson", "--no-tests"]).code, Some(0));
    assert_snapshot!(
        "compile-no-such-node",
        said(&["compile", "policy.hujson", "--node", "wbe"])
    );
}

#[test]
fn test() {
    assert_snapshot!(said(&["test", "policy.hujson"]));
    assert_snapshot!("test-coverage", said(&["test", "policy.hujson", "--coverage"]));
    assert_snapshot!("test-fails", said(&["test", "other.hujson"]));
    assert_snapshot!("test-fails-json", said(&["test", "other.hujson", "--format", "json"]));
}

#[test]
fn reach() {
    assert_snapshot!(said(&["reach", "policy.hujson", "laptop", "web", "--port", "tcp:22"]));
    assert_snapshot!(
        "reach-no",
        said(&["reach", "policy.hujson", "desk", "web", "--port", "22"])
    );
    assert_snapshot!(
        "reach-behind",
        said(&["reach", "policy.hujson", "web", "10.0.0.5", "--port", "5432"])
    );
    assert_snapshot!(
        "reach-no-route",
        said(&["reach", "policy.hujson", "laptop", "10.9.0.5"])
    );
    assert_snapshot!(
        "reach-json",
        said(&[
            "reach",
            "policy.hujson",
            "desk",
            "web",
            "--port",
            "22",
            "--format",
            "json"
        ])
    );
    assert_snapshot!("reach-no-such-node", said(&["reach", "policy.hujson", "laptop", "wbe"]));
}

#[test]
fn matrix() {
    assert_snapshot!(said(&["matrix", "policy.hujson"]));
    assert_snapshot!("matrix-json", said(&["matrix", "policy.hujson", "--format", "json"]));
}

#[test]
fn diff() {
    assert_snapshot!(said(&["diff", "policy.hujson", "other.hujson"]));
    assert_snapshot!(
        "diff-markdown",
        said(&["diff", "policy.hujson", "other.hujson", "--format", "markdown"])
    );
    assert_snapshot!(
        "diff-json",
        said(&["diff", "policy.hujson", "other.hujson", "--format", "json"])
    );
    assert_snapshot!("diff-nothing", said(&["diff", "policy.hujson", "policy.hujson"]));
    let code = |old, new| ask(&["diff", old, new, "--fail-on-new"]).code;
    assert_eq!(code("policy.hujson", "other.hujson"), Some(1));
    assert_eq!(code("policy.hujson", "policy.hujson"), Some(0));
}
