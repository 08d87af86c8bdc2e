//! What the parser says about what does not fit: expected this, found that.

use super::{Content, MAX_DEPTH, Open, Parser, State};
use crate::hujson::Flavour;
use crate::hujson::error::{SyntaxError, SyntaxErrorKind};
use crate::hujson::lex::{Piece, PieceKind, is_odd_space};
use crate::hujson::scalar;
use crate::source::{Span, Spanned};

impl Parser<'_> {
    /// What may come, in words.
    pub(super) fn expected(&self, state: State) -> &'static str {
        let json5 = self.flavour == Flavour::Json5;
        match (state, self.stack.last()) {
            (State::Value, _) => "a value",
            (State::Element, _) => "a value or `]`",
            (State::Name, _) if json5 => "a name or `}`",
            (State::Name, _) => "a name in double quotes or `}`",
            (State::Colon, _) => "`:` after the name",
            (State::Done, _) | (State::Comma, None) => "the end of the text",
            (
                State::Comma,
                Some(Open {
                    content: Content::Array(_),
                    ..
                }),
            ) => "`,` or `]`",
            (State::Comma, _) => "`,` or `}`",
        }
    }

    /// The bracket that opened what is innermost.
    pub(super) fn opened(&self) -> Option<Span> {
        let start = self.stack.last()?.start;
        Some(Span::new(self.source, start, start + 1))
    }

    /// `piece` does not fit.
    pub(super) fn misfit(&self, state: State, piece: Piece) -> SyntaxError {
        use PieceKind as P;
        let span = self.span(piece);
        let message = format!("expected {}, found {}", self.expected(state), self.found(piece));
        let error = SyntaxError::new(span, message);
        match (state, piece.kind) {
            (_, P::Invalid) => self.stray_help(state, piece, error),
            (State::Element | State::Name, P::Comma) => error
                .help("one comma between two, at most one after the last")
                .fix("remove the comma", span, ""),
            (_, P::CloseBrace | P::CloseBracket) | (State::Comma, P::Colon) => match self.opened() {
                Some(opened) => error.related(opened, "opened here"),
                None => error,
            },
            (State::Comma, _) => {
                let gap = Span::new(self.source, self.last_end, self.last_end);
                error.fix("insert a comma", gap, ",")
            }
            _ => error,
        }
    }

    /// What to do about characters that begin nothing.
    fn stray_help(&self, state: State, piece: Piece, error: SyntaxError) -> SyntaxError {
        let span = self.span(piece);
        let text = piece.of(self.text);
        if text.starts_with('#') {
            let hash = Span::new(self.source, piece.start, piece.start + 1);
            error
                .help("comments begin with `//` or stand between `/*` and `*/`")
                .fix("write `//`", hash, "//")
        } else if text.starts_with('\u{FEFF}') {
            error
                .help("save the file as UTF-8 without a byte order mark; headscale refuses it")
                .fix("remove it", span, "")
        } else if text.starts_with(is_odd_space) {
            error
                .help("white space is only space, tab, carriage return and line feed")
                .fix("write a space", span, " ")
        } else {
            match (state, text) {
                (State::Colon, "=") => error.fix("write `:`", span, ":"),
                (State::Comma, ";") => error.fix("write `,`", span, ","),
                _ => error,
            }
        }
    }

    /// A piece in words.
    fn found(&self, piece: Piece) -> String {
        use PieceKind as P;
        let text = piece.of(self.text);
        match piece.kind {
            P::String | P::UnclosedString => "a string".to_owned(),
            P::Word => format!("`{}`", scalar::shorten(text)),
            P::Invalid if text.starts_with('#') => "`#`".to_owned(),
            P::Invalid => match text.chars().next() {
                Some('\u{FEFF}') => "a byte order mark (U+FEFF)".to_owned(),
                Some(c) if c.is_control() || is_odd_space(c) => format!("the character U+{:04X}", u32::from(c)),
                Some(c) => format!("`{c}`"),
                None => String::new(),
            },
            _ => format!("`{text}`"),
        }
    }

    /// The string `piece` has no end.
    pub(super) fn unclosed(&self, piece: Piece) -> SyntaxError {
        let quote = piece.of(self.text).chars().next().unwrap_or('"');
        let quote = if quote == '`' { '"' } else { quote };
        let line_or_text = if piece.end as usize == self.text.len() {
            "text"
        } else {
            "line"
        };
        SyntaxError::new(
            Span::new(self.source, piece.end, piece.end),
            format!("expected `{quote}` at the end of the string, found the end of the {line_or_text}"),
        )
        .related(
            Span::new(self.source, piece.start, piece.start + 1),
            "the string begins here",
        )
    }

    /// What is wrong with a comment. headscale's parser wants a line feed after every line comment, and no other line
    /// separator in it.
    pub(super) fn comment_errors(&self, piece: Piece) -> Vec<SyntaxError> {
        let text = piece.of(self.text);
        let end = Span::new(self.source, piece.end, piece.end);
        let mut errors = Vec::new();
        if piece.kind == PieceKind::UnclosedComment {
            let begin = Span::new(self.source, piece.start, piece.start + 2);
            errors.push(
                SyntaxError::new(
                    end,
                    "expected `*/` at the end of the comment, found the end of the text",
                )
                .related(begin, "the comment begins here"),
            );
        } else if self.flavour == Flavour::Hujson && piece.kind == PieceKind::LineComment {
            if !text.ends_with('\n') {
                let comment = self.span(piece);
                errors.push(
                    SyntaxError::new(
                        comment,
                        "expected a line feed after the comment, found the end of the text",
                    )
                    .help("headscale refuses a comment that ends with the file")
                    .fix("end the last line", end, "\n"),
                );
            }
            if let Some((offset, c)) = text.char_indices().find(|(_, c)| matches!(c, '\u{2028}' | '\u{2029}')) {
                let start = piece.start + offset as u32;
                let at = Span::new(self.source, start, start + c.len_utf8() as u32);
                let found = format!("found the separator U+{:04X}", u32::from(c));
                errors.push(
                    SyntaxError::new(
                        at,
                        format!("expected a line feed at the end of the comment, {found} in it"),
                    )
                    .fix("write a space", at, " "),
                );
            }
        }
        errors
    }
}

/// `name` stood before in the same object, at `first`. The words are headscale's (go-json-experiment).
pub(super) fn duplicate(name: &Spanned<Box<str>>, first: Span) -> SyntaxError {
    let mut error = SyntaxError::new(name.span, format!("duplicate object member name {:?}", name.value));
    error.kind = SyntaxErrorKind::DuplicateName;
    error.related(first, "first written here")
}

/// The bracket at `span` is one too many inside the others.
pub(super) fn too_deep(span: Span) -> SyntaxError {
    let message = format!("expected at most {MAX_DEPTH} values inside each other, found one more");
    let mut error = SyntaxError::new(span, message);
    error.kind = SyntaxErrorKind::TooDeep;
    error
}
