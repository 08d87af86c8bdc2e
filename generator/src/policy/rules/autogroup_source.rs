//! TN150: an autogroup that cannot be a source.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::Place;
use super::wording::{choice, list, quote};

/// The page of TN150.
pub const PAGE: Page = Page {
    code: Code(150),
    severity: Severity::Error,
    name: "autogroup-as-source",
    what: "An ACL or grant has a source that is an autogroup for other places.",
    why: "As a source headscale takes `autogroup:member`, `autogroup:tagged` and (since 0.29) `autogroup:danger-all` \
          only (`validateAutogroupForSrc`, hscontrol/policy/v2/types.go): nobody comes from `autogroup:internet`, \
          `autogroup:self` means the source's own devices and so needs another source, `autogroup:nonroot` is for \
          SSH logins.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["autogroup:self"], "dst": ["*"], "ip": ["*"] },
    //        ^^^^^^^^^^^^^^^^ TN150: "autogroup:self" not valid on the src side of a rule
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// What may be a source since 0.29.
const SOURCES: &[Autogroup] = &[Autogroup::Member, Autogroup::Tagged, Autogroup::DangerAll];
/// What may be a source on 0.28.
const SOURCES_0_28: &[Autogroup] = &[Autogroup::Member, Autogroup::Tagged];

/// Whether `autogroup` may be a source of ACLs and grants. Of `autogroup:danger-all` the reader says that 0.28 does not
/// know it.
pub(super) fn is_source(autogroup: Autogroup) -> bool {
    SOURCES.contains(&autogroup)
}

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::AclSource, Place::GrantSource]) {
        let Alias::Autogroup(autogroup) = *reference.alias else {
            continue;
        };
        if is_source(autogroup) {
            continue;
        }
        let name = quote(&autogroup.to_string());
        let message = match (context.is_0_28(), autogroup) {
            (true, Autogroup::Internet | Autogroup::OwnDevices) => {
                format!("{name} used in source, it can only be used in ACL destinations")
            }
            (true, _) => format!(
                "autogroup {name} is not supported for ACL sources, can be {}",
                list(SOURCES_0_28)
            ),
            (false, Autogroup::Internet) => "autogroup:internet can only be used in ACL destinations".to_owned(),
            (false, Autogroup::OwnDevices) => format!("{name} not valid on the src side of a rule"),
            (false, _) => format!(
                "autogroup not supported for ACL sources: {name}, can be {}",
                list(SOURCES)
            ),
        };
        let help = match autogroup {
            Autogroup::OwnDevices => {
                "to let people reach their own devices, write \"autogroup:member\" here and \"autogroup:self\" in dst"
                    .to_owned()
            }
            _ => format!("write {} here", choice(SOURCES_0_28)),
        };
        out.push(
            Diagnostic::new(&PAGE, reference.span, message)
                .label("no source")
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
    fn each_has_headscales_words() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:internet", "autogroup:member"], "dst": ["*:*"] }],
  //                                     ^^^^^^^^^^^^^^^^^^^^ TN150: autogroup:internet can only be used in ACL destinations
  "grants": [{ "src": ["autogroup:nonroot", "autogroup:tagged", "autogroup:danger-all"], "dst": ["*"], "ip": ["*"] }],
  //                   ^^^^^^^^^^^^^^^^^^^ TN150: autogroup not supported for ACL sources: "autogroup:nonroot", can be [autogroup:member autogroup:tagged autogroup:danger-all]
}"#,
            "0.29",
        );
    }

    #[test]
    fn v0_28_has_its_own_words() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:self", "autogroup:nonroot"], "dst": ["*:*"] }],
  //                                     ^^^^^^^^^^^^^^^^ TN150: "autogroup:self" used in source, it can only be used in ACL destinations
  //                                                       ^^^^^^^^^^^^^^^^^^^ TN150: autogroup "autogroup:nonroot" is not supported for ACL sources, can be [autogroup:member autogroup:tagged]
}"#,
            "0.28",
        );
    }
}
