//! TN405: a tailnet too small for its own addresses.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::k3s::mtu;

/// The page of TN405.
pub const PAGE: Page = Page {
    code: Code(405),
    severity: Severity::Error,
    name: "tailnet-mtu-below-ipv6",
    what: "The tailnet's MTU is under 1280 bytes, and its nodes are to have IPv6 addresses.",
    why: "Linux takes IPv6 from a device whose MTU falls under 1280 bytes (RFC 8200): the nodes lose these \
          addresses, and peers that try them wait in vain (tailscale#20739).",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  tailnetMtu: 1200,
//            ^^^^ TN405
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  tailnetMtu: 1200,
  prefixes: { v6: null },
}
"#
    )),
};

/// Judges the MTU.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let mtu = &declaration.tailnet_mtu;
    if mtu.value < mtu::IPV6_LEAST && declaration.prefixes.v6.is_some() {
        findings.push(
            Diagnostic::new(&PAGE, mtu.span, format!("IPv6 needs an MTU of 1280, not {}", mtu.value))
                .help("leave `tailnetMtu` out: it is 1280")
                .help("write prefixes: { v6: null }"),
        );
    }
}
