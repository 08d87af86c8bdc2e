//! TN203: a region that relays nothing.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::derp::public::PublicRegion;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN203.
pub const PAGE: Page = Page {
    code: Code(203),
    severity: Severity::Error,
    name: "derp-region-without-relay",
    what: "A region has no relay, or only hosts that answer STUN.",
    why: "Clients measure a region by STUN and make the nearest one their home; whoever has this one as home \
          cannot be reached through any relay.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
      "901": { code: "empty", nodes: {} },
//    ^^^^^ TN203
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "}\n"
    )),
};

/// Judges the regions of one's own.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for (id, region) in declaration.derp.regions.iter() {
        if region.nodes.values().all(|node| node.stun_only.value) {
            findings.push(finding(id.span, id.value.get()));
        }
    }
}

/// Judges a public region.
pub(crate) fn check_public(region: &PublicRegion, findings: &mut Vec<Diagnostic>) {
    if region.nodes.iter().all(|node| node.stun_only) {
        findings.push(finding(region.key.span, region.key.value));
    }
}

fn finding(span: Span, id: u64) -> Diagnostic {
    Diagnostic::new(&PAGE, span, format!("region {id} has no relay"))
        .help("declare the relay's host under `nodes`, without `stunOnly`")
        .help("leave the region out")
}
