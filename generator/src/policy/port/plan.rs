//! What is to be changed in a text, gathered first and carried out at once: replacements, things left out, things put
//! in, each with a comment of its own. Comments of the author stay: what is left out stands on as a comment.
//!
//! Nothing here knows what a policy means. A change inside something that is left out is no change.

use std::collections::BTreeMap;

use crate::hujson::lex::{Piece, PieceKind, pieces};
use crate::hujson::{Flavour, Kind, Member, Value};
use crate::source::{SourceId, Span};

use super::change::{Change, Effect};
use super::tree::whole;

/// How the comments begin that say what was changed.
pub(super) const MARK: &str = "// ported: ";

/// A change of the text with what is said of it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// What is replaced; empty: an insertion.
    pub(super) span: Span,
    /// What becomes of it.
    pub(super) kind: StepKind,
    /// What is reported; `None`: it belongs to another one.
    pub(super) change: Option<Change>,
}

/// What becomes of a place.
#[derive(Clone, Debug)]
pub(super) enum StepKind {
    /// Other text in its place.
    Replace(String),
    /// An element or member is left out.
    LeaveOut,
    /// Members or elements put in after an opening bracket, without commas.
    PutIn(Vec<String>),
}

/// The changes of one text.
pub(super) struct Plan<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Which text it is.
    pub(super) source: SourceId,
    /// Its pieces.
    pub(super) pieces: Vec<Piece>,
    /// Where the lines begin.
    pub(super) lines: Vec<u32>,
    /// By first and last byte, and then in the order planned.
    pub(super) steps: BTreeMap<(u32, u32, usize), Step>,
    /// What is left out, by its first byte.
    pub(super) gone: BTreeMap<u32, u32>,
    revision: usize,
}

impl<'a> Plan<'a> {
    /// No change of `text` yet.
    pub(super) fn new(text: &'a str, source: SourceId) -> Self {
        Self {
            text,
            source,
            pieces: pieces(text, Flavour::Hujson),
            lines: line_starts(text),
            steps: BTreeMap::new(),
            gone: BTreeMap::new(),
            revision: 0,
        }
    }

    /// The characters of `span`.
    pub(super) fn written(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Writes `new` (JSON, for an element also several) in place of the value or name at `span`.
    pub(super) fn replace(&mut self, span: Span, new: String, effect: Effect, why: impl Into<String>) {
        if self.is_gone(span) {
            return;
        }
        let change = Change {
            span,
            was: one_line(self.written(span)),
            now: Some(new.clone()),
            effect,
            why: why.into(),
        };
        self.unplan(span);
        self.add(Step {
            span,
            kind: StepKind::Replace(new),
            change: Some(change),
        });
    }

    /// Leaves the element at `span` out.
    pub(super) fn leave_out(&mut self, span: Span, effect: Effect, why: impl Into<String>) {
        self.leave_out_at(span, span, effect, why);
    }

    /// Leaves a member out, its name and its value.
    pub(super) fn leave_out_member(&mut self, member: &Member, effect: Effect, why: impl Into<String>) {
        self.leave_out_at(whole(member), member.name.span, effect, why);
    }

    /// Leaves what is at `span` out; the report says that it stood at `place`.
    fn leave_out_at(&mut self, span: Span, place: Span, effect: Effect, why: impl Into<String>) {
        if self.is_gone(span) {
            return;
        }
        let change = Change {
            span: place,
            was: one_line(self.written(span)),
            now: None,
            effect,
            why: why.into(),
        };
        self.unplan(span);
        self.gone.insert(span.start, span.end);
        self.add(Step {
            span,
            kind: StepKind::LeaveOut,
            change: Some(change),
        });
    }

    /// Puts `new` (`"name": value` or elements) first into the array or object `parent`. `change`: what is reported.
    pub(super) fn put_in(&mut self, parent: &Value, new: Vec<String>, change: Option<Change>) {
        if self.is_gone(parent.span) || !matches!(parent.kind, Kind::Array(_) | Kind::Object(_)) {
            return;
        }
        let at = self.after_opening(parent.span.start);
        self.add(Step {
            span: Span::new(self.source, at, at),
            kind: StepKind::PutIn(new),
            change,
        });
    }

    fn add(&mut self, step: Step) {
        self.revision += 1;
        self.steps.insert((step.span.start, step.span.end, self.revision), step);
    }

    /// The steps of exactly `span`.
    fn steps_at(&self, span: Span) -> impl Iterator<Item = &Step> {
        let key = |order| (span.start, span.end, order);
        self.steps.range(key(0)..=key(usize::MAX)).map(|(_, step)| step)
    }

    /// Whether what stands at `span` was left out, by itself or with what it belongs to.
    pub(super) fn is_gone(&self, span: Span) -> bool {
        // What is gone never lies inside of something else that is gone.
        let before = self.gone.range(..=span.start).next_back();
        before.is_some_and(|(_, end)| span.end <= *end && span.start < *end)
    }

    /// Why what stands at `span` was left out, if it was left out by itself.
    pub(super) fn why_gone(&self, span: Span) -> Option<&str> {
        self.steps_at(span).find_map(|step| match (&step.kind, &step.change) {
            (StepKind::LeaveOut, Some(change)) => Some(change.why.as_str()),
            _ => None,
        })
    }

    /// Grows with every step that is planned: whether a round of mending did something.
    pub(super) fn revision(&self) -> usize {
        self.revision
    }

    /// What the string at `span` is replaced with, if it is.
    pub(super) fn replacement(&self, span: Span) -> Option<&str> {
        self.steps_at(span).find_map(|step| match &step.kind {
            StepKind::Replace(new) => Some(new.as_str()),
            _ => None,
        })
    }

    /// Whether something is replaced with a text that holds `text`.
    pub(super) fn writes(&self, text: &str) -> bool {
        self.steps
            .values()
            .any(|step| matches!(&step.kind, StepKind::Replace(new) if new.contains(text)))
    }

    /// Drops what was planned for `span` and inside of it: it is superseded.
    fn unplan(&mut self, span: Span) {
        let superseded: Vec<_> = self
            .steps
            .range((span.start, 0, 0)..(span.end, 0, 0))
            .filter(|(_, step)| {
                // What is put in right before it stays.
                let before = step.span.start == span.start && step.span.end == span.start;
                span.encloses(step.span) && !before
            })
            .map(|(key, _)| *key)
            .collect();
        for key in superseded {
            self.steps.remove(&key);
        }
        let inside: Vec<u32> = self.gone.range(span.start..span.end).map(|(start, _)| *start).collect();
        for start in inside {
            self.gone.remove(&start);
        }
    }

    /// Where something put in after the bracket at `open` stands: after comments on the bracket's line.
    fn after_opening(&self, open: u32) -> u32 {
        let mut at = open + 1;
        let from = self.pieces.partition_point(|piece| piece.start < at);
        for piece in self.pieces.iter().skip(from) {
            match piece.kind {
                PieceKind::BlockComment if !piece.of(self.text).contains('\n') => at = piece.end,
                PieceKind::Space if !piece.of(self.text).contains('\n') => {}
                PieceKind::LineComment => return piece.end,
                _ => break,
            }
        }
        at
    }
}

/// Where the lines of `text` begin.
fn line_starts(text: &str) -> Vec<u32> {
    let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0)
        .chain(newlines.filter_map(|(at, _)| u32::try_from(at + 1).ok()))
        .collect()
}

/// A piece of text on one line, shortened where it is long.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 120;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} ...", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
