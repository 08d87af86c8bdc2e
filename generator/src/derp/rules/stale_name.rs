//! TN932: a name that Tailscale has given up.

use crate::cluster::sample::sample;
use crate::derp::public::PublicNode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN932.
pub const PAGE: Page = Page {
    code: Code(932),
    severity: Severity::Warning,
    name: "derp-stale-name",
    what: "A relay of the public map has a host name of the old form `derp1.tailscale.com`.",
    why: "Tailscale's relays have been named by node (`derp1f.tailscale.com`) since 2023; the old names are \
          for old clients and may stop resolving, and then the region is gone.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1a", RegionID: 1, HostName: "derp1.tailscale.com" }] },
//                                                                       ^^^^^^^^^^^^^^^^^^^^^ TN932
      },
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com" }] },
      },
    },
  },
}
"#
    )),
};

/// Judges a public relay.
pub(crate) fn check(node: &PublicNode, findings: &mut Vec<Diagnostic>) {
    let Some(host) = &node.host_name else { return };
    let number = host
        .value
        .strip_prefix("derp")
        .and_then(|rest| rest.strip_suffix(".tailscale.com"));
    if number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
        findings.push(
            Diagnostic::new(&PAGE, host.span, format!("{:?} is a name for old clients", host.value))
                .help("take the map as https://controlplane.tailscale.com/derpmap/default gives it today"),
        );
    }
}
