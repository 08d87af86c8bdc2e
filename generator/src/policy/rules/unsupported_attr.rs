//! TN165: a node attribute that headscale cannot act on.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::context::Context;
use super::wording::quote;

/// The page of TN165.
pub const PAGE: Page = Page {
    code: Code(165),
    severity: Severity::Error,
    name: "unsupported-attribute",
    what: "`nodeAttrs` gives the attribute `funnel`.",
    why: "Funnel needs Tailscale's relays and certificates; headscale refuses the policy rather than let nodes offer \
          what cannot work (`nodeAttrUnsupportedCaps`, hscontrol/policy/v2/types.go). Any other attribute passes, \
          known or not.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "nodeAttrs": [
    { "target": ["autogroup:member"], "attr": ["funnel"] },
    //                                         ^^^^^^^^ TN165: nodeAttrs uses a feature headscale does not yet support: "funnel" tracked in https://github.com/juanfont/headscale/issues/2527
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "nodeAttrs": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The attributes with the issue that tracks them.
const UNSUPPORTED: &[(&str, &str)] = &[("funnel", "https://github.com/juanfont/headscale/issues/2527")];

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for entry in &context.document.node_attrs {
        for attr in &entry.attr {
            let Some((name, issue)) = UNSUPPORTED.iter().find(|(name, _)| *name == &*attr.value) else {
                continue;
            };
            let message = format!(
                "nodeAttrs uses a feature headscale does not yet support: {} tracked in {issue}",
                quote(name)
            );
            out.push(
                Diagnostic::new(&PAGE, attr.span, message)
                    .help("take it out; to publish a service, put a reverse proxy on a node with a public address"),
            );
        }
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
    fn others_pass() {
        assert_found(
            &PAGE,
            r#"{
  "nodeAttrs": [
    { "target": ["*"], "attr": ["Funnel", "drive:share", "funnel"] },
    //                                                   ^^^^^^^^ TN165
  ],
}"#,
            "0.29",
        );
    }
}
