//! Numbers as Go reads them.

/// Go's `strconv.Atoi` on a 64-bit machine: an optional sign, then decimal digits, at least one; nothing else.
pub(crate) fn atoi(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::atoi;

    #[test]
    fn signs_and_zeros_pass_all_else_does_not() {
        assert_eq!(atoi("+080"), Some(80));
        assert_eq!(atoi("-0"), Some(0));
        assert_eq!(atoi("-9223372036854775808"), Some(i64::MIN));
        for text in [
            "",
            "+",
            "-",
            "+-1",
            "1_0",
            "0x1",
            "1.0",
            " 1",
            "9223372036854775808",
            "٣",
        ] {
            assert_eq!(atoi(text), None, "{text:?}");
        }
    }
}
