//! TN909: a host that nothing uses.

use std::collections::HashSet;

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::words::Alias;

/// The page of TN909.
pub const PAGE: Page = Page {
    code: Code(909),
    severity: Severity::Warning,
    name: "unused-host",
    what: "A name in `hosts` stands in no rule and no test.",
    why: "Names in `hosts` are words of the policy and nothing else: clients do not learn them, and no DNS answers \
          them. One that no rule names does nothing.",
    wrong: Example::Policy {
        text: r#"{
  "hosts": {
    "printer": "192.168.7.9",
    "nas": "192.168.7.10",
//  ^^^^^ TN909: nothing uses "nas"
  },
  "grants": [{ "src": ["*"], "dst": ["printer"], "ip": ["tcp:631"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "hosts": { "printer": "192.168.7.9" },
  "grants": [{ "src": ["*"], "dst": ["printer"], "ip": ["tcp:631"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every host.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    // Where there are no rules at all, that is what is wrong.
    if !linted.has_rules() {
        return;
    }
    let used: HashSet<&str> = linted
        .references
        .iter()
        .filter_map(|reference| match reference.alias {
            Alias::Host(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let hosts = linted.document.hosts.iter().take(linted.own.hosts);
    let names = hosts.map(|host| (host.name.value.as_str(), host.name.span));
    let help = "leave it out, or name it in a rule; for a name that clients resolve, see dns.extraRecords";
    linted.unused(&PAGE, names, &used, help, found);
}
