//! The user's rules, one unit for each thing that a rule says of a destination.

use ipnet::IpNet;

use crate::net::packet::DEFAULT_PROTOCOLS;
use crate::net::{Ranges, TrafficSet};
use crate::policy::document::{Capability, Document};
use crate::policy::permit::Section;
use crate::policy::words::{Alias, Autogroup, PortRange, Protocol, TagName};
use crate::source::{Span, Spanned};

use super::subject::Own;

/// A grant, or what an ACL says of one of its destinations: as headscale takes them.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    /// The whole rule.
    pub(super) rule: Span,
    /// The section the rule stands in.
    pub(super) section: Section,
    /// The rule's position in its section.
    pub(super) position: usize,
    /// `src`
    pub(super) src: &'a [Spanned<Alias>],
    /// `dst`: all of a grant's, one of an ACL's.
    pub(super) dst: Vec<(&'a Alias, Span)>,
    /// What it says of protocols and ports, literally. Where it has no ports, ICMP and others have all.
    pub(super) traffic: TrafficSet,
    /// `app`
    pub(super) app: Option<&'a [Capability]>,
    /// `via`
    pub(super) via: &'a [Spanned<TagName>],
}

impl Unit<'_> {
    /// Whether it lets everybody open everything to everybody in the tailnet.
    pub(super) fn is_accept_all(&self) -> bool {
        let everybody = |alias: &Alias| matches!(alias, Alias::Wildcard | Alias::Autogroup(Autogroup::DangerAll));
        self.via.is_empty()
            && self.src.iter().any(|alias| everybody(&alias.value))
            && self.dst.iter().any(|(alias, _)| **alias == Alias::Wildcard)
            && self.traffic.is_superset(&literal(Protocol::Any, &[PortRange::ALL]))
    }

    /// The order in which headscale takes rules.
    pub(super) fn order(&self) -> (Section, usize) {
        (self.section, self.position)
    }
}

/// The user's own rules of `document`.
pub(super) fn units(document: &Document, own: Own) -> Vec<Unit<'_>> {
    let mut units = Vec::new();
    for (position, grant) in document.grants.iter().flatten().enumerate().take(own.grants) {
        let traffic = grant
            .ip
            .iter()
            .map(|entry| literal(entry.value.protocol, &entry.value.ports));
        units.push(Unit {
            rule: grant.span,
            section: Section::Grants,
            position,
            src: &grant.src,
            dst: grant.dst.iter().map(|alias| (&alias.value, alias.span)).collect(),
            traffic: traffic.fold(TrafficSet::EMPTY, |all, one| all.union(&one)),
            app: grant.app.as_deref(),
            via: &grant.via,
        });
    }
    for (position, acl) in document.acls.iter().flatten().enumerate().take(own.acls) {
        units.extend(acl.dst.iter().map(|destination| Unit {
            rule: acl.span,
            section: Section::Acls,
            position,
            src: &acl.src,
            dst: vec![(&destination.value.alias, destination.span)],
            traffic: literal(acl.proto, &destination.value.ports),
            app: None,
            via: &[],
        }));
    }
    units
}

/// Protocols and ports as headscale sends them. Where no protocol is named, ICMP is in it whatever the ports.
fn literal(protocol: Protocol, ports: &[PortRange]) -> TrafficSet {
    let mut all = Ranges::EMPTY;
    for range in ports {
        all = all.union(&Ranges::range(range.first, range.last));
    }
    match protocol {
        Protocol::Any => TrafficSet::new(DEFAULT_PROTOCOLS, &all),
        Protocol::Number(number) => TrafficSet::new([number], &all),
    }
}

/// Somebody, by whichever of several words: hosts are the networks that they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who<'a> {
    /// `*`
    Anybody,
    /// `alice@`
    User(&'a str),
    /// `group:x`
    Group(&'a str),
    /// `tag:x`
    Tag(&'a str),
    /// An address, a network, a host.
    Net(IpNet),
    /// An autogroup.
    Autogroup(Autogroup),
}
