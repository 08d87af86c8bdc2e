//! Small helpers over the tree of a policy.

use crate::hujson::{Member, Value, same_name};
use crate::source::Span;

/// The member of `object` that headscale takes for the field `name`.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Member> {
    let members = object.as_object()?;
    members.iter().find(|member| same_name(&member.name.value, name))
}

/// Its value.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    member(object, name).map(|member| &member.value)
}

/// The strings of an array.
pub(super) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().unwrap_or_default().iter().filter_map(Value::as_str)
}

/// The elements of an array; of anything else none.
pub(super) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).unwrap_or_default()
}

/// A member from its name to its value.
pub(super) fn whole(member: &Member) -> Span {
    Span {
        end: member.value.span.end,
        ..member.name.span
    }
}
