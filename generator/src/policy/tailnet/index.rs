//! A tailnet, sorted so that every question a policy asks is a look-up.

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::net::known::is_exit_route;
use crate::net::{AddrRange, AddrSet, AddrSetBuilder};

use super::id::{Id, NodeId, Table, UserId};
use super::id_set::NodeSet;
use super::routes::RouteTable;
use super::{Node, Tailnet, User};

/// A tailnet with its indexes.
#[derive(Clone, Debug)]
pub struct Index<'a> {
    tailnet: &'a Tailnet,
    /// Sorted by address.
    v4: Vec<(u32, NodeId)>,
    v6: Vec<(u128, NodeId)>,
    by_tag: HashMap<&'a str, Vec<NodeId>>,
    by_user: Table<UserId, Vec<NodeId>>,
    tagged: NodeSet,
    untagged: NodeSet,
    /// The first user with each provider identifier.
    providers: HashMap<&'a str, UserId>,
    /// Users by email and by name; a user whose two are the same counts once.
    names: HashMap<&'a str, Vec<UserId>>,
    routes: RouteTable,
    exit_routes: Table<NodeId, Vec<IpNet>>,
    exit_nodes: NodeSet,
}

/// Whom a user's name in a policy means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserMatch<'a> {
    /// Exactly this one.
    One(UserId),
    /// Nobody.
    Unknown,
    /// Several, in the order of the tailnet.
    Ambiguous(&'a [UserId]),
}

impl<'a> Index<'a> {
    /// Indexes `tailnet`.
    #[must_use]
    pub fn new(tailnet: &'a Tailnet) -> Self {
        let count = tailnet.nodes.len();
        let mut index = Self {
            tailnet,
            v4: Vec::with_capacity(count),
            v6: Vec::with_capacity(count),
            by_tag: HashMap::new(),
            by_user: Table::filled(tailnet.users.len(), Vec::new()),
            tagged: NodeSet::empty(count),
            untagged: NodeSet::empty(count),
            providers: HashMap::new(),
            names: HashMap::new(),
            routes: RouteTable::new(count, effective(tailnet, |net| !is_exit_route(net))),
            exit_routes: Table::filled(count, Vec::new()),
            exit_nodes: NodeSet::empty(count),
        };
        for (position, node) in tailnet.nodes.iter().enumerate() {
            index.add_node(NodeId::new(position), node);
        }
        for (node, net) in effective(tailnet, is_exit_route) {
            index.exit_routes[node].push(net);
            index.exit_nodes.insert(node);
        }
        for (position, user) in tailnet.users.iter().enumerate() {
            index.add_user(UserId::new(position), user);
        }
        index.v4.sort_unstable();
        index.v6.sort_unstable();
        index
    }

    fn add_node(&mut self, id: NodeId, node: &'a Node) {
        self.v4.extend(node.v4.map(|addr| (u32::from(addr), id)));
        self.v6.extend(node.v6.map(|addr| (u128::from(addr), id)));
        for tag in &node.tags {
            let nodes = self.by_tag.entry(tag).or_default();
            if nodes.last() != Some(&id) {
                nodes.push(id);
            }
        }
        if !node.tags.is_empty() {
            self.tagged.insert(id);
            return;
        }
        self.untagged.insert(id);
        if let Some(user) = node.user.filter(|&user| user < self.by_user.len()) {
            self.by_user[UserId::new(user)].push(id);
        }
    }

    fn add_user(&mut self, id: UserId, user: &'a User) {
        if !user.provider_id.is_empty() {
            self.providers.entry(&user.provider_id).or_insert(id);
        }
        self.names.entry(&user.email).or_default().push(id);
        if user.name != user.email {
            self.names.entry(&user.name).or_default().push(id);
        }
    }

    /// The tailnet itself.
    #[must_use]
    pub const fn tailnet(&self) -> &'a Tailnet {
        self.tailnet
    }

    /// How many nodes there are.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.tailnet.nodes.len()
    }

    /// All nodes.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &'a Node)> + use<'a> {
        self.tailnet
            .nodes
            .iter()
            .enumerate()
            .map(|(position, node)| (NodeId::new(position), node))
    }

    /// One node.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a NodeId is a position in this list")]
    pub fn node(&self, id: NodeId) -> &'a Node {
        &self.tailnet.nodes[id.index()]
    }

    /// One user.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a UserId is a position in this list")]
    pub fn user(&self, id: UserId) -> &'a User {
        &self.tailnet.users[id.index()]
    }

    /// The user who owns `node`; `None` for a tagged one.
    #[must_use]
    pub fn owner(&self, node: NodeId) -> Option<UserId> {
        let owned = self.node(node);
        let user = owned.user.filter(|&user| user < self.by_user.len())?;
        owned.tags.is_empty().then(|| UserId::new(user))
    }

    /// The untagged nodes of `user`, ascending.
    #[must_use]
    pub fn nodes_of(&self, user: UserId) -> &[NodeId] {
        &self.by_user[user]
    }

    /// The nodes that carry `tag`, ascending.
    #[must_use]
    pub fn nodes_tagged(&self, tag: &str) -> &[NodeId] {
        self.by_tag.get(tag).map_or(&[], Vec::as_slice)
    }

    /// All nodes that carry a tag.
    #[must_use]
    pub const fn tagged(&self) -> &NodeSet {
        &self.tagged
    }

    /// All nodes that carry none.
    #[must_use]
    pub const fn untagged(&self) -> &NodeSet {
        &self.untagged
    }

    /// The subnet routes in force: announced, approved, no exit route (`Node.SubnetRoutes` in
    /// `hscontrol/types/node.go`).
    #[must_use]
    pub const fn routes(&self) -> &RouteTable {
        &self.routes
    }

    /// The exit routes of `node` in force, in the order announced (`Node.ExitRoutes`).
    #[must_use]
    pub fn exit_routes(&self, node: NodeId) -> &[IpNet] {
        &self.exit_routes[node]
    }

    /// The nodes that have any (`Node.IsExitNode`).
    #[must_use]
    pub const fn exit_nodes(&self) -> &NodeSet {
        &self.exit_nodes
    }

    /// The addresses of `nodes`: IPv4 and IPv6 of each.
    #[must_use]
    pub fn addresses(&self, nodes: impl IntoIterator<Item = NodeId>) -> AddrSet {
        let mut builder = AddrSetBuilder::default();
        for node in nodes {
            self.node(node).addresses().for_each(|addr| builder.add(addr));
        }
        builder.build()
    }

    /// The nodes with an address in `range`, in the order of addresses.
    pub fn nodes_in_range(&self, range: AddrRange) -> impl Iterator<Item = NodeId> + '_ {
        let (v4, v6): (&[_], &[_]) = match range {
            AddrRange::V4(first, last) => (between(&self.v4, first, last), &[]),
            AddrRange::V6(first, last) => (&[], between(&self.v6, first, last)),
        };
        v4.iter().map(|entry| entry.1).chain(v6.iter().map(|entry| entry.1))
    }

    /// The nodes with an address in `set`.
    #[must_use]
    pub fn nodes_in(&self, set: &AddrSet) -> NodeSet {
        NodeSet::of(
            self.node_count(),
            set.ranges().flat_map(|range| self.nodes_in_range(range)),
        )
    }

    /// Whom `name` means: a provider identifier that is exactly it, before all else; otherwise the one user whose
    /// email or name it is. One trailing `@` does not count (`Username.resolveUser` in
    /// `hscontrol/policy/v2/types.go`).
    #[must_use]
    pub fn find_user(&self, name: &str) -> UserMatch<'_> {
        let name = name.strip_suffix('@').unwrap_or(name);
        if let Some(&user) = self.providers.get(name) {
            return UserMatch::One(user);
        }
        match self.names.get(name).map(Vec::as_slice) {
            None | Some([]) => UserMatch::Unknown,
            Some(&[user]) => UserMatch::One(user),
            Some(users) => UserMatch::Ambiguous(users),
        }
    }
}

impl Node {
    /// Its addresses, IPv4 first.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + use<> {
        self.v4.map(IpAddr::V4).into_iter().chain(self.v6.map(IpAddr::V6))
    }
}

/// The routes that are announced and approved, of the kind wanted, in the order announced.
fn effective(tailnet: &Tailnet, wanted: impl Fn(IpNet) -> bool) -> impl Iterator<Item = (NodeId, IpNet)> {
    tailnet.nodes.iter().enumerate().flat_map(move |(position, node)| {
        let routes = node.announced.iter().copied();
        let effective = routes.filter(|&net| wanted(net) && node.approved.contains(&net));
        effective.map(|net| (NodeId::new(position), net)).collect::<Vec<_>>()
    })
}

/// The entries with a key in `first..=last` of a sorted list.
fn between<T: Copy + Ord>(sorted: &[(T, NodeId)], first: T, last: T) -> &[(T, NodeId)] {
    let from = sorted.partition_point(|entry| entry.0 < first);
    let rest = sorted.get(from..).unwrap_or_default();
    let to = rest.partition_point(|entry| entry.0 <= last);
    rest.get(..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: u64, name: &str, email: &str, provider: &str) -> User {
        User {
            id,
            name: name.into(),
            email: email.into(),
            provider_id: provider.into(),
        }
    }

    fn node(user: Option<usize>, tags: &[&str], last: u8) -> Node {
        Node {
            name: format!("n{last}"),
            user,
            tags: tags.iter().map(ToString::to_string).collect(),
            v4: Some([100, 64, 0, last].into()),
            v6: Some([0xfd7a, 0x115c, 0xa1e0, 0, 0, 0, 0, u16::from(last)].into()),
            ..Node::default()
        }
    }

    #[test]
    fn a_provider_identifier_goes_before_names() {
        let tailnet = Tailnet {
            users: vec![
                user(1, "alice", "alice@example.org", ""),
                user(2, "bob", "", "https://sso/alice@example.org"),
                user(3, "twin", "", ""),
                user(4, "twin", "twin@example.org", ""),
                user(5, "x@y", "x@y", ""),
                user(6, "other", "", "alice@example.org"),
            ],
            nodes: Vec::new(),
        };
        let index = Index::new(&tailnet);
        assert_eq!(index.find_user("alice@example.org"), UserMatch::One(UserId(5)));
        assert_eq!(index.find_user("alice@"), UserMatch::One(UserId(0)));
        assert_eq!(index.find_user("alice"), UserMatch::One(UserId(0)));
        assert_eq!(
            index.find_user("https://sso/alice@example.org"),
            UserMatch::One(UserId(1))
        );
        assert_eq!(index.find_user("twin@"), UserMatch::Ambiguous(&[UserId(2), UserId(3)]));
        assert_eq!(index.find_user("twin@example.org"), UserMatch::One(UserId(3)));
        // The same text as email and name is one user, not two.
        assert_eq!(index.find_user("x@y"), UserMatch::One(UserId(4)));
        assert_eq!(index.find_user("alice@@"), UserMatch::Unknown);
        assert_eq!(index.find_user("nobody@"), UserMatch::Unknown);
        // "@" alone is the empty name: everybody without an email.
        assert!(matches!(index.find_user("@"), UserMatch::Ambiguous(users) if users.len() == 3));
    }

    #[test]
    fn nodes_are_found_by_address_tag_and_user() {
        let mut tailnet = Tailnet {
            users: vec![user(1, "alice", "", "")],
            nodes: vec![
                node(Some(0), &[], 9),
                node(None, &["tag:a", "tag:b", "tag:a"], 1),
                node(Some(0), &[], 5),
            ],
        };
        tailnet.nodes[2].v4 = None;
        let index = Index::new(&tailnet);
        let in_net = |text: &str| {
            let found = index.nodes_in(&AddrSet::from(text.parse::<IpNet>().unwrap()));
            found.iter().map(|node| node.0).collect::<Vec<_>>()
        };
        assert_eq!(in_net("100.64.0.0/29"), [1]);
        assert_eq!(in_net("100.64.0.0/28"), [0, 1]);
        assert_eq!(in_net("fd7a:115c:a1e0::/120"), [0, 1, 2]);
        assert_eq!(in_net("fd7a:115c:a1e0::5/128"), [2]);
        assert!(in_net("10.0.0.0/8").is_empty());
        assert_eq!(index.nodes_tagged("tag:a"), [NodeId(1)]);
        assert_eq!(index.nodes_of(UserId(0)), [NodeId(0), NodeId(2)]);
        assert_eq!(index.tagged().iter().collect::<Vec<_>>(), [NodeId(1)]);
        assert_eq!(index.untagged().len(), 2);
        assert_eq!(
            (index.owner(NodeId(0)), index.owner(NodeId(1))),
            (Some(UserId(0)), None)
        );
        assert_eq!(index.addresses([NodeId(2)]).prefixes().count(), 1);
    }

    #[test]
    fn only_routes_announced_and_approved_count_and_exit_routes_are_apart() {
        let nets = |list: &[&str]| list.iter().map(|net| net.parse().unwrap()).collect::<Vec<IpNet>>();
        let mut router = node(None, &["tag:r"], 1);
        router.announced = nets(&["10.0.0.0/8", "::/0", "10.1.0.0/16", "0.0.0.0/0", "10.0.0.1/8"]);
        router.approved = nets(&["10.0.0.0/8", "0.0.0.0/0", "::/0", "10.9.0.0/16"]);
        let tailnet = Tailnet {
            users: Vec::new(),
            nodes: vec![router, node(None, &["tag:r"], 2)],
        };
        let index = Index::new(&tailnet);
        let held: Vec<String> = index
            .routes()
            .of(NodeId(0))
            .iter()
            .map(|&route| index.routes().net(route).to_string())
            .collect();
        assert_eq!(held, ["10.0.0.0/8"]);
        assert_eq!(index.exit_routes(NodeId(0)), nets(&["::/0", "0.0.0.0/0"]));
        assert!(index.exit_nodes().contains(NodeId(0)) && !index.exit_nodes().contains(NodeId(1)));
    }
}
