//! Rules that only some nodes have: `autogroup:self` (the nodes of a user) and `via` (the nodes with a tag).
//!
//! headscale leaves its fast way for the whole tailnet as soon as one rule needs this. Here it costs what the users
//! and routers concerned have.

use std::sync::Arc;

use crate::net::AddrSet;
use crate::policy::tailnet::{Index, NodeId, Table, UserId};

use super::filter::{Head, Part, RuleId};

/// A rule of a user's nodes, or of one `via` node.
#[derive(Clone, Debug)]
pub struct Group {
    /// What the nodes see of it.
    pub head: Head,
    /// The rule of the whole tailnet that headscale merges it with.
    pub absorbed: Option<RuleId>,
    /// What it is made of, beside the parts of `absorbed`.
    pub parts: Vec<Part>,
    /// All addresses that it lets in to, beside those of `absorbed`.
    pub destinations: Arc<AddrSet>,
}

/// All rules that only some nodes have, each list in the order of positions.
#[derive(Clone, Debug)]
pub struct OwnRules {
    /// By user, for the user's untagged nodes.
    pub users: Table<UserId, Vec<Group>>,
    /// By node, for `via`. Such a node carries a tag, so it has no user.
    pub via: Table<NodeId, Vec<Group>>,
    absorbed_users: Table<UserId, Vec<RuleId>>,
    absorbed_via: Table<NodeId, Vec<RuleId>>,
}

impl OwnRules {
    /// Puts lists in order.
    #[must_use]
    pub fn new(mut users: Table<UserId, Vec<Group>>, mut via: Table<NodeId, Vec<Group>>) -> Self {
        let absorbed_users = users.values_mut().map(|groups| arrange(groups)).collect();
        let absorbed_via = via.values_mut().map(|groups| arrange(groups)).collect();
        Self {
            users,
            via,
            absorbed_users,
            absorbed_via,
        }
    }

    /// The rules of `node`.
    #[must_use]
    pub fn of(&self, index: &Index<'_>, node: NodeId) -> &[Group] {
        match index.owner(node) {
            Some(user) => &self.users[user],
            None => &self.via[node],
        }
    }

    /// The rules of the whole tailnet that are merged into those of `node`, ascending.
    #[must_use]
    pub fn absorbed(&self, index: &Index<'_>, node: NodeId) -> &[RuleId] {
        match index.owner(node) {
            Some(user) => &self.absorbed_users[user],
            None => &self.absorbed_via[node],
        }
    }
}

/// Sorts by position; returns what is absorbed.
fn arrange(groups: &mut [Group]) -> Vec<RuleId> {
    groups.sort_by_key(|group| group.head.position);
    let mut absorbed: Vec<_> = groups.iter().filter_map(|group| group.absorbed).collect();
    absorbed.sort_unstable();
    absorbed
}
