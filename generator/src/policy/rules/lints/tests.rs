//! The lints on policies as a whole: what the pages do not show.

use std::time::{Duration, Instant};

use crate::diagnostics::caret::{Text, check_with, judge};
use crate::diagnostics::{Diagnostic, Example};
use crate::input::Inputs;
use crate::policy::dialect::Dialect;

/// Of what is found in `marked` exactly what is marked.
#[track_caller]
fn check(marked: &str) -> Vec<Diagnostic> {
    check_in(marked, None)
}

/// The same in a tailnet.
#[track_caller]
fn check_in(marked: &str, topology: Option<&'static str>) -> Vec<Diagnostic> {
    let example = Example::Policy {
        text: "",
        topology,
        dialect: "0.29",
    };
    let text = |name, marked| Text { name, marked };
    let mut texts = vec![text("policy.hujson", marked)];
    texts.extend(topology.map(|topology| text("topology.json", topology)));
    check_with(&texts, |plain| judge(&example, plain))
}

/// What is found in `text`, as codes.
fn codes(text: &str) -> Vec<u16> {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let id = inputs.read_policy("policy.hujson", text, "", &mut found).unwrap();
    let judged = crate::policy::judge::judge(&inputs, id, None, Dialect::V0_29, found);
    judged.diagnostics.iter().map(|finding| finding.code.0).collect()
}

/// Alice has a laptop, web is a server, and a router leads to 192.168.7.0/24.
const TAILNET: &str = r#"{
  "users": [{ "name": "alice" }, { "name": "bob" }, { "name": "carol" }],
  "nodes": {
    "laptop": { "user": "alice", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1" },
    "web": { "tags": ["tag:web"], "ipv4": "100.64.0.2" },
    "router": {
      "tags": ["tag:router"],
      "ipv4": "100.64.0.3",
      "routable_ips": ["192.168.7.0/24"],
      "approved_routes": ["192.168.7.0/24"],
    },
  },
}"#;

#[test]
fn healthy_policies_have_no_findings() {
    // The policy of headscale's own documentation, in short: groups, hosts, tags, autogroups, approvers, SSH.
    check(
        r#"{
  "groups": { "group:boss": ["boss@"], "group:dev": ["dev1@", "dev2@"], "group:intern": ["intern1@"] },
  "tagOwners": {
    "tag:prod-databases": ["group:boss"],
    "tag:dev-servers": ["group:boss", "group:dev"],
    "tag:exit": ["group:boss"],
  },
  "hosts": { "postgresql.internal": "10.20.0.2/32", "office": "10.20.10.0/29" },
  "acls": [
    { "action": "accept", "src": ["group:boss"], "dst": ["tag:prod-databases:*", "tag:dev-servers:*"] },
    { "action": "accept", "src": ["group:dev"], "proto": "tcp", "dst": ["tag:dev-servers:80,443,22"] },
    { "action": "accept", "src": ["group:dev", "group:boss"], "dst": ["postgresql.internal:5432", "office:*"] },
    { "action": "accept", "src": ["group:intern"], "dst": ["tag:dev-servers:80,443"] },
    { "action": "accept", "src": ["tag:dev-servers"], "dst": ["tag:prod-databases:5432"] },
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:internet:*", "autogroup:self:*"] },
  ],
  "autoApprovers": { "routes": { "10.20.0.0/16": ["tag:exit"] }, "exitNode": ["tag:exit"] },
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["autogroup:nonroot"] },
    { "action": "check", "src": ["group:dev"], "dst": ["tag:dev-servers"], "users": ["ubuntu", "root"] },
  ],
}"#,
    );
    // Everything allowed on purpose, with tags that say what a machine is.
    check(
        r#"{
  "tagOwners": { "tag:server": [], "tag:ci": [] },
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:*"] }],
  "ssh": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"] }],
}"#,
    );
    // People without a device yet, two families, capabilities beside ports, routes through a tag.
    check_in(
        r#"{
  "groups": { "group:ops": ["bob@", "carol@"] },
  "tagOwners": { "tag:web": ["group:ops"], "tag:router": ["group:ops"] },
  "grants": [
    { "src": ["group:ops"], "dst": ["tag:web"], "ip": ["tcp:22"] },
    { "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:443", "icmp:*"] },
    { "src": ["alice@"], "dst": ["tag:web"], "app": { "tailscale.com/cap/drive": [{}] } },
    { "src": ["alice@"], "dst": ["192.168.7.0/24"], "ip": ["*"], "via": ["tag:router"] },
    { "src": ["192.168.7.0/24"], "dst": ["tag:web"], "ip": ["udp:514"] },
  ],
  "tests": [{ "src": "alice@", "proto": "tcp", "accept": ["tag:web:443"], "deny": ["tag:web:22"] }],
}"#,
        Some(TAILNET),
    );
}

#[test]
fn a_rule_is_covered_however_the_other_is_written() {
    let found = check(
        r#"{
  "groups": { "group:all": ["alice@", "bob@", "carol@"], "group:some": ["bob@", "alice@"] },
  "hosts": { "lan": "192.168.0.0/16" },
  "tagOwners": { "tag:a": [], "tag:b": [] },
  "grants": [
    { "src": ["group:all", "tag:a"], "dst": ["lan", "tag:b"], "ip": ["tcp:*", "udp:53"] },
    { "src": ["group:some"], "dst": ["192.168.7.1"], "ip": ["tcp:80-90", "udp:53"] },
  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN905: grants[0]
    { "src": ["tag:a", "bob@"], "dst": ["192.168.7.0/24"], "ip": ["tcp:22"] },
  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN905: grants[0]
    { "src": ["tag:a"], "dst": ["tag:b"], "ip": ["udp:54"] },
    { "src": ["tag:b"], "dst": ["tag:b"], "ip": ["tcp:22"] },
    { "src": ["dave@"], "dst": ["lan"], "ip": ["tcp:22"] },
    { "src": ["alice@"], "dst": ["10.0.0.1"], "ip": ["tcp:22"] },
    { "src": ["alice@"], "dst": ["lan"], "ip": ["tcp:22"], "via": ["tag:a"] },
    { "src": ["alice@"], "dst": ["lan"], "ip": ["22"] },
  ],
  "acls": [
    { "action": "accept", "proto": "tcp", "src": ["carol@"], "dst": ["tag:b:1", "192.168.1.1:2"] },
  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN905: grants[0]
    { "action": "accept", "proto": "tcp", "src": ["carol@"], "dst": ["tag:b:1", "tag:a:2"] },
  ],
}"#,
    );
    assert!(
        found
            .iter()
            .all(|finding| finding.related.len() == 1 && finding.fixes.len() == 1)
    );
}

#[test]
fn of_two_that_say_the_same_the_later_is_blamed() {
    check(
        r#"{
  "grants": [
    { "src": ["alice@", "bob@"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] },
    { "src": ["bob@", "alice@"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] },
  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN905: grants[0]
  ],
}"#,
    );
}

#[test]
fn the_internet_and_own_devices_are_not_inside_everything() {
    check(
        r#"{
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["*:*"] },
  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN906: another rule changes nothing
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:internet:*"] },
    { "action": "accept", "proto": "gre", "src": ["alice@"], "dst": ["bob@:*"] },
    { "action": "accept", "src": ["alice@"], "dst": ["bob@:*"] },
  ],
}"#,
    );
}

#[test]
fn in_a_tailnet_what_is_nobody_is_known() {
    check_in(
        r#"{
  "tagOwners": { "tag:web": [], "tag:router": [], "tag:old": [] },
  "hosts": { "gone": "10.9.9.9" },
  "grants": [
    { "src": ["tag:web"], "dst": ["tag:old", "gone"], "ip": ["tcp:80"] },
//                                ^^^^^^^^^ TN900: no node is a destination of this rule: none has "tag:old", "gone" is no node's address
    { "src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"] },
//                                         ^^^^^^^^^^^^^^^^^^^^ TN900: none is an exit node
    { "src": ["tag:web"], "dst": ["tag:router", "tag:old"], "ip": ["tcp:80"] },
    { "src": ["tag:web"], "dst": ["fd7a:115c:a1e0::1"], "ip": ["tcp:80"] },
//                                ^^^^^^^^^^^^^^^^^^^ TN902: IPv4 sources never reach an IPv6 destination
    { "src": ["alice@"], "dst": ["172.16.0.0/12"], "ip": ["*"], "via": ["tag:router"] },
//                                                                      ^^^^^^^^^^^^ TN913: no node with "tag:router" announces a route
    { "src": [], "dst": ["tag:web"], "ip": ["tcp:80"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN900: this rule has no source
  ],
  "autoApprovers": { "routes": { "192.168.7.0/24": ["alice@", "tag:router"], "10.0.0.0/8": ["tag:old"] } },
//                                                                                          ^^^^^^^^^ TN912: no node is "tag:old"
  "ssh": [
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["root"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN914: no rule lets its sources open tcp 22
  ],
}"#,
        Some(TAILNET),
    );
}

#[test]
fn what_the_client_makes_of_protocols() {
    let found = check(
        r#"{
  "tagOwners": { "tag:a": [], "tag:b": [] },
  "grants": [
    { "src": ["tag:a"], "dst": ["tag:b"], "ip": ["47:1-65535", "icmp:8", "esp:*", "tcp:80"] },
//                                               ^^^^^^^^^^^^ TN903: gre has no ports, so this never matches
//                                                             ^^^^^^^^ TN903: icmp has no ports, so all of it passes
    { "src": ["tag:a"], "dst": ["tag:b"], "ip": ["ipv6-icmp:*"] },
  //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN917: grants[0] lets these pings pass already
    { "src": ["tag:b"], "dst": ["tag:a"], "ip": ["icmp:*"] },
    { "src": ["tag:b"], "dst": ["ff02::fb", "169.254.169.254"], "ip": ["udp:5353"] },
//                              ^^^^^^^^^^ TN904: ff02::fb is multicast
  ],
}"#,
    );
    let safe: Vec<bool> = found
        .iter()
        .flat_map(|finding| &finding.fixes)
        .map(|fix| fix.safe)
        .collect();
    assert_eq!(safe, [false, true], "only what changes nothing is mended unasked");
}

#[test]
fn what_an_error_touches_is_left_alone() {
    // The rule with the mistake may be what uses the names.
    check(
        r#"{
  "groups": { "group:a": ["alice@"], "group:b": ["bob@"] },
  "hosts": { "nas": "192.168.7.10" },
  "tagOwners": { "tag:web": [], "tag:db": [] },
  "acls": [
    { "action": "deny", "src": ["group:a"], "dst": ["tag:db:22"] },
//              ^^^^^^ TN115
    { "action": "accept", "src": ["group:b"], "dst": ["tag:web:ssh", "nas:http"] },
//                                                    ^^^^^^^^^^^^^ TN117
//                                                                   ^^^^^^^^^^ TN117
  ],
}"#,
    );
    // A group whose members could not be read is not empty.
    let found = codes(
        r#"{"groups": {"group:a": ["alice"]}, "acls": [{"action": "accept", "src": ["group:a"], "dst": ["*:22"]}]}"#,
    );
    assert_eq!(found, [125]);
}

#[test]
fn an_error_elsewhere_hides_nothing() {
    let text = r#"{"tagOwners": {"tag:web": [], "tag:old": []},
        "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web:22"]},
                 {"action": "accept", "src": ["alice@"], "dst": ["tag:web:22"]},
                 {"action": "accept", "src": ["alice"], "dst": ["tag:web:80"]}]}"#;
    let found = codes(text);
    assert!(found.contains(&905) && found.contains(&907), "{found:?}");
    assert!(found.iter().any(|code| *code < 900));
}

#[test]
fn ten_thousand_rules_are_linted_soon() {
    // Distinct ends, the same ends with different ports, and each rule inside many others.
    let kinds: [fn(usize) -> String; 3] = [
        |i| {
            format!(
                r#"{{"src": ["group:g{}"], "dst": ["tag:t{i}"], "ip": ["tcp:443"]}}"#,
                i % 100
            )
        },
        |i| format!(r#"{{"src": ["group:g0"], "dst": ["tag:t0"], "ip": ["tcp:{}"]}}"#, i + 1),
        |i| {
            format!(
                r#"{{"src": ["u{}@"], "dst": ["10.{}.{}.0/24"], "ip": ["tcp:{}"]}}"#,
                i % 50,
                i % 7,
                i % 250,
                i % 5 + 1
            )
        },
    ];
    for kind in kinds {
        let rules: Vec<String> = (0..10_000).map(kind).collect();
        let groups: Vec<String> = (0..100)
            .map(|i| format!(r#""group:g{i}": ["u{i}@", "u{}@"]"#, (i + 1) % 100))
            .collect();
        let tags: Vec<String> = (0..10_000).map(|i| format!(r#""tag:t{i}": []"#)).collect();
        let text = format!(
            r#"{{"groups": {{{}}}, "tagOwners": {{{}}}, "grants": [{}]}}"#,
            groups.join(","),
            tags.join(","),
            rules.join(",")
        );
        let start = Instant::now();
        let found = codes(&text);
        let took = start.elapsed();
        // Unoptimised, on a busy machine: this only tells an answer from a hang.
        assert!(took < Duration::from_secs(60), "{took:?}");
        println!("{} findings in {took:?}", found.len());
    }
}

/// Every code that the table of what is judged names exists, and the lints stand in it.
#[test]
fn the_table_of_what_is_judged_names_codes_that_exist() {
    let table = include_str!("../../../../../docs/judgement.md");
    let mut named = std::collections::BTreeSet::new();
    for after in table.split("TN").skip(1) {
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        if digits.len() == 3 {
            let name = format!("TN{digits}");
            assert!(crate::diagnostics::codes::find(&name).is_some(), "{name} is no code");
            named.insert(name);
        }
    }
    for page in super::PAGES {
        assert!(
            named.contains(&page.code.to_string()),
            "{} is not in the table",
            page.code
        );
    }
}
