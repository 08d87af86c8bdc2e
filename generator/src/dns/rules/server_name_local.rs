//! TN304: a control server that only one machine or network finds.

use std::net::IpAddr;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::is_under;

/// The page of TN304.
pub const PAGE: Page = Page {
    code: Code(304),
    severity: Severity::Error,
    name: "server-name-not-global",
    what: "The control server's host name is one that other machines cannot resolve.",
    why: "Every client dials this URL from wherever it is: `localhost` is itself there, and `.local` is \
          multicast DNS, which ends at the local network.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.keystone.local" },
//                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN304
}
"#
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges the control server's URL.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let url = &declaration.control_server.url;
    let host = url.value.host();
    let why = match host.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() || address.is_unspecified() => "is every machine's own",
        Ok(_) => return,
        Err(_) if is_under(&host, "localhost") => "is every machine's own",
        Err(_) if is_under(&host, "local") => "is a name for multicast DNS, which ends at the local network",
        Err(_) => return,
    };
    findings.push(
        Diagnostic::new(&PAGE, url.span, format!("{host:?} {why}"))
            .help("use a name that DNS resolves everywhere, or an address that all clients reach"),
    );
}
