//! What any text is judged by when it is read, whatever it says: one file a code.

pub mod duplicate_name;
pub mod invalid_utf8;
pub mod nested_too_deep;
pub mod syntax;
pub mod too_large;
pub mod unreadable;

use crate::diagnostics::{Diagnostic, Page};
use crate::hujson::{SyntaxError, SyntaxErrorKind};

/// The pages of all codes about reading texts, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &syntax::PAGE,
    &duplicate_name::PAGE,
    &invalid_utf8::PAGE,
    &nested_too_deep::PAGE,
    &unreadable::PAGE,
    &too_large::PAGE,
];

/// The finding that an error of the parser is.
pub(crate) fn finding(error: SyntaxError) -> Diagnostic {
    let page = match error.kind {
        SyntaxErrorKind::Syntax => &syntax::PAGE,
        SyntaxErrorKind::DuplicateName => &duplicate_name::PAGE,
        SyntaxErrorKind::TooDeep => &nested_too_deep::PAGE,
    };
    let mut finding = Diagnostic::new(page, error.span, error.message);
    finding.related.extend(error.related);
    finding.help.extend(error.help.map(str::to_owned));
    finding.fixes.extend(error.fix);
    finding
}
