//! TN303: node names under .local.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::is_under;

/// The page of TN303.
pub const PAGE: Page = Page {
    code: Code(303),
    severity: Severity::Error,
    name: "base-domain-local",
    what: "The base domain ends in `.local`.",
    why: "`.local` belongs to multicast DNS (RFC 6762): systemd-resolved, avahi, macOS and Windows ask the \
          local network for such names and not MagicDNS.",
    wrong: Example::Declaration(concat!(
        r#"{
  name: "keystone",
  baseDomain: "keystone.local",
//            ^^^^^^^^^^^^^^^^ TN303
"#,
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "}\n"
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges the base domain.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let base = &declaration.base_domain;
    if is_under(base.value.as_str(), "local") {
        findings.push(
            Diagnostic::new(
                &PAGE,
                base.span,
                "names under \"local\" are for multicast DNS, MagicDNS is not asked for them",
            )
            .help("use a subdomain of a domain of your own")
            .help("use a name under \"internal\", which is reserved for private use"),
        );
    }
}
