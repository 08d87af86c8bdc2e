//! TN410: pods and services of different families.

use ipnet::IpNet;

use crate::cluster::declaration::{Declaration, NOWHERE};
use crate::cluster::sample::sample;
use crate::cluster::words::Cidr;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Spanned;

/// The page of TN410.
pub const PAGE: Page = Page {
    code: Code(410),
    severity: Severity::Error,
    name: "cidr-families",
    what: "The ranges of pods and services are not of the same families in the same order, or one family has \
          two.",
    why: "k3s refuses to start: a service's address has to be of a family that pods have.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  tailnetMtu: 1350,
  k3s: { podCidr: ["10.42.0.0/16", "fd42::/56"], serviceCidr: "10.43.0.0/16" },
//                                                            ^^^^^^^^^^^^^^ TN410
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  tailnetMtu: 1350,
  k3s: { podCidr: ["10.42.0.0/16", "fd42::/56"], serviceCidr: ["10.43.0.0/16", "fd43::/112"] },
}
"#
    )),
};

/// Judges the families.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let k3s = &declaration.k3s;
    let families = |list: &[Spanned<Cidr>]| {
        list.iter()
            .map(|range| matches!(range.value.0, IpNet::V4(_)))
            .collect::<Vec<_>>()
    };
    let (pods, services) = (families(&k3s.pod_cidr), families(&k3s.service_cidr));
    let once = |families: &[bool]| {
        let v4 = families.iter().filter(|v4| **v4).count();
        v4 <= 1 && families.len() - v4 <= 1
    };
    if pods == services && once(&pods) {
        return;
    }
    let written = [&k3s.service_cidr, &k3s.pod_cidr]
        .into_iter()
        .filter_map(|list| list.last())
        .find(|range| range.span != NOWHERE);
    if let Some(range) = written {
        findings.push(
            Diagnostic::new(
                &PAGE,
                range.span,
                "`podCidr` and `serviceCidr` need one range each of the same families, in the same order",
            )
            .help("write one IPv4 range for each")
            .help("for both families write two for each, such as [\"10.43.0.0/16\", \"fd43::/112\"]"),
        );
    }
}
