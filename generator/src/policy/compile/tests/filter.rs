//! Which rules a node gets, in which order, and what is left of them.

use super::{sent, sent_by, with_compiled, written};

const NODES: [&str; 4] = ["laptop alice 1", "desk bob 2", "web tag:web 3", "db tag:db,tag:web 4"];

#[test]
fn without_acls_and_grants_everything_is_allowed() {
    for policy in ["{}", r#"{"groups": {"group:a": []}, "acls": null, "grants": null}"#] {
        assert_eq!(sent(policy, &NODES).rules("web"), ["* > *:*"]);
        assert_eq!(sent(policy, &NODES).peers("web").len(), 3);
    }
    for policy in [r#"{"acls": []}"#, r#"{"grants": []}"#] {
        assert!(sent(policy, &NODES).rules("web").is_empty());
        assert!(sent(policy, &NODES).peers("web").is_empty());
    }
}

#[test]
fn grants_stand_before_acls() {
    let policy = r#"{
        "tagOwners": {"tag:web": []},
        "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web:1"]}],
        "grants": [{"src": ["bob@"], "dst": ["tag:web"], "ip": ["2"]}],
    }"#;
    assert_eq!(
        sent(policy, &NODES).rules("web"),
        ["n2 u2 > n3:2 u3:2", "n1 u1 > n3:1 u3:1"]
    );
}

/// `mergeFilterRules` joins what has the same sources and protocol, keeps the place of the first, and drops no repeats.
#[test]
fn rules_with_the_same_sources_and_protocol_are_one() {
    let policy = r#"{
        "tagOwners": {"tag:web": [], "tag:db": []},
        "acls": [
            {"action": "accept", "src": ["alice@"], "dst": ["tag:web:80"]},
            {"action": "accept", "src": ["bob@"], "dst": ["tag:web:80"]},
            {"action": "accept", "src": ["alice@"], "dst": ["tag:web:80,443"]},
            {"action": "accept", "proto": "tcp", "src": ["alice@"], "dst": ["tag:web:80"]},
        ],
    }"#;
    assert_eq!(
        sent(policy, &NODES).rules("web"),
        [
            "n1 u1 > n3:80 u3:80 n3:80 n3:443 u3:80 u3:443",
            "n2 u2 > n3:80 u3:80",
            "n1 u1 > n3:80 u3:80 /6"
        ]
    );
}

/// The place of a merged rule is that of its first part, even on a node that keeps only a later one.
#[test]
fn a_rule_stands_where_its_first_part_stood() {
    let policy = r#"{
        "tagOwners": {"tag:web": [], "tag:db": []},
        "acls": [
            {"action": "accept", "src": ["alice@"], "dst": ["bob@:1"]},
            {"action": "accept", "src": ["bob@"], "dst": ["tag:web:2"]},
            {"action": "accept", "src": ["alice@"], "dst": ["tag:web:3"]},
        ],
    }"#;
    assert_eq!(
        sent(policy, &NODES).rules("web"),
        ["n1 u1 > n3:3 u3:3", "n2 u2 > n3:2 u3:2"]
    );
}

/// `aclToGrants`: `autogroup:self` goes last, unless all destinations are autogroups.
#[test]
fn own_devices_go_last_among_others() {
    let rules = |dst: &str| {
        let policy = format!(
            r#"{{"tagOwners": {{"tag:web": []}}, "acls": [{{"action": "accept", "src": ["alice@"], "dst": [{dst}]}}]}}"#
        );
        sent(&policy, &["laptop alice 1"]).rules("laptop")
    };
    let merged = |ports: [u16; 2]| vec![format!("n1 u1 > n1:{0} u1:{0} n1:{1} u1:{1}", ports[0], ports[1])];
    assert_eq!(rules(r#""autogroup:self:1", "alice@:2""#), merged([2, 1]));
    assert_eq!(rules(r#""autogroup:self:1", "autogroup:member:2""#), merged([2, 1]));
}

/// A part of a rule of which something could not be found still counts (`destinationsToNetPortRange` logs and goes on).
#[test]
fn unknown_members_leave_the_others() {
    let policy = r#"{
        "groups": {"group:a": ["nobody@", "bob@"]},
        "acls": [
            {"action": "accept", "src": ["group:a"], "dst": ["group:a:22"]},
            {"action": "accept", "src": ["nobody@"], "dst": ["bob@:23"]},
            {"action": "accept", "src": ["bob@"], "dst": ["nobody@:24"]},
        ],
    }"#;
    assert_eq!(sent(policy, &NODES).rules("desk"), ["n2 u2 > n2:22 u2:22"]);
}

#[test]
fn empty_lists_make_no_rule() {
    let policy = r#"{"grants": [
        {"src": [], "dst": ["*"], "ip": ["*"], "app": {"example.com/cap": []}},
        {"src": ["*"], "dst": [], "ip": ["*"], "app": {"example.com/cap": []}},
    ]}"#;
    assert!(sent(policy, &NODES).rules("web").is_empty());
}

/// Address aliases are literal from 0.29 on: the other family of the node is not meant.
#[test]
fn an_address_is_one_family() {
    let policy = r#"{
        "hosts": {"web": "100.64.0.3", "net": "100.64.0.9/30"},
        "acls": [{"action": "accept", "src": ["100.64.0.1"], "dst": ["web:1", "net:2", "fd7a:115c:a1e0::3:3"]}],
    }"#;
    let sent = sent(policy, &[NODES.as_slice(), &["edge alice 9"]].concat());
    assert_eq!(sent.rules("web"), ["n1 > n3:1 u3:3"]);
    assert_eq!(sent.rules("edge"), ["n1 > n8/30:2"]);
}

#[test]
fn a_node_of_one_family_gives_one() {
    let policy = r#"{"acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:member:*"]}]}"#;
    let sent = sent(policy, &["old alice 4:1", "new alice 6:2"]);
    assert_eq!(sent.rules("old"), ["n1 u2 > n1:*"]);
    assert_eq!(sent.rules("new"), ["n1 u2 > u2:*"]);
}

/// Neighbouring addresses become prefixes as `netipx` has them, on the side of destinations; ranges on that of sources.
#[test]
fn neighbours_are_written_together() {
    let policy = r#"{"acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:member:*"]}]}"#;
    let nodes = ["a alice 2", "b alice 3", "c alice 4"];
    assert_eq!(sent(policy, &nodes).rules("a"), ["n2-n4 u2-u4 > n2/31:* u2/127:*"]);
    assert_eq!(sent(policy, &nodes).rules("c"), ["n2-n4 u2-u4 > n4:* u4:*"]);
}

/// `ReduceFilterRules`: a router keeps what touches its approved subnet routes, not what touches only announced ones.
#[test]
fn routers_keep_what_touches_their_routes() {
    let policy = r#"{
        "acls": [{"action": "accept", "src": ["alice@"], "dst": ["10.0.0.0/8:1", "10.1.2.3:2", "10.9.0.0/16:3", "10.4.0.0/16:4"]}],
    }"#;
    let nodes = [
        "laptop alice 1",
        "router tag:r 2 10.1.0.0/16 ?10.9.0.0/16",
        "odd tag:r 3 10.4.1.0/16",
    ];
    assert_eq!(
        sent(policy, &nodes).rules("router"),
        ["n1 u1 > 10.0.0.0/8:1 10.1.2.3:2"]
    );
    // Host bits of a route do not matter for what it touches.
    assert_eq!(
        sent(policy, &nodes).rules("odd"),
        ["n1 u1 > 10.0.0.0/8:1 10.4.0.0/16:4"]
    );
}

/// Exit nodes keep what lies wholly in the internet, and exit routes are no subnet routes: `10.0.0.0/8` and `0.0.0.0/0`
/// stay away.
#[test]
fn exit_nodes_keep_what_lies_in_the_internet() {
    let policy = r#"{
        "acls": [{"action": "accept", "src": ["alice@"], "dst": ["8.8.8.0/24:1", "10.0.0.0/8:2", "0.0.0.0/0:3", "2606::/32:4"]}],
    }"#;
    let nodes = [
        "laptop alice 1",
        "exit tag:e 6:2 0.0.0.0/0",
        "later tag:e 6:3 ?0.0.0.0/0",
    ];
    assert_eq!(sent(policy, &nodes).rules("exit"), ["n1 u1 > 8.8.8.0/24:1 2606::/32:4"]);
    assert!(sent(policy, &nodes).rules("later").is_empty());
}

#[test]
fn the_internet_is_a_list_of_prefixes() {
    let policy = r#"{"acls": [{"action": "accept", "src": ["alice@"], "dst": ["autogroup:internet:443"]}]}"#;
    let sent = sent(policy, &["laptop alice 1", "exit tag:e 2 0.0.0.0/0 ::/0"]);
    let rules = sent.rules("exit");
    assert_eq!(rules.len(), 1);
    assert!(
        rules[0].starts_with("n1 u1 > 0.0.0.0/5:443 8.0.0.0/7:443 11.0.0.0/8:443")
            && rules[0].ends_with(" 2000::/3:443")
    );
    assert!(sent.rules("laptop").is_empty());
}

/// 0.29 leaves the protocol out where none is named, and takes `icmp` for IPv4 alone.
#[test]
fn protocols_are_as_written() {
    let policy = r#"{
        "tagOwners": {"tag:web": []},
        "grants": [{"src": ["alice@"], "dst": ["tag:web"], "ip": ["*", "icmp:*", "udp:53", "47:80"]}],
    }"#;
    assert_eq!(
        sent_by("0.29", policy, &["laptop alice 4:1", "web tag:web 4:3"]).rules("web"),
        ["n1 > n3:*", "n1 > n3:* /1", "n1 > n3:53 /17", "n1 > n3:80 /47"]
    );
}

/// Hash tables are seeded anew each time, so an order that came out of one would differ.
#[test]
fn output_is_the_same_every_time() {
    let policy = r#"{
        "groups": {"group:a": ["alice@", "bob@"]},
        "tagOwners": {"tag:web": [], "tag:r": []},
        "grants": [
            {"src": ["*", "group:a"], "dst": ["tag:web", "10.1.0.0/16"], "ip": ["*", "tcp:22"],
             "app": {"tailscale.com/cap/relay": [], "tailscale.com/cap/drive": []}},
            {"src": ["group:a"], "dst": ["autogroup:self", "tag:web"], "ip": ["1"], "app": {"tailscale.com/cap/drive": []}},
            {"src": ["group:a"], "dst": ["10.0.0.0/8"], "ip": ["1"], "via": ["tag:r", "tag:web"]},
        ],
    }"#;
    let nodes = [
        NODES.as_slice(),
        &["r1 tag:r 5 10.1.0.0/16", "r2 tag:r,tag:web 6 10.1.0.0/16 0.0.0.0/0"],
    ]
    .concat();
    let once = written("0.29", policy, &nodes);
    for _ in 0..8 {
        assert_eq!(written("0.29", policy, &nodes), once);
    }
}

/// A rule with many sources and many destinations is one permit a destination, and costs no more than that.
#[test]
fn wide_rules_are_not_multiplied() {
    let list = |end: &str| {
        (0..4_000)
            .map(|i| format!("\"10.{}.{}.0/24{end}\"", i / 250, i % 250))
            .collect::<Vec<_>>()
            .join(",")
    };
    let policy = format!(
        r#"{{"acls": [{{"action": "accept", "src": [{}], "dst": [{}]}}]}}"#,
        list(""),
        list(":80")
    );
    with_compiled(
        "0.29",
        &policy,
        &["laptop alice 1", "router tag:r 2 10.0.0.0/8"],
        |compiled| {
            let lowered = compiled.lowered();
            assert_eq!(lowered.permits().len(), 4_000);
            let spans: std::collections::HashSet<_> = lowered
                .permits()
                .values()
                .map(|permit| permit.source_spans.as_ptr())
                .collect();
            assert_eq!(spans.len(), 1);
            // One rule, since all have the same sources.
            assert_eq!(compiled.work().source_lists, 1);
        },
    );
}
