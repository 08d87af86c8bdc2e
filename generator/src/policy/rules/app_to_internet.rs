//! TN164: application capabilities towards the internet.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;

/// The page of TN164.
pub const PAGE: Page = Page {
    code: Code(164),
    severity: Severity::Error,
    name: "app-to-internet",
    what: "A grant with `app` has the destination `autogroup:internet`.",
    why: "Capabilities are read by applications on nodes of the tailnet, which the internet is not; headscale refuses \
          the policy (`ErrGrantAppWithAutogroupInternet`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["*"], "dst": ["autogroup:internet"], "app": { "example.com/cap/x": [] } },
    //                      ^^^^^^^^^^^^^^^^^^^^ TN164: cannot use app grants with autogroup:internet
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["*"], "dst": ["autogroup:internet"], "ip": ["*"] },
    { "src": ["*"], "dst": ["autogroup:tagged"], "app": { "example.com/cap/x": [] } },
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
        let Some(first) = grant.app.as_ref().and_then(|app| app.first()) else {
            continue;
        };
        let internet = grant
            .dst
            .iter()
            .find(|dst| dst.value == Alias::Autogroup(Autogroup::Internet));
        if let Some(dst) = internet {
            out.push(
                Diagnostic::new(&PAGE, dst.span, "cannot use app grants with autogroup:internet")
                    .related(first.name.span, "the capability")
                    .help("make two grants of it: one with ip to autogroup:internet, one with app to nodes"),
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
    fn once_a_grant() {
        assert_found(
            &PAGE,
            r#"{
  "grants": [{
    "src": ["*"],
    "dst": ["*", "autogroup:internet", "autogroup:internet"],
    //           ^^^^^^^^^^^^^^^^^^^^ TN164
    "ip": ["*"],
    "app": { "example.com/cap/x": [], "example.com/cap/y": [] },
  }],
}"#,
            "0.29",
        );
    }
}
