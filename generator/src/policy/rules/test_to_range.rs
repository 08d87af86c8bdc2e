//! TN175: a test of a range of addresses.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Prefix};
use super::context::Context;
use super::places::Place;
use super::test_port::is_one_port;
use super::wording::test_failed;

/// The page of TN175.
pub const PAGE: Page = Page {
    code: Code(175),
    severity: Severity::Error,
    name: "test-to-range",
    what: "A destination of `tests` is a CIDR, or a host that stands for more than one address.",
    why: "A test is one connection to one node; headscale refuses the policy (`ErrTestDestinationCIDR`, \
          hscontrol/policy/v2/types.go), also when it starts. It looks for the `/`, so even `10.0.0.1/32` is refused.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tests": [
    { "src": "alice@example.org", "deny": ["10.0.0.0/8:22"] },
    //                                     ^^^^^^^^^^^^^^^ TN175: test(s) failed: test 0, deny "10.0.0.0/8:22": test destination must be a single host, not a CIDR range
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tests": [
    { "src": "alice@example.org", "deny": ["10.0.0.1:22"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::TestAccept, Place::TestDeny]) {
        let is_range = match reference.alias {
            Alias::Prefix(prefix) => prefix.has_slash(),
            Alias::Host(host) => context.host(host).is_some_and(|prefix| !Prefix::is_single(prefix)),
            _ => false,
        };
        // TN174 speaks first, as headscale does.
        if !is_range || !is_one_port(reference) {
            continue;
        }
        let message = test_failed(&format!(
            "{}: test destination must be a single host, not a CIDR range",
            reference.in_test()
        ));
        let mut found = Diagnostic::new(&PAGE, reference.span, message).help("name one address of the range");
        if let Alias::Host(host) = reference.alias
            && let Some(span) = context.definition(host.as_str())
        {
            found = found.related(span, "stands for a range");
        }
        out.push(found);
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
    fn hosts_are_looked_up_and_the_slash_counts() {
        assert_found(
            &PAGE,
            r#"{
  "hosts": { "net": "10.0.0.0/8", "one": "10.0.0.1/32" },
  "tests": [{ "src": "a@", "deny": ["net:1", "one:1", "10.0.0.1:1", "10.0.0.1/32:1", "10.0.0.0/8:1-2"] }],
  //                                ^^^^^^^ TN175: test 0, deny "net:1": test destination must be a single host
  //                                                                ^^^^^^^^^^^^^^^ TN175: test 0, deny "10.0.0.1/32:1"
}"#,
            "0.29",
        );
    }
}
