//! TN194: a target of `nodeAttrs` that is nobody, or several.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::document::Document;
use crate::policy::tailnet::{ResolveError, Resolver};
use crate::policy::words::Alias;
use crate::source::Span;

/// The page of TN194.
pub const PAGE: Page = Page {
    code: Code(194),
    severity: Severity::Error,
    name: "node-attr-user",
    what: "A target of nodeAttrs names a user, or a group with a member, whom the tailnet does not have exactly once.",
    why: "Everywhere else headscale passes over users that it cannot find; here it refuses the policy and does not start \
          with it (compileNodeAttrs in hscontrol/policy/v2/compiled.go). On a reload the policy is half applied.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [],
  "nodeAttrs": [{"target": ["bob@"], "attr": ["nextdns:abc123"]}],
  //                        ^^^^^^ TN194: user not found: token "bob@"
}"#,
        topology: Some(r#"{"users": [{"name": "alice"}], "nodes": {}}"#),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [],
  "nodeAttrs": [{"target": ["alice@"], "attr": ["nextdns:abc123"]}],
}"#,
        topology: Some(r#"{"users": [{"name": "alice"}], "nodes": {}}"#),
        dialect: "0.29",
    },
};

/// Finds targets that headscale fails at. An entry without `attr` is never resolved.
pub(super) fn check(document: &Document, resolver: &mut Resolver<'_>, found: &mut Vec<Diagnostic>) {
    for entry in document.node_attrs.iter().filter(|entry| !entry.attr.is_empty()) {
        let targets: Vec<String> = entry.target.iter().map(|target| target.value.to_string()).collect();
        let targets = targets.join(" ");
        for target in &entry.target {
            let alias = resolver.resolve(&target.value);
            for error in &resolver.get(alias).errors {
                // What is not defined in the policy itself has findings of its own.
                let (ResolveError::UnknownUser(name) | ResolveError::AmbiguousUser(name, _)) = error else {
                    continue;
                };
                let finding = Diagnostic::new(
                    &PAGE,
                    target.span,
                    format!("compiling nodeAttrs: nodeAttrs target [{targets}]: {error}"),
                );
                found.push(match member(document, &target.value, name.as_str()) {
                    Some(span) => finding.related(span, "the member"),
                    None => finding,
                });
            }
        }
    }
}

/// Where the group that `target` is names `user`.
fn member(document: &Document, target: &Alias, user: &str) -> Option<Span> {
    let Alias::Group(name) = target else {
        return None;
    };
    let group = document.groups.iter().find(|group| group.name.value == *name)?;
    let member = group.members.iter().find(|member| member.value.as_str() == user)?;
    Some(member.span)
}
