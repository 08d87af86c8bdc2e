//! A text cut into pieces: white space, comments, punctuation, strings, words. Lossless: the pieces follow each other
//! without a gap, so what they cover, put together ([`print()`]), is the text again.
//!
//! Cutting never fails. What no grammar knows becomes a piece of kind [`PieceKind::Invalid`], a string or comment
//! without its end one of kind [`PieceKind::UnclosedString`] or [`PieceKind::UnclosedComment`].

use super::Flavour;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// White space, line ends included.
    Space,
    /// `// ...`, with the line feed that ends it, if one does.
    LineComment,
    /// `/* ... */`
    BlockComment,
    /// `/* ...` up to the end of the text.
    UnclosedComment,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// A string in double quotes, quotes included; or in single ones, which only JSON5 allows, or in backquotes, which
    /// nobody allows. Not yet checked inside.
    String,
    /// A string that its line (or the text) ends before it does.
    UnclosedString,
    /// A run of letters, digits and signs: `null`, `true`, `false`, a number, a name without quotes, or nonsense.
    Word,
    /// Characters that begin nothing, the same one or more times; or `#` and the rest of its line.
    Invalid,
}

impl PieceKind {
    /// Whether it stands between values and means nothing: white space or a comment.
    #[must_use]
    pub const fn is_trivia(self) -> bool {
        matches!(
            self,
            Self::Space | Self::LineComment | Self::BlockComment | Self::UnclosedComment
        )
    }

    /// Whether it is a comment.
    #[must_use]
    pub const fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::BlockComment | Self::UnclosedComment)
    }
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Its first byte.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

impl Piece {
    /// The characters of the piece in `text`, the text it was cut from.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// All pieces of `text`, in order. Texts of 4 GiB and more are not cut: none.
#[must_use]
pub fn pieces(text: &str, flavour: Flavour) -> Vec<Piece> {
    Lexer::new(text, flavour).collect()
}

/// What the pieces of `text` cover, put together: `print(text, &pieces(text, _)) == text`.
#[must_use]
pub fn print(text: &str, pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.of(text)).collect()
}

/// Cuts piece by piece.
pub(super) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    flavour: Flavour,
    /// Whether the last string holds neither escapes nor control characters: its text is its value.
    pub(super) plain: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, flavour: Flavour) -> Self {
        let text = if u32::try_from(text.len()).is_ok() { text } else { "" };
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            flavour,
            plain: false,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Where the run of ASCII white space from `at` on ends.
    fn spaces(&self, mut at: usize) -> usize {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte(at) {
            at += 1;
        }
        at
    }

    /// A comment whose second character is at `at`.
    fn comment(&self, at: usize) -> Option<(PieceKind, usize)> {
        let second = self.byte(at)?;
        let rest = self.text.get(at + 1..).unwrap_or_default();
        match second {
            b'/' if self.flavour == Flavour::Hujson => Some(match rest.find('\n') {
                Some(n) => (PieceKind::LineComment, at + 1 + n + 1),
                None => (PieceKind::LineComment, self.bytes.len()),
            }),
            b'/' => Some(match rest.char_indices().find(|&(_, c)| is_line_end(c)) {
                Some((n, c)) => {
                    let crlf = rest.get(n..).is_some_and(|end| end.starts_with("\r\n"));
                    (PieceKind::LineComment, at + 1 + n + if crlf { 2 } else { c.len_utf8() })
                }
                None => (PieceKind::LineComment, self.bytes.len()),
            }),
            b'*' => Some(match rest.find("*/") {
                Some(n) => (PieceKind::BlockComment, at + 1 + n + 2),
                None => (PieceKind::UnclosedComment, self.bytes.len()),
            }),
            _ => None,
        }
    }

    /// A string whose opening quote is before `at`.
    fn string(&mut self, mut at: usize, quote: u8) -> (PieceKind, usize) {
        self.plain = true;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            at += rest
                .iter()
                .position(|&b| b == quote || b == b'\\' || b < b' ')
                .unwrap_or(rest.len());
            let Some(b) = self.byte(at) else { break };
            match b {
                _ if b == quote => return (PieceKind::String, at + 1),
                b'\\' => {
                    self.plain = false;
                    at += 1;
                    match self.byte(at) {
                        // JSON5 goes on in the next line after a backslash.
                        Some(b'\n' | b'\r') if self.flavour == Flavour::Hujson => break,
                        Some(b'\r') if self.byte(at + 1) == Some(b'\n') => at += 2,
                        Some(_) => at += self.char(at).map_or(1, char::len_utf8),
                        None => break,
                    }
                }
                b'\n' | b'\r' => break,
                _ => {
                    self.plain = false;
                    at += 1;
                }
            }
        }
        (PieceKind::UnclosedString, at)
    }

    /// The end of the word that goes on at `at`.
    fn word(&self, mut at: usize) -> usize {
        while let Some(b) = self.byte(at) {
            if b >= 0x80 {
                match self.char(at) {
                    Some(c) if !is_odd_space(c) => at += c.len_utf8(),
                    _ => break,
                }
            } else if is_word_byte(b) && !(b == b'/' && matches!(self.byte(at + 1), Some(b'/' | b'*'))) {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    /// The end of the run of `first`, which begins nothing, that goes on at `at`; with `#`, of its line.
    fn invalid(&self, mut at: usize, first: char) -> usize {
        if first == '#' {
            let rest = self.bytes.get(at..).unwrap_or_default();
            return at + rest.iter().take_while(|&&b| b != b'\n' && b != b'\r').count();
        }
        while self.char(at) == Some(first) {
            at += first.len_utf8();
        }
        at
    }
}

impl Iterator for Lexer<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.at;
        let first = self.byte(start)?;
        let after = start + 1;
        let (kind, end) = match first {
            b' ' | b'\t' | b'\n' | b'\r' => (PieceKind::Space, self.spaces(after)),
            b'{' => (PieceKind::OpenBrace, after),
            b'}' => (PieceKind::CloseBrace, after),
            b'[' => (PieceKind::OpenBracket, after),
            b']' => (PieceKind::CloseBracket, after),
            b',' => (PieceKind::Comma, after),
            b':' => (PieceKind::Colon, after),
            b'"' | b'\'' | b'`' => self.string(after, first),
            b'/' => self.comment(after).unwrap_or((PieceKind::Invalid, after)),
            0x0b | 0x0c if self.flavour == Flavour::Json5 => (PieceKind::Space, after),
            _ if first < 0x80 && is_word_byte(first) => (PieceKind::Word, self.word(after)),
            _ => {
                let c = self.char(start).unwrap_or(char::REPLACEMENT_CHARACTER);
                let after = start + c.len_utf8();
                if self.flavour == Flavour::Json5 && json5::char::is_json5_whitespace(c) {
                    (PieceKind::Space, after)
                } else if first < 0x80 || is_odd_space(c) {
                    (PieceKind::Invalid, self.invalid(after, c))
                } else {
                    (PieceKind::Word, self.word(after))
                }
            }
        };
        self.at = end;
        // `new` refused texts whose offsets would not fit.
        Some(Piece {
            kind,
            start: start as u32,
            end: end as u32,
        })
    }
}

/// Bytes that may stand in a word: more than any grammar allows, so that `10.0.0.0/8` or `alice@example.org` without
/// quotes is one mistake and not five.
const fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(
            b,
            b'_' | b'$'
                | b'+'
                | b'-'
                | b'.'
                | b'/'
                | b'\\'
                | b'@'
                | b'%'
                | b'&'
                | b'*'
                | b'?'
                | b'!'
                | b'~'
                | b'^'
                | b'|'
        )
}

/// What looks like nothing but is no white space of JSON: the byte order mark, no-break spaces, U+2028 and the like.
pub(super) fn is_odd_space(c: char) -> bool {
    (!c.is_ascii() && c.is_whitespace()) || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{2060}' | '\u{180E}')
}

/// What ends a line in JSON5.
pub(super) const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}
