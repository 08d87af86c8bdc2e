//! TN943: records that nobody answers.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN943.
pub const PAGE: Page = Page {
    code: Code(943),
    severity: Severity::Warning,
    name: "extra-records-without-magic-dns",
    what: "There are extra records, and MagicDNS is off.",
    why: "It is MagicDNS that answers them.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  dns: {
    magicDns: false,
    extraRecords: [{ name: "grafana.mesh.example.org", type: "A", value: "192.0.2.7" }],
//                         ^^^^^^^^^^^^^^^^^^^^^^^^^^ TN943
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { extraRecords: [{ name: "grafana.mesh.example.org", type: "A", value: "192.0.2.7" }] },
}
"#
    )),
};

/// Judges the extra records.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let dns = &declaration.dns;
    if let Some(record) = dns.extra_records.first().filter(|_| !dns.magic_dns.value) {
        findings.push(
            Diagnostic::new(
                &PAGE,
                record.name.span,
                "MagicDNS is off, and nobody else answers this name",
            )
            .related(dns.magic_dns.span, "it is off here")
            .help("leave `dns.magicDns` out"),
        );
    }
}
