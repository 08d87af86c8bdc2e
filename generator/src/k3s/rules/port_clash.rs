//! TN413: one port for two.

use std::collections::{BTreeSet, HashMap};

use crate::cluster::declaration::Declaration;
use crate::cluster::listeners::{self, Listener, Reach};
use crate::cluster::sample::sample;
use crate::cluster::words::{NodeName, ServiceName, ServicePorts};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Spanned;

/// The page of TN413.
pub const PAGE: Page = Page {
    code: Code(413),
    severity: Severity::Error,
    name: "port-clash",
    what: "Two programs on one host are to listen on the same port.",
    why: "The second does not start, or, with Traefik of k3s, takes the port from the first without either \
          noticing. The usual case is 443 on the primer, wanted by headscale, derper and Traefik; another is \
          9090, where headscale's metrics are and Prometheus would be.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: { regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org" } } } } },
//                                                       ^^^^^^ TN413
}
"#
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges every node.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let services = by_tag(declaration);
    for (name, node) in declaration.nodes.iter() {
        let listeners = listeners::on(declaration, &name.value);
        for (number, second) in listeners.iter().enumerate() {
            let first = listeners.iter().take(number).find(|first| first.clashes(second));
            if let Some(first) = first.filter(|first| first.who != second.who) {
                findings.push(clash(&name.value, first, second));
            }
        }
        let here = node.tags.iter().filter_map(|tag| services.get(tag.value.as_str()));
        let here: BTreeSet<usize> = here.flatten().copied().collect();
        for (service, declared) in here
            .iter()
            .filter_map(|&position| declaration.access.services.at(position))
        {
            let ports = declared.ports.iter();
            findings.extend(ports.filter_map(|ports| taken(&name.value, &service.value, ports, &listeners)));
        }
    }
}

/// Which services, by position, a tag gives to the nodes that carry it.
fn by_tag(declaration: &Declaration) -> HashMap<&str, Vec<usize>> {
    let mut services: HashMap<&str, Vec<usize>> = HashMap::new();
    for (position, (_, service)) in declaration.access.services.iter().enumerate() {
        for on in &service.on {
            services.entry(on.value.as_str()).or_default().push(position);
        }
    }
    services
}

fn clash(node: &NodeName, first: &Listener, second: &Listener) -> Diagnostic {
    let port = format!("{} {}", second.transport.as_str(), second.port);
    let mut finding = Diagnostic::new(
        &PAGE,
        second.span,
        format!("{} and {} both want {port} on {node}", first.who, second.who),
    );
    if first.span != second.span {
        finding = finding.related(first.span, first.who);
    }
    finding = finding.help("give one of the two another port, or put it on another host");
    match (first.who, second.who) {
        ("headscale", "derper") => {
            finding.help("write derp.implementation: \"embedded\": headscale's own relay answers on headscale's port")
        }
        (_, "k3s's Traefik") => finding.help("leave `k3s.disable` out, or add \"traefik\" and \"servicelb\" to it"),
        _ => finding,
    }
}

/// A service's port that one of the cluster's own programs has for its host alone: what answers there cannot be the
/// service. (A port that is open to others may be meant to be that very program.)
fn taken(
    node: &NodeName,
    service: &ServiceName,
    ports: &Spanned<ServicePorts>,
    listeners: &[Listener],
) -> Option<Diagnostic> {
    let inside = |listener: &&Listener| {
        listener.reach == Reach::Host
            && listener.transport == ports.value.transport
            && (ports.value.first.get()..=ports.value.last.get()).contains(&listener.port)
    };
    let listener = listeners.iter().find(inside)?;
    Some(
        Diagnostic::new(
            &PAGE,
            ports.span,
            format!(
                "{} and the service {service} both want {} {} on {node}",
                listener.who,
                listener.transport.as_str(),
                listener.port
            ),
        )
        .related(listener.span, listener.who)
        .help("give one of the two another port"),
    )
}
