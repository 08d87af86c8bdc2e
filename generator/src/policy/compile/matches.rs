//! What rules mean for who sees whom: headscale's matchers (`hscontrol/policy/matcher`), as sets of nodes and routes.
//!
//! headscale asks every pair of nodes, about every route, against every rule. Here a rule is the product of two sets of
//! nodes, and of nodes with routes; rules with the same sources are taken together.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::net::known::{ALL_V4, ALL_V6, INTERNET, TAILNET};
use crate::net::{AddrSet, AddrSetBuilder};
use crate::policy::dialect::Dialect;
use crate::policy::lower::Lowered;
use crate::policy::tailnet::{AliasId, IdSet, Index, NodeId, NodeSet, Nodes, RouteId, RouteTable, Table};

use super::filter::Filter;
use super::own::Group;
use super::sources::SourceId;
use super::stock::Reach;

/// What one side of a rule stands for.
#[derive(Clone, Debug)]
pub struct Side {
    /// The nodes that it speaks of: by address, and (where that counts) by a subnet route in force that it touches.
    pub nodes: Rc<Nodes>,
    /// The same for the question who may use a route.
    pub for_routes: Rc<Nodes>,
    /// The routes that it touches, of those offered.
    pub touched: Vec<RouteId>,
}

/// Rules with the same sources.
#[derive(Clone, Debug)]
pub struct Match {
    /// Who.
    pub from: Rc<Side>,
    /// To whom, exit nodes included where the internet is meant.
    pub to: Rc<Nodes>,
}

/// What links the nodes of a user, or one `via` node, to others: pairs of which one is such a node.
#[derive(Clone, Debug)]
pub struct OwnMatch {
    /// The nodes whose rule it is, ascending.
    pub owners: Rc<[NodeId]>,
    /// Who.
    pub from: Rc<Side>,
    /// To whom, exit nodes included where the internet is meant.
    pub to: Rc<Nodes>,
}

/// All rules as matchers.
#[derive(Debug)]
pub struct Matches {
    /// Those of the whole tailnet.
    pub shared: Vec<Match>,
    /// Those that only some nodes have.
    pub own: Vec<OwnMatch>,
    /// Who may use a route by the rules of the whole tailnet.
    pub shared_access: Table<RouteId, NodeSet>,
    /// Who may use a route by all rules.
    pub access: Table<RouteId, NodeSet>,
    /// All routes in force, exit routes too.
    pub offered: RouteTable,
}

/// Makes matchers.
#[derive(Debug)]
pub struct Matcher<'l, 'a> {
    lowered: &'l Lowered<'a>,
    filter: &'l Filter,
    offered: RouteTable,
    sources: HashMap<SourceId, Rc<Side>>,
    aliases: HashMap<Reach, Rc<Side>>,
    /// The destinations of rules that only some nodes have, by where they lie in memory: many share one set.
    sets: HashMap<*const AddrSet, Rc<Side>>,
}

impl<'l, 'a> Matcher<'l, 'a> {
    /// For the rules of `filter`.
    #[must_use]
    pub fn new(lowered: &'l Lowered<'a>, filter: &'l Filter) -> Self {
        let index = lowered.index();
        let subnets = index.routes();
        let held = subnets.ids().flat_map(|route| {
            let nodes = subnets.nodes(route).iter();
            nodes.map(move |&node| (node, subnets.net(route)))
        });
        let exits = index.exit_nodes().iter().flat_map(|node| {
            let routes = index.exit_routes(node).iter();
            routes.map(move |&net| (node, net))
        });
        Self {
            lowered,
            filter,
            offered: RouteTable::new(index.node_count(), held.chain(exits)),
            sources: HashMap::new(),
            aliases: HashMap::new(),
            sets: HashMap::new(),
        }
    }

    /// The routes in force, exit routes too.
    #[must_use]
    pub const fn offered(&self) -> &RouteTable {
        &self.offered
    }

    /// What an alias stands for as a destination.
    pub fn alias(&mut self, alias: AliasId) -> Rc<Side> {
        self.destination(Reach::Alias(alias))
    }

    /// All matchers.
    #[must_use]
    pub fn build(mut self) -> Matches {
        let count = self.index().node_count();
        let (mut order, mut reaches) = (Vec::new(), HashMap::<SourceId, (Vec<Reach>, bool)>::new());
        for rule in self.filter.rules.values() {
            let internet = self.is_internet(&rule.reach, &AddrSet::EMPTY);
            let source = rule.head.source;
            let all = reaches.entry(source).or_insert_with(|| {
                order.push(source);
                (Vec::new(), false)
            });
            all.0.extend_from_slice(&rule.reach);
            all.1 |= internet;
        }
        let mut access = Table::filled(self.offered.len(), NodeSet::empty(count));
        let mut shared = Vec::new();
        for source in order {
            let (mut reach, internet) = reaches.remove(&source).unwrap_or_default();
            reach.sort_unstable();
            reach.dedup();
            let from = self.source(source);
            let to = self.join(&reach);
            open(&mut access, &from, &to, None);
            let to = self.with_exits(&to, internet);
            shared.push(Match { from, to });
        }
        let shared_access = access.clone();
        let own = self.own(&mut access);
        Matches {
            shared,
            own,
            shared_access,
            access,
            offered: self.offered,
        }
    }

    fn index(&self) -> &'l Index<'a> {
        self.lowered.index()
    }

    fn own(&mut self, access: &mut Table<RouteId, NodeSet>) -> Vec<OwnMatch> {
        let (index, rules) = (self.index(), &self.filter.own);
        let users = rules
            .users
            .iter()
            .map(|(user, groups)| (index.nodes_of(user).into(), groups));
        let routers = rules.via.iter().map(|(node, groups)| (Rc::from([node]), groups));
        let mut own = Vec::new();
        for (owners, groups) in users.chain(routers) {
            for group in groups {
                let (from, to) = (self.source(group.head.source), self.set(&group.destinations));
                open(access, &from, &to, Some(&owners));
                let to = self.with_exits(&to, self.covers_internet(group));
                own.push(OwnMatch {
                    owners: Rc::clone(&owners),
                    from,
                    to,
                });
            }
        }
        own
    }

    fn with_exits(&self, to: &Side, internet: bool) -> Rc<Nodes> {
        if !internet {
            return Rc::clone(&to.nodes);
        }
        let mut nodes = self.index().exit_nodes().clone();
        to.nodes.add_to(&mut nodes);
        Rc::new(Nodes::from_set(self.index().node_count(), &nodes))
    }

    fn covers_internet(&self, group: &Group) -> bool {
        let shared = group.absorbed.map_or(&[][..], |rule| &self.filter.rules[rule].reach);
        self.is_internet(shared, &group.destinations)
    }

    /// Whether the destinations of a rule are taken for the internet, so that exit nodes are meant: all of one family,
    /// or all that is public (`Match.DestsIsTheInternet`). Asked of a rule as it was merged.
    fn is_internet(&self, reach: &[Reach], further: &AddrSet) -> bool {
        if self.index().exit_nodes().is_empty() {
            return false;
        }
        if reach.contains(&Reach::Everything) {
            return true;
        }
        let resolver = self.lowered.resolver();
        let sets = reach.iter().filter_map(|&reach| match reach {
            Reach::Everything => None,
            Reach::Alias(alias) => Some(&resolver.get(alias).set),
        });
        let sets = sets.chain([further]);
        // Most destinations are nodes: no union of those is the internet.
        if sets.clone().all(|set| TAILNET.is_superset(set)) {
            return false;
        }
        let mut union = AddrSetBuilder::default();
        sets.for_each(|set| union.add_set(set));
        let union = union.build();
        union.contains_net(ALL_V4) || union.contains_net(ALL_V6) || union.is_superset(&INTERNET)
    }

    fn source(&mut self, source: SourceId) -> Rc<Side> {
        if let Some(side) = self.sources.get(&source) {
            return Rc::clone(side);
        }
        let mut side = self.side(&self.filter.stock.sources.list()[source].set);
        if self.lowered.dialect() == Dialect::V0_28 {
            // A subnet router was no source on behalf of its subnets (`Node.CanAccess`).
            side.nodes = Rc::clone(&side.for_routes);
        }
        let side = Rc::new(side);
        self.sources.insert(source, Rc::clone(&side));
        side
    }

    fn destination(&mut self, reach: Reach) -> Rc<Side> {
        if let Some(side) = self.aliases.get(&reach) {
            return Rc::clone(side);
        }
        let side = Rc::new(match reach {
            Reach::Everything => self.side(&AddrSet::all()),
            Reach::Alias(alias) => self.side(&self.lowered.resolver().get(alias).set),
        });
        self.aliases.insert(reach, Rc::clone(&side));
        side
    }

    fn set(&mut self, set: &Arc<AddrSet>) -> Rc<Side> {
        // The filter keeps the set where it is as long as this lives.
        let place = Arc::as_ptr(set);
        if let Some(side) = self.sets.get(&place) {
            return Rc::clone(side);
        }
        let side = Rc::new(self.side(set));
        self.sets.insert(place, Rc::clone(&side));
        side
    }

    fn join(&mut self, reach: &[Reach]) -> Side {
        let count = self.index().node_count();
        let (mut nodes, mut for_routes) = (NodeSet::empty(count), NodeSet::empty(count));
        let mut touched = IdSet::empty(self.offered.len());
        for &reach in reach {
            let side = self.destination(reach);
            side.nodes.add_to(&mut nodes);
            side.for_routes.add_to(&mut for_routes);
            side.touched.iter().for_each(|&route| {
                touched.insert(route);
            });
        }
        Side {
            nodes: Rc::new(Nodes::from_set(count, &nodes)),
            for_routes: Rc::new(Nodes::from_set(count, &for_routes)),
            touched: touched.iter().collect(),
        }
    }

    /// The nodes and routes that a set of addresses speaks of.
    fn side(&self, set: &AddrSet) -> Side {
        let index = self.index();
        let by_address: Vec<NodeId> = set.ranges().flat_map(|range| index.nodes_in_range(range)).collect();
        let (mut nodes, mut touched) = (by_address.clone(), Vec::new());
        for range in set.ranges() {
            touched.extend(self.offered.touching(range));
            for route in index.routes().touching(range) {
                nodes.extend_from_slice(index.routes().nodes(route));
            }
        }
        touched.sort_unstable();
        touched.dedup();
        let nodes = Rc::new(Nodes::of(index.node_count(), nodes));
        Side {
            // 0.28 asked for addresses alone (`Node.CanAccessRoute`).
            for_routes: if self.lowered.dialect() == Dialect::V0_28 {
                Rc::new(Nodes::of(index.node_count(), by_address))
            } else {
                Rc::clone(&nodes)
            },
            nodes,
            touched,
        }
    }
}

/// Lets `from` use the routes that `to` touches, and `to` those that `from` touches: traffic goes both ways
/// (`Node.CanAccessRoute`). If given, only `owners`.
fn open(access: &mut Table<RouteId, NodeSet>, from: &Side, to: &Side, owners: Option<&[NodeId]>) {
    for (viewers, routes) in [(&from.for_routes, &to.touched), (&to.for_routes, &from.touched)] {
        for &route in routes {
            match owners {
                None => viewers.add_to(&mut access[route]),
                Some(owners) => owners
                    .iter()
                    .filter(|&&owner| viewers.contains(owner))
                    .for_each(|&owner| {
                        access[route].insert(owner);
                    }),
            }
        }
    }
}
