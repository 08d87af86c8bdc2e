//! Public halves of keys, and hashes of certificates.

use super::{BadWord, DomainName, Word, text_word};

text_word! {
    /// The public half of headscale's noise key.
    MachineKey,
    pattern: "^mkey:[0-9a-f]{64}$",
    example: "mkey:0000000000000000000000000000000000000000000000000000000000000001"
}
text_word! {
    /// The public half of a derper's key.
    NodeKey,
    pattern: "^nodekey:[0-9a-f]{64}$",
    example: "nodekey:0000000000000000000000000000000000000000000000000000000000000001"
}
text_word! {
    /// The pin of a relay's certificate: SHA-256 of the DER of the one certificate it presents.
    CertificatePin,
    pattern: "^sha256-raw:[0-9a-f]{64}$",
    example: "sha256-raw:0000000000000000000000000000000000000000000000000000000000000001"
}
text_word! {
    /// The hash of the k3s CA bundle, as it stands in a `K10` token.
    CaHash,
    pattern: "^[0-9a-f]{64}$",
    example: "0000000000000000000000000000000000000000000000000000000000000001"
}

text_word! {
    /// What a relay's certificate is checked against: a domain name, or a [`CertificatePin`].
    CertName, pattern: r"^(sha256-raw:[0-9a-f]{64}|[a-z0-9_-]+(\.[a-z0-9_-]+)*)$", example: "derp.example.org"
}

/// Checks `prefix` and 64 lower-case hex digits. Never repeats the text: it may be the private half.
fn hex(text: &str, prefix: &str) -> Result<(), BadWord> {
    if text.starts_with("privkey:") {
        return Err(BadWord::new("it is a private key, which must not be in a declaration"));
    }
    let Some(digits) = text.strip_prefix(prefix) else {
        return Err(BadWord::new(format!("it must start with {prefix:?}")));
    };
    if digits.len() != 64 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(BadWord::new(if prefix.is_empty() {
            "it is not 64 hexadecimal digits".to_owned()
        } else {
            format!("{prefix:?} is followed by 64 hexadecimal digits")
        }));
    }
    if digits.bytes().any(|b| b.is_ascii_uppercase()) {
        // The client compares a pin with %02x: capitals never match.
        return Err(BadWord::new("its digits are lower case").meant(text.to_ascii_lowercase()));
    }
    Ok(())
}

impl Word for MachineKey {
    const WHAT: &'static str = "a machine key";
    const SENSITIVE: bool = true;
    fn parse(text: &str) -> Result<Self, BadWord> {
        hex(text, "mkey:").map(|()| Self(text.into()))
    }
}
impl Word for NodeKey {
    const WHAT: &'static str = "a node key";
    const SENSITIVE: bool = true;
    fn parse(text: &str) -> Result<Self, BadWord> {
        hex(text, "nodekey:").map(|()| Self(text.into()))
    }
}
impl Word for CertificatePin {
    const WHAT: &'static str = "a certificate pin";
    const SENSITIVE: bool = true;
    fn parse(text: &str) -> Result<Self, BadWord> {
        hex(text, "sha256-raw:").map(|()| Self(text.into()))
    }
}
impl Word for CertName {
    const WHAT: &'static str = "a certificate name";
    const SENSITIVE: bool = true;
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.contains(':') {
            hex(text, "sha256-raw:")?;
        } else {
            DomainName::parse(text)?;
        }
        Ok(Self(text.into()))
    }
}
impl Word for CaHash {
    const WHAT: &'static str = "a CA hash";
    const SENSITIVE: bool = true;
    fn parse(text: &str) -> Result<Self, BadWord> {
        hex(text, "").map(|()| Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_prefix_and_64_lower_case_digits() {
        let digits = "0123456789abcdef".repeat(4);
        assert!(MachineKey::parse(&format!("mkey:{digits}")).is_ok());
        assert!(CaHash::parse(&digits).is_ok());
        let upper = format!("sha256-raw:{}", digits.to_uppercase());
        let bad = CertificatePin::parse(&upper).unwrap_err();
        assert_eq!(bad.meant, Some(format!("sha256-raw:{digits}")));
        for bad in [
            String::new(),
            digits.clone(),
            format!("mkey:{digits}0"),
            "mkey:x".to_owned(),
        ] {
            assert!(MachineKey::parse(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_private_key_is_not_repeated() {
        let bad = MachineKey::parse(&format!("privkey:{}", "ab".repeat(32))).unwrap_err();
        assert!(!bad.why.contains("abab") && bad.meant.is_none());
    }
}
