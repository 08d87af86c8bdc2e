//! `packetFilter`: the rules that a node's client filters by (`hscontrol/policy/v2/{compiled,filter}.go`).
//!
//! A rule here is what headscale merges into one: the same `SrcIPs` and protocol. It is made of parts, one for each
//! (destination, ports) of a permit. Rules stand in the order in which headscale first meets them; whether a node
//! keeps any part of them does not matter for that. Nodes with `autogroup:self` or `via` rules of their own
//! ([`super::own`]) have these woven in.

use crate::policy::lower::Lowered;
use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Index, NodeId, Table};

use super::assemble::assemble;
use super::own::{Group, OwnRules};
use super::sources::SourceId;
use super::stock::{CapsId, PortsId, Reach, Stock};
use super::targets::{CapTargetId, Kept, PortTargetId};
use super::text::{push_list, push_net};

id! {
    /// A rule of the whole tailnet: its index in [`Filter`], which is its place among the others.
    RuleId
}
/// Where headscale first meets a rule: the permit, then the place in it.
pub type Position = (u32, u32);

/// What a rule lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Traffic of protocols.
    Traffic(Protocols),
    /// Capabilities.
    Caps(CapsId),
}

/// `IPProto`: one or two numbers, or none, which stands for the client's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocols {
    /// Absent.
    Default,
    /// One.
    One(u8),
    /// Two: 0.28 wrote out what it meant.
    Two(u8, u8),
}

/// What all nodes see of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Where it stands.
    pub position: Position,
    /// `SrcIPs`
    pub source: SourceId,
    /// What it lets in.
    pub kind: Kind,
}

/// Destinations of a rule.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// `DstPorts`: each destination with each port.
    Ports(PortTargetId, PortsId),
    /// Entries of `CapGrant`.
    Caps(CapTargetId),
}

/// A rule of the whole tailnet.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What all nodes see of it.
    pub head: Head,
    /// What it is made of.
    pub parts: Vec<Part>,
    /// Whom it lets in to.
    pub reach: Vec<Reach>,
}

/// What a node keeps of one part.
#[derive(Clone, Copy, Debug)]
struct Piece {
    rule: RuleId,
    part: Part,
    kept: Kept,
}

/// All packet filters of a tailnet.
#[derive(Clone, Debug)]
pub struct Filter {
    /// What rules are made of.
    pub stock: Stock,
    /// The rules of the whole tailnet.
    pub rules: Table<RuleId, Rule>,
    /// The rules that only some nodes have.
    pub own: OwnRules,
    by_node: Table<NodeId, Vec<Piece>>,
}

impl Filter {
    /// The filters of all nodes.
    #[must_use]
    pub fn new(lowered: &Lowered<'_>) -> Self {
        let (stock, rules, own) = assemble(lowered);
        let mut by_node = Table::filled(lowered.index().node_count(), Vec::new());
        for (rule, made) in rules.iter() {
            for &part in &made.parts {
                let hits = match part {
                    Part::Ports(target, _) => &stock.port_targets[target].hits,
                    Part::Caps(target) => stock.cap_targets[target].hits(),
                };
                for (node, kept) in hits.iter() {
                    by_node[node].push(Piece { rule, part, kept });
                }
            }
        }
        Self {
            stock,
            rules,
            own,
            by_node,
        }
    }

    /// Appends the filter of `node`.
    pub fn write(&self, out: &mut Vec<u8>, index: &Index<'_>, node: NodeId) {
        let pieces = &self.by_node[node];
        let writer = RuleWriter {
            filter: self,
            index,
            node,
        };
        let groups = self.own.of(index, node);
        out.push(b'[');
        let begin = out.len();
        let mut groups = groups.iter().peekable();
        let own = self.own.absorbed(index, node);
        for run in pieces.chunk_by(|a, b| a.rule == b.rule) {
            let Some(rule) = run.first().map(|piece| piece.rule) else {
                continue;
            };
            if own.binary_search(&rule).is_ok() {
                continue;
            }
            let head = self.rules[rule].head;
            while let Some(group) = groups.next_if(|group| group.head.position < head.position) {
                writer.group(out, begin, pieces, group);
            }
            writer.rule(out, begin, head, run.iter().map(|piece| (piece.part, piece.kept)));
        }
        for group in groups {
            writer.group(out, begin, pieces, group);
        }
        out.push(b']');
    }
}

/// Writes the rules of one node.
struct RuleWriter<'f> {
    filter: &'f Filter,
    index: &'f Index<'f>,
    node: NodeId,
}

impl RuleWriter<'_> {
    /// A rule of the node's own, together with what it keeps of the tailnet's rule that headscale merges it with.
    fn group(&self, out: &mut Vec<u8>, begin: usize, pieces: &[Piece], group: &Group) {
        let shared = group.absorbed.map_or(&[][..], |rule| {
            let from = pieces.partition_point(|piece| piece.rule < rule);
            let rest = pieces.get(from..).unwrap_or_default();
            let to = rest.partition_point(|piece| piece.rule == rule);
            rest.get(..to).unwrap_or_default()
        });
        let shared = shared.iter().map(|piece| (piece.part, piece.kept));
        let own = group.parts.iter().filter_map(|&part| {
            let hits = match part {
                Part::Ports(target, _) => &self.filter.stock.port_targets[target].hits,
                Part::Caps(target) => self.filter.stock.cap_targets[target].hits(),
            };
            hits.of(self.node).map(|kept| (part, kept))
        });
        let mut parts = shared.chain(own).peekable();
        if parts.peek().is_some() {
            self.rule(out, begin, group.head, parts);
        }
    }

    fn rule(&self, out: &mut Vec<u8>, begin: usize, head: Head, parts: impl Iterator<Item = (Part, Kept)>) {
        if out.len() > begin {
            out.push(b',');
        }
        out.extend_from_slice(br#"{"SrcIPs":"#);
        out.extend_from_slice(&self.filter.stock.sources.list()[head.source].text);
        match head.kind {
            Kind::Traffic(protocols) => {
                out.extend_from_slice(br#","DstPorts":["#);
                let begin = out.len();
                for (part, kept) in parts {
                    if let Part::Ports(target, ports) = part {
                        self.ports(out, begin, target, ports, kept);
                    }
                }
                out.push(b']');
                push_protocols(out, protocols);
            }
            Kind::Caps(caps) => {
                out.extend_from_slice(br#","CapGrant":["#);
                let begin = out.len();
                for (part, kept) in parts {
                    if let Part::Caps(target) = part {
                        self.caps(out, begin, target, caps, kept);
                    }
                }
                out.push(b']');
            }
        }
        out.push(b'}');
    }

    fn ports(&self, out: &mut Vec<u8>, begin: usize, target: PortTargetId, ports: PortsId, kept: Kept) {
        let target = &self.filter.stock.port_targets[target];
        for &entry in target.hits.entries(kept) {
            for port in &self.filter.stock.ports[ports] {
                if out.len() > begin {
                    out.push(b',');
                }
                out.extend_from_slice(target.heads.get(entry as usize));
                out.extend_from_slice(port);
            }
        }
    }

    fn caps(&self, out: &mut Vec<u8>, begin: usize, target: CapTargetId, caps: CapsId, kept: Kept) {
        for list in self.filter.stock.cap_targets[target].lists(self.index, self.node, kept) {
            if out.len() > begin {
                out.push(b',');
            }
            out.extend_from_slice(br#"{"Dsts":"#);
            push_list(out, list, |out, net| {
                out.push(b'"');
                push_net(out, net);
                out.push(b'"');
            });
            out.extend_from_slice(br#","CapMap":"#);
            out.extend_from_slice(&self.filter.stock.caps[caps]);
            out.push(b'}');
        }
    }
}

fn push_protocols(out: &mut Vec<u8>, protocols: Protocols) {
    let (first, second) = match protocols {
        Protocols::Default => return,
        Protocols::One(first) => (first, None),
        Protocols::Two(first, second) => (first, Some(second)),
    };
    out.extend_from_slice(br#","IPProto":"#);
    push_list(out, std::iter::once(first).chain(second), |out, number| {
        super::text::push_number(out, number.into());
    });
}
