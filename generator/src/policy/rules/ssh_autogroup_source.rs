//! TN152: an autogroup that cannot be the source of an SSH rule.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::Place;
use super::wording::{choice, list, quote};

/// The page of TN152.
pub const PAGE: Page = Page {
    code: Code(152),
    severity: Severity::Error,
    name: "autogroup-as-ssh-source",
    what: "An SSH rule has a source that is an autogroup for other places.",
    why: "As the source of an SSH rule headscale takes `autogroup:member` and `autogroup:tagged` only \
          (`validateAutogroupForSSHSrc`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:self"], "dst": ["autogroup:self"], "users": ["root"] },
    //                            ^^^^^^^^^^^^^^^^ TN152: autogroup not supported for SSH sources: "autogroup:self"
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
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// What may be a source.
const SOURCES: &[Autogroup] = &[Autogroup::Member, Autogroup::Tagged];

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::SshSource]) {
        let Alias::Autogroup(autogroup) = *reference.alias else {
            continue;
        };
        // Of autogroup:danger-all the reader says that 0.28 does not know it.
        if SOURCES.contains(&autogroup) || (autogroup == Autogroup::DangerAll && context.is_0_28()) {
            continue;
        }
        let name = quote(&autogroup.to_string());
        let message = match (context.is_0_28(), autogroup) {
            (true, Autogroup::Internet) => {
                format!("{name} used in SSH source, it can only be used in ACL destinations")
            }
            (true, _) => format!(
                "autogroup {name} is not supported for SSH sources, can be {}",
                list(SOURCES)
            ),
            (false, Autogroup::Internet) => "autogroup:internet can only be used in ACL destinations".to_owned(),
            (false, _) => format!(
                "autogroup not supported for SSH sources: {name}, can be {}",
                list(SOURCES)
            ),
        };
        out.push(
            Diagnostic::new(&PAGE, reference.span, message)
                .label("no source of SSH rules")
                .help(format!("write {} here", choice(SOURCES))),
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
    fn each_has_headscales_words() {
        assert_found(
            &PAGE,
            r#"{
  "ssh": [{
    "action": "accept",
    "src": ["autogroup:internet", "autogroup:danger-all", "autogroup:tagged"],
    //      ^^^^^^^^^^^^^^^^^^^^ TN152: autogroup:internet can only be used in ACL destinations
    //                            ^^^^^^^^^^^^^^^^^^^^^^ TN152: autogroup not supported for SSH sources: "autogroup:danger-all", can be [autogroup:member autogroup:tagged]
    "dst": ["autogroup:tagged"],
    "users": ["root"],
  }],
}"#,
            "0.29",
        );
    }

    #[test]
    fn v0_28_has_its_own_words() {
        assert_found(
            &PAGE,
            r#"{
  "ssh": [{ "action": "accept", "src": ["autogroup:internet", "autogroup:self"], "dst": ["autogroup:tagged"], "users": ["root"] }],
  //                                    ^^^^^^^^^^^^^^^^^^^^ TN152: "autogroup:internet" used in SSH source, it can only be used in ACL destinations
  //                                                          ^^^^^^^^^^^^^^^^ TN152: autogroup "autogroup:self" is not supported for SSH sources, can be [autogroup:member autogroup:tagged]
}"#,
            "0.28",
        );
    }
}
