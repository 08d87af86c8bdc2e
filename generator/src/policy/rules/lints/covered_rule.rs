//! TN905: a rule that another one covers.

use super::coverage::{Coverage, same};
use super::subject::{FIXES, Linted, path};
use super::units::Unit;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN905.
pub const PAGE: Page = Page {
    code: Code(905),
    severity: Severity::Warning,
    name: "covered-rule",
    what: "Another rule allows all that this one allows.",
    why: "Rules only ever allow, so a rule inside another changes nothing: taking it out leaves everything as it is, \
          and narrowing it, or somebody's leaving it, does not take away what the other one gives. It is either left \
          over or the other one is wider than was meant.",
    wrong: Example::Policy {
        text: r#"{
  "groups": { "group:ops": ["alice@", "bob@"] },
  "tagOwners": { "tag:db": ["group:ops"] },
  "grants": [
    { "src": ["group:ops"], "dst": ["tag:db"], "ip": ["tcp:1-10000"] },
    { "src": ["alice@"], "dst": ["tag:db"], "ip": ["tcp:5432"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN905: grants[0] allows all that this rule allows
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": { "group:ops": ["alice@", "bob@"] },
  "tagOwners": { "tag:db": ["group:ops"] },
  "grants": [
    { "src": ["group:ops"], "dst": ["tag:db"], "ip": ["tcp:22"] },
    { "src": ["alice@"], "dst": ["tag:db"], "ip": ["tcp:5432"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Compares every rule with those that speak of the same. Of two that say the same the later one is blamed.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    // One finding says of such a rule that it covers all others: TN906.
    let coverage = Coverage::new(linted, |unit| !unit.is_accept_all());
    let mut numbered = linted.units.iter().enumerate().peekable();
    let mut fixes = 0;
    while let Some((number, first)) = numbered.next() {
        let mut by = vec![covering(&coverage, number)];
        while let Some((number, _)) = numbered.next_if(|(_, unit)| unit.order() == first.order()) {
            by.push(covering(&coverage, number));
        }
        let Some(by) = by.into_iter().collect::<Option<Vec<&Unit<'_>>>>() else {
            continue;
        };
        if first.is_accept_all() || linted.is_blamed(first.rule) {
            continue;
        }
        let mut rules: Vec<(String, &Unit<'_>)> = Vec::new();
        for unit in by {
            let name = path(unit.section, unit.position);
            if rules.iter().all(|(other, _)| *other != name) {
                rules.push((name, unit));
            }
        }
        let names: Vec<&str> = rules.iter().map(|(name, _)| name.as_str()).collect();
        let message = match names.split_last() {
            Some((last, [])) => format!("{last} allows all that this rule allows"),
            Some((last, rest)) => format!("{} and {last} allow all that this rule allows", rest.join(", ")),
            None => continue,
        };
        let mut finding = Diagnostic::new(&PAGE, first.rule, message)
            .help("leave it out, or narrow the other rule if that allows more than it should");
        for (name, unit) in rules {
            finding = finding.related(unit.rule, format!("{name} is here"));
        }
        fixes += 1;
        if let Some(fix) = (fixes <= FIXES)
            .then(|| linted.removal(first.rule, "take the rule out"))
            .flatten()
        {
            finding = finding.fix(fix);
        }
        found.push(finding);
    }
}

/// A rule that allows all that the unit with `number` does, and is not merely the same written later.
fn covering<'l, 'a>(coverage: &Coverage<'l, 'a>, number: usize) -> Option<&'l Unit<'a>> {
    coverage.find(number, |unit, other, others| {
        let is_same = || allows_all(other, unit) && coverage.speaks_of(number, others);
        allows_all(unit, other) && (unit.order() > other.order() || !is_same())
    })
}

/// Whether `other` allows all that `unit` allows, between those of whom both speak.
fn allows_all(unit: &Unit<'_>, other: &Unit<'_>) -> bool {
    let via = |unit: &Unit<'_>| -> Vec<String> { unit.via.iter().map(|tag| tag.value.as_str().to_owned()).collect() };
    other.traffic.is_superset(&unit.traffic)
        && (unit.via.is_empty() && other.via.is_empty() || same(via(unit), via(other)))
        && unit.app.iter().copied().flatten().all(|capability| {
            let mut theirs = other.app.iter().copied().flatten();
            theirs.any(|other| {
                other.name.value == capability.name.value
                    && capability.values.iter().all(|value| other.values.contains(value))
                    && other.values.is_empty() == capability.values.is_empty()
            })
        })
}
