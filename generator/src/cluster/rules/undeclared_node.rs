//! TN705: an option names a node that is not declared.

use super::Context;
use super::mend;
use crate::cluster::words::NodeName;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Spanned;

/// TN705.
pub const PAGE: Page = Page {
    code: Code(705),
    severity: Severity::Error,
    name: "undeclared-node",
    what: "An option names a node that the declaration does not have.",
    why: "The control server, a relay or a first k3s server on a node that does not exist is on no host at all: every \
          host would wait for it. A key under the name of no node is used by none.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  k3s: { initServer: "prime" },
//                   ^^^^^^^ TN705: no node is called "prime"
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  k3s: { initServer: "primer" },
}
"#,
    ),
};

/// Looks at every option that names a node.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let declaration = context.declaration;
    let regions = declaration.derp.regions.values();
    let named = (declaration.control_server.node.iter())
        .chain(regions.flat_map(|region| region.nodes.names()))
        .chain(&declaration.k3s.init_server)
        .chain(declaration.keys.derp.names())
        .chain(
            declaration
                .nodes
                .values()
                .filter_map(|node| node.use_exit_node.as_ref()),
        );
    findings.extend(named.filter_map(|name| finding(context, name)));
}

fn finding(context: &Context<'_>, name: &Spanned<NodeName>) -> Option<Diagnostic> {
    let declaration = context.declaration;
    if declaration.nodes.contains(&name.value) {
        return None;
    }
    let names = || declaration.nodes.names().map(|name| name.value.as_str());
    let message = format!("no node is called {}", mend::quote(name.value.as_str()));
    let near = context.nearest(name.value.as_str(), names());
    let none = || match declaration.nodes.len() {
        0 => "no node is declared".to_owned(),
        count if count <= 12 => format!("the nodes are {}", mend::enumerate(names())),
        _ => format!("declare it: nodes.{}", name.value),
    };
    Some(Diagnostic::new(&PAGE, name.span, message).offer(name.span, near, none))
}
