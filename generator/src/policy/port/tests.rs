//! What becomes of single words, rules and sections. The examples and the properties are in `tests/policies`.

use super::*;
use crate::policy::rules::testing::errors;

/// `text`, ported: the lines that are no comments of the porter, and the changes.
#[track_caller]
fn ported(text: &str, dialect: Dialect) -> (String, Vec<Change>) {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let id = inputs.read_policy("policy.hujson", text, "", &mut found).unwrap();
    let ported = port(&inputs, id, dialect).unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(errors(&ported.text, dialect), [""; 0], "{}", ported.text);
    let lines = ported.text.lines().filter(|line| !line.trim_start().starts_with("//"));
    (lines.map(|line| format!("{line}\n")).collect(), ported.changes)
}

/// What `before` becomes for 0.29, less comments.
#[track_caller]
fn check(before: &str, after: &str) {
    check_in(Dialect::V0_29, before, after);
}

#[track_caller]
fn check_in(dialect: Dialect, before: &str, after: &str) {
    let (text, _) = ported(before, dialect);
    assert_eq!(text, after);
}

#[test]
fn a_role_never_becomes_a_group_that_has_another_meaning() {
    check(
        r#"{
  "groups": {
    "group:admin": ["mallory@"],
  },
  "tagOwners": {"tag:a": ["autogroup:admin"]},
  "acls": [{"action": "accept", "src": ["autogroup:admin", "group:admin"], "dst": ["*:*"]}],
}
"#,
        r#"{
  "groups": {
    "group:tailscale-admin": [],
    "group:admin": ["mallory@"],
  },
  "tagOwners": {"tag:a": ["group:tailscale-admin"]},
  "acls": [{"action": "accept", "src": ["group:tailscale-admin", "group:admin"], "dst": ["*:*"]}],
}
"#,
    );
}

#[test]
fn nor_one_that_is_only_mentioned() {
    // Nobody defined group:admin: what it was meant to be is not known, so it goes, and does not come back as the role.
    check(
        r#"{
  "acls": [{"action": "accept", "src": ["autogroup:admin"], "dst": ["group:admin:22", "*:80"]}],
}
"#,
        r#"{
  "groups": {
    "group:tailscale-admin": [],
  },
  "acls": [{"action": "accept", "src": ["group:tailscale-admin"], "dst": ["*:80"]}],
}
"#,
    );
}

#[test]
fn a_group_is_made_only_where_it_is_used() {
    check(
        r#"{
  "acls": [
    {"action": "accept", "src": ["autogroup:admin"], "dst": ["svc:x:22"]},
    {"action": "accept", "src": ["*"], "dst": ["autogroup:owner:22"]},
  ],
}
"#,
        r#"{
  "groups": {
    "group:owner": [],
  },
  "acls": [
    {"action": "accept", "src": ["*"], "dst": ["group:owner:22"]},
  ],
}
"#,
    );
}

#[test]
fn conditions_close_the_rule_and_notes_do_not() {
    check(
        r##"{
  "acls": [
    {"action": "accept", "src": ["*"], "dst": ["*:1"], "srcPosture": ["posture:x"]},
    {"action": "accept", "src": ["*"], "dst": ["*:2"], "onlyDuringTheDay": true},
    {"action": "accept", "src": ["*"], "dst": ["*:3"], "comment": "x", "srcPosture": []},
    {"action": "accept", "src": ["*"], "dst": ["*:4"], "#x": 1},
  ],
  "grants": [
    {"src": ["*"], "dst": ["*"], "ip": ["5"], "via": ["tag:undefined"]},
    {"src": ["*"], "dst": ["*"], "ip": ["6"], "srcPosture": null},
  ],
  "ssh": [
    {"action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["root"], "expires": "2026"},
  ],
}
"##,
        r##"{
  "acls": [
    {"action": "accept", "src": ["*"], "dst": ["*:3"]},
    {"action": "accept", "src": ["*"], "dst": ["*:4"], "#x": 1},
  ],
  "grants": [
  ],
  "ssh": [
  ],
}
"##,
    );
}

#[test]
fn without_rules_everything_would_be_allowed() {
    let says_no_more = |dialect, text: &str, section: &str| {
        let (text, _) = ported(text, dialect);
        assert!(text.contains(&format!("\"{section}\": []")), "{text}");
    };
    says_no_more(Dialect::V0_29, r#"{"acls": {"a": 1}}"#, "acls");
    says_no_more(Dialect::V0_29, r#"{"grants": "x", "hosts": {}}"#, "grants");
    says_no_more(Dialect::V0_28, r#"{"grants": []}"#, "acls");
    says_no_more(
        Dialect::V0_28,
        r#"{"grants": [{"src": ["*"], "dst": ["*"], "app": {"x/y": []}}]}"#,
        "acls",
    );
    says_no_more(Dialect::V0_28, r#"{"grants": 7}"#, "acls");
    says_no_more(Dialect::V0_28, r#"{"grants": 7, "acls": null}"#, "acls");
    // Where nothing was said before, headscale and Tailscale agree: everything.
    check(r#"{"groups": {}}"#, "{\"groups\": {}}\n");
}

#[test]
fn a_deny_takes_what_it_forbids_along() {
    check(
        r#"{
  "acls": [
    {"action": "accept", "src": ["tag:a"], "dst": ["10.0.0.1:22"]},
    {"action": "accept", "src": ["tag:a"], "dst": ["10.0.0.1:80"]},
    {"action": "accept", "src": ["tag:a"], "dst": ["10.9.0.1:22"]},
    {"action": "accept", "src": ["alice@"], "dst": ["10.0.0.1:22"]},
    {"action": "accept", "proto": "udp", "src": ["*"], "dst": ["10.0.0.1:22"]},
    {"action": "accept", "src": ["tag:a"], "dst": ["tag:a:22"]},
    {"action": "drop", "proto": "tcp", "src": ["tag:a"], "dst": ["10.0.0.0/16:20-30"]},
  ],
  "grants": [
    {"src": ["tag:a"], "dst": ["10.0.0.1"], "ip": ["tcp:22"]},
    {"src": ["tag:a"], "dst": ["10.0.0.1"], "ip": ["tcp:80"]},
  ],
  "tagOwners": {"tag:a": []},
}
"#,
        r#"{
  "acls": [
    {"action": "accept", "src": ["tag:a"], "dst": ["10.0.0.1:80"]},
    {"action": "accept", "src": ["tag:a"], "dst": ["10.9.0.1:22"]},
    {"action": "accept", "src": ["alice@"], "dst": ["10.0.0.1:22"]},
    {"action": "accept", "proto": "udp", "src": ["*"], "dst": ["10.0.0.1:22"]},
  ],
  "grants": [
    {"src": ["tag:a"], "dst": ["10.0.0.1"], "ip": ["tcp:80"]},
  ],
  "tagOwners": {"tag:a": []},
}
"#,
    );
}

#[test]
fn a_period_that_headscale_refuses_becomes_the_shortest() {
    check(
        r#"{
  "ssh": [
    {"action": "check", "src": ["a@"], "dst": ["a@"], "users": ["x"], "checkPeriod": "1d"},
    {"action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["x"], "checkPeriod": "12h"},
  ],
}
"#,
        r#"{
  "ssh": [
    {"action": "check", "src": ["a@"], "dst": ["a@"], "users": ["x"], "checkPeriod": "always"},
    {"action": "check", "src": ["a@"], "dst": ["a@"], "users": ["x"], "checkPeriod": "always"},
  ],
}
"#,
    );
}

#[test]
fn a_check_that_0_28_would_not_make_is_no_login() {
    check_in(
        Dialect::V0_28,
        r#"{
  "ssh": [
    {"action": "check", "src": ["a@"], "dst": ["a@"], "users": ["x"]},
    {"action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["y"], "acceptEnv": ["LANG"]},
  ],
}
"#,
        r#"{
  "ssh": [
    {"action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["y"]},
  ],
}
"#,
    );
}

#[test]
fn what_was_put_into_something_goes_with_it() {
    // 0.28 wants an action, but the rule goes for another reason.
    check_in(
        Dialect::V0_28,
        "{\n  \"acls\": [\n    {\"src\": [\"h\"], \"dst\": [\"*:22\"]},\n    {\"src\": [\"a@\"], \"dst\": [\"*:22\"]},\n  ],\n}\n",
        "{\n  \"acls\": [\n    {\n      \"action\": \"accept\",\n    \"src\": [\"a@\"], \"dst\": [\"*:22\"]},\n  ],\n}\n",
    );
}

#[test]
fn groups_in_groups_are_written_out_and_circles_end() {
    check(
        r#"{
  "groups": {
    "group:a": ["group:b", "alice@"],
    "group:b": ["bob", "group:a"],
    "group:c": ["group:none", "carol@"],
    "d": ["dave@"],
  },
}
"#,
        r#"{
  "groups": {
    "group:a": ["bob@", "alice@", "alice@"],
    "group:b": ["bob@", "alice@", "bob@"],
    "group:c": ["carol@"],
    "group:d": ["dave@"],
  },
}
"#,
    );
}

#[test]
fn sets_of_addresses_are_written_out_where_they_can_be() {
    check(
        r#"{
  "hosts": {"h": "192.0.2.1"},
  "ipsets": {
    "ipset:a": ["add 10.0.0.0/30", "remove 10.0.0.2"],
    "ipset:b": ["ipset:a", "host:h", "fd7a::/64"],
    "ipset:c": ["ipset:d"],
    "ipset:d": ["ipset:c", "10.0.0.1"],
    "ipset:e": ["subtract 10.0.0.1"],
  },
  "acls": [
    {"action": "accept", "src": ["ipset:a"], "dst": ["ipset:b:22"]},
    {"action": "accept", "src": ["ipset:c", "ipset:e", "ipset:f", "a@"], "dst": ["*:22"]},
  ],
}
"#,
        r#"{
  "hosts": {"h": "192.0.2.1"},
  "acls": [
    {"action": "accept", "src": ["10.0.0.0/31", "10.0.0.3"], "dst": ["10.0.0.0/31:22", "10.0.0.3:22", "192.0.2.1:22", "fd7a::/64:22"]},
    {"action": "accept", "src": ["a@"], "dst": ["*:22"]},
  ],
}
"#,
    );
}

#[test]
fn tests_lose_what_headscale_does_not_know() {
    check(
        r#"{
  "tagOwners": {"tag:a": []},
  "tests": [
    {"user": "alice@", "allow": ["tag:a:22", "svc:x:22"], "deny": ["autogroup:admin:22"]},
    {"src": "autogroup:admin", "accept": ["tag:a:22"]},
    {"src": "alice@", "accept": ["svc:x:22"]},
    {"src": "alice@", "accept": ["tag:a:22"], "srcPostureAttrs": {"a": 1}},
    {"src": "nosuchhost", "accept": ["tag:a:22"]},
  ],
  "sshTests": [
    {"src": "alice@", "dst": ["svc:x"], "accept": ["root"]},
    {"src": "alice@", "dst": ["tag:a", "tag:b"], "accept": ["root", ""]},
  ],
}
"#,
        r#"{
  "tagOwners": {"tag:a": []},
  "tests": [
    {"src": "alice@", "accept": ["tag:a:22"], "deny": []},
  ],
  "sshTests": [
    {"src": "alice@", "dst": ["tag:a"], "accept": ["root"]},
  ],
}
"#,
    );
}

#[test]
fn relays_and_records_move_to_the_declaration() {
    let mut inputs = Inputs::default();
    let text = r#"{
  "acls": [],
  "derpMap": {"Regions": {
    "900": {"RegionCode": "home", "Nodes": [
      {"HostName": "derp.example.org", "DERPPort": 8443, "STUNPort": -1, "IPv4": "203.0.113.10"},
      {"HostName": "derp.example.net", "DERPPort": 0},
    ]},
    "1": null,
  }},
  "extraDNSRecords": [{"Name": "nas.example.org", "Value": "fd7a::1"}],
}"#;
    let id = inputs.read_policy("policy.hujson", text, "", &mut Vec::new()).unwrap();
    let ported = port(&inputs, id, Dialect::V0_29).unwrap();
    let [derp, records] = &ported.fragments[..] else {
        panic!("{:?}", ported.fragments)
    };
    assert_eq!(
        derp.value,
        serde_json::json!({
            "regions": {"900": {"code": "home", "nodes": {
                "derp": {"hostName": "derp.example.org", "ipv4": "203.0.113.10", "port": 8443, "stunPort": null},
                "derp-1": {"hostName": "derp.example.net"},
            }}},
            "publicRegions": "all",
        })
    );
    assert_eq!(derp.remarks.len(), 2, "{:?}", derp.remarks);
    assert_eq!(
        (records.option, &records.value),
        (
            "dns.extraRecords",
            &serde_json::json!([{"name": "nas.example.org", "value": "fd7a::1", "type": "AAAA"}])
        )
    );
}

#[test]
fn changes_are_reported_where_they_were() {
    let text = "{\n  \"tagOwners\": {\"tag:a\": [\"autogroup:admin\"]},\n  \"postures\": {},\n}\n";
    let mut inputs = Inputs::default();
    let id = inputs.read_policy("policy.hujson", text, "", &mut Vec::new()).unwrap();
    let report = Report::new(&inputs, &port(&inputs, id, Dialect::V0_29).unwrap(), Dialect::V0_29);
    let places: Vec<_> = report
        .changes
        .iter()
        .map(|change| (change.line, change.path.as_str(), change.effect))
        .collect();
    assert_eq!(
        places,
        [
            (1, "", Effect::Narrower),
            (2, "tagOwners.\"tag:a\"[0]", Effect::Narrower),
            (3, "postures", Effect::LeftOut),
        ]
    );
    assert_eq!(serde_json::to_value(Effect::LeftOut).unwrap(), "left out");
}

#[test]
fn no_policy_stays_none() {
    let mut inputs = Inputs::default();
    let id = inputs.read_policy("policy.hujson", "", "", &mut Vec::new()).unwrap();
    let ported = port(&inputs, id, Dialect::V0_29).unwrap();
    assert_eq!((ported.text.as_str(), ported.changes.len()), ("", 0));
}
