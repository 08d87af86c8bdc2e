//! Routes that are approved (`NodeCanApproveRoute` in `hscontrol/policy/v2/policy.go`).

use super::{sent, words};

const NODES: [&str; 4] = [
    "laptop alice 1 10.0.0.0/8 10.1.0.0/16 0.0.0.0/0",
    "router tag:r 2 10.1.0.0/16 10.1.2.3/16 10.1.2.0/24 fd00:1::/64 0.0.0.0/0 ::/0",
    "other tag:o 3 10.1.0.0/16",
    "bare tag:r - 10.1.0.0/16",
];

fn approved(routes: &str, exit: &str, node: &str) -> Vec<String> {
    let policy = format!(
        r#"{{"groups": {{"group:g": ["alice@", "nobody@"]}}, "tagOwners": {{"tag:r": [], "tag:o": []}}, "acls": [],
            "autoApprovers": {{"routes": {{{routes}}}, "exitNode": [{exit}]}}}}"#
    );
    words(&sent(&policy, &NODES).0["nodes"][node]["canApprove"])
}

/// An entry approves its own network and all inside, host bits on either side or not.
#[test]
fn a_network_approves_what_lies_in_it() {
    assert_eq!(
        approved(r#""10.1.9.9/16": ["tag:r"]"#, "", "router"),
        ["10.1.0.0/16", "10.1.2.3/16", "10.1.2.0/24"]
    );
    assert_eq!(approved(r#""10.1.2.0/24": ["tag:r"]"#, "", "router"), ["10.1.2.0/24"]);
    assert_eq!(
        approved(r#""10.1.0.0/16": ["tag:r"]"#, "", "other"),
        Vec::<String>::new()
    );
}

/// `/0` in `routes` approves every subnet of its family and no exit route; `exitNode` approves exit routes alone.
#[test]
fn exit_routes_are_approved_by_their_own_list() {
    assert_eq!(
        approved(r#""0.0.0.0/0": ["tag:r"]"#, "", "router"),
        ["10.1.0.0/16", "10.1.2.3/16", "10.1.2.0/24"]
    );
    assert_eq!(approved(r#""::/0": ["tag:r"]"#, "", "router"), ["fd00:1::/64"]);
    assert_eq!(approved("", r#""tag:r""#, "router"), ["0.0.0.0/0", "::/0"]);
}

/// Approvers stand for addresses: a user for untagged nodes, a group for those of its members who exist.
#[test]
fn approvers_stand_for_nodes() {
    let routes = r#""10.0.0.0/8": ["group:g"]"#;
    assert_eq!(
        approved(routes, r#""alice@""#, "laptop"),
        ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0"]
    );
    assert_eq!(approved(routes, r#""alice@""#, "router"), Vec::<String>::new());
    assert_eq!(approved(r#""10.0.0.0/8": ["tag:r"]"#, "", "bare"), Vec::<String>::new());
}

/// Two entries for one network, host bits apart, count together.
#[test]
fn entries_for_one_network_count_together() {
    let routes = r#""10.1.0.0/16": ["tag:o"], "10.1.0.1/16": ["tag:r"]"#;
    assert_eq!(approved(routes, "", "other"), ["10.1.0.0/16"]);
    assert_eq!(approved(routes, "", "router").len(), 3);
}
