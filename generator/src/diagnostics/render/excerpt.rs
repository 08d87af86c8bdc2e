//! The part of a text that a finding shows: whole lines where they are short, otherwise what lies around the span, so
//! that a line of 100 MB is never copied.

use std::borrow::Cow;
use std::ops::Range;

use crate::input::{Input, Origin};
use crate::source::Span;

/// Bytes shown of one line; a longer one is clipped.
const LINE: usize = 300;
/// Bytes kept on either side of a span in a clipped line.
const AROUND: usize = 60;
/// Bytes shown of a span in a clipped line.
const UNDER: usize = 120;
/// A span over more lines than this is shown by its first.
const LINES: usize = 8;
/// Stands where something was clipped.
const CLIPPED: &str = "…";

/// Lines to show and the places to underline in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The lines.
    pub text: String,
    /// The number of the first of them.
    pub first_line: usize,
    /// The number of the last.
    pub last_line: usize,
    /// Where each span lies in `text`, in the order asked for.
    pub marks: Vec<Range<usize>>,
    /// Whether the text was cut at a side, so that columns counted in it would be wrong.
    pub clipped: bool,
}

impl Excerpt {
    /// What to show of `input` for `span`.
    pub(super) fn new(input: &Input, span: Span) -> Self {
        let text = input.text.as_str();
        let span = clamp(text, span.range());
        if input.origin == Origin::Nix {
            // The text is one long line that nobody wrote: the value alone is shown.
            let (shown, mark) = clip(text, span.clone(), span);
            return Self {
                text: shown,
                first_line: 1,
                last_line: 1,
                marks: vec![mark],
                clipped: true,
            };
        }
        let line_of = |offset: usize| {
            let offset = u32::try_from(offset).unwrap_or(u32::MAX);
            input.lines.line_column(text, offset).line
        };
        let first = line_of(span.start);
        let last = line_of(span.end.saturating_sub(1).max(span.start));
        let ranges: Vec<Range<usize>> = (first..=last.min(first + LINES))
            .map(|line| input.lines.line_range(text, line))
            .collect();
        let whole = last - first < LINES && ranges.iter().all(|range| range.len() <= LINE);
        let line = ranges.first().cloned().unwrap_or_default();
        if let (true, Some(end)) = (whole, ranges.last().map(|range| range.end)) {
            let shift = |offset: usize| offset.saturating_sub(line.start);
            let mark = shift(span.start)..shift(span.end);
            return Self {
                text: text.get(line.start..end).unwrap_or_default().to_owned(),
                first_line: first,
                last_line: last,
                marks: vec![mark],
                clipped: false,
            };
        }
        let under = span.start..span.end.min(line.end).max(span.start);
        let (shown, mark) = clip(text, line.clone(), under);
        Self {
            text: shown,
            first_line: first,
            last_line: first,
            marks: vec![mark],
            clipped: line.len() > LINE,
        }
    }

    /// Joins `other` of the same `input` to this one when the lines of both are near each other: true if it was.
    pub(super) fn join(&mut self, input: &Input, other: &Self) -> bool {
        let (first, last) = (
            self.first_line.min(other.first_line),
            self.last_line.max(other.last_line),
        );
        if self.clipped || other.clipped || last - first > LINES {
            return false;
        }
        let range_of = |line| input.lines.line_range(&input.text, line);
        if (first..=last).any(|line| range_of(line).len() > LINE) {
            return false;
        }
        let start = range_of(first).start;
        let Some(text) = input.text.get(start..range_of(last).end) else {
            return false;
        };
        let shifted = |excerpt: &Self| {
            let by = range_of(excerpt.first_line).start - start;
            excerpt
                .marks
                .iter()
                .map(move |mark| mark.start + by..mark.end + by)
                .collect::<Vec<_>>()
        };
        let mut marks = shifted(self);
        marks.extend(shifted(other));
        *self = Self {
            text: text.to_owned(),
            first_line: first,
            last_line: last,
            marks,
            clipped: false,
        };
        true
    }
}

/// The last character boundary of `text` at `offset` or before.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// `range` inside `text` and on its character boundaries.
fn clamp(text: &str, range: Range<usize>) -> Range<usize> {
    let start = floor(text, range.start.min(text.len()));
    let end = (range.end.clamp(start, text.len())..=text.len())
        .find(|&offset| text.is_char_boundary(offset))
        .unwrap_or(text.len());
    start..end
}

/// The part of the line `line` around `under`, marked where something is missing, and where `under` lies in it.
fn clip(text: &str, line: Range<usize>, under: Range<usize>) -> (String, Range<usize>) {
    if line.len() <= LINE {
        let shift = |offset: usize| offset.saturating_sub(line.start);
        let shown = text.get(line.clone()).unwrap_or_default().to_owned();
        return (shown, shift(under.start)..shift(under.end));
    }
    let start = floor(text, under.start.saturating_sub(AROUND).max(line.start));
    let under_end = floor(text, under.end.min(under.start + UNDER));
    let end = floor(text, (under_end + AROUND).min(line.end)).max(under_end);
    let mut shown = String::new();
    if start > line.start {
        shown.push_str(CLIPPED);
    }
    let shift = shown.len();
    shown.push_str(text.get(start..end).unwrap_or_default());
    if end < line.end {
        shown.push_str(CLIPPED);
    }
    (shown, under.start - start + shift..under_end - start + shift)
}

/// Bytes shown of a message; a longer one quotes an endless value.
const MESSAGE: usize = 2000;

/// `message` itself, or its beginning and end when it is endless.
pub(super) fn short(message: &str) -> Cow<'_, str> {
    if message.len() <= MESSAGE {
        return Cow::Borrowed(message);
    }
    let begin = message.get(..floor(message, MESSAGE / 2)).unwrap_or_default();
    let end = message
        .get(floor(message, message.len() - MESSAGE / 4)..)
        .unwrap_or_default();
    Cow::Owned(format!("{begin}{CLIPPED}{end}"))
}
