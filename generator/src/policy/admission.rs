//! What one node lets in by one permit: the question behind every "who reaches whom".
//!
//! [`super::compile`] answers for all nodes at once, in headscale's words. This is the same, for one node and one
//! permit, as sets: the rule that headscale would send the node, cut down to what is local to it, since the client
//! drops the rest. What of the traffic passes says [`Permit::passing`].

use crate::net::known::INTERNET;
use crate::net::{AddrRange, AddrSet, AddrSetBuilder};

use super::dialect::Dialect;
use super::lower::Lowered;
use super::permit::{Permit, Section, Sources};
use super::tailnet::{AliasId, Index, NodeId};
use super::words::{Alias, Autogroup};

/// Who may reach what on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Who, as headscale writes it into the rule: with `*` among the sources the subnet routes in force too.
    pub sources: AddrSet,
    /// What, of all that is local to the node: its addresses and the routes that it is approved for.
    pub destinations: AddrSet,
}

impl Lowered<'_> {
    /// What `node` lets in by `permit`: nothing, one admission, or two if the permit speaks of `autogroup:self` beside
    /// other destinations. None has an empty side. Capabilities let nothing in.
    #[must_use]
    pub fn admissions(&self, permit: &Permit, node: NodeId) -> Vec<Admission> {
        if permit.traffic.iter().all(|entry| entry.value.ports.is_empty()) {
            return Vec::new();
        }
        let sources = self.sources(permit.sources);
        let mut found = Vec::new();
        if permit.via.is_empty() {
            found.push(Admission {
                sources: self.rule_sources(sources),
                destinations: self.kept(permit, node),
            });
            if let Some(user) = permit.own_devices.and_then(|_| self.index().owner(node)) {
                found.push(Admission {
                    sources: self.index().addresses(self.own_sources(permit, user)),
                    destinations: self.index().addresses([node]),
                });
            }
        } else if permit
            .via
            .iter()
            .any(|tag| self.index().nodes_tagged(tag.value.as_str()).contains(&node))
        {
            found.push(Admission {
                sources: self.rule_sources(sources),
                destinations: self.kept_by_via(permit, node),
            });
        }
        found.retain(|admission| !admission.sources.is_empty() && !admission.destinations.is_empty());
        found
    }

    /// The addresses in `SrcIPs`.
    #[must_use]
    pub fn rule_sources(&self, sources: &Sources) -> AddrSet {
        if !sources.wildcard || self.dialect() == Dialect::V0_28 {
            return sources.set.clone();
        }
        let routes = self.index().routes();
        let nets = routes.ids().map(|route| routes.net(route));
        // A route with host bits is written but cannot be read back.
        sources.set.union(&nets.filter(|net| net.trunc() == *net).collect())
    }

    /// What of the destinations of a permit without `via` `node` keeps (`ReduceFilterRules`), as far as it is local;
    /// `autogroup:self` apart.
    #[must_use]
    pub fn kept(&self, permit: &Permit, node: NodeId) -> AddrSet {
        let index = self.index();
        let mut kept = AddrSetBuilder::default();
        for destination in &permit.destinations {
            let whole = self.destination(permit, destination.value);
            let mut add = |local: &AddrSet| kept.add_set(&whole.intersection(local));
            add(&index.addresses([node]));
            add(&subnets(index, node));
            if index.exit_nodes().contains(node) {
                let blocks = self.blocks_kept(permit, destination.value, node);
                kept.add_set(&blocks.intersection(&exits(index, node)));
            }
        }
        kept.build()
    }

    /// The prefixes of a destination that an exit node keeps: those in the internet, and those that hold anything else of
    /// the node, even where they reach further.
    fn blocks_kept(&self, permit: &Permit, alias: AliasId, node: NodeId) -> AddrSet {
        let own = self.index().addresses([node]).union(&subnets(self.index(), node));
        let set = self.destination(permit, alias);
        if self.dialect() == Dialect::V0_28 {
            // There an exit route kept all that it touches.
            return set;
        }
        if self.is_everything(permit, alias) {
            return if own.is_empty() { AddrSet::EMPTY } else { set };
        }
        let blocks = set.prefixes().map(AddrRange::of);
        let kept = blocks.filter(|&block| own.overlaps_range(block) || INTERNET.contains_range(block));
        let mut builder = AddrSetBuilder::default();
        kept.for_each(|block| builder.add_range(block));
        builder.build()
    }

    fn kept_by_via(&self, permit: &Permit, node: NodeId) -> AddrSet {
        let (index, resolver) = (self.index(), self.resolver());
        let local = subnets(index, node);
        let mut kept = AddrSetBuilder::default();
        for destination in &permit.destinations {
            let resolved = resolver.get(destination.value);
            if *resolver.alias(destination.value) == Alias::Autogroup(Autogroup::Internet) {
                kept.add_set(&INTERNET.intersection(&exits(index, node)));
            } else if resolved.errors.is_empty() {
                let blocks = resolved.set.prefixes().map(AddrRange::of);
                blocks
                    .filter(|&block| local.overlaps_range(block))
                    .for_each(|block| kept.add_range(block));
            }
        }
        kept.build().intersection(&index.local(node))
    }

    fn is_everything(&self, permit: &Permit, alias: AliasId) -> bool {
        let all = permit.section == Section::Absent || self.dialect() != Dialect::V0_28;
        all && *self.resolver().alias(alias) == Alias::Wildcard
    }

    fn destination(&self, permit: &Permit, alias: AliasId) -> AddrSet {
        if self.is_everything(permit, alias) {
            AddrSet::all()
        } else {
            self.resolver().get(alias).set.clone()
        }
    }
}

impl Index<'_> {
    /// What is local to `node`, so that its client lets it in at all: its addresses and its routes in force. (Of an exit
    /// route the client leaves out the networks that the machine itself is in; those nobody knows here.)
    #[must_use]
    pub fn local(&self, node: NodeId) -> AddrSet {
        self.addresses([node])
            .union(&subnets(self, node))
            .union(&exits(self, node))
    }
}

fn subnets(index: &Index<'_>, node: NodeId) -> AddrSet {
    let routes = index.routes();
    let mut subnets = AddrSetBuilder::default();
    routes
        .of(node)
        .iter()
        .for_each(|&route| subnets.add_range(routes.range(route)));
    subnets.build()
}

/// All addresses of the families that `node` has exit routes of.
fn exits(index: &Index<'_>, node: NodeId) -> AddrSet {
    index.exit_routes(node).iter().copied().collect()
}
