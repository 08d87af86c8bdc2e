//! TN948: an ssh rule for a login that the host does not have.

use super::Context;
use super::mend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::tailnet::{Id as _, Index, NodeId, NodeSet, Resolver};

/// TN948.
pub const PAGE: Page = Page {
    code: Code(948),
    severity: Severity::Warning,
    name: "login-missing",
    what: "An ssh rule lets somebody log in as a user that the host is declared not to have.",
    why: "tailscaled looks the login up on the host when somebody comes (`failed to look up local user`), so the rule \
          is accepted everywhere and of no use there. Only hosts that say which logins they have are judged.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"], loginUsers: ["root", "deploy"] } },
  access: { ssh: [{ from: ["alice@"], to: ["tag:web"], as: ["root", "depoly"] }] },
//                                                                  ^^^^^^^^ TN948: web has no login "depoly"
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"], loginUsers: ["root", "deploy"] } },
  access: { ssh: [{ from: ["alice@"], to: ["tag:web"], as: ["root", "deploy"] }] },
}
"#,
    ),
};

/// Looks at every login of every ssh rule; each is reported once, with the first host that lacks it.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let (policy, tailnet) = (&context.model.policy, &context.model.tailnet);
    let mut resolver = Resolver::new(policy, Index::new(tailnet));
    for rule in &policy.ssh {
        let mut nodes = NodeSet::empty(tailnet.nodes.len());
        for dst in &rule.dst {
            let id = resolver.resolve(&dst.value);
            nodes.union_with(&resolver.get(id).nodes);
        }
        // `autogroup:nonroot` and `localpart:` are no logins.
        for login in rule.users.iter().filter(|login| !login.value.contains(':')) {
            let known = context
                .declaration
                .nodes
                .iter()
                .enumerate()
                .filter_map(|(position, (name, node))| {
                    let logins = node.login_users.as_ref()?;
                    nodes.contains(NodeId::new(position)).then_some((name, logins))
                });
            let lacking = known
                .into_iter()
                .find(|(_, logins)| logins.iter().all(|known| known.value.as_str() != &*login.value));
            if let Some((name, logins)) = lacking {
                let message = format!("{} has no login {}", name.value, mend::quote(&login.value));
                let names = || logins.iter().map(|known| known.value.as_str());
                let near = mend::nearest(&login.value, names());
                let none = || match logins.is_empty() {
                    true => "it has none at all".to_owned(),
                    false => format!("it has {}", mend::enumerate(names())),
                };
                findings.push(Diagnostic::new(&PAGE, login.span, message).offer(login.span, near, none));
            }
        }
    }
}
