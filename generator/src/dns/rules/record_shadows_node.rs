//! TN312: a name that a node has already.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::{NodeName, Word};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN312.
pub const PAGE: Page = Page {
    code: Code(312),
    severity: Severity::Error,
    name: "extra-record-shadows-node",
    what: "An extra record has the name of a node.",
    why: "MagicDNS answers for the node itself under this name: which of the two a client gets is not said \
          anywhere.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { extraRecords: [{ name: "primer.mesh.example.org", type: "A", value: "192.0.2.7" }] },
//                              ^^^^^^^^^^^^^^^^^^^^^^^^^ TN312
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
    let base = declaration.base_domain.value.as_str();
    for record in &declaration.dns.extra_records {
        let name = record.name.value.as_str();
        let label = name.strip_suffix(base).and_then(|rest| rest.strip_suffix('.'));
        let node = label.and_then(|label| NodeName::parse(label).ok());
        if let Some((node, _)) = node.and_then(|node| declaration.nodes.get_entry(&node)) {
            findings.push(
                Diagnostic::new(&PAGE, record.name.span, format!("{name:?} is the name of a node"))
                    .related(node.span, "the node")
                    .help("give the record another name"),
            );
        }
    }
}
