//! Sets of nodes as bits.

use std::fmt;

use super::id::{Id, NodeId};

/// A set of nodes of one tailnet, a bit a node. Sets of one tailnet have the same width, so that joining two is a pass
/// over words.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeSet {
    words: Box<[u64]>,
}

impl fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|node| node.0)).finish()
    }
}

impl NodeSet {
    /// No node, of a tailnet of `nodes`.
    #[must_use]
    pub fn empty(nodes: usize) -> Self {
        Self {
            words: vec![0; nodes.div_ceil(64)].into(),
        }
    }

    /// Every node of a tailnet of `nodes`.
    #[must_use]
    pub fn all(nodes: usize) -> Self {
        (0..nodes).map(NodeId::new).fold(Self::empty(nodes), |mut all, node| {
            all.insert(node);
            all
        })
    }

    /// `members`, of a tailnet of `nodes`.
    #[must_use]
    pub fn of(nodes: usize, members: impl IntoIterator<Item = NodeId>) -> Self {
        let mut set = Self::empty(nodes);
        members.into_iter().for_each(|node| {
            set.insert(node);
        });
        set
    }

    /// Adds `node`; says whether it was missing. A node that is not of this tailnet is not added.
    pub fn insert(&mut self, node: NodeId) -> bool {
        let (word, bit) = place(node);
        self.words.get_mut(word).is_some_and(|word| {
            let missing = *word & bit == 0;
            *word |= bit;
            missing
        })
    }

    /// Takes `node` out.
    pub fn remove(&mut self, node: NodeId) {
        let (word, bit) = place(node);
        if let Some(word) = self.words.get_mut(word) {
            *word &= !bit;
        }
    }

    /// Whether `node` is a member.
    #[must_use]
    pub fn contains(&self, node: NodeId) -> bool {
        let (word, bit) = place(node);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether the two have a member in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// Adds all of `other`.
    pub fn union_with(&mut self, other: &Self) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own |= other;
        }
    }

    /// Keeps what is in `other` too.
    pub fn intersect_with(&mut self, other: &Self) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= other;
        }
    }

    /// Takes out all of `other`.
    pub fn subtract(&mut self, other: &Self) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= !other;
        }
    }

    /// The members, ascending.
    pub fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let base = NodeId::new(index * 64).0;
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                (left != 0).then(|| {
                    left &= left - 1;
                    NodeId(base + bit)
                })
            })
        })
    }
}

/// The word and the bit in it.
fn place(node: NodeId) -> (usize, u64) {
    (node.index() / 64, 1 << (node.0 % 64))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const NODES: usize = 130;

    /// Multiples of `step`.
    fn both(step: usize) -> (NodeSet, BTreeSet<NodeId>) {
        let members = (0..NODES).step_by(step).map(NodeId::new);
        (NodeSet::of(NODES, members.clone()), members.collect())
    }

    #[test]
    fn operations_agree_with_ordered_sets() {
        for a in 1..12 {
            for b in 1..12 {
                let ((left, left_model), (right, right_model)) = (both(a), both(b));
                let listed = |set: &NodeSet| set.iter().collect::<BTreeSet<_>>();
                let mut union = left.clone();
                union.union_with(&right);
                assert_eq!(listed(&union), &left_model | &right_model);
                let mut common = left.clone();
                common.intersect_with(&right);
                assert_eq!(listed(&common), &left_model & &right_model);
                let mut less = left.clone();
                less.subtract(&right);
                assert_eq!(listed(&less), &left_model - &right_model);
                assert_eq!(less.is_empty(), left_model.is_subset(&right_model));
                assert_eq!(left.overlaps(&right), !left_model.is_disjoint(&right_model));
                assert_eq!(left.len(), left_model.len());
            }
        }
    }

    #[test]
    fn members_come_and_go() {
        let mut set = NodeSet::empty(NODES);
        assert!(set.insert(NodeId(129)) && !set.insert(NodeId(129)));
        assert!(set.contains(NodeId(129)) && !set.contains(NodeId(128)));
        assert!(!set.insert(NodeId(9_999)) && !set.contains(NodeId(9_999)));
        set.remove(NodeId(129));
        assert!(set.is_empty());
        assert_eq!(NodeSet::all(NODES).len(), NODES);
    }
}
