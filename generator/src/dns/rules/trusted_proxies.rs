//! TN309: everybody believed about where they come from.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN309.
pub const PAGE: Page = Page {
    code: Code(309),
    severity: Severity::Error,
    name: "trusts-every-proxy",
    what: "A trusted proxy range covers all addresses.",
    why: "headscale does not start: with it any client could claim any address in `X-Forwarded-For`.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    trustedProxies: ["0.0.0.0/0"],
//                   ^^^^^^^^^^^ TN309: are not allowed
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    trustedProxies: ["192.0.2.7/32"],
  },
}
"#
    )),
};

/// Judges the trusted proxies.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for range in &declaration.control_server.trusted_proxies {
        if range.value.0.prefix_len() == 0 {
            findings.push(
                Diagnostic::new(&PAGE, range.span, "0.0.0.0/0 and ::/0 are not allowed")
                    .help("name the address of the proxy"),
            );
        }
    }
}
