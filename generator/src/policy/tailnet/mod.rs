//! The tailnet a policy is judged with: users, nodes, routes, and indexes by address, tag and user.

pub mod id;
pub mod id_set;
pub mod index;
pub mod nodes;
pub mod resolve;
pub mod routes;
pub mod symbolic;
pub mod topology;

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

pub use id::{Id, NodeId, Table, UserId};
pub use id_set::{IdSet, NodeSet};
pub use index::{Index, UserMatch};
pub use nodes::Nodes;
pub use resolve::{AliasId, ResolveError, Resolved, Resolver};
pub use routes::{RouteId, RouteTable};

/// A user as the control server knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// headscale's numeric id: SSH rules are ordered by it.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The email, empty if none.
    pub email: String,
    /// The OIDC provider's identifier, empty if none.
    pub provider_id: String,
}

/// A node. Owned by `user`, or tagged; a tagged node has no user as far as the policy is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The name it is addressed by in MagicDNS (headscale's given name).
    pub name: String,
    /// Index into [`Tailnet::users`]; `None` for tagged nodes.
    pub user: Option<usize>,
    /// Its tags, in the order the control server keeps them.
    pub tags: Vec<String>,
    /// Its IPv4 address.
    pub v4: Option<Ipv4Addr>,
    /// Its IPv6 address.
    pub v6: Option<Ipv6Addr>,
    /// The routes it announces.
    pub announced: Vec<IpNet>,
    /// The routes approved by the control server; effective are those that are also announced.
    pub approved: Vec<IpNet>,
}

/// Users and nodes. Node order is the order of headscale's node ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tailnet {
    /// The users.
    pub users: Vec<User>,
    /// The nodes.
    pub nodes: Vec<Node>,
}
