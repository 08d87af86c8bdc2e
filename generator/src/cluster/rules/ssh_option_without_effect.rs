//! TN959: an option of Tailscale SSH where OpenSSH answers.

use super::Context;
use crate::cluster::words::SshServer;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN959.
pub const PAGE: Page = Page {
    code: Code(959),
    severity: Severity::Warning,
    name: "ssh-option-without-effect",
    what: "Logins, a check or environment variables are declared where OpenSSH answers.",
    why: "Only Tailscale SSH asks the policy as whom somebody may log in. Where the host's own sshd answers, its keys and \
          its configuration decide, and the policy opens a port: whoever reads the declaration would believe otherwise.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"] } },
  access: { ssh: [{ from: ["alice@"], to: ["tag:web"], server: "openssh", as: ["deploy"] }] },
//                                                                             ^^^^^^^^ TN959: "as" has no effect
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"] } },
  access: { ssh: [{ from: ["alice@"], to: ["tag:web"], server: "openssh" }] },
}
"#,
    ),
};

/// Looks at every preset for OpenSSH.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let openssh = |server: SshServer| server == SshServer::Openssh;
    for access in context
        .declaration
        .access
        .ssh
        .iter()
        .filter(|access| openssh(access.server.value))
    {
        let places: [(&str, Option<Span>); 3] = [
            ("as", access.r#as.first().map(|login| login.span)),
            ("check", access.check.as_ref().map(|check| check.span)),
            ("acceptEnv", access.accept_env.first().map(|name| name.span)),
        ];
        for (name, span) in places {
            if let Some(span) = span {
                let message = format!("\"{name}\" has no effect where OpenSSH answers");
                findings.push(
                    Diagnostic::new(&PAGE, span, message)
                        .help("leave it out, or let Tailscale SSH answer: server = \"tailscale\""),
                );
            }
        }
    }
}
