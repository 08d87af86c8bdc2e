//! May this open that? Yes, and by which rules; or no, and what the nearest rule lacks.

use std::net::IpAddr;

use crate::net::TrafficSet;
use crate::net::packet::has_ports;
use crate::net::traffic::protocol::{ICMP, ICMPV6};
use crate::source::Span;

use super::opens::{Atlas, End, Opens};
use crate::policy::permit::{Permit, PermitId, Section};
use crate::policy::tailnet::NodeId;
use crate::policy::words::Protocol;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who opens.
    pub from: End,
    /// What is opened.
    pub to: End,
    /// Protocol and port (0 where the protocol has none); `None`: anything.
    pub traffic: Option<(u8, u16)>,
}

impl Question {
    /// The port that was asked for, as a policy has it: `*` for all, and for protocols without ports.
    #[must_use]
    pub fn port(&self) -> String {
        match self.traffic {
            Some((protocol, port)) if has_ports(protocol) => port.to_string(),
            _ => "*".to_owned(),
        }
    }

    /// What was asked, as `ip` of a grant has it; `None`: anything was.
    #[must_use]
    pub fn ip(&self) -> Option<String> {
        let (protocol, _) = self.traffic?;
        Some(format!("{}:{}", Protocol::Number(protocol), self.port()))
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// All that may be opened between the two, whatever was asked.
    pub opens: Opens,
    /// Whether what was asked may be.
    pub allowed: bool,
    /// The rules that let it pass, in headscale's order.
    pub by: Vec<Deciding>,
    /// When it may not: the rules that lack least, at most three.
    pub nearest: Vec<Miss>,
    /// The node whose filter decides; `None`: the two do not see each other, or nothing leads there.
    pub receiver: Option<NodeId>,
}

/// A rule that lets something pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// The rule.
    pub permit: PermitId,
    /// The entries of its `src` that the source is in.
    pub sources: Vec<Span>,
    /// The entries of its `dst` that the destination is in.
    pub destinations: Vec<Span>,
}

/// A rule that nearly would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The rule.
    pub permit: PermitId,
    /// What it lacks.
    pub lacks: Vec<Lack>,
}

/// What a rule lacks to let a connection pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lack {
    /// The source is in none of its `src`.
    Source,
    /// The destination is in none of its `dst`.
    Destination,
    /// The two meet in no address family.
    Family,
    /// It is not about the protocol.
    Protocol,
    /// It is not about the port.
    Port,
    /// The node that leads there carries none of the tags in `via`.
    Via,
    /// Nothing leads there: no node has an approved route, or `from` does not get it.
    Route,
}

/// Answers `question`.
#[must_use]
pub fn reach(atlas: &Atlas<'_, '_>, question: &Question) -> Answer {
    let Question { from, to, traffic } = question;
    let wanted = |opens: &Opens| match *traffic {
        None => !opens.is_empty(),
        Some((protocol, port)) => opens.v4.contains(protocol, port) || opens.v6.contains(protocol, port),
    };
    let opens = atlas.opens(from, to);
    let allowed = wanted(&opens);
    let permits = atlas.lowered().permits();
    let by = permits.ids().filter(|&permit| wanted(&atlas.by(permit, from, to)));
    let by = by.map(|permit| deciding(atlas, permit, from, to)).collect();
    Answer {
        nearest: if allowed { Vec::new() } else { nearest(atlas, question) },
        receiver: atlas.receiver(from, to),
        opens,
        allowed,
        by,
    }
}

fn deciding(atlas: &Atlas<'_, '_>, id: PermitId, from: &End, to: &End) -> Deciding {
    let lowered = atlas.lowered();
    let permit = &lowered.permits()[id];
    let resolver = lowered.resolver();
    let holds = |set: &crate::net::AddrSet, end: &End| end.addresses.iter().any(|&addr| set.contains(addr));
    let sources = lowered.sources(permit.sources);
    let named = sources.aliases.iter().zip(&*permit.source_spans);
    let in_sources = named.filter(|&(&alias, _)| {
        // Routes of other networks are sources of `*` too.
        holds(&resolver.get(alias).set, from) || *resolver.alias(alias) == crate::policy::words::Alias::Wildcard
    });
    let in_destinations = permit.destinations.iter().filter(|alias| {
        holds(&resolver.get(alias.value).set, to)
            || *resolver.alias(alias.value) == crate::policy::words::Alias::Wildcard
    });
    let own = permit.own_devices.filter(|_| {
        let owner = |end: &End| end.node.and_then(|node| lowered.index().owner(node));
        owner(from).is_some() && owner(from) == owner(to)
    });
    Deciding {
        permit: id,
        sources: in_sources.map(|(_, &span)| span).collect(),
        destinations: in_destinations.map(|alias| alias.span).chain(own).collect(),
    }
}

/// The rules that lack least.
fn nearest(atlas: &Atlas<'_, '_>, question: &Question) -> Vec<Miss> {
    let permits = atlas.lowered().permits();
    let mut misses: Vec<Miss> = permits
        .iter()
        .map(|(permit, rule)| Miss {
            permit,
            lacks: lacks(atlas, permit, rule, question),
        })
        .filter(|miss| !miss.lacks.is_empty())
        .collect();
    let least = misses.iter().map(|miss| miss.lacks.len()).min().unwrap_or_default();
    misses.retain(|miss| miss.lacks.len() == least);
    // A rule that lacks the port is nearer than one that lacks who may.
    misses.sort_by_key(|miss| std::cmp::Reverse(miss.lacks.clone()));
    misses.truncate(3);
    misses
}

fn lacks(atlas: &Atlas<'_, '_>, id: PermitId, permit: &Permit, question: &Question) -> Vec<Lack> {
    let Question { from, to, traffic } = question;
    let mut lacks = Vec::new();
    let given = atlas.receiver(from, to);
    // Where it would go if all could be seen.
    let receiver = given.or(to.node).or_else(|| {
        let anybody = End {
            node: None,
            ..from.clone()
        };
        atlas.receiver(&anybody, to)
    });
    let Some(receiver) = receiver else {
        return vec![Lack::Route];
    };
    let is_source = |addr: &&IpAddr| atlas.is_source(permit, **addr);
    let source = from.addresses.iter().any(|addr| is_source(&addr));
    let index = atlas.lowered().index();
    let tagged = permit.via.is_empty()
        || permit
            .via
            .iter()
            .any(|tag| index.nodes_tagged(tag.value.as_str()).contains(&receiver));
    let destinations = atlas.destinations(id, from, receiver);
    let destination = to.addresses.iter().any(|&addr| destinations.contains(addr));
    if !source {
        lacks.push(Lack::Source);
    }
    if !tagged {
        lacks.push(Lack::Via);
    } else if !destination {
        lacks.push(Lack::Destination);
    }
    if source && destination {
        let meets = |v4| {
            from.addresses
                .iter()
                .any(|addr| addr.is_ipv4() == v4 && is_source(&addr))
                && to
                    .addresses
                    .iter()
                    .any(|&addr| addr.is_ipv4() == v4 && destinations.contains(addr))
        };
        // Each family has its own ICMP.
        let in_v4 = traffic.is_none_or(|(protocol, _)| protocol != ICMPV6);
        let in_v6 = traffic.is_none_or(|(protocol, _)| protocol != ICMP);
        let met = (in_v4 && meets(true)) || (in_v6 && meets(false));
        if !met {
            lacks.push(Lack::Family);
        }
    }
    if let Some((protocol, port)) = *traffic {
        let passing = permit.passing();
        if passing.ports(protocol).is_none() {
            lacks.push(Lack::Protocol);
        } else if !passing.contains(protocol, port) {
            lacks.push(Lack::Port);
        }
    } else if permit.passing() == TrafficSet::EMPTY {
        lacks.push(Lack::Protocol);
    }
    if lacks.is_empty() && given.is_none() {
        lacks.push(Lack::Route);
    }
    lacks
}

/// How a policy names a node: its first tag, or its owner.
#[must_use]
pub fn word_for(atlas: &Atlas<'_, '_>, end: &End) -> String {
    let index = atlas.lowered().index();
    let address = || end.addresses.first().map(ToString::to_string).unwrap_or_default();
    let Some(node) = end.node else { return address() };
    if let Some(tag) = index.node(node).tags.first() {
        return tag.clone();
    }
    match index.owner(node).map(|user| index.user(user)) {
        Some(user) if user.email.is_empty() => format!("{}@", user.name),
        Some(user) => user.email.clone(),
        None => address(),
    }
}

/// The edit that would add what `miss` lacks, in words; `None` where no edit of that rule would.
#[must_use]
pub fn edit(atlas: &Atlas<'_, '_>, question: &Question, miss: &Miss) -> Option<String> {
    let permit = &atlas.lowered().permits()[miss.permit];
    let (from, to) = (word_for(atlas, &question.from), word_for(atlas, &question.to));
    let mut edits = Vec::new();
    let port = question.port();
    let acl = permit.section == Section::Acls;
    for lack in &miss.lacks {
        match lack {
            Lack::Source => edits.push(format!("add {from:?} to its `src`")),
            Lack::Destination | Lack::Port if acl => {
                edits.push(format!("add {:?} to its `dst`", format!("{to}:{port}")))
            }
            Lack::Destination => edits.push(format!("add {to:?} to its `dst`")),
            Lack::Port | Lack::Protocol if !acl => edits.push(format!("add {:?} to its `ip`", question.ip()?)),
            // An ACL has one protocol; a route is not the rule's to give.
            _ => return None,
        }
    }
    (!edits.is_empty()).then(|| edits.join(" and "))
}
