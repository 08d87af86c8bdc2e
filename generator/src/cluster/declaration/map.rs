//! Members of an object whose names are the user's: nodes, users, regions.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::SerializeMap as _;

use crate::source::Spanned;

/// Entries by name, sorted: the order written has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<K, V> {
    entries: Vec<(Spanned<K>, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<K: Ord, V> Map<K, V> {
    /// Sorts `entries` by name. Names are distinct: the parser saw to that.
    #[must_use]
    pub fn new(mut entries: Vec<(Spanned<K>, V)>) -> Self {
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self { entries }
    }

    /// The entry called `name`.
    #[must_use]
    pub fn get(&self, name: &K) -> Option<&V> {
        self.index(name)
            .and_then(|i| self.entries.get(i))
            .map(|(_, value)| value)
    }

    /// The entry called `name`, with its name as written.
    #[must_use]
    pub fn get_entry(&self, name: &K) -> Option<(&Spanned<K>, &V)> {
        let (name, value) = self.entries.get(self.index(name)?)?;
        Some((name, value))
    }

    /// Position of `name` in the order of names.
    #[must_use]
    pub fn index(&self, name: &K) -> Option<usize> {
        self.entries.binary_search_by(|(entry, _)| entry.value.cmp(name)).ok()
    }

    /// Whether there is an entry called `name`.
    #[must_use]
    pub fn contains(&self, name: &K) -> bool {
        self.index(name).is_some()
    }
}

impl<K, V> Map<K, V> {
    /// Name and value, by name.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Spanned<K>, &V)> + ExactSizeIterator {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    /// The entry at `position` in the order of names.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<(&Spanned<K>, &V)> {
        self.entries.get(position).map(|(name, value)| (name, value))
    }

    /// The names, sorted.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &Spanned<K>> + ExactSizeIterator {
        self.entries.iter().map(|(name, _)| name)
    }

    /// The values, by name.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator {
        self.entries.iter().map(|(_, value)| value)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<K: Display, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.entries.len()))?;
        for (name, value) in &self.entries {
            map.serialize_entry(&name.value.to_string(), value)?;
        }
        map.end()
    }
}

#[cfg(feature = "full")]
impl<K: schemars::JsonSchema, V: schemars::JsonSchema> schemars::JsonSchema for Map<K, V> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("MapOf{}", V::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names = generator.subschema_for::<K>();
        let values = generator.subschema_for::<V>();
        schemars::json_schema!({ "type": "object", "propertyNames": names, "additionalProperties": values })
    }
}
