//! TN167: an SSH rule to the devices of a user who is not its only source.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::{Context, is_tagged};
use super::wording::quote;

/// The page of TN167.
pub const PAGE: Page = Page {
    code: Code(167),
    severity: Severity::Error,
    name: "ssh-other-user",
    what: "An SSH rule lets others than the owner into a user's devices.",
    why: "headscale refuses the policy unless the user is the rule's only source, written the same way \
          (`validateSSHSrcDstCombination`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["bob@example.org"], "dst": ["alice@example.org"], "users": ["root"] },
    //                                                        ^^^^^^^^^^^^^^^^^^^ TN167: user destination requires source to contain only that same user "alice@example.org"; use autogroup:self instead for same-user SSH access
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
    { "action": "accept", "src": ["alice@example.org"], "dst": ["alice@example.org"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for rule in &context.document.ssh {
        if rule.src.iter().any(|src| is_tagged(&src.value)) {
            // TN166 speaks first.
            continue;
        }
        for dst in &rule.dst {
            let Alias::User(user) = &dst.value else { continue };
            let other = rule.src.iter().find(|src| match &src.value {
                Alias::User(source) => source != user,
                Alias::Group(_) | Alias::Autogroup(Autogroup::Member) => true,
                // No source at all; other rules say so, and headscale does not count it here.
                _ => false,
            });
            let same = rule.src.iter().any(|src| src.value == dst.value);
            if same && other.is_none() {
                continue;
            }
            let message = format!(
                "user destination requires source to contain only that same user {}; use autogroup:self instead for \
                 same-user SSH access",
                quote(user.as_str())
            );
            let found = Diagnostic::new(&PAGE, dst.span, message);
            let found = match other {
                Some(other) => found.related(other.span, "another source"),
                None => found,
            };
            out.push(found.help("for each one's own devices write \"autogroup:self\"; for a machine that several people use, give it a tag"));
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
    fn only_the_same_user_may() {
        assert_found(
            &PAGE,
            r#"{
  "groups": { "group:a": ["a@"] },
  "ssh": [
    { "action": "accept", "src": ["a@", "a@"], "dst": ["a@"], "users": ["root"] },
    { "action": "accept", "src": ["a@", "b@"], "dst": ["a@"], "users": ["root"] },
    //                                                 ^^^^ TN167: that same user "a@"
    { "action": "accept", "src": ["a@", "group:a"], "dst": ["a@"], "users": ["root"] },
    //                                                      ^^^^ TN167
    { "action": "accept", "src": ["autogroup:member"], "dst": ["a@"], "users": ["root"] },
    //                                                         ^^^^ TN167
    { "action": "accept", "src": [], "dst": ["a@"], "users": ["root"] },
    //                                       ^^^^ TN167
  ],
}"#,
            "0.29",
        );
    }
}
