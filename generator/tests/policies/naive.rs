//! The engine once more, in the most simple way: what passes is found out packet by packet, rule by rule, word by word.
//! Sets are lists, nothing is shared, merged or remembered. Written from what is known of headscale
//! (`hscontrol/policy/v2/{compiled,filter}.go`, `policyutil/reduce.go`, `types/node.go`) and of the client's filter.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::make::{Node, Policy, Rule, Tailnet, Traffic, Word};

/// Consecutive addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    v6: bool,
    first: u128,
    last: u128,
}

impl Span {
    fn one(addr: IpAddr) -> Self {
        let (v6, first) = match addr {
            IpAddr::V4(addr) => (false, u32::from(addr).into()),
            IpAddr::V6(addr) => (true, addr.into()),
        };
        Self { v6, first, last: first }
    }

    /// An address or a CIDR.
    fn of(text: &str) -> Self {
        let (addr, length) = text.split_once('/').unwrap_or((text, ""));
        let Self { v6, first, .. } = Self::one(addr.parse().unwrap());
        let bits = if v6 { 128 } else { 32 };
        let length: u32 = if length.is_empty() {
            bits
        } else {
            length.parse().unwrap()
        };
        let size = 1_u128.checked_shl(bits - length).map_or(u128::MAX, |size| size - 1);
        Self {
            v6,
            first: first & !size,
            last: first | size,
        }
    }

    fn has(self, addr: IpAddr) -> bool {
        self.encloses(Self::one(addr))
    }

    fn encloses(self, other: Self) -> bool {
        self.v6 == other.v6 && self.first <= other.first && other.last <= self.last
    }

    fn meets(self, other: Self) -> bool {
        self.v6 == other.v6 && self.first <= other.last && other.first <= self.last
    }
}

fn spans(texts: &[&str]) -> Vec<Span> {
    texts.iter().map(|text| Span::of(text)).collect()
}

/// All addresses of both families.
fn everything() -> Vec<Span> {
    spans(&["0.0.0.0/0", "::/0"])
}

/// What `*` stands for but in the `dst` of a filter: the tailnet less what ChromeOS uses for itself.
fn tailnet_range() -> Vec<Span> {
    let v4 = less(spans(&["100.64.0.0/10"]), "100.115.92.0/23");
    [v4, spans(&["fd7a:115c:a1e0::/48"])].concat()
}

/// What `autogroup:internet` stands for.
fn internet() -> Vec<Span> {
    let private = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
    ];
    let v4 = private.into_iter().fold(spans(&["0.0.0.0/0"]), less);
    [v4, spans(&["2000::/3"])].concat()
}

fn less(from: Vec<Span>, net: &str) -> Vec<Span> {
    let gone = Span::of(net);
    let cut = |span: Span| {
        if !span.meets(gone) {
            return vec![span];
        }
        let before = (span.first < gone.first).then(|| Span {
            last: gone.first - 1,
            ..span
        });
        let after = (gone.last < span.last).then(|| Span {
            first: gone.last + 1,
            ..span
        });
        before.into_iter().chain(after).collect()
    };
    from.into_iter().flat_map(cut).collect()
}

/// Protocol numbers; any: those of a filter that names none.
fn numbers(proto: &str) -> Vec<u8> {
    match proto {
        "" => vec![6, 17, 1, 58],
        "tcp" => vec![6],
        "udp" => vec![17],
        "icmp" => vec![1],
        "ipv6-icmp" => vec![58],
        "sctp" => vec![132],
        "gre" => vec![47],
        other => panic!("{other}"),
    }
}

/// The first packet of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packet {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) protocol: u8,
    pub(crate) port: u16,
}

/// How a filter is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As it is written.
    Literal,
    /// As the client does.
    Client,
}

/// A part of a rule in force at some node: sources, and destinations in the pieces that are kept or dropped as one.
struct Part {
    sources: Vec<Span>,
    destinations: Vec<Vec<Span>>,
}

/// The filter of a node: the parts in force, each with the traffic that it is about.
pub(crate) struct Filter<'a> {
    parts: Vec<(Part, &'a [Traffic])>,
}

impl Filter<'_> {
    /// Whether it lets `packet` in.
    pub(crate) fn passes(&self, packet: Packet, reading: Reading) -> bool {
        let Packet {
            source, destination, ..
        } = packet;
        if reading == Reading::Client && is_dropped(destination) {
            return false;
        }
        let has = |set: &[Span], addr: IpAddr| set.iter().any(|span| span.has(addr));
        self.parts.iter().any(|(part, traffic)| {
            has(&part.sources, source)
                && part.destinations.iter().any(|piece| has(piece, destination))
                && traffic.iter().any(|entry| is_about(entry, packet, reading))
        })
    }
}

/// Routes by the name of the node that leads there.
pub(crate) type Routes<'a> = BTreeMap<&'a str, BTreeSet<&'static str>>;

/// A policy in a tailnet.
pub(crate) struct Naive<'a> {
    pub(crate) tailnet: &'a Tailnet,
    pub(crate) policy: &'a Policy,
}

impl Node {
    pub(crate) fn addresses(&self) -> Vec<IpAddr> {
        let v4 = self.v4.map(IpAddr::V4).into_iter();
        v4.chain(self.v6.map(IpAddr::V6)).collect()
    }

    /// Announced, approved, and no exit route.
    fn subnets(&self) -> Vec<&'static str> {
        let held = self.announced.iter().filter(|route| self.approved.contains(route));
        held.copied().filter(|route| !route.ends_with("/0")).collect()
    }

    fn exits(&self) -> Vec<&'static str> {
        let held = self.announced.iter().filter(|route| self.approved.contains(route));
        held.copied().filter(|route| route.ends_with("/0")).collect()
    }

    pub(crate) fn is_exit_node(&self) -> bool {
        !self.exits().is_empty()
    }

    pub(crate) fn is_router(&self) -> bool {
        !self.subnets().is_empty()
    }

    /// What arrives there: its own addresses, and what its routes lead to. Nobody sends what is for the tailnet to an
    /// exit node.
    pub(crate) fn is_local(&self, addr: IpAddr) -> bool {
        let leads = |routes: Vec<&str>| routes.iter().any(|route| Span::of(route).has(addr));
        let in_tailnet = spans(&["100.64.0.0/10", "fd7a:115c:a1e0::/48"])
            .iter()
            .any(|span| span.has(addr));
        self.addresses().contains(&addr) || leads(self.subnets()) || (!in_tailnet && leads(self.exits()))
    }
}

impl Naive<'_> {
    fn nodes(&self) -> &[Node] {
        &self.tailnet.nodes
    }

    /// The nodes that a word stands for.
    fn named(&self, word: Word) -> Vec<&Node> {
        let is = |node: &&Node| match word {
            Word::User(user) => node.owner == Some(user),
            Word::Group(group) => node.owner.is_some() && self.policy.groups[group].contains(&node.owner),
            Word::Tag(tag) => node.tags.contains(&tag),
            Word::Member => node.owner.is_some(),
            Word::Tagged => node.owner.is_none(),
            _ => false,
        };
        self.nodes().iter().filter(is).collect()
    }

    /// The addresses that a word stands for.
    fn addresses(&self, word: Word) -> Vec<Span> {
        match word {
            Word::Host(host) => vec![Span::of(self.policy.hosts[host])],
            Word::Net(net) => vec![Span::of(net)],
            Word::Wildcard => tailnet_range(),
            Word::Internet => internet(),
            Word::DangerAll => everything(),
            Word::Own | Word::Stranger => Vec::new(),
            _ => {
                let nodes = self.named(word);
                nodes.iter().flat_map(|node| node.addresses()).map(Span::one).collect()
            }
        }
    }

    fn all_of(&self, words: &[Word]) -> Vec<Span> {
        words.iter().flat_map(|&word| self.addresses(word)).collect()
    }

    /// What `src` stands for in a filter: to `*` belong the networks behind approved subnet routes.
    fn sources(&self, rule: &Rule) -> Vec<Span> {
        let mut all = self.all_of(&rule.src);
        if rule.src.contains(&Word::Wildcard) {
            let routes = self.nodes().iter().flat_map(Node::subnets);
            all.extend(routes.map(Span::of));
        }
        all
    }

    /// The part of a rule that is the same for all nodes.
    fn common(&self, rule: &Rule) -> Option<Part> {
        let destinations = |word: Word| match word {
            // One entry, which means all addresses.
            Word::Wildcard => vec![everything()],
            _ => self.addresses(word).into_iter().map(|span| vec![span]).collect(),
        };
        (rule.via.is_empty() && !rule.traffic.is_empty()).then(|| Part {
            sources: self.sources(rule),
            destinations: rule.dst.iter().flat_map(|&word| destinations(word)).collect(),
        })
    }

    /// What the capability of a rule is about: words of which something cannot be found are left out as a whole.
    fn capability(&self, rule: &Rule) -> Option<Part> {
        let is_found = |word: &Word| match *word {
            Word::Group(group) => !self.policy.groups[group].contains(&None),
            _ => true,
        };
        let words: Vec<Word> = rule.dst.iter().copied().filter(is_found).collect();
        rule.app.then(|| Part {
            sources: self.sources(rule),
            destinations: vec![self.all_of(&words)],
        })
    }

    /// The part of a rule that `autogroup:self` makes of it at `node`: between the nodes of its user.
    fn own(&self, rule: &Rule, node: &Node) -> Option<Part> {
        let user = node.owner?;
        if !rule.dst.contains(&Word::Own) {
            return None;
        }
        let written = self.all_of(&rule.src);
        let same = self.named(Word::User(user));
        let is_source = |node: &&&Node| {
            node.addresses()
                .iter()
                .any(|&addr| written.iter().any(|span| span.has(addr)))
        };
        let list = |node: &&Node| node.addresses().into_iter().map(Span::one).collect::<Vec<_>>();
        Some(Part {
            sources: same.iter().filter(is_source).flat_map(list).collect(),
            destinations: same.iter().flat_map(list).map(|span| vec![span]).collect(),
        })
    }

    /// What `via` makes of a rule at `node`: of the destinations those that touch its routes, if it carries the tag.
    fn steered(&self, rule: &Rule, node: &Node) -> Option<Part> {
        if !rule.via.iter().any(|tag| node.tags.contains(tag)) {
            return None;
        }
        let mut destinations = Vec::new();
        for &word in &rule.dst {
            let all = self.addresses(word);
            let touches = |span: &Span| node.subnets().iter().any(|route| Span::of(route).meets(*span));
            if word != Word::Internet {
                destinations.extend(all.into_iter().filter(touches).map(|span| vec![span]));
            } else if node.is_exit_node() {
                destinations.extend(all.into_iter().map(|span| vec![span]));
            }
        }
        Some(Part {
            sources: self.sources(rule),
            destinations,
        })
    }

    /// What of the policy is in force at `node`.
    pub(crate) fn filter(&self, node: &Node) -> Filter<'_> {
        let mut parts = Vec::new();
        for rule in &self.policy.rules {
            let of_rule = [self.common(rule), self.own(rule, node), self.steered(rule, node)];
            for mut part in of_rule.into_iter().flatten() {
                part.destinations.retain(|destination| is_kept(node, destination));
                parts.push((part, &*rule.traffic));
            }
        }
        Filter { parts }
    }

    /// What decides about who sees whom at `node`: every part of every rule, nothing reduced.
    fn matchers(&self, node: &Node) -> Vec<(Vec<Span>, Vec<Span>)> {
        let rules = self.policy.rules.iter();
        let parts = rules.flat_map(|rule| {
            [
                self.common(rule),
                self.capability(rule),
                self.own(rule, node),
                self.steered(rule, node).filter(|_| !rule.traffic.is_empty()),
            ]
        });
        parts
            .flatten()
            .map(|part| (part.sources, part.destinations.concat()))
            .collect()
    }

    /// Whether the two see each other.
    pub(crate) fn are_peers(&self, a: &Node, b: &Node) -> bool {
        let both = [self.matchers(a), self.matchers(b)].concat();
        both.iter()
            .any(|matcher| may_access(a, b, matcher) || may_access(b, a, matcher))
    }

    /// The routes that `viewer` gets, by the name of the peer that leads there. Not asked of policies with `via`.
    pub(crate) fn routes(&self, viewer: &Node) -> Routes<'_> {
        let mut all = Routes::new();
        for peer in self.nodes() {
            if peer.name == viewer.name || !self.are_peers(viewer, peer) {
                continue;
            }
            // Of several with the same route the first holds it.
            let is_first = |route: &&'static str| {
                let first = self.nodes().iter().find(|node| node.subnets().contains(route));
                first.is_some_and(|first| first.name == peer.name)
            };
            let primary: Vec<_> = peer.subnets().into_iter().filter(is_first).collect();
            let also: Vec<_> = primary
                .iter()
                .filter(|route| viewer.subnets().contains(route))
                .copied()
                .collect();
            let offered = [primary, peer.exits()].concat();
            let given = offered
                .into_iter()
                .filter(|route| self.may_use(viewer, Span::of(route)));
            let routes: BTreeSet<_> = given.chain(also).collect();
            if !routes.is_empty() {
                all.insert(&peer.name, routes);
            }
        }
        all
    }

    /// Whether anything may pass between `viewer`, or what is behind it, and the network `route`.
    fn may_use(&self, viewer: &Node, route: Span) -> bool {
        let behind = spans(&viewer.subnets());
        self.matchers(viewer).iter().any(|(sources, destinations)| {
            let is_in = |set: &[Span]| {
                viewer
                    .addresses()
                    .iter()
                    .any(|&addr| set.iter().any(|span| span.has(addr)))
                    || behind.iter().any(|net| set.iter().any(|span| span.meets(*net)))
            };
            let meets = |set: &[Span]| set.iter().any(|span| span.meets(route));
            (is_in(sources) && meets(destinations)) || (meets(sources) && is_in(destinations))
        })
    }

    /// What a node may use of its addresses.
    pub(crate) fn used(&self, node: &Node) -> Vec<IpAddr> {
        let disabled = self.policy.without_v4.is_some_and(|tag| node.tags.contains(&tag));
        let addresses = node.addresses().into_iter();
        addresses.filter(|addr| !(disabled && addr.is_ipv4())).collect()
    }

    /// What of `traffic` `from` may open to the node `to`, over one family.
    pub(crate) fn opens(&self, from: &Node, to: &Node, v6: bool, traffic: &[(u8, u16)]) -> Vec<(u8, u16)> {
        if from.name == to.name || !self.are_peers(from, to) {
            return Vec::new();
        }
        let of_family = |node: &Node| -> Vec<IpAddr> {
            let used = self.used(node).into_iter();
            used.filter(|addr| addr.is_ipv6() == v6).collect()
        };
        self.opens_at(to, &of_family(from), &of_family(to), traffic)
    }

    /// What of `traffic` `from`, which was given `routes`, may open to an address that is no node's.
    pub(crate) fn opens_behind(
        &self,
        from: &Node,
        routes: &Routes<'_>,
        destination: IpAddr,
        traffic: &[(u8, u16)],
    ) -> Vec<(u8, u16)> {
        let length = |name: &str| {
            let lead = |route: &&&str| Span::of(route).has(destination);
            let lengths = routes.get(name)?.iter().filter(lead);
            lengths
                .map(|route| route.split_once('/').unwrap().1.parse::<u32>().unwrap())
                .max()
        };
        // The longest prefix, and of two the first node.
        let mut best: Option<(u32, &Node)> = None;
        for node in self.nodes() {
            if let Some(length) = length(&node.name)
                && best.is_none_or(|(other, _)| other < length)
            {
                best = Some((length, node));
            }
        }
        let Some((_, router)) = best else {
            return Vec::new();
        };
        let own = self.used(from).into_iter();
        let sources: Vec<IpAddr> = own.filter(|addr| addr.is_ipv4() == destination.is_ipv4()).collect();
        self.opens_at(router, &sources, &[destination], traffic)
    }

    fn opens_at(
        &self,
        node: &Node,
        sources: &[IpAddr],
        destinations: &[IpAddr],
        traffic: &[(u8, u16)],
    ) -> Vec<(u8, u16)> {
        let filter = self.filter(node);
        let opens = |&(protocol, port): &(u8, u16)| {
            sources.iter().any(|&source| {
                // Each family has its own ICMP.
                let strange = if source.is_ipv4() { 58 } else { 1 };
                let packet = |&destination: &IpAddr| Packet {
                    source,
                    destination,
                    protocol,
                    port,
                };
                protocol != strange
                    && destinations
                        .iter()
                        .any(|destination| filter.passes(packet(destination), Reading::Client))
            })
        };
        traffic.iter().copied().filter(opens).collect()
    }
}

/// Whether headscale leaves a destination in what it sends to `node`.
fn is_kept(node: &Node, destination: &[Span]) -> bool {
    let any = |f: &dyn Fn(Span) -> bool| destination.iter().any(|span| f(*span));
    any(&|span| node.addresses().iter().any(|&addr| span.has(addr)))
        || any(&|span| node.subnets().iter().any(|route| Span::of(route).meets(span)))
        || (node.is_exit_node()
            && destination
                .iter()
                .all(|&span| internet().iter().any(|piece| piece.encloses(span))))
}

/// Whether one node, or a network behind it, is a source, and the other, or a network behind it, a destination.
fn may_access(from: &Node, to: &Node, (sources, destinations): &(Vec<Span>, Vec<Span>)) -> bool {
    let is_in = |node: &Node, set: &[Span]| {
        let addresses = node.addresses().into_iter().map(Span::one);
        let all: Vec<Span> = addresses.chain(spans(&node.subnets())).collect();
        all.iter().any(|own| set.iter().any(|span| span.meets(*own)))
    };
    let covers = |net: Span| destinations.iter().any(|span| span.encloses(net));
    let is_internet = everything().into_iter().any(covers) || internet().into_iter().all(covers);
    is_in(from, sources) && (is_in(to, destinations) || (to.is_exit_node() && is_internet))
}

/// Whether an entry of `ip`, or the protocol and ports of an ACL, is about `packet`.
fn is_about(&(proto, ports): &Traffic, packet: Packet, reading: Reading) -> bool {
    let Packet { protocol, port, .. } = packet;
    let named = numbers(proto).contains(&protocol);
    let in_ports = ports.iter().any(|&(first, last)| first <= port && port <= last);
    match (reading, protocol) {
        (Reading::Literal, _) | (Reading::Client, 6 | 17 | 132) => named && in_ports,
        // A ping is answered wherever any rule matches the two addresses.
        (Reading::Client, 1 | 58) => true,
        (Reading::Client, _) => named && ports.contains(&(0, u16::MAX)),
    }
}

/// What a client drops before it looks at any rule: multicast and link-local.
fn is_dropped(destination: IpAddr) -> bool {
    spans(&["224.0.0.0/4", "169.254.0.0/16", "ff00::/8", "fe80::/10"])
        .iter()
        .any(|span| span.has(destination))
}
