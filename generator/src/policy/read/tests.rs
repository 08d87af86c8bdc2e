//! The reader as a whole: it never panics, the order of members does not matter, and what real policies get wrong is
//! found.

use proptest::prelude::*;

use super::testing::{check, read};
use super::{MAX_FINDINGS, SHAPES};
use crate::diagnostics::{Diagnostic, Severity};
use crate::hujson::{Flavour, parse};
use crate::input::Inputs;
use crate::policy::dialect::Dialect;
use crate::policy::document::Document;
use crate::policy::rules;
use crate::policy::words::{CheckPeriod, Protocol};
use crate::source::SourceId;

fn document(text: &str) -> Document {
    let (_, document, findings) = read(text, Dialect::V0_29);
    assert_eq!(findings, [], "{text}");
    document.unwrap()
}

#[test]
fn a_policy_with_everything() {
    let document = document(
        r##"{
  // people
  "groups": {"group:admins": ["alice@", "bob@example.org"], "group:none": []},
  "hosts": {"nas": "192.0.2.10", "lab": "192.0.2.0/24"},
  "TagOwners": {"tag:web": ["group:admins", "tag:ops"], "tag:ops": null},
  "acls": [
    {"action": "accept", "#note": 1, "proto": "TCP", "src": [" tag:web "], "dst": ["nas:80,443", "[fd7a::1]/64:*"]},
  ],
  "grants": [
    {"src": ["*"], "dst": ["lab"], "ip": ["tcp:22", "443", "*"], "via": ["tag:ops"],
     "app": {"example.org/cap/x": [{"a": [1.50, "é\u0041"]}, null], "example.org/cap/y": null}},
    {"src": [], "dst": [], "app": {}, "ip": ["*"]},
  ],
  "nodeAttrs": [{"target": ["*"], "attr": ["magicdns-aaaa", ""], "ipPool": []}],
  "autoApprovers": {"routes": {"10.1.2.3/8": ["tag:ops"]}, "exitNode": ["alice@"]},
  "ssh": [
    {"action": " check", "src": ["group:admins"], "dst": ["tag:web"], "users": [" root ", "localpart:*@example.org"],
     "checkPeriod": "90m", "acceptEnv": ["LC_*"]},
  ],
  "tests": [{"src": "alice@", "proto": 17, "accept": ["nas:53"], "deny": ["lab:54"]}],
  "sshTests": [{"src": " alice@ ", "dst": ["tag:web"], "accept": [" root"], "deny": [""], "check": []}],
  "randomizeClientPort": true,
}"##,
    );
    assert_eq!(document.groups[0].members.len(), 2);
    assert_eq!(document.hosts[1].prefix.value.to_string(), "192.0.2.0/24");
    assert_eq!(document.tag_owners[1].owners.len(), 0);
    let acl = &document.acls.as_ref().unwrap()[0];
    assert_eq!(
        (acl.proto, acl.src[0].value.to_string().as_str()),
        (Protocol::TCP, "tag:web")
    );
    assert_eq!(acl.dst[1].value.to_string(), "fd7a::1/64:*");
    let grants = document.grants.as_ref().unwrap();
    let app = grants[0].app.as_ref().unwrap();
    let values: Vec<&str> = app[0].values.iter().map(|value| &**value).collect();
    assert_eq!(
        values,
        [r#"{"a":[1.50,"éA"]}"#, "null"],
        "values stay JSON, numbers as written"
    );
    assert_eq!(app[1].values.len(), 0);
    assert!(grants[1].app.is_none(), "headscale counts members, so none is absent");
    assert_eq!(document.node_attrs[0].attr[1].value.as_ref(), "");
    assert_eq!(document.auto_approvers.routes[0].0.value.to_string(), "10.1.2.3/8");
    let ssh = &document.ssh[0];
    assert_eq!(ssh.users[0].value.as_ref(), "root");
    assert_eq!(
        ssh.check_period.unwrap().value,
        CheckPeriod::parse("90m", Dialect::V0_29).unwrap()
    );
    assert_eq!(document.tests[0].proto, Protocol::UDP);
    assert_eq!(
        document.ssh_tests[0].deny[0].value.as_ref(),
        "",
        "an empty login fails only when the test runs"
    );
    assert!(document.randomize_client_port.unwrap().value);
}

#[test]
fn absent_and_empty_rules_are_told_apart() {
    // Both absent allows everything, a list of none allows nothing.
    assert!(document("{}").acls.is_none());
    assert!(document(r#"{"acls": null}"#).acls.is_none());
    assert_eq!(document(r#"{"acls": []}"#).acls.unwrap().len(), 0);
    assert_eq!(document(r#"{"grants": []}"#).grants.unwrap().len(), 0);
}

#[test]
fn a_part_of_a_larger_tree_is_read_decoded() {
    let text = r#"{"policy": {"tagOwners": {"tag:b\u0061": []}, "ssh": [{"action": "\u0061ccept", "users": ["a"]}]}}"#;
    let tree = parse(SourceId(0), text, Flavour::Json5).root.unwrap();
    let policy = tree.get("policy").unwrap();
    // headscale reads what is rendered, in which there are no such escapes ...
    let mut findings = Vec::new();
    let document = super::read(policy, None, Dialect::V0_29, &mut findings);
    assert_eq!(findings, []);
    assert_eq!(document.tag_owners[0].tag.value.as_str(), "tag:ba");
    // ... or the file as it is.
    let document = super::read(policy, Some(text), Dialect::V0_29, &mut findings);
    assert_eq!(document.tag_owners[0].tag.value.as_str(), "tag:b\\u0061");
    assert_eq!(findings.len(), 1);
}

#[test]
fn names_that_headscale_folds_are_one_field() {
    check(
        r#"{
  "acls": [{"src": [], "SRC": [], "dst": []}],
//                     ^^^^^ TN101: duplicate object member name "SRC"
  "A_CLS": [],
//^^^^^^^ TN101: duplicate object member name "A_CLS"
  "groups": {"group:a": [], "group:A": []},
}"#,
    );
}

#[test]
fn a_hundred_thousand_mistakes_are_counted() {
    let text = format!(r#"{{"acls": [{}]}}"#, "5,".repeat(100_000));
    let (_, _, findings) = read(&text, Dialect::V0_29);
    assert_eq!(findings.len(), MAX_FINDINGS);
    let notes: Vec<&String> = findings.iter().flat_map(|finding| &finding.help).collect();
    assert_eq!(notes, ["99000 more findings in this policy are not shown"]);
}

/// What is found in `text`, by the reader and the rules.
fn judged(text: &str) -> Vec<Diagnostic> {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let id = inputs.read_policy("policy.hujson", text, "", &mut findings);
    if let Some(document) = id.and_then(|id| super::read_input(&inputs, id, Dialect::V0_29, &mut findings)) {
        rules::check(&document, &mut findings);
    }
    findings
}

/// The rows of the table of what published policies get wrong: each has a code of its own kind and a way out.
#[test]
fn what_real_policies_get_wrong() {
    let rows: &[(&str, u16, &str)] = &[
        (
            "role autogroup as tag owner",
            124,
            r#"{"acls": [], "tagOwners": {"tag:a": ["autogroup:admin"]}}"#,
        ),
        (
            "member as tag owner",
            131,
            r#"{"acls": [], "tagOwners": {"tag:a": ["autogroup:member"]}}"#,
        ),
        (
            "role autogroup as source",
            124,
            r#"{"acls": [{"src": ["autogroup:owner"], "dst": ["*:*"]}]}"#,
        ),
        (
            "role autogroup as destination",
            124,
            r#"{"acls": [{"src": ["*"], "dst": ["autogroup:admin:22"]}]}"#,
        ),
        (
            "role autogroup as target",
            124,
            r#"{"acls": [], "nodeAttrs": [{"target": ["autogroup:admin"], "attr": ["x"]}]}"#,
        ),
        (
            "funnel",
            165,
            r#"{"acls": [], "nodeAttrs": [{"target": ["*"], "attr": ["funnel"]}]}"#,
        ),
        (
            "autogroup:shared",
            124,
            r#"{"acls": [{"src": ["autogroup:shared"], "dst": ["*:*"]}]}"#,
        ),
        (
            "* as SSH destination",
            156,
            r#"{"acls": [], "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["*"], "users": ["a"]}]}"#,
        ),
        ("services", 111, r#"{"acls": [], "services": {}}"#),
        (
            "autogroup as auto approver",
            132,
            r#"{"acls": [], "autoApprovers": {"exitNode": ["autogroup:tagged"]}}"#,
        ),
        (
            "the old spelling",
            123,
            r#"{"acls": [{"src": ["autogroup:members"], "dst": ["*:*"]}]}"#,
        ),
        (
            "app connectors",
            111,
            r#"{"acls": [], "nodeAttrs": [{"target": ["*"], "app": {}}]}"#,
        ),
        ("ipset", 122, r#"{"acls": [{"src": ["ipset:a"], "dst": ["*:*"]}]}"#),
        (
            "svc",
            122,
            r#"{"grants": [{"src": ["*"], "dst": ["svc:a"], "ip": ["*"]}]}"#,
        ),
        (
            "users",
            112,
            r#"{"acls": [{"action": "accept", "users": ["*"], "dst": ["*:*"]}]}"#,
        ),
        (
            "ports",
            112,
            r#"{"acls": [{"action": "accept", "src": ["*"], "ports": ["*:*"]}]}"#,
        ),
        (
            "user without @",
            125,
            r#"{"acls": [], "groups": {"group:a": ["alice"]}}"#,
        ),
        ("not HuJSON", 100, r#"{"acls": [] "ssh": []}"#),
        ("derpMap", 111, r#"{"acls": [], "derpMap": {}}"#),
        (
            "ipPool",
            136,
            r#"{"acls": [], "nodeAttrs": [{"target": ["*"], "ipPool": ["100.64.0.0/16"]}]}"#,
        ),
        (
            "undefined group",
            105,
            r#"{"acls": [{"src": ["group:a"], "dst": ["*:*"]}]}"#,
        ),
        (
            "* as auto approver",
            132,
            r#"{"acls": [], "autoApprovers": {"routes": {"10.0.0.0/8": ["*"]}}}"#,
        ),
        (
            "destination without a port",
            119,
            r#"{"acls": [{"src": ["*"], "dst": ["nas"]}]}"#,
        ),
        (
            "host as SSH destination",
            158,
            r#"{"acls": [], "hosts": {"h": "::1"}, "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["h"], "users": ["a"]}]}"#,
        ),
        ("postures", 111, r#"{"acls": [], "postures": {}}"#),
        ("ipsets", 111, r#"{"acls": [], "ipsets": {}}"#),
        (
            "a capability of the service",
            135,
            r#"{"grants": [{"src": ["*"], "dst": ["*"], "app": {"tailscale.com/cap/golink": []}}]}"#,
        ),
        (
            "*:443 as grant ip",
            118,
            r#"{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*:443"]}]}"#,
        ),
        (
            "a bare user name",
            106,
            r#"{"acls": [{"src": ["alice"], "dst": ["*:*"]}]}"#,
        ),
        (
            "a group as SSH destination",
            157,
            r#"{"acls": [], "groups": {"group:a": []}, "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["group:a"], "users": ["a"]}]}"#,
        ),
        (
            "an own key",
            110,
            r#"{"acls": [{"src": ["*"], "dst": ["*:*"], "comment": "all"}]}"#,
        ),
        (
            "a template",
            140,
            r#"{"acls": [], "groups": {"group:a": ["${ADMIN_USERS}"]}}"#,
        ),
        (
            "recorder",
            111,
            r#"{"acls": [], "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["a"], "recorder": []}]}"#,
        ),
        (
            "self with another source",
            159,
            r#"{"acls": [{"src": ["autogroup:tagged"], "dst": ["autogroup:self:*"]}]}"#,
        ),
        (
            "allow in tests",
            112,
            r#"{"acls": [], "tests": [{"src": "100.64.0.1", "allow": ["100.64.0.2:1"]}]}"#,
        ),
        (
            "a bare name as SSH source",
            155,
            r#"{"acls": [], "ssh": [{"action": "accept", "src": ["alice"], "dst": ["autogroup:self"], "users": ["a"]}]}"#,
        ),
    ];
    for (row, code, policy) in rows {
        let findings = judged(policy);
        let codes: Vec<u16> = findings.iter().map(|finding| finding.code.0).collect();
        assert_eq!(codes, [*code], "{row}: {findings:#?}");
        let finding = &findings[0];
        assert_eq!(finding.severity, Severity::Error, "{row}");
        assert!(
            !finding.help.is_empty() || !finding.fixes.is_empty(),
            "{row}: no way out of {}",
            finding.message
        );
    }
}

/// Names of fields, words of the language, and what is neither.
fn words() -> impl Strategy<Value = String> {
    let fields: Vec<String> = SHAPES
        .iter()
        .flat_map(|shape| shape.fields)
        .map(|field| (*field).to_owned())
        .collect();
    prop_oneof![
        4 => prop::sample::select(fields),
        4 => prop::sample::select(
            ["*", "tag:a", "group:a", "alice@", "autogroup:self", "h", "10.0.0.0/8", "*:80", "tcp:22", "accept", "check"]
                .map(String::from)
                .to_vec()
        ),
        1 => any::<String>(),
    ]
}

/// A JSON text of any shape, with the names that the reader looks for.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        words().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((words(), inner), 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The members of every object that is a struct to headscale in reverse order. Those of maps stay: their order is kept.
fn reversed(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(members) => {
            let each = |(name, value): (&String, &serde_json::Value)| (name.clone(), reversed(value));
            let is_map = SHAPES
                .iter()
                .all(|shape| !members.keys().all(|name| shape.field(name).is_some()));
            match is_map {
                true => serde_json::Value::Object(members.iter().map(each).collect()),
                false => serde_json::Value::Object(members.iter().rev().map(each).collect()),
            }
        }
        serde_json::Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

/// The document in words, without places.
fn placeless(document: &Document) -> String {
    let mut rest = &*format!("{document:?}");
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("Span {") {
        out.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

/// A policy in which most is right, so that documents are compared and not only findings.
fn policy() -> impl Strategy<Value = serde_json::Value> {
    let name = || {
        prop::sample::select(vec![
            "*",
            "tag:a",
            "group:a",
            "alice@",
            "h",
            "10.0.0.0/8",
            "autogroup:member",
            "x y:",
        ])
    };
    let names = move || prop::collection::vec(name(), 0..3);
    let dst = || {
        prop::collection::vec(
            prop::sample::select(vec!["*:*", "tag:a:80", "h:1-9", "autogroup:self:*", "x"]),
            0..3,
        )
    };
    let acl = (names(), dst(), prop::sample::select(vec!["tcp", "UDP", "", "x"]))
        .prop_map(|(src, dst, proto)| serde_json::json!({"action": "accept", "proto": proto, "src": src, "dst": dst}));
    let grant = (names(), names(), prop::sample::select(vec!["*", "tcp:22", "80", "tcp"])).prop_map(|(src, dst, ip)| {
        serde_json::json!({"src": src, "dst": dst, "ip": [ip], "app": {"b.org/x": [1], "a.org/x": []}, "via": ["tag:a"]})
    });
    let ssh = (names(), names(), prop::sample::select(vec!["12h", "always", "1d"])).prop_map(|(src, dst, period)| {
        serde_json::json!({"action": "check", "src": src, "dst": dst, "users": ["root"], "checkPeriod": period, "acceptEnv": ["X"]})
    });
    let test = (name(), dst())
        .prop_map(|(src, dst)| serde_json::json!({"src": src, "accept": dst, "deny": ["h:1"], "proto": "tcp"}));
    (
        prop::collection::vec(acl, 0..3),
        prop::collection::vec(grant, 0..3),
        prop::collection::vec(ssh, 0..3),
        prop::collection::vec(test, 0..3),
    )
        .prop_map(|(acls, grants, ssh, tests)| {
            serde_json::json!({
                "groups": {"group:b": [], "group:a": ["alice@"]},
                "hosts": {"h": "192.0.2.1"},
                "tagOwners": {"tag:b": [], "tag:a": []},
                "acls": acls, "grants": grants, "ssh": ssh, "tests": tests,
                "nodeAttrs": [{"target": ["*"], "attr": ["a"]}],
                "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:a"], "0.0.0.0/0": []}, "exitNode": ["group:a"]},
                "randomizeClientPort": false,
            })
        })
}

proptest! {
    #[test]
    fn no_tree_panics(value in json(), dialect in prop::sample::select(Dialect::ALL.to_vec())) {
        let text = value.to_string();
        let (_, _, findings) = read(&text, dialect);
        for finding in &findings {
            prop_assert!(!finding.message.is_empty());
            prop_assert!(finding.span.is_some_and(|span| span.end as usize <= text.len()));
        }
    }

    #[test]
    fn the_order_of_members_does_not_matter(value in policy()) {
        let other = reversed(&value);
        let (_, one, findings) = read(&value.to_string(), Dialect::V0_29);
        let (_, two, other_findings) = read(&other.to_string(), Dialect::V0_29);
        prop_assert_eq!(placeless(&one.unwrap()), placeless(&two.unwrap()));
        let messages = |findings: Vec<Diagnostic>| {
            let mut all: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
            all.sort();
            all
        };
        prop_assert_eq!(messages(findings), messages(other_findings));
    }

    #[test]
    fn safe_fixes_never_make_a_finding_worse(value in policy()) {
        let before = value.to_string();
        let (_, _, findings) = read(&before, Dialect::V0_29);
        let mut after = before.clone();
        let mut edits: Vec<_> = findings
            .iter()
            .flat_map(|finding| finding.fixes.iter().filter(|fix| fix.safe).take(1))
            .flat_map(|fix| fix.edits.clone())
            .collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        for edit in &edits {
            after.replace_range(edit.span.range(), &edit.text);
        }
        let (_, _, left) = read(&after, Dialect::V0_29);
        let fixed = findings.iter().filter(|finding| finding.fixes.iter().any(|fix| fix.safe)).count();
        prop_assert_eq!(left.len() + fixed, findings.len(), "{}", after);
    }
}
