//! One case against our answer, aspect by aspect.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::case::{Capture, Case, Netmap, Verdict};
use crate::engine::Answer;
use crate::known;
use crate::normal;
use crate::report::{Aspect, Tally};

/// Compares everything that `case` records.
pub(crate) fn case(case: &Case, ours: &Answer, tally: &mut Tally) {
    let before = tally.differences.len();
    tally.cases += 1;
    verdict(case, ours, tally);
    if !case.unstable {
        if let Some(nodes) = &ours.nodes {
            for (name, capture) in &case.captures {
                let node = nodes.get(name).unwrap_or(&Value::Null);
                self::node(case, name, capture, node, ours, tally);
            }
            if case.is_random() {
                extra(case, nodes, ours, tally);
            }
        } else if !case.captures.is_empty() && !known::is_known_different(&case.id) {
            tally.count(&case.id, Aspect::Filter, "", false, || {
                "    the policy loads, and we give no answer for its nodes".to_owned()
            });
        }
    }
    if tally.differences.len() == before {
        tally.agreed += 1;
    }
}

fn verdict(case: &Case, ours: &Answer, tally: &mut Tally) {
    let recorded = match known::verdict(&case.id) {
        Some(known) => known,
        None => case.verdict.clone(),
    };
    let words = |verdict: &str| format!("    - {verdict}\n    + {}", ours.describe());
    match recorded {
        Verdict::Accepted => tally.count(
            &case.id,
            Aspect::Verdict,
            "",
            ours.load.is_empty() && ours.tests.is_empty(),
            || words("accepted"),
        ),
        Verdict::Refused { by_tests, message } => {
            // Captures do not tell whether the shape of a test or its outcome was refused; random cases do.
            let agreed = if !case.is_random() {
                !ours.load.is_empty() || !ours.tests.is_empty()
            } else if by_tests {
                ours.load.is_empty() && !ours.tests.is_empty()
            } else {
                !ours.load.is_empty()
            };
            tally.count(&case.id, Aspect::Verdict, "", agreed, || {
                words(if by_tests { "refused by its tests" } else { "refused" })
            });
            if let (true, Some(message)) = (agreed, message) {
                // headscale's runners ask whether its error contains the words; we ask the same of our findings.
                let contained = ours.load.iter().chain(&ours.tests).any(|ours| ours.contains(&message));
                tally.count(&case.id, Aspect::Message, "", contained, || words(&message));
            }
        }
    }
}

fn node(case: &Case, name: &str, capture: &Capture, ours: &Value, answer: &Answer, tally: &mut Tally) {
    let id = &case.id;
    if known::records(case, Aspect::Filter) {
        let recorded = normal::filter(capture.packet_filter_rules.as_ref());
        tally.compare(
            id,
            Aspect::Filter,
            name,
            &recorded,
            &normal::filter(ours.get("packetFilter")),
        );
    }
    if known::records(case, Aspect::Ssh) {
        let rules = &ours["sshPolicy"]["rules"];
        let recorded = normal::ssh(capture.ssh_rules.as_ref());
        tally.compare(id, Aspect::Ssh, name, &recorded, &normal::ssh(Some(rules)));
    }
    if let Some(peers) = &capture.peers {
        let recorded = normal::strings(peers.iter().map(String::as_str));
        tally.compare(id, Aspect::Peers, name, &recorded, &strings(&ours["peers"]));
    }
    let Some(netmap) = &capture.netmap else {
        return;
    };
    if let Some(node) = &netmap.self_node {
        if let Some(caps) = node.cap_map.as_ref().filter(|_| known::records(case, Aspect::CapMap)) {
            let ours = normal::cap_map(ours["capMap"].as_object());
            let recorded = normal::cap_map(Some(caps));
            if case.is_random() {
                tally.compare(id, Aspect::CapMap, name, &recorded, &ours);
            } else {
                tally.compare(
                    id,
                    Aspect::CapMap,
                    name,
                    &normal::modelled(recorded),
                    &normal::modelled(ours),
                );
            }
        }
        if case.is_random() {
            let recorded = normal::strings(node.allowed_ips.iter().flatten().map(String::as_str));
            tally.compare(id, Aspect::AllowedIps, name, &recorded, &strings(&ours["allowedIPs"]));
        }
    }
    for peer in netmap.peers.iter().flatten() {
        let about = format!("{name}, peer {}", peer.computed_name);
        if known::records(case, Aspect::PeerCaps) {
            let recorded = normal::cap_map(peer.cap_map.as_ref());
            let caps = answer.peer_caps.get(&peer.computed_name);
            let ours = normal::cap_map(caps);
            tally.compare(id, Aspect::PeerCaps, &about, &normal::modelled(recorded), &ours);
        }
        if case.is_random() {
            let recorded = beyond_addresses(
                case,
                &peer.computed_name,
                peer.allowed_ips.as_deref().unwrap_or_default(),
            );
            let ours = strings(&ours["peerRoutes"][&peer.computed_name]);
            tally.compare(id, Aspect::PeerRoutes, &about, &normal::strings(recorded), &ours);
        }
    }
    if case.category == "routes" {
        let recorded = netmap.peers.iter().flatten().map(|peer| peer.computed_name.as_str());
        tally.compare(
            id,
            Aspect::Peers,
            name,
            &normal::strings(recorded),
            &strings(&ours["peers"]),
        );
        if known::records(case, Aspect::PeerRoutes) {
            routes(case, name, netmap, ours, tally);
        }
    }
}

/// The service decides by other rules than headscale which of several routers of one route is in charge, so from its
/// captures count the routes that have one router, by router, and all routes that the node does not hold itself, whoever
/// is in charge.
fn routes(case: &Case, name: &str, netmap: &Netmap, ours: &Value, tally: &mut Tally) {
    let id = &case.id;
    let peers = netmap.peers.as_deref().unwrap_or_default();
    let mut routers: BTreeMap<&str, usize> = BTreeMap::new();
    for node in case.topology["nodes"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, node)| node)
    {
        for route in list(&node["approved_routes"]) {
            *routers.entry(route).or_default() += 1;
        }
    }
    let alone = |route: &&str| routers.get(route).copied().unwrap_or(0) < 2;
    let own = list(&case.topology["nodes"][name]["approved_routes"]);
    let elsewhere = |route: &&str| !own.contains(route);
    let (mut all, mut ours_all) = (BTreeSet::new(), BTreeSet::new());
    for peer in peers {
        let recorded = beyond_addresses(
            case,
            &peer.computed_name,
            peer.allowed_ips.as_deref().unwrap_or_default(),
        );
        let ours = list(&ours["peerRoutes"][&peer.computed_name]);
        all.extend(recorded.iter().copied().filter(elsewhere));
        ours_all.extend(ours.iter().copied().filter(elsewhere));
        let recorded = normal::strings(recorded.into_iter().filter(alone));
        let ours = normal::strings(ours.into_iter().filter(alone));
        let about = format!("{name}, peer {}", peer.computed_name);
        tally.compare(id, Aspect::PeerRoutes, &about, &recorded, &ours);
    }
    tally.compare(
        id,
        Aspect::PeerRoutes,
        name,
        &normal::strings(all),
        &normal::strings(ours_all),
    );
    // What the service approved without being asked is what autoApprovers say.
    let announced = list(&case.topology["nodes"][name]["routable_ips"]);
    if !announced.is_empty() {
        let approved = announced.into_iter().filter(|route| own.contains(route));
        let ours = strings(&ours["canApprove"]);
        tally.compare(id, Aspect::CanApprove, name, &normal::strings(approved), &ours);
    }
}

/// The strings of a list, in its order.
fn list(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// What of a peer's allowed IPs is not its own address: each address is taken away once, since a node may also
/// announce its own address as a route.
fn beyond_addresses<'c>(case: &Case, peer: &str, allowed: &'c [String]) -> Vec<&'c str> {
    let node = &case.topology["nodes"][peer];
    let mut rest: Vec<&str> = allowed.iter().map(String::as_str).collect();
    for (family, bits) in [("ipv4", 32), ("ipv6", 128)] {
        let address = format!("{}/{bits}", node[family].as_str().unwrap_or_default());
        if let Some(at) = rest.iter().position(|prefix| *prefix == address) {
            rest.remove(at);
        }
    }
    rest
}

/// What only headscale's packages say. Of a policy that its tests refuse nothing more was asked.
fn extra(case: &Case, nodes: &Map<String, Value>, answer: &Answer, tally: &mut Tally) {
    if case.verdict != Verdict::Accepted {
        return;
    }
    let recorded = |lists: &BTreeMap<String, Vec<String>>, name: &str| lists.get(name).cloned().unwrap_or_default();
    for name in case.captures.keys() {
        let ours = nodes.get(name).unwrap_or(&Value::Null);
        let tags = normal::strings(recorded(&case.extra.can_tag, name).iter().map(String::as_str));
        tally.compare(&case.id, Aspect::CanTag, name, &tags, &strings(&ours["canTag"]));
        // headscale was asked about more routes than a node announces; our answer for the node holds those that it does.
        let routes = recorded(&case.extra.can_approve, name);
        let announced = list(&case.topology["nodes"][name]["routable_ips"]);
        let own = normal::strings(
            routes
                .iter()
                .map(String::as_str)
                .filter(|route| announced.contains(route)),
        );
        tally.compare(&case.id, Aspect::CanApprove, name, &own, &strings(&ours["canApprove"]));
        let all = normal::strings(routes.iter().map(String::as_str));
        let approved = answer.approved.get(name).into_iter().flatten().map(String::as_str);
        let ours = approved.filter(|route| routes.iter().any(|recorded| recorded == route));
        let about = format!("{name}, also of routes that it does not announce");
        tally.compare(&case.id, Aspect::CanApprove, &about, &all, &normal::strings(ours));
    }
    for pair in &case.extra.ssh_check {
        let ours = answer.check_period(&pair.src, &pair.dst);
        let about = format!("{} to {}", pair.src, pair.dst);
        tally.compare(
            &case.id,
            Aspect::CheckPeriod,
            &about,
            &Value::from(pair.seconds),
            &ours.map_or(Value::Null, Value::from),
        );
    }
}

fn strings(list: &Value) -> Value {
    normal::strings(self::list(list))
}
