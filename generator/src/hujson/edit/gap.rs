//! What stands between two neighbours of an array or object: white space, comments, at most one comma.

use super::super::Flavour;
use super::super::lex::{Lexer, Piece, PieceKind};
use crate::source::Span;

/// The text between two neighbours, or between one and a bracket.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    /// Its comma.
    pub comma: Option<Span>,
    /// Where that ends which belongs to what precedes: the comma and the comments on its line.
    pub own_end: u32,
    /// Whether that ends with a line comment.
    pub own_line_comment: bool,
    /// Whether any comment is in it.
    pub has_comment: bool,
    /// The pieces after `own_end`.
    rest: Vec<Piece>,
}

impl Gap {
    /// Looks at `span`, a gap of `text`; a closing bracket `closes` it. `None` when more than a comma stands in it.
    pub(super) fn new(text: &str, flavour: Flavour, span: Span, closes: bool) -> Option<Self> {
        let inside = text.get(span.range())?;
        let pieces: Vec<Piece> = Lexer::new(inside, flavour)
            .map(|piece| Piece {
                start: piece.start + span.start,
                end: piece.end + span.start,
                ..piece
            })
            .collect();
        let mut commas = pieces.iter().filter(|piece| !piece.kind.is_trivia());
        let comma = match (commas.next(), commas.next()) {
            (None, None) => None,
            (Some(piece), None) if piece.kind == PieceKind::Comma => {
                Some(Span::new(span.source, piece.start, piece.end))
            }
            _ => return None,
        };
        let ends_line = |piece: &Piece| match piece.kind {
            PieceKind::Space => piece.of(text).contains('\n'),
            kind => kind == PieceKind::LineComment,
        };
        let is_comma = |piece: &Piece| piece.kind == PieceKind::Comma;
        // Up to the comma everything belongs to what precedes. After it, what stands on its line does, when the line
        // ends or a bracket closes before anything else comes.
        let after = pieces.iter().position(is_comma).map_or(0, |i| i + 1);
        let tail = pieces.get(after..).unwrap_or_default();
        let mut own = after;
        if closes || tail.iter().any(ends_line) {
            for piece in tail {
                if piece.kind == PieceKind::Space && ends_line(piece) {
                    break;
                }
                own += 1;
                if ends_line(piece) {
                    break;
                }
            }
        }
        let (mine, rest) = pieces.split_at_checked(own)?;
        let last = mine.iter().rfind(|piece| piece.kind != PieceKind::Space);
        let own_line_comment = last.is_some_and(|piece| piece.kind == PieceKind::LineComment);
        let own_end = match last {
            // The end of the line stays.
            Some(piece) if own_line_comment => piece.start + piece.of(text).trim_end().len() as u32,
            Some(piece) => piece.end,
            None => span.start,
        };
        Some(Self {
            comma,
            own_end,
            own_line_comment,
            has_comment: pieces.iter().any(|piece| piece.kind.is_comment()),
            rest: rest.to_vec(),
        })
    }

    /// Where that begins which belongs to what follows at `item`: the comments directly above it or in front of it.
    pub(super) fn own_start(&self, text: &str, item: u32) -> u32 {
        let mut start = item;
        let mut breaks = 0;
        for piece in self.rest.iter().rev() {
            if piece.kind == PieceKind::Space {
                breaks += piece.of(text).matches('\n').count();
            } else {
                breaks += usize::from(piece.kind == PieceKind::LineComment);
                if breaks > 1 {
                    break;
                }
                start = piece.start;
                breaks = 0;
            }
        }
        start
    }
}
