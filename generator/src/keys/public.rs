//! The public halves that a declaration holds: the noise key `mkey:`, the certificate pin `sha256-raw:`, the hash of
//! the k3s authorities `K10`.

/// Why a text is no such key. The text itself is never part of it: somebody may have pasted the wrong half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It does not begin as it should.
    #[error("it does not begin with `{0}`")]
    Prefix(&'static str),
    /// Not the right number of digits.
    #[error("after `{0}` come 64 hexadecimal digits, this has {1}")]
    Length(&'static str, usize),
    /// A character that is no hexadecimal digit.
    #[error("after `{0}` come hexadecimal digits only")]
    Digit(&'static str),
    /// All digits the same: a placeholder nobody filled in.
    #[error("all its digits are the same")]
    Placeholder,
}

/// headscale's noise key as it serves it at `/key`: `mkey:` and 64 hexadecimal digits.
pub const NOISE: &str = "mkey:";

/// The hash of a k3s cluster's authorities, the front of a full token: `K10` and 64 hexadecimal digits.
pub const K3S_CA: &str = "K10";

/// Checks that `text` is `prefix` and a key or hash of 32 bytes.
///
/// # Errors
/// When it is not.
pub fn check(prefix: &'static str, text: &str) -> Result<(), Error> {
    let digits = text.strip_prefix(prefix).ok_or(Error::Prefix(prefix))?;
    if digits.bytes().any(|byte| !byte.is_ascii_hexdigit()) {
        return Err(Error::Digit(prefix));
    }
    if digits.len() != 64 {
        return Err(Error::Length(prefix, digits.len()));
    }
    let mut bytes = digits.bytes();
    let first = bytes.next();
    if bytes.all(|byte| Some(byte) == first) {
        return Err(Error::Placeholder);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_two_bytes_after_the_prefix() {
        let digits = "0123456789abcdef".repeat(4);
        assert_eq!(check(NOISE, &format!("mkey:{digits}")), Ok(()));
        assert_eq!(check(K3S_CA, &format!("K10{digits}")), Ok(()));
        assert_eq!(check(NOISE, &format!("nodekey:{digits}")), Err(Error::Prefix("mkey:")));
        assert_eq!(check(NOISE, "mkey:ab"), Err(Error::Length("mkey:", 2)));
        assert_eq!(
            check(K3S_CA, &format!("K10{digits}::server:x")),
            Err(Error::Digit("K10"))
        );
        assert_eq!(
            check(NOISE, &format!("mkey:{}", "0".repeat(64))),
            Err(Error::Placeholder)
        );
    }
}
