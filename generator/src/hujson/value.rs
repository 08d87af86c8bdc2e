//! The tree of values: what was said and where.

use crate::source::{Span, Spanned};

/// A value of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Its text, without surrounding space and comments.
    pub span: Span,
}

/// What a value is. Numbers keep their literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number: a JSON literal, as written. Where JSON5 writes it as JSON cannot (`+1`, `.5`, `0x1F`), the same number
    /// in JSON's way; `Infinity` and `NaN`, which JSON cannot say, stay as written.
    Number(Box<str>),
    /// A string, decoded.
    String(Box<str>),
    /// `[ ... ]`
    Array(Vec<Value>),
    /// `{ ... }`, members in the order written. Duplicate names were reported by the parser; the first stays.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name, decoded; the span covers the quotes.
    pub name: Spanned<Box<str>>,
    /// Its value.
    pub value: Value,
}

impl Kind {
    /// What JSON calls it: `null`, `boolean`, `number`, `string`, `array`, `object`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl Value {
    /// Whether it is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The boolean, when it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The number's literal, when it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&str> {
        match &self.kind {
            Kind::Number(literal) => Some(literal),
            _ => None,
        }
    }

    /// The string, decoded, when it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The string with its place, when it is one.
    #[must_use]
    pub fn as_spanned_str(&self) -> Option<Spanned<&str>> {
        self.as_str().map(|text| Spanned::new(text, self.span))
    }

    /// The elements, when it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, when it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member called exactly `name`, when it is an object that has one.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.as_object()?.iter().find(|member| &*member.name.value == name)
    }

    /// The value of the member called exactly `name`, when it is an object that has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.member(name).map(|member| &member.value)
    }
}
