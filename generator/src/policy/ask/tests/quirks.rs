//! What headscale's tests hold true and one would not expect, a test each.

use super::{Coverage, Results, RuleRef, run};
use crate::hujson::Flavour;
use crate::input::{Inputs, Origin};
use crate::policy::compile::{Compiled, Options};
use crate::policy::dialect::Dialect;
use crate::policy::lower::lower;
use crate::policy::read::read_input;
use crate::policy::tailnet::{Index, topology};

const TOPOLOGY: &str = r#"{
  "users": [{"id": 1, "name": "alice"}, {"id": 2, "name": "bob"}, {"id": 3, "name": "carol"}],
  "nodes": {
    "desk": {"user": "alice", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
    "laptop": {"user": "bob", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2"},
    "web": {"tags": ["tag:web"], "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3"},
    "router": {
      "tags": ["tag:router"], "ipv4": "100.64.0.4",
      "routable_ips": ["10.0.0.0/8"], "approved_routes": ["10.0.0.0/8"]
    },
    "phone": {"user": "bob", "ipv4": "100.64.0.9"}
  }
}"#;

/// Asks the tests of a policy made of `rest`.
#[track_caller]
fn ask<T>(rest: &str, then: impl FnOnce(&Results, Coverage) -> T) -> T {
    let policy = format!(
        r#"{{
            "groups": {{"group:all": ["alice@", "bob@"], "group:half": ["alice@", "nobody@"]}},
            "hosts": {{"net": "10.0.0.0/8"}},
            "tagOwners": {{"tag:web": [], "tag:router": []}},
            {rest}
        }}"#
    );
    let (mut inputs, mut findings) = (Inputs::default(), Vec::new());
    let id = inputs.read_policy("policy", policy, "", &mut findings).unwrap();
    let document = read_input(&inputs, id, Dialect::V0_29, &mut findings).unwrap();
    let id = inputs.read("topology", TOPOLOGY, Origin::File, Flavour::Hujson, "", &mut findings);
    let (topology, wrong) = topology::read(inputs.get(id.unwrap()).unwrap().tree.as_ref().unwrap());
    assert_eq!((findings, wrong), (Vec::new(), Vec::new()));
    let lowered = lower(&document, Index::new(&topology.tailnet));
    let results = run(&document, &mut Compiled::new(&document, lowered, &Options::default()));
    then(&results, results.coverage(&document))
}

/// headscale's line about every assertion.
#[track_caller]
fn lines(rest: &str) -> Vec<String> {
    ask(rest, |results, _| {
        results.assertions.iter().map(super::Assertion::line).collect()
    })
}

#[track_caller]
fn holds(rest: &str) -> bool {
    ask(rest, |results, _| results.pass())
}

fn acl(src: &str, dst: &str) -> String {
    format!(r#"{{"action": "accept", "src": [{src}], "dst": [{dst}]}}"#)
}

#[test]
fn failures_are_told_in_headscales_words() {
    let lines = lines(
        r#""acls": [{"action": "accept", "proto": "tcp", "src": ["alice@"], "dst": ["tag:web:443"]}],
        "tests": [
            {"src": "alice@", "accept": ["tag:web:443", "tag:web:22"]},
            {"src": "bob@", "proto": "tcp", "accept": ["tag:web:443"], "deny": ["tag:web:443"]},
            {"src": "alice@", "proto": "udp", "deny": ["web.example:443", "tag:web:443"]},
            {"src": "carol@", "proto": "tcp", "deny": ["tag:web:443"]},
            {"src": "group:half", "accept": ["tag:web:443"]},
            {"src": "alice@", "accept": ["carol@:1", "group:half:1"]},
        ]"#,
    );
    assert_eq!(
        lines,
        [
            "alice@ -> tag:web:443: ALLOWED",
            "alice@ -> tag:web:22: expected ALLOWED, got DENIED",
            "bob@ -> tag:web:443 (tcp): expected ALLOWED, got DENIED",
            "bob@ -> tag:web:443 (tcp): DENIED",
            r#"alice@ (udp): error testing "web.example:443": resolving destination: error resolving host: "web.example""#,
            "alice@ -> tag:web:443 (udp): DENIED",
            r#"carol@ (tcp): source "carol@" resolved to no IP addresses"#,
            r#"group:half: failed to resolve source "group:half": resolving: user not found: token "nobody@""#,
            r#"alice@: error testing "carol@:1": destination resolved to no IP addresses: "carol@:1""#,
            r#"alice@: error testing "group:half:1": resolving destination: user not found: token "nobody@""#,
        ]
    );
}

/// "Denied" means "not all of them": it holds although one of the sources gets through, and so neither accept nor deny
/// of the same need hold of all.
#[test]
fn deny_holds_as_soon_as_one_source_is_kept_out() {
    let rules = format!(r#""acls": [{}]"#, acl(r#""alice@""#, r#""tag:web:22""#));
    let test = |kind: &str| format!(r#"{rules}, "tests": [{{"src": "group:all", "{kind}": ["tag:web:22"]}}]"#);
    assert!(holds(&test("deny")));
    assert!(!holds(&test("accept")));
}

/// A source is asked CIDR by CIDR: one that merely touches the sources of a rule counts.
#[test]
fn a_source_that_touches_is_let_in() {
    let rules = format!(r#""acls": [{}]"#, acl(r#""100.64.0.0/30""#, r#""tag:web:22""#));
    assert!(holds(&format!(
        r#"{rules}, "tests": [{{"src": "100.64.0.0/10", "accept": ["tag:web:22"]}}]"#
    )));
}

/// Some address of the destination will do, and different sources may be let in by different rules.
#[test]
fn some_destination_and_any_rule_will_do() {
    let rules = format!(
        r#""acls": [{}, {}]"#,
        acl(r#""alice@""#, r#""100.64.0.3:22""#),
        acl(r#""bob@""#, r#""[fd7a:115c:a1e0::3]:22""#)
    );
    let tests = r#""tests": [{"src": "group:all", "accept": ["tag:web:22"]}]"#;
    assert!(holds(&format!("{rules}, {tests}")));
    ask(&format!("{rules}, {tests}"), |results, coverage| {
        assert_eq!(results.assertions[0].rules, [RuleRef::Acl(0), RuleRef::Acl(1)]);
        assert_eq!((coverage.rules, coverage.exercised), (2, 2));
    });
}

/// `via` rules are not in the filter that is asked.
#[test]
fn via_never_helps() {
    let rest = r#"
        "grants": [{"src": ["alice@"], "dst": ["net"], "ip": ["*"], "via": ["tag:router"]}],
        "tests": [{"src": "alice@", "deny": ["10.0.0.1:22"]}]"#;
    ask(rest, |results, coverage| {
        assert!(results.pass());
        let unexercised: Vec<_> = coverage
            .unexercised
            .iter()
            .map(|rule| (rule.rule, rule.cannot.is_some()))
            .collect();
        assert_eq!(unexercised, [(RuleRef::Grant(0), true)]);
    });
}

/// `autogroup:self` is not either: its own part is left out, that of other destinations counts.
#[test]
fn own_devices_never_help() {
    let rules = format!(
        r#""acls": [{}]"#,
        acl(r#""bob@""#, r#""autogroup:self:*", "tag:web:1""#)
    );
    assert!(holds(&format!(
        r#"{rules}, "tests": [{{"src": "bob@", "accept": ["tag:web:1"], "deny": ["100.64.0.9:22"]}}]"#
    )));
    assert_eq!(
        lines(&format!(
            r#"{rules}, "tests": [{{"src": "bob@", "accept": ["autogroup:self:22"]}}]"#
        )),
        [
            "bob@: error testing \"autogroup:self:22\": resolving destination: autogroup:self requires per-node resolution \
             and cannot be resolved in this context"
        ]
    );
}

/// Without a protocol any of TCP, UDP, ICMP and ICMPv6 will do; a rule without one means all.
#[test]
fn no_protocol_means_four() {
    let test = |rule: &str, proto: &str, kind: &str| {
        holds(&format!(
            r#""grants": [{{"src": ["alice@"], "dst": ["tag:web"], "ip": ["{rule}"]}}],
            "tests": [{{"src": "alice@", {proto} "{kind}": ["tag:web:22"]}}]"#
        ))
    };
    assert!(test("icmp:*", "", "accept"));
    assert!(test("sctp:*", "", "deny"));
    assert!(test("*", r#""proto": "sctp","#, "accept"));
    assert!(test("tcp:20-30", r#""proto": "tcp","#, "accept"));
    assert!(test("tcp:20-21", r#""proto": "tcp","#, "deny"));
}

/// `*` as a source brings the subnet routes in force; `*` as a destination is every address.
#[test]
fn everybody_is_more_than_the_tailnet() {
    let rules = format!(r#""acls": [{}]"#, acl(r#""*""#, r#""*:22""#));
    assert!(holds(&format!(
        r#"{rules}, "tests": [{{"src": "10.1.0.0/16", "accept": ["8.8.8.8:22"]}},
            {{"src": "192.168.0.1", "deny": ["tag:web:22"]}}]"#
    )));
    // Without acls and grants everything is allowed, from anywhere.
    ask(
        r#""tests": [{"src": "192.168.0.1", "accept": ["8.8.8.8:22"]}]"#,
        |results, _| {
            assert_eq!(
                (results.pass(), &results.assertions[0].rules[..]),
                (true, &[RuleRef::Default][..])
            )
        },
    );
}

const SSH: &str = r#""acls": [], "ssh": [
    {"action": "check", "src": ["alice@"], "dst": ["tag:web"], "users": ["autogroup:nonroot"]},
    {"action": "accept", "src": ["group:all"], "dst": ["tag:web"], "users": ["root", "autogroup:nonroot"]},
    {"action": "accept", "src": ["bob@"], "dst": ["autogroup:self"], "users": ["bob"]},
]"#;

#[test]
fn logins_are_told_in_headscales_words() {
    let lines = lines(&format!(
        r#"{SSH}, "sshTests": [
            {{"src": "alice@", "dst": ["tag:web"], "accept": ["root", "ubuntu"], "check": ["ubuntu", "root"]}},
            {{"src": "bob@", "dst": ["tag:web", "autogroup:self"], "accept": ["bob"], "deny": ["bob", ""]}},
            {{"src": "group:all", "dst": ["tag:web"], "check": ["ubuntu"]}},
            {{"src": "alice@", "dst": ["tag:router", "carol@"], "check": ["root"]}},
            {{"src": "alice@", "dst": ["group:half", "tag:web"], "accept": ["root"]}},
            {{"src": "carol@", "dst": ["tag:web"], "deny": ["root"]}},
            {{"src": "tag:web", "dst": ["autogroup:self"], "deny": ["root"]}},
            {{"src": "alice@", "dst": ["tag:web"]}},
        ]"#
    ));
    assert_eq!(
        lines,
        [
            "alice@/root -> web: ALLOWED",
            "alice@/ubuntu -> web: ALLOWED",
            "alice@/ubuntu -> web: ALLOWED via check",
            "alice@/root -> web: expected ALLOWED via check, got ALLOWED via accept",
            "bob@/bob -> web: ALLOWED",
            "bob@/bob -> laptop: ALLOWED",
            "bob@/bob -> phone: ALLOWED",
            "bob@/bob -> web: expected DENIED, got ALLOWED",
            "bob@/bob -> laptop: expected DENIED, got ALLOWED",
            "bob@/bob -> phone: expected DENIED, got ALLOWED",
            "bob@/\"\" -> web: DENIED",
            "bob@/\"\" -> laptop: DENIED",
            "bob@/\"\" -> phone: DENIED",
            // alice is checked, bob is not: the first address without a check decides what is said.
            "group:all/ubuntu -> web: expected ALLOWED via check, got ALLOWED via accept",
            "alice@: dst alias \"carol@\" resolved to no nodes",
            "alice@/root -> router: expected ALLOWED via check, got DENIED",
            "alice@: failed to resolve destinations: resolving destination \"group:half\": user not found: token \"nobody@\"",
            "carol@: source \"carol@\" resolved to no IP addresses",
            "tag:web: dst alias \"autogroup:self\" resolved to no nodes",
            "alice@: no accept, deny, or check assertions specified",
        ]
    );
}

/// A rule for port 22 is another matter, and is not asked.
#[test]
fn logins_do_not_ask_for_the_port() {
    assert!(holds(&format!(
        r#"{SSH}, "sshTests": [{{"src": "bob@", "dst": ["tag:web"], "accept": ["root"]}}],
            "tests": [{{"src": "bob@", "deny": ["tag:web:22"]}}]"#
    )));
}

#[test]
fn coverage_names_the_rules_no_test_leans_on() {
    ask(
        &format!(r#"{SSH}, "sshTests": [{{"src": "alice@", "dst": ["tag:web"], "check": ["ubuntu"], "deny": [""]}}]"#),
        |results, coverage| {
            assert!(results.pass());
            // The accept for everybody lets alice in as well, so the assertion leans on both.
            assert_eq!(results.assertions[1].rules, [RuleRef::Ssh(0), RuleRef::Ssh(1)]);
            let left: Vec<_> = coverage.unexercised.iter().map(|rule| rule.rule).collect();
            assert_eq!(left, [RuleRef::Ssh(2)]);
        },
    );
}
