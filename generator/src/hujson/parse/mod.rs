//! From text to tree, with all errors.
//!
//! One loop over the pieces with its own stack: nesting costs memory of ours, not stack, and is bounded. After an
//! error it goes on with the likeliest reading, and stays quiet until a piece fits again, so that one mistake is
//! reported once.

use super::Flavour;
use super::error::{SyntaxError, SyntaxErrorKind};
use super::lex::{Lexer, Piece, PieceKind, is_odd_space};
use super::scalar;
use super::value::{Kind, Member, Value};
use crate::source::{SourceId, Span, Spanned};
use std::collections::HashMap;

/// How many arrays and objects may stand inside each other. Deeper texts are refused ([`SyntaxErrorKind::TooDeep`]), so
/// whoever walks a tree may recurse. headscale's own limit is 10,000; a policy needs five.
pub const MAX_DEPTH: usize = 1_000;

/// After so many errors reading stops: what follows is no HuJSON at all.
pub const MAX_ERRORS: usize = 50;

/// What was read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree. With errors it is what could be made of the text: good for finding paths, not for judging. `None`
    /// when there is no value at all.
    pub root: Option<Value>,
    /// What is wrong, in the order of the text.
    pub errors: Vec<SyntaxError>,
}

impl Parsed {
    /// Whether the tree can be judged: the grammar was followed. Duplicate names do not hinder, the first stays.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.root.is_some()
            && self
                .errors
                .iter()
                .all(|error| error.kind == SyntaxErrorKind::DuplicateName)
    }
}

/// Reads `text`, the text that `source` names, by the grammar of `flavour`.
///
/// Never fails, never panics, takes time in proportion to the text. A text of 4 GiB or more, whose offsets would not
/// fit, gives an error and no tree.
#[must_use]
pub fn parse(source: SourceId, text: &str, flavour: Flavour) -> Parsed {
    if u32::try_from(text.len()).is_err() {
        let error = SyntaxError::new(Span::new(source, 0, 0), "expected less than 4 GiB of text");
        return Parsed {
            root: None,
            errors: vec![error],
        };
    }
    let mut parser = Parser {
        text,
        source,
        flavour,
        lexer: Lexer::new(text, flavour),
        stack: Vec::new(),
        root: None,
        errors: Vec::new(),
        quiet: false,
        last_end: 0,
    };
    parser.run();
    // Duplicates are found when their object ends; stable, so that the order of finding stays where places are equal.
    parser.errors.sort_by_key(|error| error.span.start);
    Parsed {
        root: parser.root,
        errors: parser.errors,
    }
}

/// An array or object that is not closed yet.
struct Open {
    start: u32,
    content: Content,
}

enum Content {
    Array(Vec<Value>),
    /// The members, and the name that waits for its value.
    Object(Vec<Member>, Option<Spanned<Box<str>>>),
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value: of the whole text, or of a member.
    Value,
    /// An element or `]`.
    Element,
    /// A name or `}`.
    Name,
    /// `:`
    Colon,
    /// `,` or what closes.
    Comma,
    /// Nothing.
    Done,
}

struct Parser<'t> {
    text: &'t str,
    source: SourceId,
    flavour: Flavour,
    lexer: Lexer<'t>,
    stack: Vec<Open>,
    root: Option<Value>,
    errors: Vec<SyntaxError>,
    /// The last piece did not fit: the next that does not is no news.
    quiet: bool,
    /// Where the last piece that was no trivia ended.
    last_end: u32,
}

impl Parser<'_> {
    fn run(&mut self) {
        let mut state = State::Value;
        while let Some(piece) = self.lexer.next() {
            if piece.kind == PieceKind::Space {
                continue;
            }
            if piece.kind.is_trivia() {
                self.check_comment(piece);
            } else {
                match self.step(state, piece) {
                    Some(next) => state = next,
                    None => break,
                }
                self.last_end = piece.end;
            }
            if self.errors.len() >= MAX_ERRORS {
                break;
            }
        }
        self.finish(state);
    }

    fn span(&self, piece: Piece) -> Span {
        Span::new(self.source, piece.start, piece.end)
    }

    /// Reports, unless the piece before did not fit either.
    fn report(&mut self, error: SyntaxError) {
        if !self.quiet {
            self.errors.push(error);
        }
        self.quiet = true;
    }

    /// Takes one piece. `None`: reading stops.
    fn step(&mut self, state: State, piece: Piece) -> Option<State> {
        use PieceKind as P;
        let next = match (state, piece.kind) {
            (State::Done, _) => {
                let found = self.found(piece);
                let mut error =
                    SyntaxError::new(self.span(piece), format!("expected the end of the text, found {found}"));
                if matches!(piece.kind, P::Invalid | P::Comma) {
                    error.help = self.hint(piece);
                }
                self.report(error);
                return None;
            }
            (_, P::Invalid) => {
                self.invalid(state, piece);
                return Some(state);
            }
            (State::Value | State::Element, P::OpenBrace | P::OpenBracket) => return self.open(piece),
            (State::Value | State::Element, P::String | P::UnclosedString | P::Word) => {
                let value = self.scalar(piece);
                self.take(value)
            }
            (State::Element, P::CloseBracket) | (State::Name, P::CloseBrace) => self.close(piece.end),
            (State::Name, P::String | P::UnclosedString | P::Word) => {
                let name = self.name(piece);
                if let Some(Open {
                    content: Content::Object(_, waiting),
                    ..
                }) = self.stack.last_mut()
                {
                    *waiting = Some(name);
                }
                State::Colon
            }
            (State::Colon, P::Colon) => State::Value,
            (State::Comma, P::Comma) => self.between(),
            (State::Comma, P::CloseBracket | P::CloseBrace) if self.closes(piece) => self.close(piece.end),
            _ => return self.recover(state, piece),
        };
        self.quiet = false;
        Some(next)
    }

    /// Goes on after a piece that does not fit.
    fn recover(&mut self, state: State, piece: Piece) -> Option<State> {
        use PieceKind as P;
        let error = self.misfit(state, piece);
        match (state, piece.kind) {
            // A comma is missing: as if it were there.
            (State::Comma, P::String | P::UnclosedString | P::Word | P::OpenBrace | P::OpenBracket) => {
                self.report(error);
                let between = self.between();
                self.step(between, piece)
            }
            // A colon is missing.
            (State::Colon, P::String | P::UnclosedString | P::Word | P::OpenBrace | P::OpenBracket) => {
                self.report(error);
                self.step(State::Value, piece)
            }
            // A member without a value: left out.
            (State::Colon | State::Value, P::Comma) if !self.stack.is_empty() => {
                self.report(error);
                self.quiet = false;
                self.drop_name();
                Some(State::Name)
            }
            (State::Colon | State::Value, P::CloseBrace) if self.closes(piece) => {
                self.report(error);
                self.drop_name();
                self.quiet = false;
                Some(self.close(piece.end))
            }
            // A value where a name belongs: a member without a name, left out when it is read.
            (State::Name, P::OpenBrace | P::OpenBracket) => {
                self.report(error);
                self.open(piece)
            }
            // The wrong bracket: ends what it can end, with all that is still open inside, or nothing.
            (_, P::CloseBrace | P::CloseBracket) => {
                self.report(error);
                let wanted = piece.kind == P::CloseBracket;
                let depth = self
                    .stack
                    .iter()
                    .rposition(|open| matches!(open.content, Content::Array(_)) == wanted);
                let Some(depth) = depth else {
                    return Some(state);
                };
                let mut next = state;
                while self.stack.len() > depth {
                    self.drop_name();
                    next = self.close(piece.end);
                }
                Some(next)
            }
            _ => {
                self.report(error);
                Some(state)
            }
        }
    }

    /// What was expected and what was found.
    fn misfit(&self, state: State, piece: Piece) -> SyntaxError {
        let found = self.found(piece);
        let span = self.span(piece);
        let gap = Span::new(self.source, self.last_end, self.last_end);
        let error = |expected: &str| SyntaxError::new(span, format!("expected {expected}, found {found}"));
        match state {
            State::Value | State::Done => error("a value"),
            State::Element if piece.kind == PieceKind::Comma => {
                error("a value or `]`").help("one comma between elements, at most one after the last")
            }
            State::Element => error("a value or `]`"),
            State::Name if piece.kind == PieceKind::Comma => {
                error("a name or `}`").help("one comma between members, at most one after the last")
            }
            State::Name => error("a name in double quotes or `}`"),
            State::Colon => error("`:` after the name"),
            State::Comma => {
                let (close, opened) = match self.stack.last() {
                    Some(Open {
                        start,
                        content: Content::Array(_),
                    }) => ("]", *start),
                    Some(Open { start, .. }) => ("}", *start),
                    None => ("", 0),
                };
                let error = error(&format!("`,` or `{close}`"));
                if matches!(
                    piece.kind,
                    PieceKind::CloseBrace | PieceKind::CloseBracket | PieceKind::Colon
                ) {
                    error.related(Span::new(self.source, opened, opened + 1), "opened here")
                } else {
                    error.fix("insert a comma", gap, ",")
                }
            }
        }
    }

    /// Reports characters that begin nothing.
    fn invalid(&mut self, state: State, piece: Piece) {
        let expected = match state {
            State::Value => "a value",
            State::Element => "a value or `]`",
            State::Name => "a name in double quotes or `}`",
            State::Colon => "`:` after the name",
            State::Comma => match self.stack.last() {
                Some(Open {
                    content: Content::Array(_),
                    ..
                }) => "`,` or `]`",
                _ => "`,` or `}`",
            },
            State::Done => "the end of the text",
        };
        let span = self.span(piece);
        let text = piece.of(self.text);
        let mut error = SyntaxError::new(span, format!("expected {expected}, found {}", self.found(piece)));
        error.help = self.hint(piece);
        if text.starts_with('#') {
            let hash = Span::new(self.source, piece.start, piece.start + 1);
            error = error.fix("write `//`", hash, "//");
        } else if text.starts_with('\u{FEFF}') {
            error = error.fix("remove it", span, "");
        } else if text.starts_with(is_odd_space) {
            error = error.fix("write a space", span, " ");
        } else if text == "=" && state == State::Colon {
            error = error.fix("write `:`", span, ":");
        } else if text == ";" && state == State::Comma {
            error = error.fix("write `,`", span, ",");
        }
        let blank = text.starts_with('#') || text.starts_with(is_odd_space);
        let quiet = self.quiet;
        self.report(error);
        if blank {
            // Left out like white space: what follows is judged on its own.
            self.quiet = quiet;
        }
    }

    fn hint(&self, piece: Piece) -> Option<&'static str> {
        let text = piece.of(self.text);
        if text.starts_with('#') {
            Some("comments begin with `//` or stand between `/*` and `*/`")
        } else if text.starts_with('\u{FEFF}') {
            Some("save the file as UTF-8 without a byte order mark; headscale refuses it")
        } else if text.starts_with(is_odd_space) {
            Some("white space is only space, tab, carriage return and line feed")
        } else if text.starts_with('`') {
            Some("text is written in double quotes")
        } else {
            None
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

    /// headscale's parser wants a line feed after every line comment, and no other line separator in it.
    fn check_comment(&mut self, piece: Piece) {
        let text = piece.of(self.text);
        let span = self.span(piece);
        if piece.kind == PieceKind::UnclosedComment {
            let end = Span::new(self.source, piece.end, piece.end);
            let begin = Span::new(self.source, piece.start, piece.start + 2);
            self.errors.push(
                SyntaxError::new(
                    end,
                    "expected `*/` at the end of the comment, found the end of the text",
                )
                .related(begin, "the comment begins here"),
            );
        } else if self.flavour == Flavour::Hujson && piece.kind == PieceKind::LineComment {
            if !text.ends_with('\n') {
                let end = Span::new(self.source, piece.end, piece.end);
                self.errors.push(
                    SyntaxError::new(
                        span,
                        "expected a line feed after the comment, found the end of the text",
                    )
                    .help("headscale refuses a comment that ends with the file")
                    .fix("end the last line", end, "\n"),
                );
            }
            if let Some((offset, c)) = text.char_indices().find(|(_, c)| matches!(c, '\u{2028}' | '\u{2029}')) {
                let start = piece.start + offset as u32;
                let at = Span::new(self.source, start, start + c.len_utf8() as u32);
                self.errors.push(
                    SyntaxError::new(
                        at,
                        format!(
                            "expected the comment's line to end in a line feed, found the separator U+{:04X}",
                            u32::from(c)
                        ),
                    )
                    .fix("write a space", at, " "),
                );
            }
        }
    }

    fn scalar(&mut self, piece: Piece) -> Value {
        let span = self.span(piece);
        let text = piece.of(self.text);
        let kind = match (piece.kind, self.flavour) {
            (PieceKind::Word, Flavour::Hujson) => scalar::json_word(text).unwrap_or_else(|| {
                self.errors.push(scalar::bad_word(text, span));
                Kind::String(text.into())
            }),
            (PieceKind::Word, Flavour::Json5) => scalar::json5_word(text, span, &mut self.errors),
            _ => Kind::String(self.string(piece)),
        };
        Value { kind, span }
    }

    fn string(&mut self, piece: Piece) -> Box<str> {
        let text = piece.of(self.text);
        let closed = piece.kind == PieceKind::String;
        let span = self.span(piece);
        match self.flavour {
            _ if closed && self.lexer.plain && text.starts_with('"') => {
                text.get(1..text.len() - 1).unwrap_or_default().into()
            }
            Flavour::Hujson => scalar::hujson_string(text, span, closed, &mut self.errors),
            Flavour::Json5 => scalar::json5_string(text, span, closed, &mut self.errors),
        }
    }

    fn name(&mut self, piece: Piece) -> Spanned<Box<str>> {
        let span = self.span(piece);
        let text = piece.of(self.text);
        let name = match (piece.kind, self.flavour) {
            (PieceKind::Word, Flavour::Json5) => scalar::json5_name(text, span, &mut self.errors),
            (PieceKind::Word, Flavour::Hujson) => {
                let error = SyntaxError::new(
                    span,
                    format!("expected a name in double quotes, found `{}`", scalar::shorten(text)),
                );
                self.errors.push(if text.contains('\\') {
                    error
                } else {
                    error.fix("put it in double quotes", span, format!("\"{text}\""))
                });
                text.into()
            }
            _ => self.string(piece),
        };
        Spanned::new(name, span)
    }

    fn open(&mut self, piece: Piece) -> Option<State> {
        if self.stack.len() >= MAX_DEPTH {
            self.errors.push(SyntaxError {
                kind: SyntaxErrorKind::TooDeep,
                ..SyntaxError::new(
                    self.span(piece),
                    format!("expected at most {MAX_DEPTH} values inside each other, found one more"),
                )
            });
            return None;
        }
        self.quiet = false;
        let (content, state) = if piece.kind == PieceKind::OpenBracket {
            (Content::Array(Vec::new()), State::Element)
        } else {
            (Content::Object(Vec::new(), None), State::Name)
        };
        self.stack.push(Open {
            start: piece.start,
            content,
        });
        Some(state)
    }

    /// Whether `piece` closes the innermost open value.
    fn closes(&self, piece: Piece) -> bool {
        match self.stack.last() {
            Some(Open {
                content: Content::Array(_),
                ..
            }) => piece.kind == PieceKind::CloseBracket,
            Some(_) => piece.kind == PieceKind::CloseBrace,
            None => false,
        }
    }

    /// Ends the innermost open value at `end`.
    fn close(&mut self, end: u32) -> State {
        let Some(open) = self.stack.pop() else {
            return State::Done;
        };
        let kind = match open.content {
            Content::Array(items) => Kind::Array(items),
            Content::Object(members, _) => Kind::Object(self.without_duplicates(members)),
        };
        let span = Span::new(self.source, open.start, end);
        self.take(Value { kind, span })
    }

    /// Puts a value where it belongs.
    fn take(&mut self, value: Value) -> State {
        match self.stack.last_mut().map(|open| &mut open.content) {
            None => {
                self.root = Some(value);
                State::Done
            }
            Some(Content::Array(items)) => {
                items.push(value);
                State::Comma
            }
            Some(Content::Object(members, name)) => {
                // Without a name there was an error.
                if let Some(name) = name.take() {
                    members.push(Member { name, value });
                }
                State::Comma
            }
        }
    }

    /// What may come after a comma.
    fn between(&self) -> State {
        match self.stack.last() {
            Some(Open {
                content: Content::Array(_),
                ..
            }) => State::Element,
            _ => State::Name,
        }
    }

    fn drop_name(&mut self) {
        if let Some(Open {
            content: Content::Object(_, name),
            ..
        }) = self.stack.last_mut()
        {
            *name = None;
        }
    }

    /// Reports every name that stood before in the same object, and keeps the first.
    fn without_duplicates(&mut self, members: Vec<Member>) -> Vec<Member> {
        const FEW: usize = 8;
        let repeated: Vec<(usize, Span)> = if members.len() <= FEW {
            let earlier = |i: usize, name: &Spanned<Box<str>>| {
                members
                    .iter()
                    .take(i)
                    .find(|m| m.name == *name)
                    .map(|m| (i, m.name.span))
            };
            members
                .iter()
                .enumerate()
                .filter_map(|(i, m)| earlier(i, &m.name))
                .collect()
        } else {
            let mut seen: HashMap<&str, Span> = HashMap::with_capacity(members.len());
            let mut repeated = Vec::new();
            for (i, Member { name, .. }) in members.iter().enumerate() {
                let first = *seen.entry(&name.value).or_insert(name.span);
                if first != name.span {
                    repeated.push((i, first));
                }
            }
            repeated
        };
        if repeated.is_empty() {
            return members;
        }
        let mut repeated = repeated.into_iter().peekable();
        let mut kept = Vec::with_capacity(members.len());
        for (i, member) in members.into_iter().enumerate() {
            match repeated.next_if(|&(r, _)| r == i) {
                Some((_, first)) if self.errors.len() < MAX_ERRORS => self.errors.push(
                    SyntaxError {
                        kind: SyntaxErrorKind::DuplicateName,
                        ..SyntaxError::new(
                            member.name.span,
                            format!("duplicate object member name {:?}", member.name.value),
                        )
                    }
                    .related(first, "first written here"),
                ),
                Some(_) => {}
                None => kept.push(member),
            }
        }
        kept
    }

    /// Ends what is still open when the pieces do.
    fn finish(&mut self, state: State) {
        let cut = self.errors.iter().any(|e| e.kind == SyntaxErrorKind::TooDeep) || self.errors.len() >= MAX_ERRORS;
        let end = self.text.len() as u32;
        let at = Span::new(self.source, end, end);
        if !cut && state != State::Done {
            let expected = match (state, self.stack.last()) {
                (State::Value, _) | (_, None) => "a value",
                (State::Element, _) => "a value or `]`",
                (State::Name, _) => "a name in double quotes or `}`",
                (State::Colon, _) => "`:` after the name",
                (
                    _,
                    Some(Open {
                        content: Content::Array(_),
                        ..
                    }),
                ) => "`,` or `]`",
                _ => "`,` or `}`",
            };
            let mut error = SyntaxError::new(at, format!("expected {expected}, found the end of the text"));
            if let Some(open) = self.stack.last() {
                error = error.related(Span::new(self.source, open.start, open.start + 1), "opened here");
            }
            self.report(error);
        }
        while !self.stack.is_empty() {
            self.drop_name();
            self.close(end);
        }
    }
}

#[cfg(test)]
mod tests;
