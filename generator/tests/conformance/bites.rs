//! Whether the comparison bites: a broken answer must be seen.
//!
//! Cases of the corpus are compared with our own answers, each broken in one small way. Every breakage has to give a
//! difference in its aspect, so the table cannot say "agree" because nothing was compared.

use std::cell::OnceCell;

use serde_json::{Map, Value, json};

use crate::Part;
use crate::case::Case;
use crate::compare;
use crate::engine::{self, Answer};
use crate::report::{Aspect, Tally};
use crate::sets::{self, Set};

/// Breaks an answer; says whether there was anything to break.
type Break = fn(&mut Answer) -> bool;

const BREAKS: &[(&str, Aspect, Break)] = &[
    ("an accepted policy is refused", Aspect::Verdict, |answer| {
        let accepted = answer.load.is_empty() && answer.tests.is_empty();
        answer.load.push("no".to_owned());
        accepted
    }),
    ("a refused policy is accepted", Aspect::Verdict, |answer| {
        let refused = !answer.load.is_empty();
        answer.load.clear();
        refused
    }),
    ("tests that fail pass", Aspect::Verdict, |answer| {
        let failed = answer.load.is_empty() && !answer.tests.is_empty();
        answer.tests.clear();
        failed
    }),
    ("a source is left out", Aspect::Filter, |answer| {
        each(answer, |node| pop(node.pointer_mut("/packetFilter/0/SrcIPs")))
    }),
    ("a port is one higher", Aspect::Filter, |answer| {
        each(answer, |node| {
            let Some(port) = node.pointer_mut("/packetFilter/0/DstPorts/0/Ports/Last") else {
                return false;
            };
            *port = json!(port.as_u64().unwrap() + 1);
            true
        })
    }),
    ("filter rules in another order", Aspect::Filter, |answer| {
        each(answer, |node| reverse(&mut node["packetFilter"]))
    }),
    ("a destination twice", Aspect::Filter, |answer| {
        each(answer, |node| {
            let Some(Value::Array(list)) = node.pointer_mut("/packetFilter/0/DstPorts") else {
                return false;
            };
            list.push(list[0].clone());
            true
        })
    }),
    ("a filter rule too many", Aspect::Filter, |answer| {
        each(answer, |node| {
            let Some(rules) = node["packetFilter"].as_array_mut() else {
                return false;
            };
            rules.push(json!({"SrcIPs": ["1.2.3.4"]}));
            true
        })
    }),
    ("SSH rules in another order", Aspect::Ssh, |answer| {
        each(answer, |node| reverse(&mut node["sshPolicy"]["rules"]))
    }),
    ("an SSH principal is left out", Aspect::Ssh, |answer| {
        each(answer, |node| pop(node.pointer_mut("/sshPolicy/rules/0/principals")))
    }),
    ("root may log in", Aspect::Ssh, |answer| {
        each(answer, |node| {
            let Some(Value::Object(users)) = node.pointer_mut("/sshPolicy/rules/0/sshUsers") else {
                return false;
            };
            users.insert("root".to_owned(), json!("root")) != Some(json!("root"))
        })
    }),
    ("a capability is left out", Aspect::CapMap, |answer| {
        each(answer, |node| remove_first(&mut node["capMap"]))
    }),
    ("a peer is told too much", Aspect::PeerCaps, |answer| {
        let cap: Map<String, Value> = [("suggest-exit-node".to_owned(), json!(null))].into_iter().collect();
        let mut changed = false;
        for caps in answer.peer_caps.values_mut().filter(|caps| caps.is_empty()) {
            *caps = cap.clone();
            changed = true;
        }
        changed
    }),
    ("an allowed IP is left out", Aspect::AllowedIps, |answer| {
        each(answer, |node| pop(node.get_mut("allowedIPs")))
    }),
    ("a peer is left out", Aspect::Peers, |answer| {
        each(answer, |node| pop(node.get_mut("peers")))
    }),
    ("a route through a peer is left out", Aspect::PeerRoutes, |answer| {
        each(answer, |node| remove_first(&mut node["peerRoutes"]))
    }),
    ("a tag is left out", Aspect::CanTag, |answer| {
        each(answer, |node| pop(node.get_mut("canTag")))
    }),
    ("a route is not approved", Aspect::CanApprove, |answer| {
        each(answer, |node| pop(node.get_mut("canApprove")))
    }),
    ("checks hold longer", Aspect::CheckPeriod, |answer| {
        answer.lengthen_checks()
    }),
];

/// In how many cases each breakage is tried.
const ENOUGH: usize = 20;

/// In how many of them it may go unseen.
const TOLERATED: usize = 2;

/// Breaks answers in every way.
pub(crate) fn run() -> Part {
    let cases = match sets::corpus() {
        Set::Found(_, cases) => cases,
        Set::Skipped(why) | Set::Broken(why) => return Part::Failed(why),
    };
    let mut stable: Vec<Case> = cases.into_iter().filter(|case| !case.unstable).collect();
    // Small ones first: most breakages have been seen often enough before the large ones come.
    stable.sort_by_key(|case| case.policy.len() + case.topology.to_string().len());
    let answers: Vec<OnceCell<Answer>> = stable.iter().map(|_| OnceCell::new()).collect();
    let mut wrong = Vec::new();
    for (name, aspect, change) in BREAKS {
        let (mut broken, mut seen) = (0, 0);
        for (case, answer) in stable.iter().zip(&answers) {
            if broken == ENOUGH {
                break;
            }
            let mut answer = answer.get_or_init(|| engine::answer(case)).clone();
            if !change(&mut answer) {
                continue;
            }
            let mut tally = Tally::default();
            compare::case(case, &answer, &mut tally);
            let counted = tally.counts.get(aspect).is_some_and(|count| count.compared > 0);
            broken += usize::from(counted);
            seen += usize::from(tally.differences.iter().any(|found| found.aspect == *aspect));
        }
        println!("    {name:<36} broken in {broken:>3} cases, seen in {seen:>3}");
        // A breakage may hit only what was not recorded, but that is rare.
        if seen == 0 || broken - seen > TOLERATED {
            wrong.push(format!("\"{name}\" was broken in {broken} cases and seen in {seen}"));
        }
    }
    if wrong.is_empty() {
        Part::Passed(format!("{} ways to be wrong, all seen", BREAKS.len()))
    } else {
        Part::Failed(wrong.join("; "))
    }
}

/// Breaks every node's answer.
fn each(answer: &mut Answer, change: impl Fn(&mut Value) -> bool) -> bool {
    let mut changed = false;
    for (_, node) in answer.nodes.iter_mut().flatten() {
        changed |= change(node);
    }
    changed
}

/// Takes the first member of an object out.
fn remove_first(object: &mut Value) -> bool {
    let Some(object) = object.as_object_mut() else {
        return false;
    };
    let first = object.keys().next().cloned();
    first.is_some_and(|first| object.remove(&first).is_some())
}

/// Takes the last entry of a list out.
fn pop(list: Option<&mut Value>) -> bool {
    list.and_then(Value::as_array_mut).and_then(Vec::pop).is_some()
}

/// Reverses a list, unless that changes nothing.
fn reverse(list: &mut Value) -> bool {
    let Some(list) = list.as_array_mut() else {
        return false;
    };
    let before = list.clone();
    list.reverse();
    *list != before
}
