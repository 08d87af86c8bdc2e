//! What is wrong with a text, before anything is known of its meaning.

use crate::diagnostics::{Edit, Fix};
use crate::source::Span;

/// Which rule a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// It does not follow the grammar.
    Syntax,
    /// A name stands twice in one object.
    DuplicateName,
    /// More than [`MAX_DEPTH`](super::MAX_DEPTH) values inside each other.
    TooDeep,
}

/// One error of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Which rule it breaks.
    pub kind: SyntaxErrorKind,
    /// The text to blame.
    pub span: Span,
    /// What was expected and what was found instead.
    pub message: String,
    /// Another place that belongs to it: where the bracket was opened.
    pub related: Option<(Span, String)>,
    /// What to do about it, where that is known.
    pub help: Option<&'static str>,
    /// A change that mends it, where one is likely meant.
    pub fix: Option<Fix>,
}

impl SyntaxError {
    /// A breach of the grammar.
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            kind: SyntaxErrorKind::Syntax,
            span,
            message: message.into(),
            related: None,
            help: None,
            fix: None,
        }
    }

    pub(super) fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    pub(super) fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }

    /// Adds the one change that can be meant: `text` in place of `span`.
    pub(super) fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.propose(title, span, text, true)
    }

    /// Adds a change that is likely meant; `safe` when nothing else can be.
    pub(super) fn propose(mut self, title: impl Into<String>, span: Span, text: impl Into<String>, safe: bool) -> Self {
        self.fix = Some(Fix {
            title: title.into(),
            edits: vec![Edit {
                span,
                text: text.into(),
            }],
            safe,
        });
        self
    }
}
