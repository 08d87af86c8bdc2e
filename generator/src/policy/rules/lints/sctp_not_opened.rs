//! TN922: a test of SCTP that no rule opens.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::words::Protocol;

/// The page of TN922.
pub const PAGE: Page = Page {
    code: Code(922),
    severity: Severity::Warning,
    name: "sctp-not-opened",
    what: "A test expects SCTP to pass, and no rule names SCTP.",
    why: "headscale's tests take a rule without a protocol for one of every protocol; the client takes it for TCP, UDP \
          and ICMP and nothing else (`defaultProtos`, wgengine/filter). So the test holds, and SCTP does not pass. \
          GRE, ESP and the rest have to be named too.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:core": ["alice@"] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:core"], "ip": ["38412"] }],
  "tests": [
    { "src": "alice@", "proto": "sctp", "accept": ["tag:core:38412"] },
//                                                 ^^^^^^^^^^^^^^^^ TN922: no rule names sctp, and rules without a protocol do not open it
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:core": ["alice@"] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:core"], "ip": ["sctp:38412"] }],
  "tests": [{ "src": "alice@", "proto": "sctp", "accept": ["tag:core:38412"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every test of SCTP, as long as no rule names it.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let document = linted.document;
    let grants = document.grants.iter().flatten().flat_map(|grant| &grant.ip);
    let mut protocols = grants
        .map(|entry| entry.value.protocol)
        .chain(document.acls.iter().flatten().map(|acl| acl.proto));
    if linted.has_errors() || protocols.any(|protocol| protocol == Protocol::SCTP) {
        return;
    }
    let tests = document.tests.iter().take(linted.own.tests);
    for test in tests.filter(|test| test.proto == Protocol::SCTP) {
        if let Some(destination) = test.accept.first() {
            let message = "no rule names sctp, and rules without a protocol do not open it";
            found
                .push(Diagnostic::new(&PAGE, destination.span, message).help("name it: \"sctp:PORT\" in a grant's ip"));
        }
    }
}
