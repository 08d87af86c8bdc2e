//! TN172: a test of a protocol that tests do not know.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::packet::is_icmp;
use crate::policy::words::Protocol;

use super::context::Context;
use super::wording::{quote, test_failed};

/// The page of TN172.
pub const PAGE: Page = Page {
    code: Code(172),
    severity: Severity::Error,
    name: "test-protocol",
    what: "An entry of `tests` has a `proto` that is not TCP, UDP or SCTP.",
    why: "A test is one connection to one port, and other protocols have no ports; headscale refuses the policy \
          (`ErrTestProtocolNotAllowed`, hscontrol/policy/v2/types.go), also when it starts.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tests": [
    { "src": "alice@example.org", "proto": "icmp", "accept": ["bob@example.org:1"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN172: test(s) failed: test 0: test protocol must be tcp, udp, sctp, or empty: "icmp"
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
    { "src": "alice@example.org", "proto": "tcp", "accept": ["bob@example.org:22"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (i, test) in context.document.tests.iter().enumerate() {
        if !test.proto.has_ports() {
            let message = test_failed(&format!(
                "test {i}: test protocol must be tcp, udp, sctp, or empty: {}",
                quote(&test.proto.to_string())
            ));
            let finding = Diagnostic::new(&PAGE, test.span, message)
                .help("take proto out: the test then passes when any of TCP, UDP and ICMP gets through");
            out.push(match test.proto {
                Protocol::Number(number) if is_icmp(number) => finding
                    .help("pings cannot be denied: the client answers them wherever any rule matches the two ends"),
                _ => finding,
            });
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
    fn numbers_count_by_what_they_mean() {
        assert_found(
            &PAGE,
            r#"{
  "tests": [
      { "src": "a@", "proto": "UDP", "deny": ["b@:1"] },
      { "src": "a@", "proto": 132, "deny": ["b@:1"] },
      { "src": "a@", "proto": 58, "deny": ["b@:1"] },
    //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN172: test 2: test protocol must be tcp, udp, sctp, or empty: "ipv6-icmp"
  ],
}"#,
            "0.29",
        );
    }
}
