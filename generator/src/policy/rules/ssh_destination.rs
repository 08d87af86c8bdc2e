//! TN157: a kind of alias that cannot be the destination of an SSH rule.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::Alias;
use super::context::Context;
use super::places::Place;

/// The page of TN157.
pub const PAGE: Page = Page {
    code: Code(157),
    severity: Severity::Error,
    name: "ssh-destination-kind",
    what: "An SSH rule has a group or an address as its destination.",
    why: "headscale takes tags, users, `autogroup:member`, `autogroup:tagged` and `autogroup:self` as destinations of \
          SSH rules and refuses the policy otherwise (`SSHDstAliases.UnmarshalJSON`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "groups": { "group:admins": ["alice@example.org"] },
  "ssh": [
    { "action": "accept", "src": ["group:admins"], "dst": ["group:admins"], "users": ["root"] },
    //                                                     ^^^^^^^^^^^^^^ TN157: alias not supported for SSH destination: *v2.Group
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "groups": { "group:admins": ["alice@example.org"] },
  "ssh": [
    { "action": "accept", "src": ["group:admins"], "dst": ["autogroup:self"], "users": ["root"] },
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
        let (kind, help) = match reference.alias {
            Alias::Group(_) => (
                "*v2.Group",
                "for each one's own devices write \"autogroup:self\"; other people's devices can be named one user at a \
                 time, by a rule whose only source is that user",
            ),
            Alias::Prefix(_) => ("*v2.Prefix", "give the node a tag and name the tag"),
            _ => continue,
        };
        let message = if context.is_0_28() {
            format!("alias {kind} is not supported for SSH destination")
        } else {
            format!("alias not supported for SSH destination: {kind}")
        };
        out.push(
            Diagnostic::new(&PAGE, reference.span, message)
                .label("no destination of SSH rules")
                .help(help),
        );
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
    fn addresses_are_refused_in_either_dialect() {
        assert_found(
            &PAGE,
            r#"{
  "ssh": [{ "action": "accept", "src": ["a@"], "dst": ["10.0.0.1"], "users": ["root"] }],
  //                                                   ^^^^^^^^^^ TN157: alias not supported for SSH destination: *v2.Prefix
}"#,
            "0.29",
        );
        assert_found(
            &PAGE,
            r#"{
  "ssh": [{ "action": "accept", "src": ["a@"], "dst": ["10.0.0.1"], "users": ["root"] }],
  //                                                   ^^^^^^^^^^ TN157: alias *v2.Prefix is not supported for SSH destination
}"#,
            "0.28",
        );
    }
}
