//! TN402: addresses that tailscale keeps for itself.

use ipnet::IpNet;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN402.
pub const PAGE: Page = Page {
    code: Code(402),
    severity: Severity::Error,
    name: "reserved-range",
    what: "An address or the tailnet's whole range lies in 100.100.100.0/24 or 100.115.92.0/23.",
    why: "The first holds MagicDNS and other services of the client itself, the second belongs to ChromeOS: \
          headscale hands out no address from them, and clients do not send packets for them to peers.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  prefixes: { v4: "100.100.100.0/25" },
//                ^^^^^^^^^^^^^^^^^^ TN402: network within reserved range
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  prefixes: { v4: "100.64.0.0/24" },
}
"#
    )),
};

/// The reserved ranges (`net/tsaddr`, `hscontrol/policy/v2`).
const RESERVED: [&str; 2] = ["100.100.100.0/24", "100.115.92.0/23"];

/// Judges the tailnet's range and the known addresses.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let ranges = declaration.tailnet_ranges().map(|range| (range.value.0, range.span));
    let nodes = declaration.nodes.values().flat_map(|node| &node.addresses);
    let addresses = nodes.map(|address| (IpNet::from(address.value.0), address.span));
    for (net, span) in ranges.chain(addresses) {
        for reserved in RESERVED.iter().filter_map(|reserved| reserved.parse::<IpNet>().ok()) {
            if reserved.contains(&net) {
                findings.push(
                    Diagnostic::new(&PAGE, span, format!("{net}: network within reserved range {reserved}"))
                        .help("headscale hands out addresses from the rest of 100.64.0.0/10"),
                );
            }
        }
    }
}
