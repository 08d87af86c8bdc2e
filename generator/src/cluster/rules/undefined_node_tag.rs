//! TN712: a node has a tag that the policy does not define.

use std::collections::BTreeSet;

use super::Context;
use super::mend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// TN712.
pub const PAGE: Page = Page {
    code: Code(712),
    severity: Severity::Error,
    name: "undefined-node-tag",
    what: "A node has a tag that `tagOwners` does not have.",
    why: "A pre-auth key gives any tag, known to the policy or not, so the node would join, and no rule could name it: \
          headscale refuses a policy that uses a tag without an owner entry. An empty list is enough, it means that \
          only pre-auth keys give the tag. Where there is no tagOwners at all, the nodes' tags are defined so.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    web: { tags: ["tag:web"] },
    db: { tags: ["tag:dbs"] },
//               ^^^^^^^^^ TN712: tag not found: "tag:dbs"
  },
  policy: {
    tagOwners: { "tag:web": [], "tag:db": [] },
    grants: [{ src: ["tag:web"], dst: ["tag:db"], ip: ["tcp:5432"] }],
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    web: { tags: ["tag:web"] },
    db: { tags: ["tag:db"] },
  },
  policy: {
    tagOwners: { "tag:web": [], "tag:db": [] },
    grants: [{ src: ["tag:web"], dst: ["tag:db"], ip: ["tcp:5432"] }],
  },
}
"#,
    ),
};

/// Looks at the tags of every node; each undefined one is reported where it is first written.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let defined: BTreeSet<&str> = context
        .model
        .policy
        .tag_owners
        .iter()
        .map(|owner| owner.tag.value.as_str())
        .collect();
    let mut reported = BTreeSet::new();
    for tag in context.declaration.nodes.values().flat_map(|node| &node.tags) {
        let name = tag.value.as_str();
        if defined.contains(name) || !reported.insert(name) {
            continue;
        }
        let near = context.nearest(name, defined.iter().copied());
        let define = || format!("define it: policy.tagOwners.{} = [ ]", mend::json(name));
        let finding = Diagnostic::new(&PAGE, tag.span, format!("tag not found: {}", mend::quote(name)));
        findings.push(match near {
            // Two nodes' tags often differ by a digit: offered, and not all that is said.
            Some(_) => finding.offer(tag.span, near, define).help(format!("or {}", define())),
            None => finding.help(define()),
        });
    }
}
