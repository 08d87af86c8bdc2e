//! TN105: a group that `groups` does not have.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

use super::super::words::{Alias, GroupName, Owner};
use super::context::Context;
use super::places::{Place, Reference};
use super::wording::{quote, test_failed};

/// The page of TN105.
pub const PAGE: Page = Page {
    code: Code(105),
    severity: Severity::Error,
    name: "undefined-group",
    what: "A rule, target, test, owner or approver names a group that `groups` does not define.",
    why: "headscale refuses the whole policy (`Groups.Contains`, hscontrol/policy/v2/types.go). In `tests` and \
          `sshTests` it does not look the name up, but the group then stands for nobody and the test fails whatever \
          the tailnet looks like. An empty group is legal and lets nobody in.",
    wrong: Example::Policy {
        text: r#"{
  "groups": { "group:admins": ["alice@example.org"] },
  "acls": [
    { "action": "accept", "src": ["group:admin"], "dst": ["*:22"] },
    //                            ^^^^^^^^^^^^^ TN105: group not defined in policy: "group:admin"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": { "group:admins": ["alice@example.org"] },
  "acls": [
    { "action": "accept", "src": ["group:admins"], "dst": ["*:22"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds references to groups that do not exist.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references() {
        if let Alias::Group(group) = reference.alias
            && !context.has_group(group)
            && let Some(message) = in_rule(context, reference, group)
        {
            out.push(finding(context, reference.span, group, message, Some(reference)));
        }
    }
    let owners = context.document.tag_owners.iter().flat_map(|owner| &owner.owners);
    let approvers = &context.document.auto_approvers;
    let routes = approvers.routes.iter().flat_map(|(_, owners)| owners);
    for owner in owners.chain(routes).chain(&approvers.exit_node) {
        if let Owner::Group(group) = &owner.value
            && !context.has_group(group)
        {
            out.push(finding(context, owner.span, group, not_defined(context, group), None));
        }
    }
}

/// headscale's words depend on the place; `None` where another rule speaks.
fn in_rule(context: &Context<'_>, reference: &Reference<'_>, group: &GroupName) -> Option<String> {
    let text = quote(&reference.text());
    Some(match reference.place {
        // A group is no SSH destination, defined or not.
        Place::SshDestination => return None,
        Place::TestSource | Place::SshTestSource => test_failed(&format!(
            "{}: source {text} resolved to no IP addresses",
            reference.alias
        )),
        Place::TestAccept | Place::TestDeny => test_failed(&format!(
            "error testing {text}: destination resolved to no IP addresses: {text}"
        )),
        Place::SshTestDestination => test_failed(&format!("dst alias {text} resolved to no nodes")),
        _ => not_defined(context, group),
    })
}

fn not_defined(context: &Context<'_>, group: &GroupName) -> String {
    let group = quote(group.as_str());
    if context.is_0_28() {
        format!("Group {group} is not defined in the Policy, please define or remove the reference to it")
    } else {
        format!("group not defined in policy: {group}")
    }
}

fn finding(
    context: &Context<'_>,
    span: Span,
    group: &GroupName,
    message: String,
    reference: Option<&Reference<'_>>,
) -> Diagnostic {
    let found = Diagnostic::new(&PAGE, span, message).label("not in groups");
    let found = match context.near_group(group.as_str()) {
        Some(near) => context.suggest(found, reference, &near),
        None => found,
    };
    found.help(format!(
        "define it: \"groups\": {{ {}: [] }} (an empty group lets nobody in)",
        quote(group.as_str())
    ))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn every_place_is_looked_at() {
        assert_found(
            &PAGE,
            r#"{
  "tagOwners": { "tag:a": ["group:b"] },
  //                       ^^^^^^^^^ TN105: group not defined in policy: "group:b"
  "autoApprovers": {
    "routes": { "10.0.0.0/8": ["group:c"] },
    //                         ^^^^^^^^^ TN105: group not defined in policy: "group:c"
    "exitNode": ["group:d"],
    //           ^^^^^^^^^ TN105: group not defined in policy: "group:d"
  },
  "acls": [{ "action": "accept", "src": ["group:e"], "dst": ["group:f:22"] }],
  //                                     ^^^^^^^^^ TN105: group not defined in policy: "group:e"
  //                                                         ^^^^^^^^^^^^ TN105: group not defined in policy: "group:f"
  "grants": [{ "src": ["group:g"], "dst": ["group:h"], "ip": ["*"] }],
  //                   ^^^^^^^^^ TN105: group not defined in policy: "group:g"
  //                                       ^^^^^^^^^ TN105: group not defined in policy: "group:h"
  "ssh": [{ "action": "accept", "src": ["group:j"], "dst": ["tag:a"], "users": ["root"] }],
  //                                    ^^^^^^^^^ TN105: group not defined in policy: "group:j"
  "nodeAttrs": [{ "target": ["group:l"], "attr": ["x"] }],
  //                         ^^^^^^^^^ TN105: group not defined in policy: "group:l"
  "tests": [{ "src": "group:m", "accept": ["group:n:22"] }],
  //                 ^^^^^^^^^ TN105: source "group:m" resolved to no IP addresses
  //                                       ^^^^^^^^^^^^ TN105: destination resolved to no IP addresses: "group:n:22"
}"#,
            "0.29",
        );
    }

    #[test]
    fn v0_28_has_its_own_words() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["group:e"], "dst": ["*:22"] }],
  //                                     ^^^^^^^^^ TN105: Group "group:e" is not defined in the Policy, please define or remove the reference to it
}"#,
            "0.28",
        );
    }
}
