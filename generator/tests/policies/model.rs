//! The engine against the naive model: every packet between everything that there is in a small tailnet.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use tailnet_generator::policy::ask::opens::{Atlas, End, Opens};

use super::make::{Policy, Rule, Tailnet, Word, policy, tailnet};
use super::naive::{Naive, Packet, Reading};
use super::support::with_compiled;

/// Protocol and port of every packet that is tried.
const TRAFFIC: [(u8, u16); 15] = [
    (6, 22),
    (6, 80),
    (6, 443),
    (6, 8050),
    (6, 9),
    (17, 53),
    (17, 80),
    (17, 22),
    (1, 0),
    (58, 0),
    (132, 22),
    (132, 80),
    (47, 0),
    (47, 80),
    (50, 0),
];

/// Addresses that are no node's: behind routes, in the internet, nowhere, where nothing is delivered.
const ELSEWHERE: [&str; 13] = [
    "10.0.0.5",
    "10.0.7.7",
    "10.1.2.3",
    "10.9.9.9",
    "192.168.1.7",
    "1.1.1.1",
    "8.8.8.8",
    "100.99.0.1",
    "169.254.1.1",
    "224.0.0.5",
    "fd00:1::5",
    "2606:4700::1111",
    "fd7a:115c:a1e0:99::1",
];

fn elsewhere() -> Vec<IpAddr> {
    ELSEWHERE.iter().map(|addr| addr.parse().unwrap()).collect()
}

fn everywhere(tailnet: &Tailnet) -> Vec<IpAddr> {
    let nodes = tailnet.nodes.iter().flat_map(|node| node.addresses());
    nodes.chain(elsewhere()).collect()
}

/// A filter as it is sent, read by the letter.
struct Sent(Vec<SentRule>);

/// Sources, destinations with first and last port, protocols.
type SentRule = (Vec<Place>, Vec<(Place, u64, u64)>, Vec<u64>);

/// Addresses as a filter writes them: `*`, an address, a CIDR, two addresses with a dash.
enum Place {
    All,
    Net(IpNet),
    Between(IpAddr, IpAddr),
}

impl Place {
    fn read(text: &Value) -> Self {
        let text = text.as_str().unwrap();
        if text == "*" {
            return Self::All;
        }
        if let Some((first, last)) = text.split_once('-') {
            return Self::Between(first.parse().unwrap(), last.parse().unwrap());
        }
        let one = || IpNet::from(text.parse::<IpAddr>().unwrap());
        Self::Net(text.parse().unwrap_or_else(|_| one()))
    }

    fn has(&self, addr: IpAddr) -> bool {
        match *self {
            Self::All => true,
            Self::Net(net) => net.contains(&addr),
            Self::Between(first, last) => first.is_ipv4() == addr.is_ipv4() && (first..=last).contains(&addr),
        }
    }
}

impl Sent {
    fn read(rules: &Value) -> Self {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let rule = |rule: &Value| {
            let destination = |entry: &Value| {
                let port = |name: &str| entry["Ports"][name].as_u64().unwrap();
                (Place::read(&entry["IP"]), port("First"), port("Last"))
            };
            let mut protocols: Vec<u64> = list(&rule["IPProto"]).iter().map(|n| n.as_u64().unwrap()).collect();
            if protocols.is_empty() {
                protocols = vec![6, 17, 1, 58];
            }
            let sources = list(&rule["SrcIPs"]).iter().map(Place::read).collect();
            (
                sources,
                list(&rule["DstPorts"]).iter().map(destination).collect(),
                protocols,
            )
        };
        Self(list(rules).iter().map(rule).collect())
    }

    fn passes(&self, packet: Packet) -> bool {
        self.0.iter().any(|(sources, destinations, protocols)| {
            protocols.contains(&packet.protocol.into())
                && sources.iter().any(|place| place.has(packet.source))
                && destinations.iter().any(|(place, first, last)| {
                    place.has(packet.destination) && (*first..=*last).contains(&packet.port.into())
                })
        })
    }
}

/// Compares all there is, and says what differs.
fn differences(tailnet: &Tailnet, policy: &Policy) -> Vec<String> {
    let naive = Naive { tailnet, policy };
    let topology = tailnet.json().to_string();
    with_compiled(&topology, &policy.json().to_string(), |atlas, answer| {
        let mut wrong = filters(&naive, answer);
        wrong.extend(peers(&naive, answer));
        wrong.extend(openings(&naive, atlas));
        // Where `via` steers, routes are not the naive model's business.
        if policy.rules.iter().all(|rule| rule.via.is_empty()) {
            wrong.extend(routes(&naive, answer));
            wrong.extend(behind(&naive, atlas));
        }
        wrong
    })
}

fn filters(naive: &Naive<'_>, answer: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let everywhere = everywhere(naive.tailnet);
    for node in &naive.tailnet.nodes {
        let sent = Sent::read(&answer["nodes"][&node.name]["packetFilter"]);
        let filter = naive.filter(node);
        for &source in &everywhere {
            for &destination in everywhere.iter().filter(|addr| node.is_local(**addr)) {
                for (protocol, port) in TRAFFIC {
                    let packet = Packet {
                        source,
                        destination,
                        protocol,
                        port,
                    };
                    let (ours, naive) = (sent.passes(packet), filter.passes(packet, Reading::Literal));
                    if ours != naive {
                        wrong.push(format!("{} lets in {packet:?}: sent {ours}, naive {naive}", node.name));
                    }
                }
            }
        }
    }
    wrong
}

fn peers(naive: &Naive<'_>, answer: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for node in &naive.tailnet.nodes {
        let others = naive.tailnet.nodes.iter().filter(|other| other.name != node.name);
        let expected: BTreeSet<&str> = others
            .filter(|other| naive.are_peers(node, other))
            .map(|other| other.name.as_str())
            .collect();
        let list = answer["nodes"][&node.name]["peers"].as_array().unwrap();
        let ours: BTreeSet<&str> = list.iter().map(|name| name.as_str().unwrap()).collect();
        if ours != expected {
            wrong.push(format!("peers of {}: {ours:?}, naive {expected:?}", node.name));
        }
    }
    wrong
}

fn routes(naive: &Naive<'_>, answer: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for node in &naive.tailnet.nodes {
        let given = answer["nodes"][&node.name]["peerRoutes"].as_object().unwrap();
        let ours: BTreeMap<&str, BTreeSet<&str>> = given
            .iter()
            .map(|(peer, routes)| {
                let routes = routes.as_array().unwrap().iter();
                (peer.as_str(), routes.map(|route| route.as_str().unwrap()).collect())
            })
            .collect();
        let expected = naive.routes(node);
        if ours != expected {
            wrong.push(format!("routes of {}: {ours:?}, naive {expected:?}", node.name));
        }
    }
    wrong
}

/// The node of a name, as one end.
fn end(atlas: &Atlas<'_, '_>, name: &str) -> End {
    let lowered = atlas.lowered();
    let (id, _) = lowered.index().nodes().find(|(_, node)| node.name == name).unwrap();
    End::node(lowered, id)
}

fn openings(naive: &Naive<'_>, atlas: &Atlas<'_, '_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let nodes = &naive.tailnet.nodes;
    for (from, to) in nodes.iter().flat_map(|from| nodes.iter().map(move |to| (from, to))) {
        let Opens { v4, v6 } = atlas.opens(&end(atlas, &from.name), &end(atlas, &to.name));
        for (v6, set) in [(false, &v4), (true, &v6)] {
            let ours = traffic(|protocol, port| set.contains(protocol, port));
            let naive = naive.opens(from, to, v6, &TRAFFIC);
            if ours != naive {
                let (from, to) = (&from.name, &to.name);
                wrong.push(format!("{from} opens to {to} (IPv6: {v6}): {ours:?}, naive {naive:?}"));
            }
        }
    }
    wrong
}

/// What of [`TRAFFIC`] is so.
fn traffic(is: impl Fn(u8, u16) -> bool) -> Vec<(u8, u16)> {
    TRAFFIC
        .into_iter()
        .filter(|&(protocol, port)| is(protocol, port))
        .collect()
}

fn behind(naive: &Naive<'_>, atlas: &Atlas<'_, '_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for from in &naive.tailnet.nodes {
        let routes = naive.routes(from);
        for destination in elsewhere() {
            let opens = atlas.opens(&end(atlas, &from.name), &End::address(atlas.lowered(), destination));
            let both = opens.any_family();
            let ours = traffic(|protocol, port| both.contains(protocol, port));
            let naive = naive.opens_behind(from, &routes, destination, &TRAFFIC);
            if ours != naive {
                let from = &from.name;
                wrong.push(format!("{from} opens to {destination}: {ours:?}, naive {naive:?}"));
            }
        }
    }
    wrong
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_engine_agrees_with_the_naive_model(tailnet in tailnet(), policy in policy()) {
        let wrong = differences(&tailnet, &policy);
        prop_assert!(wrong.is_empty(), "{}\n{}\n{}", wrong.join("\n"), policy.json(), tailnet.json());
    }
}

/// What of the language, and of what it leads to, occurs in a case.
fn features(tailnet: &Tailnet, policy: &Policy) -> Vec<&'static str> {
    let naive = Naive { tailnet, policy };
    let nodes = &tailnet.nodes;
    let pairs = || nodes.iter().flat_map(|from| nodes.iter().map(move |to| (from, to)));
    let opens = |v6| pairs().any(|(from, to)| !naive.opens(from, to, v6, &[(6, 22)]).is_empty());
    let rule = |f: &dyn Fn(&Rule) -> bool| policy.rules.iter().any(f);
    let says = |word: Word| policy.words().any(|other| other == word);
    let (mut groups, mut tags, mut nets) = (false, false, false);
    for word in policy.words() {
        groups |= matches!(word, Word::Group(_));
        tags |= matches!(word, Word::Tag(_));
        nets |= matches!(word, Word::Host(_) | Word::Net(_));
    }
    let steers = rule(&|rule| {
        let carries = |node: &super::make::Node| node.tags.iter().any(|tag| rule.via.contains(tag));
        nodes
            .iter()
            .any(|node| carries(node) && (node.is_router() || node.is_exit_node()))
    });
    [
        ("TCP 22 over IPv4", opens(false)),
        ("TCP 22 over IPv6", opens(true)),
        (
            "a pair that sees each other",
            pairs().any(|(a, b)| a.name != b.name && naive.are_peers(a, b)),
        ),
        (
            "a pair that does not",
            pairs().any(|(a, b)| a.name != b.name && !naive.are_peers(a, b)),
        ),
        ("groups", groups),
        ("tags", tags),
        ("networks", nets),
        ("*", says(Word::Wildcard)),
        ("autogroup:self", says(Word::Own)),
        ("autogroup:internet", says(Word::Internet)),
        ("autogroup:danger-all", says(Word::DangerAll)),
        (
            "somebody unknown",
            says(Word::Stranger) || policy.groups.iter().any(|group| group.contains(&None)),
        ),
        ("ACLs", rule(&|rule| !rule.grant)),
        ("grants", rule(&|rule| rule.grant)),
        ("capabilities", rule(&|rule| rule.app)),
        ("via at a router", steers),
        ("routers", nodes.iter().any(|node| node.is_router())),
        ("exit nodes", nodes.iter().any(|node| node.is_exit_node())),
        (
            "nodes of one family",
            nodes.iter().any(|node| node.addresses().len() == 1),
        ),
        (
            "nodes without IPv4",
            nodes.iter().any(|node| naive.used(node).len() < node.addresses().len()),
        ),
        ("routes given", nodes.iter().any(|node| !naive.routes(node).is_empty())),
        (
            "TCP 22 behind a router",
            nodes.iter().any(|node| {
                let routes = naive.routes(node);
                let opens = |addr| naive.opens_behind(node, &routes, addr, &[(6, 22)]);
                elsewhere().into_iter().any(|addr| !opens(addr).is_empty())
            }),
        ),
    ]
    .into_iter()
    .filter_map(|(name, occurs)| occurs.then_some(name))
    .collect()
}

#[test]
fn cases_are_rich() {
    const CASES: usize = 400;
    let mut runner = TestRunner::deterministic();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..CASES {
        let (tailnet, policy) = (tailnet(), policy()).new_tree(&mut runner).unwrap().current();
        for feature in features(&tailnet, &policy) {
            *counts.entry(feature).or_default() += 1;
        }
    }
    for (feature, count) in &counts {
        println!("{:>3} % {feature}", count * 100 / CASES);
    }
    assert_eq!(counts.len(), 22, "{counts:?}");
    for (feature, least) in [
        ("TCP 22 over IPv4", 30),
        ("a pair that does not", 30),
        ("TCP 22 behind a router", 10),
    ] {
        assert!(counts[feature] * 100 >= least * CASES, "{feature}: {counts:?}");
    }
    for (feature, count) in counts {
        assert!(count * 100 >= 4 * CASES, "{feature} in {count} of {CASES} cases only");
    }
}
