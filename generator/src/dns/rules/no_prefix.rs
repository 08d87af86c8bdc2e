//! TN311: a tailnet without addresses.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN311.
pub const PAGE: Page = Page {
    code: Code(311),
    severity: Severity::Error,
    name: "no-tailnet-prefix",
    what: "Neither an IPv4 nor an IPv6 range is set, or one is too small for the nodes.",
    why: "headscale hands out an address from each range to every node; without a range it does not start, and \
          when a range is used up no node can join.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  prefixes: { v4: "100.64.0.0/32", v6: null },
//                ^^^^^^^^^^^^^^^ TN311
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  prefixes: { v4: "100.64.0.0/24", v6: null },
}
"#
    )),
};

/// Judges the ranges.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let prefixes = &declaration.prefixes;
    if prefixes.v4.is_none() && prefixes.v6.is_none() {
        findings.push(
            Diagnostic::new(
                &PAGE,
                declaration.base_domain.span,
                "no IPv4 or IPv6 prefix configured, minimum one prefix is required",
            )
            .help("leave `prefixes` out: nodes then get addresses from 100.64.0.0/10 and fd7a:115c:a1e0::/48"),
        );
    }
    for range in [&prefixes.v4, &prefixes.v6].into_iter().flatten() {
        let bits = range.value.0.max_prefix_len() - range.value.0.prefix_len();
        // The first and the last address are never handed out (`hscontrol/db/ip.go`).
        let room = 1_u128
            .checked_shl(u32::from(bits))
            .unwrap_or(u128::MAX)
            .saturating_sub(2);
        let nodes = declaration.nodes.len();
        if room < nodes as u128 {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    range.span,
                    format!("{} has {room} addresses for {nodes} nodes", range.value),
                )
                .help("take a larger range, inside 100.64.0.0/10 or fd7a:115c:a1e0::/48"),
            );
        }
    }
}
