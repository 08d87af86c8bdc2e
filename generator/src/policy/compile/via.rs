//! `via` steering: which of several routers a node is led to (`ViaRoutesForPeer` in `hscontrol/policy/v2/policy.go`).
//!
//! headscale answers for each pair of nodes. All that its answer depends on is, for one route of one router, who the
//! viewer is among the sources of the permits that touch the route: so it is computed once, as sets of viewers.

use std::collections::HashMap;

use crate::net::AddrRange;
use crate::net::known::is_exit_route;
use crate::policy::lower::Lowered;
use crate::policy::permit::{Permit, PermitId};
use crate::policy::tailnet::{AliasId, Index, NodeId, NodeSet, RouteId};
use crate::policy::words::{Alias, Autogroup};

use super::matches::{Matcher, Matches};
use super::own::via_destinations;

/// What steers the viewers of each route.
#[derive(Debug, Default)]
pub struct Steering {
    routes: HashMap<RouteId, Steered>,
}

/// What steers the viewers of one route.
#[derive(Debug)]
pub struct Steered {
    route: RouteId,
    /// The `via` permits that touch it.
    via: Vec<PermitId>,
    /// Those for whom a permit without `via` touches it too.
    regular: NodeSet,
}

impl Steering {
    /// For all routes that `matcher` knows.
    #[must_use]
    pub fn new(lowered: &Lowered<'_>, matcher: &mut Matcher<'_, '_>) -> Self {
        let mut routes: HashMap<RouteId, Steered> = HashMap::new();
        for (id, permit) in lowered.permits().iter().filter(|(_, permit)| !permit.via.is_empty()) {
            for route in touched(lowered, matcher, permit) {
                let steered = routes.entry(route).or_insert_with(|| Steered {
                    route,
                    via: Vec::new(),
                    regular: NodeSet::empty(lowered.index().node_count()),
                });
                if steered.via.last() != Some(&id) {
                    steered.via.push(id);
                }
            }
        }
        if routes.is_empty() {
            return Self::default();
        }
        for permit in lowered.permits().values().filter(|permit| permit.via.is_empty()) {
            let viewers = &lowered.sources(permit.sources).certain;
            for destination in permit.destinations.iter().filter(|alias| counts(lowered, alias.value)) {
                for route in &matcher.alias(destination.value).touched {
                    if let Some(steered) = routes.get_mut(route) {
                        steered.regular.union_with(viewers);
                    }
                }
            }
        }
        Self { routes }
    }

    /// What steers the viewers of `route`; `None` if nothing does.
    #[must_use]
    pub fn at(&self, route: RouteId) -> Option<&Steered> {
        self.routes.get(&route)
    }
}

impl Steered {
    /// Who may use the route through `router`; `leading`: whether it is the first of those that hold it.
    ///
    /// A `via` permit leads its sources to the nodes with its tag and away from others; of several with the tag, to the
    /// first that announces the route. Where a permit without `via` touches the route as well, nobody is led away, and
    /// only the leading router gets those who are led to it.
    #[must_use]
    pub fn viewers(&self, lowered: &Lowered<'_>, matches: &Matches, router: NodeId, leading: bool) -> NodeSet {
        let index = lowered.index();
        let holders = matches.offered.nodes(self.route);
        let exit = is_exit_route(matches.offered.net(self.route));
        let none = NodeSet::empty(index.node_count());
        let (mut led, mut away, mut demoted) = (none.clone(), none.clone(), none);
        for &id in &self.via {
            let permit = &lowered.permits()[id];
            let viewers = &lowered.sources(permit.sources).certain;
            if carries(index, router, permit) {
                led.union_with(viewers);
            } else {
                away.union_with(viewers);
            }
            // Exit routes have no such election: headscale looks for them among subnet routes, where they never are.
            let first = holders.iter().find(|&&holder| carries(index, holder, permit));
            if !exit && first.is_some_and(|&first| first != router) {
                demoted.union_with(viewers);
            }
        }
        demoted.intersect_with(&led);
        led.subtract(&demoted);
        away.union_with(&demoted);
        away.subtract(&self.regular);

        let mut viewers = if leading || exit {
            let mut viewers = matches.access[self.route].clone();
            viewers.subtract(&away);
            viewers
        } else {
            NodeSet::empty(index.node_count())
        };
        if exit || !leading {
            led.subtract(&self.regular);
        }
        viewers.union_with(&led);
        if leading && !exit {
            // Those who announce the same route always see who leads.
            holders.iter().for_each(|&holder| {
                viewers.insert(holder);
            });
        }
        viewers
    }
}

/// Whether `node` carries one of the tags of `permit.via`.
fn carries(index: &Index<'_>, node: NodeId, permit: &Permit) -> bool {
    let tags = &index.node(node).tags;
    permit
        .via
        .iter()
        .any(|via| tags.iter().any(|tag| tag == via.value.as_str()))
}

/// The routes that a `via` permit speaks of: subnet routes that its destinations touch, and exit routes if the internet
/// is one of them.
fn touched(lowered: &Lowered<'_>, matcher: &Matcher<'_, '_>, permit: &Permit) -> Vec<RouteId> {
    let offered = matcher.offered();
    let (nets, internet) = via_destinations(lowered, permit);
    let subnets = nets.into_iter().flat_map(|net| offered.touching(AddrRange::of(net)));
    let mut routes: Vec<_> = subnets.filter(|&route| !is_exit_route(offered.net(route))).collect();
    if internet {
        routes.extend(offered.ids().filter(|&route| is_exit_route(offered.net(route))));
    }
    routes
}

/// Whether a destination counts where `via` is decided: it was found whole, and is not the internet
/// (`resolveViaDestinations`).
fn counts(lowered: &Lowered<'_>, alias: AliasId) -> bool {
    let resolver = lowered.resolver();
    resolver.get(alias).errors.is_empty() && *resolver.alias(alias) != Alias::Autogroup(Autogroup::Internet)
}
