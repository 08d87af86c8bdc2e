//! TN305: nobody to ask instead of the local resolvers.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN305.
pub const PAGE: Page = Page {
    code: Code(305),
    severity: Severity::Error,
    name: "override-without-nameservers",
    what: "Clients are told to ask the tailnet's nameservers for everything, and there are none.",
    why: "headscale does not start.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { overrideLocalDns: true },
//                         ^^^^ TN305: dns.nameservers.global must be set
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { overrideLocalDns: true, nameservers: ["9.9.9.9"] },
}
"#
    )),
};

/// Judges the DNS settings.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let dns = &declaration.dns;
    if dns.override_local_dns.value && dns.nameservers.is_empty() {
        findings.push(
            Diagnostic::new(
                &PAGE,
                dns.override_local_dns.span,
                "dns.nameservers.global must be set when dns.override_local_dns is true",
            )
            .help("name resolvers in `dns.nameservers`")
            .help("leave `dns.overrideLocalDns` out: clients keep the resolvers of the network they are in"),
        );
    }
}
