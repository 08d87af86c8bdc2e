//! SSH policies (`compileSSHPolicy` in `hscontrol/policy/v2/filter.go`).

use serde_json::json;

use super::{Sent, sent, sent_by};

const NODES: [&str; 5] = [
    "desk alice=alice@example.org 1",
    "phone alice=alice@example.org 2",
    "laptop bob=Bob@EXAMPLE.org 3",
    "web tag:web,tag:db 4",
    "ci tag:ci 5",
];

fn with(rules: &str) -> Sent {
    let policy = format!(
        r#"{{
            "groups": {{"group:half": ["bob@", "nobody@"]}},
            "tagOwners": {{"tag:web": [], "tag:db": [], "tag:ci": []}},
            "acls": [],
            "ssh": [{rules}],
        }}"#
    );
    sent(&policy, &NODES)
}

fn rule(src: &str, dst: &str, users: &str) -> String {
    format!(r#"{{"action": "accept", "src": [{src}], "dst": [{dst}], "users": [{users}]}}"#)
}

/// Without SSH rules there is no policy; with rules for others there is one, and it is empty.
#[test]
fn no_policy_is_less_than_an_empty_one() {
    let none = sent(r#"{"acls": []}"#, &NODES);
    assert_eq!(none.0["nodes"]["web"]["sshPolicy"], json!(null));
    let others = with(&rule(r#""alice@""#, r#""tag:ci""#, r#""root""#));
    assert_eq!(others.0["nodes"]["web"]["sshPolicy"], json!({"rules": []}));
}

/// The forms of the two actions, as the client reads them.
#[test]
fn actions_are_what_the_client_reads() {
    let sent = with(
        r#"{"action": "accept", "src": ["bob@"], "dst": ["tag:web"], "users": ["root"], "acceptEnv": ["LANG", "LC_*"]},
           {"action": "check", "src": ["bob@"], "dst": ["tag:ci"], "users": ["root"], "checkPeriod": "1h"}"#,
    );
    let rule = |node: &str| sent.0["nodes"][node]["sshPolicy"]["rules"][0].clone();
    assert_eq!(
        rule("web"),
        json!({
            "principals": [{"nodeIP": "100.64.0.3"}, {"nodeIP": "fd7a:115c:a1e0::3"}],
            "sshUsers": {"root": "root"},
            "action": {
                "accept": true,
                "allowAgentForwarding": true,
                "allowLocalPortForwarding": true,
                "allowRemotePortForwarding": true,
            },
            "acceptEnv": ["LANG", "LC_*"],
        })
    );
    assert_eq!(
        rule("ci")["action"],
        json!({"holdAndDelegate":
            "https://c/machine/ssh/action/$SRC_NODE_ID/to/$DST_NODE_ID?local_user=$LOCAL_USER"})
    );
}

/// Principals: users in the order of headscale's ids, each with all addresses ascending, then tagged nodes, each once
/// for every tag it has.
#[test]
fn principals_stand_in_headscales_order() {
    let sent = with(&rule(
        r#""autogroup:tagged", "bob@", "alice@""#,
        r#""tag:ci""#,
        r#""root""#,
    ));
    assert_eq!(sent.ssh("ci"), ["n1 n2 u1 u2 n3 u3 n4 u4 n4 u4 n5 u5 as root=root"]);
}

/// A source that cannot be found is left out; if none is left, so is the rule.
#[test]
fn unknown_sources_are_left_out() {
    let sent = with(&format!(
        "{}, {}",
        rule(r#""nobody@", "group:half""#, r#""tag:ci""#, r#""root""#),
        rule(r#""nobody@""#, r#""tag:ci""#, r#""root""#)
    ));
    assert_eq!(sent.ssh("ci"), ["n3 u3 as root=root"]);
}

/// root is always decided. A literal login may look like anything.
#[test]
fn root_is_denied_unless_named() {
    let sent = with(&rule(
        r#""bob@""#,
        r#""tag:ci""#,
        r#""autogroup:nonroot", "ubuntu", "group:x""#,
    ));
    assert_eq!(sent.ssh("ci"), ["n3 u3 as *== group:x=group:x root= ubuntu=ubuntu"]);
}

/// Checks come first, otherwise the order written stays.
#[test]
fn checks_come_before_accepts() {
    let check = |dst: &str, users: &str| rule(r#""bob@""#, dst, users).replace("accept", "check");
    let accept = |dst: &str, users: &str| rule(r#""bob@""#, dst, users);
    let sent = with(&format!(
        "{}, {}, {}, {}",
        accept(r#""tag:ci""#, r#""a""#),
        check(r#""tag:ci""#, r#""b""#),
        accept(r#""tag:ci""#, r#""c""#),
        check(r#""tag:ci""#, r#""d""#)
    ));
    assert_eq!(
        sent.ssh("ci"),
        [
            "n3 u3 as b=b root= ?",
            "n3 u3 as d=d root= ?",
            "n3 u3 as a=a root=",
            "n3 u3 as c=c root="
        ]
    );
}

/// `autogroup:self`: every device of a user who is a source, for that user; tagged nodes get nothing.
#[test]
fn own_devices_let_in_their_owner() {
    let sent = with(&rule(r#""autogroup:member""#, r#""autogroup:self""#, r#""root""#));
    assert_eq!(sent.ssh("desk"), ["n1 n2 u1 u2 as root=root"]);
    assert_eq!(sent.ssh("phone"), ["n1 n2 u1 u2 as root=root"]);
    assert_eq!(sent.ssh("laptop"), ["n3 u3 as root=root"]);
    assert!(sent.ssh("web").is_empty());
}

/// A rule for own devices and others: both, own devices first.
#[test]
fn own_devices_stand_before_other_destinations() {
    let sent = with(&rule(
        r#""alice@", "bob@""#,
        r#""autogroup:member", "autogroup:self""#,
        r#""root""#,
    ));
    assert_eq!(
        sent.ssh("laptop"),
        ["n3 u3 as root=root", "n1 n2 u1 u2 n3 u3 as root=root"]
    );
}

/// Local parts: for each source user a common rule, and the user's own behind it; then one for tagged sources. Domains
/// are compared without regard to case.
#[test]
fn local_parts_split_a_rule_by_user() {
    let sent = with(&rule(
        r#""autogroup:member", "tag:ci""#,
        r#""tag:web""#,
        r#""localpart:*@Example.ORG", "root""#,
    ));
    assert_eq!(
        sent.ssh("web"),
        [
            "n1 n2 u1 u2 as root=root",
            "n1 n2 u1 u2 as alice=alice",
            "n3 u3 as root=root",
            "n3 u3 as Bob=Bob",
            "n5 u5 as root=root"
        ]
    );
}

/// A local part of a domain that nobody has still splits the rule.
#[test]
fn a_domain_of_nobody_splits_all_the_same() {
    let sent = with(&rule(
        r#""autogroup:member""#,
        r#""tag:web""#,
        r#""localpart:*@elsewhere""#,
    ));
    assert_eq!(sent.ssh("web"), ["n1 n2 u1 u2 as root=", "n3 u3 as root="]);
}

/// With local parts a source that is no destination is sent rules too: its user's, or, tagged, its own addresses.
#[test]
fn with_local_parts_sources_are_sent_rules_for_themselves() {
    let sent = with(&rule(
        r#""autogroup:member", "tag:ci""#,
        r#""tag:web""#,
        r#""localpart:*@example.org""#,
    ));
    assert_eq!(
        sent.ssh("phone"),
        ["n1 n2 u1 u2 as root=", "n1 n2 u1 u2 as alice=alice"]
    );
    assert_eq!(sent.ssh("ci"), ["n5 u5 as root="]);
    // Not where own devices are the only destination: these are none of the others.
    let own = with(&rule(
        r#""alice@""#,
        r#""autogroup:self""#,
        r#""localpart:*@example.org""#,
    ));
    assert_eq!(own.ssh("desk").len(), 2);
    assert!(own.ssh("laptop").is_empty());
}

/// A node of one family is let in by that.
#[test]
fn one_family_is_enough() {
    let nodes = ["old alice 4:1", "new alice 6:2", "bare alice -", "web tag:web 3"];
    let policy = r#"{
        "tagOwners": {"tag:web": []}, "acls": [],
        "ssh": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["root"]}],
    }"#;
    assert_eq!(sent(policy, &nodes).ssh("web"), ["n1 u2 as root=root"]);
}

/// 0.28: one list of addresses, root undecided, no order of actions, and a check is an accept that ends.
#[test]
fn what_0_28_sends() {
    let policy = r#"{
        "tagOwners": {"tag:web": [], "tag:db": [], "tag:ci": []}, "acls": [],
        "ssh": [
            {"action": "accept", "src": ["autogroup:tagged", "bob@"], "dst": ["tag:ci"], "users": ["ubuntu"]},
            {"action": "check", "src": ["bob@"], "dst": ["tag:ci"], "users": ["root"], "checkPeriod": "1d"},
        ],
    }"#;
    let sent = sent_by("0.28", policy, &NODES);
    assert_eq!(
        sent.ssh("ci"),
        ["n3 n4 n5 u3 u4 u5 as ubuntu=ubuntu", "n3 u3 as root=root"]
    );
    let actions = |rule: usize| sent.0["nodes"]["ci"]["sshPolicy"]["rules"][rule]["action"]["sessionDuration"].clone();
    assert_eq!((actions(0), actions(1)), (json!(null), json!(86_400_000_000_000_u64)));
}
