//! TN158: a host as the destination of an SSH rule.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::Alias;
use super::context::Context;
use super::mend;
use super::places::Place;
use super::wording::quote;

/// The page of TN158.
pub const PAGE: Page = Page {
    code: Code(158),
    severity: Severity::Error,
    name: "host-as-ssh-destination",
    what: "An SSH rule has a name as its destination that is neither tag, user nor autogroup.",
    why: "Such a word is read as the name of a host, and since 0.29 headscale refuses hosts as destinations of SSH \
          rules, defined or not (`ErrSSHDestinationHostAlias`, hscontrol/policy/v2/types.go). On 0.28 a host that is \
          defined works.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "hosts": { "server": "100.64.0.7" },
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["server"], "users": ["root"] },
    //                                                         ^^^^^^^^ TN158: invalid dst "server"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tagOwners": { "tag:server": [] },
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if context.is_0_28() {
        return;
    }
    for reference in context.references_at(&[Place::SshDestination]) {
        let Alias::Host(host) = reference.alias else {
            continue;
        };
        let message = format!("invalid dst {}", quote(host.as_str()));
        let found = Diagnostic::new(&PAGE, reference.span, message).label("read as the name of a host");
        let tag = format!("tag:{}", host.as_str());
        out.push(match context.definition(&tag) {
            Some(span) => {
                let written = reference.rewritten(&tag);
                found
                    .related(span, format!("{} is defined here", quote(&tag)))
                    .help(format!("to name the tag, write {}", quote(&written)))
                    .fix(mend::word(reference.span, &written, false))
            }
            None => found.help("give the node a tag and name the tag, or name the user who owns it"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_none, assert_page, findings};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn a_tag_of_that_name_is_offered() {
        let text = r#"{
  "tagOwners": { "tag:web": [] },
  "ssh": [{ "action": "accept", "src": ["tag:web"], "dst": ["web"], "users": ["root"] }],
}"#;
        let found = findings(text, "0.29");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].fixes[0].edits[0].text, "\"tag:web\"");
        assert!(!found[0].fixes[0].safe);
    }

    #[test]
    fn v0_28_takes_any_name() {
        let text = r#"{ "ssh": [{ "action": "accept", "src": ["a@"], "dst": ["nosuch"], "users": ["root"] }] }"#;
        assert_none(&PAGE, text, "0.28");
        assert_found(
            &PAGE,
            r#"{
  "ssh": [{ "action": "accept", "src": ["a@"], "dst": ["nosuch"], "users": ["root"] }],
  //                                                   ^^^^^^^^ TN158: invalid dst "nosuch"
}"#,
            "0.29",
        );
    }
}
