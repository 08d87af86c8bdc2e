//! Questions asked of small tailnets.

use crate::hujson::Flavour;
use crate::input::{Inputs, Origin};
use crate::net::traffic::protocol::{ICMP, ICMPV6, TCP, UDP};
use crate::policy::ask::diff::{Change, Where, diff};
use crate::policy::ask::matrix::{Target, matrix};
use crate::policy::ask::opens::{Atlas, End};
use crate::policy::ask::reach::{Answer, Lack, Question, edit, reach};
use crate::policy::ask::show;
use crate::policy::compile::{Compiled, Options};
use crate::policy::dialect::Dialect;
use crate::policy::judge::judge;
use crate::policy::lower::lower;
use crate::policy::tailnet::Index;

const TOPOLOGY: &str = r#"{
  "users": [{"id": 1, "name": "alice", "email": "alice@example.org"}, {"id": 2, "name": "bob", "email": ""}],
  "nodes": {
    "primer":  {"tags": ["tag:primer"], "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
    "worker":  {"tags": ["tag:worker"], "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2"},
    "worker2": {"tags": ["tag:worker"], "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3"},
    "router":  {"tags": ["tag:router"], "ipv4": "100.64.0.4", "ipv6": "fd7a:115c:a1e0::4",
                "routable_ips": ["10.0.0.0/16", "10.9.0.0/16"], "approved_routes": ["10.0.0.0/16"]},
    "laptop":  {"user": "alice", "ipv4": "100.64.0.5", "ipv6": "fd7a:115c:a1e0::5"},
    "phone":   {"user": "alice", "ipv4": "100.64.0.6", "ipv6": "fd7a:115c:a1e0::6"},
    "desk":    {"user": "bob", "ipv4": "100.64.0.7", "ipv6": "fd7a:115c:a1e0::7"},
    "old":     {"user": "bob", "ipv4": "100.64.0.8", "ipv6": ""}
  }
}"#;

const OWNERS: &str = r#""tagOwners": {"tag:primer": [], "tag:worker": [], "tag:router": []}, "groups": {"group:ops": ["alice@example.org"]}"#;

fn with<T>(rules: &str, f: impl FnOnce(&Inputs, &Atlas<'_, '_>) -> T) -> T {
    let text = format!("{{{OWNERS}, {rules}}}");
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let mut add = |name: &str, text: &str| {
        let read = inputs.read(
            name,
            text.as_bytes().to_vec(),
            Origin::File,
            Flavour::Hujson,
            "",
            &mut found,
        );
        read.unwrap()
    };
    let (policy, topology) = (add("policy.hujson", &text), add("topology.json", TOPOLOGY));
    let judged = judge(&inputs, policy, Some(topology), Dialect::V0_29, found);
    assert!(
        judged
            .diagnostics
            .iter()
            .all(|one| one.severity != crate::diagnostics::Severity::Error),
        "{:#?}",
        judged.diagnostics
    );
    let (document, topology) = (judged.document.unwrap(), judged.topology.unwrap());
    let lowered = lower(&document, Index::new(&topology.tailnet));
    let compiled = Compiled::new(&document, lowered, &Options::default());
    f(&inputs, &Atlas::new(&compiled))
}

fn end(atlas: &Atlas<'_, '_>, name: &str) -> End {
    let lowered = atlas.lowered();
    match lowered.index().nodes().find(|(_, node)| node.name == name) {
        Some((id, _)) => End::node(lowered, id),
        None => End::address(lowered, name.parse().unwrap()),
    }
}

fn ask(atlas: &Atlas<'_, '_>, from: &str, to: &str, traffic: Option<(u8, u16)>) -> (Question, Answer) {
    let question = Question {
        from: end(atlas, from),
        to: end(atlas, to),
        traffic,
    };
    let answer = reach(atlas, &question);
    (question, answer)
}

#[test]
fn a_yes_names_the_deciding_rule_and_its_words() {
    let rules = r#""grants": [
        {"src": ["group:ops"], "dst": ["tag:worker", "tag:primer"], "ip": ["tcp:22"]},
        {"src": ["*"], "dst": ["tag:primer"], "ip": ["443"]}]"#;
    with(rules, |inputs, atlas| {
        let (_, answer) = ask(atlas, "laptop", "primer", Some((TCP, 22)));
        assert!(answer.allowed);
        let words = |spans: &[crate::source::Span]| {
            spans
                .iter()
                .map(|&span| inputs.text(span).to_owned())
                .collect::<Vec<_>>()
        };
        let [only] = &answer.by[..] else { panic!("{answer:?}") };
        assert_eq!(words(&only.sources), [r#""group:ops""#]);
        assert_eq!(words(&only.destinations), [r#""tag:primer""#]);
        assert_eq!(show::opens(&answer.opens), "tcp:22,443 udp:443 icmp");
        assert!(!ask(atlas, "desk", "primer", Some((TCP, 22))).1.allowed);
        // Nobody asked for ICMP, and it passes: any rule between two addresses answers a ping.
        assert!(ask(atlas, "laptop", "worker", Some((ICMP, 0))).1.allowed);
    });
}

#[test]
fn a_no_names_what_the_nearest_rule_lacks_and_the_edit() {
    let rules = r#""acls": [{"action": "accept", "proto": "tcp", "src": ["group:ops"], "dst": ["tag:worker:22"]}],
        "grants": [{"src": ["tag:worker"], "dst": ["tag:primer"], "ip": ["tcp:6443"]}]"#;
    with(rules, |_, atlas| {
        let miss = |from, to, traffic| {
            let (question, answer) = ask(atlas, from, to, traffic);
            assert!(!answer.allowed);
            let miss = answer.nearest[0].clone();
            (edit(atlas, &question, &miss).unwrap_or_default(), miss.lacks)
        };
        assert_eq!(
            miss("desk", "worker", Some((TCP, 22))),
            (r#"add "bob@" to its `src`"#.into(), vec![Lack::Source])
        );
        assert_eq!(
            miss("laptop", "worker", Some((TCP, 80))),
            (r#"add "tag:worker:80" to its `dst`"#.into(), vec![Lack::Port])
        );
        assert_eq!(
            miss("laptop", "primer", Some((TCP, 22))),
            (r#"add "tag:primer:22" to its `dst`"#.into(), vec![Lack::Destination])
        );
        assert_eq!(
            miss("worker", "primer", Some((TCP, 80))),
            (r#"add "tcp:80" to its `ip`"#.into(), vec![Lack::Port])
        );
        assert_eq!(
            miss("worker", "primer", Some((UDP, 6443))),
            (r#"add "udp:6443" to its `ip`"#.into(), vec![Lack::Protocol])
        );
        // No node leads there: no edit of a rule would help.
        assert_eq!(miss("laptop", "10.9.0.1", None), (String::new(), vec![Lack::Route]));
    });
}

#[test]
fn a_network_is_reached_through_the_router_that_was_approved() {
    let rules = r#""grants": [{"src": ["group:ops"], "dst": ["10.0.1.0/24"], "ip": ["tcp:80"]}]"#;
    with(rules, |_, atlas| {
        assert!(ask(atlas, "laptop", "10.0.1.7", Some((TCP, 80))).1.allowed);
        assert!(!ask(atlas, "laptop", "10.0.2.7", Some((TCP, 80))).1.allowed);
        assert!(!ask(atlas, "desk", "10.0.1.7", Some((TCP, 80))).1.allowed);
        // The router's own address is not in the network.
        assert!(!ask(atlas, "laptop", "router", Some((TCP, 80))).1.allowed);
        let behind: Vec<_> = matrix(atlas)
            .into_iter()
            .filter_map(|row| match row.to {
                Target::Behind(part, _) => Some((row.from.len(), part.name(), show::opens(&row.opens))),
                Target::Nodes(_) => None,
            })
            .collect();
        assert_eq!(
            behind,
            [(2, "10.0.1.0/24".to_owned(), "tcp:80 icmp (IPv4 only)".to_owned())]
        );
    });
}

#[test]
fn via_opens_the_network_at_the_tagged_router_alone() {
    let rules = r#""grants": [{"src": ["bob@"], "dst": ["10.0.0.0/16"], "ip": ["tcp:443"], "via": ["tag:router"]}]"#;
    with(rules, |_, atlas| {
        assert!(ask(atlas, "desk", "10.0.3.3", Some((TCP, 443))).1.allowed);
        assert!(!ask(atlas, "laptop", "10.0.3.3", Some((TCP, 443))).1.allowed);
    });
}

#[test]
fn own_devices_are_the_users_and_nobody_elses() {
    let rules = r#""grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["tcp:8080"]}]"#;
    with(rules, |_, atlas| {
        assert!(ask(atlas, "laptop", "phone", Some((TCP, 8080))).1.allowed);
        assert!(!ask(atlas, "laptop", "desk", Some((TCP, 8080))).1.allowed);
        let rows: Vec<_> = matrix(atlas)
            .into_iter()
            .map(|row| (row.from.len(), row.opens.v6.is_empty()))
            .collect();
        // alice's two, and bob's two both ways, one of which has no IPv6.
        assert_eq!(rows, [(2, false), (1, true), (1, true)]);
    });
}

#[test]
fn ends_that_share_no_family_do_not_meet() {
    let rules = r#""grants": [{"src": ["100.64.0.8"], "dst": ["fd7a:115c:a1e0::1"], "ip": ["*"]}]"#;
    with(rules, |_, atlas| {
        let (_, answer) = ask(atlas, "old", "primer", None);
        assert!(!answer.allowed);
        assert_eq!(answer.nearest[0].lacks, [Lack::Family]);
    });
}

/// Found by chance: the rule is about everything and the ends meet, but only in the family that ICMP is not of.
#[test]
fn ping_lacks_its_family_where_the_ends_meet_in_the_other() {
    let rules = r#""acls": [{"action": "accept", "src": ["100.64.0.8"], "dst": ["*:*"]}]"#;
    with(rules, |_, atlas| {
        assert!(ask(atlas, "old", "primer", Some((ICMP, 0))).1.allowed);
        let (_, answer) = ask(atlas, "old", "primer", Some((ICMPV6, 0)));
        assert!(!answer.allowed);
        assert_eq!(answer.nearest[0].lacks, [Lack::Family]);
    });
}

/// Found by chance: the parts of a network came in the order in which the old rules, and then the new ones, cut it.
#[test]
fn parts_of_a_network_come_in_one_order_from_either_side() {
    let rule = |net: &str| format!(r#""grants": [{{"src": ["*"], "dst": ["{net}"], "ip": ["22"]}}]"#);
    let (old, new) = (rule("10.0.8.0/24"), rule("10.0.4.0/24"));
    let places = |old, new| {
        let changes = changes(old, new).into_iter();
        changes.map(|change| (change.from, change.to)).collect::<Vec<_>>()
    };
    assert_eq!(places(&old, &new), places(&new, &old));
}

#[test]
fn the_matrix_puts_nodes_together_that_no_rule_tells_apart() {
    let rules = r#""grants": [{"src": ["group:ops"], "dst": ["tag:worker"], "ip": ["tcp:22"]}]"#;
    with(rules, |_, atlas| {
        let rows = matrix(atlas);
        let [row] = &rows[..] else { panic!("{rows:?}") };
        let names = |nodes: &[crate::policy::tailnet::NodeId]| {
            nodes
                .iter()
                .map(|&id| atlas.lowered().index().node(id).name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&row.from), ["laptop", "phone"]);
        let Target::Nodes(to) = &row.to else { panic!() };
        assert_eq!(names(to), ["worker", "worker2"]);
    });
}

fn changes(old: &str, new: &str) -> Vec<Change> {
    with(old, |_, old| with(new, |_, new| diff(old, new)))
}

#[test]
fn a_diff_says_what_opens_and_what_closes() {
    let old = r#""grants": [{"src": ["group:ops"], "dst": ["tag:worker"], "ip": ["tcp:22", "tcp:80"]}]"#;
    let new = r#""grants": [{"src": ["alice@example.org"], "dst": ["tag:worker"], "ip": ["tcp:22", "tcp:443"]},
        {"src": ["bob@"], "dst": ["10.0.1.1"], "ip": ["tcp:5432"]}]"#;
    let said: Vec<_> = changes(old, new)
        .iter()
        .map(|change| {
            let to = match &change.to {
                Where::Nodes(names) => names.join(" "),
                Where::Behind(part) => part.name(),
            };
            format!(
                "{} -> {to}: +{} -{}",
                change.from.join(" "),
                show::opens(&change.opened),
                show::opens(&change.closed)
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "desk -> 10.0.1.1/32: +tcp:5432 icmp (IPv4 only) -nothing",
            "laptop phone -> worker worker2: +tcp:443 -tcp:80",
            "old -> 10.0.1.1/32: +tcp:5432 icmp (IPv4 only) -nothing",
        ]
    );
    // The mirror: what one side opens the other closes.
    let swap = |mut change: Change| {
        std::mem::swap(&mut change.opened, &mut change.closed);
        std::mem::swap(&mut change.opened_by, &mut change.closed_by);
        change
    };
    assert_eq!(
        changes(new, old),
        changes(old, new).into_iter().map(swap).collect::<Vec<_>>()
    );
}

#[test]
fn nothing_changes_between_a_policy_and_itself() {
    let rules = r#""acls": [{"action": "accept", "src": ["*"], "dst": ["*:*", "autogroup:self:22"]}]"#;
    let rules = rules.replace(r#", "autogroup:self:22""#, "");
    assert_eq!(changes(&rules, &rules), []);
}

/// `autogroup:self` leads to the laptop as well as to the phone, for their owner; for others the address tells them apart.
#[test]
fn a_rule_for_own_devices_does_not_hide_what_it_opens_to_others() {
    let rules =
        r#""grants": [{"src": ["autogroup:member"], "dst": ["100.64.0.5", "autogroup:self"], "ip": ["tcp:22"]}]"#;
    with(rules, |_, atlas| {
        let index = atlas.lowered().index();
        let name = |id: &crate::policy::tailnet::NodeId| index.node(*id).name.as_str();
        let rows = matrix(atlas);
        let to = |from: &str| -> Vec<&str> {
            let rows = rows.iter().filter(|row| row.from.iter().any(|id| name(id) == from));
            let mut to: Vec<&str> = rows
                .flat_map(|row| match &row.to {
                    Target::Nodes(nodes) => nodes.iter().map(name).collect(),
                    Target::Behind(..) => Vec::new(),
                })
                .collect();
            to.sort_unstable();
            to
        };
        assert_eq!(to("desk"), ["laptop", "old"]);
        assert!(!ask(atlas, "desk", "phone", None).1.allowed);
        assert!(ask(atlas, "laptop", "phone", None).1.allowed);
    });
}

/// Who is shown a router by another rule sends it what it is preferred for, and its filter need not let that in.
#[test]
fn another_rule_may_show_a_router_that_is_preferred() {
    let topology = r#"{
      "users": [],
      "nodes": {
        "client": {"tags": ["tag:ci"], "ipv4": "100.64.0.2"},
        "first":  {"tags": ["tag:exit"], "ipv4": "100.64.0.3", "routable_ips": ["0.0.0.0/0"], "approved_routes": ["0.0.0.0/0"]},
        "second": {"tags": ["tag:exit"], "ipv4": "100.64.0.4", "routable_ips": ["0.0.0.0/0"], "approved_routes": ["0.0.0.0/0"]}
      }
    }"#;
    let allowed = |rules: &str| {
        let text = format!(r#"{{"tagOwners": {{"tag:ci": [], "tag:exit": []}}, "grants": [{rules}]}}"#);
        let (mut inputs, mut found) = (Inputs::default(), Vec::new());
        let policy = inputs.read_policy("policy.hujson", text, "", &mut found).unwrap();
        let topology = inputs.read_policy("topology.json", topology, "", &mut found).unwrap();
        let judged = judge(&inputs, policy, Some(topology), Dialect::V0_29, found);
        let (document, topology) = (judged.document.unwrap(), judged.topology.unwrap());
        let lowered = lower(&document, Index::new(&topology.tailnet));
        let compiled = Compiled::new(&document, lowered, &Options::default());
        // The range has the second exit node in it, whose filter keeps it, and nothing that the first one keeps.
        ask(&Atlas::new(&compiled), "client", "100.64.0.5", Some((TCP, 80)))
            .1
            .allowed
    };
    let rule = r#"{"src": ["tag:ci"], "dst": ["100.64.0.4/30"], "ip": ["*"]}"#;
    let more = r#"{"src": ["tag:ci"], "dst": ["100.64.0.3"], "ip": ["*"]}"#;
    assert!(allowed(rule));
    assert!(!allowed(&format!("{rule}, {more}")));
}
