//! Properties of porting, on policies of headscale's words that were spiced with those of Tailscale's service: the
//! result is accepted, porting it again changes nothing, no comment is lost, nothing becomes reachable that the policy
//! without its spices would not allow, and nothing that could be kept is lost.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use tailnet_generator::policy::ask::diff::{Change, diff};
use tailnet_generator::policy::ask::opens::Opens;
use tailnet_generator::policy::dialect::Dialect;

use super::support::{errors, ported, with_compiled};
use super::write::{comments, hujson};

/// A tailnet with everything that the words below name.
const TOPOLOGY: &str = r#"{
  "users": [
    {"id": 1, "name": "alice", "email": "alice@example.org"},
    {"id": 2, "name": "bob", "email": ""},
    {"id": 3, "name": "carol", "email": "carol@example.org"}
  ],
  "nodes": {
    "laptop": {"user": "alice", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
    "phone":  {"user": "alice", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2"},
    "desk":   {"user": "bob", "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3"},
    "tablet": {"user": "carol", "ipv4": "100.64.0.4", "ipv6": "fd7a:115c:a1e0::4"},
    "server": {"tags": ["tag:server"], "ipv4": "100.64.0.5", "ipv6": "fd7a:115c:a1e0::5"},
    "ci":     {"tags": ["tag:ci"], "ipv4": "100.64.0.6", "ipv6": "fd7a:115c:a1e0::6"},
    "router": {"tags": ["tag:router"], "ipv4": "100.64.0.7", "ipv6": "fd7a:115c:a1e0::7",
               "routable_ips": ["10.0.0.0/16", "0.0.0.0/0", "::/0"],
               "approved_routes": ["10.0.0.0/16", "0.0.0.0/0", "::/0"]}
  }
}"#;

/// What makes a part of a policy one of Tailscale's service.
#[derive(Clone, Debug)]
enum Spice {
    /// Another word in `src` that headscale does not know.
    Source(&'static str),
    /// Another word in `dst`.
    Destination(&'static str),
    /// A field that narrows the rule.
    Condition(&'static str),
    /// A field, name or spelling that changes nothing.
    Harmless(&'static str),
}

impl Spice {
    fn is_condition(&self) -> bool {
        matches!(self, Self::Condition(_))
    }
}

/// An ACL or a grant.
#[derive(Clone, Debug)]
struct Rule {
    grant: bool,
    src: Vec<&'static str>,
    dst: Vec<&'static str>,
    proto: &'static str,
    ports: &'static str,
    spices: Vec<Spice>,
}

/// An SSH rule.
#[derive(Clone, Debug)]
struct Ssh {
    check: bool,
    src: Vec<&'static str>,
    dst: Vec<&'static str>,
    users: Vec<&'static str>,
    spices: Vec<Spice>,
}

/// A policy: what headscale knows of it, and the rest.
#[derive(Clone, Debug)]
struct Policy {
    rules: Vec<Rule>,
    ssh: Vec<Ssh>,
    owners: Vec<&'static str>,
    approvers: Vec<&'static str>,
    deny: Option<Rule>,
    default_posture: bool,
    sections: Vec<&'static str>,
    layout: u64,
}

/// Words that stand for nobody and nothing at headscale.
const SERVICE: [&str; 7] = [
    "autogroup:admin",
    "autogroup:shared",
    "svc:web",
    "user:*@example.org",
    "group:eng@example.org",
    "ipset:none",
    "nosuchhost",
];

impl Rule {
    /// The rule in headscale's words only, or with its spices.
    fn json(&self, spiced: bool) -> Value {
        let with_ports = |word: &str| match self.grant {
            true => word.to_owned(),
            false => format!("{word}:{}", self.ports),
        };
        let mut src: Vec<String> = self.src.iter().map(|word| (*word).to_owned()).collect();
        let mut dst: Vec<String> = self.dst.iter().map(|word| with_ports(word)).collect();
        let mut names = ("src", "dst");
        let mut action = "accept";
        let mut extra = Vec::new();
        let mut traffic = match self.proto {
            "" => self.ports.to_owned(),
            proto => format!("{proto}:{}", self.ports),
        };
        for spice in self.spices.iter().filter(|_| spiced) {
            match spice {
                Spice::Source(word) => src.insert(src.len() / 2, (*word).to_owned()),
                Spice::Destination(word) => dst.insert(dst.len() / 2, with_ports(word)),
                Spice::Condition(field) => extra.push((*field, json!(["posture:x"]))),
                Spice::Harmless("old names") if !self.grant => names = ("users", "ports"),
                Spice::Harmless("action") if !self.grant => action = "ACCEPT",
                Spice::Harmless("traffic") if self.grant && self.proto.is_empty() && self.ports != "*" => {
                    traffic = format!("*:{}", self.ports);
                }
                Spice::Harmless("members") => {
                    for word in src.iter_mut().chain(&mut dst) {
                        if !word.starts_with("autogroup:members") {
                            *word = word.replace("autogroup:member", "autogroup:members");
                        }
                    }
                }
                Spice::Harmless(_) => extra.push(("comment", json!("for people"))),
            }
        }
        let mut rule = json!({ names.0: src, names.1: dst });
        if self.grant {
            rule["ip"] = json!([traffic]);
        } else {
            rule["action"] = json!(action);
            if !self.proto.is_empty() {
                rule["proto"] = json!(self.proto);
            }
        }
        for (name, value) in extra {
            rule[name] = value;
        }
        rule
    }

    fn has_condition(&self) -> bool {
        self.spices.iter().any(Spice::is_condition)
    }
}

impl Ssh {
    fn json(&self, spiced: bool) -> Value {
        let mut src = self.src.clone();
        let mut dst = self.dst.clone();
        let mut extra = Vec::new();
        for spice in self.spices.iter().filter(|_| spiced) {
            match spice {
                Spice::Source(word) => src.push(word),
                Spice::Destination(word) => dst.push(word),
                Spice::Condition(_) => extra.push(("enforceRecorder", json!(true))),
                Spice::Harmless(_) => extra.push(("recorder", json!(["tag:server"]))),
            }
        }
        let action = if self.check { "check" } else { "accept" };
        let mut rule = json!({ "action": action, "src": src, "dst": dst, "users": self.users });
        for (name, value) in extra {
            rule[name] = value;
        }
        rule
    }

    fn has_condition(&self) -> bool {
        self.spices.iter().any(Spice::is_condition)
    }
}

impl Policy {
    /// With its spices; without them, less the rules that they narrow.
    fn json(&self, spiced: bool) -> Value {
        let rules = |grant| -> Vec<Value> {
            self.rules
                .iter()
                .filter(|rule| rule.grant == grant)
                .filter(|rule| spiced || !(self.default_posture || rule.has_condition()))
                .map(|rule| rule.json(spiced))
                .collect()
        };
        let (mut acls, grants) = (rules(false), rules(true));
        let ssh: Vec<Value> = self
            .ssh
            .iter()
            .filter(|rule| spiced || !rule.has_condition())
            .map(|rule| rule.json(spiced))
            .collect();
        let people = |words: &[&'static str]| -> Vec<&'static str> {
            let others = words.iter().copied().filter(|_| spiced);
            std::iter::once("alice@example.org").chain(others).collect()
        };
        let mut policy = json!({
            "groups": { "group:dev": ["alice@example.org", "bob@"], "group:ops": ["carol@example.org"] },
            "hosts": { "db": "10.0.0.5" },
            "tagOwners": {
                "tag:server": people(&self.owners),
                "tag:ci": ["group:ops"],
                "tag:router": [],
            },
            "autoApprovers": {
                "routes": { "10.0.0.0/16": people(&self.approvers) },
                "exitNode": people(&self.approvers),
            },
        });
        if spiced {
            if let Some(deny) = &self.deny {
                let mut deny = deny.json(false);
                deny["action"] = json!("deny");
                acls.insert(acls.len() / 2, deny);
            }
            if self.default_posture {
                policy["defaultSrcPosture"] = json!(["posture:x"]);
            }
            for section in &self.sections {
                policy[section] = json!({ "x": ["y"] });
            }
        }
        policy["acls"] = json!(acls);
        policy["grants"] = json!(grants);
        policy["ssh"] = json!(ssh);
        policy
    }

    /// Whether something restricts that headscale cannot say.
    fn is_restricted(&self) -> bool {
        self.deny.is_some()
            || self.default_posture
            || self.rules.iter().any(Rule::has_condition)
            || self.ssh.iter().any(Ssh::has_condition)
    }
}

fn spice() -> impl Strategy<Value = Spice> {
    let harmless = &["old names", "action", "traffic", "members", "comment"][..];
    prop_oneof![
        3 => prop::sample::select(&SERVICE[..]).prop_map(Spice::Source),
        3 => prop::sample::select(&SERVICE[..]).prop_map(Spice::Destination),
        1 => prop::sample::select(&["srcPosture", "attributes"][..]).prop_map(Spice::Condition),
        3 => prop::sample::select(harmless).prop_map(Spice::Harmless),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    const WORDS: &[&str] = &[
        "alice@example.org",
        "bob@",
        "group:dev",
        "group:ops",
        "tag:server",
        "tag:ci",
        "db",
        "100.64.0.3",
        "10.0.0.0/24",
        "autogroup:member",
        "autogroup:tagged",
        "*",
    ];
    const TRAFFIC: &[(&str, &str)] = &[
        ("", "22"),
        ("", "80,443"),
        ("", "*"),
        ("tcp", "5432-5440"),
        ("udp", "53"),
        ("icmp", "*"),
    ];
    let words = || prop::collection::vec(prop::sample::select(WORDS), 1..4);
    let spices = prop::collection::vec(spice(), 0..3);
    let traffic = prop::sample::select(TRAFFIC);
    (any::<bool>(), words(), words(), traffic, spices).prop_map(|(grant, src, dst, (proto, ports), spices)| Rule {
        grant,
        src,
        dst,
        proto,
        ports,
        spices,
    })
}

fn ssh() -> impl Strategy<Value = Ssh> {
    type Ends = (&'static [&'static str], &'static [&'static str]);
    const ENDS: &[Ends] = &[
        (&["group:dev"], &["tag:server"]),
        (&["autogroup:member"], &["autogroup:self", "tag:ci"]),
        (&["tag:ci"], &["tag:server", "autogroup:tagged"]),
        (&["alice@example.org"], &["alice@example.org"]),
    ];
    let users = prop::sample::subsequence(&["root", "autogroup:nonroot", "deploy"][..], 1..3);
    let spice = prop_oneof![
        prop::sample::select(&["group:dev", "svc:web", "db", "autogroup:admin"][..]).prop_map(Spice::Destination),
        prop::sample::select(&["svc:web", "nosuchuser"][..]).prop_map(Spice::Source),
        Just(Spice::Condition("")),
        Just(Spice::Harmless("")),
    ];
    let spices = prop::collection::vec(spice, 0..2);
    (any::<bool>(), prop::sample::select(ENDS), users, spices).prop_map(|(check, (src, dst), users, spices)| Ssh {
        check,
        src: src.to_vec(),
        dst: dst.to_vec(),
        users,
        spices,
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let words = |all: &'static [&'static str]| prop::sample::subsequence(all, 0..=all.len());
    let deny = rule().prop_filter("an ACL", |rule| !rule.grant);
    (
        prop::collection::vec(rule(), 0..5),
        prop::collection::vec(ssh(), 0..3),
        words(&["autogroup:admin", "autogroup:member", "autogroup:tagged", "*"]),
        words(&["autogroup:owner", "*", "svc:x"]),
        prop::option::weighted(0.15, deny),
        prop::bool::weighted(0.1),
        words(&["postures", "services", "derpMap", "whatever"]),
        any::<u64>(),
    )
        .prop_map(
            |(rules, ssh, owners, approvers, deny, default_posture, sections, layout)| Policy {
                rules,
                ssh,
                owners,
                approvers,
                deny,
                default_posture,
                sections,
                layout,
            },
        )
}

/// What becomes reachable and what no longer is.
fn changes(old: &str, new: &str) -> Vec<Change> {
    with_compiled(TOPOLOGY, old, |old, _| {
        with_compiled(TOPOLOGY, new, |new, _| diff(old, new))
    })
}

/// Everything else that is allowed, a word each: logins, tags, approved routes.
fn rights(text: &str) -> BTreeSet<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    with_compiled(TOPOLOGY, text, |_, answer| {
        let mut rights = BTreeSet::new();
        for (name, node) in answer["nodes"].as_object().unwrap() {
            for field in ["canTag", "canApprove"] {
                rights.extend(list(&node[field]).iter().map(|right| format!("{name} {field} {right}")));
            }
            for rule in list(&node["sshPolicy"]["rules"]) {
                let accepts = rule["action"]["accept"] == json!(true);
                for principal in list(&rule["principals"]) {
                    let from = &principal["nodeIP"];
                    for (user, login) in rule["sshUsers"].as_object().unwrap() {
                        if login != "" {
                            rights.insert(format!("{from} logs in to {name} as {user}"));
                        }
                        if login != "" && accepts {
                            rights.insert(format!("{from} logs in to {name} as {user} without a check"));
                        }
                    }
                }
            }
        }
        rights
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn accepted_settled_and_with_all_comments(policy in policy()) {
        let text = hujson(&policy.json(true), policy.layout);
        for dialect in Dialect::ALL {
            let (first, report) = ported(&text, dialect).unwrap_or_else(|found| panic!("{found:?}\n{text}"));
            prop_assert_eq!(errors(&first.text, dialect), [""; 0], "{}\n=>\n{}", text, first.text);
            for comment in comments(&text) {
                prop_assert!(first.text.contains(&comment), "{} is lost\n{}\n=>\n{}", comment, text, first.text);
            }
            for change in &report.changes {
                prop_assert!(!change.why.is_empty() && change.line > 0, "{:?}", change);
            }
            let (second, _) = ported(&first.text, dialect).unwrap();
            prop_assert_eq!(&second.changes[..], [], "{}", first.text);
            prop_assert_eq!(second.text, first.text);
        }
    }

    #[test]
    fn never_wider_and_no_narrower_than_needed(policy in policy()) {
        let text = hujson(&policy.json(true), policy.layout);
        let plain = policy.json(false).to_string();
        for dialect in Dialect::ALL {
            let (ported, _) = ported(&text, dialect).unwrap_or_else(|found| panic!("{found:?}\n{text}"));
            let shown = || format!("{text}\n=> for {dialect}\n{}", ported.text);
            // Both are asked as 0.29 reads them, since the same words mean more to 0.28 (a node by its IPv4 address is
            // both of its addresses). What only 0.28 accepts (a host as the destination of an SSH rule) cannot be.
            if dialect == Dialect::V0_28 && !errors(&ported.text, Dialect::V0_29).is_empty() {
                continue;
            }
            let changes = changes(&plain, &ported.text);
            let opened: Vec<_> = changes.iter().filter(|change| change.opened != Opens::default()).collect();
            prop_assert!(opened.is_empty(), "opened: {:?}\n{}", opened, shown());
            let (before, after) = (rights(&plain), rights(&ported.text));
            let won: Vec<_> = after.difference(&before).collect();
            prop_assert!(won.is_empty(), "won: {:?}\n{}", won, shown());
            if !policy.is_restricted() && dialect > Dialect::V0_28 {
                prop_assert_eq!(changes, [], "{}", shown());
                prop_assert_eq!(before, after, "{}", shown());
            }
        }
    }
}
