//! What is to be changed in a text, gathered first and carried out at once: replacements, things left out, things put
//! in, each with a comment of its own. Comments of the author stay: what is left out stands on as a comment.
//!
//! Nothing here knows what a policy means. A change inside something that is left out is no change.

use std::collections::{BTreeMap, HashSet};

use crate::diagnostics::Edit;
use crate::hujson::edit::apply;
use crate::hujson::lex::{Piece, PieceKind, pieces};
use crate::hujson::{Flavour, Member, Value};
use crate::source::{SourceId, Span};

use super::change::{Change, Effect};
use super::tree::whole;

/// How the comments begin that say what was changed.
pub(super) const MARK: &str = "// ported: ";

/// A change of the text with what is said of it.
#[derive(Clone, Debug)]
struct Step {
    /// What is replaced; empty: an insertion.
    span: Span,
    kind: StepKind,
    /// What is reported; `None`: it belongs to another one.
    change: Option<Change>,
}

#[derive(Clone, Debug)]
enum StepKind {
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
    source: SourceId,
    pieces: Vec<Piece>,
    /// Where the lines begin.
    lines: Vec<u32>,
    /// By first and last byte, and then in the order planned.
    steps: BTreeMap<(u32, u32, usize), Step>,
    /// What is left out, by its first byte.
    gone: BTreeMap<u32, u32>,
    revision: usize,
}

/// A text after its changes, with the way back.
pub(super) struct Changed {
    /// The text.
    pub(super) text: String,
    source: SourceId,
    /// Where its parts come from: first byte in the new text, and what it was.
    parts: Vec<(u32, Part)>,
    /// The changes that were carried out, in the order of the text.
    pub(super) changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    /// Unchanged, from this offset of the old text on.
    Kept(u32),
    /// New, in place of this.
    New(Span),
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
        if self.is_gone(parent.span) {
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
            .filter(|(_, step)| span.encloses(step.span) && step.span.end > step.span.start)
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

    /// Carries the changes out.
    pub(super) fn carry_out(&self) -> Changed {
        let mut edits: Vec<Edit> = Vec::new();
        let mut notes: Vec<(u32, String)> = Vec::new();
        let mut changes = Vec::new();
        let trailing = self.trailing();
        // In order, and apart from each other.
        let regions: Vec<Span> = self
            .steps
            .values()
            .filter(|step| matches!(step.kind, StepKind::LeaveOut))
            .map(|step| self.region(step.span, &trailing))
            .collect();
        for step in self.steps.values() {
            changes.extend(step.change.clone());
            let said = step.change.as_ref().map(Change::comment);
            match &step.kind {
                StepKind::Replace(new) => {
                    edits.push(Edit {
                        span: step.span,
                        text: new.clone(),
                    });
                    notes.extend(said.map(|said| (self.line_for_note(step.span.start, &regions), said)));
                }
                StepKind::LeaveOut => match self.whole_lines(step.span) {
                    Some(lines) => {
                        let said = step.change.as_ref().map(Change::comment_above);
                        edits.push(Edit {
                            span: lines,
                            text: self.commented_out(lines, &said.unwrap_or_default()),
                        });
                    }
                    None => {
                        edits.push(Edit {
                            span: self.region(step.span, &trailing),
                            text: String::new(),
                        });
                        notes.extend(said.map(|said| {
                            let line = self.line_for_note(step.span.start, &regions);
                            let region = self.region(step.span, &trailing);
                            (line, self.with_text(said, step.span, region))
                        }));
                    }
                },
                StepKind::PutIn(new) => edits.push(Edit {
                    span: step.span,
                    text: self.put_in_text(step.span.start, new, said.as_deref()),
                }),
            }
        }
        edits.extend(self.note_edits(notes));
        changed(self.text, self.source, edits, changes)
    }

    /// Comment lines above the lines at the given offsets, one for each thing said.
    fn note_edits(&self, notes: Vec<(u32, String)>) -> impl Iterator<Item = Edit> {
        let mut by_line: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (line, said) in notes {
            let all = by_line.entry(line).or_default();
            if !all.contains(&said) {
                all.push(said);
            }
        }
        by_line.into_iter().map(|(line, said)| {
            let indent = self.indentation(line);
            Edit {
                span: Span::new(self.source, line, line),
                text: said
                    .iter()
                    .flat_map(|said| said.lines())
                    .map(|said| format!("{indent}{}\n", comment(said)))
                    .collect(),
            }
        })
    }

    /// Where the line begins above which a comment on `at` goes: not inside of what is left out, nor of a comment.
    fn line_for_note(&self, at: u32, regions: &[Span]) -> u32 {
        let mut line = self.line_start(at);
        loop {
            let i = regions.partition_point(|region| region.start < line);
            let region = i.checked_sub(1).and_then(|i| regions.get(i));
            let region = region.filter(|region| line < region.end);
            let inside = region.map(|region| region.start).or_else(|| {
                let i = self.pieces.partition_point(|piece| piece.end <= line);
                self.pieces
                    .get(i)
                    .filter(|piece| piece.start < line && piece.kind == PieceKind::BlockComment)
                    .map(|piece| piece.start)
            });
            match inside {
                Some(start) => line = self.line_start(start),
                None => return line,
            }
        }
    }

    /// The starts of what goes and has nothing behind it that stays, up to the closing bracket.
    fn trailing(&self) -> HashSet<u32> {
        let mut trailing = HashSet::new();
        for (start, end) in self.gone.iter().rev() {
            let mut next = self.significant(*end);
            if next.is_some_and(|piece| piece.kind == PieceKind::Comma) {
                next = next.and_then(|comma| self.significant(comma.end));
            }
            let last = match next {
                Some(piece) if matches!(piece.kind, PieceKind::CloseBracket | PieceKind::CloseBrace) => true,
                Some(piece) => trailing.contains(&piece.start),
                None => true,
            };
            if last {
                trailing.insert(*start);
            }
        }
        trailing
    }

    /// The first piece from `at` on that is neither space nor comment.
    fn significant(&self, at: u32) -> Option<Piece> {
        let from = self.pieces.partition_point(|piece| piece.start < at);
        self.pieces
            .iter()
            .skip(from)
            .find(|piece| !piece.kind.is_trivia())
            .copied()
    }

    /// What goes with an element or member: its comma and the comments before that; of the last ones, the comma
    /// before, if that is on the line; spaces where they would stand twice or at the end of a line.
    fn region(&self, span: Span, trailing: &HashSet<u32>) -> Span {
        let comma = self
            .significant(span.end)
            .filter(|piece| piece.kind == PieceKind::Comma);
        let end = comma.map_or(span.end, |comma| comma.end);
        let before = self.pieces.partition_point(|piece| piece.start < span.start);
        let mut before = self.pieces.iter().take(before).rev();
        // On the same line; what stands behind something that goes, goes with that.
        let previous = before
            .find(|piece| !is_blank(**piece, self.text))
            .filter(|piece| match piece.kind {
                PieceKind::Comma => {
                    let item = before.find(|piece| !piece.kind.is_trivia());
                    item.is_some_and(|item| !self.ends_gone(item.end))
                }
                kind => !kind.is_trivia(),
            });
        let rest = self.text.get(end as usize..).unwrap_or_default();
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let ends_line = rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        let is_last = trailing.contains(&span.start);
        // What comes next moves up: the next one, or the bracket.
        let up = match ends_line || (comma.is_none() && !is_last) {
            true => end,
            false => end + u32::try_from(spaces).unwrap_or_default(),
        };
        match previous {
            Some(previous) if is_last && previous.kind == PieceKind::Comma => {
                Span::new(span.source, previous.start, up)
            }
            Some(previous) if is_last || ends_line => Span::new(span.source, previous.end, up),
            _ => Span { end: up, ..span },
        }
    }

    /// Whether something that is gone ends at `end`.
    fn ends_gone(&self, end: u32) -> bool {
        let last = self.gone.range(..end).next_back();
        last.is_some_and(|(_, gone)| *gone == end)
    }

    /// The lines of an element or member that shares them with nothing but comments.
    fn whole_lines(&self, span: Span) -> Option<Span> {
        let start = self.line_start(span.start);
        if !self.text.get(start as usize..span.start as usize)?.trim().is_empty() {
            return None;
        }
        let from = self.pieces.partition_point(|piece| piece.start < span.end);
        let mut comma = false;
        for piece in self.pieces.iter().skip(from) {
            match piece.kind {
                PieceKind::Comma if !comma => comma = true,
                PieceKind::LineComment => return Some(Span::new(self.source, start, piece.end)),
                PieceKind::Space => {
                    if let Some(newline) = piece.of(self.text).find('\n') {
                        let end = piece.start + u32::try_from(newline).ok()? + 1;
                        return Some(Span::new(self.source, start, end));
                    }
                }
                PieceKind::BlockComment if !piece.of(self.text).contains('\n') => {}
                _ => return None,
            }
        }
        None
    }

    /// The lines at `lines` as comments, under what is said of them.
    fn commented_out(&self, lines: Span, said: &str) -> String {
        let indent = self.indentation(lines.start);
        let mut out = String::new();
        for said in said.lines() {
            out.push_str(indent);
            out.push_str(&comment(said));
            out.push('\n');
        }
        for line in self.written(lines).lines() {
            let rest = line.strip_prefix(indent).unwrap_or_else(|| line.trim_start());
            out.push_str(indent);
            out.push_str(&comment(&format!("// {rest}")));
            out.push('\n');
        }
        out
    }

    /// What is said of something that leaves a line, with its text where that is more than what was said.
    fn with_text(&self, said: String, span: Span, region: Span) -> String {
        let text = self.written(region);
        if !text.contains('\n') && text.trim_matches([',', ' ', '\t']) == self.written(span) {
            return said;
        }
        let mut out = said;
        for line in text.lines() {
            out.push_str("\n// ");
            out.push_str(line.trim_end());
        }
        out
    }

    /// Lines for what is put in at `at`, after an opening bracket.
    fn put_in_text(&self, at: u32, new: &[String], said: Option<&str>) -> String {
        let indent = self.indent_inside(at);
        let begins_line = self
            .text
            .get(..at as usize)
            .is_some_and(|before| before.ends_with('\n'));
        let mut out = String::new();
        let mut line = |text: &str| {
            if !(begins_line && out.is_empty()) {
                out.push('\n');
            }
            out.push_str(&indent);
            out.push_str(text);
        };
        for said in said.unwrap_or_default().lines() {
            line(&comment(said));
        }
        for new in new {
            line(&format!("{},", new.replace('\n', &format!("\n{indent}"))));
        }
        let rest = self.text.get(at as usize..).unwrap_or_default();
        if begins_line {
            out.push('\n');
        } else if !rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
            out.push('\n');
            out.push_str(self.indentation(self.line_start(at)));
        }
        out
    }

    /// The indentation of what stands on lines of its own after `at`.
    fn indent_inside(&self, at: u32) -> String {
        let rest = self.text.get(at as usize..).unwrap_or_default();
        let first = match rest.split_once('\n') {
            Some((_, rest))
                if self
                    .text
                    .get(..at as usize)
                    .is_some_and(|before| !before.ends_with('\n')) =>
            {
                rest
            }
            _ => rest,
        };
        let indent: String = first.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let outer = self.indentation(self.line_start(at.saturating_sub(1)));
        if indent.len() > outer.len() {
            return indent;
        }
        let step = if outer.contains('\t') { "\t" } else { "  " };
        format!("{outer}{step}")
    }

    /// Where the line of `at` begins.
    fn line_start(&self, at: u32) -> u32 {
        let line = self.line_number(at).checked_sub(1);
        line.and_then(|line| self.lines.get(line)).copied().unwrap_or_default()
    }

    /// The number, from 1, of the line of `at`.
    pub(super) fn line_number(&self, at: u32) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    /// The spaces and tabs that the line at `line` begins with.
    fn indentation(&self, line: u32) -> &'a str {
        let rest = self.text.get(line as usize..).unwrap_or_default();
        let width = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest.get(..width).unwrap_or_default()
    }
}

impl Changed {
    /// What of the old text `span` of the new one comes from; what is new comes from what it replaces.
    pub(super) fn origin(&self, span: Span) -> Span {
        let first = self.place(span.start);
        let last = self.place(span.end.saturating_sub(1).max(span.start));
        Span::new(self.source, first.start, last.end.max(first.start))
    }

    /// Where the byte at `at` of the new text comes from.
    fn place(&self, at: u32) -> Span {
        let i = self.parts.partition_point(|(start, _)| *start <= at);
        match i.checked_sub(1).and_then(|i| self.parts.get(i)) {
            Some((from, Part::Kept(old))) => {
                let place = old + (at - from);
                Span::new(self.source, place, place + 1)
            }
            Some((_, Part::New(span))) => *span,
            None => Span::new(self.source, at, at),
        }
    }
}

/// Puts the edits into the text and remembers where every part comes from.
fn changed(text: &str, source: SourceId, mut edits: Vec<Edit>, changes: Vec<Change>) -> Changed {
    // Insertions come before replacements that begin at the same place, and among themselves in the order given.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut parts = Vec::with_capacity(edits.len() * 2 + 1);
    let (mut old, mut new) = (0_u32, 0_u32);
    for edit in &edits {
        if edit.span.start > old {
            parts.push((new, Part::Kept(old)));
            new += edit.span.start - old;
        }
        if !edit.text.is_empty() {
            parts.push((new, Part::New(edit.span)));
            new += u32::try_from(edit.text.len()).unwrap_or_default();
        }
        old = edit.span.end;
    }
    parts.push((new, Part::Kept(old)));
    Changed {
        // Steps inside of what is left out were dropped, so nothing overlaps.
        text: apply(text, &edits).unwrap_or_else(|_| text.to_owned()),
        source,
        parts,
        changes,
    }
}

/// Where the lines of `text` begin.
fn line_starts(text: &str) -> Vec<u32> {
    let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0)
        .chain(newlines.filter_map(|(at, _)| u32::try_from(at + 1).ok()))
        .collect()
}

/// Whether a piece is white space within a line.
fn is_blank(piece: Piece, text: &str) -> bool {
    piece.kind == PieceKind::Space && !piece.of(text).contains('\n')
}

/// A line of a comment that HuJSON reads as one: it may hold no separators of lines or paragraphs.
fn comment(line: &str) -> String {
    let line = line
        .replace('\r', "")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    line.trim_end().to_owned()
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
