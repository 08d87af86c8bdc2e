//! TN504: a key that nobody made.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN504.
pub const PAGE: Page = Page {
    code: Code(504),
    severity: Severity::Error,
    name: "placeholder-key",
    what: "All digits of a key or hash are the same.",
    why: "It stands for one that somebody meant to fill in: nothing would ever match it.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  keys: { noise: "mkey:0000000000000000000000000000000000000000000000000000000000000000" },
//               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN504
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  keys: { noise: "mkey:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
}
"#
    )),
};

/// Judges the keys.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let keys = &declaration.keys;
    let mut texts: Vec<(&str, Span)> = Vec::new();
    texts.extend(keys.noise.iter().map(|key| (key.value.as_str(), key.span)));
    texts.extend(keys.k3s.ca_hash.iter().map(|hash| (hash.value.as_str(), hash.span)));
    for relay in keys.derp.values() {
        texts.extend(relay.public_key.iter().map(|key| (key.value.as_str(), key.span)));
        texts.extend(relay.certificate.iter().map(|pin| (pin.value.as_str(), pin.span)));
    }
    for (text, span) in texts {
        let mut digits = text.rsplit(':').next().unwrap_or_default().bytes();
        let first = digits.next();
        if digits.all(|digit| Some(digit) == first) {
            findings.push(
                Diagnostic::new(&PAGE, span, "all digits are the same").help("make the keys: `tailnet keys init`"),
            );
        }
    }
}
