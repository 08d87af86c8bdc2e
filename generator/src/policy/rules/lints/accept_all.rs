//! TN906: a rule that allows everything, beside others.

use std::collections::BTreeSet;

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN906.
pub const PAGE: Page = Page {
    code: Code(906),
    severity: Severity::Warning,
    name: "accept-all",
    what: "One rule lets everybody open everything to everybody, and there are others beside it.",
    why: "Rules only ever allow: beside such a rule all others are decoration, for destinations in the tailnet. Often \
          it is left over from trying out, and the narrow rules were meant to be all there is.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["*:*"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN906: this rule lets everybody open everything, so that another rule changes nothing
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web:443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "acls": [
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web:443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks for the first such rule.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let Some(all) = linted.units.iter().find(|unit| unit.is_accept_all()) else {
        return;
    };
    let literal = &all.traffic;
    let is_inside = |alias: &crate::policy::words::Alias| {
        use crate::policy::words::{Alias, Autogroup};
        // The internet is no part of the tailnet.
        *alias != Alias::Autogroup(Autogroup::Internet)
    };
    let mut others = linted.units.iter().filter(|unit| unit.order() != all.order());
    let mut without_effect = BTreeSet::new();
    let mut with_effect = BTreeSet::new();
    for unit in &mut others {
        let nothing = unit.app.is_none()
            && unit.via.is_empty()
            && literal.is_superset(&unit.traffic)
            && unit.dst.iter().all(|(alias, _)| is_inside(alias));
        if nothing {
            without_effect.insert(unit.order());
        } else {
            with_effect.insert(unit.order());
        }
    }
    let count = without_effect.difference(&with_effect).count();
    if count == 0 {
        return;
    }
    let others = match count {
        1 => "another rule changes nothing".to_owned(),
        count => format!("{count} other rules change nothing"),
    };
    let message = format!("this rule lets everybody open everything, so that {others}");
    found.push(
        Diagnostic::new(&PAGE, all.rule, message).help("leave it out, so that the narrow rules are all there is"),
    );
}
