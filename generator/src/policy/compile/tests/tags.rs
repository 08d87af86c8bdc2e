//! Tags that nodes may advertise (`NodeCanHaveTag` in `hscontrol/policy/v2/policy.go`).

use super::{sent, words};

fn tags(owners: &str, node: &str) -> Vec<String> {
    let policy = format!(
        r#"{{"groups": {{"group:all": ["alice@", "nobody@", "bob@"]}}, "tagOwners": {{{owners}}}, "acls": []}}"#
    );
    let sent = sent(
        &policy,
        &["laptop alice 1", "bare alice -", "desk bob 2", "web tag:a 3"],
    );
    words(&sent.0["nodes"][node]["canTag"])
}

/// Whoever owns the owner owns the tag; a circle adds nothing and hinders nothing.
#[test]
fn ownership_goes_through_tags() {
    let owners = r#""tag:c": ["tag:b"], "tag:b": ["tag:a", "tag:c"], "tag:a": ["alice@"], "tag:d": ["tag:d", "bob@"]"#;
    assert_eq!(tags(owners, "laptop"), ["tag:c", "tag:b", "tag:a"]);
    assert_eq!(tags(owners, "desk"), ["tag:d"]);
}

/// An unknown member of a group takes nothing from the others.
#[test]
fn groups_own_through_those_who_exist() {
    let owners = r#""tag:a": ["group:all"]"#;
    assert_eq!(tags(owners, "laptop"), ["tag:a"]);
    assert_eq!(tags(owners, "desk"), ["tag:a"]);
}

/// A tagged node has no user who could give it another tag.
#[test]
fn tagged_nodes_may_advertise_none() {
    assert_eq!(
        tags(r#""tag:b": ["tag:a"], "tag:a": ["alice@"]"#, "web"),
        Vec::<String>::new()
    );
}

/// Ownership is looked up by address; of a node without one only the user's own tags are found.
#[test]
fn without_an_address_chains_do_not_count() {
    assert_eq!(tags(r#""tag:b": ["tag:a"], "tag:a": ["alice@"]"#, "bare"), ["tag:a"]);
}
