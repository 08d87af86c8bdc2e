//! TN945: addresses that clients do not take for a tailnet's.

use ipnet::IpNet;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN945.
pub const PAGE: Page = Page {
    code: Code(945),
    severity: Severity::Warning,
    name: "prefix-outside-tailscale",
    what: "A range of the tailnet lies outside 100.64.0.0/10 and fd7a:115c:a1e0::/48.",
    why: "The ranges are built into tailscale clients: routes, firewall rules and what counts as a peer are \
          made for them. headscale prints a warning at every start.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  prefixes: { v4: "10.7.0.0/16" },
//                ^^^^^^^^^^^^^ TN945
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  prefixes: { v4: "100.64.7.0/24" },
}
"#
    )),
};

/// Judges the ranges.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let prefixes = &declaration.prefixes;
    let ranges = [(&prefixes.v4, "100.64.0.0/10"), (&prefixes.v6, "fd7a:115c:a1e0::/48")];
    for (range, tailscale) in ranges {
        let (Some(range), Ok(tailscale)) = (range, tailscale.parse::<IpNet>()) else {
            continue;
        };
        if !tailscale.contains(&range.value.0) {
            findings.push(
                Diagnostic::new(&PAGE, range.span, format!("{} is not inside {tailscale}", range.value))
                    .help(format!("take a range inside {tailscale}")),
            );
        }
    }
}
