//! TN318: k3s without the names it joins by.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN318.
pub const PAGE: Page = Page {
    code: Code(318),
    severity: Severity::Error,
    name: "magic-dns-needed",
    what: "MagicDNS is off, and nodes have a part in k3s.",
    why: "No address of a tailnet is known before its node has registered, so agents join the server, and \
          kubectl reaches it, by its MagicDNS name.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  dns: { magicDns: false },
//                 ^^^^^ TN318
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
}
"#
    )),
};

/// Judges the DNS settings.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let dns = &declaration.dns;
    let k3s = declaration.nodes.values().find_map(|node| node.k3s.as_ref());
    if let Some(k3s) = k3s.filter(|_| !dns.magic_dns.value) {
        findings.push(
            Diagnostic::new(&PAGE, dns.magic_dns.span, "k3s nodes find each other by MagicDNS names")
                .related(k3s.span, "this node has a part in k3s")
                .help("leave `dns.magicDns` out"),
        );
    }
}
