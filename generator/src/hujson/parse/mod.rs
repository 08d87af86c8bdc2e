//! From text to tree, with all errors.
//!
//! One loop over the pieces with its own stack: nesting costs memory of ours, not stack, and is bounded. After an
//! error it goes on with the likeliest reading, and stays quiet until a piece fits again, so that one mistake is
//! reported once.

mod report;

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
        arrays: 0,
        values: Vec::new(),
        members: Vec::new(),
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

/// An array or object that is not closed yet. What it holds so far is at the end of [`Parser::values`] or
/// [`Parser::members`].
struct Open {
    start: u32,
    content: Content,
}

enum Content {
    /// Where its elements begin among the values.
    Array(usize),
    /// Where its members begin among the members, and the name that waits for its value.
    Object(usize, Option<Spanned<Box<str>>>),
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
    /// How many of these are arrays.
    arrays: usize,
    /// The elements of all open arrays, those of the innermost last. Kept together, so that each array is allocated
    /// once, when its length is known.
    values: Vec<Value>,
    /// The members of all open objects.
    members: Vec<Member>,
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
                self.report(self.misfit(state, piece));
                return None;
            }
            (_, P::Invalid) => return Some(self.stray(state, piece)),
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
        // Where a string has no end, what follows was likely meant to be in it.
        self.quiet = piece.kind == P::UnclosedString;
        Some(next)
    }

    /// Goes on after a piece that does not fit.
    fn recover(&mut self, state: State, piece: Piece) -> Option<State> {
        use PieceKind as P;
        let error = self.misfit(state, piece);
        match (state, piece.kind) {
            // What stands behind something that fits nowhere is left out with it.
            (State::Comma, P::String | P::UnclosedString | P::Word) if self.quiet => Some(state),
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
                let array = piece.kind == P::CloseBracket;
                let open = if array {
                    self.arrays
                } else {
                    self.stack.len() - self.arrays
                };
                if open == 0 {
                    return Some(state);
                }
                loop {
                    let last = self.closes(piece);
                    self.drop_name();
                    let next = self.close(piece.end);
                    if last {
                        return Some(next);
                    }
                }
            }
            _ => {
                self.report(error);
                Some(state)
            }
        }
    }

    /// Leaves characters out that begin nothing, or takes them for what they were meant as.
    fn stray(&mut self, state: State, piece: Piece) -> State {
        let text = piece.of(self.text);
        let blank = text.starts_with('#') || text.starts_with(is_odd_space);
        let quiet = self.quiet;
        self.report(self.misfit(state, piece));
        // What is left out like white space, or taken for something, leaves what follows to be judged on its own.
        match (state, text) {
            _ if blank => {
                self.quiet = quiet;
                state
            }
            (State::Colon, "=") => {
                self.quiet = false;
                State::Value
            }
            (State::Comma, ";") => {
                self.quiet = false;
                self.between()
            }
            _ => state,
        }
    }

    fn check_comment(&mut self, piece: Piece) {
        let errors = self.comment_errors(piece);
        self.errors.extend(errors);
    }

    fn scalar(&mut self, piece: Piece) -> Value {
        let span = self.span(piece);
        if piece.kind != PieceKind::Word {
            let kind = Kind::String(self.string(piece));
            return Value { kind, span };
        }
        let text = piece.of(self.text);
        let before = self.errors.len();
        let kind = match self.flavour {
            Flavour::Hujson => scalar::json_word(text).unwrap_or_else(|| {
                self.errors.push(scalar::bad_word(text, span));
                Kind::String(text.into())
            }),
            Flavour::Json5 => scalar::json5_word(text, span, &mut self.errors),
        };
        self.hush(before);
        Value { kind, span }
    }

    /// A word behind something that did not fit is part of it: its own errors, those from number `before` on, are
    /// none.
    fn hush(&mut self, before: usize) {
        if self.quiet {
            self.errors.truncate(before);
        }
    }

    fn string(&mut self, piece: Piece) -> Box<str> {
        let text = piece.of(self.text);
        let closed = piece.kind == PieceKind::String;
        let span = self.span(piece);
        if !closed {
            self.report(self.unclosed(piece));
        }
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
        if piece.kind != PieceKind::Word {
            return Spanned::new(self.string(piece), span);
        }
        let text = piece.of(self.text);
        let before = self.errors.len();
        let name = match self.flavour {
            Flavour::Json5 => scalar::json5_name(text, span, &mut self.errors),
            Flavour::Hujson => {
                self.errors.push(scalar::bare_name(text, span));
                text.into()
            }
        };
        self.hush(before);
        Spanned::new(name, span)
    }

    fn open(&mut self, piece: Piece) -> Option<State> {
        if self.stack.len() >= MAX_DEPTH {
            self.errors.push(report::too_deep(self.span(piece)));
            return None;
        }
        self.quiet = false;
        let (content, state) = if piece.kind == PieceKind::OpenBracket {
            self.arrays += 1;
            (Content::Array(self.values.len()), State::Element)
        } else {
            (Content::Object(self.members.len(), None), State::Name)
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
            Content::Array(first) => {
                self.arrays -= 1;
                Kind::Array(taken(&mut self.values, first))
            }
            Content::Object(first, _) => {
                let members = taken(&mut self.members, first);
                Kind::Object(self.without_duplicates(members))
            }
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
            Some(Content::Array(_)) => {
                self.values.push(value);
                State::Comma
            }
            Some(Content::Object(_, name)) => {
                // Without a name there was an error.
                if let Some(name) = name.take() {
                    self.members.push(Member { name, value });
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
                Some((_, first)) if self.errors.len() < MAX_ERRORS => {
                    self.errors.push(report::duplicate(&member.name, first));
                }
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
            let mut error = SyntaxError::new(
                at,
                format!("expected {}, found the end of the text", self.expected(state)),
            );
            if let Some(opened) = self.opened() {
                error = error.related(opened, "opened here");
            }
            self.report(error);
        }
        while !self.stack.is_empty() {
            self.drop_name();
            self.close(end);
        }
    }
}

/// What `all` holds from `first` on, in no more memory than it needs.
fn taken<T>(all: &mut Vec<T>, first: usize) -> Vec<T> {
    // Copying a few keeps the room for the next; copying many would need it twice.
    const MANY: usize = 4_096;
    if first == 0 && all.len() > MANY {
        let mut taken = std::mem::take(all);
        taken.shrink_to_fit();
        return taken;
    }
    all.drain(first..).collect()
}

#[cfg(test)]
mod tests;
