//! TN156: `*` as the destination of an SSH rule.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::Alias;
use super::context::Context;
use super::places::Place;

/// The page of TN156.
pub const PAGE: Page = Page {
    code: Code(156),
    severity: Severity::Error,
    name: "wildcard-ssh-destination",
    what: "An SSH rule has `*` as its destination.",
    why: "headscale refuses the policy (`SSHDstAliases.UnmarshalJSON`, hscontrol/policy/v2/types.go): it would let \
          into everybody's personal devices. Of what `*` meant, `autogroup:self` covers one's own devices, \
          `autogroup:tagged` the servers; `autogroup:member` really is everybody's devices.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["*"], "users": ["autogroup:nonroot"] },
    //                                                         ^^^ TN156: wildcard (*) is not supported as SSH destination
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
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self", "autogroup:tagged"], "users": ["autogroup:nonroot"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::SshDestination]) {
        if *reference.alias == Alias::Wildcard {
            out.push(
                Diagnostic::new(
                    &PAGE,
                    reference.span,
                    "wildcard (*) is not supported as SSH destination; use 'autogroup:member' for user-owned devices, \
                     'autogroup:tagged' for tagged devices, or specific tags/users",
                )
                .label("no destination of SSH rules")
                .help("for everybody's own devices write \"autogroup:self\", for servers \"autogroup:tagged\""),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::assert_page;
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }
}
