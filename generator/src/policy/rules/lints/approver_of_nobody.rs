//! TN912: approvers that are nobody.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::tailnet::Resolver;
use crate::policy::words::{Alias, Owner};
use crate::source::Spanned;

/// The page of TN912.
pub const PAGE: Page = Page {
    code: Code(912),
    severity: Severity::Warning,
    name: "approver-of-nobody",
    what: "`autoApprovers` approves something for nobody.",
    why: "A route is approved when the node that announces it is one of those named: a tag means the nodes that have \
          it, a user or group only untagged nodes. Subnet routers are mostly tagged, and then the name of the person \
          who set them up approves nothing.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [{ "src": ["autogroup:member"], "dst": ["192.168.7.0/24"], "ip": ["*"] }],
  "autoApprovers": {
    "routes": { "192.168.7.0/24": [] },
//              ^^^^^^^^^^^^^^^^ TN912: nobody's 192.168.7.0/24 is approved
  },
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "grants": [{ "src": ["autogroup:member"], "dst": ["192.168.7.0/24"], "ip": ["*"] }],
  "autoApprovers": { "routes": { "192.168.7.0/24": ["tag:router"] } },
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every key of `autoApprovers.routes`, and at `exitNode` in a known tailnet.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let approvers = &linted.document.auto_approvers;
    for (prefix, owners) in approvers.routes.iter().take(linted.own.routes) {
        let net = prefix.value.network();
        if owners.is_empty() && !linted.is_member_wrong(prefix.span) {
            let message = format!("nobody's {net} is approved");
            found.push(Diagnostic::new(&PAGE, prefix.span, message).help("name the tag of its subnet router"));
        }
    }
    let Some(lowered) = linted.lowered else { return };
    let mut resolver = lowered.resolver().clone();
    let routes = approvers
        .routes
        .iter()
        .take(linted.own.routes)
        .map(|(_, owners)| owners);
    let exit: Vec<Spanned<Owner>> = approvers.exit_node.iter().take(linted.own.exit_node).cloned().collect();
    for owners in routes.chain([&exit]) {
        let Some(first) = owners.first() else { continue };
        if owners.iter().all(|owner| is_nobody(&mut resolver, &owner.value)) && !linted.is_blamed(first.span) {
            let message = format!("no node is {:?}, so nothing is approved by this", first.value.as_str());
            let finding = Diagnostic::new(&PAGE, first.span, message);
            found.push(match &first.value {
                Owner::Tag(_) => finding.help("give the tag to the router, or leave the entry out"),
                _ => finding.help("a tagged node is nobody's: name the router's tag"),
            });
        }
    }
}

/// Whether no node is one of those whom `owner` means. Whoever is unknown was reported.
fn is_nobody(resolver: &mut Resolver<'_>, owner: &Owner) -> bool {
    let id = resolver.resolve(&match owner.clone() {
        Owner::User(name) => Alias::User(name),
        Owner::Group(name) => Alias::Group(name),
        Owner::Tag(name) => Alias::Tag(name),
    });
    let resolved = resolver.get(id);
    resolved.nodes.is_empty() && resolved.errors.is_empty()
}
