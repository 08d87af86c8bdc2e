//! TN178: an SSH test to what is no node.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup, Prefix};
use super::context::Context;
use super::places::Place;
use super::wording::{quote, test_failed};

/// The page of TN178.
pub const PAGE: Page = Page {
    code: Code(178),
    severity: Severity::Error,
    name: "ssh-test-destination",
    what: "A destination of `sshTests` is a range of addresses or `autogroup:internet`.",
    why: "One logs in to nodes; headscale refuses the policy (`ErrSSHTestDstDisallowedElement`, \
          hscontrol/policy/v2/types.go), also when it starts. A single address and a host that stands for one are \
          fine.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "sshTests": [
    { "src": "alice@example.org", "dst": ["100.64.0.0/24"], "accept": ["root"] },
    //                                    ^^^^^^^^^^^^^^^ TN178: test(s) failed: sshTest 0: SSH tests dst contains disallowed element "100.64.0.0/24"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "sshTests": [
    { "src": "alice@example.org", "dst": ["100.64.0.7"], "accept": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::SshTestDestination]) {
        let refused = match reference.alias {
            Alias::Autogroup(Autogroup::Internet) => true,
            Alias::Prefix(prefix) => !Prefix::is_single(*prefix),
            Alias::Host(host) => context.host(host).is_some_and(|prefix| !Prefix::is_single(prefix)),
            _ => false,
        };
        if refused {
            let message = test_failed(&format!(
                "sshTest {}: SSH tests dst contains disallowed element {}",
                reference.entry,
                quote(&reference.alias.to_string())
            ));
            out.push(Diagnostic::new(&PAGE, reference.span, message).help("name a tag, a user or a single address"));
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
    fn one_address_is_a_node_even_with_a_slash() {
        assert_found(
            &PAGE,
            r#"{
  "hosts": { "net": "10.0.0.0/8", "one": "10.0.0.1" },
  "sshTests": [{
    "src": "a@",
    "dst": ["net", "one", "10.0.0.1/32", "fd7a::/64", "autogroup:internet", "autogroup:tagged"],
    //      ^^^^^ TN178: disallowed element "net"
    //                                   ^^^^^^^^^^^ TN178: disallowed element "fd7a::/64"
    //                                                ^^^^^^^^^^^^^^^^^^^^ TN178: disallowed element "autogroup:internet"
    "accept": ["root"],
  }],
}"#,
            "0.29",
        );
    }
}
