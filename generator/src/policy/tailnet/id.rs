//! Small numbers for nodes, users and routes, and lists addressed by them.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A number that stands for one thing of a kind: where it lies in the [`Table`] of its kind.
pub trait Id: Copy {
    /// The id of what lies at `index`.
    #[must_use]
    fn new(index: usize) -> Self;
    /// Where it lies.
    #[must_use]
    fn index(self) -> usize;
}

/// Declares a 32-bit [`Id`]. More than 2^32 things of a kind cannot come from one input: texts end at 4 GiB.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $crate::policy::tailnet::id::Id for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(crate) use id;

id! {
    /// A node: its index in `Tailnet::nodes`, which is the order of headscale's node ids.
    NodeId
}
id! {
    /// A user: its index in `Tailnet::users`.
    UserId
}

/// A list addressed by ids of one kind. Ids are only made together with what they stand for, so looking up one that is
/// not there is a mistake in this program, and panics.
#[derive(Clone, PartialEq, Eq)]
pub struct Table<I, T> {
    list: Vec<T>,
    kind: PhantomData<fn(I)>,
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<I, T> From<Vec<T>> for Table<I, T> {
    fn from(list: Vec<T>) -> Self {
        Self {
            list,
            kind: PhantomData,
        }
    }
}

impl<I: Id, T> FromIterator<T> for Table<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(items: It) -> Self {
        Self::from(items.into_iter().collect::<Vec<_>>())
    }
}

impl<I, T: fmt::Debug> fmt::Debug for Table<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}

impl<I: Id, T> Table<I, T> {
    /// `count` times the same.
    #[must_use]
    pub fn filled(count: usize, item: T) -> Self
    where
        T: Clone,
    {
        Self::from(vec![item; count])
    }

    /// Appends, and says under which id.
    pub fn push(&mut self, item: T) -> I {
        let id = I::new(self.list.len());
        self.list.push(item);
        id
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All, in order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.list.iter()
    }

    /// All, in order, to be changed.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.list.iter_mut()
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = I> + use<I, T> {
        (0..self.list.len()).map(I::new)
    }

    /// All with their ids, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> {
        self.list.iter().enumerate().map(|(index, item)| (I::new(index), item))
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;

    #[expect(
        clippy::indexing_slicing,
        reason = "an id is made by push or from a length of the same list; checking each use would hide the one mistake there is to find"
    )]
    fn index(&self, id: I) -> &T {
        &self.list[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    #[expect(clippy::indexing_slicing, reason = "as in Index")]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.list[id.index()]
    }
}
