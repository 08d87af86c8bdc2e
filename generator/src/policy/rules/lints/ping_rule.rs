//! TN917: a rule for pings that pass anyway.

use super::coverage::Coverage;
use super::subject::{Linted, path};
use super::units::Unit;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::packet::is_icmp;

/// The page of TN917.
pub const PAGE: Page = Page {
    code: Code(917),
    severity: Severity::Warning,
    name: "ping-rule",
    what: "A rule allows only ICMP where another rule allows something between the same ends.",
    why: "The client answers an echo request wherever any rule matches the two addresses, whatever its protocol and \
          ports (`matchIPsOnly`, wgengine/filter): ping works wherever anything is allowed, and nothing in a policy can \
          stop it there. Whoever reads such a rule would believe that pings are decided by it.",
    wrong: Example::Policy {
        text: r#"{
  "groups": { "group:ops": ["alice@", "bob@"] },
  "tagOwners": { "tag:web": ["group:ops"] },
  "grants": [
    { "src": ["group:ops"], "dst": ["tag:web"], "ip": ["tcp:443"] },
    { "src": ["alice@"], "dst": ["tag:web"], "ip": ["icmp:*"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN917: grants[0] lets these pings pass already
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": { "group:ops": ["alice@", "bob@"] },
  "tagOwners": { "tag:web": ["group:ops"] },
  "grants": [
    { "src": ["group:ops"], "dst": ["tag:web"], "ip": ["tcp:443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every rule that is about ICMP alone.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let coverage = Coverage::new(linted, |unit| {
        !unit.traffic.is_empty() && unit.via.is_empty() && !is_about_pings(unit)
    });
    let mut said = None;
    for (number, unit) in linted.units.iter().enumerate() {
        // Of the destinations of an ACL one is enough; what a covered rule says was said.
        if !is_about_pings(unit) || said == Some(unit.order()) || linted.is_blamed(unit.rule) {
            continue;
        }
        let Some(other) = coverage.find(number, |_, _, _| true) else {
            continue;
        };
        said = Some(unit.order());
        let name = path(other.section, other.position);
        found.push(
            Diagnostic::new(&PAGE, unit.rule, format!("{name} lets these pings pass already"))
                .related(other.rule, format!("{name} is here"))
                .help("leave it out: ping works wherever anything is allowed"),
        );
    }
}

/// Whether the rule allows ICMP and nothing else.
fn is_about_pings(unit: &Unit<'_>) -> bool {
    let mut protocols = unit.traffic.iter();
    unit.app.is_none() && unit.via.is_empty() && unit.traffic.iter().len() > 0 && protocols.all(|(p, _)| is_icmp(p))
}
