//! A place in a text: offsets, lines and columns, and values that remember where they were written.
//!
//! Nothing here reads files or knows a format. [`Span`] names its text by [`SourceId`], so one span is enough to
//! say where a finding lies, however many texts (declaration, policy file, topology) were read together.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// Which of the texts read together: an index into [`crate::input::Inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u16);

/// A range of bytes of one text. Offsets are 32 bits wide: a text of 4 GiB or more is refused when it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `source`.
    #[must_use]
    pub const fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }

    /// The range, for slicing with `str::get`.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `self` encloses `other` (same text, not smaller).
    #[must_use]
    pub fn encloses(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}

/// A value and where it was written. Comparison, order and hash see the value only, so two trees that say the same
/// thing in different places are equal.
#[derive(Clone, Copy, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: f(self.value),
            span: self.span,
        }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<T: Eq> Eq for Spanned<T> {}
impl<T: Hash> Hash for Spanned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<T: PartialOrd> PartialOrd for Spanned<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}
impl<T: Ord> Ord for Spanned<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

/// Serialises as the value alone.
impl<T: serde::Serialize> serde::Serialize for Spanned<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// The schema is the value's.
#[cfg(feature = "full")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Spanned<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

/// A line and a column as editors count them: from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// Where the lines of a text begin, so that an offset becomes a line by binary search, and where the characters of its
/// long lines are, so that this stays quick in a text that is one line of megabytes.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Offsets inside long lines, each with the number of characters between it and the beginning of its line.
    inside: Vec<(u32, u32)>,
}

/// How many bytes of a line are counted again at each question.
const STRIDE: usize = 4096;

impl LineIndex {
    /// Indexes `text`. Lines end at `\n`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let offset32 = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        let mut starts = vec![0];
        let mut inside = Vec::new();
        let mut start = 0;
        for line in text.as_bytes().split_inclusive(|&byte| byte == b'\n') {
            let mut characters = 0_u32;
            for (number, part) in line.chunks(STRIDE).enumerate().skip_while(|_| line.len() <= STRIDE) {
                inside.push((offset32(start + number * STRIDE), characters));
                characters = characters.saturating_add(offset32(count_characters(part)));
            }
            start += line.len();
            if line.ends_with(b"\n") {
                starts.push(offset32(start));
            }
        }
        Self { starts, inside }
    }

    /// Line and column of the byte at `offset` of `text` (the text that was indexed). Past the end: the end.
    #[must_use]
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let mark = self
            .inside
            .partition_point(|&(mark, _)| mark <= offset)
            .checked_sub(1)
            .and_then(|i| self.inside.get(i).copied())
            .filter(|&(mark, _)| mark >= start);
        let (from, characters) = mark.unwrap_or((start, 0));
        let end = (offset as usize).min(text.len());
        let after = text.as_bytes().get(from as usize..end).map_or(0, count_characters);
        LineColumn {
            line,
            column: characters as usize + after + 1,
        }
    }

    /// The bytes of line number `line` (from 1) of `text`, without its end; empty past the last line.
    #[must_use]
    pub fn line_range(&self, text: &str, line: usize) -> Range<usize> {
        let start_of = |line: usize| {
            line.checked_sub(1)
                .and_then(|i| self.starts.get(i))
                .map(|&start| start as usize)
        };
        let start = start_of(line).unwrap_or(text.len());
        let end = start_of(line + 1).unwrap_or(text.len());
        let bytes = text.as_bytes().get(start..end).unwrap_or_default();
        let without_end = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let without_end = without_end.strip_suffix(b"\r").unwrap_or(without_end);
        start..start + without_end.len()
    }
}

/// Counts the bytes that begin a character: exact wherever a part of a text is cut.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_from_one() {
        let text = "{\n  \"ä\": x\n}";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 0), LineColumn { line: 1, column: 1 });
        let x = text.find('x').unwrap() as u32;
        assert_eq!(index.line_column(text, x), LineColumn { line: 2, column: 8 });
        assert_eq!(index.line_column(text, 9_999), LineColumn { line: 3, column: 2 });
    }

    #[test]
    fn equality_ignores_the_place() {
        let at = |start| Spanned::new("x", Span::new(SourceId(0), start, start + 1));
        assert_eq!(at(1), at(7));
    }

    #[test]
    fn long_lines_are_counted_exactly_at_every_offset() {
        let text = format!("a\n{}\nß\n", "äx€".repeat(3_000));
        let index = LineIndex::new(&text);
        let mut expected = LineColumn { line: 1, column: 1 };
        for (offset, c) in text.char_indices() {
            assert_eq!(index.line_column(&text, offset as u32), expected, "at {offset}");
            expected = match c {
                '\n' => LineColumn {
                    line: expected.line + 1,
                    column: 1,
                },
                _ => LineColumn {
                    column: expected.column + 1,
                    ..expected
                },
            };
        }
        assert_eq!(index.line_column(&text, text.len() as u32), expected);
    }

    #[test]
    fn lines_are_given_without_their_ends() {
        let text = "ab\r\n\ncd";
        let index = LineIndex::new(text);
        let lines: Vec<&str> = (1..=4)
            .map(|line| text.get(index.line_range(text, line)).unwrap())
            .collect();
        assert_eq!(lines, ["ab", "", "cd", ""]);
        assert_eq!(LineIndex::new("").line_range("", 1), 0..0);
    }
}
