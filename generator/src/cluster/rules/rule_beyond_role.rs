//! TN940: a rule that reaches more nodes than it is for.

use super::mend;
use crate::cluster::words::Tag;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Spanned;

/// TN940.
pub const PAGE: Page = Page {
    code: Code(940),
    severity: Severity::Warning,
    name: "rule-beyond-role",
    what: "A tag by which a rule names some nodes is carried by others too.",
    why: "What k3s and monitoring need is opened for tags, since machines have no other name that a policy knows \
          beforehand. A machine with the same tag and no part in it can then reach the kubelets, or be reached.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    mail: { tags: ["tag:server"] },
    primer: { tags: ["tag:primer"], k3s: "server" },
    worker: { tags: ["tag:server"], k3s: "agent" },
//                   ^^^^^^^^^^^^ TN940: rules for "tag:server" reach mail too
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
    mail: { tags: ["tag:server"] },
    primer: { tags: ["tag:primer"], k3s: "server" },
    worker: { tags: ["tag:server", "tag:worker"], k3s: "agent" },
  },
}
"#,
    ),
};

/// `tag` names some nodes that are meant, and `others` beside them.
pub(crate) fn finding(tag: &Spanned<Tag>, others: &[&str]) -> Diagnostic {
    let quoted = mend::quote(tag.value.as_str());
    let (some, rest) = others.split_at(others.len().min(3));
    let more = format!("{} more", rest.len());
    let who = mend::enumerate(some.iter().copied().chain((!rest.is_empty()).then_some(more.as_str())));
    let parts = if others.len() == 1 { "has" } else { "have" };
    let message = format!("rules for {quoted} reach {who} too, which {parts} no part in them");
    Diagnostic::new(&PAGE, tag.span, message).help("give the nodes that are meant a tag of their own")
}
