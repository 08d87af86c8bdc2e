//! Findings: what is wrong, where, and what to do about it.
//!
//! A [`Diagnostic`] holds spans only; line, column and option path are found when it is shown
//! ([`crate::input::Inputs`]), so collecting thousands costs nothing.
//!
//! Invariant: every [`Code`] has one file with its [`Page`], its check and its tests; [`codes::all`] lists the pages.

#[cfg(any(test, feature = "full"))]
pub mod book;
#[cfg(test)]
pub(crate) mod caret;
pub mod codes;
#[cfg(any(test, feature = "full"))]
pub mod fix;
pub mod render;

use crate::source::Span;

/// A stable name for one kind of finding: `TN104`. Never reused, never renumbered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TN{:03}", self.0)
    }
}
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// headscale, derper, tailscale or k3s would refuse it, or it would not do what was declared: stops the switch.
    Error,
    /// Works, but hardly as meant: a lint, shown as a NixOS warning.
    Warning,
}

/// What `tailnet explain` shows for one code. Each lives as `pub const PAGE` in the file of its check.
#[derive(Debug)]
pub struct Page {
    /// The code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// A short name in lower case with hyphens: `undefined-tag`.
    pub name: &'static str,
    /// What is found, one sentence.
    pub what: &'static str,
    /// Why it matters: what headscale, the client or k3s does with it; names the upstream file or behaviour.
    pub why: &'static str,
    /// An input that provokes exactly this code. Comment lines `// ^^^ message` under the offending text mark the
    /// primary span; the examples are run as tests.
    pub wrong: Example,
    /// The same, mended: gives no finding of this code.
    pub right: Example,
}

/// An input shown on a page and run in the tests.
#[derive(Clone, Copy, Debug)]
pub enum Example {
    /// An input that no text literal can hold: bytes that are no text, thousands of brackets, something unreadable.
    Input {
        /// What the page shows in its place.
        shown: &'static str,
        /// Opens it, as the command would open a policy file.
        open: fn() -> std::io::Result<Box<dyn std::io::Read>>,
    },
    /// A policy file (HuJSON).
    Policy {
        /// The policy's text.
        text: &'static str,
        /// The topology it is judged with (JSON, as for `--topology`); `None`: without one.
        topology: Option<&'static str>,
        /// The dialect: `0.28`, `0.29` or `0.30`.
        dialect: &'static str,
    },
    /// A declaration (JSON5).
    Declaration(&'static str),
    /// A NixOS module, added to one of the hosts of `hosts/`. Nix evaluates it, not the tests of this crate
    /// (`checks/host-pages.nix`), and it has no marks: findings name options there.
    Host {
        /// The host's name.
        node: &'static str,
        /// The module.
        module: &'static str,
    },
}

/// A change of the text that would mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an instruction: `write "autogroup:member"`.
    pub title: String,
    /// Replacements, in one text, not overlapping.
    pub edits: Vec<Edit>,
    /// Whether `check --fix` may apply it unasked: the meaning that was intended is certain.
    pub safe: bool,
}

/// One replacement in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced (empty: an insertion).
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One lower-case sentence without a full stop; user input in quotes as headscale writes it. Where headscale has
    /// words of its own for the finding, they are contained literally.
    pub message: String,
    /// The text to blame; `None` only where there is none (an unreadable file).
    pub span: Option<Span>,
    /// What to write under the span, when the message alone does not say it.
    pub label: Option<String>,
    /// Other places that belong to it: `defined here`.
    pub related: Vec<(Span, String)>,
    /// What to do, one entry a way out.
    pub help: Vec<String>,
    /// Changes that would mend it.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A finding of `page`'s kind.
    pub fn new(page: &Page, span: Span, message: impl Into<String>) -> Self {
        Self {
            code: page.code,
            severity: page.severity,
            message: message.into(),
            span: Some(span),
            label: None,
            related: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// A finding that has no place in any text.
    pub fn without_place(page: &Page, message: impl Into<String>) -> Self {
        Self {
            span: None,
            ..Self::new(page, Span::new(crate::source::SourceId(0), 0, 0), message)
        }
    }

    /// Adds the words under the span.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds a change that would mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}
