//! TN320: metrics scraped where nobody serves them.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN320.
pub const PAGE: Page = Page {
    code: Code(320),
    severity: Severity::Error,
    name: "metrics-not-served",
    what: "headscale's metrics are to be scraped over the tailnet, and headscale does not serve them there.",
    why: "The default is the loopback address: the scraper would be let in by the policy and find the port \
          closed.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  monitoring: { from: ["tag:primer"], headscale: 9090 },
//                                               ^^^^ TN320
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", metricsListen: "0.0.0.0:9090" },
  monitoring: { from: ["tag:primer"], headscale: 9090 },
}
"#
    )),
};

/// Judges what is scraped, where headscale runs on one of our nodes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let scraped = !declaration.monitoring.from.is_empty() && declaration.control_server.node.is_some();
    let Some(port) = declaration.monitoring.headscale.as_ref().filter(|_| scraped) else {
        return;
    };
    let listen = &declaration.control_server.metrics_listen;
    let why = match listen {
        None => "headscale serves no metrics".to_owned(),
        Some(listen) if listen.value.0.ip().is_loopback() => {
            format!("headscale serves metrics on {} only", listen.value)
        }
        Some(listen) if listen.value.0.port() != port.value.get() => {
            format!("headscale serves metrics on port {}", listen.value.0.port())
        }
        Some(_) => return,
    };
    findings.push(
        Diagnostic::new(
            &PAGE,
            port.span,
            format!("nobody answers on port {}: {why}", port.value),
        )
        .help(format!(
            "write controlServer.metricsListen: \"0.0.0.0:{}\"; the firewall opens it on the tailnet's interface only",
            port.value
        )),
    );
}
