//! From a tree to a [`Declaration`]: every member looked at, all that is wrong collected with its place.
//!
//! What a struct reads stands beside the struct ([`super::declaration`]). A value that is wrong is reported and left
//! out; a required option that is missing is reported and, where everything would hang on it, stands in with a value
//! under `.invalid` (RFC 2606) that no rule objects to. So one mistake gives one finding, and the rest is judged.
//!
//! Recursion is bounded by the depth of the structs, not of the tree.

mod object;
#[cfg(test)]
mod tests;
mod values;

use crate::diagnostics::{Diagnostic, Severity};
use crate::hujson::Value;
use crate::source::Spanned;

use super::declaration::Declaration;

pub(crate) use object::Object;
pub(crate) use values::{choice, number};

/// How many findings are collected while reading; more would not be read by anybody.
pub const MAX_FINDINGS: usize = 1_000;

/// Where findings go.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    findings: Vec<Diagnostic>,
}

impl Reader {
    /// Takes a finding.
    pub(crate) fn report(&mut self, finding: Diagnostic) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// What can be read from a value of the tree.
pub(crate) trait Read: Sized {
    /// Reads it; `None`: it is not this, which was reported.
    fn read(value: &Value, reader: &mut Reader) -> Option<Self>;
}

impl<T: Read> Read for Spanned<T> {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        T::read(value, reader).map(|read| Self::new(read, value.span))
    }
}

/// Reads a declaration. `None`: the tree is no object.
#[must_use]
pub fn read(tree: &Value, findings: &mut Vec<Diagnostic>) -> Option<Declaration> {
    let mut reader = Reader::default();
    let declaration = Declaration::read(tree, &mut reader);
    debug_assert!(
        reader
            .findings
            .iter()
            .all(|finding| finding.severity == Severity::Error),
        "reading finds errors only"
    );
    findings.append(&mut reader.findings);
    declaration
}
