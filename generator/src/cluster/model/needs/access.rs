//! Presets: machine access, cluster access, services.

use crate::cluster::declaration::Declaration;
use crate::cluster::rules::{kubectl_without_server, mend::enumerate};
use crate::cluster::words::{Port, ServicePorts, SshServer, Text, Transport};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;

use super::{Derived, Draft, Name, Rule, Side, SshRule, k3s};

/// The port of SSH.
const SSH: Port = Port::known(22);

/// Machine access (R11, R16, R30 of the design document): the port, and who logs in as whom.
pub(super) fn ssh(declaration: &Declaration, draft: &mut Draft) {
    for access in &declaration.access.ssh {
        let span = access.place.span;
        let (from, to) = (Side::selectors(&access.from), Side::selectors(&access.to));
        let server = match access.server.value {
            SshServer::Tailscale => "Tailscale SSH",
            SshServer::Openssh => "OpenSSH",
        };
        draft.rules.push(Rule {
            from: from.clone(),
            to: to.clone(),
            ports: vec![Spanned::new(ServicePorts::one(Transport::Tcp, SSH), span)],
            derived: Derived {
                why: format!("machine access through {server}"),
                span,
            },
        });
        if access.server.value == SshServer::Tailscale {
            let logins: Vec<Name> = access.r#as.iter().map(text).collect();
            draft.ssh.push(SshRule {
                from,
                to,
                derived: Derived {
                    why: format!("log-in as {}", enumerate(logins.iter().map(|login| &*login.value))),
                    span,
                },
                logins,
                check: access
                    .check
                    .as_ref()
                    .map(|check| check.clone().map(|check| check.as_str().into())),
                accept_env: access.accept_env.iter().map(text).collect(),
            });
        }
    }
}

fn text(text: &Spanned<Text>) -> Name {
    text.clone().map(|text| text.as_str().into())
}

/// Cluster access (R19, R21): the API port of the k3s servers.
pub(super) fn kubectl(declaration: &Declaration, draft: &mut Draft, findings: &mut Vec<Diagnostic>) {
    let servers = declaration.k3s_servers();
    for access in &declaration.access.kubectl {
        let span = access.place.span;
        if servers.is_empty() {
            findings.push(kubectl_without_server::finding(span));
            continue;
        }
        let to = if access.to.is_empty() {
            k3s::side(declaration, &servers, &declaration.k3s_nodes(|_| true), span, findings)
        } else {
            Side::selectors(&access.to)
        };
        let port = declaration.k3s.api_port;
        draft.rules.push(Rule {
            from: Side::selectors(&access.from),
            to,
            ports: vec![port.map(|port| ServicePorts::one(Transport::Tcp, port))],
            derived: Derived {
                why: "cluster access with kubectl".to_owned(),
                span,
            },
        });
    }
}

/// Services by name.
pub(super) fn services(declaration: &Declaration, draft: &mut Draft) {
    for (name, service) in declaration.access.services.iter() {
        draft.rules.push(Rule {
            from: Side::selectors(&service.from),
            to: Side::selectors(&service.on),
            ports: service.ports.clone(),
            derived: Derived {
                why: format!("the service {}", name.value),
                span: service.place.span,
            },
        });
    }
}
