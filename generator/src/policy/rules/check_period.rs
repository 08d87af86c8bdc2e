//! TN170: `checkPeriod` where nothing is checked.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::document::SshAction;
use super::context::Context;

/// The page of TN170.
pub const PAGE: Page = Page {
    code: Code(170),
    severity: Severity::Error,
    name: "check-period-without-check",
    what: "An SSH rule has a `checkPeriod`, but its action is not `check`.",
    why: "The period says how long a check with the control server stays good; `accept` makes none. Since 0.29 \
          headscale refuses the policy (`ErrSSHCheckPeriodOnNonCheck`, hscontrol/policy/v2/types.go), 0.28 ignores \
          the period.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    {
      "action": "accept",
      "src": ["autogroup:member"],
      "dst": ["autogroup:self"],
      "users": ["root"],
      "checkPeriod": "12h",
      //             ^^^^^ TN170: checkPeriod is only valid with action "check"
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    {
      "action": "check",
      "src": ["autogroup:member"],
      "dst": ["autogroup:self"],
      "users": ["root"],
      "checkPeriod": "12h",
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if context.is_0_28() {
        return;
    }
    for rule in &context.document.ssh {
        if let Some(period) = &rule.check_period
            && rule.action != SshAction::Check
        {
            out.push(
                Diagnostic::new(&PAGE, period.span, "checkPeriod is only valid with action \"check\"")
                    .help("write \"action\": \"check\", or take checkPeriod out"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_none, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn v0_28_ignores_it() {
        assert_none(
            &PAGE,
            r#"{ "ssh": [{ "action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["root"], "checkPeriod": "1d" }] }"#,
            "0.28",
        );
    }
}
