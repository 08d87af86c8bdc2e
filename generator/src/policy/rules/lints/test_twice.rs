//! TN916: the same assertion twice.

use std::collections::HashMap;

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN916.
pub const PAGE: Page = Page {
    code: Code(916),
    severity: Severity::Warning,
    name: "test-twice",
    what: "`tests` asserts the same twice.",
    why: "The second holds whenever the first does and tells nothing more: one of them was probably meant for another \
          port, machine or person.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:443"] }],
  "tests": [
    { "src": "alice@", "accept": ["tag:web:443"] },
    { "src": "alice@", "accept": ["tag:web:443"] },
//                                ^^^^^^^^^^^^^ TN916: the same was asserted before
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:443"] }],
  "tests": [{ "src": "alice@", "accept": ["tag:web:443"], "deny": ["tag:web:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every assertion.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<_, Span> = HashMap::new();
    let tests = linted.document.tests.iter().take(linted.own.tests);
    for test in tests.filter(|test| !linted.is_blamed(test.span)) {
        let accepted = test.accept.iter().map(|destination| (true, destination));
        for (accept, destination) in accepted.chain(test.deny.iter().map(|destination| (false, destination))) {
            let key = (
                &test.src.value,
                test.proto.to_string(),
                accept,
                &destination.value.alias,
                destination
                    .value
                    .ports
                    .iter()
                    .map(|ports| (ports.first, ports.last))
                    .collect::<Vec<_>>(),
            );
            match seen.get(&key) {
                Some(first) => found.push(
                    Diagnostic::new(&PAGE, destination.span, "the same was asserted before")
                        .related(*first, "here")
                        .help("leave it out"),
                ),
                None => {
                    seen.insert(key, destination.span);
                }
            }
        }
    }
}
