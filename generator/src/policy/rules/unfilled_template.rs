//! TN140: a placeholder that nobody filled in.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::read::Place;
use crate::policy::words::Quoted;
use crate::source::Span;

/// TN140.
pub const PAGE: Page = Page {
    code: Code(140),
    severity: Severity::Error,
    name: "unfilled-template",
    what: "A word is a template's placeholder, like `${ADMIN}`, that was not replaced.",
    why: "headscale fills in nothing: it reads the policy as it lies there, takes the placeholder for a name, and \
          refuses it.",
    wrong: Example::Policy {
        text: r#"{
  "groups": { "group:admins": ["${ADMIN_USERS}"] },
//                             ^^^^^^^^^^^^^^^^ TN140: username must contain @, got: "${ADMIN_USERS}"
  "acls": [{ "action": "accept", "src": ["group:admins", "{{ monitor }}"], "dst": ["*:*"] }],
//                                                       ^^^^^^^^^^^^^^^ TN140: host not defined in policy: "{{ monitor }}"
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": { "group:admins": ["alice@example.org"] },
  "hosts": { "monitor": "192.0.2.9" },
  "acls": [{ "action": "accept", "src": ["group:admins", "monitor"], "dst": ["*:*"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Whether `text` holds `${...}`, `{{...}}`, or is `<...>` as a whole.
pub(crate) fn is_template(text: &str) -> bool {
    let between = |open: &str, close: &str| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    between("${", "}") || between("{{", "}}") || (text.starts_with('<') && text.ends_with('>'))
}

/// `text` is one; `words` are headscale's for it.
pub(crate) fn finding(text: &str, span: Span, words: String) -> Diagnostic {
    Diagnostic::new(&PAGE, span, words)
        .label("a placeholder that nobody filled in")
        .help(format!(
            "write what {text} stands for, or run the program that fills the template in"
        ))
}

/// `text`, which headscale takes for the name of a host, is one.
pub(crate) fn as_host(text: &str, span: Span, place: Place, dialect: Dialect) -> Diagnostic {
    let quoted = Quoted(text);
    let words = match (place, dialect) {
        (Place::SshSource, Dialect::V0_28) => "alias *v2.Host is not supported for SSH source".into(),
        (Place::SshSource, _) => "alias not supported for SSH source: *v2.Host".into(),
        (Place::SshDestination, _) => format!("invalid dst {quoted}"),
        (_, Dialect::V0_28) => {
            format!("Host {quoted} is not defined in the Policy, please define or remove the reference to it")
        }
        _ => format!("host not defined in policy: {quoted}"),
    };
    finding(text, span, words)
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, check};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn what_is_one() {
        for text in ["${A}", "x-${A}-y", "{{ .Admin }}", "<your user>"] {
            assert!(is_template(text), "{text}");
        }
        for text in ["", "$A", "}{", "}${", "a<b>c", "{a}", "<", "alice@"] {
            assert!(!is_template(text), "{text}");
        }
    }

    #[test]
    fn wherever_names_stand() {
        check(
            r#"{
  "hosts": {"h": "${IP}"},
//               ^^^^^^^ TN140
  "tagOwners": {"tag:a": ["${OWNER}"]},
//                        ^^^^^^^^^^ TN140
  "autoApprovers": {"exitNode": ["${OWNER}"]},
//                               ^^^^^^^^^^ TN140
  "acls": [{"src": ["${A:-b}"], "dst": ["${HOST}"]}],
//                  ^^^^^^^^^ TN140: invalid alias format
//                                      ^^^^^^^^^ TN140
  "ssh": [{"action": "accept", "src": ["${A}"], "dst": ["${B}"], "users": ["root"]}],
//                                     ^^^^^^ TN140: alias not supported for SSH source: *v2.Host
//                                                      ^^^^^^ TN140: invalid dst "${B}"
}"#,
        );
    }
}
