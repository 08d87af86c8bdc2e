//! `CertName: "sha256-raw:HEX"`: a relay's certificate, pinned by its hash instead of trusted through an authority.
//!
//! The client compares the text with `%02x` of the SHA-256 of the certificate, so the hexadecimal digits have to be
//! lower case; it then accepts exactly one certificate, no chain, and still checks the validity dates
//! (`net/tlsdial/tlsdial.go`, clients since 1.82).

/// What stands before the digits.
pub const PREFIX: &str = "sha256-raw:";

/// Why a pin is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not the right number of digits.
    #[error("a SHA-256 has 64 hexadecimal digits, this has {0}")]
    Length(usize),
    /// Something that is no hexadecimal digit.
    #[error("{0:?} is no hexadecimal digit")]
    Digit(char),
    /// An upper-case digit: the client compares text.
    #[error("the client compares with lower-case digits")]
    UpperCase,
}

/// Checks what follows [`PREFIX`].
///
/// # Errors
/// When it is not 64 lower-case hexadecimal digits.
pub fn check(digits: &str) -> Result<(), Error> {
    if let Some(other) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(Error::Digit(other));
    }
    if digits.len() != 64 {
        return Err(Error::Length(digits.len()));
    }
    if digits.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(Error::UpperCase);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_lower_case_digits() {
        assert_eq!(check(&"0a".repeat(32)), Ok(()));
        assert_eq!(check(&"0A".repeat(32)), Err(Error::UpperCase));
        assert_eq!(check("0a"), Err(Error::Length(2)));
        assert_eq!(check(&"g0".repeat(32)), Err(Error::Digit('g')));
        assert_eq!(check(""), Err(Error::Length(0)));
    }
}
