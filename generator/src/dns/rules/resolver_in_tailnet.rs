//! TN321: a name that is asked inside the tailnet before there is one.

use std::net::IpAddr;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::Resolver;
use crate::derp::build;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::{MAGIC_DNS, is_under};
use crate::source::{Span, Spanned};

/// The page of TN321.
pub const PAGE: Page = Page {
    code: Code(321),
    severity: Severity::Error,
    name: "resolver-inside-tailnet",
    what: "The control server's, a relay's or the log-in provider's name is asked from resolvers that only the \
          tailnet leads to.",
    why: "A client has to resolve these names to get into the tailnet: after a restart it asks a resolver it \
          cannot reach, and stays out.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { split: { "example.org": ["100.64.0.53"] } },
//                ^^^^^^^^^^^^^ TN321
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  dns: { split: { "corp.example.org": ["100.64.0.53"] } },
}
"#
    )),
};

/// Judges who is asked.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let dns = &declaration.dns;
    let mut needed = vec![declaration.control_server.url.value.host()];
    needed.extend(
        declaration
            .control_server
            .oidc
            .as_ref()
            .map(|oidc| oidc.issuer.value.host()),
    );
    for (name, node) in declaration.derp.regions.values().flat_map(|region| region.nodes.iter()) {
        if !build::has_address(declaration, &name.value, node) {
            needed.push(node.host_name.value.to_string());
        }
    }
    needed.retain(|name| name.parse::<IpAddr>().is_err());
    let inside = |resolvers: &[Spanned<Resolver>]| {
        !resolvers.is_empty()
            && resolvers
                .iter()
                .all(|resolver| is_inside(declaration, resolver.value.as_str()))
    };
    for (domain, _) in dns.split.iter().filter(|(_, resolvers)| inside(resolvers)) {
        if let Some(name) = needed.iter().find(|name| is_under(name, domain.value.as_str())) {
            findings.push(finding(domain.span, name));
        }
    }
    if dns.override_local_dns.value
        && inside(&dns.nameservers)
        && let Some(name) = needed.first()
    {
        findings.push(finding(dns.override_local_dns.span, name));
    }
}

fn finding(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        &PAGE,
        span,
        format!("{name:?} would be asked from inside the tailnet, and is needed to get there"),
    )
    .help("name one more resolver that is reached without the tailnet")
    .help("give a narrower domain")
}

/// Whether only the tailnet leads to a resolver: its own ranges, MagicDNS, or a network behind a node.
fn is_inside(declaration: &Declaration, resolver: &str) -> bool {
    let Ok(address) = resolver.parse::<IpAddr>() else {
        return false;
    };
    address == MAGIC_DNS
        || declaration.is_tailnet(address)
        || declaration
            .nodes
            .values()
            .flat_map(|node| &node.routes)
            .any(|route| route.value.0.contains(&address))
}
