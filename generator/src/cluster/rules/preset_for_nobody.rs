//! TN949: a preset for nobody, or to nothing.

use super::Context;
use super::mend;
use crate::cluster::words::Selector;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::tailnet::{Index, Resolver};
use crate::policy::words::{Alias, Autogroup};
use crate::source::Spanned;

/// TN949.
pub const PAGE: Page = Page {
    code: Code(949),
    severity: Severity::Warning,
    name: "preset-for-nobody",
    what: "A preset names people or machines of whom there are none.",
    why: "The rule is accepted and does nothing, and no test can prove it. A tag that no declared node carries, a group \
          without members: a machine that is still to come, or a name that was meant otherwise.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"] } },
  policy: { tagOwners: { "tag:web": [], "tag:build": [] } },
  access: { services: { site: { on: ["tag:web"], ports: ["tcp:443"], from: ["alice@", "tag:build"] } } },
//                                                                                    ^^^^^^^^^^^ TN949: no declared node is "tag:build"
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"] }, build: { tags: ["tag:build"] } },
  policy: { tagOwners: { "tag:web": [], "tag:build": [] } },
  access: { services: { site: { on: ["tag:web"], ports: ["tcp:443"], from: ["alice@", "tag:build"] } } },
}
"#,
    ),
};

/// Looks at every name of every preset.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut resolver = Resolver::new(&context.model.policy, Index::new(&context.model.tailnet));
    let declaration = context.declaration;
    let access = &declaration.access;
    let ssh = access
        .ssh
        .iter()
        .flat_map(|access| access.from.iter().chain(&access.to));
    let kubectl = access
        .kubectl
        .iter()
        .flat_map(|access| access.from.iter().chain(&access.to));
    let services = access
        .services
        .values()
        .flat_map(|service| service.from.iter().chain(&service.on));
    let names = ssh.chain(kubectl).chain(services).chain(&declaration.monitoring.from);
    findings.extend(names.filter_map(|name| finding(name, &mut resolver)));
}

fn finding(name: &Spanned<Selector>, resolver: &mut Resolver<'_>) -> Option<Diagnostic> {
    let alias = Alias::parse(name.value.as_str()).ok()?;
    // Addresses and hosts may lie outside; what autogroups mean is not the declaration's to say.
    let judged = matches!(alias, Alias::Tag(_) | Alias::Group(_))
        || alias == Alias::Autogroup(Autogroup::Tagged)
        || alias == Alias::Autogroup(Autogroup::Member);
    let id = resolver.resolve(&alias);
    let resolved = resolver.get(id);
    if !judged || !resolved.nodes.is_empty() || !resolved.errors.is_empty() {
        return None;
    }
    let message = format!("no declared node is {}", mend::quote(name.value.as_str()));
    let help = match alias {
        Alias::Group(_) => "add people to the group, or leave it out",
        _ => "declare the machine, or leave the name out",
    };
    Some(Diagnostic::new(&PAGE, name.span, message).help(help))
}
