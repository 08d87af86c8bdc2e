//! TN227: a relay whose address is none.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::derp::build;
use crate::derp::public::PublicNode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::{Span, Spanned};

/// The page of TN227.
pub const PAGE: Page = Page {
    code: Code(227),
    severity: Severity::Error,
    name: "derp-address",
    what: "A relay's address is not one of its family, or it is switched off in both families.",
    why: "A client that meets an address it cannot parse does not dial; with `none` in both families it gives \
          up: `both IPv4 and IPv6 are explicitly disabled for node`.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com", IPv4: "2001:db8::1" }] },
//                                                                                                     ^^^^^^^^^^^^^ TN227
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

/// Judges the relays of one's own.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for node in declaration
        .derp
        .regions
        .values()
        .flat_map(|region| region.nodes.values())
    {
        if let (Some(v4), Some(v6)) = (&node.ipv4, &node.ipv6)
            && v4.value.0.is_none()
            && v6.value.0.is_none()
        {
            findings.push(nowhere(v6.span));
        }
    }
}

/// Judges a public relay.
pub(crate) fn check_public(node: &PublicNode, findings: &mut Vec<Diagnostic>) {
    let off = |address: &Option<Spanned<String>>| {
        address
            .as_ref()
            .filter(|text| text.value == build::NONE)
            .map(|text| text.span)
    };
    if let (Some(_), Some(span)) = (off(&node.ipv4), off(&node.ipv6)) {
        findings.push(nowhere(span));
        return;
    }
    let mut judge = |address: &Option<Spanned<String>>, is_one: fn(&str) -> bool, family: &str| {
        let Some(address) = address else { return };
        if !address.value.is_empty() && address.value != build::NONE && !is_one(&address.value) {
            findings.push(
                Diagnostic::new(&PAGE, address.span, format!("this is no {family} address"))
                    .help("write an address, \"none\", or leave it out: then clients ask DNS"),
            );
        }
    };
    judge(&node.ipv4, |text| text.parse::<Ipv4Addr>().is_ok(), "IPv4");
    judge(&node.ipv6, |text| text.parse::<Ipv6Addr>().is_ok(), "IPv6");
}

fn nowhere(span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, "both IPv4 and IPv6 are explicitly disabled for node")
        .help("leave one of the two out, or write an address")
}
