//! Findings shown: to people ([`human`]), to machines ([`json`]), in a merge request's comment ([`markdown`]).
//!
//! All of them borrow the [`Inputs`] and write to what they are given; nothing here knows a terminal or a file.
//! Order and number are the caller's: [`normalise`] first.

mod excerpt;
pub mod human;
pub mod json;
pub mod markdown;

use super::{Diagnostic, Severity};
use crate::input::{Inputs, Origin};
use crate::source::Span;

/// Sorts findings by place and code, those without a place first, and leaves out repetitions.
pub fn normalise(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let place = |d: &Diagnostic| d.span.map(|span| (span.source, span.start, span.end));
        (place(a), a.code, &a.message).cmp(&(place(b), b.code, &b.message))
    });
    diagnostics.dedup();
}

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings that stop.
    pub errors: usize,
    /// Lints.
    pub warnings: usize,
}

impl Counts {
    /// Counts `diagnostics`.
    #[must_use]
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
        Self {
            errors,
            warnings: diagnostics.len() - errors,
        }
    }
}

/// `2 errors, 1 warning`; `nothing to report`.
impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = |count: usize, word: &str| match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            _ => Some(format!("{count} {word}s")),
        };
        match (word(self.errors, "error"), word(self.warnings, "warning")) {
            (Some(errors), Some(warnings)) => write!(f, "{errors}, {warnings}"),
            (Some(one), None) | (None, Some(one)) => f.write_str(&one),
            (None, None) => f.write_str("nothing to report"),
        }
    }
}

/// `error` or `warning`.
pub(super) const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Where `span` lies, in one line: `policy.hujson:3:14`; of what Nix handed over the option path.
fn place_line(inputs: &Inputs, span: Span) -> String {
    let Some(input) = inputs.get(span.source) else {
        return String::new();
    };
    match (input.origin, inputs.path(span)) {
        (Origin::Nix, path) if path.is_empty() => input.name.clone(),
        (Origin::Nix, path) => path,
        (Origin::File, _) => {
            let at = input.lines.line_column(&input.text, span.start);
            format!("{}:{}:{}", input.name, at.line, at.column)
        }
    }
}

#[cfg(test)]
mod tests;
