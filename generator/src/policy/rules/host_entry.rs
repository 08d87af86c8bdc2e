//! TN130: an entry of `hosts`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::alias::NameError;
use crate::policy::words::{Prefix, Quoted};
use crate::source::Span;

use super::{mend, unfilled_template};

/// TN130.
pub const PAGE: Page = Page {
    code: Code(130),
    severity: Severity::Error,
    name: "host-entry",
    what: "An entry of `hosts` is not a name without `@` and `:` with one address or CIDR.",
    why: "With an `@` the name would be a user, with a `:` something else (`Host.Validate`); the address is read by Go's \
          netip, which takes no short forms, no leading zeros and no DNS names (`Hosts.UnmarshalJSON`, \
          hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "hosts": {
    "nas": "nas.example.org",
//         ^^^^^^^^^^^^^^^^^ TN130: hostname contains invalid IP address: hostname "nas" address "nas.example.org"
    "lab:1": "192.0.2.1",
//  ^^^^^^^ TN130: invalid hostname: "lab:1"
  },
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["nas:445"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "hosts": {
    "nas": "192.0.2.10",
    "lab-1": "192.0.2.1",
  },
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["nas:445", "lab-1:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The host `name` may not be called so.
pub(crate) fn bad_name(name: &str, span: Span, error: &NameError, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("Hostname {} is invalid", Quoted(name)),
        _ => error.to_string(),
    };
    Diagnostic::new(&PAGE, span, words).help("choose a name without `@` and `:`")
}

/// The host `name` has the address `text`, which is none.
pub(crate) fn bad_address(name: &str, text: &str, span: Span, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("Hostname \"{name}\" contains an invalid IP address: \"{text}\""),
        _ => format!(
            "hostname contains invalid IP address: hostname {} address {}",
            Quoted(name),
            Quoted(text)
        ),
    };
    if unfilled_template::is_template(text) {
        return unfilled_template::finding(text, span, words);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    let bare = text.trim();
    let bare = bare
        .strip_prefix('[')
        .and_then(|bare| bare.strip_suffix(']'))
        .unwrap_or(bare);
    if bare != text && Prefix::parse(bare).is_ok() {
        return finding.fix(mend::word(span, bare, true));
    }
    finding.help("write one address or one CIDR: `192.0.2.10`, `192.0.2.0/24`, `fd7a:115c:a1e0::10`")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn what_netip_does_not_take() {
        check(
            r#"{
  "hosts": {"a": "10.0", "b": "10.0.0.01", "c": "", "d": null, "e@": "x"},
//               ^^^^^^ TN130
//                            ^^^^^^^^^^^ TN130
//                                              ^^ TN130
//                                                       ^^^^ TN130: hostname "d" address ""
//                                                             ^^^^ TN130: invalid hostname: "e@"
//                                                                   ^^^ TN130
}"#,
        );
        check(r#"{"hosts": {"": "::1", "*": "10.1.2.3/8", "10.0.0.1": "fe80::1%eth0"}, "acls": []}"#);
    }

    #[test]
    fn space_and_brackets_are_mended() {
        assert_fixed(
            r#"{"hosts": {"a": " 10.0.0.1", "b": "[::1]"}, "acls": []}"#,
            r#"{"hosts": {"a": "10.0.0.1", "b": "::1"}, "acls": []}"#,
        );
    }

    #[test]
    fn words_of_0_28() {
        for (host, words) in [
            (r#""a": "x""#, r#"Hostname "a" contains an invalid IP address: "x""#),
            (r#""a:": "::1""#, r#"Hostname "a:" is invalid"#),
        ] {
            let policy = format!(r#"{{"hosts": {{{host}}}, "acls": []}}"#);
            assert_eq!(one_in(Dialect::V0_28, &policy).message, words);
        }
    }
}
