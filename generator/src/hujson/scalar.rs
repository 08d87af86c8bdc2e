//! Strings, names, numbers and the three words, decoded and checked.
//!
//! HuJSON's are decoded here, to RFC 8259 and with what go-json-experiment adds (no half surrogate pairs). JSON5's are
//! decoded by the crate `json5`, apart from the plain ones, whose text is their value in any grammar.

use super::error::SyntaxError;
use super::parse::MAX_ERRORS;
use super::value::Kind;
use crate::source::{SourceId, Span};

/// A string of HuJSON: `text` with its quotes, at `span`; without the last one when its line ended first, which the
/// caller reports. Gives the best guess at what was meant when there are errors.
pub(super) fn hujson_string(text: &str, span: Span, closed: bool, errors: &mut Vec<SyntaxError>) -> Box<str> {
    let quote = text.chars().next().unwrap_or('"');
    let inner = text.get(1..text.len() - usize::from(closed)).unwrap_or_default();
    let before = errors.len();
    let decoded = decode(inner, Span::new(span.source, span.start + 1, span.end), quote, errors);
    if closed && quote != '"' {
        let mut error = wrong_quotes(quote, span);
        if errors.len() == before {
            error = error.fix("write double quotes", span, super::edit::quote(&decoded));
        }
        errors.push(error);
    }
    decoded.into()
}

/// The error of a string in other quotes than double ones.
fn wrong_quotes(quote: char, span: Span) -> SyntaxError {
    match quote {
        '\'' => SyntaxError::new(span, "expected a string in double quotes, found single quotes")
            .help("only JSON5 knows single quotes; headscale refuses them"),
        _ => SyntaxError::new(span, "expected a string in double quotes, found backquotes"),
    }
}

/// What `inner`, at `span`, says: the inside of a string that stands in `quote`s.
fn decode(inner: &str, span: Span, quote: char, errors: &mut Vec<SyntaxError>) -> String {
    let mut decoded = String::with_capacity(inner.len());
    let mut chars = Cursor {
        text: inner,
        at: 0,
        origin: span,
    };
    // One string may hold more mistakes than anyone reads.
    let most = errors.len() + MAX_ERRORS;
    while let Some(c) = chars.next() {
        if errors.len() > most {
            break;
        }
        match c {
            // The line ended here; that is the error to report.
            '\\' if chars.at == inner.len() => {}
            '\\' => match escape(&mut chars) {
                Ok(c) => decoded.push(c),
                // A quote needs its escape only inside such quotes, which are reported already.
                Err(_) if quote != '"' && chars.since(chars.at - 1).starts_with(quote) => decoded.push(quote),
                Err(error) => errors.push(*error),
            },
            '\0'..'\x20' => {
                let at = chars.span(chars.at - 1);
                errors.push(control(c, at));
                decoded.push(c);
            }
            c => decoded.push(c),
        }
    }
    decoded
}

/// The error of the control character `c` in a string.
fn control(c: char, span: Span) -> SyntaxError {
    let escape = match c {
        '\t' => "\\t".to_owned(),
        '\x08' => "\\b".to_owned(),
        '\x0c' => "\\f".to_owned(),
        c => format!("\\u{:04x}", u32::from(c)),
    };
    SyntaxError::new(
        span,
        format!(
            "expected `{escape}`, found the control character U+{:04X} itself",
            u32::from(c)
        ),
    )
    .fix(format!("write `{escape}`"), span, escape)
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
    /// Where the text is.
    origin: Span,
}

impl<'t> Cursor<'t> {
    fn next(&mut self) -> Option<char> {
        let c = self.text.get(self.at..)?.chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// The place from `start` up to here.
    fn span(&self, start: usize) -> Span {
        let offset = |at: usize| self.origin.start + at as u32;
        Span::new(self.origin.source, offset(start), offset(self.at))
    }

    fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// `\uXXXX`'s four digits.
    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// The character that an escape names, after its backslash.
fn escape(chars: &mut Cursor<'_>) -> Result<char, Box<SyntaxError>> {
    let start = chars.at - 1;
    let known = match chars.next() {
        Some(c @ ('"' | '\\' | '/')) => Some(c),
        Some('b') => Some('\x08'),
        Some('f') => Some('\x0c'),
        Some('n') => Some('\n'),
        Some('r') => Some('\r'),
        Some('t') => Some('\t'),
        Some('u') => return unicode(chars, start),
        _ => None,
    };
    known.ok_or_else(|| {
        Box::new(
            SyntaxError::new(
                chars.span(start),
                format!("expected an escape that JSON knows, found `{}`", chars.since(start)),
            )
            .help(r#"JSON knows \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#),
        )
    })
}

/// The character of a `\u` escape, or of two that form a surrogate pair.
fn unicode(chars: &mut Cursor<'_>, start: usize) -> Result<char, Box<SyntaxError>> {
    let Some(high) = chars.hex() else {
        return Err(Box::new(SyntaxError::new(
            chars.span(start),
            "expected four hexadecimal digits after `\\u`",
        )));
    };
    if let Some(c) = char::from_u32(high) {
        return Ok(c);
    }
    let before = chars.at;
    if high < 0xDC00
        && chars.next() == Some('\\')
        && chars.next() == Some('u')
        && let Some(low @ 0xDC00..0xE000) = chars.hex()
    {
        let c = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return Ok(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    chars.at = before;
    Err(Box::new(
        SyntaxError::new(
            chars.span(start),
            format!(
                "expected a surrogate pair, found only the half `{}`",
                chars.since(start)
            ),
        )
        .help(r"characters beyond U+FFFF are written as two escapes, like \ud83d\ude00, or as themselves"),
    ))
}

/// Whether `word` is a number to RFC 8259, section 6.
pub(super) fn is_json_number(word: &str) -> bool {
    fn digits(bytes: &[u8]) -> &[u8] {
        let n = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
        bytes.get(n..).unwrap_or_default()
    }
    let bytes = word.as_bytes();
    let bytes = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let mut rest = match bytes {
        [b'0', rest @ ..] => rest,
        [b'1'..=b'9', rest @ ..] => digits(rest),
        _ => return false,
    };
    if let [b'.', fraction @ ..] = rest {
        rest = digits(fraction);
        if rest.len() == fraction.len() {
            return false;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', exponent @ ..] => exponent,
            exponent => exponent,
        };
        rest = digits(exponent);
        if rest.len() == exponent.len() {
            return false;
        }
    }
    rest.is_empty()
}

/// What a word is that both grammars know: one of the three words or a number of JSON.
pub(super) fn json_word(word: &str) -> Option<Kind> {
    match word {
        "null" => Some(Kind::Null),
        "true" => Some(Kind::Bool(true)),
        "false" => Some(Kind::Bool(false)),
        _ => is_json_number(word).then(|| Kind::Number(word.into())),
    }
}

/// The error of a word that is no value.
pub(super) fn bad_word(word: &str, span: Span) -> SyntaxError {
    let shown = shorten(word);
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "true" | "false" | "null" => SyntaxError::new(span, format!("expected `{lower}`, found `{word}`"))
            .help("JSON writes `true`, `false` and `null` in lower case")
            .fix(format!("write `{lower}`"), span, lower),
        "none" | "nil" | "undefined" => {
            SyntaxError::new(span, format!("expected a value, found `{word}`")).help("JSON writes `null`")
        }
        _ if looks_like_number(word) => {
            SyntaxError::new(span, format!("expected a number as JSON writes it, found `{shown}`"))
                .help("no leading `+` or `0`, digits on both sides of the point, decimal only")
        }
        _ => {
            let error = SyntaxError::new(span, format!("expected a value, found `{shown}`"))
                .help("text is written in double quotes");
            if word.contains('\\') {
                return error;
            }
            // A mistyped `true` looks like text too; an address or a name with `@` can be nothing else.
            let safe = word.contains(['@', '.', '/']);
            error.propose("put it in double quotes", span, format!("\"{word}\""), safe)
        }
    }
}

/// The error of a name without quotes.
pub(super) fn bare_name(word: &str, span: Span) -> SyntaxError {
    let error = SyntaxError::new(
        span,
        format!("expected a name in double quotes, found `{}`", shorten(word)),
    );
    if word.contains('\\') {
        return error;
    }
    error.fix("put it in double quotes", span, format!("\"{word}\""))
}

/// Whether somebody may have meant a number.
fn looks_like_number(word: &str) -> bool {
    let digits = word.trim_start_matches(['+', '-', '.']);
    let number = digits.starts_with(|c: char| c.is_ascii_digit()) || digits.len() < word.len();
    let other = word.contains(['/', '@']) || word.matches('.').count() > 1;
    matches!(digits, "NaN" | "Infinity") || (number && !other)
}

/// `word`, or its beginning when it is long.
pub(super) fn shorten(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((end, _)) => format!("{}...", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    }
}

/// A string of JSON5 that is not plain: `text` with its quotes; without the last one when its line ended first, which the
/// caller reports.
pub(super) fn json5_string(text: &str, span: Span, closed: bool, errors: &mut Vec<SyntaxError>) -> Box<str> {
    if !closed {
        return text.get(1..).unwrap_or_default().into();
    }
    if text.starts_with('`') {
        errors.push(wrong_quotes('`', span));
        return text.get(1..text.len() - 1).unwrap_or_default().into();
    }
    json5::from_str::<Box<str>>(text).unwrap_or_else(|error| {
        errors.push(json5_error(&error, text, span, "expected a string"));
        text.get(1..text.len() - 1).unwrap_or_default().into()
    })
}

/// A word of JSON5 in the place of a value.
pub(super) fn json5_word(word: &str, span: Span, errors: &mut Vec<SyntaxError>) -> Kind {
    if let Some(kind) = json_word(word) {
        return kind;
    }
    if !word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'I' | 'N')) {
        errors.push(bad_word(word, span));
        return Kind::String(word.into());
    }
    match json5::from_str::<serde_json::Number>(word) {
        Ok(number) => Kind::Number(number.to_string().into()),
        // JSON has no word for them, so neither has `serde_json`.
        Err(_) if matches!(word.strip_prefix(['+', '-']).unwrap_or(word), "Infinity" | "NaN") => {
            Kind::Number(word.into())
        }
        Err(error) => {
            errors.push(json5_error(&error, word, span, "expected a number"));
            Kind::Number(word.into())
        }
    }
}

/// A name of JSON5 without quotes.
pub(super) fn json5_name(word: &str, span: Span, errors: &mut Vec<SyntaxError>) -> Box<str> {
    let plain = word
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
        && !word.starts_with(|c: char| c.is_ascii_digit());
    if plain {
        return word.into();
    }
    // The crate decodes names only where they stand.
    match json5::from_str::<OneName>(&format!("{{{word}:0}}")) {
        Ok(name) => name.0,
        Err(_) => {
            errors.push(
                SyntaxError::new(span, format!("expected a name, found `{}`", shorten(word)))
                    .help("names with other characters than letters, digits, `_` and `$` are written in quotes")
                    .fix("put it in double quotes", span, format!("\"{word}\"")),
            );
            word.into()
        }
    }
}

/// The name of an object's only member.
struct OneName(Box<str>);

impl<'de> serde::Deserialize<'de> for OneName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = OneName;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object with one member")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<OneName, A::Error> {
                let mut name = None;
                while let Some((key, _)) = map.next_entry::<Box<str>, serde::de::IgnoredAny>()? {
                    name = Some(key);
                }
                name.map(OneName).ok_or_else(|| serde::de::Error::custom("no name"))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// What the crate `json5` says about the scalar `text` at `span`, in our words.
fn json5_error(error: &json5::Error, text: &str, span: Span, expected: &str) -> SyntaxError {
    use json5::ErrorCode as E;
    let at = error
        .position()
        .map_or(span, |position| place(span.source, text, span, position));
    let found = match error.code() {
        Some(E::InvalidEscapeSequence | E::EofParsingEscapeSequence) => {
            return SyntaxError::new(at, "expected an escape that JSON5 knows");
        }
        Some(E::LeadingZero) => "a leading zero".to_owned(),
        Some(E::OverflowParsingNumber) => "a number too large to hold".to_owned(),
        _ => format!("`{}`", shorten(text)),
    };
    SyntaxError::new(at, format!("{expected}, found {found}"))
}

/// The character of `text` (at `span`) that a line and a column of the crate `json5` name.
fn place(source: SourceId, text: &str, span: Span, position: json5::Position) -> Span {
    let (mut line, mut column) = (0, 0);
    for (offset, c) in text.char_indices() {
        if (line, column) == (position.line, position.column) {
            let start = span.start + offset as u32;
            return Span::new(source, start, start + c.len_utf8() as u32);
        }
        let after_cr = c == '\n' && text.get(..offset).is_some_and(|before| before.ends_with('\r'));
        if after_cr {
            // The line feed of a CRLF belongs to the line end that was counted.
        } else if super::lex::is_line_end(c) {
            (line, column) = (line + 1, 0);
        } else {
            column += 1;
        }
    }
    span
}
