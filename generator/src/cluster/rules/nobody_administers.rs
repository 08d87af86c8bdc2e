//! TN935: a control server that no person may get to.

use super::Context;
use crate::cluster::words::K3sRole;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::traffic::protocol::TCP;
use crate::policy::lower::Lowered;
use crate::policy::tailnet::{Id as _, NodeId};

/// TN935.
pub const PAGE: Page = Page {
    code: Code(935),
    severity: Severity::Warning,
    name: "nobody-administers",
    what: "Rules let people open something, and none of them SSH or the Kubernetes API of the control server.",
    why: "Whoever has to mend the tailnet then needs another way in. It is easily forgotten while machines are given what \
          they need, and noticed when it is needed.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { node: "primer", url: "https://headscale.example.org" },
//                       ^^^^^^^^ TN935: nobody may open tcp 22 of primer
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"] } },
  derp: { regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } } },
  access: { services: { site: { on: ["tag:primer"], ports: ["tcp:8080"], from: ["alice@"] } } },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { node: "primer", url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"] } },
  derp: { regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } } },
  access: {
    ssh: [{ from: ["alice@"], to: ["tag:primer"], as: ["root"] }],
    services: { site: { on: ["tag:primer"], ports: ["tcp:8080"], from: ["alice@"] } },
  },
}
"#,
    ),
};

const SSH: u16 = 22;

/// Looks at the node of the control server, when it is a declared one and there are people.
pub(crate) fn check(context: &Context<'_>, lowered: &Lowered<'_>, findings: &mut Vec<Diagnostic>) {
    let declaration = context.declaration;
    let Some(named) = &declaration.control_server.node else {
        return;
    };
    let Some(position) = declaration.nodes.index(&named.value) else {
        return;
    };
    let people = lowered.index().untagged();
    // While nobody may open anything, the policy is only begun, or people are not on the tailnet at all.
    let opens = lowered.permits().values().any(|permit| {
        let sources = lowered.sources(permit.sources);
        sources.danger_all || sources.nodes.overlaps(people)
    });
    if !opens {
        return;
    }
    let node = NodeId::new(position);
    let k3s = declaration.nodes.get(&named.value).and_then(|node| node.k3s.as_ref());
    let api = k3s
        .filter(|role| role.value == K3sRole::Server)
        .map(|_| declaration.k3s.api_port.value.get());
    let ports: Vec<u16> = std::iter::once(SSH).chain(api).collect();
    let reached = lowered.permits().values().any(|permit| {
        let passing = permit.passing();
        let sources = lowered.sources(permit.sources);
        ports.iter().any(|&port| passing.contains(TCP, port))
            && (sources.danger_all || sources.nodes.overlaps(people))
            && (permit.own_devices.is_some() && people.contains(node)
                || permit
                    .destinations
                    .iter()
                    .any(|alias| lowered.resolver().get(alias.value).nodes.contains(node)))
    });
    if reached {
        return;
    }
    let ports: Vec<String> = ports.iter().map(|port| format!("tcp {port}")).collect();
    let message = format!("nobody may open {} of {}", ports.join(" or "), named.value);
    let finding = Diagnostic::new(&PAGE, named.span, message);
    let tag = declaration.nodes.get(&named.value).and_then(|node| node.tags.first());
    let to = tag.map_or_else(|| "...".to_owned(), |tag| format!("\"{}\"", tag.value.as_str()));
    findings.push(finding.help(format!(
        "let somebody in: access.ssh = [ {{ from = [ ... ]; to = [ {to} ]; as = [ \"root\" ]; }} ]"
    )));
}
