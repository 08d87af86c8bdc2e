//! TN124: an autogroup of people with a role, which only Tailscale's own service knows.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::read::Place;
use crate::source::Span;

/// TN124.
pub const PAGE: Page = Page {
    code: Code(124),
    severity: Severity::Error,
    name: "role-autogroup",
    what: "An autogroup stands for people with a role in Tailscale's service: autogroup:admin, autogroup:owner and so \
           on.",
    why: "headscale's users have no roles, so it refuses these names everywhere (hscontrol/policy/v2/types.go). A group \
          whose members are listed says the same.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["autogroup:admin"] },
//                           ^^^^^^^^^^^^^^^^^ TN124: invalid owner format: "autogroup:admin"
  "grants": [
    { "src": ["autogroup:owner"], "dst": ["tag:web"], "ip": ["*"] },
//            ^^^^^^^^^^^^^^^^^ TN124: autogroup not supported for ACL sources: "autogroup:owner"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": { "group:admins": ["alice@example.org"] },
  "tagOwners": { "tag:web": ["group:admins"] },
  "grants": [
    { "src": ["group:admins"], "dst": ["tag:web"], "ip": ["*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The roles, without `autogroup:`.
pub(crate) const ROLES: [&str; 8] = [
    "owner",
    "admin",
    "it-admin",
    "network-admin",
    "billing-admin",
    "auditor",
    "admins",
    "owners",
];

/// Whether `text` is an autogroup of a role, or of nodes shared between tailnets.
pub(super) fn is_role(text: &str) -> bool {
    text.trim()
        .strip_prefix("autogroup:")
        .is_some_and(|name| name == "shared" || ROLES.contains(&name))
}

/// The autogroup `text` stands at `place`; `words` are headscale's.
pub(super) fn finding(text: &str, span: Span, place: Place, words: String) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, words).label("only Tailscale's own service knows it");
    let role = text.trim().trim_start_matches("autogroup:");
    if role == "shared" {
        return finding.help("headscale shares no nodes between tailnets, so this names nobody: take it out");
    }
    let group = format!("group:{}s", role.trim_end_matches('s'));
    match place {
        Place::GroupMember => finding.help("list the people themselves"),
        Place::TagOwner => finding
            .help(format!(
                "define \"{group}\" in `groups` with the people, and name it here"
            ))
            .help(
                "or leave the list empty: the tag is then given with pre-auth keys and by `headscale nodes tag` only",
            ),
        Place::AutoApprover => finding
            .help(format!(
                "define \"{group}\" in `groups` with the people, and name it here"
            ))
            .help("or name the tag of the routers: their routes are approved then, whoever set them up"),
        _ => finding.help(format!(
            "define \"{group}\" in `groups` with the people, and name it here"
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, check};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn everywhere() {
        check(
            r#"{
  "groups": {"group:a": ["autogroup:admin"]},
//                       ^^^^^^^^^^^^^^^^^ TN124: username must contain @, got: "autogroup:admin"
  "tagOwners": {"tag:a": ["autogroup:network-admin"]},
//                        ^^^^^^^^^^^^^^^^^^^^^^^^^ TN124: invalid owner format
  "autoApprovers": {"routes": {"10.0.0.0/8": ["autogroup:admin"]}, "exitNode": ["autogroup:owner"]},
//                                            ^^^^^^^^^^^^^^^^^ TN124: invalid auto approver format: "autogroup:admin"
//                                                                              ^^^^^^^^^^^^^^^^^ TN124
  "acls": [{"src": ["autogroup:shared", "autogroup:it-admin"], "dst": ["autogroup:admin:22"]}],
//                  ^^^^^^^^^^^^^^^^^^ TN124
//                                      ^^^^^^^^^^^^^^^^^^^^ TN124
//                                                                     ^^^^^^^^^^^^^^^^^^^^ TN124: invalid autogroup: got "autogroup:admin"
  "nodeAttrs": [{"target": ["autogroup:admin"], "attr": ["x"]}],
//                          ^^^^^^^^^^^^^^^^^ TN124: nodeAttrs target does not support
  "ssh": [{"action": "check", "src": ["autogroup:admin"], "dst": ["autogroup:owner"], "users": ["root"]}],
//                                    ^^^^^^^^^^^^^^^^^ TN124
//                                                                ^^^^^^^^^^^^^^^^^ TN124
}"#,
        );
    }
}
