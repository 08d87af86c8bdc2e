//! TN179: a test of an autogroup that stands for nobody in tests.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::{Place, Reference};
use super::wording::{quote, test_failed};

/// The page of TN179.
pub const PAGE: Page = Page {
    code: Code(179),
    severity: Severity::Error,
    name: "test-of-nobody",
    what: "A test names an autogroup that cannot be resolved where it stands: the test fails whatever the tailnet \
           looks like.",
    why: "`autogroup:self` means a different set of nodes for every user, so that in `tests` it is an error; as the \
          destination of `sshTests` it needs a user as `src`. `autogroup:nonroot` stands for logins, not for nodes \
          (`AutoGroup.resolve`, hscontrol/policy/v2/types.go; `resolveSSHTestDestNodes`, sshtest.go). A policy whose \
          tests fail is not taken by `headscale policy set`.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:*"] }],
  "tests": [
    { "src": "alice@example.org", "accept": ["autogroup:self:22"] },
    //                                       ^^^^^^^^^^^^^^^^^^^ TN179: autogroup:self requires per-node resolution and cannot be resolved in this context
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:server": [] },
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["tag:server:*"] }],
  "tests": [
    { "src": "alice@example.org", "accept": ["tag:server:22"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references() {
        let Alias::Autogroup(autogroup) = *reference.alias else {
            continue;
        };
        let why = match autogroup {
            Autogroup::OwnDevices => {
                "autogroup:self requires per-node resolution and cannot be resolved in this context"
            }
            Autogroup::NonRoot => "unknown autogroup: \"autogroup:nonroot\"",
            _ => continue,
        };
        let text = quote(&reference.text());
        let complaint = match reference.place {
            Place::TestSource | Place::SshTestSource => {
                format!("failed to resolve source {text}: resolving: {why}")
            }
            Place::TestAccept | Place::TestDeny => format!("error testing {text}: resolving destination: {why}"),
            Place::SshTestDestination if autogroup == Autogroup::OwnDevices => {
                if has_user_source(context, reference) {
                    continue;
                }
                format!("dst alias {text} resolved to no nodes")
            }
            Place::SshTestDestination => {
                format!("failed to resolve destinations: resolving destination {text}: {why}")
            }
            _ => continue,
        };
        let found = Diagnostic::new(&PAGE, reference.span, test_failed(&complaint));
        out.push(match (reference.place, autogroup) {
            (Place::SshTestDestination, Autogroup::OwnDevices) => {
                found.help("name a user as src: only users have devices of their own")
            }
            _ => found.help("name a user, a tag or an address"),
        });
    }
}

/// Whether the SSH test that `reference` belongs to has a user as its source.
fn has_user_source(context: &Context<'_>, reference: &Reference<'_>) -> bool {
    let test = context.document.ssh_tests.get(reference.entry);
    test.is_some_and(|test| matches!(test.src.value, Alias::User(_)))
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
    fn every_place_is_looked_at() {
        assert_found(
            &PAGE,
            r#"{
  "tests": [
    { "src": "autogroup:self", "deny": ["autogroup:nonroot:1", "autogroup:member:1"] },
    //       ^^^^^^^^^^^^^^^^ TN179: failed to resolve source "autogroup:self": resolving: autogroup:self requires
    //                                  ^^^^^^^^^^^^^^^^^^^^^ TN179: error testing "autogroup:nonroot:1": resolving destination: unknown autogroup: "autogroup:nonroot"
  ],
  "sshTests": [
    { "src": "a@", "dst": ["autogroup:self"], "accept": ["root"] },
    { "src": "autogroup:member", "dst": ["autogroup:self", "autogroup:nonroot"], "accept": ["root"] },
    //                                   ^^^^^^^^^^^^^^^^ TN179: dst alias "autogroup:self" resolved to no nodes
    //                                                     ^^^^^^^^^^^^^^^^^^^ TN179: failed to resolve destinations: resolving destination "autogroup:nonroot"
    { "src": "autogroup:nonroot", "dst": ["autogroup:tagged"], "accept": ["root"] },
    //       ^^^^^^^^^^^^^^^^^^^ TN179: failed to resolve source "autogroup:nonroot"
  ],
}"#,
            "0.29",
        );
    }
}
