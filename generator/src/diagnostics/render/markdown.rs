//! Findings for a merge request's comment.

use std::io;

use super::excerpt::short;
use super::human::{self, Style};
use super::{Counts, place_line, severity_word};
use crate::diagnostics::Diagnostic;
use crate::input::Inputs;

/// How many findings a comment shows in full: forges cut comments off at 64 KiB.
const LIMIT: usize = 40;

/// Writes all findings: a heading with the figures, one section a finding with its source line in a code block.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn io::Write, inputs: &Inputs, diagnostics: &[Diagnostic], heading: &str) -> io::Result<()> {
    writeln!(out, "### {}: {}", escape(heading), Counts::of(diagnostics))?;
    for diagnostic in diagnostics.iter().take(LIMIT) {
        let severity = severity_word(diagnostic.severity);
        write!(
            out,
            "\n**{severity}\\[{}\\]** {}",
            diagnostic.code,
            escape(&short(&diagnostic.message))
        )?;
        if let Some(span) = diagnostic.span {
            write!(out, " ({})", code(&place_line(inputs, span)))?;
        }
        writeln!(out)?;
        let shown = human::one(
            inputs,
            diagnostic,
            Style {
                width: 100,
                ..Style::default()
            },
        );
        // Its first line was said above.
        let block = shown
            .split_once('\n')
            .map(|(_, rest)| rest.trim_end())
            .unwrap_or_default();
        if !block.is_empty() {
            let fence = fence(block);
            writeln!(out, "\n{fence}text\n{block}\n{fence}")?;
        }
    }
    match diagnostics.len().checked_sub(LIMIT) {
        Some(more) if more > 0 => writeln!(out, "\n... and {more} more."),
        _ => Ok(()),
    }
}

/// `text` so that Markdown shows it as it is.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// `text` as inline code.
#[must_use]
pub fn code(text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ");
    let ticks = "`".repeat(longest_run(&line) + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{line}{pad}{ticks}")
}

/// A fence that `block` does not contain.
#[must_use]
pub fn fence(block: &str) -> String {
    "`".repeat((longest_run(block) + 1).max(3))
}

/// The length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
