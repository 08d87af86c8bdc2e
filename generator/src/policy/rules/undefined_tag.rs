//! TN104: a tag that `tagOwners` does not have.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

use super::super::words::{Alias, Owner, TagName};
use super::context::Context;
use super::places::{Place, Reference};
use super::wording::{quote, test_failed};

/// The page of TN104.
pub const PAGE: Page = Page {
    code: Code(104),
    severity: Severity::Error,
    name: "undefined-tag",
    what: "A rule, target, owner or approver names a tag that `tagOwners` does not define.",
    why: "headscale refuses the whole policy (`TagOwners.Contains`, hscontrol/policy/v2/types.go): a tag exists only \
          once `tagOwners` says who may give it. An empty list is enough for a tag that only pre-auth keys and the \
          control server give. The tags of `tests` are not looked up: there a node that carries the tag is enough.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:server": ["alice@example.org"] },
  "grants": [
    {
      "src": ["alice@example.org"],
      "dst": ["tag:sever"],
      //      ^^^^^^^^^^^ TN104: tag not found: "tag:sever"
      "ip": ["tcp:22"],
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:server": ["alice@example.org"] },
  "grants": [
    {
      "src": ["alice@example.org"],
      "dst": ["tag:server"],
      "ip": ["tcp:22"],
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds references to tags without owners.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references() {
        if let Alias::Tag(tag) = reference.alias
            && !context.has_tag(tag)
            && let Some(message) = in_rule(context, reference, tag)
        {
            out.push(finding(context, reference.span, tag, message, Some(reference)));
        }
    }
    for owner in &context.document.tag_owners {
        for link in &owner.owners {
            if let Owner::Tag(tag) = &link.value
                && !context.has_tag(tag)
            {
                // headscale says both, the second without saying where the first stands.
                let message = format!(
                    "{}; tag {} references undefined tag {}",
                    not_found(context, tag),
                    quote(owner.tag.value.as_str()),
                    quote(tag.as_str()),
                );
                out.push(finding(context, link.span, tag, message, None));
            }
        }
    }
    let approvers = &context.document.auto_approvers;
    let routes = approvers.routes.iter().flat_map(|(_, owners)| owners);
    for approver in routes.chain(&approvers.exit_node) {
        if let Owner::Tag(tag) = &approver.value
            && !context.has_tag(tag)
        {
            out.push(finding(context, approver.span, tag, not_found(context, tag), None));
        }
    }
    for grant in context.document.grants.iter().flatten() {
        for tag in grant.via.iter().filter(|tag| !context.has_tag(&tag.value)) {
            let message = format!("tag {} not found", quote(tag.value.as_str()));
            out.push(finding(context, tag.span, &tag.value, message, None));
        }
    }
}

/// headscale's words depend on the place; `None` where it does not look tags up.
fn in_rule(context: &Context<'_>, reference: &Reference<'_>, tag: &TagName) -> Option<String> {
    let plain = not_found(context, tag);
    Some(match reference.place {
        _ if context.is_0_28() => plain,
        Place::AclSource | Place::GrantSource => format!("src={plain}"),
        Place::AclDestination => format!("dst={}: {plain}", quote(tag.as_str())),
        Place::GrantDestination | Place::SshSource | Place::SshDestination | Place::Target => plain,
        Place::SshTestDestination => test_failed(&format!(
            "sshTest {}: SSH tests dst contains unknown tag {}",
            reference.entry,
            quote(tag.as_str())
        )),
        Place::TestSource | Place::TestAccept | Place::TestDeny | Place::SshTestSource => return None,
    })
}

fn not_found(context: &Context<'_>, tag: &TagName) -> String {
    let tag = quote(tag.as_str());
    if context.is_0_28() {
        format!("Tag {tag} is not defined in the Policy, please define or remove the reference to it")
    } else {
        format!("tag not found: {tag}")
    }
}

fn finding(
    context: &Context<'_>,
    span: Span,
    tag: &TagName,
    message: String,
    reference: Option<&Reference<'_>>,
) -> Diagnostic {
    let found = Diagnostic::new(&PAGE, span, message).label("not in tagOwners");
    let found = match context.near_tag(tag.as_str()) {
        Some(near) => context.suggest(found, reference, &near),
        None => found,
    };
    let name = tag.as_str();
    if let Some((short, port)) = name.rsplit_once(':')
        && short != "tag"
        && port
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'*' | b',' | b'-'))
    {
        return found.help(format!(
            "{} was read as part of the tag's name: only the dst of an ACL and of tests takes ports; a grant has them \
             in its ip",
            quote(&format!(":{port}"))
        ));
    }
    found.help(format!("define it: \"tagOwners\": {{ {}: [] }}", quote(name)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_none, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn each_place_has_headscales_words() {
        assert_found(
            &PAGE,
            r#"{
  "tagOwners": { "tag:a": ["tag:b"] },
  //                       ^^^^^^^ TN104: tag not found: "tag:b"; tag "tag:a" references undefined tag "tag:b"
  "autoApprovers": {
    "routes": { "10.0.0.0/8": ["tag:c"] },
    //                         ^^^^^^^ TN104: tag not found: "tag:c"
    "exitNode": ["tag:d"],
    //           ^^^^^^^ TN104: tag not found: "tag:d"
  },
  "acls": [
    { "action": "accept", "src": ["tag:e"], "dst": ["tag:f:22"] },
    //                            ^^^^^^^ TN104: src=tag not found: "tag:e"
    //                                              ^^^^^^^^^^ TN104: dst="tag:f": tag not found: "tag:f"
  ],
  "grants": [
    { "src": ["tag:g"], "dst": ["tag:h"], "ip": ["*"], "via": ["tag:i"] },
    //        ^^^^^^^ TN104: src=tag not found: "tag:g"
    //                          ^^^^^^^ TN104: tag not found: "tag:h"
    //                                                         ^^^^^^^ TN104: tag "tag:i" not found
  ],
  "ssh": [
    { "action": "accept", "src": ["tag:j"], "dst": ["tag:k"], "users": ["root"] },
    //                            ^^^^^^^ TN104: tag not found: "tag:j"
    //                                              ^^^^^^^ TN104: tag not found: "tag:k"
  ],
  "nodeAttrs": [{ "target": ["tag:l"], "attr": ["x"] }],
  //                         ^^^^^^^ TN104: tag not found: "tag:l"
  "sshTests": [{ "src": "tag:m", "dst": ["tag:n:22"], "accept": ["root"] }],
  //                                     ^^^^^^^^^^ TN104: test(s) failed: sshTest 0: SSH tests dst contains unknown tag "tag:n:22"
}"#,
            "0.29",
        );
    }

    #[test]
    fn tests_do_not_look_tags_up() {
        assert_none(
            &PAGE,
            r#"{ "tests": [{ "src": "tag:a", "accept": ["tag:b:22"] }] }"#,
            "0.29",
        );
    }

    #[test]
    fn v0_28_has_one_wording() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["tag:e"], "dst": ["tag:f:22"] }],
  //                                     ^^^^^^^ TN104: Tag "tag:e" is not defined in the Policy, please define or remove the reference to it
  //                                                       ^^^^^^^^^^ TN104: Tag "tag:f" is not defined in the Policy, please define or remove the reference to it
}"#,
            "0.28",
        );
    }
}
