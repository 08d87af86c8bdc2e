//! TN154: an autogroup that cannot be a target of `nodeAttrs`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::Place;
use super::wording::{choice, list, quote};

/// The page of TN154.
pub const PAGE: Page = Page {
    code: Code(154),
    severity: Severity::Error,
    name: "autogroup-as-target",
    what: "An entry of `nodeAttrs` has a target that is an autogroup for other places.",
    why: "Attributes are given to nodes of the tailnet, so headscale takes `autogroup:member` and \
          `autogroup:tagged` only (`validateAutogroupForNodeAttrs`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "nodeAttrs": [
    { "target": ["autogroup:self"], "attr": ["randomize-client-port"] },
    //           ^^^^^^^^^^^^^^^^ TN154: nodeAttrs target does not support this autogroup: "autogroup:self"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "nodeAttrs": [
    { "target": ["autogroup:member"], "attr": ["randomize-client-port"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// What may be a target.
const TARGETS: &[Autogroup] = &[Autogroup::Member, Autogroup::Tagged];

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::Target]) {
        let Alias::Autogroup(autogroup) = *reference.alias else {
            continue;
        };
        if TARGETS.contains(&autogroup) {
            continue;
        }
        let message = format!(
            "nodeAttrs target does not support this autogroup: {}, can be {}",
            quote(&autogroup.to_string()),
            list(TARGETS)
        );
        out.push(
            Diagnostic::new(&PAGE, reference.span, message)
                .label("no target")
                .help(format!("write {} here, or \"*\" for every node", choice(TARGETS))),
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
    fn all_others_are_refused() {
        assert_found(
            &PAGE,
            r#"{
  "nodeAttrs": [{
    "target": ["autogroup:internet", "autogroup:nonroot", "autogroup:danger-all", "autogroup:tagged", "*"],
    //         ^^^^^^^^^^^^^^^^^^^^ TN154: "autogroup:internet", can be [autogroup:member autogroup:tagged]
    //                               ^^^^^^^^^^^^^^^^^^^ TN154: "autogroup:nonroot"
    //                                                    ^^^^^^^^^^^^^^^^^^^^^^ TN154: "autogroup:danger-all"
  }],
}"#,
            "0.29",
        );
    }
}
