//! Text in quotes as Go's `%q` writes it, because headscale's messages do.

use std::fmt::{self, Write};

/// Shows a text in double quotes with Go's escapes (`strconv.Quote`).
///
/// ```
/// use tailnet_generator::policy::words::Quoted;
/// assert_eq!(Quoted("tag:a \"b\"\t\u{7f}").to_string(), r#""tag:a \"b\"\t\x7f""#);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\u{7}' => f.write_str("\\a")?,
                '\u{8}' => f.write_str("\\b")?,
                '\u{c}' => f.write_str("\\f")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\u{b}' => f.write_str("\\v")?,
                ' '..='~' => f.write_char(c)?,
                '\0'..='\u{7f}' => write!(f, "\\x{:02x}", u32::from(c))?,
                _ if is_printable(c) => f.write_char(c)?,
                '\u{80}'..='\u{ffff}' => write!(f, "\\u{:04x}", u32::from(c))?,
                _ => write!(f, "\\U{:08x}", u32::from(c))?,
            }
        }
        f.write_char('"')
    }
}

/// Whether `c`, outside ASCII, may stand as it is. Rust's own table of printable characters is the nearest to Go's.
fn is_printable(c: char) -> bool {
    !c.is_whitespace() && c.escape_debug().len() == 1
}

#[cfg(test)]
mod tests {
    use super::Quoted;

    #[test]
    fn like_strconv_quote() {
        for (text, quoted) in [
            ("", r#""""#),
            ("a'b", r#""a'b""#),
            ("\0\x07\x08\x0b\x0c", r#""\x00\a\b\v\f""#),
            ("bücher", r#""bücher""#),
            ("\u{a0}x\u{200b}", r#""\u00a0x\u200b""#),
            ("\u{e0001}", r#""\U000e0001""#),
        ] {
            assert_eq!(Quoted(text).to_string(), quoted, "{text:?}");
        }
    }
}
