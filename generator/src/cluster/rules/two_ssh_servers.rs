//! TN715: OpenSSH and Tailscale SSH on one node.

use super::Context;
use crate::cluster::words::SshServer;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::tailnet::{Index, NodeSet, Resolver};
use crate::policy::words::Alias;

/// TN715.
pub const PAGE: Page = Page {
    code: Code(715),
    severity: Severity::Error,
    name: "two-ssh-servers",
    what: "A node is to be reached through OpenSSH, and Tailscale SSH answers there.",
    why: "With Tailscale SSH on, tailscaled takes every connection to port 22 of the node's tailnet address \
          (`ipn/ipnlocal`): the host's own sshd cannot be reached over the tailnet, whoever asks.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"] }, builder: { tags: ["tag:builder"] } },
  access: {
    ssh: [
      { from: ["alice@"], to: ["tag:primer"], as: ["root"] },
      { from: ["tag:builder"], to: ["tag:primer"], server: "openssh" },
//                                                         ^^^^^^^^^ TN715: Tailscale SSH answers on primer
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
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"] }, builder: { tags: ["tag:builder"] } },
  access: {
    ssh: [
      { from: ["alice@"], to: ["tag:primer"], as: ["root"] },
      { from: ["tag:builder"], to: ["tag:primer"], as: ["deploy"] },
    ],
  },
}
"#,
    ),
};

/// Compares what presets for OpenSSH reach with what any ssh rule reaches.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let (policy, tailnet) = (&context.model.policy, &context.model.tailnet);
    let mut resolver = Resolver::new(policy, Index::new(tailnet));
    let mut taken = NodeSet::empty(tailnet.nodes.len());
    for dst in policy.ssh.iter().flat_map(|rule| &rule.dst) {
        let id = resolver.resolve(&dst.value);
        taken.union_with(&resolver.get(id).nodes);
    }
    let openssh = |access: &&crate::cluster::declaration::SshAccess| access.server.value == SshServer::Openssh;
    for access in context.declaration.access.ssh.iter().filter(openssh) {
        let aliases = access
            .to
            .iter()
            .filter_map(|name| Alias::parse(name.value.as_str()).ok());
        let ids: Vec<_> = aliases.map(|alias| resolver.resolve(&alias)).collect();
        let both = ids
            .iter()
            .flat_map(|&id| resolver.get(id).nodes.iter())
            .find(|&node| taken.contains(node));
        if let Some(node) = both {
            let name = &resolver.index().node(node).name;
            let message = format!("Tailscale SSH answers on {name}, so OpenSSH cannot be reached there");
            findings.push(Diagnostic::new(&PAGE, access.server.span, message).help(
                "use one of the two for every way into this node: server = \"tailscale\" with `as`, or \"openssh\"",
            ));
        }
    }
}
