//! TN956: a key to the tailnet that lives long.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN956.
pub const PAGE: Page = Page {
    code: Code(956),
    severity: Severity::Warning,
    name: "long-lived-pre-auth-key",
    what: "A node's pre-auth key can be used for more than a week.",
    why: "Whoever has it can put a machine with the node's tags into the tailnet as long as it is not used. \
          headscale's own default is an hour; the key is minted when it is needed.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], preAuthKey: { lifetime: "90d" } } },
//                                                                 ^^^^^ TN956
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], preAuthKey: { lifetime: "24h" } } },
}
"#
    )),
};

/// A week.
const LONG: u64 = 7 * 24 * 60 * 60;

/// Judges the keys' lifetimes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for node in declaration.nodes.values() {
        if let Some(lifetime) = node
            .pre_auth_key
            .lifetime
            .as_ref()
            .filter(|lifetime| lifetime.value.seconds() > LONG)
        {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    lifetime.span,
                    format!("the key could be used for {}", lifetime.value),
                )
                .help("leave `lifetime` out: it is 1h, and `tailnet enrol` mints a new one whenever it is needed"),
            );
        }
    }
}
