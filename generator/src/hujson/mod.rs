//! HuJSON (JWCC): JSON as RFC 8259 has it, plus `//` and `/* */` comments and one trailing comma in objects and
//! arrays. Lossless: comments, blank lines and trailing commas are kept; nothing here knows of policies.
//!
//! [`Flavour::Json5`] reads declarations: the structure is read here, scalars and unquoted names are decoded by the
//! crate `json5`.

use crate::source::{Span, Spanned};

/// Which grammar a text is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Exactly what headscale accepts.
    Hujson,
    /// JSON5: declarations only; headscale refuses it.
    Json5,
}

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
    /// A number, as written.
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
