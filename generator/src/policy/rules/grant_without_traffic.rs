//! TN161: a grant that grants nothing.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::context::Context;

/// The page of TN161.
pub const PAGE: Page = Page {
    code: Code(161),
    severity: Severity::Error,
    name: "grant-without-traffic",
    what: "A grant has neither `ip` nor `app`.",
    why: "headscale refuses the policy (`ErrGrantMissingIPOrApp`, hscontrol/policy/v2/types.go): one of the two has to \
          say what is allowed.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["autogroup:member"], "dst": ["autogroup:self"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN161: ip and app can not both be empty
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for grant in context.document.grants.iter().flatten() {
        if grant.ip.is_empty() && grant.app.is_none() {
            out.push(
                Diagnostic::new(&PAGE, grant.span, "ip and app can not both be empty")
                    .help("for all traffic add \"ip\": [\"*\"]; to let nothing through, take the grant out"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn empty_is_like_absent() {
        assert_found(
            &PAGE,
            r#"{
  "grants": [
      { "src": ["*"], "dst": ["*"], "ip": [], "app": {} },
    //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN161
      { "src": ["*"], "dst": ["*"], "app": { "example.com/cap/x": [] } },
  ],
}"#,
            "0.29",
        );
    }
}
