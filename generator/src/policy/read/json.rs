//! Values as go-json-experiment reads them into Go's types.

use std::borrow::Cow;

use crate::hujson::{Kind, Member, Value};
use crate::policy::rules;
use crate::source::Span;

use super::Reader;

impl<'a> Reader<'a> {
    /// The elements of an array; `null` has none. `go` is the type in Go, `expected` what stands there.
    pub(super) fn items<'t>(&mut self, value: &'t Value, go: &str, expected: &str) -> &'t [Value] {
        match &value.kind {
            Kind::Null => &[],
            Kind::Array(items) => items,
            _ => {
                self.report(rules::wrong_type::finding(value, go, expected));
                // One thing where a list of such things belongs is read as one.
                if rules::wrong_type::is_single(value, go) {
                    std::slice::from_ref(value)
                } else {
                    &[]
                }
            }
        }
    }

    /// The members of a map; `null` has none.
    pub(super) fn entries<'t>(&mut self, value: &'t Value, go: &str, expected: &str) -> &'t [Member] {
        match &value.kind {
            Kind::Null => &[],
            Kind::Object(members) => members,
            _ => {
                self.report(rules::wrong_type::finding(value, go, expected));
                &[]
            }
        }
    }

    /// A string; `null` is the empty one.
    pub(super) fn string<'t>(&mut self, value: &'t Value, go: &str) -> Option<&'t str> {
        match &value.kind {
            Kind::Null => Some(""),
            Kind::String(text) => Some(text),
            _ => {
                self.report(rules::wrong_type::finding(value, go, "a string is expected here"));
                None
            }
        }
    }

    /// `true` or `false`; `null` is false.
    pub(super) fn boolean(&mut self, value: &Value) -> Option<bool> {
        match &value.kind {
            Kind::Null => Some(false),
            Kind::Bool(on) => Some(*on),
            _ => {
                self.report(rules::wrong_type::finding(
                    value,
                    "bool",
                    "true or false is expected here",
                ));
                None
            }
        }
    }

    /// What headscale's own `UnmarshalJSON` methods look at: the JSON as written, without the quotes at its ends.
    /// Escapes stay as they are, and a number or `null` is a word like any other.
    pub(super) fn raw(&self, value: &Value) -> Cow<'a, str> {
        self.verbatim(value.span).unwrap_or_else(|| Cow::Owned(decoded(value)))
    }

    /// [`Reader::raw`] of a member's name.
    pub(super) fn raw_name(&self, member: &Member) -> Cow<'a, str> {
        self.verbatim(member.name.span)
            .unwrap_or_else(|| Cow::Owned(member.name.value.to_string()))
    }

    fn verbatim(&self, span: Span) -> Option<Cow<'a, str>> {
        self.verbatim
            .and_then(|text| text.get(span.range()))
            .map(|text| Cow::Borrowed(text.trim_matches('"')))
    }
}

/// A value as a word: a string's text, else JSON.
pub(super) fn decoded(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.to_string(),
        _ => compact(value),
    }
}

/// A value as headscale sees it after a detour over Go's `any`, which the fields of an ACL take: numbers become
/// floats and are written anew, so `6.0` is `6`.
pub(super) fn through_any(value: &Value) -> String {
    match &value.kind {
        Kind::Number(literal) => match literal.parse::<f64>() {
            Ok(number) if number.is_finite() => format!("{number}"),
            _ => literal.to_string(),
        },
        _ => decoded(value),
    }
}

/// Where in `value` stands a number that no Go `float64` holds.
pub(super) fn overflow(value: &Value) -> Option<&Value> {
    match &value.kind {
        Kind::Number(literal) => literal.parse::<f64>().is_ok_and(f64::is_infinite).then_some(value),
        Kind::Array(items) => items.iter().find_map(overflow),
        Kind::Object(members) => members.iter().find_map(|member| overflow(&member.value)),
        _ => None,
    }
}

/// The value as JSON on one line, numbers as written.
pub(super) fn compact(value: &Value) -> String {
    let mut out = String::new();
    write_compact(value, &mut out);
    out
}

// Recursion is bounded by the parser (`hujson::MAX_DEPTH`).
fn write_compact(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(true) => out.push_str("true"),
        Kind::Bool(false) => out.push_str("false"),
        Kind::Number(literal) => out.push_str(literal),
        Kind::String(text) => push_string(text, out),
        Kind::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_compact(item, out);
            }
            out.push(']');
        }
        Kind::Object(members) => {
            out.push('{');
            for (i, member) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_string(&member.name.value, out);
                out.push(':');
                write_compact(&member.value, out);
            }
            out.push('}');
        }
    }
}

fn push_string(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// What Go calls the type of a value read into `any`.
pub(crate) const fn go_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "<nil>",
        Kind::Bool(_) => "bool",
        Kind::Number(_) => "float64",
        Kind::String(_) => "string",
        Kind::Array(_) => "[]interface {}",
        Kind::Object(_) => "map[string]interface {}",
    }
}
