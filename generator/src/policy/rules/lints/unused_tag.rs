//! TN907: a tag that nothing uses.

use std::collections::HashSet;

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::mentions::owners;
use crate::policy::rules::places::Place;
use crate::policy::rules::wording::quote;
use crate::policy::words::{Alias, Autogroup, Owner};

/// The page of TN907.
pub const PAGE: Page = Page {
    code: Code(907),
    severity: Severity::Warning,
    name: "unused-tag",
    what: "A tag stands in `tagOwners`, and no rule names it.",
    why: "A machine that gets it loses what its owner may do (a tagged machine is nobody's) and has nothing instead: it \
          can open no connection, and only rules for `*` reach it.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": {
    "tag:web": ["alice@"],
    "tag:storage": ["alice@"],
//  ^^^^^^^^^^^^^ TN907: no rule names "tag:storage": a machine with it can open nothing
  },
  "grants": [{ "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:443"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"], "tag:storage": ["alice@"] },
  "grants": [
    { "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:443"] },
    { "src": ["tag:web"], "dst": ["tag:storage"], "ip": ["tcp:2049"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every tag that the user defined. Nothing is said while there are no rules at all, while some rule has all
/// machines or all tagged ones as its source, or while no rule speaks of tags: then tags say what a machine is, and rules
/// for all give them what they need. In a known tailnet a tag that a node has is of use.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let document = linted.document;
    let known = linted.tailnet.is_some() && linted.lowered.is_none();
    if (document.acls.is_none() && document.grants.is_none()) || known {
        return;
    }
    let is_source = |place: Place| matches!(place, Place::AclSource | Place::GrantSource);
    let of_all = |alias: &Alias| {
        matches!(
            alias,
            Alias::Wildcard | Alias::Autogroup(Autogroup::Tagged | Autogroup::DangerAll)
        )
    };
    let sources = linted.references.iter().filter(|reference| is_source(reference.place));
    if sources.clone().any(|reference| of_all(reference.alias)) {
        return;
    }
    let aliases = linted.references.iter().filter_map(|reference| match reference.alias {
        Alias::Tag(name) => Some(name.as_str()),
        _ => None,
    });
    let owners = owners(document).filter_map(|owner| match &owner.value {
        Owner::Tag(name) => Some(name.as_str()),
        Owner::User(_) | Owner::Group(_) => None,
    });
    let grants = document.grants.iter().flatten();
    let via = grants.flat_map(|grant| &grant.via).map(|tag| tag.value.as_str());
    let in_rules: HashSet<&str> = aliases.chain(via).collect();
    if in_rules.is_empty() {
        return;
    }
    let nodes = linted.tailnet.iter().flat_map(|tailnet| &tailnet.nodes);
    let carried = nodes.flat_map(|node| &node.tags).map(String::as_str);
    let used: HashSet<&str> = in_rules.into_iter().chain(owners).chain(carried).collect();
    for owner in document.tag_owners.iter().take(linted.own.tag_owners) {
        let (name, span) = (owner.tag.value.as_str(), owner.tag.span);
        if used.contains(name) || linted.is_mentioned(name) || linted.is_spoken_of(span) {
            continue;
        }
        let name = quote(name);
        let message = format!("no rule names {name}: a machine with it can open nothing");
        found.push(
            Diagnostic::new(&PAGE, span, message).help("leave the tag out, or say in a rule what its machines may do"),
        );
    }
}
