//! Texts with few rules of their own: emails, paths, labels, taints, and words that the policy language judges.

use super::{BadWord, Word, text_word};

text_word! {
    /// Any text without control characters.
    Text, pattern: "", example: ""
}
text_word! {
    /// An email address.
    Email, pattern: r"^[^@\s]+@[^@\s]+$", example: "alice@example.org"
}
text_word! {
    /// A path: absolute, or relative to the file that names it.
    FilePath, pattern: "", example: "./policy.hujson"
}
text_word! {
    /// A certificate in PEM: public, unlike its key.
    Certificate, pattern: r"^\s*-----BEGIN CERTIFICATE-----", example: ""
}
text_word! {
    /// Who or what, in the policy's words: a user, `group:`, `tag:`, a host, an address, an autogroup, `*`.
    Selector, pattern: r"^[^\s]+$", example: "group:admins"
}
text_word! {
    /// How long a check stays valid: `always`, or a Go duration up to 168h.
    CheckPeriodText, pattern: "^(always|([0-9.]+(ns|us|ms|s|m|h))+)$", example: "12h"
}
text_word! {
    /// A Kubernetes label's key.
    LabelKey, pattern: "^([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$", example: "example.org/disk"
}
text_word! {
    /// A Kubernetes label's value.
    Label, pattern: "^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$", example: "ssd"
}
text_word! {
    /// A Kubernetes taint: `key=value:Effect` or `key:Effect`.
    Taint,
    pattern: "^[A-Za-z0-9./_-]+(=[A-Za-z0-9._-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$",
    example: "node-role.kubernetes.io/control-plane=true:NoSchedule"
}

impl Word for Text {
    const WHAT: &'static str = "a text";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.contains(char::is_control) {
            return Err(BadWord::new("it contains a control character"));
        }
        Ok(Self(text.into()))
    }
}

impl Word for Email {
    const WHAT: &'static str = "an email address";
    fn parse(text: &str) -> Result<Self, BadWord> {
        let parts: Vec<&str> = text.split('@').collect();
        let full = matches!(parts.as_slice(), [local, domain] if !local.is_empty() && !domain.is_empty());
        if !full || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(BadWord::new("it is not of the form NAME@DOMAIN"));
        }
        Ok(Self(text.into()))
    }
}

impl Word for FilePath {
    const WHAT: &'static str = "a path";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.is_empty() {
            return Err(BadWord::new("it is empty"));
        }
        if text.contains('\0') {
            return Err(BadWord::new("it contains a NUL character"));
        }
        Ok(Self(text.into()))
    }
}

impl Word for Certificate {
    const WHAT: &'static str = "a certificate in PEM";
    const SENSITIVE: bool = true;
    fn parse(text: &str) -> Result<Self, BadWord> {
        let pem = text.trim();
        if pem.contains("PRIVATE KEY-----") {
            return Err(BadWord::new(
                "it holds a private key, which must not be in a declaration",
            ));
        }
        if !pem.starts_with("-----BEGIN CERTIFICATE-----") || !pem.ends_with("-----END CERTIFICATE-----") {
            return Err(BadWord::new("it does not go from BEGIN CERTIFICATE to END CERTIFICATE"));
        }
        Ok(Self(text.into()))
    }
}

impl Word for Selector {
    const WHAT: &'static str = "a source or destination";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.is_empty() {
            return Err(BadWord::new("it is empty"));
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            let trimmed = text.trim();
            let bad = BadWord::new("it contains a space");
            return Err(if trimmed != text && Self::parse(trimmed).is_ok() {
                bad.meant(trimmed)
            } else {
                bad
            });
        }
        Ok(Self(text.into()))
    }
}

impl Word for CheckPeriodText {
    const WHAT: &'static str = "a check period";
    /// The duration itself is judged by the policy language, whose rules differ from dialect to dialect.
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.is_empty() {
            return Err(BadWord::new("it is empty"));
        }
        Ok(Self(text.into()))
    }
}

/// Whether `text` is a label value as Kubernetes takes it.
fn is_label_value(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.is_empty()
        || (text.len() <= 63
            && edge(text.chars().next())
            && edge(text.chars().next_back())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
}

/// Whether `text` is a label key: a name, with an optional DNS prefix and a slash before it.
fn is_label_key(text: &str) -> bool {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    !name.is_empty() && is_label_value(name) && prefix.is_none_or(|prefix| super::DomainName::parse(prefix).is_ok())
}

impl Word for Label {
    const WHAT: &'static str = "a label value";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if is_label_value(text) {
            return Ok(Self(text.into()));
        }
        Err(BadWord::new(
            "it has letters, digits, and inner hyphens, dots and underscores, at most 63",
        ))
    }
}

impl Word for LabelKey {
    const WHAT: &'static str = "a label key";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if is_label_key(text) {
            return Ok(Self(text.into()));
        }
        Err(BadWord::new(
            "it is a name of at most 63 letters and digits, with a domain and a slash before it where wanted",
        ))
    }
}

impl Word for Taint {
    const WHAT: &'static str = "a taint";
    fn parse(text: &str) -> Result<Self, BadWord> {
        let Some((rest, effect)) = text.rsplit_once(':') else {
            return Err(BadWord::new("it is written KEY=VALUE:EFFECT or KEY:EFFECT"));
        };
        if !matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
            return Err(BadWord::new("its effect is NoSchedule, PreferNoSchedule or NoExecute"));
        }
        let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
        if !is_label_key(key) {
            return Err(BadWord::new("its key is no label key"));
        }
        if !is_label_value(value) {
            return Err(BadWord::new("its value is no label value"));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_taints_labels() {
        assert!(Email::parse("alice@example.org").is_ok());
        for bad in ["", "alice", "alice@", "@example.org", "a@b@c", "a b@c"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        for good in [
            "a=b:NoSchedule",
            "a:NoExecute",
            "node-role.kubernetes.io/x=true:PreferNoSchedule",
        ] {
            assert!(Taint::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "a=b", "a=b:Never", "=b:NoSchedule", "a b:NoSchedule"] {
            assert!(Taint::parse(bad).is_err(), "{bad}");
        }
        assert!(is_label_key("example.org/disk") && is_label_key("disk"));
        assert!(!is_label_key("/disk") && !is_label_key("a/b/c") && !is_label_key(""));
    }

    #[test]
    fn selectors_have_no_spaces() {
        assert_eq!(Selector::parse(" tag:x").unwrap_err().meant.as_deref(), Some("tag:x"));
        assert!(Selector::parse("").is_err());
    }
}
