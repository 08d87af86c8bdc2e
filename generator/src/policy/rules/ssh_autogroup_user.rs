//! TN182: an autogroup as the login of an SSH rule, on 0.28.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::Autogroup;
use super::context::Context;
use super::wording::{list, quote};

/// The page of TN182.
pub const PAGE: Page = Page {
    code: Code(182),
    severity: Severity::Error,
    name: "autogroup-as-ssh-user",
    what: "An SSH rule has an autogroup other than `autogroup:nonroot` under `users`.",
    why: "headscale 0.28 refuses the policy (`validateAutogroupForSSHUser`, hscontrol/policy/v2/types.go). Since 0.29 \
          such a word is taken for a login of that name, which nobody has.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["autogroup:member"] },
    //                                                                                      ^^^^^^^^^^^^^^^^^^ TN182: autogroup "autogroup:member" is not supported for SSH user, can be [autogroup:nonroot]
  ],
}
"#,
        topology: None,
        dialect: "0.28",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["autogroup:nonroot"] },
  ],
}
"#,
        topology: None,
        dialect: "0.28",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !context.is_0_28() {
        return;
    }
    for user in context.document.ssh.iter().flat_map(|rule| &rule.users) {
        if user.value.starts_with("autogroup:") && Autogroup::parse(&user.value) != Some(Autogroup::NonRoot) {
            let message = format!(
                "autogroup {} is not supported for SSH user, can be {}",
                quote(&user.value),
                list(&[Autogroup::NonRoot])
            );
            out.push(
                Diagnostic::new(&PAGE, user.span, message)
                    .help("for every login but root write \"autogroup:nonroot\", else name the logins"),
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
    fn later_any_word_is_a_login() {
        assert_none(
            &PAGE,
            r#"{ "ssh": [{ "action": "accept", "src": ["a@"], "dst": ["a@"], "users": ["autogroup:member"] }] }"#,
            "0.29",
        );
    }
}
