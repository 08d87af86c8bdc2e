//! What is asked of one node and one permit agrees with the filter that the node receives.

use std::net::IpAddr;

use super::{Compiled, with_compiled};
use crate::net::{AddrRange, AddrSet, packet};
use crate::policy::ask::opens::{Atlas, End};
use crate::policy::tailnet::NodeId;
use serde_json::Value;

/// One `DstPorts` entry as the client takes it.
struct Entry {
    sources: AddrSet,
    destination: AddrSet,
    passing: crate::net::TrafficSet,
}

/// An entry of `SrcIPs` or `DstPorts`, read back.
fn parse(text: &str) -> AddrSet {
    if let Some((first, last)) = text.split_once('-') {
        return match (first.parse().unwrap(), last.parse().unwrap()) {
            (IpAddr::V4(first), IpAddr::V4(last)) => AddrRange::V4(first.into(), last.into()).into(),
            (IpAddr::V6(first), IpAddr::V6(last)) => AddrRange::V6(first.into(), last.into()).into(),
            _ => panic!("{text}"),
        };
    }
    match text.parse::<IpAddr>() {
        Ok(addr) => addr.into(),
        Err(_) if text == "*" => AddrSet::all(),
        Err(_) => text.parse::<ipnet::IpNet>().unwrap().into(),
    }
}

fn entries(compiled: &Compiled<'_>, node: NodeId) -> Vec<Entry> {
    let mut out = Vec::new();
    compiled.append_node(&mut out, node);
    let sent: Value = serde_json::from_slice(&out).unwrap();
    let mut entries = Vec::new();
    for rule in sent["packetFilter"].as_array().unwrap() {
        let list = |name: &str| rule[name].as_array().into_iter().flatten();
        let sources = list("SrcIPs").fold(AddrSet::EMPTY, |all, text| all.union(&parse(text.as_str().unwrap())));
        let protocols: Vec<u8> = list("IPProto").map(|number| number.as_u64().unwrap() as u8).collect();
        for entry in list("DstPorts") {
            let port = |name: &str| entry["Ports"][name].as_u64().unwrap() as u16;
            entries.push(Entry {
                sources: sources.clone(),
                destination: parse(entry["IP"].as_str().unwrap()),
                passing: packet::passing(&protocols, port("First"), port("Last")),
            });
        }
    }
    entries
}

const NODES: [&str; 7] = [
    "laptop alice 1",
    "phone alice 2",
    "desk bob 4:3",
    "web tag:web 4",
    "router tag:r 5 10.1.0.0/16 172.16.0.0/12",
    "exit tag:r,tag:e 6 0.0.0.0/0 192.168.1.0/24",
    "both tag:e 6:7 ::/0 0.0.0.0/0 ?10.1.0.0/16",
];

const POLICIES: [&str; 5] = [
    "{}",
    r#"{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}"#,
    r#"{"acls": [
        {"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22", "autogroup:internet:443", "10.0.0.0/8:80"]},
        {"action": "accept", "proto": "gre", "src": ["bob@", "nobody@"], "dst": ["0.0.0.0/0:*", "100.64.0.0/29:*"]},
        {"action": "accept", "proto": "udp", "src": ["10.1.0.0/16"], "dst": ["8.0.0.0/7:53", "192.168.0.0/16:53"]},
    ]}"#,
    r#"{
        "tagOwners": {"tag:r": [], "tag:e": []},
        "grants": [
            {"src": ["alice@"], "dst": ["10.0.0.0/8", "192.168.1.7", "100.64.0.5"], "ip": ["tcp:443", "47:80"], "via": ["tag:r"]},
            {"src": ["*"], "dst": ["autogroup:internet"], "ip": ["*"], "via": ["tag:e"]},
            {"src": ["autogroup:danger-all"], "dst": ["tag:e"], "ip": ["22"], "app": {"example.com/c": []}},
        ],
    }"#,
    r#"{"grants": [{"src": ["alice@"], "dst": ["128.0.0.0/1", "64.0.0.0/2"], "ip": ["*"]}]}"#,
];

/// Addresses of the nodes, of their routes, and from outside.
fn addresses() -> Vec<IpAddr> {
    let mut addresses: Vec<IpAddr> = (1..=7).map(|last| IpAddr::from([100, 64, 0, last])).collect();
    addresses.extend((1..=7).map(|last| IpAddr::from([0xfd7a, 0x115c, 0xa1e0, 0, 0, 0, 0, last])));
    for further in [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.7",
        "192.168.2.1",
        "8.8.8.8",
        "200.1.1.1",
        "2606:4700::1",
        "fd00::1",
    ] {
        addresses.push(further.parse().unwrap());
    }
    addresses
}

#[test]
fn admissions_are_what_the_filter_lets_in() {
    let addresses = addresses();
    let (mut allowed, mut asked) = (0, 0);
    for (policy, dialect) in POLICIES
        .iter()
        .map(|policy| (policy, "0.29"))
        .chain([(&POLICIES[1], "0.28")])
    {
        with_compiled(dialect, policy, &NODES, |compiled| {
            let lowered = compiled.lowered();
            for (node, _) in lowered.index().nodes() {
                let local = lowered.index().local(node);
                let entries = entries(compiled, node);
                let permits = lowered.permits().values();
                let own: Vec<_> = permits
                    .flat_map(|permit| {
                        let admissions = lowered.admissions(permit, node).into_iter();
                        admissions.map(|admission| (admission, permit.passing()))
                    })
                    .collect();
                for (&from, &to) in addresses
                    .iter()
                    .flat_map(|from| addresses.iter().map(move |to| (from, to)))
                {
                    for (protocol, port) in [(6, 22), (6, 443), (17, 53), (47, 0)] {
                        let sent = local.contains(to)
                            && entries.iter().any(|entry| {
                                entry.sources.contains(from)
                                    && entry.destination.contains(to)
                                    && entry.passing.contains(protocol, port)
                            });
                        let admitted = own.iter().any(|(admission, passing)| {
                            admission.sources.contains(from)
                                && admission.destinations.contains(to)
                                && passing.contains(protocol, port)
                        });
                        assert_eq!(admitted, sent, "{policy} {node:?} {from} -> {to} {protocol}:{port}");
                        asked += 1;
                        allowed += u32::from(sent);
                    }
                }
            }
        });
    }
    // Both answers are given often enough for the comparison to mean something.
    assert!(allowed > 500 && asked - allowed > 500, "{allowed} of {asked}");
}

/// What [`Atlas`] says passes, is let in by the filter of the node that receives it, and the other way round.
#[test]
fn what_passes_is_what_the_filter_lets_in() {
    let (mut allowed, mut asked) = (0, 0);
    for policy in POLICIES {
        with_compiled("0.29", policy, &NODES, |compiled| {
            let lowered = compiled.lowered();
            let atlas = Atlas::new(compiled);
            let nodes: Vec<_> = lowered.index().nodes().map(|(node, _)| node).collect();
            let filters: Vec<_> = nodes.iter().map(|&node| entries(compiled, node)).collect();
            let mut ends: Vec<End> = nodes.iter().map(|&node| End::node(lowered, node)).collect();
            ends.extend(addresses().into_iter().map(|addr| End::address(lowered, addr)));
            for (from, to) in ends.iter().flat_map(|from| ends.iter().map(move |to| (from, to))) {
                let opens = atlas.opens(from, to);
                let Some(receiver) = atlas.receiver(from, to) else {
                    assert!(opens.is_empty());
                    continue;
                };
                let local = lowered.index().local(receiver);
                for (family, protocol, port) in [(4, 6, 22), (6, 6, 22), (4, 6, 443), (4, 17, 53), (6, 47, 0)] {
                    let of_family = |addr: &&IpAddr| addr.is_ipv4() == (family == 4);
                    let pairs = || {
                        let to = to.addresses.iter().filter(of_family);
                        to.flat_map(|&to| from.addresses.iter().filter(of_family).map(move |&from| (from, to)))
                    };
                    let sent = filters[receiver.0 as usize].iter().any(|entry| {
                        entry.passing.contains(protocol, port)
                            && pairs().any(|(from, to)| {
                                local.contains(to) && entry.sources.contains(from) && entry.destination.contains(to)
                            })
                    });
                    let family = if family == 4 { &opens.v4 } else { &opens.v6 };
                    assert_eq!(
                        family.contains(protocol, port),
                        sent,
                        "{policy} {from:?} -> {to:?} {protocol}:{port}"
                    );
                    asked += 1;
                    allowed += u32::from(sent);
                }
            }
        });
    }
    assert!(allowed > 300 && asked - allowed > 300, "{allowed} of {asked}");
}
