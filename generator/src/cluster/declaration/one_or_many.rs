//! Options that take one value or a list of them.

use serde::Serialize;

use crate::source::Spanned;

/// One value stands for itself, none or several for a list.
pub(super) fn serialize<T: Serialize, S: serde::Serializer>(
    values: &[Spanned<T>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match values {
        [one] => one.serialize(serializer),
        _ => values.serialize(serializer),
    }
}

/// The schema: a value or a list of values.
#[cfg(feature = "full")]
pub(super) fn schema<T: schemars::JsonSchema>(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let one = generator.subschema_for::<T>();
    let many = generator.subschema_for::<Vec<T>>();
    schemars::json_schema!({ "anyOf": [one, many] })
}
