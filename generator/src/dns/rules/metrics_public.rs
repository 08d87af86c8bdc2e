//! TN319: the policy shown to the internet.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN319.
pub const PAGE: Page = Page {
    code: Code(319),
    severity: Severity::Error,
    name: "metrics-public",
    what: "headscale serves metrics on an address outside the host and the tailnet.",
    why: "The listener for metrics also serves `/debug`, which shows the whole policy, every node and what \
          each receives, to anybody who asks (`hscontrol/debug.go`).",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", metricsListen: "203.0.113.10:9090" },
//                                                                                      ^^^^^^^^^^^^^^^^^^^ TN319
}
"#
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges where metrics are served.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(listen) = &declaration.control_server.metrics_listen else {
        return;
    };
    let address = listen.value.0.ip();
    if !address.is_loopback() && !address.is_unspecified() && !declaration.is_tailnet(address) {
        findings.push(
            Diagnostic::new(
                &PAGE,
                listen.span,
                format!("metrics and the whole policy are served on {address}"),
            )
            .help("leave `metricsListen` out: it is 127.0.0.1:9090")
            .help(
                "to have them scraped over the tailnet, set `monitoring.headscale` and listen on 0.0.0.0: the \
                       firewall opens the port on the tailnet's interface only",
            ),
        );
    }
}
