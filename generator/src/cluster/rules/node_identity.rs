//! TN708: a node that is both tagged and owned, or neither.

use super::Context;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::hujson::Kind;

/// TN708.
pub const PAGE: Page = Page {
    code: Code(708),
    severity: Severity::Error,
    name: "node-identity",
    what: "A node has tags and an owner, or neither.",
    why: "A tagged node belongs to no user as far as headscale's policy goes: rules for the owner would not include it. \
          A node with neither is one that no rule can name.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { laptop: { tags: ["tag:laptop"], owner: "alice" } },
//                                                ^^^^^^^ TN708: laptop has tags and an owner
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { laptop: { owner: "alice" } },
}
"#,
    ),
};

/// Looks at every node.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, node) in context.declaration.nodes.iter() {
        match &node.owner {
            Some(owner) if !node.tags.is_empty() => {
                let message = format!("{} has tags and an owner", name.value);
                let mut finding = Diagnostic::new(&PAGE, owner.span, message)
                    .help("leave out the owner of a machine that serves, or the tags of a person's device");
                for tag in node.tags.iter().take(1) {
                    finding = finding.related(tag.span, "tagged here");
                }
                findings.push(finding);
            }
            // What was written and could not be read was reported then.
            None if node.tags.is_empty() && !context.is_written(node.place.span, &["tags", "owner"], is_something) => {
                let message = format!("{} has neither tags nor an owner", name.value);
                findings.push(Diagnostic::new(&PAGE, name.span, message).help(format!(
                    "give it tags = [ \"tag:...\" ] if it serves, or owner = \"...\" if it is a person's device: nodes.{}",
                    name.value
                )));
            }
            _ => {}
        }
    }
}

/// Whether a value says something.
fn is_something(kind: &Kind) -> bool {
    match kind {
        Kind::Null => false,
        Kind::Array(items) => !items.is_empty(),
        _ => true,
    }
}
