//! TN317: a setting that this headscale does not know.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::HeadscaleVersion;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN317.
pub const PAGE: Page = Page {
    code: Code(317),
    severity: Severity::Error,
    name: "setting-of-later-version",
    what: "A setting is used that the declared headscale version does not have.",
    why: "headscale passes over settings it does not know without a word: nodes would not expire, proxies \
          would not be believed.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  headscaleVersion: "0.28",
  controlServer: { node: "primer", url: "https://headscale.example.org", nodeExpiry: "180d" },
//                                                                                   ^^^^^^ TN317
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  headscaleVersion: "0.29",
  controlServer: { node: "primer", url: "https://headscale.example.org", nodeExpiry: "180d" },
}
"#
    )),
};

/// Judges settings that came with 0.29.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let version = &declaration.headscale_version;
    if version.value != HeadscaleVersion::V0_28 {
        return;
    }
    let server = &declaration.control_server;
    let later = [
        (server.node_expiry.as_ref().map(|set| set.span), "node.expiry"),
        (server.trusted_proxies.first().map(|set| set.span), "trusted_proxies"),
        (
            server.auto_update.value.then_some(server.auto_update.span),
            "auto_update.enabled",
        ),
    ];
    for (span, setting) in later {
        if let Some(span) = span {
            findings.push(
                Diagnostic::new(&PAGE, span, format!("headscale 0.28 has no {setting}"))
                    .related(version.span, "the version is declared here")
                    .help("leave it out, or run headscale 0.29"),
            );
        }
    }
}
