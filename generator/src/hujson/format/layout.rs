//! What the formatter must know before it writes: each token with the comments before it, and of each bracket what it
//! encloses.

use super::super::Flavour;
use super::super::lex::{Lexer, Piece, PieceKind};

/// A comment, and how many line ends stand between it and what precedes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'t> {
    /// Its text, without the end of its line.
    pub text: &'t str,
    /// Whether it is a line comment: nothing may follow on its line.
    pub line: bool,
    /// Line ends before it.
    pub breaks: usize,
}

/// What is no trivia, and what stands before it.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    /// What it is; `None` is the end of the text.
    pub kind: Option<PieceKind>,
    /// Its text.
    pub text: &'t str,
    /// The comments between the token before and this one, as a range of [`Layout::comments`].
    comments: (usize, usize),
    /// Line ends between the last of these comments, or the token before, and this one.
    pub breaks: usize,
    /// For an opening bracket: what it encloses.
    pub extent: Extent,
}

/// What a pair of brackets encloses.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    /// The index of the closing bracket.
    pub close: usize,
    /// How many characters it has on one line.
    pub width: usize,
    /// Whether it can stand on one line, if that fits.
    pub flat: bool,
    /// Whether it has neither values nor comments.
    pub empty: bool,
}

/// A text, prepared.
pub(super) struct Layout<'t> {
    /// Its tokens, the end of the text last.
    pub tokens: Vec<Token<'t>>,
    comments: Vec<Comment<'t>>,
    /// Whether it is plain JSON: no comments, no comma after a last element or member.
    pub plain: bool,
}

/// A pair of brackets whose end is not reached yet.
struct Open {
    index: usize,
    object: bool,
    /// A comment, or a string on two lines, is in it.
    forced: bool,
    /// A line end is in it.
    broken: bool,
    /// An array or an object is in it.
    nested: bool,
    width: usize,
}

impl<'t> Layout<'t> {
    /// Prepares `text`, which has no syntax errors.
    pub(super) fn new(text: &'t str, flavour: Flavour) -> Self {
        let mut layout = Self {
            tokens: Vec::new(),
            comments: Vec::new(),
            plain: true,
        };
        let mut open: Vec<Open> = Vec::new();
        let mut breaks = 0;
        let mut first_comment = 0;
        for piece in Lexer::new(text, flavour) {
            let is = piece.of(text);
            match piece.kind {
                PieceKind::Space => breaks += line_ends(is),
                PieceKind::LineComment | PieceKind::BlockComment | PieceKind::UnclosedComment => {
                    let line = piece.kind == PieceKind::LineComment;
                    layout.comments.push(Comment {
                        text: if line { is.trim_end() } else { is },
                        line,
                        breaks,
                    });
                    breaks = usize::from(line);
                    layout.plain = false;
                }
                _ => {
                    let commented = first_comment < layout.comments.len();
                    layout.track(piece, is, &mut open, commented, breaks > 0);
                    layout.tokens.push(Token {
                        kind: Some(piece.kind),
                        text: is,
                        comments: (first_comment, layout.comments.len()),
                        breaks,
                        extent: Extent::default(),
                    });
                    first_comment = layout.comments.len();
                    breaks = 0;
                }
            }
        }
        layout.tokens.push(Token {
            kind: None,
            text: "",
            comments: (first_comment, layout.comments.len()),
            breaks,
            extent: Extent::default(),
        });
        layout
    }

    /// The comments before `token`.
    pub(super) fn comments(&self, token: &Token<'t>) -> &[Comment<'t>] {
        self.comments
            .get(token.comments.0..token.comments.1)
            .unwrap_or_default()
    }

    /// Notes what the next token, `piece`, means for the brackets around it and, where it closes, for its own.
    fn track(&mut self, piece: Piece, text: &str, open: &mut Vec<Open>, commented: bool, broken: bool) {
        use PieceKind as P;
        let index = self.tokens.len();
        if let Some(around) = open.last_mut() {
            around.forced |= commented;
            around.broken |= broken;
        }
        match piece.kind {
            P::OpenBrace | P::OpenBracket => open.push(Open {
                index,
                object: piece.kind == P::OpenBrace,
                forced: false,
                broken: false,
                nested: false,
                width: 1,
            }),
            P::CloseBrace | P::CloseBracket => {
                let Some(closed) = open.pop() else { return };
                let trailing_comma = self.tokens.last().is_some_and(|last| last.kind == Some(P::Comma));
                self.plain &= !trailing_comma;
                // The last comma, with its space, is not written on one line.
                let width = closed.width + 1 - if trailing_comma { 2 } else { 0 };
                let scalars = !closed.object && !closed.nested;
                if let Some(token) = self.tokens.get_mut(closed.index) {
                    token.extent = Extent {
                        close: index,
                        width,
                        flat: !closed.forced && (scalars || !closed.broken),
                        empty: index == closed.index + 1 && !closed.forced,
                    };
                }
                if let Some(around) = open.last_mut() {
                    around.nested = true;
                    around.forced |= closed.forced;
                    around.broken |= closed.broken;
                    around.width += width;
                }
            }
            P::Comma | P::Colon => {
                if let Some(around) = open.last_mut() {
                    around.width += 2;
                }
            }
            _ => {
                if let Some(around) = open.last_mut() {
                    around.width += text.chars().count();
                    around.forced |= text.contains('\n');
                }
            }
        }
    }
}

/// How many line ends `space` holds; CRLF is one.
fn line_ends(space: &str) -> usize {
    space.bytes().filter(|&b| b == b'\n').count()
}
