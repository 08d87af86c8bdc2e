//! Sets of nodes in whichever form is smaller.

use super::id::NodeId;
use super::id_set::NodeSet;

/// A set of nodes: a list where there are few, bits where there are many. Most sets of a large tailnet speak of a
/// handful of nodes, and what is done with them should cost a handful.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Nodes {
    /// Ascending, each once.
    Few(Box<[NodeId]>),
    /// Bits.
    Many(NodeSet),
}

/// A list takes as much room as bits when it holds one node in so many.
const FEW: usize = 32;

impl Nodes {
    /// `members` in any order, of a tailnet of `count`.
    #[must_use]
    pub fn of(count: usize, mut members: Vec<NodeId>) -> Self {
        members.sort_unstable();
        members.dedup();
        if members.len() * FEW <= count {
            Self::Few(members.into())
        } else {
            Self::Many(NodeSet::of(count, members))
        }
    }

    /// The members of `set`, of a tailnet of `count`.
    #[must_use]
    pub fn from_set(count: usize, set: &NodeSet) -> Self {
        if set.len() * FEW <= count {
            Self::Few(set.iter().collect())
        } else {
            Self::Many(set.clone())
        }
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Few(list) => list.is_empty(),
            Self::Many(set) => set.is_empty(),
        }
    }

    /// Whether `node` is a member.
    #[must_use]
    pub fn contains(&self, node: NodeId) -> bool {
        match self {
            Self::Few(list) => list.binary_search(&node).is_ok(),
            Self::Many(set) => set.contains(node),
        }
    }

    /// Adds all members to `set`.
    pub fn add_to(&self, set: &mut NodeSet) {
        match self {
            Self::Few(list) => list.iter().for_each(|&node| {
                set.insert(node);
            }),
            Self::Many(members) => set.union_with(members),
        }
    }

    /// The members, ascending.
    pub fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        let (few, many) = match self {
            Self::Few(list) => (&**list, None),
            Self::Many(set) => (&[][..], Some(set)),
        };
        few.iter().copied().chain(many.into_iter().flat_map(NodeSet::iter))
    }

    /// The members that are in `set` too, ascending.
    #[must_use]
    pub fn common(&self, set: &NodeSet) -> Vec<NodeId> {
        match self {
            Self::Few(list) => list.iter().copied().filter(|&node| set.contains(node)).collect(),
            Self::Many(members) => {
                let mut common = members.clone();
                common.intersect_with(set);
                common.iter().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::tailnet::Id;

    #[test]
    fn both_forms_say_the_same() {
        let count = 320;
        for step in [1, 3, 31, 33, 100] {
            let members: Vec<NodeId> = (0..count).rev().step_by(step).map(NodeId::new).collect();
            let bits = NodeSet::of(count, members.iter().copied());
            let twice = members.iter().chain(&members).copied().collect();
            let nodes = Nodes::of(count, twice);
            assert_eq!(matches!(nodes, Nodes::Few(_)), members.len() <= 10, "{step}");
            assert_eq!(nodes, Nodes::from_set(count, &bits));
            assert!(nodes.iter().eq(bits.iter()));
            assert!(
                (0..count)
                    .map(NodeId::new)
                    .all(|node| nodes.contains(node) == bits.contains(node))
            );
            let mut added = NodeSet::empty(count);
            nodes.add_to(&mut added);
            assert_eq!(added, bits);
            let even = NodeSet::of(count, (0..count).step_by(2).map(NodeId::new));
            let mut common = bits.clone();
            common.intersect_with(&even);
            assert!(nodes.common(&even).into_iter().eq(common.iter()));
        }
        assert!(Nodes::of(count, Vec::new()).is_empty());
    }
}
