//! TN951: a service where something else answers.

use std::collections::{BTreeSet, HashMap};

use crate::cluster::declaration::Declaration;
use crate::cluster::listeners::{self, Reach};
use crate::cluster::sample::sample;
use crate::cluster::words::NodeName;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN951.
pub const PAGE: Page = Page {
    code: Code(951),
    severity: Severity::Warning,
    name: "service-port-taken",
    what: "A service's port is one on which headscale, a relay or k3s listens on the same host.",
    why: "Whoever is granted the service reaches that program instead, and the service itself cannot listen \
          there.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  access: { services: { grafana: { on: ["tag:primer"], ports: ["tcp:443"], from: ["tag:primer"] } } },
//                                                             ^^^^^^^^^ TN951
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  access: { services: { grafana: { on: ["tag:primer"], ports: ["tcp:3000"], from: ["tag:primer"] } } },
}
"#
    )),
};

/// Judges the services. A proxy and Traefik serve many names, so that a service may well be behind them.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let mut tagged: HashMap<&str, Vec<&NodeName>> = HashMap::new();
    for (name, node) in declaration.nodes.iter() {
        for tag in &node.tags {
            tagged.entry(tag.value.as_str()).or_default().push(&name.value);
        }
    }
    for (service, declared) in declaration.access.services.iter() {
        let here = declared.on.iter().filter_map(|on| tagged.get(on.value.as_str()));
        let here: BTreeSet<&NodeName> = here.flatten().copied().collect();
        for ports in &declared.ports {
            let range = ports.value.first.get()..=ports.value.last.get();
            let taken = here.iter().find_map(|&name| {
                let listeners = listeners::on(declaration, name).into_iter();
                let mut taken = listeners.filter(|listener| {
                    listener.reach != Reach::Host
                        && listener.who != "the proxy before headscale"
                        && listener.who != "k3s's Traefik"
                        && listener.transport == ports.value.transport
                        && range.contains(&listener.port)
                });
                taken.next().map(|listener| (name, listener))
            });
            if let Some((node, listener)) = taken {
                findings.push(
                    Diagnostic::new(
                        &PAGE,
                        ports.span,
                        format!(
                            "who uses {} reaches {} on {}: it listens on {} {}",
                            service.value,
                            listener.who,
                            node,
                            listener.transport.as_str(),
                            listener.port
                        ),
                    )
                    .related(listener.span, listener.purpose)
                    .help("let the service listen on another port"),
                );
            }
        }
    }
}
