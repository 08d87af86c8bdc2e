//! Sets of nodes, and of other things that have an id, as bits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use super::id::{Id, NodeId};

/// A set of nodes of one tailnet.
pub type NodeSet = IdSet<NodeId>;

/// A set of ids of one kind, a bit for each that there is. Sets over the same things have the same width, so that
/// joining two is a pass over words.
pub struct IdSet<I> {
    words: Box<[u64]>,
    kind: PhantomData<fn(I)>,
}

impl<I> Clone for IdSet<I> {
    fn clone(&self) -> Self {
        Self {
            words: self.words.clone(),
            kind: PhantomData,
        }
    }
}
impl<I> PartialEq for IdSet<I> {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}
impl<I> Eq for IdSet<I> {}
impl<I> Hash for IdSet<I> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.words.hash(state);
    }
}
impl<I> PartialOrd for IdSet<I> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<I> Ord for IdSet<I> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.words.cmp(&other.words)
    }
}
impl<I> Default for IdSet<I> {
    fn default() -> Self {
        Self {
            words: Box::default(),
            kind: PhantomData,
        }
    }
}

impl<I: Id + fmt::Debug> fmt::Debug for IdSet<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<I: Id> IdSet<I> {
    /// None of `count`.
    #[must_use]
    pub fn empty(count: usize) -> Self {
        Self {
            words: vec![0; count.div_ceil(64)].into(),
            kind: PhantomData,
        }
    }

    /// All of `count`.
    #[must_use]
    pub fn all(count: usize) -> Self {
        Self::of(count, (0..count).map(I::new))
    }

    /// `members`, of `count`.
    #[must_use]
    pub fn of(count: usize, members: impl IntoIterator<Item = I>) -> Self {
        let mut set = Self::empty(count);
        members.into_iter().for_each(|id| {
            set.insert(id);
        });
        set
    }

    /// Adds `id`; says whether it was missing. One past the width is not added.
    pub fn insert(&mut self, id: I) -> bool {
        let (word, bit) = place(id);
        self.words.get_mut(word).is_some_and(|word| {
            let missing = *word & bit == 0;
            *word |= bit;
            missing
        })
    }

    /// Takes `id` out.
    pub fn remove(&mut self, id: I) {
        let (word, bit) = place(id);
        if let Some(word) = self.words.get_mut(word) {
            *word &= !bit;
        }
    }

    /// Whether `id` is a member.
    #[must_use]
    pub fn contains(&self, id: I) -> bool {
        let (word, bit) = place(id);
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
    pub fn iter(&self) -> impl Iterator<Item = I> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    I::new(index * 64 + bit)
                })
            })
        })
    }

    /// The members as runs of positions, ascending, not adjacent.
    pub fn runs(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = self.seek(at, 0)?;
            let end = self.seek(start, u64::MAX).unwrap_or(self.words.len() * 64);
            at = end;
            Some(start..end)
        })
    }

    /// The first position from `at` on whose bit is set (`flip` 0) or clear (`flip` all ones).
    fn seek(&self, at: usize, flip: u64) -> Option<usize> {
        let words = self.words.get(at / 64..)?;
        let mut mask = u64::MAX << (at % 64);
        for (offset, &word) in words.iter().enumerate() {
            let hit = (word ^ flip) & mask;
            if hit != 0 {
                return Some((at / 64 + offset) * 64 + hit.trailing_zeros() as usize);
            }
            mask = u64::MAX;
        }
        None
    }
}

/// The word and the bit in it.
fn place(id: impl Id) -> (usize, u64) {
    (id.index() / 64, 1 << (id.index() % 64))
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
                let in_runs: Vec<_> = union.runs().flatten().map(NodeId::new).collect();
                assert_eq!(in_runs, union.iter().collect::<Vec<_>>());
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
        for count in [NODES, 128] {
            let all = NodeSet::all(count);
            assert_eq!((all.len(), all.runs().count()), (count, 1));
            assert_eq!(all.runs().next(), Some(0..count));
        }
        assert_eq!(NodeSet::empty(NODES).runs().count(), 0);
    }
}
