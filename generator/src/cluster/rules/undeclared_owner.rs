//! TN706: a node's owner is not declared.

use std::collections::HashMap;

use super::Context;
use super::mend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// TN706.
pub const PAGE: Page = Page {
    code: Code(706),
    severity: Severity::Error,
    name: "undeclared-owner",
    what: "A node belongs to a user whom the declaration does not have.",
    why: "A device belongs to a user of the control server. headscale registers none for somebody it does not know, and \
          rules for that person would not be judged with it.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { laptop: { owner: "alcie" } },
//                          ^^^^^^^ TN706: no user is called "alcie"
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

/// Looks at every owner.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let users = &context.declaration.users;
    let emails = users
        .iter()
        .filter_map(|(name, user)| Some((user.email.as_ref()?.value.as_str(), name.value.as_str())));
    let by_email: HashMap<&str, &str> = emails.collect();
    for owner in context
        .declaration
        .nodes
        .values()
        .filter_map(|node| node.owner.as_ref())
    {
        if users.contains(&owner.value) {
            continue;
        }
        let name = owner.value.as_str();
        let names = || users.names().map(|name| name.value.as_str());
        let near = match by_email.get(name) {
            Some(user) => Some(mend::Near {
                name: user,
                certain: true,
            }),
            None => context.nearest(name, names()),
        };
        let message = format!("no user is called {}", mend::quote(name));
        let none = || format!("declare the person: users.{} = {{ }}", mend::json(name));
        findings.push(Diagnostic::new(&PAGE, owner.span, message).offer(owner.span, near, none));
    }
}
