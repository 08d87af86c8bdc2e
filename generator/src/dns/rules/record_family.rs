//! TN313: an address of the other family.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::RecordType;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN313.
pub const PAGE: Page = Page {
    code: Code(313),
    severity: Severity::Error,
    name: "extra-record-family",
    what: "An extra record's address is not of the family that its type says.",
    why: "A client leaves the record out, and the name is not found.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { extraRecords: [{ name: "grafana.mesh.example.org", type: "A", value: "2001:db8::7" }] },
//                                                                            ^^^^^^^^^^^^^ TN313
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { extraRecords: [{ name: "grafana.mesh.example.org", type: "AAAA", value: "2001:db8::7" }] },
}
"#
    )),
};

/// Judges the extra records.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for record in &declaration.dns.extra_records {
        let (wanted, is_it) = match record.r#type.value {
            RecordType::A => ("an IPv4", record.value.value.0.is_ipv4()),
            RecordType::Aaaa => ("an IPv6", record.value.value.0.is_ipv6()),
        };
        if !is_it {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    record.value.span,
                    format!("a record of type {} has {wanted} address", record.r#type.value),
                )
                .related(record.r#type.span, "the type"),
            );
        }
    }
}
