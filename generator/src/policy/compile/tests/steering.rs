//! `via`: which router a node is led to.

use super::sent;

const NODES: [&str; 5] = [
    "laptop alice 1",
    "desk bob 2",
    "ra tag:a 3 10.1.0.0/16",
    "rb tag:b 4 10.1.0.0/16",
    "rc tag:a 5 10.1.0.0/16",
];

fn routes(grants: &str, node: &str) -> Vec<String> {
    let policy = format!(
        r#"{{
            "groups": {{"group:half": ["alice@", "nobody@"]}},
            "tagOwners": {{"tag:a": [], "tag:b": []}},
            "grants": [{{"src": ["*"], "dst": ["*"], "ip": ["22"]}}, {grants}],
        }}"#
    );
    sent(&policy, &NODES).routes(node)
}

fn via(src: &str, tag: &str) -> String {
    format!(r#"{{"src": ["{src}"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:{tag}"]}}"#)
}

const REGULAR: &str = r#"{"src": ["alice@"], "dst": ["10.1.2.0/24"], "ip": ["*"]}"#;

/// Who is a source is led to the node with the tag, even if another leads, and away from that one.
#[test]
fn sources_are_led_to_the_tag() {
    assert_eq!(routes(&via("alice@", "b"), "laptop"), ["rb 10.1.0.0/16"]);
    // Others follow the node that leads, if a rule of theirs touches the route: here `*`.
    assert_eq!(routes(&via("alice@", "b"), "desk"), ["ra 10.1.0.0/16"]);
}

/// Of several nodes with the tag the first that announces the route is taken.
#[test]
fn the_first_with_the_tag_is_taken() {
    assert_eq!(routes(&via("alice@", "a"), "laptop"), ["ra 10.1.0.0/16"]);
}

/// Two `via` grants with different tags demote each other's routers: each has another first.
#[test]
fn two_tags_cancel_each_other() {
    let both = format!("{}, {}", via("alice@", "a"), via("alice@", "b"));
    assert!(routes(&both, "laptop").is_empty());
}

/// Where a grant without `via` touches the route too, the node that leads is taken and nobody is led away.
#[test]
fn a_regular_grant_gives_way_to_the_one_that_leads() {
    let both = format!("{}, {REGULAR}", via("alice@", "b"));
    assert_eq!(routes(&both, "laptop"), ["ra 10.1.0.0/16"]);
}

/// A source of which something could not be found is none here, though it is one in filters.
#[test]
fn a_source_not_found_whole_is_none() {
    assert_eq!(routes(&via("group:half", "b"), "laptop"), ["ra 10.1.0.0/16"]);
}

/// `autogroup:internet` leads to exit nodes with the tag.
#[test]
fn the_internet_leads_to_exit_nodes() {
    let policy = r#"{
        "tagOwners": {"tag:a": []},
        "grants": [
            {"src": ["*"], "dst": ["*"], "ip": ["22"]},
            {"src": ["alice@"], "dst": ["autogroup:internet"], "ip": ["*"], "via": ["tag:a"]},
        ],
    }"#;
    let sent = sent(
        policy,
        &[
            "laptop alice 1",
            "desk bob 2",
            "ea tag:a 3 0.0.0.0/0",
            "eb tag:b 4 0.0.0.0/0",
        ],
    );
    // `*` touches 0.0.0.0/0, so its grant is one without `via` for everybody, and leads nobody away.
    assert_eq!(sent.routes("laptop"), ["ea 0.0.0.0/0", "eb 0.0.0.0/0"]);
    let narrow = policy.replace(
        r#""dst": ["*"]"#,
        r#""dst": ["fd7a:115c:a1e0::3", "fd7a:115c:a1e0::4"]"#,
    );
    let sent = super::sent(
        &narrow,
        &[
            "laptop alice 1",
            "desk bob 2",
            "ea tag:a 3 0.0.0.0/0",
            "eb tag:b 4 0.0.0.0/0",
        ],
    );
    assert_eq!(sent.routes("laptop"), ["ea 0.0.0.0/0"]);
}

/// A `via` grant without traffic makes no rule, but leads all the same.
#[test]
fn via_leads_without_traffic() {
    let grant = r#"{"src": ["alice@"], "dst": ["10.0.0.0/8"], "app": {"example.com/c": []}, "via": ["tag:b"]}"#;
    assert_eq!(routes(grant, "laptop"), ["rb 10.1.0.0/16"]);
}
