//! Sets over an ordered space of fixed width, kept as sorted, disjoint, non-adjacent ranges.
//!
//! The form is canonical: two sets are equal exactly if their ranges are. It is the form of Go's `netipx.IPSet`, whose
//! `Ranges()` and `Prefixes()` decide what headscale writes.

use std::fmt;
use std::hash::Hash;

/// A point of the space: an address or a port.
pub trait Point: Copy + Ord + Hash + fmt::Debug {
    /// The width of the space in bits.
    const BITS: u8;
    /// The first point.
    const MIN: Self;
    /// The last point.
    const MAX: Self;

    /// The point after this one; `None` after the last.
    #[must_use]
    fn next(self) -> Option<Self>;
    /// The point before this one; `None` before the first.
    #[must_use]
    fn previous(self) -> Option<Self>;
    /// How many low bits are zero, at most [`Point::BITS`].
    #[must_use]
    fn alignment(self) -> u8;
    /// The largest `h` with 2^h points in `self..=last`; `last` is not below `self`.
    #[must_use]
    fn log2_up_to(self, last: Self) -> u8;
    /// The last point of the block of 2^`host_bits` points that `self` lies in.
    #[must_use]
    fn block_last(self, host_bits: u8) -> Self;
    /// The first point of the block of 2^`host_bits` points that `self` lies in.
    #[must_use]
    fn block_first(self, host_bits: u8) -> Self;
}

macro_rules! point {
    ($($int:ty),*) => {$(
        impl Point for $int {
            const BITS: u8 = <$int>::BITS as u8;
            const MIN: Self = <$int>::MIN;
            const MAX: Self = <$int>::MAX;

            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn previous(self) -> Option<Self> {
                self.checked_sub(1)
            }
            fn alignment(self) -> u8 {
                self.trailing_zeros() as u8
            }
            fn log2_up_to(self, last: Self) -> u8 {
                (last - self).checked_add(1).map_or(<Self as Point>::BITS, |count| count.ilog2() as u8)
            }
            fn block_last(self, host_bits: u8) -> Self {
                self | mask::<$int>(host_bits)
            }
            fn block_first(self, host_bits: u8) -> Self {
                self & !mask::<$int>(host_bits)
            }
        }

        impl Mask for $int {
            fn mask(host_bits: u8) -> Self {
                (1 as $int).checked_shl(u32::from(host_bits)).map_or(<$int>::MAX, |bit| bit - 1)
            }
        }
    )*};
}

/// The low bits of an integer set.
trait Mask {
    fn mask(host_bits: u8) -> Self;
}

fn mask<T: Mask>(host_bits: u8) -> T {
    T::mask(host_bits)
}

point!(u16, u32, u128);

/// A set of points.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ranges<T> {
    // Sorted, disjoint, no two adjacent; in each, the first is not above the last.
    list: Vec<(T, T)>,
}

impl<T> Default for Ranges<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T: fmt::Debug> fmt::Debug for Ranges<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.list.iter().map(|(first, last)| first..=last))
            .finish()
    }
}

impl<T> Ranges<T> {
    /// The set without a point.
    pub const EMPTY: Self = Self { list: Vec::new() };
}

impl<T: Point> Ranges<T> {
    /// Every point.
    #[must_use]
    pub fn all() -> Self {
        Self::range(T::MIN, T::MAX)
    }

    /// The points `first..=last`; none if `last` is below `first`.
    #[must_use]
    pub fn range(first: T, last: T) -> Self {
        Self {
            list: if first <= last { vec![(first, last)] } else { Vec::new() },
        }
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many ranges it takes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The ranges, ascending, disjoint and not adjacent: `netipx.IPSet.Ranges`.
    #[must_use]
    pub fn as_slice(&self) -> &[(T, T)] {
        &self.list
    }

    /// The ranges, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (T, T)> + Clone + '_ {
        self.list.iter().copied()
    }

    /// The fewest aligned blocks that cover exactly this set, ascending, as (first point, prefix length):
    /// `netipx.IPSet.Prefixes`.
    pub fn blocks(&self) -> impl Iterator<Item = (T, u8)> + '_ {
        self.iter().flat_map(|(first, last)| blocks(first, last))
    }

    /// Whether `point` is a member.
    #[must_use]
    pub fn contains(&self, point: T) -> bool {
        self.contains_range(point, point)
    }

    /// Whether all of `first..=last` is.
    #[must_use]
    pub fn contains_range(&self, first: T, last: T) -> bool {
        let after = self.list.partition_point(|range| range.0 <= first);
        after
            .checked_sub(1)
            .and_then(|i| self.list.get(i))
            .is_some_and(|range| last <= range.1)
    }

    /// Whether any of `first..=last` is.
    #[must_use]
    pub fn overlaps_range(&self, first: T, last: T) -> bool {
        let at = self.list.partition_point(|range| range.1 < first);
        self.list.get(at).is_some_and(|range| range.0 <= last)
    }

    /// Whether the two have a point in common. Takes the smaller one's ranges, each looked up in the larger.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let (few, many) = if self.len() <= other.len() {
            (self, other)
        } else {
            (other, self)
        };
        few.iter().any(|(first, last)| many.overlaps_range(first, last))
    }

    /// Whether every point of `other` is a member.
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.iter().all(|(first, last)| self.contains_range(first, last))
    }

    /// The points of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut list = Vec::with_capacity(self.len() + other.len());
        let (mut left, mut right) = (self.iter().peekable(), other.iter().peekable());
        loop {
            let from_left = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => a.0 <= b.0,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => return Self { list },
            };
            let next = if from_left { left.next() } else { right.next() };
            if let Some((first, last)) = next {
                push(&mut list, first, last);
            }
        }
    }

    /// The points of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut list = Vec::new();
        let (mut left, mut right) = (self.iter().peekable(), other.iter().peekable());
        while let (Some(&a), Some(&b)) = (left.peek(), right.peek()) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                list.push((first, last));
            }
            if a.1 <= b.1 {
                left.next();
            } else {
                right.next();
            }
        }
        Self { list }
    }

    /// The points that are no members.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut list = Vec::with_capacity(self.len() + 1);
        let mut open = Some(T::MIN);
        for (first, last) in self.iter() {
            if let (Some(from), Some(to)) = (open, first.previous())
                && from <= to
            {
                list.push((from, to));
            }
            open = last.next();
        }
        if let Some(from) = open {
            list.push((from, T::MAX));
        }
        Self { list }
    }

    /// The points that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut list = Vec::new();
        let mut holes = other.iter().peekable();
        'ranges: for (mut first, last) in self.iter() {
            while let Some(&(hole_first, hole_last)) = holes.peek() {
                if hole_last < first {
                    holes.next();
                    continue;
                }
                if last < hole_first {
                    break;
                }
                if let Some(before) = hole_first.previous()
                    && first <= before
                {
                    list.push((first, before));
                }
                match hole_last.next() {
                    Some(after) if after <= last => first = after,
                    _ => continue 'ranges,
                }
            }
            list.push((first, last));
        }
        Self { list }
    }
}

/// Appends a range that does not begin before the last one, joining what touches.
fn push<T: Point>(list: &mut Vec<(T, T)>, first: T, last: T) {
    if let Some(end) = list.last_mut()
        && end.1.next().is_none_or(|adjacent| first <= adjacent)
    {
        end.1 = end.1.max(last);
    } else {
        list.push((first, last));
    }
}

impl<T: Point> From<Vec<(T, T)>> for Ranges<T> {
    /// The union of ranges in any order; those whose last point is below the first count for nothing.
    fn from(mut unordered: Vec<(T, T)>) -> Self {
        unordered.sort_unstable();
        let mut list: Vec<(T, T)> = Vec::with_capacity(unordered.len());
        for (first, last) in unordered {
            if first <= last {
                push(&mut list, first, last);
            }
        }
        Self { list }
    }
}

impl<T: Point> FromIterator<(T, T)> for Ranges<T> {
    fn from_iter<I: IntoIterator<Item = (T, T)>>(ranges: I) -> Self {
        Self::from(ranges.into_iter().collect::<Vec<_>>())
    }
}

/// The prefix length, if `first..=last` is exactly one aligned block.
#[must_use]
pub fn block_of<T: Point>(first: T, last: T) -> Option<u8> {
    let host_bits = first.log2_up_to(last);
    (first.alignment() >= host_bits && first.block_last(host_bits) == last).then(|| T::BITS - host_bits)
}

/// The fewest aligned blocks that make up `first..=last`.
fn blocks<T: Point>(first: T, last: T) -> impl Iterator<Item = (T, u8)> {
    let mut open = Some(first);
    std::iter::from_fn(move || {
        let from = open?;
        let host_bits = from.alignment().min(from.log2_up_to(last));
        open = from.block_last(host_bits).next().filter(|&next| next <= last);
        Some((from, T::BITS - host_bits))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A space of eight points: small enough to try every pair of sets.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    struct Tiny(u8);

    impl Point for Tiny {
        const BITS: u8 = 3;
        const MIN: Self = Self(0);
        const MAX: Self = Self(7);

        fn next(self) -> Option<Self> {
            (self.0 < 7).then(|| Self(self.0 + 1))
        }
        fn previous(self) -> Option<Self> {
            self.0.checked_sub(1).map(Self)
        }
        fn alignment(self) -> u8 {
            (self.0.trailing_zeros() as u8).min(3)
        }
        fn log2_up_to(self, last: Self) -> u8 {
            (last.0 - self.0 + 1).ilog2() as u8
        }
        fn block_last(self, host_bits: u8) -> Self {
            Self(self.0 | ((1 << host_bits) - 1))
        }
        fn block_first(self, host_bits: u8) -> Self {
            Self(self.0 & !((1 << host_bits) - 1))
        }
    }

    /// The set of a pattern of bits, built point by point, highest first.
    fn set(pattern: u8) -> Ranges<Tiny> {
        (0..8)
            .rev()
            .filter(|i| pattern >> i & 1 == 1)
            .map(|i| (Tiny(i), Tiny(i)))
            .collect()
    }

    /// The pattern of a set, and a check that its form is canonical.
    fn pattern(set: &Ranges<Tiny>) -> u8 {
        for pair in set.as_slice().windows(2) {
            assert!(pair[0].1.0 + 1 < pair[1].0.0, "adjacent or out of order: {set:?}");
        }
        assert!(set.iter().all(|(first, last)| first <= last));
        set.iter()
            .flat_map(|(first, last)| first.0..=last.0)
            .fold(0, |bits, i| bits | 1 << i)
    }

    #[test]
    fn every_pair_of_sets_agrees_with_bit_patterns() {
        for a in 0..=255_u8 {
            let left = set(a);
            assert_eq!(pattern(&left), a);
            assert_eq!(pattern(&left.complement()), !a);
            for b in 0..=255_u8 {
                let right = set(b);
                assert_eq!(pattern(&left.union(&right)), a | b);
                assert_eq!(pattern(&left.intersection(&right)), a & b);
                assert_eq!(pattern(&left.difference(&right)), a & !b);
                assert_eq!(left.overlaps(&right), a & b != 0);
                assert_eq!(left.is_superset(&right), a & b == b);
                assert_eq!(left == right, a == b);
            }
        }
    }

    #[test]
    fn every_range_is_looked_up_as_bit_patterns_say() {
        for a in 0..=255_u8 {
            let members = set(a);
            for first in 0..8_u8 {
                for last in first..8 {
                    let b = pattern(&Ranges::range(Tiny(first), Tiny(last)));
                    assert_eq!(members.contains_range(Tiny(first), Tiny(last)), a & b == b);
                    assert_eq!(members.overlaps_range(Tiny(first), Tiny(last)), a & b != 0);
                }
                assert_eq!(members.contains(Tiny(first)), a >> first & 1 == 1);
            }
        }
    }

    /// The fewest blocks by brute force: take every aligned block that lies in the set and in no larger such block.
    fn maximal_blocks(a: u8) -> Vec<(Tiny, u8)> {
        let all: Vec<(u8, u8)> = (0..=3_u8)
            .flat_map(|host| (0..8_u8).step_by(1 << host).map(move |first| (first, host)))
            .filter(|&(first, host)| (first..first + (1 << host)).all(|i| a >> i & 1 == 1))
            .collect();
        let mut found: Vec<_> = all
            .iter()
            .filter(|&&(first, host)| {
                !all.iter()
                    .any(|&(f, h)| h > host && f <= first && first + (1 << host) <= f + (1 << h))
            })
            .map(|&(first, host)| (Tiny(first), 3 - host))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn blocks_are_the_fewest() {
        for a in 0..=255_u8 {
            assert_eq!(set(a).blocks().collect::<Vec<_>>(), maximal_blocks(a), "{a:08b}");
        }
        for first in 0..8_u8 {
            for last in first..8 {
                let blocks: Vec<_> = blocks(Tiny(first), Tiny(last)).collect();
                let one = (blocks.len() == 1).then(|| blocks[0].1);
                assert_eq!(block_of(Tiny(first), Tiny(last)), one);
            }
        }
    }

    #[test]
    fn the_ends_of_wide_spaces_are_no_special_case() {
        let all = Ranges::<u128>::all();
        assert!(all.complement().is_empty());
        assert_eq!(all.blocks().collect::<Vec<_>>(), [(0, 0)]);
        assert_eq!(block_of(0_u128, u128::MAX), Some(0));
        let but_last = all.difference(&Ranges::range(u128::MAX, u128::MAX));
        assert_eq!(but_last.as_slice(), [(0, u128::MAX - 1)]);
        assert_eq!(but_last.blocks().count(), 128);
        assert_eq!(but_last.union(&Ranges::range(u128::MAX, u128::MAX)), all);
        assert_eq!(Ranges::<u32>::range(5, 4), Ranges::EMPTY);
        assert_eq!(
            [(7_u32, 3), (1, 2)].into_iter().collect::<Ranges<_>>().as_slice(),
            [(1, 2)]
        );
    }

    #[test]
    fn masks_reach_from_none_to_all_bits() {
        assert_eq!(5_u16.block_first(0), 5);
        assert_eq!(5_u16.block_last(2), 7);
        assert_eq!(5_u16.block_first(16), 0);
        assert_eq!(5_u16.block_last(16), u16::MAX);
        assert_eq!(1_u128.block_last(128), u128::MAX);
        assert_eq!(0_u32.alignment(), 32);
        assert_eq!(0_u32.log2_up_to(u32::MAX), 32);
    }
}
