//! TN191: a member of a topology that no headscale writes.

use crate::diagnostics::{Code, Diagnostic, Edit, Example, Fix, Page, Severity};
use crate::source::Spanned;

/// The page of TN191.
pub const PAGE: Page = Page {
    code: Code(191),
    severity: Severity::Warning,
    name: "topology-unknown-key",
    what: "The topology has a member that neither the topology format nor any headscale knows.",
    why: "It is passed over, since a newer headscale may print more than this one; but a misspelt \"approved_routes\" \
          would make a subnet router look like a plain node.",
    wrong: Example::Policy {
        text: r#"{"acls": []}"#,
        topology: Some(
            r#"{
  "nodes": {
    "router": {
      "tags": ["tag:router"],
      "ipv4": "100.64.0.1",
      "routable_ips": ["10.0.0.0/8"],
      "aproved_routes": ["10.0.0.0/8"],
    //^^^^^^^^^^^^^^^^ TN191: unknown member
    },
  },
}"#,
        ),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{"acls": []}"#,
        topology: Some(
            r#"{
  "nodes": {
    "router": {
      "tags": ["tag:router"],
      "ipv4": "100.64.0.1",
      "routable_ips": ["10.0.0.0/8"],
      "approved_routes": ["10.0.0.0/8"],
    },
  },
}"#,
        ),
        dialect: "0.29",
    },
};

/// How alike a name must be to be offered: 0 to 1 (Jaro-Winkler).
const ALIKE: f64 = 0.85;

/// `name` is none of `known`.
pub(crate) fn finding(name: &Spanned<Box<str>>, known: &[&'static str]) -> Diagnostic {
    let finding = Diagnostic::new(
        &PAGE,
        name.span,
        format!("unknown member {:?}, passed over", name.value),
    );
    let nearest = known
        .iter()
        .map(|known| (strsim::jaro_winkler(known, &name.value), known))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        None => finding.help(format!("known are {}", known.join(", "))),
        Some((_, nearest)) => finding.help(format!("did you mean \"{nearest}\"?")).fix(Fix {
            title: format!("write \"{nearest}\""),
            edits: vec![Edit {
                span: name.span,
                text: format!("\"{nearest}\""),
            }],
            safe: false,
        }),
    }
}
