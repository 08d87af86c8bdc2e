//! Parts of a text that somebody wrote, taken over into a policy file with the comments that belong to them.
//!
//! A declaration may be JSON5, a policy file is HuJSON: punctuation and comments are the same in both, so only strings,
//! names and numbers are written anew, each as what it means.

use std::collections::HashMap;

use crate::hujson::lex::{Piece, PieceKind, pieces};
use crate::hujson::{Kind, Value, edit};
use crate::input::Input;
use crate::source::Span;

/// A text cut into pieces, with what its strings and numbers mean.
pub(super) struct Transcript<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    /// How a string, name or number is written in HuJSON, by where it begins.
    written: HashMap<u32, String>,
}

/// The comments of an entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comments {
    /// Those above it or in front of it.
    pub(super) above: Vec<String>,
    /// Those behind it on its line.
    pub(super) beside: Vec<String>,
}

impl<'a> Transcript<'a> {
    /// Cuts `input` up.
    pub(super) fn new(input: &'a Input) -> Self {
        let mut written = HashMap::new();
        if let Some(tree) = &input.tree {
            write_down(tree, &mut written);
        }
        Self {
            text: &input.text,
            pieces: pieces(&input.text, input.flavour),
            written,
        }
    }

    /// The text under `span`, as HuJSON with its comments.
    pub(super) fn entry(&self, span: Span) -> String {
        let mut out = String::new();
        let first = self.at(span.start);
        for piece in self
            .pieces
            .iter()
            .skip(first)
            .take_while(|piece| piece.start < span.end)
        {
            match (piece.kind, self.written.get(&piece.start)) {
                (PieceKind::String | PieceKind::Word, Some(written)) => out.push_str(written),
                // JSON5 has more kinds of white space; what counts is where lines end.
                (PieceKind::Space, _) => {
                    let breaks = piece.of(self.text).matches('\n').count();
                    out.push_str(match breaks {
                        0 => " ",
                        1 => "\n",
                        _ => "\n\n",
                    });
                }
                _ => out.push_str(piece.of(self.text)),
            }
        }
        out
    }

    /// The comments that belong to what stands at `span`.
    pub(super) fn comments(&self, span: Span) -> Comments {
        Comments {
            above: self.above(span.start),
            beside: self.beside(span.end),
        }
    }

    /// The comments at the end of the array or object at `span`, which belong to none of its entries.
    pub(super) fn at_the_end(&self, span: Span) -> Vec<String> {
        // The closing bracket has comments above it as an entry has.
        self.above(span.end.saturating_sub(1))
    }

    /// The comments before `start` that do not belong to what precedes.
    fn above(&self, start: u32) -> Vec<String> {
        let here = self.at(start);
        let Some(before) = self.pieces.get(..here) else {
            return Vec::new();
        };
        let trivia = before.iter().rev().take_while(|piece| piece.kind.is_trivia()).count();
        let (front, gap) = before.split_at(here.saturating_sub(trivia));
        let mut own = gap;
        // What follows a comma on its line belongs to what the comma ends, where the line ends before anything comes.
        if front.last().is_some_and(|piece| piece.kind == PieceKind::Comma)
            && let Some(line) = gap.iter().position(|piece| self.ends_line(piece))
        {
            own = gap.get(line + 1..).unwrap_or_default();
        }
        own.iter()
            .filter(|piece| piece.kind.is_comment())
            .map(|piece| self.comment(piece))
            .collect()
    }

    /// The comments behind `end` on its line, with a comma or without.
    fn beside(&self, end: u32) -> Vec<String> {
        let mut found = Vec::new();
        let mut before_comma = 0;
        let mut seen_comma = false;
        for piece in self.pieces.iter().skip(self.at(end)) {
            match piece.kind {
                PieceKind::Comma if !seen_comma => {
                    seen_comma = true;
                    before_comma = found.len();
                }
                PieceKind::Space if self.ends_line(piece) => return found,
                PieceKind::Space => {}
                PieceKind::LineComment => {
                    found.push(self.comment(piece));
                    return found;
                }
                PieceKind::BlockComment => found.push(self.comment(piece)),
                PieceKind::CloseBrace | PieceKind::CloseBracket => return found,
                // The next entry stands on the same line: what follows the comma is its.
                _ => {
                    found.truncate(before_comma);
                    return found;
                }
            }
        }
        found
    }

    fn ends_line(&self, piece: &Piece) -> bool {
        match piece.kind {
            PieceKind::Space => piece.of(self.text).contains('\n'),
            kind => kind == PieceKind::LineComment,
        }
    }

    fn comment(&self, piece: &Piece) -> String {
        piece.of(self.text).trim_end().to_owned()
    }

    /// The position of the piece that begins at `offset`, or of the next one.
    fn at(&self, offset: u32) -> usize {
        self.pieces.partition_point(|piece| piece.start < offset)
    }
}

/// Writes down every string, name and number of `value`. Depth is bounded by the parser.
fn write_down(value: &Value, written: &mut HashMap<u32, String>) {
    match &value.kind {
        Kind::String(text) => {
            written.insert(value.span.start, edit::quote(text));
        }
        Kind::Number(literal) => {
            written.insert(value.span.start, literal.to_string());
        }
        Kind::Array(items) => items.iter().for_each(|item| write_down(item, written)),
        Kind::Object(members) => {
            for member in members {
                written.insert(member.name.span.start, edit::quote(&member.name.value));
                write_down(&member.value, written);
            }
        }
        Kind::Null | Kind::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hujson::Flavour;
    use crate::input::{Inputs, Origin};

    const TEXT: &str = "{
  // the first
  /* in two */
  a: ['x\\'y', 0x1F, .5], // beside the first
  // the second
  \"b\": { c: true /* inside */, }, /* before */ d: 1
  // at the end
}";

    fn read(text: &str) -> Inputs {
        let mut inputs = Inputs::default();
        let mut findings = Vec::new();
        inputs.read("d.json5", text, Origin::File, Flavour::Json5, "", &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        inputs
    }

    #[test]
    fn comments_go_with_what_they_are_about() {
        let inputs = read(TEXT);
        let input = inputs.get(crate::source::SourceId(0)).unwrap();
        let transcript = Transcript::new(input);
        let tree = input.tree.as_ref().unwrap();
        let comments: Vec<Comments> = tree
            .as_object()
            .unwrap()
            .iter()
            .map(|member| {
                let span = Span::new(member.name.span.source, member.name.span.start, member.value.span.end);
                transcript.comments(span)
            })
            .collect();
        let own = |above: &[&str], beside: &[&str]| Comments {
            above: above.iter().map(|text| (*text).to_owned()).collect(),
            beside: beside.iter().map(|text| (*text).to_owned()).collect(),
        };
        assert_eq!(
            comments,
            [
                own(&["// the first", "/* in two */"], &["// beside the first"]),
                own(&["// the second"], &[]),
                own(&["/* before */"], &[]),
            ]
        );
        assert_eq!(transcript.at_the_end(tree.span), ["// at the end"]);
    }

    #[test]
    fn strings_names_and_numbers_are_written_as_headscale_reads_them() {
        let inputs = read(TEXT);
        let input = inputs.get(crate::source::SourceId(0)).unwrap();
        let transcript = Transcript::new(input);
        let tree = input.tree.as_ref().unwrap();
        let text = transcript.entry(tree.span);
        let again = crate::hujson::parse(crate::source::SourceId(0), &text, Flavour::Hujson);
        assert!(again.errors.is_empty(), "{text}\n{:?}", again.errors);
        assert!(text.contains("\"a\": [\"x'y\", 31, 0.5]"), "{text}");
        assert!(text.contains("/* inside */"), "{text}");
    }
}
