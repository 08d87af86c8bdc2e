//! TN119: a destination that is not `host:ports`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::destination::DestinationError;
use crate::source::Span;

use super::{mend, unfilled_template};

/// TN119.
pub const PAGE: Page = Page {
    code: Code(119),
    severity: Severity::Error,
    name: "bad-destination",
    what: "A destination of an ACL or a test does not have the form `host:ports`.",
    why: "ACLs and tests name the ports with the destination (`splitDestinationAndPort`, \
          hscontrol/policy/v2/utils.go); grants name them in `ip`. The text is split at its last colon; square \
          brackets may stand around an IPv6 address only.",
    wrong: Example::Policy {
        text: r#"{
  "hosts": { "nas": "192.0.2.10" },
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["nas", "[192.0.2.10]:80"] },
//                                              ^^^^^ TN119: hostport must contain a colon
//                                                     ^^^^^^^^^^^^^^^^^ TN119: square brackets are only valid around IPv6 addresses: "192.0.2.10"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "hosts": { "nas": "192.0.2.10" },
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["nas:*", "192.0.2.10:80"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The destination `text` does not have the form.
pub(crate) fn finding(text: &str, span: Span, error: &DestinationError, dialect: Dialect) -> Diagnostic {
    let words = match (error, dialect) {
        (DestinationError::NoColon, Dialect::V0_28) => "hostport must contain a colon (\":\")".into(),
        _ => error.to_string(),
    };
    if unfilled_template::is_template(text) {
        return unfilled_template::finding(text, span, words);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    match error {
        DestinationError::NoColon => finding
            .help("the ports follow a colon: `:443`, `:80,443`, `:*` for all")
            .fix(mend::word(span, &format!("{text}:*"), false)),
        DestinationError::ColonLast => finding
            .help("name the ports after the colon, or `*` for all")
            .fix(mend::word(span, &format!("{text}*"), false)),
        DestinationError::ColonFirst => finding
            .help("name the destination before the colon, or `*` for every node")
            .fix(mend::word(span, &format!("*{text}"), false)),
        DestinationError::OpenBracket => finding.help("an IPv6 address with ports is written `[fd7a::1]:443`"),
        DestinationError::Brackets(_) => {
            let plain = text.replacen('[', "", 1).replacen(']', "", 1);
            finding
                .help("only an IPv6 address may stand in brackets")
                .fix(mend::word(span, &plain, false))
        }
        DestinationError::Ports { .. } | DestinationError::Alias(_) | DestinationError::Tag(_) => finding,
    }
}

/// A destination of a test cannot be read as JSON a second time, which headscale does.
pub(crate) fn not_json(prefix: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, format!("{prefix}not a JSON string"))
        .help("headscale decodes these texts twice: they may hold neither quotes nor backslashes")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, check, one, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn each_form_that_is_none() {
        check(
            r#"{
  "acls": [{"dst": [":80", "nas:", "[fd7a::1", "[fd7a::1]443", "nas"]}],
//                  ^^^^^ TN119: input cannot start with a colon character
//                         ^^^^^^ TN119: input cannot end with a colon character
//                                 ^^^^^^^^^^ TN119: square brackets are only valid around IPv6 addresses
//                                             ^^^^^^^^^^^^^^ TN119: square brackets are only valid around IPv6 addresses: "[fd7a::1]443"
//                                                             ^^^^^ TN119: hostport must contain a colon
  "tests": [{"src": "1.1.1.1", "deny": ["nas"], "accept": ["a\"b:1", "a\\u003a1"]}],
//                                      ^^^^^ TN119: test(s) failed: test 0, deny "nas": hostport must contain a colon
//                                                         ^^^^^^^^ TN119: not a JSON string
}"#,
        );
    }

    #[test]
    fn a_way_out_is_offered() {
        let finding = one(r#"{"acls": [{"dst": ["nas"]}]}"#);
        assert_eq!(finding.fixes[0].edits[0].text, "\"nas:*\"");
        assert!(!finding.fixes[0].safe, "which ports were meant is not known");
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"acls": [{"action": "accept", "dst": ["nas"]}]}"#);
        assert_eq!(finding.message, "hostport must contain a colon (\":\")");
    }
}
