//! TN414: something that has to pass, and the policy does not let it.

use super::Context;
use crate::cluster::coverage::{Coverage, Missing};
use crate::cluster::model::Flow;
use crate::cluster::words::{Port, ServicePorts, Transport};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::compile::Compiled;

/// TN414.
pub const PAGE: Page = Page {
    code: Code(414),
    severity: Severity::Error,
    name: "flow-not-given",
    what: "The cluster needs traffic that the policy does not let pass.",
    why: "Agents that do not reach the API never join; without flannel's port nodes look ready and pods on different \
          nodes do not hear of each other; without the kubelet's port there are no metrics. With `policy.derive = false` \
          nothing is added to the policy, so it has to give all of this itself.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    primer: { tags: ["tag:primer"], k3s: "server" },
//                                       ^^^^^^^^ TN414: worker cannot open udp:8472 to primer, needed for flannel
    worker: { tags: ["tag:worker"], k3s: "agent" },
  },
  policy: {
    derive: false,
    tagOwners: { "tag:primer": [], "tag:worker": [] },
    grants: [
      { src: ["tag:primer", "tag:worker"], dst: ["tag:primer", "tag:worker"], ip: ["tcp:10250"] },
      { src: ["tag:worker"], dst: ["tag:primer"], ip: ["tcp:6443"] },
      { src: ["tag:primer"], dst: ["tag:worker"], ip: ["udp:8472"] },
    ],
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
    primer: { tags: ["tag:primer"], k3s: "server" },
    worker: { tags: ["tag:worker"], k3s: "agent" },
  },
  policy: {
    derive: false,
    tagOwners: { "tag:primer": [], "tag:worker": [] },
    grants: [
      { src: ["tag:primer", "tag:worker"], dst: ["tag:primer", "tag:worker"], ip: ["tcp:10250", "udp:8472"] },
      { src: ["tag:worker"], dst: ["tag:primer"], ip: ["tcp:6443"] },
    ],
  },
}
"#,
    ),
};

/// Asks for every flow.
pub(crate) fn check(context: &Context<'_>, compiled: &Compiled<'_>, findings: &mut Vec<Diagnostic>) {
    if context.model.flows.is_empty() {
        return;
    }
    let coverage = Coverage::new(context.model, compiled.lowered());
    for flow in &context.model.flows {
        if let Some(missing) = coverage.missing(flow) {
            findings.push(finding(context, flow, missing));
        }
    }
}

fn finding(context: &Context<'_>, flow: &Flow, missing: Missing) -> Diagnostic {
    let nodes = &context.model.tailnet.nodes;
    let name = |position: usize| nodes.get(position).map_or("", |node| node.name.as_str());
    // The range that the port was taken from, as it would be granted.
    let wanted = flow.ports.iter().find(|ports| {
        let range = ports.first.get()..=ports.last.get();
        ports.transport.number() == missing.protocol && range.contains(&missing.port)
    });
    let one = || ServicePorts::one(Transport::Tcp, Port::known(missing.port));
    let ports = wanted.copied().unwrap_or_else(one);
    let message = format!(
        "{} cannot open {ports} to {}, needed for {}",
        name(missing.from),
        name(missing.to),
        flow.why
    );
    let word = |position: usize| {
        let tag = nodes.get(position).and_then(|node| node.tags.first());
        tag.map_or("...", String::as_str)
    };
    let grant = format!(
        "{{ src = [ \"{}\" ]; dst = [ \"{}\" ]; ip = [ \"{ports}\" ]; }}",
        word(missing.from),
        word(missing.to)
    );
    let finding = Diagnostic::new(&PAGE, flow.span, message).help(format!("grant it: {grant}"));
    if context.declaration.policy.derive.value {
        finding
    } else {
        finding.help("or let all that is needed be added: policy.derive = true")
    }
}
