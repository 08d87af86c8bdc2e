//! TN718: two users that a policy cannot tell apart.

use std::collections::HashMap;

use super::Context;
use super::mend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN718.
pub const PAGE: Page = Page {
    code: Code(718),
    severity: Severity::Error,
    name: "same-person",
    what: "Two users share an email, an identifier, or a name that is the other's email.",
    why: "headscale looks for a policy's user by identifier, email and name at once, and refuses a policy in which a \
          word fits two (`multiple users found`). In grants it silently takes neither.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: {
    alice: { email: "alice@example.org" },
    bob: { email: "alice@example.org" },
//                ^^^^^^^^^^^^^^^^^^^ TN718: "alice@example.org" is alice's already
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: {
    alice: { email: "alice@example.org" },
    bob: { email: "bob@example.org" },
  },
}
"#,
    ),
};

/// Looks at all that names a user.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, (&str, Span)> = HashMap::new();
    let users = &context.declaration.users;
    let names = users
        .iter()
        .map(|(name, _)| (name.value.as_str(), name.value.as_str(), name.span));
    let emails = users.iter().filter_map(|(name, user)| {
        let email = user.email.as_ref()?;
        Some((name.value.as_str(), email.value.as_str(), email.span))
    });
    let identifiers = users.iter().filter_map(|(name, user)| {
        let id = user.provider_id.as_ref()?;
        Some((name.value.as_str(), id.value.as_str(), id.span))
    });
    for (user, word, span) in names.chain(emails).chain(identifiers) {
        let (first, place) = *seen.entry(word).or_insert((user, span));
        if first != user {
            let message = format!("{} is {first}'s already", mend::quote(word));
            findings.push(Diagnostic::new(&PAGE, span, message).related(place, "first here"));
        }
    }
}
