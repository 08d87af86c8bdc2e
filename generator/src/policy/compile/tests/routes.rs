//! `allowedIPs` and `peerRoutes`.

use super::sent;

const OPEN: &str = r#"{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}"#;

/// `electPrimaryRoutes`: of several nodes with a route the one with the lowest id has it.
#[test]
fn the_first_of_several_routers_has_the_route() {
    let sent = sent(
        OPEN,
        &[
            "laptop alice 1",
            "r1 tag:r 2 ?10.1.0.0/16",
            "r2 tag:r 3 10.1.0.0/16 10.2.0.0/16",
            "r3 tag:r 4 10.1.0.0/16",
        ],
    );
    assert_eq!(sent.routes("laptop"), ["r2 10.1.0.0/16 10.2.0.0/16"]);
    assert_eq!(sent.allowed("r2"), ["10.1.0.0/16", "10.2.0.0/16", "n3/32", "u3/128"]);
    assert_eq!(sent.allowed("r3"), ["n4/32", "u4/128"]);
    assert_eq!(sent.allowed("r1"), ["n2/32", "u2/128"]);
}

/// A route is for those whose rules touch it, as sources or as destinations (`Node.CanAccessRoute`).
#[test]
fn routes_are_for_those_whose_rules_touch_them() {
    let policy = r#"{"acls": [
        {"action": "accept", "src": ["alice@"], "dst": ["10.1.2.3:80", "tag:r:22"]},
        {"action": "accept", "src": ["10.2.0.0/24"], "dst": ["bob@:80"]},
        {"action": "accept", "src": ["carol@"], "dst": ["tag:r:22"]},
    ], "tagOwners": {"tag:r": []}}"#;
    let sent = sent(
        policy,
        &[
            "laptop alice 1",
            "desk bob 2",
            "tab carol 3",
            "router tag:r 4 10.1.0.0/16 10.2.0.0/16",
        ],
    );
    assert_eq!(sent.routes("laptop"), ["router 10.1.0.0/16"]);
    assert_eq!(sent.routes("desk"), ["router 10.2.0.0/16"]);
    assert_eq!(sent.peers("tab"), ["router"]);
    assert!(sent.routes("tab").is_empty());
}

/// Subnet to subnet: a router needs the routes that its own subnets speak with.
#[test]
fn routers_get_the_routes_their_subnets_speak_with() {
    let policy = r#"{"acls": [{"action": "accept", "src": ["10.1.0.0/16"], "dst": ["10.2.0.0/16:*"]}]}"#;
    let sent = sent(policy, &["r1 tag:r 1 10.1.0.0/16", "r2 tag:r 2 10.2.0.0/16"]);
    assert_eq!(sent.routes("r1"), ["r2 10.2.0.0/16"]);
    assert_eq!(sent.routes("r2"), ["r1 10.1.0.0/16"]);
}

/// Who announces the same route sees who has it, whatever rules say of the route.
#[test]
fn routers_of_the_same_route_see_who_has_it() {
    let policy =
        r#"{"tagOwners": {"tag:r": []}, "acls": [{"action": "accept", "src": ["tag:r"], "dst": ["tag:r:22"]}]}"#;
    let sent = sent(
        policy,
        &["r1 tag:r 1 10.1.0.0/16", "r2 tag:r 2 10.1.0.0/16", "r3 tag:r 3"],
    );
    assert_eq!(sent.routes("r2"), ["r1 10.1.0.0/16"]);
    assert!(sent.routes("r1").is_empty() && sent.routes("r3").is_empty());
    // Its own route is not listed for want of a rule.
    assert_eq!(sent.allowed("r1"), ["n1/32", "u1/128"]);
}

/// Exit routes are for whoever has any rule of their family, since nearly everything touches `0.0.0.0/0`.
#[test]
fn exit_routes_go_by_touch() {
    let policy =
        r#"{"tagOwners": {"tag:e": []}, "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:e:22"]}]}"#;
    let sent = sent(policy, &["laptop alice 1", "exit tag:e 2 0.0.0.0/0 ::/0"]);
    assert_eq!(sent.routes("laptop"), ["exit 0.0.0.0/0 ::/0"]);
    assert_eq!(sent.allowed("exit"), ["0.0.0.0/0", "n2/32", "::/0", "u2/128"]);
    let v4 = r#"{"acls": [{"action": "accept", "src": ["100.64.0.1"], "dst": ["100.64.0.2:22"]}]}"#;
    let sent = super::sent(v4, &["laptop alice 1", "exit tag:e 2 0.0.0.0/0 ::/0"]);
    assert_eq!(sent.routes("laptop"), ["exit 0.0.0.0/0"]);
}

/// What is reached itself is asked of the rules of the whole tailnet alone (`WithSelfNode` takes `Filter()`).
#[test]
fn own_rules_do_not_count_for_oneself() {
    let policy = r#"{
        "tagOwners": {"tag:a": []},
        "grants": [{"src": ["alice@"], "dst": ["10.1.0.0/16"], "ip": ["*"], "via": ["tag:a"]}],
    }"#;
    let sent = sent(policy, &["laptop alice 1", "ra tag:a 2 10.1.0.0/16"]);
    assert_eq!(sent.allowed("ra"), ["n2/32", "u2/128"]);
}

/// nodeAttrs `disable-ipv4` takes away a node's own IPv4 address, not its IPv4 routes.
#[test]
fn ipv4_can_be_taken_away() {
    let policy = r#"{
        "tagOwners": {"tag:r": []},
        "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}],
        "nodeAttrs": [{"target": ["tag:r"], "attr": ["disable-ipv4"]}, {"target": ["*"], "attr": ["other"]}],
    }"#;
    let sent = sent(policy, &["laptop alice 1", "router tag:r 2 10.1.0.0/16"]);
    assert_eq!(sent.allowed("router"), ["10.1.0.0/16", "u2/128"]);
    assert_eq!(sent.allowed("laptop"), ["n1/32", "u1/128"]);
    assert_eq!(sent.routes("laptop"), ["router 10.1.0.0/16"]);
}

/// A route is another one with other host bits: headscale compares them unmasked.
#[test]
fn host_bits_make_another_route() {
    let sent = sent(
        OPEN,
        &["laptop alice 1", "r1 tag:r 2 10.1.0.0/16", "r2 tag:r 3 10.1.0.1/16"],
    );
    assert_eq!(sent.routes("laptop"), ["r1 10.1.0.0/16", "r2 10.1.0.1/16"]);
}
