//! Parts of a declaration that are another language's: kept as the tree they were written as.

use serde::Serialize;
use serde::ser::{SerializeMap as _, SerializeSeq as _};

use crate::hujson::{Kind, Value};

/// A tree as JSON.
struct Tree<'a>(&'a Value);

impl Serialize for Tree<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.kind {
            Kind::Null => serializer.serialize_unit(),
            Kind::Bool(value) => serializer.serialize_bool(*value),
            Kind::Number(literal) => match serde_json::from_str::<serde_json::Number>(literal) {
                Ok(number) => number.serialize(serializer),
                // JSON5 has literals that JSON has not (hexadecimal, infinity).
                Err(_) => serializer.serialize_str(literal),
            },
            Kind::String(text) => serializer.serialize_str(text),
            Kind::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&Tree(item))?;
                }
                seq.end()
            }
            Kind::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for member in members {
                    map.serialize_entry(&*member.name.value, &Tree(&member.value))?;
                }
                map.end()
            }
        }
    }
}

/// Writes `value`, or null.
pub(super) fn serialize_optional<S: serde::Serializer>(
    value: &Option<Value>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_ref().map(Tree).serialize(serializer)
}

/// A value of the tree, for the fields of structs that are written out member by member.
pub(super) fn json(value: &Value) -> impl Serialize {
    Tree(value)
}

/// The schema of any object, or null.
#[cfg(feature = "full")]
pub(super) fn object_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": ["object", "null"] })
}
