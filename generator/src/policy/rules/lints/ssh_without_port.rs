//! TN914: an ssh rule to machines whose port 22 nobody may open.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::traffic::protocol::TCP;
use crate::policy::lower::Lowered;
use crate::policy::permit::Permit;
use crate::policy::tailnet::NodeSet;
use crate::policy::words::{Alias, Autogroup};

/// The page of TN914.
pub const PAGE: Page = Page {
    code: Code(914),
    severity: Severity::Warning,
    name: "ssh-without-port",
    what: "An ssh rule lets somebody log in where no rule lets them open port 22.",
    why: "`ssh` says who may log in as whom; whether the connection gets there is for `acls` and `grants` to say, and \
          headscale compares the two nowhere. Without a rule for tcp 22 the log-in waits for an answer.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:443"] }],
  "ssh": [
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["root"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN914: no rule lets anybody open tcp 22
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:22", "tcp:443"] }],
  "ssh": [
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

const SSH: u16 = 22;

/// How many pairs of an ssh rule and another rule are compared before the rest is left.
const COMPARISONS: usize = 100_000;

/// Looks at every ssh rule: in a known tailnet by who reaches whom, else only whether anything opens port 22 at all.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let document = linted.document;
    if document.acls.is_none() && document.grants.is_none() {
        return;
    }
    let Some(lowered) = linted.lowered else {
        // What could not be read may open it, and what is derived is in no unit.
        let derived = linted.own.grants < document.grants.as_ref().map_or(0, Vec::len);
        let opens = linted.units.iter().any(|unit| unit.traffic.contains(TCP, SSH));
        let first = document
            .ssh
            .iter()
            .take(linted.own.ssh)
            .find(|rule| !linted.is_blamed(rule.span));
        if let (false, false, false, Some(rule)) = (opens, derived, linted.has_errors(), first) {
            found.push(help(Diagnostic::new(
                &PAGE,
                rule.span,
                "no rule lets anybody open tcp 22",
            )));
        }
        return;
    };
    let opening: Vec<&Permit> = lowered
        .permits()
        .values()
        .filter(|permit| permit.passing().contains(TCP, SSH))
        .collect();
    let mut resolver = lowered.resolver().clone();
    let count = lowered.index().node_count();
    let mut left = COMPARISONS;
    for rule in document.ssh.iter().take(linted.own.ssh) {
        let mut nodes = |aliases: &[crate::source::Spanned<Alias>]| {
            let mut nodes = NodeSet::empty(count);
            for alias in aliases {
                let id = resolver.resolve(&alias.value);
                nodes.union_with(&resolver.get(id).nodes);
            }
            nodes
        };
        let (from, to) = (nodes(&rule.src), nodes(&rule.dst));
        let own = rule
            .dst
            .iter()
            .any(|alias| alias.value == Alias::Autogroup(Autogroup::OwnDevices));
        // A rule for nobody was said to be one; a person with one device has nobody to log in to.
        if from.is_empty() || (to.is_empty() && !own) || linted.is_blamed(rule.span) {
            continue;
        }
        let reached = opening.iter().any(|permit| {
            left = left.saturating_sub(1);
            left == 0 || opens(lowered, permit, &from, &to, own)
        });
        if !reached {
            let message = "no rule lets its sources open tcp 22 of any of its destinations";
            found.push(help(Diagnostic::new(&PAGE, rule.span, message)));
        }
    }
}

/// Whether `permit` lets some of `from` in to some of `to`, or people to their own devices.
fn opens(lowered: &Lowered<'_>, permit: &Permit, from: &NodeSet, to: &NodeSet, own: bool) -> bool {
    let sources = lowered.sources(permit.sources);
    if !sources.danger_all && !sources.nodes.overlaps(from) {
        return false;
    }
    if permit.own_devices.is_some() && (own || to.overlaps(from)) {
        return true;
    }
    permit.destinations.iter().any(|destination| {
        let nodes = &lowered.resolver().get(destination.value).nodes;
        nodes.overlaps(to) || (own && nodes.overlaps(from))
    })
}

fn help(finding: Diagnostic) -> Diagnostic {
    finding.help("grant it: { \"src\": [ ... ], \"dst\": [ ... ], \"ip\": [\"tcp:22\"] }")
}
