//! TN957: metrics on every address for no scraper.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN957.
pub const PAGE: Page = Page {
    code: Code(957),
    severity: Severity::Warning,
    name: "metrics-on-every-address",
    what: "headscale serves metrics on every address of its host, and nobody is declared to scrape them.",
    why: "The same listener shows the whole policy under `/debug`: only the host's firewall keeps it from the \
          internet.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", metricsListen: "0.0.0.0:9090" },
//                                                                                      ^^^^^^^^^^^^^^ TN957
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
    let scraped = declaration.monitoring.headscale.is_some() && !declaration.monitoring.from.is_empty();
    if listen.value.0.ip().is_unspecified() && !scraped {
        findings.push(
            Diagnostic::new(
                &PAGE,
                listen.span,
                "metrics and the whole policy are served on every address",
            )
            .help("leave `metricsListen` out: it is 127.0.0.1:9090")
            .help("say who scrapes them: `monitoring.from` and `monitoring.headscale`"),
        );
    }
}
