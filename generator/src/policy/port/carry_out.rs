//! The changes of a [`Plan`] put into the text, each with its comment, and the way back from the new text to the old.

use std::collections::{BTreeMap, HashSet};

use crate::diagnostics::Edit;
use crate::hujson::edit::{EditError, apply};
use crate::hujson::lex::{Piece, PieceKind};
use crate::source::{SourceId, Span};

use super::change::Change;
use super::plan::{Plan, StepKind};

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
    /// Carries the changes out.
    ///
    /// # Errors
    /// When two of them change the same characters, which a plan rules out.
    pub(super) fn carry_out(&self) -> Result<Changed, EditError> {
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
                        notes.extend(step.change.as_ref().map(|change| {
                            let line = self.line_for_note(step.span.start, &regions);
                            (line, self.with_text(change, self.region(step.span, &trailing)))
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
        let mut known = HashSet::new();
        for (line, said) in notes {
            if known.insert((line, said.clone())) {
                by_line.entry(line).or_default().push(said);
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
        let comma = self
            .significant(span.end)
            .filter(|piece| piece.kind == PieceKind::Comma);
        // A comma in a later line belongs to it all the same.
        let from = comma.map_or(span.end, |comma| comma.end);
        if self.line_number(from) != self.line_number(span.end) {
            return None;
        }
        let from = self.pieces.partition_point(|piece| piece.start < from);
        for piece in self.pieces.iter().skip(from) {
            match piece.kind {
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

    /// What is said of something that leaves a line, with its text where that does not fit into what is said.
    fn with_text(&self, change: &Change, region: Span) -> String {
        let text = self.written(region).trim_matches([',', ' ', '\t']);
        if text == change.was {
            return change.comment();
        }
        let mut out = change.comment_above();
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
fn changed(text: &str, source: SourceId, mut edits: Vec<Edit>, changes: Vec<Change>) -> Result<Changed, EditError> {
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
    let text = apply(text, &edits)?;
    Ok(Changed {
        text,
        source,
        parts,
        changes,
    })
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
