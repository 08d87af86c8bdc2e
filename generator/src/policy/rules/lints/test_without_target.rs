//! TN915: a test that cannot fail.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::AddrSet;
use crate::net::known::is_exit_route;

/// The page of TN915.
pub const PAGE: Page = Page {
    code: Code(915),
    severity: Severity::Warning,
    name: "test-without-target",
    what: "A `deny` of `tests` is for an address that is nobody's.",
    why: "headscale compares addresses with the rules, and asks nowhere whether somebody has them \
          (hscontrol/policy/v2/test.go): such a test holds whatever happens to the machine that was meant, which has \
          another address now.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [{ "src": ["alice@"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] }],
  "tests": [
    { "src": "alice@", "deny": ["100.64.0.77:80"] },
//                              ^^^^^^^^^^^^^^^^ TN915: nobody has 100.64.0.77, so this cannot fail
  ],
}
"#,
        topology: Some(
            r#"{
  "users": [{ "name": "alice" }],
  "nodes": {
    "web": { "tags": ["tag:web"], "ipv4": "100.64.0.2" },
    "laptop": { "user": "alice", "ipv4": "100.64.0.3" },
  },
}"#,
        ),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [{ "src": ["alice@"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] }],
  "tests": [{ "src": "alice@", "deny": ["100.64.0.2:80"] }],
}
"#,
        topology: Some(
            r#"{
  "users": [{ "name": "alice" }],
  "nodes": {
    "web": { "tags": ["tag:web"], "ipv4": "100.64.0.2" },
    "laptop": { "user": "alice", "ipv4": "100.64.0.3" },
  },
}"#,
        ),
        dialect: "0.29",
    },
};

/// Looks at every `deny` of an address in a known tailnet.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let Some(lowered) = linted.lowered else { return };
    let index = lowered.index();
    let announced = index.tailnet().nodes.iter().flat_map(|node| &node.announced).copied();
    // Whatever lies outside is reached through an exit node.
    if announced.clone().any(is_exit_route) {
        return;
    }
    let routes: AddrSet = announced.collect();
    let hosts = linted.hosts();
    for test in linted.document.tests.iter().take(linted.own.tests) {
        for destination in &test.deny {
            let Some(net) = hosts.network(&destination.value.alias) else {
                continue;
            };
            let set = AddrSet::from(net);
            if index.nodes_in(&set).is_empty() && !routes.overlaps(&set) && !linted.is_blamed(destination.span) {
                let message = format!("nobody has {}, so this cannot fail", net.addr());
                found.push(
                    Diagnostic::new(&PAGE, destination.span, message)
                        .help("name the machine by its tag, so that the test is for whoever has it"),
                );
            }
        }
    }
}
