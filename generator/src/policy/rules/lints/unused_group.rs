//! TN908: a group that nothing uses.

use std::collections::HashSet;

use super::subject::{FIXES, Linted};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::mentions::owners;
use crate::policy::rules::wording::quote;
use crate::policy::words::{Alias, Owner};

/// The page of TN908.
pub const PAGE: Page = Page {
    code: Code(908),
    severity: Severity::Warning,
    name: "unused-group",
    what: "A group is defined, and neither rules nor owners nor tests name it.",
    why: "It gives nobody anything: it is left over, or a rule that was to use it is missing or names another group.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:ops": ["alice@"],
    "group:dev": ["bob@"],
//  ^^^^^^^^^^^ TN908: nothing uses "group:dev"
  },
  "grants": [{ "src": ["group:ops"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": { "group:ops": ["alice@"] },
  "grants": [{ "src": ["group:ops"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every group.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    // Where there are no rules at all, that is what is wrong.
    if !linted.has_rules() {
        return;
    }
    let document = linted.document;
    let aliases = linted.references.iter().filter_map(|reference| match reference.alias {
        Alias::Group(name) => Some(name.as_str()),
        _ => None,
    });
    let owners = owners(document).filter_map(|owner| match &owner.value {
        Owner::Group(name) => Some(name.as_str()),
        Owner::User(_) | Owner::Tag(_) => None,
    });
    let used: HashSet<&str> = aliases.chain(owners).collect();
    let groups = document.groups.iter().take(linted.own.groups);
    let unused = groups.filter(|group| {
        let name = group.name.value.as_str();
        !used.contains(name) && !linted.is_mentioned(name) && !linted.is_spoken_of(group.name.span)
    });
    for (count, group) in unused.enumerate() {
        let name = quote(group.name.value.as_str());
        let mut finding = Diagnostic::new(&PAGE, group.name.span, format!("nothing uses {name}"))
            .help("leave it out, or name it where its members are meant");
        let fix = (count < FIXES).then(|| linted.removal(group.name.span, format!("take {name} out")));
        if let Some(fix) = fix.flatten() {
            finding = finding.fix(fix);
        }
        found.push(finding);
    }
}
