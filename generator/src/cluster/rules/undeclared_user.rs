//! TN707: the policy names a user who is not declared.

use std::collections::BTreeMap;

use super::Context;
use super::mend;
use crate::cluster::model::needs::user_token;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::mentions::users;
use crate::policy::tailnet::{Index, UserMatch};
use crate::policy::words::UserName;
use crate::source::Span;

/// TN707.
pub const PAGE: Page = Page {
    code: Code(707),
    severity: Severity::Error,
    name: "undeclared-user",
    what: "The policy names a user whom the declaration does not have.",
    why: "headscale accepts it without a word: the rule is then for nobody, a group silently smaller, and tests that \
          speak of the group fail; only in nodeAttrs an unknown user keeps headscale from starting. So a typing mistake \
          locks people out. People are declared, hence every name can be checked.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: { email: "alice@example.org" } },
  nodes: { web: { tags: ["tag:web"] } },
  policy: {
    grants: [{ src: ["alice@exmaple.org"], dst: ["tag:web"], ip: ["tcp:443"] }],
//                   ^^^^^^^^^^^^^^^^^^^ TN707: user not found: token "alice@exmaple.org"
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: { email: "alice@example.org" } },
  nodes: { web: { tags: ["tag:web"] } },
  policy: {
    grants: [{ src: ["alice@example.org"], dst: ["tag:web"], ip: ["tcp:443"] }],
  },
}
"#,
    ),
};

/// Looks at every user that the policy names; each unknown one is reported once, with the other places.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let index = Index::new(&context.model.tailnet);
    let mut unknown: BTreeMap<&UserName, Vec<Span>> = BTreeMap::new();
    for (user, span) in users(&context.model.policy) {
        if index.find_user(user.as_str()) == UserMatch::Unknown {
            unknown.entry(user).or_default().push(span);
        }
    }
    let known: Vec<String> = context
        .declaration
        .users
        .iter()
        .map(|(name, user)| match &user.email {
            Some(email) => email.value.to_string(),
            None => user_token(name.value.as_str()),
        })
        .collect();
    for (user, mut places) in unknown {
        // A preset's name stands in several rules.
        places.sort_by_key(|span| (span.source, span.start));
        places.dedup();
        let Some((first, others)) = places.split_first() else {
            continue;
        };
        let message = format!("user not found: token {}", mend::quote(user.as_str()));
        let near = context.nearest(user.as_str(), known.iter().map(String::as_str));
        let none = || "declare the person under users, or take the name out".to_owned();
        let mut finding = Diagnostic::new(&PAGE, *first, message).offer(*first, near, none);
        for other in others.iter().take(5) {
            finding = finding.related(*other, "and here");
        }
        findings.push(finding);
    }
}
