//! Whether what has to pass does: flows against the policy in its normal form.

use std::cell::RefCell;
use std::collections::HashMap;

use super::model::{Flow, Model};
use crate::net::TrafficSet;
use crate::policy::lower::Lowered;
use crate::policy::permit::{Permit, PermitId};
use crate::policy::tailnet::{Id as _, NodeId, NodeSet};

/// What every permit lets pass to whom, looked up once.
pub(crate) struct Coverage<'a> {
    lowered: &'a Lowered<'a>,
    count: usize,
    /// Permits that open traffic between nodes.
    permits: Vec<Opening>,
    /// For each node, which entries of `permits` reach it.
    reaching: Vec<Vec<u32>>,
    /// Who may open something by a list of permits: many nodes are reached by the same ones.
    openers: RefCell<HashMap<Vec<PermitId>, NodeSet>>,
    /// What may be opened by a list of permits.
    traffic: RefCell<HashMap<Vec<u32>, TrafficSet>>,
}

/// A permit that opens traffic between nodes.
struct Opening {
    permit: PermitId,
    passing: TrafficSet,
    /// Whom every source reaches.
    named: NodeSet,
    /// Whom some source reaches: those of `autogroup:self` too.
    reached: NodeSet,
}

/// Something that has to pass and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// Who would open it: a position in the tailnet's nodes.
    pub(crate) from: usize,
    /// Who would be reached.
    pub(crate) to: usize,
    /// The protocol.
    pub(crate) protocol: u8,
    /// The port.
    pub(crate) port: u16,
}

impl<'a> Coverage<'a> {
    /// Looks `lowered` up. Permits with `via` are for networks behind nodes, not for nodes.
    pub(crate) fn new(model: &Model, lowered: &'a Lowered<'a>) -> Self {
        let count = model.tailnet.nodes.len();
        let mut permits = Vec::new();
        for (id, permit) in lowered.permits().iter() {
            let passing = permit.passing();
            if permit.via.is_empty() && !passing.is_empty() {
                let named = named(lowered, permit, count);
                permits.push(Opening {
                    permit: id,
                    passing,
                    reached: with_own_devices(named.clone(), lowered, permit),
                    named,
                });
            }
        }
        let mut reaching = vec![Vec::new(); count];
        for (opening, number) in permits.iter().zip(0_u32..) {
            for node in opening.reached.iter() {
                if let Some(reaching) = reaching.get_mut(node.index()) {
                    reaching.push(number);
                }
            }
        }
        Self {
            lowered,
            count,
            permits,
            reaching,
            openers: RefCell::new(HashMap::new()),
            traffic: RefCell::new(HashMap::new()),
        }
    }

    /// The first part of `flow` that does not pass. The ends of a range of ports stand for it. `autogroup:self` is left
    /// out: what has to pass is between machines, which have tags.
    pub(crate) fn missing(&self, flow: &Flow) -> Option<Missing> {
        for ports in &flow.ports {
            for port in [ports.first.get(), ports.last.get()] {
                let protocol = ports.transport.number();
                if let Some((from, to)) = self.missing_at(flow, protocol, port) {
                    return Some(Missing {
                        from,
                        to,
                        protocol,
                        port,
                    });
                }
            }
        }
        None
    }

    fn missing_at(&self, flow: &Flow, protocol: u8, port: u16) -> Option<(usize, usize)> {
        for &to in &flow.to {
            let here = self.reaching.get(to).into_iter().flatten();
            let here = here.filter_map(|&number| self.permits.get(number as usize));
            let here: Vec<PermitId> = here
                .filter(|opening| opening.named.contains(NodeId::new(to)) && opening.passing.contains(protocol, port))
                .map(|opening| opening.permit)
                .collect();
            let mut openers = self.openers.borrow_mut();
            let openers = openers.entry(here).or_insert_with_key(|here| self.openers_of(here));
            // A node reaches itself without the policy.
            let missing = flow
                .from
                .iter()
                .find(|&&from| from != to && !openers.contains(NodeId::new(from)));
            if let Some(&from) = missing {
                return Some((from, to));
            }
        }
        None
    }

    fn openers_of(&self, permits: &[PermitId]) -> NodeSet {
        let mut openers = NodeSet::empty(self.count);
        for &id in permits {
            let permit = &self.lowered.permits()[id];
            openers.union_with(&self.lowered.sources(permit.sources).nodes);
        }
        openers
    }

    /// What peers may open to `node`, a position in the tailnet's nodes.
    pub(crate) fn inbound(&self, node: usize) -> TrafficSet {
        let Some(reaching) = self.reaching.get(node) else {
            return TrafficSet::EMPTY;
        };
        if let Some(known) = self.traffic.borrow().get(reaching) {
            return known.clone();
        }
        let permits = reaching.iter().filter_map(|&number| self.permits.get(number as usize));
        let traffic = permits.fold(TrafficSet::EMPTY, |all, opening| all.union(&opening.passing));
        self.traffic.borrow_mut().insert(reaching.clone(), traffic.clone());
        traffic
    }
}

/// The nodes that `permit` names as destinations.
fn named(lowered: &Lowered<'_>, permit: &Permit, count: usize) -> NodeSet {
    let mut named = NodeSet::empty(count);
    for destination in &permit.destinations {
        named.union_with(&lowered.resolver().get(destination.value).nodes);
    }
    named
}

/// `nodes`, and those that `permit` reaches by `autogroup:self`.
fn with_own_devices(mut nodes: NodeSet, lowered: &Lowered<'_>, permit: &Permit) -> NodeSet {
    if permit.own_devices.is_some() {
        let index = lowered.index();
        for (id, _) in index.nodes() {
            let owner = index.owner(id);
            if owner.is_some_and(|user| lowered.own_sources(permit, user).next().is_some()) {
                nodes.insert(id);
            }
        }
    }
    nodes
}
