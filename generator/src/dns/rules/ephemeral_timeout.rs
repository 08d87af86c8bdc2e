//! TN310: ephemeral nodes that go while they are there.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN310.
pub const PAGE: Page = Page {
    code: Code(310),
    severity: Severity::Error,
    name: "ephemeral-timeout-too-short",
    what: "Ephemeral nodes are removed after 65 seconds or less.",
    why: "headscale does not start: clients show that they are there once a minute, so that any shorter time \
          removes nodes that are well.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", ephemeralInactivityTimeout: "1m" },
//                                                                                                   ^^^^ TN310: is set too low
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", ephemeralInactivityTimeout: "30m" },
}
"#
    )),
};

/// Judges the time.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(timeout) = &declaration.control_server.ephemeral_inactivity_timeout else {
        return;
    };
    if timeout.value.seconds() <= LEAST_SECONDS {
        findings.push(
            Diagnostic::new(
                &PAGE,
                timeout.span,
                format!(
                    "node.ephemeral.inactivity_timeout ({}) is set too low, must be more than 1m5s",
                    timeout.value
                ),
            )
            .help("write \"30m\", as headscale's example has it"),
        );
    }
}

/// headscale's limit (`hscontrol/types/config.go`): a client's keep-alive of a minute, and some seconds.
const LEAST_SECONDS: u64 = 65;
