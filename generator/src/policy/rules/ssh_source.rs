//! TN155: a kind of alias that cannot be the source of an SSH rule.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::Alias;
use super::context::Context;
use super::places::Place;
use super::wording::quote;

/// The page of TN155.
pub const PAGE: Page = Page {
    code: Code(155),
    severity: Severity::Error,
    name: "ssh-source-kind",
    what: "An SSH rule has `*`, a host or an address as its source.",
    why: "Who may log in is a person or a tagged node: headscale takes users, groups, tags, `autogroup:member` and \
          `autogroup:tagged` as sources of SSH rules and refuses the policy otherwise \
          (`SSHSrcAliases.UnmarshalJSON`, hscontrol/policy/v2/types.go). A bare name is read as a host.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["*"], "dst": ["autogroup:tagged"], "users": ["root"] },
    //                            ^^^ TN155: alias not supported for SSH source: v2.Asterix
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:tagged"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::SshSource]) {
        // headscale names its own types.
        let (kind, help) = match reference.alias {
            Alias::Wildcard => (
                "v2.Asterix",
                "write \"autogroup:member\" for people, \"autogroup:tagged\" for tagged nodes, or both".to_owned(),
            ),
            Alias::Host(host) => (
                "*v2.Host",
                format!(
                    "name the user ({}), the group or the tag instead: SSH rules know no hosts as sources",
                    quote(&format!("{}@", host.as_str()))
                ),
            ),
            Alias::Prefix(_) => (
                "*v2.Prefix",
                "name the user, the group or the tag instead: SSH rules know no addresses".to_owned(),
            ),
            Alias::User(_) | Alias::Group(_) | Alias::Tag(_) | Alias::Autogroup(_) => continue,
        };
        let message = if context.is_0_28() {
            format!("alias {kind} is not supported for SSH source")
        } else {
            format!("alias not supported for SSH source: {kind}")
        };
        out.push(
            Diagnostic::new(&PAGE, reference.span, message)
                .label("no source of SSH rules")
                .help(help),
        );
    }
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
    fn each_kind_has_headscales_words() {
        assert_found(
            &PAGE,
            r#"{
  "hosts": { "srv": "10.0.0.1" },
  "ssh": [{ "action": "accept", "src": ["srv", "10.0.0.1", "a@"], "dst": ["autogroup:tagged"], "users": ["root"] }],
  //                                    ^^^^^ TN155: alias not supported for SSH source: *v2.Host
  //                                           ^^^^^^^^^^ TN155: alias not supported for SSH source: *v2.Prefix
}"#,
            "0.29",
        );
        assert_found(
            &PAGE,
            r#"{
  "ssh": [{ "action": "accept", "src": ["*"], "dst": ["autogroup:tagged"], "users": ["root"] }],
  //                                    ^^^ TN155: alias v2.Asterix is not supported for SSH source
}"#,
            "0.28",
        );
    }
}
