//! TN941: a setting for Let's Encrypt that nobody reads.

use crate::cluster::declaration::{Declaration, NOWHERE};
use crate::cluster::sample::sample;
use crate::cluster::words::TlsMode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN941.
pub const PAGE: Page = Page {
    code: Code(941),
    severity: Severity::Warning,
    name: "lets-encrypt-setting-unused",
    what: "An email or a challenge for Let's Encrypt is set, and the certificate comes from elsewhere.",
    why: "It has no effect: whoever counts on mails about expiring certificates gets none.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    tls: { mode: "files", email: "admin@example.org" },
//                               ^^^^^^^^^^^^^^^^^^^ TN941
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
    tls: { email: "admin@example.org" },
  },
}
"#
    )),
};

/// Judges the TLS settings.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let tls = &declaration.control_server.tls;
    if tls.mode.value == TlsMode::LetsEncrypt {
        return;
    }
    let email = tls.email.as_ref().map(|email| email.span);
    let challenge = (tls.challenge.span != NOWHERE).then_some(tls.challenge.span);
    for span in [email, challenge].into_iter().flatten() {
        findings.push(
            Diagnostic::new(&PAGE, span, "this has an effect with Let's Encrypt only")
                .related(tls.mode.span, "the certificate comes from elsewhere")
                .help("leave it out"),
        );
    }
}
