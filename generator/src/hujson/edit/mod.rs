//! Changes of a text that leave the rest of it as it is, comments and layout included.
//!
//! [`apply`] puts replacements into a text. The other functions make them from a tree: take out, put in, rename. They
//! look only at the text around what changes, so a thousand of them cost no more than the text is long.
//!
//! Invariant: a text without syntax errors has none after any change made here, and says what it said apart from it.

mod gap;

use super::{Flavour, Kind, Value};
use crate::diagnostics::Edit;
use crate::source::Span;
use gap::Gap;
use std::collections::BTreeSet;
use thiserror::Error;

/// Why replacements cannot be put into a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// Two of them change the same characters.
    #[error("two changes of the same characters, at offset {0}")]
    Overlap(u32),
    /// One reaches past the end of the text, or begins or ends inside a character.
    #[error("a change at offset {0}, where the text has no character")]
    NoCharacter(u32),
    /// They are of different texts.
    #[error("changes of different texts")]
    Sources,
}

/// `text` with `edits` in it, in the order of their places. Insertions at one place come in the order given, and
/// before a replacement that begins there.
///
/// # Errors
/// When they overlap, are not of one text, or do not lie in `text`.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut source = None;
    for edit in ordered {
        let Span { start, end, .. } = edit.span;
        if *source.get_or_insert(edit.span.source) != edit.span.source {
            return Err(EditError::Sources);
        }
        if start < done {
            return Err(EditError::Overlap(start));
        }
        let before = text
            .get(done as usize..start as usize)
            .ok_or(EditError::NoCharacter(start))?;
        if text.get(start as usize..end as usize).is_none() {
            return Err(EditError::NoCharacter(start));
        }
        out.push_str(before);
        out.push_str(&edit.text);
        done = end;
    }
    out.push_str(text.get(done as usize..).unwrap_or_default());
    Ok(out)
}

/// `text` as a JSON string, in quotes.
#[must_use]
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `new` in place of the value or name at `span`. `new` is JSON (see [`quote`]).
#[must_use]
pub fn replace(span: Span, new: impl Into<String>) -> Edit {
    Edit { span, text: new.into() }
}

/// Another name for the member, group, host or tag whose name, or a string that mentions it, is at `span`.
#[must_use]
pub fn rename(span: Span, new: &str) -> Edit {
    replace(span, quote(new))
}

/// Takes the elements or members of `parent` at `indices` out, each with its comma and its own comments: those on its
/// line, and those directly above it (a blank line parts). What an index names beyond the last is ignored.
///
/// `None` when there is nothing to take out, or `text` is not what `parent` was read from, or has an error there.
#[must_use]
pub fn remove(text: &str, flavour: Flavour, parent: &Value, indices: &[usize]) -> Option<Vec<Edit>> {
    let inside = Inside::new(text, flavour, parent)?;
    let gone: BTreeSet<usize> = indices.iter().copied().filter(|&i| i < inside.len()).collect();
    let mut spans = Vec::with_capacity(gone.len() + 1);
    for &i in &gone {
        spans.push(inside.removal(i)?);
    }
    // Where nothing follows what was taken out from the end, and no comma stood there, none is wanted now.
    let kept = (0..inside.len()).rev().find(|i| !gone.contains(i));
    if let Some(kept) = kept
        && kept + 1 < inside.len()
        && inside.gap(inside.len())?.comma.is_none()
    {
        spans.extend(inside.gap(kept + 1)?.comma);
    }
    let edits: Vec<Edit> = joined(spans).map(|span| replace(tight(text, span), "")).collect();
    (!edits.is_empty()).then_some(edits)
}

/// Puts `new` (JSON; for an object `"name": value`, see [`quote`]) into `parent` before the element or member at
/// `index`, or after the last. It gets a line of its own where the others have.
///
/// `None` when `parent` is neither array nor object, or `text` is not what it was read from, or has an error there.
#[must_use]
pub fn insert(text: &str, flavour: Flavour, parent: &Value, index: usize, new: &str) -> Option<Vec<Edit>> {
    let inside = Inside::new(text, flavour, parent)?;
    let source = parent.span.source;
    let at = |place: u32, new: String| replace(Span::new(source, place, place), new);
    if let Some(item) = inside.item(index) {
        let start = inside.gap(index)?.own_start(text, item.start);
        let new = match line_start(text, start) {
            Some(_) => format!("{new},\n{}", indentation(text, start)),
            None => format!("{new}, "),
        };
        return Some(vec![at(start, new)]);
    }
    let close = parent.span.end.checked_sub(1)?;
    let after = inside.gap(inside.len())?;
    let Some((last_index, last)) = inside.len().checked_sub(1).and_then(|i| Some((i, inside.item(i)?))) else {
        if !after.has_comment {
            return Some(vec![replace(Span::new(source, parent.span.start + 1, close), new)]);
        }
        // Comments only: before the bracket.
        return Some(vec![match line_start(text, close) {
            Some(line) => at(line, format!("{}\t{new}\n", indentation(text, close))),
            None => at(close, format!("{new} ")),
        }]);
    };
    let start = inside.gap(last_index)?.own_start(text, last.start);
    let own_line = line_start(text, start).is_some();
    let (comma, comment) = (
        after.comma.is_some(),
        after.own_end > after.comma.map_or(last.end, |comma| comma.end),
    );
    let trailing = if comma { "," } else { "" };
    let mut edits = Vec::new();
    let behind_comment = comment && !own_line && !after.own_line_comment;
    if !comma && !behind_comment {
        edits.push(at(last.end, ",".to_owned()));
    }
    let new = match (own_line, comment) {
        (true, _) => format!("\n{}{new}{trailing}", indentation(text, start)),
        // What comments on the last must not come to stand in front of the new one.
        (false, true) if comma || after.own_line_comment => format!("\n{new}{trailing}"),
        (false, true) => format!(", {new}"),
        (false, false) => format!(" {new}{trailing}"),
    };
    edits.push(at(after.own_end, new));
    Some(edits)
}

/// The inside of an array or object: its items and what stands between them, looked at where it is asked for.
struct Inside<'a> {
    text: &'a str,
    flavour: Flavour,
    parent: &'a Value,
}

impl<'a> Inside<'a> {
    fn new(text: &'a str, flavour: Flavour, parent: &'a Value) -> Option<Self> {
        matches!(parent.kind, Kind::Array(_) | Kind::Object(_)).then_some(Self { text, flavour, parent })
    }

    fn len(&self) -> usize {
        match &self.parent.kind {
            Kind::Array(items) => items.len(),
            Kind::Object(members) => members.len(),
            _ => 0,
        }
    }

    /// The place of an element, or of a member from its name to its value.
    fn item(&self, index: usize) -> Option<Span> {
        match &self.parent.kind {
            Kind::Array(items) => Some(items.get(index)?.span),
            Kind::Object(members) => {
                let member = members.get(index)?;
                Some(Span::new(
                    member.value.span.source,
                    member.name.span.start,
                    member.value.span.end,
                ))
            }
            _ => None,
        }
    }

    /// The gap before the item at `index`, or after the last.
    fn gap(&self, index: usize) -> Option<Gap> {
        let Span { source, start, end } = self.parent.span;
        let start = match index.checked_sub(1) {
            Some(before) => self.item(before)?.end,
            None => start + 1,
        };
        let (end, closes) = match self.item(index) {
            Some(item) => (item.start, false),
            None => (end.checked_sub(1)?, true),
        };
        Gap::new(self.text, self.flavour, Span::new(source, start, end), closes)
    }

    /// What goes when the item at `index` goes.
    fn removal(&self, index: usize) -> Option<Span> {
        let item = self.item(index)?;
        let start = self.gap(index)?.own_start(self.text, item.start);
        let end = self.gap(index + 1)?.own_end;
        let (spaces, ends_line) = line_end(self.text, end);
        let (start, end) = match line_start(self.text, start) {
            // Whole lines.
            Some(line) if ends_line => (line, end + spaces + 1),
            _ if ends_line => (start, end),
            // What follows on the line moves up.
            _ => (start, end + spaces),
        };
        Some(Span::new(item.source, start, end))
    }
}

/// `span`, which is taken out, with the spaces before it where they would stand at the end of a line or before a
/// bracket.
fn tight(text: &str, span: Span) -> Span {
    let (spaces, ends_line) = line_end(text, span.end);
    let rest = text.get((span.end + spaces) as usize..).unwrap_or_default();
    if line_start(text, span.start).is_some() || !(ends_line || rest.starts_with([']', '}'])) {
        return span;
    }
    let before = text.get(..span.start as usize).unwrap_or_default();
    Span {
        start: before.trim_end_matches([' ', '\t']).len() as u32,
        ..span
    }
}

/// How many spaces follow `at`, and whether the line ends after them.
fn line_end(text: &str, at: u32) -> (u32, bool) {
    let rest = text.get(at as usize..).unwrap_or_default();
    let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
    ((rest.len() - trimmed.len()) as u32, trimmed.starts_with('\n'))
}

/// Where the line begins on which nothing but spaces and tabs stands before `at`; `None` when something does.
fn line_start(text: &str, at: u32) -> Option<u32> {
    let before = text.get(..at as usize)?;
    let line = before.trim_end_matches([' ', '\t']);
    line.ends_with('\n').then_some(line.len() as u32)
}

/// The spaces and tabs before `at` on its line.
fn indentation(text: &str, at: u32) -> &str {
    line_start(text, at)
        .and_then(|line| text.get(line as usize..at as usize))
        .unwrap_or_default()
}

/// `spans` in order, those that overlap or touch made one.
fn joined(mut spans: Vec<Span>) -> impl Iterator<Item = Span> {
    spans.sort_by_key(|span| span.start);
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out.into_iter()
}

#[cfg(test)]
mod tests;
