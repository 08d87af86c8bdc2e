//! TN122: names that only Tailscale's own service knows.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN122.
pub const PAGE: Page = Page {
    code: Code(122),
    severity: Severity::Error,
    name: "service-only-alias",
    what: "A name has a form that only Tailscale's own service knows: `ipset:`, `svc:`, `posture:`.",
    why: "headscale has neither sets of addresses, nor services with addresses of their own, nor device postures, and \
          refuses the form (`ErrInvalidAlias`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["autogroup:member"], "dst": ["svc:wiki"], "ip": ["tcp:443"] },
//                                         ^^^^^^^^^^ TN122: invalid alias format: "svc:wiki"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:wiki": [] },
  "grants": [
    { "src": ["autogroup:member"], "dst": ["tag:wiki"], "ip": ["tcp:443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// A kind of name, and what to write instead.
pub(super) struct Kind {
    prefix: &'static str,
    help: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        prefix: "ipset:",
        help: "write the addresses of the set as entries of `hosts`, one for each address or CIDR, and name those here",
    },
    Kind {
        prefix: "svc:",
        help: "name the node or the tag that serves",
    },
    Kind {
        prefix: "posture:",
        help: "headscale knows nothing of device postures: without it the rule applies to every device of its sources",
    },
    Kind {
        prefix: "app:",
        help: "headscale has no app connectors: announce the addresses as subnet routes of a node and name those here",
    },
];

/// The kind of `text`, if it is one of them.
pub(super) fn kind(text: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| text.trim().starts_with(kind.prefix))
}

/// A name of `kind` stands at `span`; `words` are headscale's.
pub(super) fn finding(kind: &Kind, span: Span, words: String) -> Diagnostic {
    Diagnostic::new(&PAGE, span, words)
        .label("only Tailscale's own service knows it")
        .help(kind.help)
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
    fn with_ports_and_without() {
        check(
            r#"{
  "acls": [{"src": ["ipset:prod", "posture:x"], "dst": ["svc:wiki:443"]}],
//                  ^^^^^^^^^^^^ TN122
//                                ^^^^^^^^^^^ TN122
//                                                      ^^^^^^^^^^^^^^ TN122: invalid alias format: "svc:wiki"
}"#,
        );
    }
}
